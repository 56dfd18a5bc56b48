"""Indicators and their figures."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Protocol

from lambeth_plans.dashboards.facts.spine import GoalFact, NoteFact, ObjectiveFact, OfficerFact
from lambeth_plans.periods import Period
from lambeth_plans.rag import Judgement, Rag

NOTHING_TO_JUDGE = Judgement(None, "No figure to judge.")


class Says(Protocol):
    """What is said of a figure when it is asked for."""

    def text(self, outturn: "OutturnFact") -> str: ...

    def period_code(self, outturn: "OutturnFact") -> str: ...

    def target_text(self, outturn: "OutturnFact") -> str: ...

    def judgement(self, outturn: "OutturnFact") -> Judgement: ...

    def cautions(self, outturn: "OutturnFact") -> tuple[str, ...]: ...


@dataclass(frozen=True)
class OutturnFact:
    """A figure of a period, or the reason why there is none."""

    id: int
    period: Period
    value: Decimal | None
    reason: str
    status: str
    note: str
    numerator: Decimal | None
    denominator: Decimal | None
    target: Decimal | None
    target_is_assumed: bool
    band: tuple[Decimal, Decimal] | None  # the edges of what is best, where the rule has a band
    version: int
    is_withheld: bool  # lest somebody is recognised: there is one
    says: Says = field(repr=False, compare=False)

    @cached_property
    def text(self) -> str:
        """Ready to print: "86.22%", "New indicator", "c" for one that is withheld."""
        return self.says.text(self)

    @property
    def period_code(self) -> str:
        """The period in an address."""
        return self.says.period_code(self)

    @cached_property
    def target_text(self) -> str:
        return self.says.target_text(self)

    @cached_property
    def judgement(self) -> Judgement:
        return self.says.judgement(self)

    @cached_property
    def cautions(self) -> tuple[str, ...]:
        """What to doubt about its target."""
        return self.says.cautions(self)


@dataclass(frozen=True)
class TargetFact:
    """What an indicator should reach in a period and the rule that judges it, also where no figure is known yet.

    `text` is to print: "−15", or in quotation marks what is printed where there is no number ("“not set”").
    """

    period: Period
    period_code: str
    text: str
    value: Decimal | None
    value_as_stated: str
    lower: Decimal | None
    upper: Decimal | None
    amber: Decimal | None
    rule_kind: str
    standing: str
    agreed_by: str
    tolerance_standing: str


@dataclass(frozen=True)
class BenchmarkFact:
    """Another area's figure for the same measure and period, or the reason why there is none; `text` is to print, "c"
    for one that is withheld."""

    area: str
    group: str
    period: Period
    value: Decimal | None
    text: str
    reason: str
    source: str


@dataclass(frozen=True)
class ComparatorGroupFact:
    """Areas to compare with, as they were grouped in a year; `members` may be empty where no document names them."""

    id: int
    name: str
    vintage: str
    members: tuple[str, ...]


@dataclass(frozen=True)
class RebaseFact:
    """From this period on the chart has limits of its own, and who decided so, when and why."""

    period: Period
    reason: str
    decided_by: str
    decided_date: date


@dataclass(frozen=True)
class RelatedFact:
    """A measure that only sounds alike, and why it is another one."""

    indicator_id: int
    title: str
    reason: str


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
    data_due_lag_days: int | None
    is_cumulative: bool | None
    why_it_matters: str
    numerator_is: str
    denominator_is: str
    last_checked_date: date | None
    steady_gap: Decimal | None
    is_screened: bool
    objective: ObjectiveFact | None
    goal: GoalFact | None
    owner: OfficerFact | None
    commentary: str
    outturns: tuple[OutturnFact, ...]  # oldest first
    targets_ahead: tuple[TargetFact, ...]  # of periods without a figure, oldest first
    notes: tuple[NoteFact, ...]

    @property
    def name(self) -> str:
        return self.code or self.title

    @property
    def latest(self) -> OutturnFact | None:
        return self.outturns[-1] if self.outturns else None

    @property
    def judgement(self) -> Judgement:
        """How the latest figure is judged."""
        return self.latest.judgement if self.latest else NOTHING_TO_JUDGE

    @property
    def rag(self) -> Rag | None:
        """The rating of the latest figure; None where no colour may be given."""
        return self.judgement.rag

    @property
    def has_withheld(self) -> bool:
        return any(outturn.is_withheld for outturn in self.outturns)

    @property
    def reason(self) -> str:
        """Why the latest figure has this colour, or none."""
        return self.judgement.reason
