"""Whole workbooks of many sheets: written a row at a time, and read back in a child process within limits.

Text is text: a cell that starts like a formula is stored as text and marked so, characters that XML cannot hold are
written the way Excel writes them (`_x000D_`), and the same sheets give the same file byte for byte.
"""

import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from tempfile import TemporaryFile
from typing import IO, Any

from lambeth_plans.spreadsheets import Sheet, Unreadable, _inspect_package, ask_child, column_letters, sheets_of

LIMIT_SECONDS = 120
LONGEST_TEXT = 32_767
#: Excel keeps 15 digits of a number; one with more is written as text, or it would not come back as it was.
LONGEST_NUMBER = 15
_ESCAPED = re.compile(r"_x(?=[0-9A-Fa-f]{4}_)")
_UNWRITABLE = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]")
_EPOCH = (1980, 1, 1, 0, 0, 0)


def escaped(text: str) -> str:
    """A text as a workbook holds it: what XML would lose or refuse as `_xHHHH_`, and that form itself escaped."""
    return _UNWRITABLE.sub(lambda found: f"_x{ord(found[0]):04X}_", _ESCAPED.sub("_x005F_x", text))


@dataclass(frozen=True)
class BookColumn:
    """A column: its heading, a note on it, and either the words it may hold or the column that lists them."""

    heading: str
    note: str = ""
    width: int = 16
    words: tuple[str, ...] = ()
    listed_in: tuple[str, int] | None = None


@dataclass(frozen=True)
class BookSheet:
    """One sheet to write: its rows hold text, whole numbers and decimals; "" is an empty cell."""

    title: str
    columns: Sequence[BookColumn]
    rows: Iterable[Sequence[str | int | Decimal]] = field(default=())
    marking: str = ""  # what is printed over and under each of its pages


#: Sheets that only help whoever fills a workbook in; reading passes them over.
GUIDE, LISTS = "How to fill this in", "Lists"


def write_book(
    out: IO[bytes],
    sheets: Iterable[BookSheet],
    *,
    changed_at: datetime | None = None,
    guide: Sequence[str] = (),
    with_notes: bool = False,
    spare_rows: int = 200,
    title: str = "",
    author: str = "Lambeth Plans",
) -> None:
    """Writes a workbook with drop-downs for what a column may hold. `changed_at`, `title` and `author` are what its
    properties say.

    Raises ValueError, naming the cell, for a text longer than a cell can hold.
    """
    import openpyxl

    workbook = openpyxl.Workbook(write_only=True)
    workbook.properties.creator = escaped(author)
    workbook.properties.title = escaped(title) or None
    workbook.properties.created = (changed_at or datetime(2000, 1, 1, tzinfo=UTC)).astimezone(UTC).replace(tzinfo=None)
    lists: list[tuple[str, ...]] = []
    if guide:
        _write_guide(workbook, guide)
    try:
        for sheet in sheets:
            _write_sheet(workbook, sheet, lists, with_notes=with_notes, spare_rows=spare_rows)
    except ValueError:
        for page in workbook.worksheets:  # each waits for its next row, over a file of its own
            page.close()
            page._writer.cleanup()
        raise
    if lists:
        page = workbook.create_sheet(LISTS)
        longest = max(map(len, lists))
        for number in range(longest):
            page.append([words[number] if number < len(words) else None for words in lists])
    with TemporaryFile() as draft:
        workbook.save(draft)
        _repack(draft, out, workbook.properties.created)


def _write_guide(workbook: Any, guide: Sequence[str]) -> None:
    page = workbook.create_sheet(GUIDE)
    page.column_dimensions["A"].width = 110
    for line in guide:
        page.append([line])


