"""Reading and writing files of figures. What is refused, and what is read whoever wrote it, is in the table of bad
inputs (tests/imports/bad_inputs/); here is what it cannot hold."""

import pytest

from lambeth_plans import spreadsheets
from lambeth_plans.spreadsheets import Unreadable, WhichSheet, column_letters, read
from lambeth_plans.spreadsheets.csv_files import neutral, write_csv
from tests.imports.bad_inputs.files import HEADINGS, workbook

pytestmark = pytest.mark.once


def refusal(file_name, content, **options):
    with pytest.raises(Unreadable) as caught:
        read(file_name, content, limit_rows=options.pop("limit_rows", 1000), **options)
    return caught.value


# What is read


def test_rows_keep_the_numbers_that_a_spreadsheet_program_shows():
    sheet = read(
        "figures.csv", b'Indicator,Period,Value,Note\n\nA,2019/20,1,"two\nlines"\nB,2019/20,2,\n', limit_rows=9
    )
    assert [row.number for row in sheet.rows] == [1, 3, 4]


def several_sheets(book, sheet):
    sheet.title = "April"
    book.create_sheet("May").append(HEADINGS)
    book.create_sheet("Old").sheet_state = "hidden"
    book.create_sheet("Empty")


def test_the_uploader_says_which_of_several_sheets():
    content = workbook(change=several_sheets)
    question = refusal("figures.xlsx", content)
    assert "“April”, “May”" in str(question)
    assert isinstance(question, WhichSheet)
    assert (question.names, question.hidden) == (("April", "May"), ("Old",))
    assert "no visible sheet “June”" in str(refusal("figures.xlsx", content, sheet="June"))
    assert read("figures.xlsx", content, limit_rows=9, sheet="april").name == "April"


# What is refused


def test_too_many_rows_are_refused_in_both_kinds():
    rows = [HEADINGS, *([f"A{number}", "2019/20", number] for number in range(120))]
    assert "row" in str(refusal("figures.xlsx", workbook(rows), limit_rows=50))
    lines = "\n".join(",".join(map(str, row)) for row in rows).encode()
    assert "more than 50 rows" in str(refusal("figures.csv", lines, limit_rows=50))


def test_everything_doubtful_in_a_sheet_is_named_at_once():
    def spoil(book, sheet):
        sheet.append(["A", "2019/20", "#N/A"])
        sheet["C3"].data_type = "e"
        sheet.append(["B", "2019/20", "=A1+1"])
        sheet.append(["C", "2019/20", 1])
        sheet.row_dimensions[5].hidden = True
        sheet.column_dimensions["B"].hidden = True
        sheet.merge_cells("A6:A7")

    problems = refusal("figures.xlsx", workbook(change=spoil)).problems
    assert [(problem.row, problem.column) for problem in problems] == [(3, "C"), (4, "C"), (5, ""), (6, "A"), (0, "B")]
    words = ["C3 holds an error", "C4 holds a formula without its result", "hidden", "A6:A7 are merged", "hidden"]
    for problem, word in zip(problems, words, strict=True):
        assert word in problem.message
        assert problem.sheet == "Sheet"


def test_a_workbook_that_needs_too_much_memory_or_time_ends_its_child_only(monkeypatch):
    monkeypatch.setattr(spreadsheets, "LIMIT_SECONDS", 0.001)
    assert "too long" in str(refusal("figures.xlsx", workbook()))


def test_a_sheet_of_twenty_thousand_rows_is_read_within_its_limits():
    rows = [HEADINGS, *([f"A{number}", "2019/20", number / 100] for number in range(20_000))]
    assert len(read("figures.xlsx", workbook(rows), limit_rows=20_000).rows) == 20_001


# What is written


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_a_text_that_would_be_a_formula_is_made_harmless(text):
    assert neutral(text) == "'" + text


def test_plain_text_and_numbers_are_written_as_they_are():
    assert write_csv([["a", "=b", -3]]) == "\ufeffa,'=b,-3\r\n".encode()


@pytest.mark.parametrize(("index", "letters"), [(0, "A"), (25, "Z"), (26, "AA"), (16_383, "XFD")])
def test_columns_are_named_as_in_a_spreadsheet_program(index, letters):
    assert column_letters(index) == letters
