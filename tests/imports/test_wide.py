"""A row for each indicator and a column for each period is read as if each cell had a row of its own."""

from decimal import Decimal

import pytest

from kpis.models import Outturn
from kpis.packing import Unpacked
from kpis.resources import FigureSheet
from lambeth_plans.imports.actions import confirm_batch, upload_figures
from lambeth_plans.imports.columns import Columns
from lambeth_plans.imports.models import ImportBatch
from lambeth_plans.imports.wide import WideColumns, columns_of
from lambeth_plans.spreadsheets import Cell, Row, Sheet, Unreadable
from tests import factories


@pytest.fixture
def indicators(borough):
    made = []
    for key, code in (("assessments", "LC.06"), ("visits", "LC.08")):
        indicator = factories.IndicatorFactory(council=borough, key=key, title=f"Share of {key}", unit="%")
        factories.IndicatorCodeFactory(indicator=indicator, code=code)
        made.append(indicator)
    factories.OutturnFactory(indicator=made[0], period="Apr 2019", value=Decimal(40))
    return made


@pytest.fixture
def upload(borough, analyst):
    def uploaded(*lines, separator=","):
        content = "\n".join(separator.join(line) for line in lines).encode()
        return upload_figures(council=borough, file_name="wide.csv", content=content, sheet="", reason="", by=analyst)

    return uploaded


def sheet(*rows):
    return Sheet("", tuple(Row(number, tuple(map(Cell, row))) for number, row in enumerate(rows, 1)))


HEADINGS = ("Ref", "Indicator", "Apr-19", "May 2019", "Q1 2019/20", "2019/20")


def test_each_cell_becomes_a_figure_of_its_column_s_period(upload, indicators, analyst):
    batch = upload(
        ("Figures of the board", "", "", "", "", ""),
        HEADINGS,
        ("LC06", "Assessments", "41%", "", "Pending", "0"),
        ("LC 08", "Visits", "", "12.5", "", ""),
    )
    assert batch.state == ImportBatch.State.PREVIEWED, batch.errors
    assert (batch.new_count, batch.changed_count, batch.unchanged_count) == (3, 1, 0)
    assert [row.row for row in Unpacked(batch.rows)] == [3, 3, 3, 4]
    confirm_batch(batch=batch, by=analyst)
    found = {
        (outturn.indicator.key, outturn.period.label): outturn.value if outturn.value is not None else outturn.reason
        for outturn in Outturn.objects.select_related("indicator")
    }
    assert found == {
        ("assessments", "Apr 2019"): 41,
        ("assessments", "Q1 2019/20"): "pending",
        ("assessments", "2019/20"): 0,
        ("visits", "May 2019"): Decimal("12.5"),
    }


def test_a_note_says_how_the_columns_were_read(upload, indicators):
    batch = upload(HEADINGS, ("LC06", "", "41", "", "", ""))
    assert batch.notes == [
        "Each column is a period: Apr 2019, May 2019, Q1 2019/20, 2019/20. An empty cell changes nothing."
    ]


def test_a_heading_that_is_a_day_is_read_as_that_day_and_said(upload, indicators):
    batch = upload(("Code", "2019-04-30"), ("LC06", "41"))
    assert batch.rows["periods"] == ["2019-04-30"]
    assert "Headed by a day, so read as how things stood on it: 30 Apr 2019." in batch.notes[1]
    assert "write it like Apr 2019" in batch.notes[1]


def test_every_error_is_named_with_its_own_cell_and_once(upload, indicators):
    batch = upload(
        HEADINGS,
        ("LC06", "Assessments", "c. 40", "50%", "", ""),
        ("XX99", "Unknown", "1", "2", "3", ""),
        ("", "Nameless", "1", "2", "", ""),
        ("Total", "", "9", "", "", ""),
    )
    places = [(error["row"], error["column"], error["value"]) for error in batch.errors]
    assert places == [
        (2, "C (Apr-19)", "c. 40"),
        (3, "A (Ref)", "XX99"),
        (4, "A (Ref)", ""),
        (5, "A (Ref)", "Total"),
    ]


def test_a_period_that_has_not_begun_is_refused_at_its_heading_once(upload, indicators):
    batch = upload(("Code", "Apr 2019", "Apr 2090"), ("LC06", "41", "42"), ("LC08", "", "43"))
    assert [(error["row"], error["column"], error["value"]) for error in batch.errors] == [(1, "C", "Apr 2090")]
    assert "has not begun" in batch.errors[0]["message"]


def test_a_column_of_a_coming_period_may_stand_empty(upload, indicators):
    assert upload(("Code", "Apr 2019", "Apr 2090"), ("LC06", "41", "")).changed_count == 1


