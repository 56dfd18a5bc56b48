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
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from numbers import Real
from pathlib import Path
from typing import Any

from lambeth_plans.packages import Damaged, is_protected, members_of, unpacks_to_too_much

LIMIT_COLUMNS = 150
LIMIT_CELLS = 1_500_000
LIMIT_MEMBERS = 500
LIMIT_UNPACKED_BYTES = 150 * 1024 * 1024
LIMIT_MEMORY_BYTES = 700 * 1024 * 1024
LIMIT_SECONDS = 45

#: What an .xlsx file is called on the web.
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_NO_TEXT = "The file holds characters that no text has. Save it as CSV UTF-8."
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
    """The file cannot be taken. `problems` says why, all at once; `notes` how it was read so far."""

    notes: tuple[str, ...] = ()

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


class Row:
    """A row as the spreadsheet program counts it: its texts, and in which columns a workbook stores a number.

    Cells are made when somebody asks for them: a sheet may have a million.
    """

    __slots__ = ("number", "numbers", "texts")

    def __init__(self, number: int, cells: Iterable[Cell]) -> None:
        cells = tuple(cells)
        self.number, self.texts = number, [cell.text for cell in cells]
        self.numbers = frozenset(index for index, cell in enumerate(cells) if cell.is_number)

    @classmethod
    def of(cls, number: int, texts: list[str], numbers: Collection[int] = ()) -> "Row":
        """A row of texts."""
        row = cls.__new__(cls)
        row.number, row.texts, row.numbers = number, texts, numbers
        return row

    @property
    def cells(self) -> tuple[Cell, ...]:
        return tuple(Cell(text, index in self.numbers) for index, text in enumerate(self.texts))

    @property
    def is_blank(self) -> bool:
        return not any(map(str.strip, self.texts))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Row) and (self.number, self.cells) == (other.number, other.cells)

    __hash__ = None  # type: ignore[assignment]


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
    except UnicodeDecodeError as error:
        if re.search(rb"\xed[\xa0-\xbf][\x80-\xbf]", content):  # half of a letter that takes two
            raise Unreadable(_NO_TEXT) from error
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
        raise Unreadable(_NO_TEXT)
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
            width = len(cells)
            filled += width
            if not any(cells) or not any(map(str.strip, cells)):
                continue
            rows.append(Row.of(number, cells))
            if len(rows) > limit_rows + 1:
                raise Unreadable(f"The file has more than {limit_rows:,} rows. Split it.")
            if filled > LIMIT_CELLS:
                raise Unreadable(f"The file has more than {LIMIT_CELLS:,} cells. Split it.")
            if width > LIMIT_COLUMNS:
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
        members = members_of(content)
    except Damaged as error:
        raise Unreadable("The workbook is damaged or was cut short. Save it and upload it again.") from error
    names = {member.filename for member in members}
    if "xl/workbook.xml" not in names:
        raise Unreadable(f"The file is not an Excel workbook. {SAVE_AS}")
    if any("vbaproject" in name.lower() for name in names):
        raise Unreadable("The workbook holds macros, which we do not open. Save it as “Excel Workbook (.xlsx)”.")
    if is_protected(members):
        raise Unreadable("The workbook is protected by a password. Take the password off and save it again.")
    if unpacks_to_too_much(members, most_members=LIMIT_MEMBERS, most_bytes=LIMIT_UNPACKED_BYTES):
        raise Unreadable("The workbook unpacks to far more than a sheet of figures. Copy them to a new workbook.")


def _read_workbook(content: bytes, limit_rows: int, sheet: str) -> Sheet:
    """Reads one sheet of a workbook. Raises WhichSheet where there are several and none is named."""
    answer = ask_child(content, limit_rows, seconds=LIMIT_SECONDS, sheet=sheet)
    first = json.loads(answer[0])
    if first.get("sheets"):
        raise WhichSheet(*first["sheets"])
    (read,) = sheets_of(answer[1:])
    return replace(read, notes=tuple(first["notes"]))


def ask_child(content: bytes, limit_rows: int, *, seconds: int, sheet: str | None = None) -> list[bytes]:
    """What a child process reads in a workbook, within limits of memory and time: lines of JSON, the first of them
    about the whole. `sheet` None reads all of them, "" the only filled one. Raises Unreadable with every reason."""
    top = str(Path(__file__).resolve().parent.parent.parent)
    start = (
        "import sys; sys.path.insert(0, sys.argv[1]); from lambeth_plans.spreadsheets.book_child import main; main()"
    )
    wanted = [] if sheet is None else [sheet]
    try:
        child = subprocess.run(  # noqa: S603 - our own code, fixed arguments
            [sys.executable, "-I", "-c", start, top, str(limit_rows), str(LIMIT_CELLS), str(seconds), *wanted],
            input=content,
            capture_output=True,
            timeout=seconds,
            env={},
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise Unreadable("Reading the workbook takes too long. Split it.") from error
    lines = child.stdout.splitlines()
    if child.returncode != 0 or not lines:
        raise Unreadable(f"The workbook cannot be read. {SAVE_AS}")
    first = json.loads(lines[0])
    if first["problems"]:
        raise Unreadable(*(Problem(**problem) for problem in first["problems"]))
    return lines


def sheets_of(lines: Iterable[bytes]) -> Iterator[Sheet]:
    """Each line is a sheet's name or some of its rows; rows are made as wide as the widest."""
    name: str | None = None
    rows: list[list] = []
    for line in lines:
        said = json.loads(line)
        if isinstance(said, str):
            if name is not None:
                yield _sheet(name, rows)
            name, rows = said, []
        else:
            rows += said
    if name is not None:
        yield _sheet(name, rows)


def _sheet(name: str, rows: list[list]) -> Sheet:
    width = max((len(texts) for _, texts, _ in rows), default=0)
    for _, texts, _ in rows:
        texts += [""] * (width - len(texts))
    return Sheet(name, tuple(Row.of(*row) for row in rows))


# In the child process


def _is_percent(number_format: str) -> bool:
    return "%" in re.sub(r'"[^"]*"|\\.|\[[^\]]*\]', "", number_format)


def _date_in_words(value: date, number_format: str) -> str:
    """“Apr-19” is a month, anything with a day in it that day. What is not shown (the year of “6-Jul”) is a guess."""
    shown = re.sub(r'"[^"]*"|\\.|\[[^\]]*\]', "", number_format).lower()
    if "y" in shown:
        return f"{value:%Y-%m-%d}" if "d" in shown else f"{value:%b %Y}" if "m" in shown else f"{value:%Y}"
    return f"{value:%d-%b}" if "d" in shown else f"{value:%H:%M}" if "h" in shown else f"{value:%B}"


def _text_of(value: Any, number_format: str) -> tuple[str, bool]:
    """What a person sees in a cell, as text, and whether the workbook holds a number there."""
    if value is None:
        return "", False
    if isinstance(value, bool):
        return str(value).upper(), False
    if isinstance(value, datetime | date):
        return _date_in_words(value, number_format), False
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