def _write_sheet(workbook: Any, sheet: BookSheet, lists: list, *, with_notes: bool, spare_rows: int) -> None:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.comments import Comment
    from openpyxl.styles import Alignment, Font

    page = workbook.create_sheet(sheet.title)
    page.freeze_panes = "B2"
    if sheet.marking:
        page.oddHeader.center.text = page.oddFooter.center.text = sheet.marking
    for index, column in enumerate(sheet.columns):
        page.column_dimensions[column_letters(index)].width = column.width
    heads = []
    for column in sheet.columns:
        head = WriteOnlyCell(page, column.heading)
        head.font, head.number_format = Font(bold=True), "@"
        if with_notes and column.note:
            head.comment = Comment(column.note, "Lambeth Plans", height=120, width=260)
        heads.append(head)
    page.append(heads)
    plain = WriteOnlyCell(page, "")
    plain.number_format, plain.alignment = "@", Alignment(vertical="top", wrap_text=True)
    guarded = copy(plain)
    guarded._style = copy(plain._style)
    guarded.quotePrefix = True  # the spreadsheet program shows it as text too, also after somebody edits it
    number = 1
    for number, row in enumerate(sheet.rows, 2):
        page.append([_cell(page, value, plain, guarded, sheet, number, index) for index, value in enumerate(row)])
    _add_drop_downs(page, sheet, lists, last_row=number + spare_rows)


def _cell(page: Any, value: Any, plain: Any, guarded: Any, sheet: BookSheet, row: int, index: int) -> Any:
    from openpyxl.cell import WriteOnlyCell

    if value == "" or value is None:
        return None
    if isinstance(value, int | Decimal) and len(Decimal(value).as_tuple().digits) <= LONGEST_NUMBER:
        return value
    text = escaped(value if isinstance(value, str) else f"{value:f}")
    if len(text) > LONGEST_TEXT:
        place = f"{sheet.title}, row {row}, {sheet.columns[index].heading}"
        raise ValueError(f"{place}: the text has {len(text):,} characters, and a cell holds {LONGEST_TEXT:,}.")
    cell = WriteOnlyCell(page, text)
    cell.data_type = "s"  # never a formula, whatever it starts with
    cell._style = guarded._style if text[0] in "=+-@\t" else plain._style
    return cell


def _add_drop_downs(page: Any, sheet: BookSheet, lists: list[tuple[str, ...]], *, last_row: int) -> None:
    from openpyxl.worksheet.datavalidation import DataValidation

    for index, column in enumerate(sheet.columns):
        if column.words:
            if column.words not in lists:
                lists.append(column.words)
            letters = column_letters(lists.index(column.words))
            place = f"'{LISTS}'!${letters}$1:${letters}${len(column.words)}"
        elif column.listed_in:
            title, listed = column.listed_in
            place = f"'{title}'!${column_letters(listed)}$2:${column_letters(listed)}$5000"
        else:
            continue
        choice = DataValidation(type="list", formula1=place, allow_blank=True)
        choice.errorTitle, choice.error = column.heading, "Choose one of the list, or leave the cell empty."
        choice.add(f"{column_letters(index)}2:{column_letters(index)}{last_row}")
        page.data_validations.append(choice)


def _repack(draft: IO[bytes], out: IO[bytes], moment: datetime) -> None:
    """Copies the packed file without the clock's traces: openpyxl stamps the time of saving into it."""
    draft.seek(0)
    stamp = f"{moment:%Y-%m-%dT%H:%M:%SZ}".encode()
    with zipfile.ZipFile(draft) as package, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for member in package.infolist():
            entry = zipfile.ZipInfo(member.filename, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            with package.open(member) as source, packed.open(entry, "w") as target:
                if member.filename == "docProps/core.xml":
                    target.write(re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + stamp, source.read()))
                    continue
                while block := source.read(1 << 16):
                    target.write(block)


# Reading


def read_book(file_name: str, content: bytes, *, limit_rows: int) -> Iterator[Sheet]:
    """The visible sheets of a workbook in their order, one at a time. Raises Unreadable with every reason found.

    Anything that may not mean what it seems to refuses the file: what is hidden or merged, an error, a formula
    without its result.
    """
    if not content:
        raise Unreadable("The file is empty.")
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise Unreadable(
            "The workbook is protected by a password, or an old .xls. Save it as “Excel Workbook (.xlsx)”, open."
        )
    if not content.startswith(b"PK") or file_name.rpartition(".")[2].lower() != "xlsx":
        raise Unreadable("A plan is read from an Excel workbook (.xlsx) only. Save it as one, without macros.")
    _inspect_package(content)
    return sheets_of(ask_child(content, limit_rows, seconds=LIMIT_SECONDS)[1:])
