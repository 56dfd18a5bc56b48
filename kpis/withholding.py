"""What is withheld of a plan's figures from those who do not see small counts: the rule of `kpis.disclosure` over every
version that its figures ever had, so that pages, files and history agree at every moment."""

from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple, TypeVar

from kpis import disclosure
from kpis.disclosure import AreaGroup, Change, Measure, PeopleFigure
from kpis.models import Benchmark, Outturn, PlanIndicator, Reason
from lambeth_plans.accounts.access import Permission, may
from lambeth_plans.accounts.models import User
from lambeth_plans.history import entry_model
from lambeth_plans.periods import Period, PeriodKind
from objectives.models import Plan

LETTER = "c"
WORDS = "c: a small count is withheld so that nobody can be recognised, or a figure that would give it away."
#: What a withheld figure does not say either: words may hold the number.
SILENT = {"value": None, "value_as_stated": LETTER, "numerator": None, "denominator": None, "note": ""}
SILENT_NOTE = {"printed": LETTER, "understood": LETTER, "why": WORDS}

Row = TypeVar("Row")


class Version(NamedTuple):
    """A figure as it stands or stood; `area` is "" for the council's own."""

    indicator_id: int
    area: str
    kind: str
    start: date
    value: Any
    numerator: Any = None
    denominator: Any = None


def _version(row: Any) -> Version:
    own = (row.numerator, row.denominator) if hasattr(row, "numerator") else ()
    area = getattr(row, "area", "")
    return Version(row.indicator_id, area, row.period_kind, row.period_start, row.value, *own)


@dataclass(frozen=True)
class Withholding:
    """Which versions of figures are withheld, and the keys, in the plan, of the indicators that have any."""

    versions: frozenset[Version] = frozenset()
    keys: frozenset[str] = frozenset()

    def hides(self, row: Any) -> bool:
        """Whether a record or a row of its history is withheld: a figure, or a note about an indicator that has one
        that is. Of any other record nothing is."""
        if not self.versions or row is None:
            return False
        kind = row._meta.model_name.removeprefix("historical")
        if kind == "dataqualitynote":
            return row.record_kind == "indicator" and row.record_key in self.keys
        return kind in ("outturn", "benchmark") and _version(row) in self.versions

    def shown(self, row: Row) -> Row:
        """The record, or where it is withheld a copy that does not say what it holds."""
        if not self.hides(row):
            return row
        masked = copy(row)
        said = {**SILENT, "reason": Reason.SUPPRESSED.value} if hasattr(row, "value") else SILENT_NOTE
        for name, value in said.items():
            if hasattr(row, name):
                setattr(masked, name, value)
        return masked


#: For those who see small counts.
NOTHING = Withholding()


@dataclass
class _Series:
    """Everything an indicator's figures have ever been, in the order in which it was written."""

    council: str
    measure: Measure
    changes: list[Change] = field(default_factory=list)
    areas: list[PeopleFigure] = field(default_factory=list)
    #: Of now: area → figure, by period; the groups by name, with their members and the periods they have figures of.
    own: dict[Period, PeopleFigure] = field(default_factory=dict)
    others: dict[tuple[Period, str], PeopleFigure] = field(default_factory=dict)
    members: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def is_us(self, area: str) -> bool:
        return _folded(area) in _folded(self.council)

    def groups(self) -> Iterator[AreaGroup]:
        for (period, area), total in self.others.items():
            if members := self.members.get(area):
                figures = [self._figure(period, member) for member in members]
                known = tuple(figure for figure in figures if figure and figure.value is not None)
                yield AreaGroup(total, known, missing=len(members) - len(known))

    def _figure(self, period: Period, member: str) -> PeopleFigure | None:
        return self.own.get(period) if self.is_us(member) else self.others.get((period, _folded(member)))

    def withheld(self) -> frozenset[PeopleFigure]:
        found = disclosure.withheld(self.changes, self.measure, self.areas, list(self.groups())).figures
        periods = {figure.period for figure in found if not figure.area}
        # Our own figure may stand among the other areas' too.
        ours = {figure for figure in self.areas if self.is_us(figure.area) and figure.period in periods}
        return found | ours


def _folded(area: str) -> str:
    return " ".join(area.split()).casefold()


def withheld_of_plan(plan_id: int) -> Withholding:
    """Two queries, whatever the number of figures, and where anything is withheld one more."""
    measured = PlanIndicator.objects.filter(plan_id=plan_id).order_by().values("indicator_id")
    series: dict[int, _Series] = {}
    _read_outturns(series, measured)
    _read_areas(series, measured)
    versions = frozenset(
        Version(
            pk,
            figure.area,
            figure.period.kind.value,
            figure.period.start,
            figure.value,
            *(() if figure.area else (figure.numerator, figure.denominator)),
        )
        for pk, each in series.items()
        for figure in each.withheld()
    )
    if not versions:
        return NOTHING
    places = PlanIndicator.objects.filter(plan_id=plan_id, indicator_id__in={each.indicator_id for each in versions})
    return Withholding(versions, frozenset(places.order_by().values_list("key", flat=True)))


def withheld_from(user: User, plan: Plan) -> Withholding:
    """What a person does not see of a plan's figures."""
    return NOTHING if may(user, Permission.SEE_SMALL_COUNTS) else withheld_of_plan(plan.pk)


PERIOD = ("period_kind", "period_start", "period_end")
MEASURE = ("indicator__council__name", "indicator__unit", "indicator__decimals", "indicator__is_cumulative")


def _entries(model: type, measured: Any, *names: str) -> Iterator[tuple[int, tuple, Period, str, Any, tuple]]:
    """Indicator, what is known of it, period, kind of entry, moment, and `names`, of everything that was ever written
    about indicators that count people. One query."""
    entries = entry_model(model)._default_manager.filter(indicator_id__in=measured, indicator__counts_people=True)
    rows = entries.order_by("history_id").values_list(
        "indicator_id", *MEASURE, *PERIOD, "history_type", "history_date", *names
    )
    for pk, council, unit, decimals, is_cumulative, kind, start, end, entry, at, *said in rows:
        measure = Measure(unit, decimals, is_cumulative)
        yield pk, (council, measure), Period(start, end, PeriodKind(kind)), entry, at, tuple(said)


def _read_outturns(series: dict[int, _Series], measured: Any) -> None:
    names = ("value", "numerator", "denominator", "is_published")
    rows = list(_entries(Outturn, measured, *names))
    # Whether a figure is published is what was said of it last, whenever it held.
    published = {(pk, period, *said): is_published for pk, _, period, _, _, (*said, is_published) in rows}
    for pk, about, period, entry, at, (*said, _) in rows:
        each = series.setdefault(pk, _Series(*about))
        figure = PeopleFigure(period, *said, is_published=published[pk, period, *said])
        gone = entry == "-"
        each.changes.append(Change(at, period, None if gone else figure))
        each.own.pop(period, None)
        if not gone:
            each.own[period] = figure


def _read_areas(series: dict[int, _Series], measured: Any) -> None:
    rows = _entries(Benchmark, measured, "area", "value", "group__name", "group__members")
    for pk, about, period, entry, _, (area, value, group, members) in rows:
        each = series.setdefault(pk, _Series(*about))
        figure = PeopleFigure(period, value, area=area)
        each.areas.append(figure)
        each.others.pop((period, _folded(area)), None)
        if entry != "-":
            each.others[period, _folded(area)] = figure
        if group:
            each.members[_folded(group)] = tuple(members)
