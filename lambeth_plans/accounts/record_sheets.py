"""A sheet of a plan's workbook, derived from a model: one column for each field, one row for each record.

`sheet_of(Activity, "Activities")` is the whole of a sheet's description. Records are told apart, and linked to, by
their keys within the plan or the council; a row's `values` are what its cells say, the same for a record we hold as
for a row of a file, so that the two can be compared.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models
from import_export.fields import Field
from import_export.resources import Resource

from lambeth_plans.accounts.cell_widgets import (
    CellWidget,
    LinksWidget,
    LinkWidget,
    PeriodWidget,
    in_order,
    natural,
    widget_for,
)
from lambeth_plans.fields import InPeriod
from lambeth_plans.history import Versioned
from lambeth_plans.spreadsheets import Cell

PERIOD_PARTS = ("period_kind", "period_start", "period_end")
#: What the workbook says once for all rows, or what only the product itself keeps.
IMPLIED = frozenset({"id", "version", "council", "plan"})


@dataclass(frozen=True)
class CellError:
    """What is wrong with one cell. `column` is a field of the resource, "" for the whole row."""

    row: int
    column: str
    value: str
    message: str


@dataclass(frozen=True)
class Disagreement:
    """What several records together say that cannot be. `places` are those concerned, the one where it is best mended
    first: sheet, identity and column."""

    places: "tuple[tuple[type[RecordSheet], tuple[Any, ...], str], ...]"
    message: str


Names = Mapping[type[models.Model], Mapping[int, str]]
Values = dict[str, Any]


class Column(Field):
    """A field of a model as a column; `links_to` is the model that its keys belong to."""

    def __init__(self, attribute: str, heading: str, widget: CellWidget, links_to: type | None = None) -> None:
        super().__init__(attribute=attribute, column_name=heading, widget=widget)
        self.links_to = links_to
        self.is_many = isinstance(widget, LinksWidget)


class RecordSheet(Resource):
    """The columns of one model. Its rows stand below one line of headings; all columns are needed.

    `identity` names the columns that tell rows apart; those among them that are links are the row's parents.
    """

    model: type[Versioned]
    title: str
    identity: tuple[str, ...]
    headings: Mapping[str, tuple[str, ...]] = {}
    required: tuple[str, ...] = ()
    may_be_empty = True
    #: Whether its rows go with the measures of a plan (figures): a council may hold far more than one plan needs.
    is_series = False

    @classmethod
    def columns(cls) -> list[str]:
        return [field.column_name for field in cls.fields.values()]

    @classmethod
    def parent(cls) -> type[models.Model] | None:
        """The model whose record a row belongs to, where that is not the plan or the council itself."""
        return cls.fields[cls.identity[0]].links_to

    @classmethod
    def values_of(cls, record: models.Model, names: Names, links: Mapping[str, list[int]]) -> Values:
        """What a record's cells say. `names` are the keys of linked records, `links` its many-to-many ones."""
        values: Values = {}
        for name, column in cls.fields.items():
            if column.is_many:
                known = names[column.links_to]
                values[name] = in_order(known[pk] for pk in links.get(name, ()))
            elif column.links_to:
                pk = getattr(record, f"{name}_id")
                values[name] = names[column.links_to][pk] if pk else ""
            else:
                values[name] = getattr(record, name)
        return values

    @classmethod
    def cells(cls, values: Values) -> list[Any]:
        """What a row's cells hold, in the order of the columns."""
        return [column.widget.render(values[name]) for name, column in cls.fields.items()]

    @classmethod
    def identity_of(cls, values: Values) -> tuple[Any, ...]:
        """What tells a row from all others of its sheet."""
        return tuple(values[name] for name in cls.identity)

    @classmethod
    def name_of(cls, identity: tuple[Any, ...]) -> str:
        """How other sheets call a row."""
        return str(identity[-1])

    @classmethod
    def label_of(cls, values: Values) -> str:
        """How people call a row: what tells it apart, in words."""
        return ", ".join(str(cls.fields[name].widget.render(values[name])) for name in cls.identity)

    @classmethod
    def place(cls, values: Values) -> tuple[Any, ...]:
        """Where a row stands among those of the same parents."""
        order = (values["order"],) if "order" in values else ()
        own = [values[name] for name in cls.identity if not cls.fields[name].links_to]
        return order + tuple(natural(part) if isinstance(part, str) else part for part in own)

    @classmethod
    def read_row(cls, number: int, cells: Mapping[str, Cell]) -> tuple[Values, list[CellError]]:
        """The clean values of one row by field, and every error in it."""
        by_column = {column.column_name: cells[name] for name, column in cls.fields.items()}
        values: Values = {}
        errors = []
        for name, column in cls.fields.items():
            try:
                values[name] = column.clean(by_column)
            except ValueError as error:
                errors.append(CellError(number, name, by_column[column.column_name].text, str(error)))
        return values, errors

    @classmethod
    def fill(cls, record: models.Model, values: Values) -> None:
        """Puts what cells say into a record; its links are set by whoever knows the other records."""
        for name, value in values.items():
            column = cls.fields[name]
            if not column.links_to:
                setattr(record, name, value)


def _heading(field: models.Field) -> str:
    words = str(field.verbose_name)
    return words[:1].upper() + words[1:]


def _identity(model: type[models.Model]) -> tuple[str, ...]:
    """The columns of a natural key: ("saving__plan__slug", "saving__key", "period_start") → ("saving", "period")."""
    natural_fields = getattr(model, "natural_fields", None)
    if natural_fields is None:
        return ("key",)
    parts = [path.partition("__")[0] for path in natural_fields]
    found = ["period" if part in PERIOD_PARTS else part for part in parts if part not in IMPLIED]
    return tuple(dict.fromkeys(found))


def sheet_of(
    model: type[Versioned],
    title: str,
    *,
    identity: tuple[str, ...] = (),
    leave_out: tuple[str, ...] = (),
    headings: Mapping[str, str] | None = None,
    base: type[RecordSheet] = RecordSheet,
    **options: Any,
) -> type[RecordSheet]:
    """The sheet of a model: what tells its rows apart first, then every field in the model's order, links last."""
    identity = identity or _identity(model)
    in_period = issubclass(model, InPeriod)
    columns: dict[str, Column] = {}
    if in_period:
        columns["period"] = Column("period", "Period", PeriodWidget())
    fields = [field for field in model._meta.concrete_fields if field.editable]
    for field in [*fields, *model._meta.local_many_to_many]:
        skipped = field.name in leave_out or (in_period and field.name in PERIOD_PARTS)
        if skipped or (field.name in IMPLIED and field.name not in identity):
            continue
        widget = widget_for(field, is_name=field.name in ("key", "ref", "code", "slug", "number"))
        links_to = field.related_model if isinstance(widget, LinkWidget) else None
        columns[field.name] = Column(field.name, (headings or {}).get(field.name) or _heading(field), widget, links_to)
    order = list(dict.fromkeys([*identity, *(("ref", "title", "name") if "key" in identity else ())]))
    ordered = {name: columns[name] for name in [*order, *columns] if name in columns}
    attributes = {"model": model, "title": title, "identity": identity, "required": tuple(ordered), **options}
    made = type(base)(f"{model.__name__}Sheet", (base,), attributes)
    made.fields = ordered  # not among the attributes: a column may be called “title” too
    return made
