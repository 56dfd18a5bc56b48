"""What a council's analysts chose for the columns of a sheet, found again by the sheet's shape (docs/adr/0015)."""

import csv
import hashlib
import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format

from lambeth_plans import spreadsheets
from lambeth_plans.accounts.models import Council
from lambeth_plans.imports.columns import HEADINGS_WITHIN_ROWS, tidy
from lambeth_plans.imports.models import ColumnMapping
from lambeth_plans.imports.wide import BY_HEADING, is_period
from lambeth_plans.spreadsheets import Cell, Row, Sheet, Unreadable, WhichSheet

#: The file name of a table that was pasted from Word or Excel: its content is text with tabs.
PASTED = "Pasted table"


@dataclass(frozen=True)
class Remembered:
    """A mapping that fits a sheet: `chosen` for each of its columns, with the headings in row `header`."""

    mapping: ColumnMapping
    header: int
    chosen: tuple[str, ...]

    @property
    def note(self) -> str:
        day = date_format(timezone.localtime(self.mapping.chosen_at), "j F Y")
        return f"Columns were read as {self.mapping.chosen_by_name} chose on {day}."


@dataclass(frozen=True)
class Reading:
    """A sheet with its columns, and what was remembered of them: `is_one_of_several` where also which sheet."""

    sheet: Sheet
    columns: Any
    remembered: Remembered | None
    is_one_of_several: bool = False

    @property
    def notes(self) -> list[str]:
        """What whoever uploaded the file should know about its reading."""
        told = [*self.sheet.notes]
        if self.is_one_of_several:
            told.append(f"Of several sheets “{self.sheet.name}” was read, as before.")
        return [*told, *([self.remembered.note] if self.remembered else []), *self.columns.notes]


def shape_of(headings: Sequence[Cell], *, is_wide: bool) -> str:
    """The fingerprint of a row of headings, in their order. Where columns are periods these do not count, so that
    next month's sheet, which has one more, has the same."""
    texts = [tidy(cell.text) for cell in headings if not (is_wide and is_period(cell))]
    told = json.dumps(["wide" if is_wide else "long", len(texts), *texts], ensure_ascii=False)
    return hashlib.sha256(told.encode()).hexdigest()


def headings_of(sheet: Sheet, header: Row) -> tuple[Cell, ...]:
    """The headings up to the last column in which the sheet holds anything."""
    return header.cells[: _filled_width(sheet)]


def _filled_width(sheet: Sheet) -> int:
    width = 0
    for row in sheet.rows:
        last = len(row.texts)
        while last > width and not row.texts[last - 1].strip():
            last -= 1
        width = max(width, last)
    return width


def recall(council: Council, kind: str, sheet: Sheet, resource: Any) -> Remembered | None:
    """What was chosen for a sheet of this shape, wherever among its first rows the headings stand. A choice that names
    a column we no longer have is as if it were not there."""
    shapes = list(_shapes(sheet))
    asked = {shape for shape, _, _ in shapes}
    known = {"", BY_HEADING, *resource.fields}
    mappings = ColumnMapping.objects.filter(council=council, kind=kind, shape__in=asked)
    found = {mapping.shape: mapping for mapping in mappings if known.issuperset(mapping.columns)}
    for shape, header, headings in shapes:
        if shape in found:
            return Remembered(found[shape], header, _applied(found[shape], headings))
    return None


def _shapes(sheet: Sheet) -> Iterator[tuple[str, int, tuple[Cell, ...]]]:
    width = _filled_width(sheet)
    for header in sheet.rows[:HEADINGS_WITHIN_ROWS]:
        headings = header.cells[:width]
        yield shape_of(headings, is_wide=False), header.number, headings
        if any(map(is_period, headings)):
            yield shape_of(headings, is_wide=True), header.number, headings


def _applied(mapping: ColumnMapping, headings: Sequence[Cell]) -> tuple[str, ...]:
    """The choice for each column of a sheet. A period is read by its heading, unless that very one was to be
    something else or left out."""
    if BY_HEADING not in mapping.columns:
        return tuple(mapping.columns)
    pairs = [(Cell(heading), name) for heading, name in zip(mapping.headings, mapping.columns, strict=True)]
    others = iter([name for heading, name in pairs if not is_period(heading)])
    apart = {tidy(heading.text): name for heading, name in pairs if is_period(heading) and name != BY_HEADING}
    return tuple(apart.get(tidy(cell.text), BY_HEADING) if is_period(cell) else next(others) for cell in headings)


def read_sheet(file_name: str, content: bytes, sheet: str = "") -> Sheet:
    """Reads one sheet of an uploaded file. Raises WhichSheet and Unreadable as `spreadsheets.read` does."""
    name, plain = readable(file_name, content)
    return spreadsheets.read(name, plain, limit_rows=settings.UPLOAD_LIMIT_ROWS, sheet=sheet)


def readable(file_name: str, content: bytes) -> tuple[str, bytes]:
    """A file under a name that says what it is. In a pasted table only tabs part columns; a quotation mark is Excel's
    where all of them are closed, and otherwise a character as any other, as Word has it."""
    if file_name != PASTED:
        return file_name, content
    text = content.decode(errors="replace")
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter="\t", strict=True))
    except csv.Error:
        rows = [line.split("\t") for line in text.split("\n")]
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    return f"{PASTED}.csv", out.getvalue().encode()


def read_as_remembered(
    *, council: Council, kind: str, resource: Any, columns_of: Any, file_name: str, content: bytes, sheet: str = ""
) -> Reading:
    """Reads a file with the columns that were chosen for its shape, or else with those that its headings name.

    Of several sheets it takes the one that is remembered by its name, if its shape is too. Raises WhichSheet,
    UnknownColumns where somebody must choose, and Unreadable for what cannot be read at all.
    """
    try:
        read = read_sheet(file_name, content, sheet)
    except WhichSheet as question:
        read, remembered = _remembered_sheet(council, kind, resource, file_name, content, question)
        columns = columns_of(read, resource, remembered.chosen, remembered.header)
        return Reading(read, columns, remembered, is_one_of_several=True)
    try:
        if remembered := recall(council, kind, read, resource):
            return Reading(read, columns_of(read, resource, remembered.chosen, remembered.header), remembered)
        return Reading(read, columns_of(read, resource), None)
    except Unreadable as refusal:
        refusal.notes = read.notes
        raise


def _remembered_sheet(
    council: Council, kind: str, resource: Any, file_name: str, content: bytes, question: WhichSheet
) -> tuple[Sheet, Remembered]:
    """The one sheet that was chosen before and still has its shape. Raises the question again where there is none."""
    mappings = ColumnMapping.objects.filter(council=council, kind=kind, sheet__in=question.names)
    names = set(mappings.values_list("sheet", flat=True))
    if len(names) != 1:
        raise question
    read = read_sheet(file_name, content, names.pop())
    remembered = recall(council, kind, read, resource)
    if remembered is None:
        raise question
    return read, remembered
