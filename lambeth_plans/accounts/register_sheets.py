"""A register: a list that councils keep or publish, each row of which says something of rows of a workbook's sheets.

Unlike a sheet of the workbook it has only some of the columns. A column that is not in the file and an empty cell
change nothing. Its records are matched by their reference, else by their title; how a sheet tells them apart (their
key) is made for new ones.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

from import_export.fields import Field
from import_export.resources import Resource

from lambeth_plans.accounts.cell_widgets import in_order
from lambeth_plans.accounts.record_sheets import CellError, RecordSheet, Values
from lambeth_plans.accounts.register_widgets import LeadingWidget, Lookup, RegisterWidget, folded, tidy
from lambeth_plans.spreadsheets import Cell
from lambeth_plans.spreadsheets.csv_files import restored

#: Words of headings that are written in capitals.
_ACRONYMS = {
    **{each.lower(): each for each in ("ID", "KPI", "RAG", "SME", "VAT", "VCS", "VCSE")},
    "kpis": "KPIs",
}
TOTALS = ("total", "totals", "grand total", "subtotal", "sub-total", "sum")


@dataclass(frozen=True)
class Said:
    """What one row of a register says of one record of a sheet. `may_repeat`: other rows may say it too, if they
    agree. `places` are the register's columns by the fields they fill. `beside` is what rows must agree on too,
    although no field of the record holds it, and `moves` says of a link of the record where to, and whether, it leads.
    """

    sheet: type[RecordSheet]
    number: int
    values: Values
    places: Mapping[str, str]
    may_repeat: bool = False
    beside: Mapping[str, Any] = field(default_factory=dict)
    moves: Mapping[str, tuple[str, bool]] = field(default_factory=dict)

    @property
    def identity(self) -> tuple[Any, ...]:
        return self.sheet.identity_of(self.values)


@dataclass
class RegisterRow:
    """One row of a register: its cells by column, and what is wrong with them."""

    register: "type[Register]"
    number: int
    cells: Mapping[str, Cell]
    lookup: Any
    errors: list[CellError] = field(default_factory=list)
    #: What of a list in a cell is not named there and stays as it is, by column; an empty cell names nothing.
    staying: list[tuple[str, list[str]]] = field(default_factory=list)

    def text(self, name: str) -> str:
        return tidy(restored(self.cells[name].text)) if name in self.cells else ""

    def says_any(self, *names: str) -> bool:
        return any(self.text(name) for name in names)

    def read(self, *names: str, old: Values | None = None) -> tuple[Values, dict[str, str]]:
        """What some columns say, by field of the sheet, and from which column each came. `old` is the record that is
        there: a cell that is written as we would write it ourselves says nothing new."""
        values: Values = {}
        places: dict[str, str] = {}
        for name in names:
            widget: RegisterWidget = self.register.fields[name].widget
            cell = self.cells.get(name, Cell())
            places |= dict.fromkeys((each for each in widget.fills if each not in places), name)
            if old is not None and self.text(name) == tidy(widget.render(old, lookup=self.lookup)):
                if self.text(name):
                    values.setdefault(widget.name, old[widget.name])
                continue
            try:
                said = widget.clean(cell, lookup=self.lookup, old=old)
            except ValueError as error:
                self.refuse(name, str(error))
                continue
            if old is not None and widget.says_the_same(said, old):
                values.setdefault(widget.name, old[widget.name])
            else:
                values |= said
                places |= dict.fromkeys(said, name)
        return values, places

    def stays(self, name: str, texts: list[str]) -> None:
        if texts:
            self.staying.append((name, texts))

    def refuse(self, name: str, message: str) -> None:
        self.errors.append(CellError(self.number, name, self.text(name), message))


class RegisterColumn(Field):
    """A column by its heading; `also` are further headings that mean it, lower case, parted by semicolons."""

    def __init__(self, heading: str, widget: RegisterWidget, also: str = "") -> None:
        super().__init__(column_name=heading, widget=widget)
        self.also = tuple(filter(None, also.split("; ")))


class _Headings:
    """Of a register: further headings by column."""

    def __get__(self, instance: Any, owner: type[Resource]) -> dict[str, tuple[str, ...]]:
        return {name: column.also for name, column in owner.fields.items()}


def as_heading(text: str) -> str:
    """A heading in lower case as people write it: "irrecoverable vat" is "Irrecoverable VAT"."""
    written = re.sub(r"[a-z]+", lambda word: _ACRONYMS.get(word[0], word[0]), text)
    return written[:1].upper() + written[1:]


class Register(Resource):
    """The columns of one register. `says` tells what a row says; `rows` writes what we hold as rows again."""

    slug: ClassVar[str]
    label: ClassVar[str]
    #: What one of its records is called.
    noun: ClassVar[str]
    is_of_plan: ClassVar[bool] = True
    headings: ClassVar[Any] = _Headings()
    required: ClassVar[tuple[str, ...]] = ()
    may_be_empty = False

    @classmethod
    def columns(cls) -> list[str]:
        return [column.column_name for column in cls.fields.values()]

    @classmethod
    def explained(cls) -> list[tuple[str, str, str]]:
        """For people: each heading, what may stand below it, and what else the heading may read."""
        return [
            (
                column.column_name,
                f"{column.widget.hint}{' Needed.' if name in cls.required else ''}",
                ", ".join(map(as_heading, column.also)),
            )
            for name, column in cls.fields.items()
        ]

    @classmethod
    def of(cls, sheet: type[RecordSheet]) -> tuple[str, ...]:
        """The columns that say something of a record of a sheet, beside its key."""
        return tuple(name for name, column in cls.fields.items() if column.widget.sheet is sheet and name != "key")

    @classmethod
    def says(cls, row: RegisterRow) -> Iterator[Said]:
        """What a row says, record by record; what is wrong with it is added to the row's errors."""
        raise NotImplementedError

    @classmethod
    def rows(cls, lookup: Lookup) -> Iterator[list[str]]:
        """What we hold, as rows of this register."""
        raise NotImplementedError

    @classmethod
    def cells(cls, lookup: Lookup, *told: tuple[type[RecordSheet], Values], **columns: Values | None) -> list[str]:
        """A row that says this of some records, one of a sheet. Where a row says something of several of one sheet,
        `columns` says of which a column does; columns of no record stay empty."""
        of_sheet = dict(told)
        cells = []
        for name, column in cls.fields.items():
            values = columns[name] if name in columns else of_sheet.get(column.widget.sheet)
            cells.append(column.widget.render(values, lookup=lookup) if values else "")
        return cells


