"""Opening a file of figures: a CSV file or a plain Excel workbook becomes rows of text, or is refused with the reason.

The file is judged by what it holds, not by its name. A workbook's listing is looked at before anything is unpacked;
then it is read in a child process with limits on memory and time, so that a hostile file ends that process and not the
server. This package is the only importer of openpyxl. It knows neither Django nor columns: `lambeth_plans/imports`
matches the headings and the resources of each app read the values. Here one sheet is read; `books` reads and writes
whole workbooks.
"""

import csv
import io
import json
import re
import subprocess
import sys
import zipfile
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from numbers import Real
from typing import Any
from xml.parsers import expat

LIMIT_COLUMNS = 150
LIMIT_CELLS = 400_000
LIMIT_MEMBERS = 500
LIMIT_UNPACKED_BYTES = 150 * 1024 * 1024
LIMIT_RATIO = 100
LIMIT_RATIO_FROM_BYTES = 1024 * 1024
LIMIT_MEMORY_BYTES = 700 * 1024 * 1024
LIMIT_SECONDS = 20

#: What an .xlsx file is called on the web.
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SAVE_AS = "Open it in your spreadsheet program and save it as “Excel Workbook (.xlsx)” or as CSV."


@dataclass(frozen=True)
class Problem:
    """What is wrong and where. `row` and `column` are as the spreadsheet program shows them; 0 and "" for the file."""

    message: str
    sheet: str = ""
    row: int = 0
    column: str = ""
    value: str = ""


class Unreadable(Exception):
    """The file cannot be taken. `problems` says why, all at once."""

    def __init__(self, *problems: Problem | str) -> None:
        self.problems = [Problem(problem) if isinstance(problem, str) else problem for problem in problems]
        super().__init__("; ".join(problem.message for problem in self.problems))


class WhichSheet(Unreadable):
    """Several sheets are filled and none was named. `names` are theirs in order, `hidden` those that are not read."""

    def __init__(self, names: list[str], hidden: list[str]) -> None:
        listed = ", ".join(f"“{name}”" for name in names)
        super().__init__(f"The workbook has several sheets: {listed}. Say which one holds the figures.")
        self.names, self.hidden = tuple(names), tuple(hidden)


@dataclass(frozen=True)
class Cell:
    """A cell's text. `is_number` where a workbook stores a number: 1.10 has then already become 1.1."""

    text: str = ""
    is_number: bool = False


@dataclass(frozen=True)
class Row:
    number: int
    cells: tuple[Cell, ...]

    @property
    def is_blank(self) -> bool:
        return not any(cell.text.strip() for cell in self.cells)


@dataclass(frozen=True)
class Sheet:
    """The rows that hold anything, and `notes`: what whoever uploaded the file should know about its reading."""

    name: str
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = field(default=())


