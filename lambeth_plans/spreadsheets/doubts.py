"""What stands in a sheet's XML that may not mean what it seems to: hidden, merged, broken or never calculated."""

import io
import re
from dataclasses import dataclass
from typing import Any
from xml.parsers import expat

from lambeth_plans.spreadsheets import LIMIT_COLUMNS, Problem, Unreadable, column_letters
from lambeth_plans.spreadsheets.plain_sheets import is_plain

_ZERO = re.compile(r"0+(\.0*)?")
#: How many doubtful cells of a sheet are named; more would bury the rest.
MOST_NAMED = 200


@dataclass
class Limits:
    rows: int
    cells: int


def _is_hidden(attributes: dict[str, str], size: str) -> bool:
    """Whether a row or a column is hidden, or so narrow that nobody sees it."""
    return attributes.get("hidden") in ("1", "true") or bool(_ZERO.fullmatch(attributes.get(size, "")))


_VALUE = re.compile(rb"<(?:v|is)[ >]")


def too_far(cell: str, limits: Limits) -> str:
    return (
        f"Cell {cell} is filled, and we read {limits.rows:,} rows and {LIMIT_COLUMNS} columns. Delete what stands far "
        "from the rest, or split the file."
    )


def _doctype(*args: Any) -> None:
    raise Unreadable("The workbook holds a document type declaration, which no spreadsheet program writes.")


def refuse_document_type(stream: Any) -> None:
    """Raises Unreadable for a part that declares a document type, and expat's own error for what is no XML."""
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _doctype
    parser.ParseFile(stream)


class Doubts:
    """What stands in one sheet's XML that may not mean what it seems to, found without building the sheet.

    A sheet has millions of elements, and each is a call: what is done for each is as little as can be.
    """

    def __init__(self, limits: Limits, title: str = "") -> None:
        self.limits, self.title = limits, title
        self.problems: list[Problem] = []
        self.number = self.column = self.cells = 0
        self.kind = self.error = ""
        self.has_formula = self.has_value = self.is_in_value = False
        self.row_is_hidden = self.row_is_told = False
        self.hidden: set[int] = set()
        self.filled: set[int] = set()
        self._columns: dict[str, int] = {}
        self._starts = {
            "c": self._cell,
            "v": self._value,
            "is": self._value,
            "row": self._row,
            "f": self._formula,
            "col": self._column,
            "mergeCell": self._merged,
        }

    def look_at(self, part: bytes) -> None:
        """Looks at a sheet's XML: at each of its elements only where there may be something to find."""
        if is_plain(part, most_rows=self.limits.rows, most_cells=self.limits.cells):
            if _VALUE.search(part):
                self.filled.add(1)
        else:
            self.scan(io.BytesIO(part))

    def scan(self, stream: Any) -> None:
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CharacterDataHandler = self._text
        parser.StartDoctypeDeclHandler = _doctype
        parser.ParseFile(stream)
        if letters := ", ".join(column_letters(column - 1) for column in sorted(self.hidden & self.filled)):
            self._doubt("The column is hidden. Show it or delete it.", 0, letters)

    def _doubt(self, message: str, row: int = 0, column: str = "", value: str = "") -> None:
        if len(self.problems) < MOST_NAMED:
            self.problems.append(Problem(message, self.title, row, column, value))

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        handle = self._starts.get(name) or self._starts.get(name.rpartition(":")[2])
        if handle:
            handle(attributes)

    def _row(self, attributes: dict[str, str]) -> None:
        number = int(attributes.get("r", self.number + 1))
        if number <= self.number:  # openpyxl would leave it out
            self._doubt(f"Row {number} comes after row {self.number}. Open the file in Excel and save it.", number)
        self.number, self.column = number, 0
        self.row_is_hidden, self.row_is_told = _is_hidden(attributes, "ht"), False

    def _column(self, attributes: dict[str, str]) -> None:
        if _is_hidden(attributes, "width"):
            last = min(int(attributes.get("max", 0)), LIMIT_COLUMNS)
            self.hidden.update(range(int(attributes.get("min", 0)), last + 1))

    def _merged(self, attributes: dict[str, str]) -> None:
        area = attributes.get("ref", "")
        first = re.match(r"([A-Z]+)([0-9]+)", area)
        place = (int(first[2]), first[1]) if first else (0, "")
        self._doubt(f"Cells {area} are merged. Unmerge them.", *place)

    def _cell(self, attributes: dict[str, str]) -> None:
        self.cells += 1
        self.column += 1
        if place := attributes.get("r"):
            self.column = self._number_of(place.rstrip("0123456789"))
        self.kind = attributes.get("t", "")
        self.has_formula = self.has_value = False
        self.error = ""
        if self.cells > self.limits.cells:
            raise Unreadable(f"A sheet has more than {self.limits.cells:,} cells. Split the workbook.")

    def _number_of(self, letters: str) -> int:
        number = self._columns.get(letters)
        if number is None:
            number = sum((ord(letter) - 64) * 26**power for power, letter in enumerate(reversed(letters)))
            self._columns[letters] = number
        return number

    def _formula(self, attributes: dict[str, str]) -> None:
        self.has_formula = True
        self._filled()

    def _value(self, attributes: dict[str, str]) -> None:
        self.is_in_value = True
        self._filled()

    def _filled(self) -> None:
        self.filled.add(self.column)
        if self.number > self.limits.rows + 10 or self.column > LIMIT_COLUMNS:
            raise Unreadable(too_far(f"{column_letters(self.column - 1)}{self.number}", self.limits))
        if self.row_is_hidden and not self.row_is_told:
            self.row_is_told = True
            self._doubt("The row is hidden. Show it or delete it.", self.number)

    def _text(self, text: str) -> None:
        if self.is_in_value:
            self.has_value = True
            if self.kind == "e":
                self.error += text

    def _end(self, name: str) -> None:
        self.is_in_value = False
        if (self.has_formula or self.kind == "e") and name.rpartition(":")[2] == "c":
            self._doubt_cell()

    def _doubt_cell(self) -> None:
        letters = column_letters(self.column - 1)
        if self.kind == "e":
            message = f"Cell {letters}{self.number} holds an error. Mend it in the sheet."
            self._doubt(message, self.number, letters, self.error)
        elif not self.has_value:
            message = (
                f"Cell {letters}{self.number} holds a formula without its result. Open the file in Excel and save it."
            )
            self._doubt(message, self.number, letters)
