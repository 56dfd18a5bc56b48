"""What a plan tells beside its tables."""

from dataclasses import dataclass

from lambeth_plans.dashboards.facts.spine import NoteFact, OfficerFact
from lambeth_plans.fields import PartialDate


@dataclass(frozen=True)
class SectionFact:
    key: str
    ref: str  # the paragraph
    title: str
    body: str
    author: OfficerFact | None


@dataclass(frozen=True)
class AchievementFact:
    key: str
    group: str  # the heading it stands under
    claim: str
    figure: str
    period: str
    source: str


@dataclass(frozen=True)
class EventFact:
    id: int
    key: str
    kind: str  # in words
    title: str
    event_date: PartialDate | None
    body: str
    judgement: str
    expects_next: str
    notes: tuple[NoteFact, ...]


@dataclass(frozen=True)
class MilestoneFact:
    """A dated commitment. `is_past` says only that its date has gone by on the day shown."""

    id: int
    key: str
    ref: str  # the paragraph
    title: str
    due_date: PartialDate | None
    due_date_as_stated: str
    event_id: int | None
    objective_id: int | None
    is_past: bool
    notes: tuple[NoteFact, ...]


@dataclass(frozen=True)
class ConsultationFact:
    key: str
    name: str
    position: str
    officer: OfficerFact | None
    sent_date: PartialDate | None
    received_date: PartialDate | None
    comments: str
    notes: tuple[NoteFact, ...]


@dataclass(frozen=True)
class BoardFact:
    id: int
    key: str
    name: str
    purpose: str
    rhythm: str
    chair: OfficerFact | None
    chair_as_stated: str
    members: tuple[OfficerFact, ...]
    reports_to_ids: tuple[int, ...]

    def __str__(self) -> str:
        return self.name