def column_letters(index: int) -> str:
    """The letters of a column counted from 0: A, Z, AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def read(file_name: str, content: bytes, *, limit_rows: int, sheet: str = "") -> Sheet:
    """Reads a CSV file or one visible sheet of a workbook. `sheet` names it where there are several.

    Raises WhichSheet where there are several and none is named, and Unreadable with every reason found.
    """
    kind = file_name.rpartition(".")[2].lower()
    if not content:
        raise Unreadable("The file is empty.")
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise Unreadable("The workbook is protected by a password. Take the password off and save it again.")
        raise Unreadable(f"This is an old Excel workbook (.xls). {SAVE_AS}")
    if content.startswith(b"PK"):
        if kind != "xlsx":
            raise Unreadable(
                "The workbook may hold macros (.xlsm), which we do not open. Save it as “Excel Workbook (.xlsx)”."
                if kind == "xlsm"
                else f"The file holds a packed file, not text, although its name ends in .{kind}. {SAVE_AS}"
            )
        _inspect_package(content)
        return _read_workbook(content, limit_rows, sheet)
    if kind == "xlsx":
        raise Unreadable(f"The file is not an Excel workbook, although its name ends in .xlsx. {SAVE_AS}")
    if kind not in ("csv", "tsv", "txt"):
        raise Unreadable(f"We read .xlsx and .csv files. {SAVE_AS}")
    return _read_text(content, limit_rows)


# Text


def _decode(content: bytes) -> tuple[str, tuple[str, ...]]:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return content.decode("utf-16"), ("The file was read as UTF-16 text.",)
        except UnicodeDecodeError as error:
            raise Unreadable("The file begins like UTF-16 text but is damaged. Save it again as CSV UTF-8.") from error
    try:
        return content.decode("utf-8-sig"), ()
    except UnicodeDecodeError:
        pass
    try:
        return content.decode("cp1252"), (
            "The file is not UTF-8; it was read as Windows-1252 (Western European). Check pound signs and dashes.",
        )
    except UnicodeDecodeError as error:
        raise Unreadable("The file’s characters cannot be read. Save it as CSV UTF-8.") from error


def _delimiter(line: str) -> str:
    unquoted = re.sub(r'"[^"]*"', "", line)
    return max((",", ";", "\t"), key=unquoted.count)


def _read_text(content: bytes, limit_rows: int) -> Sheet:
    text, notes = _decode(content)
    if "\0" in text:
        raise Unreadable("The file holds characters that no text has. Save it as CSV UTF-8.")
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = _delimiter(first)
    if delimiter != ",":
        notes += (f"Columns are separated by {'semicolons' if delimiter == ';' else 'tabs'} in this file.",)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[Row] = []
    number = line = filled = 0
    try:
        for number, cells in enumerate(reader, 1):
            line = reader.line_num
            row = Row(number, tuple(Cell(text) for text in cells))
            if not row.is_blank:
                rows.append(row)
            if len(rows) > limit_rows + 1:
                raise Unreadable(f"The file has more than {limit_rows:,} rows. Split it.")
            filled += len(cells)
            if filled > LIMIT_CELLS:
                raise Unreadable(f"The file has more than {LIMIT_CELLS:,} cells. Split it.")
            if len(cells) > LIMIT_COLUMNS:
                raise Unreadable(Problem(f"The row has more than {LIMIT_COLUMNS} cells. Delete some.", row=number))
    except csv.Error as error:
        what = "a cell is far too long" if "field limit" in str(error) else "a quotation mark is not closed"
        raise Unreadable(
            Problem(f"From line {line + 1} on, the file cannot be read: {what}.", row=number + 1)
        ) from error
    return Sheet("", tuple(rows), notes)


# Workbooks, before anything is unpacked


def _inspect_package(content: bytes) -> None:
    """Looks at the listing of the zip file only. Raises Unreadable for what is no plain workbook."""
    try:
        members = zipfile.ZipFile(io.BytesIO(content)).infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, OverflowError) as error:
        raise Unreadable("The workbook is damaged or was cut short. Save it and upload it again.") from error
    names = {member.filename for member in members}
    if "xl/workbook.xml" not in names:
        raise Unreadable(f"The file is not an Excel workbook. {SAVE_AS}")
    if any("vbaproject" in name.lower() for name in names):
        raise Unreadable("The workbook holds macros, which we do not open. Save it as “Excel Workbook (.xlsx)”.")
    if any(member.flag_bits & 1 for member in members):
        raise Unreadable("The workbook is protected by a password. Take the password off and save it again.")
    unpacked = sum(member.file_size for member in members)
    packed_too_well = any(
        member.file_size > LIMIT_RATIO_FROM_BYTES and member.file_size > LIMIT_RATIO * max(member.compress_size, 1)
        for member in members
    )
    if len(members) > LIMIT_MEMBERS or unpacked > LIMIT_UNPACKED_BYTES or packed_too_well:
        raise Unreadable("The workbook unpacks to far more than a sheet of figures. Copy them to a new workbook.")


def _read_workbook(content: bytes, limit_rows: int, sheet: str) -> Sheet:
    """Reads the workbook in a child process and turns its answer into a Sheet."""
    try:
        child = subprocess.run(  # noqa: S603 - our own file, fixed arguments
            [sys.executable, "-I", __file__, str(limit_rows), sheet],
            input=content,
            capture_output=True,
            timeout=LIMIT_SECONDS,
            env={},
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise Unreadable("Reading the workbook takes too long. Copy the figures to a new workbook.") from error
    if child.returncode != 0:
        raise Unreadable("The workbook cannot be read. Copy the figures to a new workbook and upload that.")
    answer = json.loads(child.stdout)
    if answer.get("sheets"):
        raise WhichSheet(*answer["sheets"])
    if answer["problems"]:
        raise Unreadable(*(Problem(**problem) for problem in answer["problems"]))
    rows = (Row(number, tuple(Cell(*cell) for cell in cells)) for number, cells in answer["rows"])
    return Sheet(answer["name"], tuple(row for row in rows if not row.is_blank), tuple(answer["notes"]))


# In the child process


class _Reach:
    """How far the filled cells of a workbook reach, counted without building it. Refuses document types."""

    def __init__(self, limit_rows: int) -> None:
        self.limit_rows = limit_rows
        self.cells = self.row = self.column = 0
        self.last_row = self.last_column = 1
        self.has_formulas = False

    def scan(self, stream: Any) -> None:
        """Reads one XML part. Raises Unreadable beyond the limits, and expat's own error for what is not XML."""
        self.row = self.column = 0
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler = self._start
        parser.StartDoctypeDeclHandler = self._doctype
        parser.ParseFile(stream)

    def _doctype(self, *args: Any) -> None:
        raise Unreadable("The workbook holds a document type declaration, which no spreadsheet program writes.")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(" ")[2]
        if tag == "row":
            self.row = int(attributes.get("r", self.row + 1))
            self.column = 0
        elif tag == "c":
            self.cells += 1
            self.column += 1
            if letters := re.match(r"[A-Z]+", attributes.get("r", "")):
                self.column = sum((ord(letter) - 64) * 26**power for power, letter in enumerate(reversed(letters[0])))
            if self.cells > LIMIT_CELLS:
                raise Unreadable(f"The workbook has more than {LIMIT_CELLS:,} cells. Copy the figures to a new one.")
        elif tag in ("v", "is", "f"):  # only a cell with something in it counts: empty ones are formatted far down
            self.has_formulas = self.has_formulas or tag == "f"
            self.last_row, self.last_column = max(self.last_row, self.row), max(self.last_column, self.column)
            if self.row > self.limit_rows + 50 or self.column > LIMIT_COLUMNS:
                raise Unreadable(
                    f"Cell {column_letters(self.column - 1)}{self.row} is filled, and we read {self.limit_rows:,} rows "
                    f"and {LIMIT_COLUMNS} columns. Delete what stands far from the figures, or split the file."
                )


