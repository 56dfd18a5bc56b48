"""Activities, what was reported on them, and their ratings by objective."""

from dataclasses import dataclass, field
from datetime import datetime

from lambeth_plans.dashboards.facts.spine import GoalFact, NoteFact, ObjectiveFact, OfficerFact, printed_if_other
from lambeth_plans.fields import PartialDate
from lambeth_plans.periods import Period
from lambeth_plans.rag import Rag, RollUp


@dataclass(frozen=True)
class UpdateFact:
    """One report on an activity. Several revisions of a period may stand; the last one holds."""

    id: int
    period: Period
    revision: int
    rag: Rag
    forecast_rag: Rag | None
    what_happened: str
    is_unchanged: bool
    path_to_green: str
    previous_due_date: PartialDate | None
    new_due_date: PartialDate | None
    due_date_reason: str
    floor: Rag | None  # as it stood when it was reported; None where nothing this reader may learn spoke against it
    floor_because: str
    rosier_reason: str
    reported_by_name: str
    reported_at: datetime


@dataclass(frozen=True)
class ActivityFact:
    id: int
    key: str
    ref: str
    title: str
    objective: ObjectiveFact | None
    further_objectives: tuple[ObjectiveFact, ...]
    objective_as_stated: str
    owner: OfficerFact | None
    further_owners: tuple[OfficerFact, ...]
    owner_as_stated: str
    lead_members: tuple[OfficerFact, ...]
    goal: GoalFact | None
    further_goals: tuple[GoalFact, ...]
    goal_as_stated: str
    programme: str
    intended_outcome: str
    finding_ids: tuple[int, ...]  # a list shows neither, so that it need not read them
    source_ids: tuple[int, ...]
    identified_as_stated: str
    stage_as_stated: str
    see_also_ids: tuple[int, ...]
    board_ids: tuple[int, ...]
    due_date_as_stated: str
    original_due_date: PartialDate | None
    due_date: PartialDate | None
    is_overdue: bool
    updates: tuple[UpdateFact, ...]  # newest first, every revision
    notes: tuple[NoteFact, ...]
    version: int

    @property
    def name(self) -> str:
        """What it is called where there is little room: its reference, or its title where it has none."""
        return self.ref or self.title

    @property
    def latest(self) -> UpdateFact | None:
        return self.updates[0] if self.updates else None

    @property
    def last_words(self) -> str:
        """What the latest report says; where it only says that nothing has changed, what was said last, and for which
        month. Empty where nothing was said."""
        if self.latest is None or self.latest.what_happened or not self.latest.is_unchanged:
            return self.latest.what_happened if self.latest else ""
        told = next((update for update in self.updates if update.what_happened), None)
        return f"No change since {told.period.long_label}: {told.what_happened}" if told else ""

    @property
    def rag(self) -> Rag:
        return self.updates[0].rag if self.updates else Rag.NOT_REPORTED

    @property
    def forecast_rag(self) -> Rag | None:
        return self.updates[0].forecast_rag if self.updates else None

    @property
    def due_date_printed(self) -> str:
        return printed_if_other(self.due_date_as_stated, str(self.original_due_date or ""))

    @property
    def owner_printed(self) -> str:
        return printed_if_other(self.owner_as_stated, self.owner.name if self.owner else "")

    @property
    def objective_printed(self) -> str:
        return printed_if_other(self.objective_as_stated, self.objective.ref if self.objective else "")

    @property
    def goal_printed(self) -> str:
        return printed_if_other(self.goal_as_stated, self.goal.label if self.goal else "")

    @property
    def has_slipped(self) -> bool:
        return bool(self.due_date and self.original_due_date and self.due_date != self.original_due_date)


@dataclass(frozen=True)
class ObjectiveRag:
    """An objective with the ratings of its activities: worst-of with counts, never an average."""

    objective: ObjectiveFact | None  # None: activities whose objective is not stated
    roll_up: RollUp
    activities: tuple[ActivityFact, ...] = field(default=())
