"""When the parts of a saving's year add up: planned + over-delivered = delivered + forecast + slipped + undeliverable.

`forecast` is what is still expected to come, beside what has been delivered already. A year is *monitored* once it
tells what became of the plan: once one of forecast, slipped, undeliverable and over-delivered is stated, or delivered
beside planned. Then every pound of the plan has a place, and a part that is not stated counts as nothing. A year that
is only planned, or of which only is known what it brought ("to 30 Jan 2018"), asks for nothing (docs/adr/0025).
"""

from datetime import date
from decimal import Decimal
from typing import Any, Protocol

from lambeth_plans import periods
from lambeth_plans.periods import PeriodKind

#: What may have become of the plan, and how it is called.
PARTS = {
    "delivered": "delivered",
    "forecast": "forecast",
    "slipped": "slipped",
    "undeliverable": "not deliverable",
}
#: A shortfall or a surplus is told by its place, never by a minus.
NEVER_NEGATIVE = {"over_delivered": "over-delivered", "slipped": "slipped", "undeliverable": "not deliverable"}
NOTHING = Decimal(0)


class YearAmounts(Protocol):
    """The amounts of one year in pounds; None is not stated."""

    planned: Any
    over_delivered: Any
    delivered: Any
    forecast: Any
    slipped: Any
    undeliverable: Any


def is_monitored(year: YearAmounts) -> bool:
    """Whether somebody has said what became of the plan of a year."""
    told = (year.over_delivered, year.forecast, year.slipped, year.undeliverable)
    if any(amount is not None for amount in told):
        return True
    return year.planned is not None and year.delivered is not None


def difference(year: YearAmounts) -> Decimal:
    """What is planned or over-delivered and has no place among the parts; negative where the parts come to more."""
    wanted = (year.planned or NOTHING) + (year.over_delivered or NOTHING)
    return wanted - sum((getattr(year, part) or NOTHING for part in PARTS), NOTHING)


def adds_up(year: YearAmounts) -> bool:
    return not is_monitored(year) or difference(year) == 0


def what_is_missing(year: YearAmounts) -> str:
    """What keeps a monitored year from adding up, with its amount and what to do; empty where it adds up."""
    left = difference(year)
    if not is_monitored(year) or left == 0:
        return ""
    if left > 0:
        over = f" and {in_pounds(year.over_delivered)} over-delivered" if year.over_delivered else ""
        return (
            f"{in_pounds(left)} of the {in_pounds(year.planned or NOTHING)} planned{over} has no place. "
            "Say how much is delivered, forecast, slipped or not deliverable: together they come to what is planned."
        )
    if year.planned is None:
        return (
            f"The parts come to {in_pounds(-left)} more than is planned, and nothing is stated as planned. "
            "State what was planned, or what is over-delivered."
        )
    return (
        f"The parts come to {in_pounds(-left)} more than the {in_pounds(year.planned)} planned. "
        f"State {in_pounds(-left)} more as over-delivered, or correct a part."
    )


def what_is_negative(year: YearAmounts) -> dict[str, str]:
    """By field, what is below nothing and cannot be."""
    return {
        name: f"What is {words} is 0 or more. “{in_pounds(getattr(year, name))}” is less."
        for name, words in NEVER_NEGATIVE.items()
        if (getattr(year, name) or NOTHING) < 0
    }


def in_pounds(amount: Decimal) -> str:
    """Exactly: "£1,234", "£1,234.50", "-£5"."""
    return f"{'-' if amount < 0 else ''}£{abs(amount):,.2f}".removesuffix(".00")


#: What something may slip to: a year as the saving's own years are, or the time after a day that no year is named for.
LATER = frozenset({PeriodKind.YEAR, PeriodKind.UNDATED})


def later_year(text: str, start: date | None) -> str:
    """The year that something slips to, as its label: "2021-22" → "2021/22". Raises ValueError for what is no year, or
    is not later than a year that begins on `start`. "after 30 Jan 2018" is later than what came "to 30 Jan 2018"."""
    period = periods.parse(text)
    if period.kind not in LATER:
        raise ValueError(f"“{text}” is no financial year. Write what it slips to like 2021/22, or after 31 Mar 2021.")
    if start and (period.start < start or (period.start == start and period.kind is PeriodKind.YEAR)):
        raise ValueError(f"“{text}” is no later year. What slips, slips to a year after this one.")
    return period.label


def slips_nowhere(slipped_to: str, start: date) -> str:
    """Why what is stored as slipped to is no later year, as that was entered before it had to be; empty where it is."""
    if not slipped_to:
        return ""
    try:
        later_year(slipped_to, start)
    except ValueError as error:
        return str(error)
    return ""
