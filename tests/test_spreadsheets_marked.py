"""A refused file comes back with its errors in its cells, and everything else as it was."""

import io

import openpyxl
import pytest
from openpyxl.styles import Font

from lambeth_plans.spreadsheets import Problem
from lambeth_plans.spreadsheets.marked import HEADINGS, marked

pytestmark = pytest.mark.once

PROBLEMS = [
    Problem("“c. 40” is not a figure.", "Figures", 3, "C (Value)", "c. 40"),
    Problem("Write a period.", "Figures", 3, "C (Value)", "c. 40"),
    Problem("The row has 4 cells and the headings have 3.", "Figures", 4),
    Problem("Hidden sheets are not read.", "Figures", 0),
    Problem("=1+1 is not a code.", "Figures", 5, "A (Indicator)", "=1+1"),
]


@pytest.fixture
def workbook():
    book = openpyxl.Workbook()
    page = book.active
    page.title = "Figures"
    page.append(["Indicator", "Period", "Value"])
    page.append(["LC06", "2019/20", 0.475])
    page["C2"].number_format = "0.0%"
    page.append(["LC08", "2019/20", "c. 40"])
    page["A3"].font = Font(bold=True)
    page.append(["LC09", "2019/20", 12.5])
    page.append(["=1+1", "2019/20", 1])
    page["A5"].data_type = "s"
    book.create_sheet("Notes")["A1"] = "=SUM(Figures!C4:C5)"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def opened(content):
    return openpyxl.load_workbook(io.BytesIO(content))


def values(page):
    return [[(cell.value, cell.data_type, cell.number_format) for cell in row] for row in page.iter_rows()]


def test_cells_are_coloured_and_commented_and_their_values_stay(workbook):
    before, after = opened(workbook), opened(marked("a.xlsx", workbook, PROBLEMS, limit_rows=100))
    assert after.sheetnames == ["Errors", "Figures", "Notes"]
    for name in before.sheetnames:
        assert values(after[name]) == values(before[name])
    page = after["Figures"]
    assert page["C3"].comment.text == "“c. 40” is not a figure.\nWrite a period."
    assert page["A4"].comment.text == "The row has 4 cells and the headings have 3."
    commented = {cell.coordinate for row in page.iter_rows() for cell in row if cell.comment}
    coloured = {cell.coordinate for row in page.iter_rows() for cell in row if cell.fill.fill_type}
    assert commented == coloured == {"C3", "A4", "A5"}
    assert page["A3"].font.bold


def test_a_sheet_lists_every_error_and_opens_first(workbook):
    after = opened(marked("a.xlsx", workbook, PROBLEMS, limit_rows=100))
    page = after["Errors"]
    assert after.active.title == "Errors"
    lines = [[cell.value or "" for cell in row] for row in page.iter_rows()]
    assert lines[0] == list(HEADINGS)
    assert lines[1] == ["Figures", "3", "C (Value)", "c. 40", "“c. 40” is not a figure."]
    assert len(lines) == 1 + len(PROBLEMS)


def test_no_formula_is_added_that_was_not_there(workbook):
    def formulas(book):
        return [
            (page.title, cell.coordinate, cell.value)
            for page in book.worksheets
            for row in page.iter_rows()
            for cell in row
            if cell.data_type == "f"
        ]

    after = opened(marked("a.xlsx", workbook, PROBLEMS, limit_rows=100))
    assert formulas(after) == formulas(opened(workbook)) == [("Notes", "A1", "=SUM(Figures!C4:C5)")]


def test_a_sheet_that_has_the_name_already_is_kept(workbook):
    book = opened(workbook)
    book.create_sheet("errors")["A1"] = "Mine"
    out = io.BytesIO()
    book.save(out)
    after = opened(marked("a.xlsx", out.getvalue(), PROBLEMS, limit_rows=100))
    assert after.sheetnames[0] == "Errors 2"
    assert after["errors"]["A1"].value == "Mine"


