"""Headings are matched before any value is read."""

import pytest

from kpis.resources import FigureSheet
from lambeth_plans.accounts.record_sheets import CellError
from lambeth_plans.imports.columns import Columns
from lambeth_plans.spreadsheets import Cell, Row, Sheet, Unreadable


def sheet(*rows, name=""):
    return Sheet(name, tuple(Row(number, tuple(map(Cell, row))) for number, row in enumerate(rows, 1) if any(row)))


def columns(*rows):
    return Columns(sheet(*rows), FigureSheet)


def problems(*rows, name=""):
    with pytest.raises(Unreadable) as caught:
        Columns(sheet(*rows, name=name), FigureSheet)
    return caught.value.problems


ROW = ("LC06", "2019/20", "40")


@pytest.mark.parametrize(
    "headings",
    [
        ("Indicator", "Period", "Value"),
        ("indicator", "PERIOD", "vAlUe"),
        (" Indicator ", "Period\u00a0", "Value\n"),
        ("Code", "Period", "Outturn"),
        ("KPI  code", "Date", "Figure"),
        ("Indicator", "Period", "Value", ""),
    ],
)
def test_headings_are_found_whatever_their_case_and_spaces(headings):
    rows, uneven = columns(headings, ROW + ("",) * (len(headings) - 3)).rows()
    ((number, cells),) = rows
    assert uneven == []
    assert (number, {name: cell.text for name, cell in cells.items()}) == (
        2,
        {"code": "LC06", "period": "2019/20", "value": "40"},
    )


def test_a_title_may_stand_above_the_headings():
    rows, _ = columns(("Figures of May",), (), ("Value", "Indicator", "Period"), ("40", "LC06", "2019/20")).rows()
    assert [(number, cells["code"].text) for number, cells in rows] == [(4, "LC06")]


def test_every_wrong_heading_is_named_at_once():
    found = problems(("Indicator", "Value", "Owner", "", "Outturn"), ("LC06", "40", "A", "stray", "41"), name="May")
    assert [(problem.row, problem.column) for problem in found] == [(1, "C"), (1, "D"), (1, "E"), (1, "")]
    messages = [problem.message for problem in found]
    assert "do not know the column “Owner”" in messages[0]
    assert "Indicator, Title, Period, Value, Numerator, Denominator, Note" in messages[0]
    assert "column without a heading" in messages[1]
    assert "B and E are both “Value”" in messages[2]
    assert "no column “Period” in the first 10 rows" in messages[3]
    assert {problem.sheet for problem in found} == {"May"}


def test_a_file_without_figures_says_so():
    assert "nothing below the headings" in problems(("Indicator", "Period", "Value"))[0].message
    assert "no rows" in problems()[0].message


def test_uneven_rows_are_named():
    rows, uneven = columns(("Indicator", "Period", "Value"), ("LC06", "2019/20"), (*ROW, "x"), (*ROW, ""), ROW).rows()
    assert [number for number, _ in rows] == [4, 5]
    assert [(problem.row, problem.message) for problem in uneven] == [
        (2, "The row has 2 cells and the headings have 3."),
        (3, "The row has 4 cells and the headings have 3."),
    ]


def test_an_error_is_placed_by_row_and_column():
    found = columns(("Value", "Period", "Indicator"), ROW)
    assert found.locate(CellError(2, "value", "x", "No.")).column == "A (Value)"
    assert found.locate(CellError(2, "note", "x", "No.")).column == "Note"
    assert found.locate(CellError(2, "", "x" * 500, "No.")).value == "x" * 200