def says_of_main(row: RegisterRow, sheet: type[RecordSheet], names: tuple[str, ...], **options: Any) -> Said | None:
    """What a row says of the record it is about, which has a reference (if the sheet has such), a title and a key."""
    title = row.text("title")
    if title.casefold().rstrip(":") in TOTALS:
        row.refuse("title", "A total is computed, never imported. Delete this row.")
        return None
    reference = row.text("ref") if "ref" in row.register.fields else ""
    try:
        key, old = row.lookup.key_for(sheet, key=row.text("key"), reference=reference, title=title)
    except ValueError as error:
        row.refuse("ref" if reference else "title", str(error))
        return None
    values, places = row.read(*names, old=old)
    found_by = "ref" if old and reference and folded(old["ref"]) == folded(reference) else "title"
    if old and found_by in values and folded(values[found_by]) == folded(old[found_by]):
        del values[found_by]  # it only says which record is meant
    return Said(sheet, row.number, {"key": key, **values}, {"key": "key", **places}, **options)


def says_of_found(
    row: RegisterRow, sheet: type[RecordSheet], facts: Values, called: str, **options: Any
) -> Said | None:
    """What a row says of a record without a reference, found by its key, else by all the `facts` (texts compared case
    and blanks aside). A new one gets a key made of `called`."""
    if row.text("title").casefold().rstrip(":") in TOTALS:
        row.refuse("title", "A total is computed, never imported. Delete this row.")
        return None
    try:
        key, old = _found(row, sheet, facts, called)
    except ValueError as error:
        row.refuse("title", str(error))
        return None
    values, places = row.read(*row.register.of(sheet), old=old)
    if old and folded(values.get("title", "")) == folded(old["title"]):
        del values["title"]  # it only says which record is meant
    return Said(sheet, row.number, {"key": key, **values}, {"key": "title", **places}, **options)