def test_a_text_file_becomes_a_workbook_of_text():
    content = "Title\n\nIndicator,Period,Value\n=1+1,2019/20,007\n".encode("utf-8-sig")
    problems = [Problem("We know no indicator “=1+1”.", "", 4, "A (Indicator)", "=1+1")]
    after = opened(marked("a.csv", content, problems, limit_rows=100))
    page = after["File"]
    assert [cell.value for cell in page[4]] == ["=1+1", "2019/20", "007"]
    assert {cell.data_type for cell in page[4]} == {"s"}
    assert page["A4"].comment.text == "We know no indicator “=1+1”."


def test_a_merged_cell_is_listed_only(workbook):
    book = opened(workbook)
    book["Figures"].merge_cells("A3:C3")
    out = io.BytesIO()
    book.save(out)
    after = opened(marked("a.xlsx", out.getvalue(), PROBLEMS, limit_rows=100))
    assert after["Figures"]["C3"].comment is None
    assert after["Errors"].max_row == 1 + len(PROBLEMS)


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.xlsx", b"PK cut short"), ("a.xlsx", b"no workbook"), ("a.xls", b"\xd0\xcf\x11\xe0"), ("a.csv", b"a\0b")],
)
def test_what_cannot_be_opened_cannot_be_marked(name, content):
    assert marked(name, content, PROBLEMS, limit_rows=100) is None


def test_only_so_many_cells_are_coloured_and_all_are_listed(workbook, monkeypatch):
    monkeypatch.setattr("lambeth_plans.spreadsheets.marked.MOST_MARKED", 2)
    content = b"Indicator\n" + b"x\n" * 5
    problems = [Problem("Unknown.", "", row, "A", "x") for row in range(2, 7)]
    after = opened(marked("a.csv", content, problems, limit_rows=100))
    assert sum(bool(cell.comment) for (cell,) in after["File"].iter_rows()) == 2
    assert after["Errors"].max_row == 6


def test_an_error_without_a_letter_is_marked_at_the_beginning_of_its_row():
    content = b"Indicator,Period,Value\nLC06,2019/20,60\n"
    problems = [Problem("We hold a numerator.", "", 2, "Numerator", "")]
    page = opened(marked("a.csv", content, problems, limit_rows=100))["File"]
    assert [cell.coordinate for row in page.iter_rows() for cell in row if cell.comment] == ["A2"]


def test_control_characters_in_a_message_leave_a_workbook_that_opens():
    problems = [Problem("“\x01abc” is not a figure.", "", 2, "C (Value)", "\x01abc")]
    after = opened(marked("a.csv", b"Indicator,Period,Value\nLC06,2019/20,\x01abc\n", problems, limit_rows=100))
    assert "abc” is not a figure." in after["File"]["C2"].comment.text


def test_of_a_long_file_only_the_rows_with_errors_are_shown_at_their_places(monkeypatch):
    monkeypatch.setattr("lambeth_plans.spreadsheets.marked.MOST_CELLS", 300)
    content = b"Indicator,Period,Value\n" + b"LC06,2019/20,1\n" * 200
    page = opened(marked("a.csv", content, [Problem("Odd.", "", 150, "C", "1")], limit_rows=1_000))["File"]
    assert [(cell.coordinate, cell.value) for row in page.iter_rows() for cell in row if cell.value] == [
        ("A150", "LC06"),
        ("B150", "2019/20"),
        ("C150", "1"),
    ]


def test_a_row_beyond_what_a_workbook_holds_leaves_the_file_refused_without_it():
    content = b"Indicator,Period,Value\n" + b"\n" * 1_048_580 + b"LC06,2019/20,abc\n"
    assert marked("a.csv", content, [Problem("Odd.", "", 1_048_582, "C", "abc")], limit_rows=100) is None


def test_what_stands_in_no_row_has_nothing_to_mark(workbook):
    assert marked("a.xlsx", workbook, [Problem("The workbook has several sheets.")], limit_rows=100) is None
