"""Reads every sheet of a workbook in a process of its own, with limits on memory and time. Knows no Django."""

import gc
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
#: So many rows are written in one line.
BUNDLE = 1_000


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
    error: str = ""
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
        self.kind, self.has_formula, self.has_value, self.error = attributes.get("t", ""), False, False, ""
        if self.cells > self.limits.cells:
            raise Unreadable(f"A sheet has more than {self.limits.cells:,} cells. Split the workbook.")

    def _filled(self) -> None:
        self.filled.add(self.column)
        if self.number > self.limits.rows + 10 or self.column > LIMIT_COLUMNS:
            letters = column_letters(self.column - 1)
            message = (
                f"Cell {letters}{self.number} is filled, and we read {self.limits.rows:,} rows and {LIMIT_COLUMNS} "
                "columns. Delete what stands far from the rest, or split the file."
            )
            raise Unreadable(Problem(message, self.title, self.number, letters))
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
        if name.rpartition(" ")[2] != "c":
            return
        letters = column_letters(self.column - 1)
        if self.kind == "e":
            message = f"Cell {letters}{self.number} holds an error. Mend it in the sheet."
            self._doubt(message, self.number, letters, self.error)
        elif self.has_formula and not self.has_value:
            message = (
                f"Cell {letters}{self.number} holds a formula without its result. Open the file in Excel, save it."
            )
            self._doubt(message, self.number, letters)


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def _write(said: Any) -> None:
    sys.stdout.write(json.dumps(said))
    sys.stdout.write("\n")


def _doubts_of_others(package: zipfile.ZipFile, paths: set[str], limits: _Limits) -> None:
    """Document types may stand in any part; the sheets are looked at one by one."""
    for member in package.infolist():
        if member.filename.endswith((".xml", ".rels")) and member.filename not in paths:
            with package.open(member) as stream:
                _Doubts(limits).scan(stream)


@dataclass
class _Looked:
    """A sheet, what is doubtful in it, and whether anything stands there."""

    sheet: Any
    doubts: _Doubts

    @property
    def title(self) -> str:
        return self.sheet.title

    @property
    def is_visible(self) -> bool:
        return self.sheet.sheet_state == "visible"


def _tell(content: bytes, limits: _Limits, wanted: str | None) -> None:
    """Writes what was asked for: all sheets (`wanted` None), or the one named, or the only filled one ("")."""
    import openpyxl

    with zipfile.ZipFile(io.BytesIO(content)) as package:
        names = {name for name in package.namelist() if name.startswith("xl/worksheets/")}
        _doubts_of_others(package, names, limits)  # before openpyxl builds anything of them
        workbook = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        if not workbook.worksheets:
            raise Unreadable(f"The workbook is saved in a form we do not read (“Strict Open XML”?). {SAVE_AS}")
        looked = []
        for sheet in workbook.worksheets:
            if wanted is None and sheet.title in (GUIDE, LISTS):
                continue
            doubts = _Doubts(limits, title=sheet.title)
            with package.open(sheet._worksheet_path.lstrip("/")) as stream:
                doubts.scan(stream)
            looked.append(_Looked(sheet, doubts))
    if wanted is None:
        _tell_all(looked)
    else:
        _tell_one(looked, wanted.strip())


def _tell_all(looked: list[_Looked]) -> None:
    problems = []
    for each in looked:
        if not each.is_visible and each.doubts.filled:
            problems.append(Problem("The sheet is hidden. Show it or delete it.", each.title))
        problems += each.doubts.problems
    if problems:
        raise Unreadable(*problems)
    _write({"problems": []})
    for each in looked:
        if each.doubts.filled:
            _tell_rows(each.sheet)


def _tell_one(looked: list[_Looked], wanted: str) -> None:
    visible = [each for each in looked if each.is_visible]
    hidden = [each.title for each in looked if not each.is_visible]
    filled = [each for each in visible if each.doubts.filled]
    matching = [each for each in visible if each.title.casefold() == wanted.casefold()]
    if not matching and not wanted and len(filled) <= 1 and visible:
        matching = filled or visible
    if matching:
        if matching[0].doubts.problems:
            raise Unreadable(*matching[0].doubts.problems)
        named = ", ".join(f"“{title}”" for title in hidden)
        _write({"problems": [], "notes": [f"Hidden sheets were not read: {named}."] if hidden else []})
        _tell_rows(matching[0].sheet)
    elif wanted or not filled:
        names = ", ".join(f"“{each.title}”" for each in filled) or "none with anything in it"
        raise Unreadable(f"The workbook has no visible sheet{f' “{wanted}”' if wanted else ''}. It has {names}.")
    else:
        _write({"problems": [], "sheets": [[each.title for each in filled], hidden]})


def _tell_rows(sheet: Any) -> None:
    """Writes a sheet's rows in bundles: number, texts, and in which columns a number is stored."""
    _write(sheet.title)
    sheet.reset_dimensions()  # the sheet's own word for its size may be stale
    bundle = []
    for number, cells in enumerate(sheet.iter_rows(), 1):
        texts, numbers = [], []
        for index, cell in enumerate(cells):
            value = cell.value
            if value is None:
                texts.append("")
            elif type(value) is str:
                texts.append(_unescaped(value))
            else:
                text, is_number = _text_of(value, cell.number_format)
                texts.append(text)
                if is_number:
                    numbers.append(index)
        while texts and not texts[-1]:
            texts.pop()
        if any(map(str.strip, texts)):
            bundle.append([number, texts, numbers])
            if len(bundle) >= BUNDLE:
                _write(bundle)
                bundle = []
    _write(bundle)


def main() -> None:
    """Arguments: the top of the project, rows of a sheet, cells of a sheet, seconds, and which sheet, if one. The
    workbook comes on standard input."""
    rows, cells, seconds = map(int, sys.argv[2:5])
    wanted = sys.argv[5] if len(sys.argv) > 5 else None
    resource.setrlimit(resource.RLIMIT_AS, (LIMIT_MEMORY_BYTES, LIMIT_MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    warnings.simplefilter("ignore")
    gc.disable()  # cells by the million, and no cycles among them
    try:
        _tell(sys.stdin.buffer.read(), _Limits(rows, cells), wanted)
    except Unreadable as refusal:
        _write({"problems": [vars(problem) for problem in refusal.problems]})
    except MemoryError:
        _write({"problems": [vars(Problem("The workbook is too large to read. Split it."))]})
    except Exception:  # openpyxl stumbles over odd workbooks with TypeError, KeyError and others
        _write({"problems": [vars(Problem(f"The workbook cannot be read. {SAVE_AS}"))]})