def _is_percent(number_format: str) -> bool:
    return "%" in re.sub(r'"[^"]*"|\\.|\[[^\]]*\]', "", number_format)


def _text_of(value: Any, number_format: str) -> tuple[str, bool]:
    """What a person sees in a cell, as text, and whether the workbook holds a number there."""
    if value is None:
        return "", False
    if isinstance(value, bool):
        return str(value).upper(), False
    if isinstance(value, datetime | date):
        # “Apr-19”, which Excel makes a date of, is a month; anything with a day in it is that day.
        has_day = "d" in re.sub(r'"[^"]*"|\\.|\[[^\]]*\]', "", number_format).lower()
        return (f"{value:%Y-%m-%d}" if has_day else f"{value:%b %Y}"), False
    if isinstance(value, Real):  # its shortest text becomes a Decimal; nothing is calculated in binary
        text = repr(value)
        if text in ("inf", "-inf", "nan"):
            return text, True
        number = Decimal(text) * (100 if _is_percent(number_format) else 1)
        plain = f"{number:f}"
        if "." in plain:
            plain = plain.rstrip("0").rstrip(".")
        return plain + ("%" if _is_percent(number_format) else ""), True
    return str(value), False


def _filled(sheet: Any, reach: _Reach) -> list[Any]:
    cells = sheet.iter_rows(max_row=reach.last_row, max_col=reach.last_column)
    return [cell for row in cells for cell in row if cell.value is not None]


