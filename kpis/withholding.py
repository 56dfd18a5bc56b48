"""What is withheld of a plan's figures from those who do not see small counts: the rule of `kpis.disclosure` over every
version that its figures ever had, so that pages, files and history agree at every moment."""

import json
from collections import defaultdict
from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar

from django.db.models import DecimalField, TextField, Value
from django.db.models.functions import Cast, Coalesce

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
    """One query, whatever the number of figures, and where anything is withheld one more. Of every indicator that ever
    had a place in the plan: a past day shows those that left it."""
    entries: dict[int, list[_Entry]] = defaultdict(list)
    placed = entry_model(PlanIndicator)._default_manager.filter(plan_id=plan_id).order_by()
    for entry in _entries(placed.values("indicator_id")):
        entries[entry.indicator_id].append(entry)
    versions = frozenset(
        Version(
            pk,
            figure.area,
            figure.period.kind.value,
            figure.period.start,
            figure.value,
            *(() if figure.area else (figure.numerator, figure.denominator)),
        )
        for pk, each in entries.items()
        for figure in _withheld(tuple(each))
    )
    if not versions:
        return NOTHING
    places = placed.filter(indicator_id__in={each.indicator_id for each in versions})
    return Withholding(versions, frozenset(places.values_list("key", flat=True)))


def withheld_from(user: User, plan: Plan) -> Withholding:
    """What a person does not see of a plan's figures."""
    return NOTHING if may(user, Permission.SEE_SMALL_COUNTS) else withheld_of_plan(plan.pk)


class _Entry(NamedTuple):
    """A row of the history of an outturn or of another area's figure, which have the same columns here."""

    history_id: int
    indicator_id: int
    council: str
    unit: str
    decimals: int
    is_cumulative: bool | None
    kind: str
    start: date
    end: date
    type: str
    at: datetime
    value: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    is_published: bool
    area: str  # "" for an outturn
    group: str
    members: str  # in JSON

    @property
    def period(self) -> Period:
        return Period(self.start, self.end, PeriodKind(self.kind))

    @property
    def said(self) -> tuple[Any, ...]:
        return (self.indicator_id, self.period, self.value, self.numerator, self.denominator)


ABOUT = ("indicator__council__name", "indicator__unit", "indicator__decimals", "indicator__is_cumulative")
WHEN = ("period_kind", "period_start", "period_end", "history_type", "history_date", "value")


def _entries(measured: Any) -> list[_Entry]:
    """Everything that was ever written of figures of indicators that count people, in order. One query."""
    text = TextField()
    number = {"max_digits": 18, "decimal_places": 6}
    nothing = [Cast(Value(None), DecimalField(**number))] * 2
    no_group = [Value("", text)] * 3
    group = [Coalesce(Cast(name, text), Value("", text)) for name in ("group__name", "group__members")]
    of_outturns = ["numerator", "denominator", "is_published", *no_group]
    of_areas = [*nothing, Value(False), Cast("area", text), *group]
    rows = [
        entry_model(model)
        ._default_manager.filter(indicator_id__in=measured, indicator__counts_people=True)
        .order_by()
        .values_list("history_id", "indicator_id", *ABOUT, *WHEN, *said)
        for model, said in ((Outturn, of_outturns), (Benchmark, of_areas))
    ]
    return sorted((_Entry(*row) for row in rows[0].union(rows[1], all=True)), key=lambda entry: entry.history_id)


@lru_cache(maxsize=1_000)
def _withheld(entries: tuple[_Entry, ...]) -> frozenset[PeopleFigure]:
    """What is withheld of one indicator. It follows from its history rows alone, so that it is worked out once for
    each new row and never out of date."""
    # Whether a figure is published is what was said of it last, whenever it held.
    published = {entry.said: entry.is_published for entry in entries if not entry.area}
    first = entries[0]
    series = _Series(first.council, Measure(first.unit, first.decimals, first.is_cumulative))
    for entry in entries:
        is_gone, period = entry.type == "-", entry.period
        if entry.area:
            _note_area(series, PeopleFigure(period, entry.value, area=entry.area), entry, is_gone)
            continue
        figure = PeopleFigure(*entry.said[1:], is_published=published[entry.said])
        series.changes.append(Change(entry.at, period, None if is_gone else figure))
        series.own.pop(period, None)
        if not is_gone:
            series.own[period] = figure
    return series.withheld()


def _note_area(each: _Series, figure: PeopleFigure, entry: _Entry, is_gone: bool) -> None:
    each.areas.append(figure)
    each.others.pop((figure.period, _folded(entry.area)), None)
    if not is_gone:
        each.others[figure.period, _folded(entry.area)] = figure
    if entry.group:
        each.members[_folded(entry.group)] = tuple(json.loads(entry.members))
