"""Reads every sheet of a workbook in a process of its own, with limits on memory and time. Knows no Django."""

import io
import json
import re
import resource
import sys
import warnings
import zipfile
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

from lambeth_plans.spreadsheets import (
    LIMIT_COLUMNS,
    LIMIT_MEMORY_BYTES,
    SAVE_AS,
    Problem,
    Unreadable,
    _text_of,
    column_letters,
)
from lambeth_plans.spreadsheets.books import GUIDE, LISTS

_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
#: How many doubtful cells of a sheet are named; more would bury the rest.
MOST_NAMED = 200


@dataclass
class _Limits:
    rows: int
    cells: int


@dataclass
class _Doubts:
    """What stands in one sheet's XML that may not mean what it seems to, found without building the sheet."""

    limits: _Limits
    problems: list[Problem] = field(default_factory=list)
    title: str = ""
    number: int = 0
    column: int = 0
    cells: int = 0
    kind: str = ""
    has_formula: bool = False
    has_value: bool = False
    is_in_value: bool = False
    row_is_hidden: bool = False
    row_is_told: bool = False
    hidden: set[int] = field(default_factory=set)
    filled: set[int] = field(default_factory=set)

    def scan(self, stream: Any) -> None:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CharacterDataHandler = self._text
        parser.StartDoctypeDeclHandler = self._doctype
        parser.ParseFile(stream)
        if letters := ", ".join(column_letters(column - 1) for column in sorted(self.hidden & self.filled)):
            self._doubt("The column is hidden. Show it or delete it.", 0, letters)

    def _doubt(self, message: str, row: int = 0, column: str = "", value: str = "") -> None:
        if len(self.problems) < MOST_NAMED:
            self.problems.append(Problem(message, self.title, row, column, value))

    def _doctype(self, *args: Any) -> None:
        raise Unreadable("The workbook holds a document type declaration, which no spreadsheet program writes.")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(" ")[2]
        if tag == "row":
            self.number = int(attributes.get("r", self.number + 1))
            self.column = 0
            self.row_is_hidden, self.row_is_told = attributes.get("hidden") in ("1", "true"), False
        elif tag == "c":
            self._cell(attributes)
        elif tag == "f":
            self.has_formula = True
            self._filled()
        elif tag in ("v", "is"):
            self.is_in_value = True
            self._filled()
        elif tag == "col" and attributes.get("hidden") in ("1", "true"):
            last = min(int(attributes.get("max", 0)), LIMIT_COLUMNS)
            self.hidden.update(range(int(attributes.get("min", 0)), last + 1))
        elif tag == "mergeCell":
            self._doubt(f"Cells {attributes.get('ref', '')} are merged. Unmerge them.")

    def _cell(self, attributes: dict[str, str]) -> None:
        self.cells += 1
        self.column += 1
        if letters := re.match(r"[A-Z]+", attributes.get("r", "")):
            self.column = sum((ord(letter) - 64) * 26**power for power, letter in enumerate(reversed(letters[0])))
        self.kind, self.has_formula, self.has_value = attributes.get("t", ""), False, False
        if self.cells > self.limits.cells:
            raise Unreadable(f"A sheet has more than {self.limits.cells:,} cells. Split the workbook.")

    def _filled(self) -> None:
        self.filled.add(self.column)
        if self.number > self.limits.rows + 10 or self.column > LIMIT_COLUMNS:
            raise Unreadable(
                f"Cell {column_letters(self.column - 1)}{self.number} of a sheet is filled, and we read "
                f"{self.limits.rows:,} rows and {LIMIT_COLUMNS} columns. Delete what stands far from the rest."
            )
        if self.row_is_hidden and not self.row_is_told:
            self.row_is_told = True
            self._doubt("The row is hidden. Show it or delete it.", self.number)

    def _text(self, text: str) -> None:
        self.has_value = self.has_value or self.is_in_value

    def _end(self, name: str) -> None:
        self.is_in_value = False
        if name.rpartition(" ")[2] != "c":
            return
        letters = column_letters(self.column - 1)
        if self.kind == "e":
            self._doubt(f"Cell {letters}{self.number} holds an error. Mend it in the sheet.", self.number, letters)
        elif self.has_formula and not self.has_value:
            message = (
                f"Cell {letters}{self.number} holds a formula without its result. Open the file in Excel, save it."
            )
            self._doubt(message, self.number, letters)


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def _pair(cell: Any) -> tuple[str, bool]:
    value = cell.value
    if isinstance(value, str):
        return _unescaped(value), False
    return ("", False) if value is None else _text_of(value, cell.number_format)


def _write(said: Any) -> None:
    sys.stdout.write(json.dumps(said))
    sys.stdout.write("\n")


def _doubts_of_others(package: zipfile.ZipFile, paths: set[str], limits: _Limits) -> None:
    """Document types may stand in any part; the sheets are looked at one by one."""
    for member in package.infolist():
        if member.filename.endswith((".xml", ".rels")) and member.filename not in paths:
            with package.open(member) as stream:
                _Doubts(limits).scan(stream)


def _tell(content: bytes, limits: _Limits) -> None:
    import openpyxl

    with zipfile.ZipFile(io.BytesIO(content)) as package:
        names = {name for name in package.namelist() if name.startswith("xl/worksheets/")}
        _doubts_of_others(package, names, limits)  # before openpyxl builds anything of them
        workbook = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        if not workbook.worksheets:
            raise Unreadable(f"The workbook is saved in a form we do not read (“Strict Open XML”?). {SAVE_AS}")
        problems, sheets = [], []
        for sheet in workbook.worksheets:
            if sheet.title in (GUIDE, LISTS):
                continue
            doubts = _Doubts(limits, title=sheet.title)
            with package.open(sheet._worksheet_path.lstrip("/")) as stream:
                doubts.scan(stream)
            if sheet.sheet_state != "visible" and doubts.filled:
                problems.append(Problem("The sheet is hidden. Show it or delete it.", sheet.title))
            problems += doubts.problems
            if doubts.filled:
                sheets.append(sheet)
    if problems:
        raise Unreadable(*problems)
    _write({"problems": []})
    for sheet in sheets:
        _tell_rows(sheet)


def _tell_rows(sheet: Any) -> None:
    _write(sheet.title)
    sheet.reset_dimensions()  # the sheet's own word for its size may be stale
    for number, row in enumerate(sheet.iter_rows(), 1):
        cells = [_pair(cell) for cell in row]
        while cells and not cells[-1][0]:
            cells.pop()
        if any(text.strip() for text, _ in cells):
            _write([number, cells])


def main() -> None:
    """Arguments: the top of the project, rows of a sheet, cells of a sheet, seconds. The workbook on standard input."""
    rows, cells, seconds = map(int, sys.argv[2:5])
    resource.setrlimit(resource.RLIMIT_AS, (LIMIT_MEMORY_BYTES, LIMIT_MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    warnings.simplefilter("ignore")
    try:
        _tell(sys.stdin.buffer.read(), _Limits(rows, cells))
    except Unreadable as refusal:
        _write({"problems": [vars(problem) for problem in refusal.problems]})
    except MemoryError:
        _write({"problems": [vars(Problem("The workbook is too large to read. Split it."))]})
    except Exception:  # openpyxl stumbles over odd workbooks with TypeError, KeyError and others
        _write({"problems": [vars(Problem(f"The workbook cannot be read. {SAVE_AS}"))]})
