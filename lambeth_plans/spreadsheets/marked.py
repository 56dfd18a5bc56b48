"""An uploaded file given back with everything that is wrong marked in its cells: a colour, a comment on each cell, and
a sheet that lists them all. What the cells hold stays as it is.

A workbook is opened in a child process with limits on memory and time, as it was for reading; a text file becomes a
workbook of text cells. Knows no Django.
"""

import io
import json
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from lambeth_plans.spreadsheets import (
    LIMIT_COLUMNS,
    LIMIT_MEMORY_BYTES,
    Problem,
    Row,
    Sheet,
    Unreadable,
    _inspect_package,
    _read_text,
)
from lambeth_plans.spreadsheets.books import LONGEST_TEXT, escaped

#: More cells than these are listed, not coloured: a file of the wrong kind is wrong in every cell.
MOST_MARKED = 2_000
#: Of a text file with more cells only the rows with errors are shown, at their places: making more takes too long.
MOST_CELLS = 20_000
LIST = "Errors"
HEADINGS = ("Sheet", "Row", "Column", "Value", "What is wrong")
#: The list ends here; the CSV file of errors has them all.
MOST_LISTED = 5_000
AUTHOR = "Lambeth Plans"
#: A larger workbook is not marked: whoever uploads it would wait for minutes. The list of its errors is there at once.
MOST_BYTES = 1_500_000
LIMIT_SECONDS = 25


def marked(file_name: str, content: bytes, problems: Sequence[Problem], *, limit_rows: int) -> bytes | None:
    """The file as a workbook (.xlsx) with its problems marked; None for what cannot be opened, and where nothing stands
    in a row. It is a help: whatever goes wrong with it, the file stays refused with its list."""
    if not any(problem.row for problem in problems):
        return None
    try:
        if content.startswith(b"PK"):
            if len(content) > MOST_BYTES:
                return None
            _inspect_package(content)
            return _marked_by_child(content, problems)
        if file_name.rpartition(".")[2].lower() in ("csv", "tsv", "txt"):
            return _of_text(_read_text(content, limit_rows), problems)
    except (Unreadable, ValueError, MemoryError):
        pass
    return None


def _of_text(sheet: Sheet, problems: Sequence[Problem]) -> bytes:
    import openpyxl

    workbook = openpyxl.Workbook()
    page = workbook.active
    page.title = "File"
    rows: Sequence[Row] = sheet.rows
    if sum(len(row.cells) for row in rows) > MOST_CELLS:
        wrong = {problem.row for problem in problems[:MOST_MARKED]}
        rows = [row for row in rows if row.number in wrong][: MOST_CELLS // LIMIT_COLUMNS]
    for row in rows:
        for index, cell in enumerate(row.cells, 1):
            if cell.text:
                _put(page.cell(row.number, index), cell.text)
    return _finish(workbook, {"": page}, problems)


def _marked_by_child(content: bytes, problems: Sequence[Problem]) -> bytes | None:
    top = str(Path(__file__).resolve().parent.parent.parent)
    start = "import sys; sys.path.insert(0, sys.argv[1]); from lambeth_plans.spreadsheets.marked import main; main()"
    told = json.dumps([vars(problem) for problem in problems]).encode()
    try:
        child = subprocess.run(  # noqa: S603 - our own code, fixed arguments
            [sys.executable, "-I", "-c", start, top, str(len(told))],
            input=told + content,
            capture_output=True,
            timeout=LIMIT_SECONDS,
            env={},
            check=False,
        )
    except subprocess.TimeoutExpired:
        return None
    return child.stdout if child.returncode == 0 and child.stdout else None


def main() -> None:
    """In the child. Arguments: the top of the project, the length of the problems, which come before the workbook on
    standard input. The marked workbook goes to standard output; what cannot be marked leaves an exit status."""
    import resource
    import warnings

    import openpyxl

    resource.setrlimit(resource.RLIMIT_AS, (LIMIT_MEMORY_BYTES, LIMIT_MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (LIMIT_SECONDS, LIMIT_SECONDS))
    warnings.simplefilter("ignore")
    said = sys.stdin.buffer.read()
    length = int(sys.argv[2])
    problems = [Problem(**problem) for problem in json.loads(said[:length])]
    workbook = openpyxl.load_workbook(io.BytesIO(said[length:]), keep_links=False)
    if not workbook.worksheets:
        sys.exit(1)
    pages = {page.title: page for page in workbook.worksheets}
    visible = [page for page in workbook.worksheets if page.sheet_state == "visible"]
    sys.stdout.buffer.write(_finish(workbook, {"": (visible or workbook.worksheets)[0], **pages}, problems))


def _finish(workbook: Any, pages: dict[str, Any], problems: Sequence[Problem]) -> bytes:
    """Marks the cells, adds the list as the sheet that opens first, and packs it all."""
    _mark(pages, problems)
    _list(workbook, problems)
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def _mark(pages: dict[str, Any], problems: Sequence[Problem]) -> None:
    from openpyxl.cell import MergedCell
    from openpyxl.comments import Comment
    from openpyxl.styles import Border, PatternFill, Side

    messages = defaultdict(list)
    for problem in problems:
        letters = re.match(r"[A-Z]{1,3}(?= \(|,|$)", problem.column)
        if problem.row and problem.sheet in pages:
            messages[problem.sheet, f"{letters[0] if letters else 'A'}{problem.row}"].append(problem.message)
    line = Side(style="medium", color="D4351C")
    for (name, place), told in list(messages.items())[:MOST_MARKED]:
        cell = pages[name][place]
        if isinstance(cell, MergedCell):
            continue  # only its first cell can be marked; the list has it
        cell.fill = PatternFill("solid", fgColor="FFDD00")
        cell.border = Border(left=line, right=line, top=line, bottom=line)
        cell.comment = Comment(escaped("\n".join(dict.fromkeys(told)))[:LONGEST_TEXT], AUTHOR, height=140, width=320)


def _list(workbook: Any, problems: Sequence[Problem]) -> None:
    from openpyxl.styles import Alignment, Font

    taken = {page.title.casefold() for page in workbook.worksheets}
    names = (LIST if number == 1 else f"{LIST} {number}" for number in range(1, 1_000))
    page = workbook.create_sheet(next(name for name in names if name.casefold() not in taken), 0)
    for index, (heading, width) in enumerate(zip(HEADINGS, (20, 8, 22, 30, 90), strict=True), 1):
        cell = page.cell(1, index)
        _put(cell, heading)
        cell.font = Font(bold=True)
        page.column_dimensions[cell.column_letter].width = width
    for number, problem in enumerate(problems[:MOST_LISTED], 2):
        told = (problem.sheet, str(problem.row or ""), problem.column, problem.value, problem.message)
        for index, text in enumerate(told, 1):
            if text:
                cell = page.cell(number, index)
                _put(cell, text)
                cell.alignment = Alignment(vertical="top", wrap_text=True)
    page.freeze_panes = "A2"
    for other in workbook.worksheets:
        other.sheet_view.tabSelected = other is page
    workbook.active = workbook.worksheets.index(page)


def _put(cell: Any, text: str) -> None:
    """Writes a text as text, whatever it starts with."""
    cell.value = escaped(text)[:LONGEST_TEXT]
    cell.data_type = "s"
    cell.number_format = "@"
    if text[0] in "=+-@\t\r":
        cell.quotePrefix = True
