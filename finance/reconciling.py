"""Rules of what has to add up or be explained: numbers in, a sentence out ("" where all is well). No database."""

from collections.abc import Iterable
from decimal import Decimal

from lambeth_plans.periods import Period
from lambeth_plans.rag import plain


class BudgetSums:
    """What the amounts of a budget line come to. Income is stated as a positive amount and taken away."""

    employee_expenses: Decimal
    other_expenditure: Decimal
    grants_and_contributions: Decimal
    other_income: Decimal

    @property
    def total_expenditure(self) -> Decimal:
        return self.employee_expenses + self.other_expenditure

    @property
    def total_income(self) -> Decimal:
        return self.grants_and_contributions + self.other_income

    @property
    def net_expenditure(self) -> Decimal:
        return self.total_expenditure - self.total_income


def variance_of(forecast: Decimal, budget: Decimal) -> Decimal:
    """Above nought it is a pressure, below an underspend. Both are net expenditure."""
    return forecast - budget


def variance_words(variance: Decimal) -> str:
    if variance > 0:
        return "Pressure"
    return "Underspend" if variance < 0 else "On budget"


def unexplained_forecast(
    *, forecast: Decimal, budget: Decimal, variance_reason: str, recovery_action: str, noun: str = "forecast"
) -> dict[str, str]:
    """What a forecast or an outturn lacks, by field: a difference needs its reason, and a pressure what is done
    against it."""
    variance, lacks = variance_of(forecast, budget), {}
    if variance and not variance_reason.strip():
        side = "above" if variance > 0 else "below"
        lacks["variance_reason"] = (
            f"The {noun} is £{plain(abs(variance))} {side} the budget. Say why it differs from the budget."
        )
    if variance > 0 and not recovery_action.strip():
        lacks["recovery_action"] = (
            f"The {noun} is £{plain(variance)} above the budget. Say what is done about it, or that nothing can be."
        )
    return lacks


def is_outturn(month: Period, year: Period) -> bool:
    """Whether what is said in a month is the outturn of the line's year: the year had ended by then."""
    return month.start > year.end


def month_outside(month: Period, year: Period) -> str:
    """A line is forecast in the months of its year, and until its books are closed: in the six months after."""
    if month.start < year.start:
        return f"{month} is before {year} begins, which is the line’s year."
    months_after = (month.start.year - year.end.year) * 12 + month.start.month - year.end.month
    if months_after > 6:
        return f"{month} is more than six months after {year}, which is the line’s year."
    return ""


def bands_disagree(*, headcount: int | None, bands: Iterable[int], why: str) -> str:
    """Bands that are stated add up to the headcount that is stated, or somebody says why they do not."""
    numbers = list(bands)
    counted = sum(numbers)
    if headcount is None or not numbers or counted == headcount or why.strip():
        return ""
    left = headcount - counted
    side = f"{left:,} fewer than" if left > 0 else f"{-left:,} more than"
    return (
        f"The bands add up to {counted:,}, {side} the headcount of {headcount:,}. "
        "Correct a number, or say why they do not add up."
    )
