"""A sheet with a row for each indicator and a column for each period: its cells are read as if each had a row."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings

from kpis import figures
from kpis.reading import FigureTable
from lambeth_plans.accounts.record_sheets import CellError
from lambeth_plans.imports.columns import (
    HEADINGS_WITHIN_ROWS,
    Columns,
    UnknownColumns,
    fields_of,
    left_out_note,
    row_of_headings,
    width_of,
)
from lambeth_plans.periods import Period, PeriodKind
from lambeth_plans.spreadsheets import Cell, Problem, Row, Sheet, Unreadable, column_letters

#: What a heading may say beside naming a period.
_OUTTURN = re.compile(r"\s+(?:outturn|actual|result|figure)s?\s*$", re.IGNORECASE)
#: What is chosen for a column that holds the figures of the period in its heading.
BY_HEADING = "by heading"


def columns_of(
    sheet: Sheet, resource: Any, chosen: Sequence[str] | None = None, header: int | None = None
) -> "Columns | WideColumns":
    """The columns of a sheet of figures, long or wide. Raises Unreadable as they do.

    `chosen` and `header` are as for Columns; BY_HEADING stands for a column of the period that heads it.
    """
    if chosen is not None and BY_HEADING in chosen:
        return WideColumns(sheet, resource, row_of_headings(sheet, header or 0), chosen)
    if chosen is not None:
        return Columns(sheet, resource, chosen, header)
    wide = _wide_header(sheet, resource)
    return WideColumns(sheet, resource, wide) if wide else Columns(sheet, resource)


def _wide_header(sheet: Sheet, resource: Any) -> Row | None:
    """The row of headings that names the indicator and at least one period, and no column of values; none where any
    of the first rows has the headings of a long sheet."""
    candidates = [(row, fields_of(row.cells, resource)) for row in sheet.rows[:HEADINGS_WITHIN_ROWS]]
    if any(set(resource.required) <= set(fields) for _, fields in candidates):
        return None
    for row, fields in candidates:
        if "code" in fields and not {"value", "period"} & set(fields) and any(map(is_period, row.cells)):
            return row
    return None


def period_of(heading: str) -> Period | None:
    """The period that a heading names, begun or not, as in “2019/20 Outturn”; None for another heading."""
    try:
        return figures.parse_period(_OUTTURN.sub("", heading), today=date.max)
    except ValueError:
        return None


def is_period(cell: Cell) -> bool:
    """Whether a heading names a period."""
    return period_of(cell.text) is not None


@dataclass(frozen=True)
class Place:
    """Where a figure stands: the row as the spreadsheet program counts, the column counted from 0."""

    row: int
    column: int


class WideColumns:
    """The columns of a wide sheet: the code, perhaps a title, and periods. Raises UnknownColumns naming every other
    one, unless `chosen` leaves it out."""

    def __init__(self, sheet: Sheet, resource: Any, header: Row, chosen: Sequence[str] | None = None) -> None:
        self.sheet, self.resource, self.header = sheet, resource, header
        self.data = [row for row in sheet.rows if row.number > header.number]
        self.index_of: dict[str, int] = {}
        self.periods: dict[int, Cell] = {}
        self.places: list[Place] = []
        self.left_out: list[int] = []
        problems, known = [], {}
        width = width_of(header, self.data)
        fields = fields_of(header.cells, resource) if chosen is None else [*chosen, *[""] * width]
        for index, (cell, name) in enumerate(zip(header.cells[:width], fields, strict=False)):
            if name in resource.names and name not in self.index_of:
                self.index_of[name] = index
            elif chosen is not None and name != BY_HEADING:
                self.left_out.append(index)
            elif period := period_of(cell.text):
                if period in known:
                    places = f"{column_letters(known[period])} and {column_letters(index)}"
                    problems.append(self._heading(index, f"Columns {places} are both {period.label}. Keep one."))
                known[period] = index
                self.periods[index] = Cell(_OUTTURN.sub("", cell.text))
            elif cell.text.strip() or any(index < len(row.texts) and row.texts[index].strip() for row in self.data):
                problems.append(self._heading(index, _unknown(cell.text)))
        if "code" not in self.index_of:
            message = f"There is no column “{resource.fields['code'].column_name}”."
            problems.append(Problem(message, sheet.name, header.number))
        if problems:
            raise UnknownColumns(*problems)
        if not self.data:
            raise Unreadable("No figures found: there is nothing below the headings.")

    @property
    def notes(self) -> list[str]:
        """What whoever uploaded the sheet should know about its reading."""
        periods = [figures.parse_period(cell.text, today=date.max) for cell in self.periods.values()]
        each = "Each column" if not self.left_out else "Each further column"
        notes = [
            *left_out_note(self.header, self.left_out),
            f"{each} is a period: {', '.join(period.label for period in periods)}. An empty cell changes nothing.",
        ]
        days = [period.label for period in periods if period.kind is PeriodKind.SNAPSHOT]
        if days:
            notes.append(
                f"Headed by a day, so read as how things stood on it: {', '.join(days)}. "
                "If a month is meant, write it like Apr 2019."
            )
        return notes

    def _heading(self, index: int, message: str) -> Problem:
        text = self.header.cells[index].text.strip()[:60]
        return Problem(message, self.sheet.name, self.header.number, column_letters(index), text)

    def figure_table(self) -> tuple[FigureTable, list[Problem]]:
        """Each filled cell below a period as a row of its own, numbered from 0, and the rows that cannot be read so."""
        codes, periods, values, numeric, problems = [], [], [], set(), []
        width = len(self.header.texts)
        code = self.index_of["code"]
        headings = {index: cell.text for index, cell in self.periods.items()}
        for row in self.data:
            texts = row.texts
            if len(texts) < width or any(text.strip() for text in texts[width:]):
                message = f"The row has {len(texts)} cells and the headings have {width}."
                problems.append(Problem(message, self.sheet.name, row.number))
                continue
            filled = [index for index in headings if texts[index].strip()]
            if len(self.places) + len(filled) > settings.UPLOAD_LIMIT_ROWS:
                raise Unreadable(f"The sheet has more than {settings.UPLOAD_LIMIT_ROWS:,} figures. Split it.")
            if code in row.numbers:
                numeric.update(range(len(self.places), len(self.places) + len(filled)))
            codes += [texts[code]] * len(filled)
            periods += [headings[index] for index in filled]
            values += [texts[index] for index in filled]
            self.places += [Place(row.number, index) for index in filled]
        return FigureTable(range(len(codes)), codes, periods, values, numeric_codes=numeric), problems

    def row(self, number: int) -> int:
        return self.places[number].row

    def place(self, number: int) -> str:
        place = self.places[number]
        return f"cell {column_letters(place.column)}{place.row}"

    def locate(self, error: CellError) -> Problem:
        """An error with its place: a period's is its heading's, a code's stands once for the whole row."""
        place = self.places[error.row]
        if error.column == "period":
            return self._heading(place.column, error.message)
        message = error.message
        if error.column in ("numerator", "denominator"):
            message += " This sheet has no place for it: bring the figure in with a row of its own."
        index = self.index_of.get(error.column, place.column)
        column = f"{column_letters(index)} ({self.header.cells[index].text.strip()[:60]})"
        return Problem(message, self.sheet.name, place.row, column, error.value[:200])


def _unknown(text: str) -> str:
    what = f"“{text.strip()[:60]}”" if text.strip() else "without a heading"
    return (
        f"We do not know the column {what}. Beside the indicator and its title, each column is a period, headed like "
        "Apr 2019, Q1 2020/21 or 2019/20. Delete this one, or give it a period."
    )
