"""Which column of a sheet is which: headings are matched to a resource's fields before any value is read."""

from collections.abc import Sequence
from typing import Any

from kpis.reading import FURTHER, FigureTable
from lambeth_plans.accounts.record_sheets import CellError
from lambeth_plans.spreadsheets import Cell, Problem, Row, Sheet, Unreadable, column_letters

#: A title or a date may stand above the headings; further down they are not looked for.
HEADINGS_WITHIN_ROWS = 10


class UnknownColumns(Unreadable):
    """Headings are missing, unknown or there twice: which column is which must be said by hand, or the sheet mended."""


def tidy(text: str) -> str:
    """A heading as it is compared: without capitals and further blanks."""
    return " ".join(text.replace("\u00a0", " ").split()).casefold()


def fields_of(cells: Sequence[Cell], resource: Any) -> list[str]:
    """Which field each heading names, "" for none. “Indicator” is the title where another column has the code."""
    known = known_headings(resource)
    fields = [known.get(tidy(cell.text), "") for cell in cells]
    for heading, (field, other) in getattr(resource, "otherwise", {}).items():
        places = [index for index, name in enumerate(fields) if name == field]
        called = [index for index in places if tidy(cells[index].text) == heading]
        if len(places) == 2 and len(called) == 1 and other not in fields:
            fields[called[0]] = other
    return fields


def known_headings(resource: Any) -> dict[str, str]:
    """Every accepted heading, lower case, and its field."""
    known = {field.column_name.casefold(): name for name, field in resource.fields.items()}
    return known | {heading: name for name, more in resource.headings.items() for heading in more}


def _header_row(sheet: Sheet, resource: Any) -> Row:
    """The first row with all required headings, else the one with the most headings we know."""
    candidates = sheet.rows[:HEADINGS_WITHIN_ROWS]
    found = [set(fields_of(row.cells, resource)) - {""} for row in candidates]
    for row, fields in zip(candidates, found, strict=True):
        if fields.issuperset(resource.required):
            return row
    return candidates[max(range(len(candidates)), key=lambda index: len(found[index]))]


def row_of_headings(sheet: Sheet, number: int) -> Row:
    """The row that somebody says holds the headings; 0 where the sheet has none. Raises Unreadable where it is not
    among the first."""
    if not number:
        width = max((len(row.texts) for row in sheet.rows), default=0)
        return Row(0, (Cell(),) * width)
    for row in sheet.rows[:HEADINGS_WITHIN_ROWS]:
        if row.number == number:
            return row
    raise Unreadable(Problem(f"Row {number} is not among the first rows with anything in them.", sheet.name))


def width_of(header: Row, data: Sequence[Row]) -> int:
    """How many columns there are to be read: the last ones without heading and without anything below do not count."""
    width = len(header.texts)
    while width and not header.texts[width - 1].strip():
        if any(len(row.texts) >= width and row.texts[width - 1].strip() for row in data):
            break
        width -= 1
    return width


def left_out_note(header: Row, left_out: Sequence[int]) -> list[str]:
    """Says which columns somebody chose to leave out, in one note; none where there are none."""
    if not left_out:
        return []
    named = []
    for index in left_out:
        text = header.cells[index].text.strip()[:60]
        named.append(f"{column_letters(index)} (“{text}”)" if text else f"{column_letters(index)} (no heading)")
    return [f"{'Column' if len(named) == 1 else 'Columns'} left out: {', '.join(named)}."]


def _is_uneven(row: Row, width: int) -> bool:
    texts = row.texts
    return len(texts) != width and (len(texts) < width or any(map(str.strip, texts[width:])))


