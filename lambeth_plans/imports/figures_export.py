"""The figures of a plan's indicators as a sheet that can be imported again: a row for each figure, or a column for each
period. A file that comes back as it went out changes nothing."""

from collections.abc import Iterator
from dataclasses import dataclass

from kpis import figures
from kpis.models import Outturn, PlanIndicator
from kpis.proposals import spellings
from kpis.resources import FigureSheet
from kpis.withholding import LETTER, NOTHING, Withholding
from lambeth_plans.periods import Period, PeriodKind
from objectives.models import Plan

Line = list[str]


@dataclass(frozen=True)
class _Held:
    """A figure, with what its indicator is called in a file."""

    code: str
    title: str
    outturn: Outturn
    is_withheld: bool

    @property
    def figure(self) -> str:
        return LETTER if self.is_withheld else figures.written(self.outturn.value, self.outturn.reason)


def _held(plan: Plan, withheld: Withholding) -> list[_Held]:
    """The figures of the plan's indicators, by indicator and time; of a closed plan none that came after its end."""
    of_plan = Outturn.objects.filter(indicator__places__plan=plan).select_related("indicator").distinct()
    if plan.is_closed:
        of_plan = of_plan.filter(period_start__lte=plan.end_date)
    known = spellings(plan.council)
    found = [
        _Held(known[row.indicator.key], row.indicator.title, withheld.shown(row), withheld.hides(row))
        for row in of_plan
    ]
    return sorted(found, key=lambda held: (held.code, held.outturn.period_start, held.outturn.period_kind))


def long_lines(plan: Plan, withheld: Withholding = NOTHING) -> Iterator[Line]:
    """A row for each figure, under the headings of the importer's own template."""
    yield FigureSheet.columns()
    for held in _held(plan, withheld):
        row = held.outturn
        counts = [figures.written(count, "") for count in (row.numerator, row.denominator)]
        said = [held.figure, *counts, row.note, row.get_status_display(), ""]
        yield [held.code, held.title, row.period.label, *said]


def wide_lines(plan: Plan, withheld: Withholding = NOTHING) -> Iterator[Line]:
    """A row for each indicator and a column for each period. Numerators, denominators and notes have no place in it."""
    rows = _held(plan, withheld)
    periods = sorted({held.outturn.period for held in rows}, key=_in_order)
    yield ["Indicator", "Title", *(period.label for period in periods)]
    lines: dict[str, tuple[str, dict[Period, str]]] = {}
    for held in rows:
        _, cells = lines.setdefault(held.code, (held.title, {}))
        cells[held.outturn.period] = held.figure
    for code, (title, cells) in lines.items():
        yield [code, title, *(cells.get(period, "") for period in periods)]


def of_indicator(plan: Plan, key: str, lines: Iterator[Line]) -> list[Line]:
    """The heading and the lines of one indicator by its key in the plan; all lines without a key."""
    if not key:
        return list(lines)
    places = PlanIndicator.objects.filter(plan=plan, key=key).select_related("indicator")
    codes = {spellings(plan.council)[place.indicator.key] for place in places}
    return [next(lines), *(line for line in lines if line[0] in codes)]


def _in_order(period: Period) -> tuple:
    return (list(PeriodKind).index(period.kind), period.start)
