"""What a page is told about a plan: frozen, ready to print, and the same for a plan now or at a past moment.

Nothing here reads the database. Optional values are None or empty where the document does not state them; templates
then say "not stated".
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from lambeth_plans.fields import PartialDate
from lambeth_plans.periods import Period
from lambeth_plans.rag import Judgement, Rag, RollUp


@dataclass(frozen=True)
class NameFact:
    """What a link to a record needs."""

    key: str
    ref: str
    title: str


@dataclass(frozen=True)
class OfficerFact:
    id: int
    key: str
    name: str
    post: str
    kind: str
    division_id: int | None
    has_left: bool

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class DivisionFact:
    id: int
    key: str
    name: str
    purpose: str
    director: OfficerFact | None


@dataclass(frozen=True)
class GoalFact:
    """`label` is "Goal 2.4" or the value's name; `title` is empty where the plan only refers to it."""

    id: int
    key: str
    kind: str
    label: str
    title: str
    parent_id: int | None


@dataclass(frozen=True)
class ObjectiveFact:
    id: int
    key: str
    ref: str
    title: str
    parent_id: int | None
    goals_as_stated: str
    rationale: str
    how_we_will_know: str


@dataclass(frozen=True)
class NoteFact:
    """A data-quality note: what is printed, what we understood and why."""

    record_kind: str
    record_key: str
    field: str
    printed: str
    understood: str
    why: str


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
    def rag(self) -> Rag:
        return self.updates[0].rag if self.updates else Rag.NOT_REPORTED

    @property
    def forecast_rag(self) -> Rag | None:
        return self.updates[0].forecast_rag if self.updates else None

    @property
    def has_slipped(self) -> bool:
        return bool(self.due_date and self.original_due_date and self.due_date != self.original_due_date)


@dataclass(frozen=True)
class OutturnFact:
    """A figure of a period, or the reason why there is none. `text` is ready to print ("86.22%", "New indicator")."""

    id: int
    period: Period
    period_code: str  # the period in an address
    value: Decimal | None
    text: str
    reason: str
    status: str
    note: str
    numerator: Decimal | None
    denominator: Decimal | None
    target: Decimal | None
    target_text: str
    judgement: Judgement
    version: int


@dataclass(frozen=True)
class IndicatorFact:
    id: int  # of the indicator, not of its place in the plan
    place_id: int
    key: str
    code: str
    title: str
    group: str
    kind_as_stated: str
    definition: str
    unit: str
    decimals: int
    polarity: str
    polarity_standing: str
    polarity_agreed_by: str
    frequency: str
    source: str
    counts_people: bool | None
    objective: ObjectiveFact | None
    goal: GoalFact | None
    owner: OfficerFact | None
    outturns: tuple[OutturnFact, ...]  # oldest first
    notes: tuple[NoteFact, ...]

    @property
    def name(self) -> str:
        return self.code or self.title

    @property
    def latest(self) -> OutturnFact | None:
        return self.outturns[-1] if self.outturns else None

    @property
    def previous(self) -> OutturnFact | None:
        """The last figure before the latest one of the same kind of period."""
        if self.latest is None:
            return None
        earlier = [o for o in self.outturns[:-1] if o.value is not None and o.period.kind == self.latest.period.kind]
        return earlier[-1] if earlier else None


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


@dataclass(frozen=True)
class SavingYearFact:
    period: Period
    planned: Decimal | None
    planned_as_stated: str
    delivered: Decimal | None
    forecast: Decimal | None


@dataclass(frozen=True)
class SavingFact:
    id: int
    key: str
    ref: str
    title: str
    base_budget: Decimal | None
    base_budget_as_stated: str
    details: str
    owner: OfficerFact | None
    division_id: int | None
    years: tuple[SavingYearFact, ...]
    notes: tuple[NoteFact, ...]
    version: int

    @property
    def name(self) -> str:
        return self.ref or self.title

    @property
    def planned_total(self) -> Decimal:
        """The sum of what is stated; years without an amount add nothing."""
        return sum((year.planned for year in self.years if year.planned is not None), Decimal(0))

    def planned_in(self, period: Period) -> Decimal | None:
        return next((year.planned for year in self.years if year.period == period), None)


@dataclass(frozen=True)
class ContractFact:
    id: int
    key: str
    ref: str
    title: str
    supplier: str
    annual_value: Decimal | None
    annual_value_as_stated: str
    start_date: PartialDate | None
    end_date: PartialDate | None
    end_date_as_stated: str
    director: OfficerFact | None
    further_directors: tuple[OfficerFact, ...]
    director_as_stated: str
    division_id: int | None
    note: str
    days_left: int | None  # to the last day the end date may mean, from the day shown; None where none is stated
    notes: tuple[NoteFact, ...]
    version: int

    @property
    def name(self) -> str:
        return self.title

    @property
    def has_ended(self) -> bool:
        return self.days_left is not None and self.days_left < 0

    @property
    def ends_soon(self) -> bool:
        """Within twelve months of the day shown."""
        return self.days_left is not None and 0 <= self.days_left <= 365


@dataclass(frozen=True)
class BudgetLineFact:
    id: int
    key: str
    title: str
    fund: str
    period: Period
    employee_expenses: Decimal
    other_expenditure: Decimal
    grants_and_contributions: Decimal
    other_income: Decimal
    employee_expenses_as_stated: str
    notes: tuple[NoteFact, ...]

    @property
    def total_expenditure(self) -> Decimal:
        return self.employee_expenses + self.other_expenditure

    @property
    def total_income(self) -> Decimal:
        return self.grants_and_contributions + self.other_income

    @property
    def net_expenditure(self) -> Decimal:
        return self.total_expenditure - self.total_income


@dataclass(frozen=True)
class WorkforceBandFact:
    kind: str
    label: str
    number: int
    share_as_stated: str
    share: Decimal | None  # percent of headcount, two decimals; None without a headcount


@dataclass(frozen=True)
class WorkforceFact:
    key: str
    title: str
    snapshot_date: PartialDate
    headcount: int | None
    average_sickness_days: Decimal | None
    bands: tuple[WorkforceBandFact, ...]
    notes: tuple[NoteFact, ...]

    @property
    def counted(self) -> int:
        """The bands added up, to stand beside the headcount the document prints."""
        return sum(band.number for band in self.bands)

    def of_kind(self, *kinds: str) -> int:
        return sum(band.number for band in self.bands if band.kind in kinds)


@dataclass(frozen=True)
class SectionFact:
    key: str
    title: str
    body: str
    author: OfficerFact | None


@dataclass(frozen=True)
class AchievementFact:
    key: str
    claim: str
    figure: str
    period: str
    source: str


@dataclass(frozen=True)
class EventFact:
    key: str
    title: str
    event_date: PartialDate | None
    body: str
    judgement: str


@dataclass(frozen=True)
class PrintedTotalFact:
    key: str
    register: str
    record_key: str
    measure: str
    label: str
    amount: Decimal
    amount_as_stated: str


@dataclass(frozen=True)
class ObjectiveRag:
    """An objective with the ratings of its activities: worst-of with counts, never an average."""

    objective: ObjectiveFact | None  # None: activities whose objective is not stated
    roll_up: RollUp
    activities: tuple[ActivityFact, ...] = field(default=())
