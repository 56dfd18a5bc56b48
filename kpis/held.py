"""The figures that a file is held against: what each says, and which version of it, in one query without objects.

A council's whole series may stand in a file, a hundred thousand figures: they are read as plain rows.
"""

from collections.abc import Collection
from decimal import Context, Decimal
from typing import Any, NamedTuple

from django.db.models import CharField, Func, QuerySet

from kpis.models import Outturn
from lambeth_plans.accounts.models import Council
from lambeth_plans.staging import plain_rows

#: A question may name so many indicators; for more, all of the council are read.
MOST_NAMED = 500
#: SQLite keeps a decimal as a binary number of 15 digits; Django reads it so, too.
_FIFTEEN_DIGITS = Context(prec=15)


class FigureFacts(NamedTuple):
    """What a figure says. `value` None and `reason` empty: there is no figure."""

    value: Decimal | None = None
    reason: str = ""
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    note: str = ""
    status: str = ""

    @classmethod
    def of(cls, outturn: Any) -> "FigureFacts":
        """The facts of a figure, or of an entry in its history; None for one that is not there."""
        return cls() if outturn is None else cls(*(getattr(outturn, name) for name in cls._fields))


#: There is no figure.
NOTHING = FigureFacts()


class HeldFigure(NamedTuple):
    """A figure as it is now; `stated` is how it was written."""

    pk: int
    version: int
    stated: str
    facts: FigureFacts


class _DayAsText(Func):
    """A day like "2019-04-01", also where a PostgreSQL server is set to write days otherwise (its DateStyle)."""

    template = "CAST(%(expressions)s AS text)"
    output_field = CharField()

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template="to_char(%(expressions)s, 'YYYY-MM-DD')", **context)


#: Which figure: its indicator's primary key, the kind and the first day ("2019-04-01") of its period.
Place = tuple[int, str, str]


def place_of(outturn: Any) -> Place:
    """Which figure this is, or which an entry of the history is about."""
    return outturn.indicator_id, outturn.period_kind, outturn.period_start.isoformat()


def _rows(council: Council, indicators: Collection[int], *columns: str) -> list[tuple]:
    """Columns of the figures of some indicators after those that say which figure it is, as the database gives them.

    The day is asked for as text, so that no driver makes a date of each.
    """
    if not indicators:
        return []
    chosen: QuerySet = Outturn.objects.filter(indicator__council=council).order_by()
    if len(indicators) <= MOST_NAMED:
        chosen = chosen.filter(indicator__in=indicators)
    chosen = chosen.annotate(first_day=_DayAsText("period_start"))
    return plain_rows(chosen.values_list("indicator_id", "period_kind", "first_day", *columns))


def decimal_of(raw: Any) -> Decimal | None:
    """A number as a database gives it, as ours."""
    return raw if raw is None or isinstance(raw, Decimal) else _FIFTEEN_DIGITS.create_decimal(repr(raw))


class Decimals(dict):
    """Numbers as a database gives them, as ours: each different one is converted once."""

    def __missing__(self, raw: Any) -> Decimal | None:
        number = self[raw] = decimal_of(raw)
        return number


#: A figure as the database gives it: place, primary key, version, as stated, facts.
RawFigure = tuple[Any, ...]
RAW_PK, RAW_VERSION, RAW_VALUE, RAW_REASON = 3, 4, 6, 7


def held_raw(council: Council, indicators: Collection[int]) -> dict[Place, RawFigure]:
    """The figures of some of a council's indicators (primary keys), by place, as the database gives them. One query."""
    rows = _rows(council, indicators, "pk", "version", "value_as_stated", *FigureFacts._fields)
    return {row[:3]: row for row in rows}


def figure_of(raw: RawFigure) -> HeldFigure:
    _, _, _, pk, version, stated, value, reason, numerator, denominator, note, status = raw
    facts = FigureFacts(decimal_of(value), reason, decimal_of(numerator), decimal_of(denominator), note, status)
    return HeldFigure(pk, version, stated, facts)


def held_figures(council: Council, indicators: Collection[int]) -> dict[Place, HeldFigure]:
    """The figures of some of a council's indicators (primary keys), by place. One query."""
    return {place: figure_of(raw) for place, raw in held_raw(council, indicators).items()}


#: A place with the primary key and the version of the figure there.
HeldVersion = tuple[int, str, str, int, int]


def held_versions(council: Council, indicators: Collection[int]) -> set[HeldVersion]:
    """Of each of these figures its place, primary key and version. One query."""
    return set(_rows(council, indicators, "pk", "version"))
