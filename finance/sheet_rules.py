"""What the rows of several sheets have to say together: bands that add up, and forecasts that are explained."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal

from finance.reconciling import bands_disagree, month_outside, unexplained_forecast
from finance.resources import BUDGET, BUDGET_MONITORS, WORKFORCE, WORKFORCE_BANDS
from lambeth_plans.accounts.record_sheets import Disagreement, RecordSheet, Values

#: Every record of a sheet, as it would be after the import.
Told = Callable[[type[RecordSheet]], Iterable[Values]]


def bands_add_up(told: Told) -> Iterator[Disagreement]:
    """The bands of a snapshot come to its headcount, or it says why not."""
    bands = defaultdict(list)
    for band in told(WORKFORCE_BANDS):
        bands[band["snapshot"]].append(band)
    for snapshot in told(WORKFORCE) if bands else ():
        of_snapshot = bands[snapshot["key"]]
        message = bands_disagree(
            headcount=snapshot["headcount"],
            bands=[band["number"] for band in of_snapshot],
            why=snapshot["difference_reason"],
        )
        if message:
            yield Disagreement(
                (
                    (WORKFORCE, WORKFORCE.identity_of(snapshot), "headcount"),
                    *((WORKFORCE_BANDS, WORKFORCE_BANDS.identity_of(band), "number") for band in of_snapshot),
                ),
                f"{snapshot['title']}: {message}",
            )


def forecasts_are_explained(told: Told) -> Iterator[Disagreement]:
    """A forecast is of a month of its line's year, and says why it differs from the budget."""
    monitors = list(told(BUDGET_MONITORS))
    lines = {line["key"]: line for line in told(BUDGET)} if monitors else {}
    for monitor in monitors:
        line = lines.get(monitor["line"])
        if line is None:
            continue  # a link that leads nowhere is told elsewhere
        place = (BUDGET_MONITORS, BUDGET_MONITORS.identity_of(monitor))
        if message := month_outside(monitor["period"], line["period"]):
            yield Disagreement(((*place, "period"), (BUDGET, BUDGET.identity_of(line), "period")), message)
        lacks = unexplained_forecast(
            forecast=monitor["forecast"],
            budget=net_of(line),
            variance_reason=monitor["variance_reason"],
            recovery_action=monitor["recovery_action"],
        )
        for name, message in lacks.items():
            yield Disagreement(((*place, name),), message)


def net_of(line: Values) -> Decimal:
    """The net expenditure of a line's cells."""
    spent = line["employee_expenses"] + line["other_expenditure"]
    return spent - line["grants_and_contributions"] - line["other_income"]


#: Each with the sheets that concern it.
RULES = (
    (bands_add_up, frozenset({WORKFORCE, WORKFORCE_BANDS})),
    (forecasts_are_explained, frozenset({BUDGET, BUDGET_MONITORS})),
)
