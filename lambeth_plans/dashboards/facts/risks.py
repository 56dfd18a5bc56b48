"""Risks, their scores and what keeps them down."""

from dataclasses import dataclass
from datetime import date

from lambeth_plans.dashboards.facts.spine import NoteFact, OfficerFact
from lambeth_plans.fields import PartialDate
from lambeth_plans.rag import Rag


@dataclass(frozen=True)
class ScoreFact:
    kind: str
    scored_date: date
    score: int
    text: str
    likelihood: int | None
    impact: int | None
    rag: Rag | None  # None where no agreed matrix says what the score means
    reason: str


@dataclass(frozen=True)
class MitigationFact:
    text: str
    activity_id: int | None


@dataclass(frozen=True)
class RiskFact:
    id: int
    key: str
    ref: str
    title: str
    cause: str
    event: str
    effect: str
    owner: OfficerFact | None
    review_date: PartialDate | None
    matrix_name: str
    matrix_standing: str
    current: ScoreFact | None
    target: ScoreFact | None
    scores: tuple[ScoreFact, ...]  # oldest first, current and target
    notes: tuple[NoteFact, ...]
    version: int

    @property
    def name(self) -> str:
        return self.ref or self.title

    @property
    def is_target_above_current(self) -> bool:
        return bool(self.current and self.target and self.target.score > self.current.score)
