"""What is proposed for each column of a sheet, and why."""

import pytest

from lambeth_plans.imports.doors import FIGURES
from lambeth_plans.imports.proposed import likely_header, propose_columns
from lambeth_plans.imports.wide import BY_HEADING
from lambeth_plans.spreadsheets import Cell, Row, Sheet
from tests import factories


@pytest.fixture
def looks(borough):
    indicator = factories.IndicatorFactory(council=borough, key="assessments")
    factories.IndicatorCodeFactory(indicator=indicator, code="LC.06")
    return FIGURES.looks(borough)


def sheet(*rows):
    return Sheet("", tuple(Row(number, tuple(map(Cell, row))) for number, row in enumerate(rows, 1) if any(row)))


DATA = ("Care", "LC06", "Apr 2019", "1,234", "50")


@pytest.mark.parametrize(
    ("rows", "header"),
    [
        ([("Team", "KPI", "When", "Result", "Goal"), DATA], 1),
        ([("Figures of May", "", "", "", ""), (), ("Team", "KPI", "When", "Result", ""), DATA], 3),
        ([("Team", "KPI", "Period", "", ""), ("Unit", "Nr", "When", "Result", "Goal"), DATA], 1),
        ([DATA, DATA], 0),
        ([("Team", "KPI", "Apr 2019", "May 2019", "Jun 2019"), ("Care", "LC06", "1", "2", "3")], 1),
        ([], 0),
    ],
    ids=["first", "below a title", "with a heading we know", "none", "wide", "empty"],
)
def test_the_row_of_headings_is_proposed(looks, rows, header):
    assert likely_header(sheet(*rows), FIGURES, looks) == header


@pytest.mark.parametrize(
    ("headings", "row", "proposed"),
    [
        (("Team", "KPI", "When", "Result", "Goal"), DATA, ["", "code", "period", "value", ""]),
        (("Note", "Nr", "Period", "Goal", "Value"), DATA, ["note", "code", "period", "", "value"]),
        (("Value", "Outturn", "x", "y", "z"), DATA, ["value", "code", "period", "", ""]),
        (
            ("Team", "Nr", "Apr 2019", "May 2019", ""),
            ("Care", "LC06", "1", "2", "3"),
            ["", "code", BY_HEADING, BY_HEADING, ""],
        ),
        (("Ref", "Indicator", "Apr 2019", "", ""), ("LC06", "Visits", "1", "", ""), ["code", "title", BY_HEADING]),
        (("A", "B", "C", "D", "E"), ("Care", "XX9", "soon", "many", ""), ["", "", "", "", ""]),
    ],
    ids=["values", "headings first", "a heading twice", "wide", "last blank columns do not count", "nothing alike"],
)
def test_each_column_is_proposed_by_its_heading_or_else_by_its_values(looks, headings, row, proposed):
    columns = propose_columns(sheet(headings, row, row), 1, FIGURES, looks, None)
    assert [column.proposed for column in columns] == proposed


def test_a_column_shows_its_first_different_values_and_says_why_it_is_proposed(looks):
    rows = [("Care", f"LC0{number}", "", "x" * 50) for number in (6, 6, 7, 8, 9)]
    team, code, nameless = propose_columns(
        sheet(("Team", "Ref", "", ""), *(row[:3] for row in rows[:1]), *((*row[:2], "note") for row in rows)),
        1,
        FIGURES,
        looks,
        None,
    )
    assert (team.values, team.why) == (("Care",), "We do not know this heading")
    assert (code.letters, code.values, code.why) == ("B", ("LC06", "LC07", "LC08"), "By its heading")
    assert (nameless.name, nameless.values, nameless.why) == ("no heading", ("note",), "")


def test_without_headings_all_rows_are_values(looks):
    columns = propose_columns(sheet(DATA), 0, FIGURES, looks, None)
    assert [(column.heading, column.values[0]) for column in columns][:2] == [("", "Care"), ("", "LC06")]
    assert [column.proposed for column in columns] == ["", "code", "period", "value", ""]