def _choose_sheet(workbook: Any, reach: _Reach, wanted: str) -> tuple[Any, list[str]]:
    if not workbook.worksheets:
        raise Unreadable(f"The workbook is saved in a form we do not read (“Strict Open XML”?). {SAVE_AS}")
    visible = [sheet for sheet in workbook.worksheets if sheet.sheet_state == "visible"]
    hidden = [sheet.title for sheet in workbook.worksheets if sheet not in visible]
    notes = [f"Hidden sheets were not read: {', '.join(f'“{title}”' for title in hidden)}."] if hidden else []
    filled = [sheet for sheet in visible if _filled(sheet, reach)]
    matching = [sheet for sheet in visible if sheet.title.casefold() == wanted.casefold().strip()]
    if matching or (not wanted and len(filled) <= 1 and visible):
        return (matching or filled or visible)[0], notes
    if wanted or not filled:
        names = ", ".join(f"“{sheet.title}”" for sheet in filled) or "none with anything in it"
        raise Unreadable(f"The workbook has no visible sheet{f' “{wanted}”' if wanted else ''}. It has {names}.")
    raise WhichSheet([sheet.title for sheet in filled], hidden)


def _doubtful_cells(sheet: Any, formulas: Any, reach: _Reach) -> list[Problem]:
    """Everything in a sheet that may not mean what it seems to: hidden, merged, broken or never calculated."""
    title, filled = sheet.title, _filled(sheet, reach)
    columns = {cell.column for cell in filled}
    found = [
        Problem("The row is hidden. Show it or delete it.", title, number)
        for number in sorted({cell.row for cell in filled})
        if number in sheet.row_dimensions and sheet.row_dimensions[number].hidden
    ]
    for dimension in sheet.column_dimensions.values():
        covered = columns & set(range(dimension.min or 0, min(dimension.max or 0, LIMIT_COLUMNS) + 1))
        if dimension.hidden and covered:
            letters = ", ".join(column_letters(column - 1) for column in sorted(covered))
            found.append(Problem("The column is hidden. Show it or delete it.", title, 0, letters))
    found += [Problem(f"Cells {merged} are merged. Unmerge them.", title) for merged in sheet.merged_cells.ranges]
    for cell in filled:
        if cell.data_type == "e":
            message = f"Cell {cell.coordinate} holds an error. Mend it in the sheet."
            found.append(Problem(message, title, cell.row, cell.column_letter, str(cell.value)))
    for cell in _filled(formulas[title], reach) if formulas else ():
        if cell.data_type == "f" and sheet[cell.coordinate].value is None:
            message = f"Cell {cell.coordinate} holds a formula without its result. Open the file in Excel and save it."
            found.append(Problem(message, title, cell.row, cell.column_letter))
    return found


def _answer(content: bytes, limit_rows: int, wanted: str) -> dict[str, Any]:
    import openpyxl

    reach = _Reach(limit_rows)
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        for member in package.infolist():
            if member.filename.endswith((".xml", ".rels")):
                with package.open(member) as stream:
                    reach.scan(stream)
    # Not the read-only mode: that one believes the sheet's own word for its size and loses rows when it is stale.
    workbook = openpyxl.load_workbook(io.BytesIO(content), data_only=True, keep_links=False)
    formulas = openpyxl.load_workbook(io.BytesIO(content), keep_links=False) if reach.has_formulas else None
    sheet, notes = _choose_sheet(workbook, reach, wanted)
    if problems := _doubtful_cells(sheet, formulas, reach):
        raise Unreadable(*problems)
    rows = [
        (number, [_text_of(cell.value, cell.number_format) for cell in cells])
        for number, cells in enumerate(sheet.iter_rows(max_row=reach.last_row, max_col=reach.last_column), 1)
    ]
    return {"name": sheet.title, "rows": rows, "notes": notes, "problems": []}


def _main() -> None:
    """Reads a workbook from standard input and answers in JSON, within limits of memory and time."""
    import resource
    import warnings

    resource.setrlimit(resource.RLIMIT_AS, (LIMIT_MEMORY_BYTES, LIMIT_MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (LIMIT_SECONDS, LIMIT_SECONDS))
    warnings.simplefilter("ignore")
    try:
        answer = _answer(sys.stdin.buffer.read(), int(sys.argv[1]), sys.argv[2])
    except WhichSheet as question:
        answer = {"sheets": [question.names, question.hidden]}
    except Unreadable as refusal:
        answer = {"problems": [vars(problem) for problem in refusal.problems]}
    except MemoryError:
        answer = {"problems": [vars(Problem("The workbook is too large to read. Split it."))]}
    except Exception:  # openpyxl stumbles over odd workbooks with TypeError, KeyError and others
        answer = {"problems": [vars(Problem(f"The workbook cannot be read. {SAVE_AS}"))]}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    _main()