class Columns:
    """The columns of one sheet. Raises UnknownColumns naming every duplicate, missing and unknown heading at once.

    `chosen` says by hand which field each column is, "" for one that is left out, and `header` in which row the
    headings stand, 0 for none; the headings then decide nothing.
    """

    #: What whoever uploaded the sheet should know about its reading: nothing, it is read as it stands.
    notes: Sequence[str] = ()

    def __init__(
        self, sheet: Sheet, resource: Any, chosen: Sequence[str] | None = None, header: int | None = None
    ) -> None:
        may_be_empty = getattr(resource, "may_be_empty", False)
        noun = getattr(resource, "noun", "figures")
        if not sheet.rows:
            raise Unreadable(Problem(f"No {noun} found: the file has no rows.", sheet.name))
        self.sheet, self.resource = sheet, resource
        self.header = _header_row(sheet, resource) if header is None else row_of_headings(sheet, header)
        self.data = [row for row in sheet.rows if row.number > self.header.number]
        self.index_of: dict[str, int] = {}
        problems = []
        if chosen is None:
            fields = fields_of(self.header.cells, resource)
        else:
            fields = [*chosen, *[""] * len(self.header.cells)][: len(self.header.cells)]
            left_out = [index for index in range(width_of(self.header, self.data)) if not fields[index]]
            self.notes = left_out_note(self.header, left_out)
        for index, (cell, name) in enumerate(zip(self.header.cells, fields, strict=True)):
            if name in self.index_of:
                places = f"{column_letters(self.index_of[name])} and {column_letters(index)}"
                problems.append(self._problem(index, f"Columns {places} are both “{self.heading(name)}”. Keep one."))
            elif name:
                self.index_of[name] = index
            elif chosen is not None:
                continue
            elif cell.text.strip() or any(index < len(row.texts) and row.texts[index].strip() for row in self.data):
                accepted = ", ".join(resource.columns())
                what = f"“{cell.text.strip()[:60]}”" if cell.text.strip() else "without a heading"
                problems.append(self._problem(index, f"We do not know the column {what}. Columns can be: {accepted}."))
        for name in resource.required:
            if name not in self.index_of:
                where = f"in the first {HEADINGS_WITHIN_ROWS} rows" if len(sheet.rows) > 1 else "in the first row"
                message = f"There is no column “{self.heading(name)}” {where}."
                problems.append(Problem(message, sheet.name, self.header.number))
        if problems:
            raise UnknownColumns(*problems)
        if not self.data and not may_be_empty:
            raise Unreadable(f"No {noun} found: there is nothing below the headings.")

    def heading(self, name: str) -> str:
        return self.resource.fields[name].column_name

    def _problem(self, index: int, message: str) -> Problem:
        text = self.header.cells[index].text.strip()[:60]
        return Problem(message, self.sheet.name, self.header.number, column_letters(index), text)

    def rows(self) -> tuple[Sequence[tuple[int, dict[str, Cell]]], list[Problem]]:
        """Row numbers with the cells by field, and the rows that do not have the headings' number of cells."""
        width = len(self.header.texts)
        good, problems = [], []
        for row in self.data:
            if _is_uneven(row, width):
                problems.append(self._uneven(row))
            else:
                cells = row.cells
                good.append((row.number, {name: cells[index] for name, index in self.index_of.items()}))
        return good, problems

    def figure_table(self) -> tuple[FigureTable, list[Problem]]:
        """The same of a sheet of figures, as its texts alone, column by column: it may have a hundred thousand rows."""
        width = len(self.header.texts)
        problems = [self._uneven(row) for row in self.data if _is_uneven(row, width)]
        uneven = {problem.row for problem in problems}
        rows = [row for row in self.data if row.number not in uneven] if uneven else self.data
        texts = list(zip(*(row.texts for row in rows), strict=False)) or [()] * width
        code, period, value = (texts[self.index_of[name]] for name in self.resource.required)
        further = {name: texts[self.index_of[name]] for name in FURTHER if name in self.index_of}
        further = {name: column for name, column in further.items() if any(column)}
        at = self.index_of["code"]
        numeric = [place for place, row in enumerate(rows) if row.numbers and at in row.numbers]
        return FigureTable([row.number for row in rows], code, period, value, further, frozenset(numeric)), problems

    def _uneven(self, row: Row) -> Problem:
        message = f"The row has {len(row.texts)} cells and the headings have {len(self.header.texts)}."
        return Problem(message, self.sheet.name, row.number)

    def row(self, number: int) -> int:
        """The row of the file that one of `rows` stands in."""
        return number

    def place(self, number: int) -> str:
        """Where that is, in words."""
        return f"row {number}"

    def locate(self, error: CellError) -> Problem:
        """A cell's error with its place in the sheet: column "C (Value)"."""
        column = ""
        if error.column:
            heading = self.heading(error.column)
            index = self.index_of.get(error.column)
            column = heading if index is None else f"{column_letters(index)} ({heading})"
        return Problem(error.message, self.sheet.name, error.row, column, error.value[:200])
