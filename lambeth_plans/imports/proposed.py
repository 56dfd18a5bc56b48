"""What the page that asks for columns shows: the sheets, the columns with their first values, and a proposal for each.

A column is proposed by what was chosen before, by its heading, or by what its values look like, and says which of
these it was. Nothing proposed counts before somebody has confirmed it. Reads only.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lambeth_plans.imports.columns import HEADINGS_WITHIN_ROWS, fields_of, row_of_headings, width_of
from lambeth_plans.imports.doors import Door, Look
from lambeth_plans.imports.models import ColumnMapping, ImportBatch
from lambeth_plans.imports.remembered import Remembered, read_sheet, recall
from lambeth_plans.imports.wide import BY_HEADING, is_period, period_of
from lambeth_plans.spreadsheets import Cell, Row, Sheet, WhichSheet, column_letters

VALUES_SHOWN = 3
LONGEST_SHOWN = 40
#: So many values of a column are looked at, and this share of them must look like a field's.
VALUES_LOOKED_AT = 20
SHARE = 0.5


@dataclass(frozen=True)
class Column:
    """A column of the sheet: what is printed, the period its heading names, what it is proposed to be, and why."""

    index: int
    heading: str
    values: tuple[str, ...]
    period: str
    proposed: str
    why: str

    @property
    def letters(self) -> str:
        return column_letters(self.index)

    @property
    def name(self) -> str:
        return f"“{self.heading}”" if self.heading else "no heading"


@dataclass(frozen=True)
class Question:
    """What must be said about a file. `sheet` None: which of `sheets`. `asked_for` is the sheet that was named, and
    empty where there is only one."""

    sheets: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    sheet: Sheet | None = None
    asked_for: str = ""
    header: int = 0
    headers: tuple[tuple[int, str], ...] = ()
    columns: tuple[Column, ...] = ()
    remembered: Remembered | None = None


def question_of(
    batch: ImportBatch, door: Door, *, sheet: str = "", header: int | None = None, another: bool = False
) -> Question:
    """What must be said about the file of a batch, with its proposals. `sheet` and `header` are what was said so far;
    `another` asks for the sheet even where one is remembered.

    Raises Unreadable for a sheet that cannot be read at all.
    """
    try:
        read = read_sheet(batch.file_name, bytes(batch.content), sheet)
    except WhichSheet as question:
        mappings = ColumnMapping.objects.filter(council=batch.council, kind=door.slug, sheet__in=question.names)
        known = set(mappings.values_list("sheet", flat=True))
        if len(known) != 1 or batch.is_asked or another:
            return Question(sheets=question.names, hidden=question.hidden)
        sheet = known.pop()
        read = read_sheet(batch.file_name, bytes(batch.content), sheet)
    remembered = recall(batch.council, door.slug, read, door.resource)
    looks = door.looks(batch.council)
    first = read.rows[:HEADINGS_WITHIN_ROWS]
    if header not in {0, *(row.number for row in first)}:
        header = remembered.header if remembered else likely_header(read, door, looks)
    if remembered and remembered.header != header:
        remembered = None
    return Question(
        sheet=read,
        asked_for=sheet,
        header=header or 0,
        headers=tuple((row.number, f"Row {row.number}: {_in_short(row)}") for row in first),
        columns=tuple(propose_columns(read, header or 0, door, looks, remembered)),
        remembered=remembered,
    )


def _in_short(row: Row) -> str:
    filled = [" ".join(cell.text.split())[:LONGEST_SHOWN] for cell in row.cells if cell.text.strip()]
    return ", ".join(filled[:4]) + (" …" if len(filled) > 4 else "")


def likely_header(sheet: Sheet, door: Door, looks: Mapping[str, Look]) -> int:
    """The row that seems to hold the headings: the first with the most we know, then with the most texts that are no
    values; 0 where the first row holds values already."""
    rows = sheet.rows[:HEADINGS_WITHIN_ROWS]
    known = [len(set(fields_of(row.cells, door.resource)) - {""}) for row in rows]
    texts = [sum(1 for cell in row.cells if _may_head(cell, looks)) for row in rows]
    if rows and not any(known):
        alike = {name for name, look in looks.items() if any(look(cell.text) for cell in rows[0].cells)}
        if len(alike) > 1:
            return 0
    best = max(range(len(rows)), key=lambda index: (known[index], texts[index]), default=0)
    return rows[best].number if rows else 0


def _may_head(cell: Cell, looks: Mapping[str, Look]) -> bool:
    """Whether a cell may be a heading: a text that looks like no value, but for a period, which may head a column."""
    text = cell.text.strip()
    if not text or cell.is_number:
        return False
    return is_period(cell) or not (text[0].isdigit() or any(look(text) for look in looks.values()))


def propose_columns(
    sheet: Sheet, header: int, door: Door, looks: Mapping[str, Look], remembered: Remembered | None
) -> list[Column]:
    """The columns of a sheet whose headings stand in row `header`, each with its proposal."""
    row = row_of_headings(sheet, header)
    data = [each for each in sheet.rows if each.number > row.number]
    headings = row.cells[: width_of(row, data)]
    if remembered:
        proposals = {index: (name, "As chosen before") for index, name in enumerate(remembered.chosen)}
    else:
        proposals = _by_heading(headings, door)
        proposals = _by_values(headings, data, door, looks, proposals)
    columns = []
    for index, cell in enumerate(headings):
        proposed, why = proposals.get(index, ("", "We do not know this heading" if cell.text.strip() else ""))
        columns.append(
            Column(
                index=index,
                heading=" ".join(cell.text.split())[:100],
                values=tuple(dict.fromkeys(text[:LONGEST_SHOWN] for text in _values(data, index)))[:VALUES_SHOWN],
                period=_period(cell) if door.takes_periods else "",
                proposed=proposed,
                why=why,
            )
        )
    return columns


def _period(cell: Cell) -> str:
    period = period_of(cell.text)
    return period.label if period else ""


def _values(data: Sequence[Row], index: int) -> list[str]:
    """The first values of a column that are not blank."""
    found: list[str] = []
    for row in data:
        if index < len(row.cells) and (text := " ".join(row.cells[index].text.split())):
            found.append(text)
            if len(found) == VALUES_LOOKED_AT:
                break
    return found


Proposals = dict[int, tuple[str, str]]


def _by_heading(headings: Sequence[Cell], door: Door) -> Proposals:
    proposals: Proposals = {}
    taken: set[str] = set()
    for index, name in enumerate(fields_of(headings, door.resource)):
        if name and name not in taken:
            proposals[index] = (name, "By its heading")
            taken.add(name)
    if door.takes_periods and not {"period", "value"} & taken:
        for index, cell in enumerate(headings):
            if index not in proposals and is_period(cell):
                proposals[index] = (BY_HEADING, "By its heading")
    return proposals


def _by_values(
    headings: Sequence[Cell], data: Sequence[Row], door: Door, looks: Mapping[str, Look], proposals: Proposals
) -> Proposals:
    """Adds a column for each needed field that no heading names: the one most of whose values look like it."""
    found = dict(proposals)
    has_periods = any(name == BY_HEADING for name, _ in found.values())
    values = {index: _values(data, index) for index in range(len(headings)) if index not in found}
    for name in _needed(door.resource, has_periods):
        look = looks.get(name)
        if look is None or any(name == known for known, _ in found.values()):
            continue
        shares = {
            index: sum(map(look, texts)) / len(texts) for index, texts in values.items() if texts and index not in found
        }
        best = max(shares, key=lambda index: (shares[index], -index), default=None)
        if best is not None and shares[best] >= SHARE:
            found[best] = (name, "By its values")
    return found


def _needed(resource: Any, has_periods: bool) -> Sequence[str]:
    return [name for name in resource.required if not has_periods or name in resource.names]
