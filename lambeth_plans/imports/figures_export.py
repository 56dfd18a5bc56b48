"""The figures of a plan's indicators as a sheet that can be imported again: a row for each figure, or a column for each
period. A file that comes back as it went out changes nothing."""

from collections.abc import Iterator
from dataclasses import dataclass

from kpis import figures
from kpis.models import Outturn
from kpis.proposals import spellings
from kpis.resources import FigureSheet
from lambeth_plans.periods import Period, PeriodKind
from objectives.models import Plan

Line = list[str]


@dataclass(frozen=True)
class _Held:
    """A figure, with what its indicator is called in a file."""

    code: str
    title: str
    outturn: Outturn


def _held(plan: Plan, key: str) -> list[_Held]:
    """The figures of the plan's indicators, by indicator and time; of a closed plan none that came after its end.
    `key` is that of one place, empty for all."""
    place = {"indicator__places__plan": plan} | ({"indicator__places__key": key} if key else {})
    of_plan = Outturn.objects.filter(**place).select_related("indicator").distinct()
    if plan.is_closed:
        of_plan = of_plan.filter(period_start__lte=plan.end_date)
    known = spellings(plan.council)
    found = [_Held(known[row.indicator.key], row.indicator.title, row) for row in of_plan]
    return sorted(found, key=lambda held: (held.code, held.outturn.period_start, held.outturn.period_kind))


def long_lines(plan: Plan, key: str = "") -> Iterator[Line]:
    """A row for each figure, under the headings of the importer's own template; `key` chooses one indicator."""
    yield FigureSheet.columns()
    for held in _held(plan, key):
        row = held.outturn
        counts = [figures.written(count, "") for count in (row.numerator, row.denominator)]
        said = [figures.written(row.value, row.reason), *counts, row.note, row.get_status_display(), ""]
        yield [held.code, held.title, row.period.label, *said]


def wide_lines(plan: Plan, key: str = "") -> Iterator[Line]:
    """A row for each indicator and a column for each period. Numerators, denominators and notes have no place in it."""
    rows = _held(plan, key)
    periods = sorted({held.outturn.period for held in rows}, key=_in_order)
    yield ["Indicator", "Title", *(period.label for period in periods)]
    lines: dict[str, tuple[str, dict[Period, str]]] = {}
    for held in rows:
        _, cells = lines.setdefault(held.code, (held.title, {}))
        cells[held.outturn.period] = figures.written(held.outturn.value, held.outturn.reason)
    for code, (title, cells) in lines.items():
        yield [code, title, *(cells.get(period, "") for period in periods)]


def _in_order(period: Period) -> tuple:
    return (list(PeriodKind).index(period.kind), period.start)
