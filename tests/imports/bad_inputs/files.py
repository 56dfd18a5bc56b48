"""How the files of the table are made: CSV text, workbooks, and workbooks that are spoilt on purpose."""

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import openpyxl

HEADINGS = ("Indicator", "Period", "Value")
ROW = ("LC06", "2019/20", "47.5%")
SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


@dataclass(frozen=True)
class Shown:
    """A cell of a workbook: its value, its number format, and its kind where openpyxl would choose another."""

    value: Any
    number_format: str = "General"
    kind: str = ""


def text(*rows: Sequence[Any], headings: Sequence[str] = HEADINGS, delimiter: str = ",", newline: str = "\n") -> str:
    """CSV text. Without rows it has the good one."""
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, lineterminator=newline).writerows([headings, *(rows or [ROW])])
    return out.getvalue()


def lines(*rows: Sequence[Any], headings: Sequence[str] = HEADINGS) -> bytes:
    return text(*rows, headings=headings).encode()


def workbook(
    rows: Iterable[Sequence[Any]] = (HEADINGS, ROW), change: Callable[[Any, Any], object] | None = None
) -> bytes:
    """A workbook of one sheet called Sheet; `change(book, sheet)` spoils it."""
    book = openpyxl.Workbook()
    sheet = book.active
    for number, row in enumerate(rows, 1):
        for index, held in enumerate(row, 1):
            shown = held if isinstance(held, Shown) else Shown(held)
            if shown.value is None:
                continue
            cell = sheet.cell(number, index, shown.value)
            if shown.number_format != "General":
                cell.number_format = shown.number_format
            if shown.kind or isinstance(shown.value, str):
                cell.data_type = shown.kind or "s"
    if change:
        change(book, sheet)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def repacked(content: bytes, edit: Callable[[str, bytes], bytes | None]) -> bytes:
    """The same package with each member's bytes passed through `edit(name, data)`; None leaves one out."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = edit(name, old.read(name))
            if data is not None:
                new.writestr(name, data)
    return out.getvalue()


def in_member(member: str, pattern: bytes, replacement: bytes) -> Callable[[str, bytes], bytes]:
    """An edit of one member's XML, which must change it."""

    def edit(name: str, data: bytes) -> bytes:
        if not name.endswith(member):
            return data
        changed = re.sub(pattern, replacement, data, count=1)
        assert changed != data, f"{pattern!r} is not in {name}"
        return changed

    return edit


def in_sheet(pattern: bytes, replacement: bytes) -> Callable[[str, bytes], bytes]:
    return in_member("sheet1.xml", pattern, replacement)


def added(content: bytes, members: dict[str, bytes]) -> bytes:
    """The package with more members; of nothing, a new one."""
    out = io.BytesIO(content)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as package:
        for name, data in members.items():
            package.writestr(name, data)
    return out.getvalue()


def with_sheet_of(pieces: Iterable[bytes]) -> bytes:
    """A workbook whose sheet is written a piece at a time, packed quickly."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook())) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        new.compresslevel = 1
        for name in old.namelist():
            if not name.endswith("sheet1.xml"):
                new.writestr(name, old.read(name))
                continue
            with new.open(name, "w", force_zip64=True) as member:
                member.write(f'<worksheet xmlns="{SPREADSHEET}"><sheetData>'.encode())
                for piece in pieces:
                    member.write(piece)
                member.write(b"</sheetData></worksheet>")
    return out.getvalue()
