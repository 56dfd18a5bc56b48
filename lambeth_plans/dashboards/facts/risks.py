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
    matrix_id: int | None = None


@dataclass(frozen=True)
class StepFact:
    """A step of likelihood or impact: its weight in the product and its words."""

    weight: int
    word: str


@dataclass(frozen=True)
class MatrixFact:
    """A risk matrix with its steps, lowest first. `bands` say from which score on a rating holds; an assumed matrix
    has none."""

    id: int
    name: str
    standing: str
    likelihood: tuple[StepFact, ...]
    impact: tuple[StepFact, ...]
    bands: tuple[tuple[int, Rag], ...]

    def rag(self, score: int) -> Rag | None:
        return next((rag for lowest, rag in reversed(self.bands) if score >= lowest), None)


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
