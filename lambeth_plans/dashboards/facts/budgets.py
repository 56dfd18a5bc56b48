"""Budgets: their lines, what these are expected to come to, and amounts told outside a budget table."""

from dataclasses import dataclass
from decimal import Decimal

from finance.reconciling import BudgetSums, unexplained_forecast, variance_of, variance_words
from lambeth_plans.dashboards.facts.money import stated_sum
from lambeth_plans.dashboards.facts.spine import NoteFact
from lambeth_plans.periods import Period


@dataclass(frozen=True)
class BudgetMonitorFact:
    """What a line was expected to come to, as it was seen in one month. `budget` is the line's net expenditure."""

    month: Period
    forecast: Decimal
    actual_to_date: Decimal | None
    variance_reason: str
    recovery_action: str
    budget: Decimal
    version: int

    @property
    def variance(self) -> Decimal:
        return variance_of(self.forecast, self.budget)

    @property
    def variance_words(self) -> str:
        return variance_words(self.variance)

    @property
    def lacks(self) -> bool:
        """Whether it differs from the budget and nobody says why, or what is done."""
        return bool(
            unexplained_forecast(
                forecast=self.forecast,
                budget=self.budget,
                variance_reason=self.variance_reason,
                recovery_action=self.recovery_action,
            )
        )


@dataclass(frozen=True)
class BudgetLineFact(BudgetSums):
    id: int
    key: str
    title: str
    division_id: int | None
    fund: str
    period: Period
    employee_expenses: Decimal
    other_expenditure: Decimal
    grants_and_contributions: Decimal
    other_income: Decimal
    employee_expenses_as_stated: str
    monitors: tuple[BudgetMonitorFact, ...]  # by month, the latest last
    notes: tuple[NoteFact, ...]

    @property
    def latest(self) -> BudgetMonitorFact | None:
        """The forecast of the latest month."""
        return self.monitors[-1] if self.monitors else None

    def seen_in(self, month: Period) -> BudgetMonitorFact | None:
        """The forecast that held in a month: of that month, or the last one before it."""
        return next((each for each in reversed(self.monitors) if each.month <= month), None)


@dataclass(frozen=True)
class BudgetFigureFact:
    """An amount told outside a budget table, with its parts. A range has an upper amount."""

    id: int
    key: str
    title: str
    kind: str  # in words
    period_as_stated: str
    amount: Decimal | None
    upper_amount: Decimal | None
    amount_as_stated: str
    body: str
    note: str
    parts: "tuple[BudgetFigureFact, ...]"
    notes: tuple[NoteFact, ...]

    @property
    def parts_total(self) -> Decimal | None:
        """The parts added up; None without parts, or where one of them is not stated or a range."""
        if not self.parts or any(part.amount is None or part.upper_amount is not None for part in self.parts):
            return None
        return stated_sum(part.amount for part in self.parts)

    @property
    def not_broken_down(self) -> Decimal | None:
        """What the parts leave over of the whole; None where either cannot be said."""
        if self.amount is None or self.upper_amount is not None or self.parts_total is None:
            return None
        return self.amount - self.parts_total

    @property
    def exceeded_by(self) -> Decimal | None:
        """By how much the parts come to more than the whole; None where they do not."""
        left = self.not_broken_down
        return -left if left is not None and left < 0 else None
