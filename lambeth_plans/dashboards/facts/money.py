"""Savings, and the totals a document prints."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Self

from finance.adding_up import PARTS, difference, is_monitored, slips_nowhere, what_is_missing
from lambeth_plans.dashboards.facts.spine import NoteFact, OfficerFact, printed_if_other
from lambeth_plans.periods import Period
from lambeth_plans.rag import SavingStatus, plain


def stated_sum(amounts: Iterable[Decimal | None]) -> Decimal | None:
    """The sum of what is stated; None where nothing is."""
    stated = [amount for amount in amounts if amount is not None]
    return sum(stated, Decimal(0)) if stated else None


@dataclass(frozen=True)
class SavingAmounts:
    """The amounts of one saving alone, for sums. A year without a stated amount has no entry."""

    base_budget: Decimal | None
    planned: dict[Period, Decimal]
    delivered: dict[Period, Decimal]


@dataclass(frozen=True)
class SavingYearFact:
    period: Period
    planned: Decimal | None
    planned_as_stated: str
    delivered: Decimal | None
    delivered_as_stated: str
    forecast: Decimal | None
    slipped: Decimal | None
    undeliverable: Decimal | None
    over_delivered: Decimal | None
    slipped_to: str  # the label of a period
    mitigated_by: str
    status: SavingStatus | None
    status_reason: str
    version: int

    @property
    def is_monitored(self) -> bool:
        return is_monitored(self)

    @property
    def missing(self) -> str:
        """What keeps it from adding up, where it was stored before years had to."""
        return what_is_missing(self)

    @property
    def slips_nowhere(self) -> str:
        """Why what it slips to is no later year, where that was stored before it had to be one."""
        return slips_nowhere(self.slipped_to, self.period.start)

    @property
    def as_counted(self) -> Self:
        """As it is added to others: where it does not add up, planned alone, until somebody mends it (ADR 0025)."""
        return replace(self, **dict.fromkeys((*PARTS, "over_delivered"))) if self.missing else self

    @property
    def is_told(self) -> bool:
        """Whether its parts can be drawn and added to those of others: each pound of the plan has its place."""
        return self.is_monitored and difference(self) == 0

    @property
    def parts(self) -> dict[str, Decimal]:
        """What became of it, by the names of finance.adding_up.PARTS; what is planned alone is "planned"."""
        if self.is_told or (not self.is_monitored and self.planned is None):
            return {part: getattr(self, part) for part in PARTS if getattr(self, part) is not None}
        return {} if self.planned is None else {"planned": self.planned}

    @property
    def lost(self) -> Decimal:
        """What of the plan does not come in its year: slipped and not deliverable."""
        return (self.slipped or Decimal(0)) + (self.undeliverable or Decimal(0))


@dataclass(frozen=True)
class SavingFact:
    id: int
    key: str
    ref: str
    title: str
    kind: str  # "cashable", "cost_avoidance" or not stated
    kind_words: str
    recurrence_words: str
    base_budget: Decimal | None
    base_budget_as_stated: str
    details: str
    investment_made: Decimal | None
    investment_made_as_stated: str
    investment_needed: Decimal | None
    investment_needed_as_stated: str
    owner: OfficerFact | None
    division_id: int | None
    years: tuple[SavingYearFact, ...]
    notes: tuple[NoteFact, ...]
    version: int

    @property
    def name(self) -> str:
        return self.ref or self.title

    @property
    def is_cost_avoidance(self) -> bool:
        """Never added to cash."""
        return self.kind == "cost_avoidance"

    @property
    def slipped_into(self) -> dict[str, list[SavingYearFact]]:
        """Which years slip to a year, by its label."""
        found: dict[str, list[SavingYearFact]] = {}
        for year in self.years:
            if year.slipped and year.slipped_to:
                found.setdefault(year.slipped_to, []).append(year)
        return found

    @property
    def base_budget_printed(self) -> str:
        return printed_if_other(self.base_budget_as_stated, "" if self.base_budget is None else plain(self.base_budget))

    @property
    def planned_total(self) -> Decimal | None:
        return stated_sum(year.planned for year in self.years)

    @property
    def delivered_total(self) -> Decimal | None:
        """Without the years that do not add up: they count as planned only."""
        return stated_sum(year.as_counted.delivered for year in self.years)

    def planned_in(self, period: Period) -> Decimal | None:
        return next((year.planned for year in self.years if year.period == period), None)

    def delivered_in(self, period: Period) -> Decimal | None:
        return next((year.as_counted.delivered for year in self.years if year.period == period), None)


@dataclass(frozen=True)
class PrintedTotalFact:
    key: str
    register: str
    record_key: str
    measure: str
    label: str
    amount: Decimal
    amount_as_stated: str
