"""What may be brought in from a sheet, and what the way in (upload, choice of columns, preview) needs to know of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from kpis import figures
from kpis.models import Indicator, IndicatorCode, normalised_code
from kpis.resources import FigureSheet
from lambeth_plans.accounts.access import Permission
from lambeth_plans.accounts.models import Council
from lambeth_plans.accounts.register_sheets import Register
from lambeth_plans.imports import wide
from lambeth_plans.imports.actions import compare_figures
from lambeth_plans.imports.columns import Columns
from lambeth_plans.imports.models import ImportBatch
from lambeth_plans.imports.registers.compare import compare_register
from lambeth_plans.imports.registers.register_list import REGISTERS
from lambeth_plans.spreadsheets import Sheet

#: Whether a text looks like a value of a field.
Look = Callable[[str], bool]


def _nothing_is_known(council: Council) -> Mapping[str, Look]:
    return {}


@dataclass(frozen=True)
class Door:
    """One kind of content. The way in knows nothing else about it.

    `slug` tells doors apart, in forms and in what is remembered. A batch of this kind of content has the values of
    `own` in its fields, beside `kind`, and its plan where the door `needs_plan`. `page` names the page that shows one.
    `columns_of(sheet, resource, chosen, header)` answers with the columns of a sheet or raises UnknownColumns;
    `compare(batch, sheet, columns, now)` fills in the batch or raises Unreadable with every error. `looks(council)`
    says for some fields whether a text looks like one of theirs: columns with unknown headings are proposed by it.
    """

    slug: str
    kind: str
    label: str
    resource: Any
    columns_of: Callable[..., Any]
    compare: Callable[[ImportBatch, Sheet, Any, datetime], None]
    permission: Permission
    page: str = "import_detail"
    needs_plan: bool = False
    takes_periods: bool = False
    own: Mapping[str, str] = field(default_factory=dict)
    looks: Callable[[Council], Mapping[str, Look]] = _nothing_is_known

    def holds(self, batch: ImportBatch) -> bool:
        """Whether a batch came in through this door."""
        return all(getattr(batch, name) == value for name, value in {"kind": self.kind, **self.own}.items())


def figure_looks(council: Council) -> Mapping[str, Look]:
    """What the codes, periods and values of a council's figures look like. Two queries."""
    codes = set(IndicatorCode.objects.filter(council=council).values_list("normalised", flat=True))
    keys = set(Indicator.objects.filter(council=council).values_list("key", flat=True))
    return {
        "code": lambda text: normalised_code(text) in codes or text.strip().lower() in keys,
        "period": _is_period,
        "value": _is_figure,
    }


def _is_period(text: str) -> bool:
    try:
        figures.parse_period(text, today=date.max)
    except ValueError:
        return False
    return True


def _is_figure(text: str) -> bool:
    try:
        figure = figures.parse(text)
    except ValueError:
        return False
    return figure is not None and figure.value is not None


FIGURES = Door(
    slug="figures",
    kind=ImportBatch.Kind.FIGURES,
    label="Figures of indicators",
    resource=FigureSheet,
    columns_of=wide.columns_of,
    compare=compare_figures,
    permission=Permission.IMPORT_FIGURES,
    takes_periods=True,
    looks=figure_looks,
)


def _compare_rows(batch: ImportBatch, sheet: Sheet, columns: Columns, now: datetime) -> None:
    """A register is compared with what is held, whatever the day."""
    compare_register(batch, columns)


def _door_of_register(register: type[Register]) -> Door:
    return Door(
        slug=register.slug,
        kind=ImportBatch.Kind.REGISTER,
        label=register.label,
        resource=register,
        columns_of=Columns,
        compare=_compare_rows,
        permission=Permission.EDIT_REGISTERS,
        page="register_import_detail",
        needs_plan=register.is_of_plan,
        own={"register": register.slug},
    )


DOORS: tuple[Door, ...] = (FIGURES, *map(_door_of_register, REGISTERS.values()))


def door_of(batch: ImportBatch) -> Door | None:
    """The door that a batch came in through; None for a plan's workbook."""
    return next((door for door in DOORS if door.holds(batch)), None)