def test_an_indicator_in_two_rows_is_refused_naming_both_cells(upload, indicators):
    batch = upload(("Code", "Apr 2019", "May 2019"), ("LC06", "41", ""), ("assessments", "42", "43"))
    assert [(error["row"], error["column"]) for error in batch.errors] == [(2, "A (Code)"), (3, "A (Code)")]
    assert "stands in cell B2 and cell B3. Keep one." in batch.errors[0]["message"]


def test_a_figure_with_a_numerator_needs_a_row_of_its_own(upload, indicators):
    counted = {"value": Decimal(50), "numerator": Decimal(1), "denominator": Decimal(2)}
    factories.OutturnFactory(indicator=indicators[1], period="Apr 2019", **counted)
    batch = upload(("Code", "Apr 2019"), ("LC06", "41"), ("LC08", "51"))
    assert [(error["row"], error["column"]) for error in batch.errors] == [(3, "B (Apr 2019)")]
    assert "we hold the numerator 1 of the old one" in batch.errors[0]["message"]
    assert batch.errors[0]["message"].endswith(
        "This sheet has no place for it: bring the figure in with a row of its own."
    )


def refused(*rows):
    with pytest.raises(Unreadable) as caught:
        columns_of(sheet(*rows), FigureSheet)
    return [(problem.row, problem.column, problem.message) for problem in caught.value.problems]


def test_every_column_that_is_no_period_is_named():
    found = refused(("Code", "Apr 2019", "Target", "", "Apr-19"), ("LC06", "41", "50", "stray", "42"))
    assert [(row, column) for row, column, _ in found] == [(1, "C"), (1, "D"), (1, "E")]
    assert "do not know the column “Target”" in found[0][2]
    assert "column without a heading" in found[1][2]
    assert "Columns B and E are both Apr 2019. Keep one." in found[2][2]


def test_headings_alone_are_no_figures():
    assert "nothing below the headings" in refused(("Code", "Apr 2019"))[0][2]


def test_a_row_that_is_too_long_is_named(upload, indicators):
    batch = upload(("Code", "Apr 2019"), ("LC06", "41", "42"))
    assert batch.errors[0]["message"] == "The row has 3 cells and the headings have 2."
    assert batch.errors[0]["row"] == 2


@pytest.mark.parametrize(
    ("headings", "kind"),
    [
        (("Indicator", "Period", "Value"), Columns),
        (("Ref", "Indicator", "Period", "Value"), Columns),
        (("Indicator", "Apr 2019"), WideColumns),
        (("Ref", "Indicator", "2019/20"), WideColumns),
    ],
)
def test_long_and_wide_sheets_are_told_apart_by_their_headings(headings, kind):
    assert type(columns_of(sheet(headings, ("LC06",) * len(headings)), FigureSheet)) is kind


def test_indicator_beside_a_ref_is_the_title():
    rows, _ = columns_of(
        sheet(("Ref", "Indicator", "Period", "Value"), ("LC06", "Assessments", "2019/20", "1")), FigureSheet
    ).rows()
    assert {name: cell.text for name, cell in rows[0][1].items()} == {
        "code": "LC06",
        "title": "Assessments",
        "period": "2019/20",
        "value": "1",
    }


def test_a_heading_may_say_that_it_is_an_outturn(upload, indicators):
    batch = upload(("Ref", "Indicator", "2018/19 Outturn", "2019/20 actual"), ("LC06", "Assessments", "41", "42"))
    assert batch.rows["periods"] == ["2018-19", "2019-20"]
    refused = upload(("Ref", "2018/19 Outturn", "2018/19"), ("LC06", "41", "42"))
    assert "Columns B and C are both 2018/19. Keep one." in refused.errors[0]["message"]


def test_a_period_in_a_line_above_the_headings_does_not_make_a_long_sheet_wide():
    rows = (("Reference", "31 Mar 2024", ""), ("Indicator", "Period", "Value"), ("LC06", "2019/20", "50"))
    assert type(columns_of(sheet(*rows), FigureSheet)) is Columns


def test_more_figures_than_a_file_may_have_are_refused(upload, indicators, settings):
    settings.UPLOAD_LIMIT_ROWS = 3
    batch = upload(("Code", "Apr 2019", "May 2019"), ("LC06", "41", "42"), ("LC08", "41", "42"))
    assert [error["message"] for error in batch.errors] == ["The sheet has more than 3 figures. Split it."]


def test_ten_years_of_months_stand_side_by_side(upload, indicators):
    months = [f"{month} {year}" for year in range(2005, 2015) for month in ("Apr", "May", "Jun", "Jul", "Aug", "Sep")]
    months += [f"{month} {year}" for year in range(2005, 2015) for month in ("Oct", "Nov", "Dec", "Jan", "Feb", "Mar")]
    assert upload(("Code", *months), ("LC06", *["1"] * 120)).new_count == 120
