"""Indicators as the state of a plan tells them, made by hand: no database is asked."""

from datetime import date
from decimal import Decimal

from lambeth_plans import periods
from lambeth_plans.dashboards.facts import BenchmarkFact, IndicatorFact, OutturnFact, RebaseFact

FIRST = periods.month(2024, 4)
CALM = (80, 82, 81, 83, 80, 82, 81, 82, 80, 81, 83, 82)


def month(number):
    """The month at a place of the line, from 0 on."""
    period = FIRST
    for _ in range(number):
        period = periods.following(period)
    return period


class Plainly:
    """Says a figure and its target as percentages, and judges nothing."""

    def text(self, outturn):
        return "c" if outturn.value is None else f"{outturn.value}%"

    def target_text(self, outturn):
        return "" if outturn.target is None else f"{outturn.target}%"


def outturn(period, value, **fields):
    told = {"reason": "", "status": "final", "note": "", "numerator": None, "denominator": None, "target": None}
    told |= {"target_is_assumed": False, "band": None, "version": 1, "is_withheld": False, "says": Plainly()}
    return OutturnFact(0, period, None if value is None else Decimal(value), **told | fields)


def indicator(values=(), *, target=None, last=None, **fields):
    """Months with these values; the target holds for all; `last` are fields of the last one."""
    aimed = {} if target is None else {"target": Decimal(target)}
    rows = [outturn(month(number), value, **aimed) for number, value in enumerate(values)]
    if last:
        rows[-1] = outturn(month(len(values) - 1), values[-1], **aimed | last)
    empty = dict.fromkeys(
        ("code", "group", "kind_as_stated", "definition", "polarity_agreed_by", "source", "why_it_matters"), ""
    )
    empty |= {"numerator_is": "", "denominator_is": "", "commentary": ""}
    empty |= dict.fromkeys(
        ("counts_people", "data_due_lag_days", "last_checked_date", "steady_gap", "objective", "goal", "owner")
    )
    told = {
        "key": "visits",
        "title": "Visits in time",
        "unit": "%",
        "decimals": 0,
        "polarity": "higher",
        "polarity_standing": "stated",
        "frequency": "month",
        "is_cumulative": False,
        "is_screened": True,
        "outturns": tuple(rows),
    }
    return IndicatorFact(id=1, place_id=1, targets_ahead=(), notes=(), **empty | told | fields)


def rebase(number, reason="A new team.", decided_by="The board"):
    return RebaseFact(month(number), reason, decided_by, date(2025, 5, 1))


def benchmark(area, value, period, group="Neighbours"):
    number = None if value is None else Decimal(value)
    return BenchmarkFact(area, group, period, number, "c" if value is None else f"{value}%", "", "Statistics")
