import io

import openpyxl
import pytest

from lambeth_plans.reports.blocks import EXEMPT, PART_II
from lambeth_plans.reports.workbook import workbook_of
from tests.reports.conftest import BECAUSE

pytestmark = pytest.mark.django_db
REGISTERS = [
    "Activities",
    "Changes",
    "Indicators",
    "Figures",
    "Risks",
    "Savings",
    "Budget",
    "Budget forecasts",
    "Contracts",
    "Workforce",
    "Workforce bands",
    "Caseloads",
]


@pytest.fixture(scope="module")
def books(shelf):
    return {members: workbook_of(shelf.pack("money", members=members)) for members in (False, True)}


def opened(content):
    return openpyxl.load_workbook(io.BytesIO(content))


def test_there_is_a_sheet_for_each_register_with_its_headings_kept_in_sight(books):
    book = opened(books[True])
    assert book.sheetnames == ["About", *REGISTERS, "Next three months"]
    for sheet in book:
        assert (sheet.sheet_state, sheet.freeze_panes) == ("visible", "B2")
        assert all(cell.font.bold for cell in sheet[1])
        assert sheet.column_dimensions["A"].width > 5


def test_there_are_values_only(books):
    book = opened(books[False])
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s", "n"}
    title = next(cell for cell in cells if cell.value == "=Bilby+1")
    assert (title.data_type, title.quotePrefix) == ("s", True)
    planned = list(book["Savings (Part II)"].iter_rows(values_only=True, min_row=2))
    assert planned[0][3:5] == ("2025/26", 1000)


def test_an_exempt_register_is_marked_for_officers_and_closed_for_members(books):
    book = opened(books[False])
    marked = [sheet.title for sheet in book if sheet.oddHeader.center.text == PART_II == sheet.oddFooter.center.text]
    assert marked == ["About", "Savings (Part II)", "Budget (Part II)", "Budget forecasts (Part II)"]
    assert ("Sheet Savings", PART_II) in list(book["About"].iter_rows(values_only=True))
    closed = opened(books[True])["Savings"]
    assert list(closed.iter_rows(values_only=True)) == [(EXEMPT,), (BECAUSE,)]


def test_the_properties_are_the_councils_and_the_bytes_the_same(books, shelf):
    properties = opened(books[False]).properties
    assert (properties.title, properties.creator) == ("A Plan: Publication 3", "The Borough & Co")
    assert f"{properties.created} {properties.modified}" == "2026-03-03 18:30:00 2026-03-03 18:30:00"
    assert workbook_of(shelf.pack("money")) == books[False]