def says_of_part(
    row: RegisterRow, sheet: type[RecordSheet], whole: Said, link: str, when: str, *, lacks_when: str
) -> Iterator[Said]:
    """What a row says of a dated part of the record it is about: `link` leads from the part to its `whole`, and `when`
    is the column of the date, without which nothing may be said of the part."""
    names = tuple(name for name in row.register.of(sheet) if name != when)
    dated, places = row.read(when)
    if not dated:
        if row.says_any(*names) and not row.text(when):
            row.refuse(when, lacks_when)
        return
    identity = {link: whole.values["key"], **dated}
    values, more = row.read(*names, old=row.lookup.values(sheet, sheet.identity_of(identity)))
    yield Said(sheet, row.number, {**values, **identity}, {**places, **more})


def says_of_leading(row: RegisterRow, name: str, whole: Said) -> Iterator[Said]:
    """What a row says of the record it is about, with what a column says of those that lead there: they get the link,
    and those that are not named in the cell lose it. An empty cell says nothing."""
    widget: LeadingWidget = row.register.fields[name].widget
    key = whole.values["key"]
    sheet = row.lookup.sheet_of(widget.linked)
    held = leading_to(row.lookup, widget, key)
    values, _ = row.read(name, old={name: held})
    if name not in values:
        yield whole
        return
    named = set(values[name])
    yield replace(whole, beside={**whole.beside, name: values[name]}, places={**whole.places, name: name})
    for each in sorted(named.union(held)):
        moves = {widget.link: (key, each in named)}
        yield Said(sheet, row.number, {"key": each}, {"key": name, widget.link: name}, may_repeat=True, moves=moves)


def rows_of_parts(
    register: type[Register], lookup: Lookup, sheet: type[RecordSheet], parts: type[RecordSheet], link: str
) -> Iterator[list[str]]:
    """A row for each part of every record, and one for a record without parts."""
    all_parts = lookup.all(parts)
    leading = {name: column.widget for name, column in register.fields.items() if column.widget.sheet is None}
    for whole in lookup.all(sheet):
        of_whole = [part for part in all_parts if part[link] == whole["key"]]
        columns = {name: {name: leading_to(lookup, widget, whole["key"])} for name, widget in leading.items()}
        for part in of_whole or [None]:
            yield register.cells(lookup, (sheet, whole), *([(parts, part)] if part else []), **columns)


def leading_to(lookup: Lookup, widget: LeadingWidget, key: str) -> tuple[str, ...]:
    """The keys of the records that lead to one."""
    return in_order(each["key"] for each in lookup.all(lookup.sheet_of(widget.linked)) if key in each[widget.link])


def _found(row: RegisterRow, sheet: type[RecordSheet], facts: Values, called: str) -> tuple[str, Values | None]:
    if row.text("key"):
        return row.lookup.key_for(sheet, key=row.text("key"), reference="", title="")
    if not row.text("title"):
        raise ValueError("The row has no title, so it is about nothing.")
    found = [
        values
        for values in row.lookup.all(sheet)
        if all(
            folded(values[name]) == folded(fact) if isinstance(fact, str) else values[name] == fact
            for name, fact in facts.items()
        )
    ]
    if len(found) > 1:
        keys = ", ".join(values["key"] for values in found[:5])
        raise ValueError(f"Several records are called this ({keys}). Add a column “Key” that says which is meant.")
    return (found[0]["key"], found[0]) if found else (row.lookup.new_name(sheet, called), None)
