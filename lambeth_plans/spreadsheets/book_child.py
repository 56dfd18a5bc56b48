"""Reads every sheet of a workbook in a process of its own, with limits on memory and time. Knows no Django."""

import gc
import io
import json
import re
import resource
import sys
import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lambeth_plans.spreadsheets import (
    LIMIT_COLUMNS,
    LIMIT_MEMORY_BYTES,
    SAVE_AS,
    Problem,
    Unreadable,
    _is_percent,
    _text_of,
    column_letters,
)
from lambeth_plans.spreadsheets.books import GUIDE, LISTS
from lambeth_plans.spreadsheets.doubts import Doubts, Limits, refuse_document_type, too_far

#: Excel writes a letter that XML would lose as `_x000D_`. One that no text has stays as it is written.
_ESCAPE = re.compile(r"_x(?!0000|[Dd][89A-Fa-f])([0-9A-Fa-f]{4})_")
#: So many rows are written in one line.
BUNDLE = 1_000


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


#: What is to be told, once all of it is read: openpyxl may stumble in the middle of a sheet.
_told: list[str] = []


def _write(said: Any) -> None:
    _told.append(json.dumps(said))


def _doubts_of_others(package: zipfile.ZipFile, paths: set[str]) -> None:
    """Document types may stand in any part; the sheets are looked at one by one."""
    for member in package.infolist():
        if member.filename.endswith((".xml", ".rels")) and member.filename not in paths:
            with package.open(member) as stream:
                refuse_document_type(stream)


@dataclass
class _Looked:
    """A sheet, what is doubtful in it, and whether anything stands there."""

    sheet: Any
    doubts: Doubts

    @property
    def title(self) -> str:
        return self.sheet.title

    @property
    def is_visible(self) -> bool:
        return self.sheet.sheet_state == "visible"


def _tell(content: bytes, limits: Limits, wanted: str | None) -> None:
    """Writes what was asked for: all sheets (`wanted` None), or the one named, or the only filled one ("")."""
    import openpyxl

    with zipfile.ZipFile(io.BytesIO(content)) as package:
        names = {name for name in package.namelist() if name.startswith("xl/worksheets/")}
        _doubts_of_others(package, names)  # before openpyxl builds anything of them
        workbook = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        if not workbook.worksheets:
            raise Unreadable(f"The workbook is saved in a form we do not read (“Strict Open XML”?). {SAVE_AS}")
        looked = []
        for sheet in workbook.worksheets:
            if wanted is None and sheet.title in (GUIDE, LISTS):
                continue
            doubts = Doubts(limits, title=sheet.title)
            doubts.look_at(package.read(sheet._worksheet_path.lstrip("/")))
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
            _tell_rows(each.sheet, each.doubts.limits)


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
        _tell_rows(matching[0].sheet, matching[0].doubts.limits)
    elif wanted or not filled:
        names = ", ".join(f"“{each.title}”" for each in filled) or "none with anything in it"
        raise Unreadable(f"The workbook has no visible sheet{f' “{wanted}”' if wanted else ''}. It has {names}.")
    else:
        _write({"problems": [], "sheets": [[each.title for each in filled], hidden]})


def _tell_rows(sheet: Any, limits: Limits) -> None:
    """Writes a sheet's rows in bundles: number, texts, and in which columns a number is stored."""
    _write(sheet.title)
    sheet.reset_dimensions()  # the sheet's own word for its size may be stale
    _lose_no_cell(sheet)
    bundle = []
    rows = _shown(sheet) if _has_formats(sheet.parent) else _plain(sheet)
    for number, (texts, numbers) in enumerate(rows, 1):
        while texts and not texts[-1]:
            texts.pop()
        if texts and (texts[-1].strip() or any(map(str.strip, texts))):
            if len(texts) > LIMIT_COLUMNS:
                raise Unreadable(too_far(f"{column_letters(len(texts) - 1)}{number}", limits))
            bundle.append((number, texts, numbers))
            if len(bundle) >= BUNDLE:
                _write(bundle)
                bundle = []
    _write(bundle)


def _lose_no_cell(sheet: Any) -> None:
    """Refuses a row whose cells stand in another order: openpyxl takes its last one for its end."""
    as_it_stands = sheet._get_row

    def in_order(row: list[dict[str, Any]], *args: Any, **kwargs: Any) -> Any:
        columns = [cell["column"] for cell in row]
        if columns != sorted(set(columns)):
            message = "The row’s cells are not in the order of their columns. Open the file in Excel and save it."
            raise Unreadable(Problem(message, sheet.title, row[0]["row"]))
        return as_it_stands(row, *args, **kwargs)

    sheet._get_row = in_order


def _has_formats(workbook: Any) -> bool:
    """Whether any cell may be shown otherwise than as the number it holds: as a percentage or a day."""
    from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format

    own = list(workbook._number_formats)
    used = {style.numFmtId for style in workbook._cell_styles}
    shown = [BUILTIN_FORMATS.get(each) or own[each - 164] if each < 164 + len(own) else "%" for each in used]
    return any(_is_percent(each) or is_date_format(each) for each in shown)


def _plain(sheet: Any) -> Iterator[tuple[list[str], list[int]]]:
    for values in sheet.iter_rows(values_only=True):
        numbers: list[int] = []
        texts = []
        for index, value in enumerate(values):
            if value is None:
                texts.append("")
            elif type(value) is str:
                texts.append(_unescaped(value) if "_x" in value else value)
            else:
                text, is_number = _number(value)
                texts.append(text)
                if is_number:
                    numbers.append(index)
        yield texts, numbers


def _number(value: Any) -> tuple[str, bool]:
    """As `_text_of` says of what is shown as it stands, quickly where nothing is to be decided."""
    text = repr(value)
    if text.replace(".", "", 1).removeprefix("-").isdecimal():
        return text.removesuffix(".0"), True
    return _text_of(value, "General")


def _shown(sheet: Any) -> Iterator[tuple[list[str], list[int]]]:
    for cells in sheet.iter_rows():
        numbers: list[int] = []
        texts = []
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
        yield texts, numbers


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
        _tell(sys.stdin.buffer.read(), Limits(rows, cells), wanted)
    except Unreadable as refusal:
        _told[:] = [json.dumps({"problems": [vars(problem) for problem in refusal.problems]})]
    except MemoryError:
        _told[:] = [json.dumps({"problems": [vars(Problem("The workbook is too large to read. Split it."))]})]
    except Exception:  # openpyxl stumbles over odd workbooks with TypeError, KeyError and others
        _told[:] = [json.dumps({"problems": [vars(Problem(f"The workbook cannot be read. {SAVE_AS}"))]})]
    sys.stdout.writelines(f"{line}\n" for line in _told)
