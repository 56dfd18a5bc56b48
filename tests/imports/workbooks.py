"""Plans as workbooks, for the tests: written, opened, changed by hand, and read in again."""

import io
from collections.abc import Callable
from typing import Any

import openpyxl

from lambeth_plans.accounts.models import User
from lambeth_plans.imports.models import ImportBatch
from lambeth_plans.imports.workbook.actions import upload_plan
from lambeth_plans.imports.workbook.export import export_plan
from objectives.models import Plan


def workbook_of(slug: str) -> bytes:
    out = io.BytesIO()
    export_plan(Plan.objects.select_related("council").get(slug=slug), out)
    return out.getvalue()


def cells_of(content: bytes) -> dict[str, list[list[tuple[Any, str]]]]:
    """Every cell of every sheet: its value and its kind."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    return {
        sheet.title: [[(cell.value, cell.data_type) for cell in row] for row in sheet.iter_rows()]
        for sheet in book.worksheets
    }


def changed(content: bytes, *changes: Callable[[openpyxl.Workbook], object]) -> bytes:
    """The workbook after somebody changed it in their spreadsheet program."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    for change in changes:
        change(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def column(sheet: Any, heading: str) -> int:
    return [cell.value for cell in sheet[1]].index(heading) + 1


def put(sheet_name: str, row: int, heading: str, value: Any, **options: Any) -> Callable[[openpyxl.Workbook], object]:
    """A change of one cell: its value, and `number_format` or `data_type` where they matter."""

    def change(book: openpyxl.Workbook) -> None:
        cell = book[sheet_name].cell(row, column(book[sheet_name], heading))
        cell.value = value
        for name, option in options.items():
            setattr(cell, name, option)

    return change


def add_row(sheet_name: str, **values: Any) -> Callable[[openpyxl.Workbook], object]:
    """A new row below the others; headings with blanks are written with underscores."""

    def change(book: openpyxl.Workbook) -> None:
        sheet = book[sheet_name]
        row = sheet.max_row + 1
        for heading, value in values.items():
            sheet.cell(row, column(sheet, heading.replace("_", " "))).value = value

    return change


def upload(content: bytes, by: User, name: str = "plan.xlsx") -> ImportBatch:
    return upload_plan(file_name=name, content=content, by=by)


def told(batch: ImportBatch) -> list[str]:
    """What a refused batch says: "Activities 3 D (Order): message"."""
    return [f"{error['sheet']} {error['row']} {error['column']}: {error['message']}" for error in batch.errors]
