"""What a sheet of figures would change, row by row."""

from datetime import date
from decimal import Decimal

import pytest

from kpis.models import Reason
from kpis.proposals import FigureFacts, Proposal, propose
from lambeth_plans.spreadsheets import Cell
from tests import factories

TODAY = date(2021, 5, 17)
FIELDS = ("code", "period", "value", "numerator", "denominator", "note")


@pytest.fixture
def assessments(borough):
    """A percentage with a code and one figure."""
    indicator = factories.IndicatorFactory(council=borough, key="assessments", title="Health assessments on time")
    factories.IndicatorCodeFactory(indicator=indicator, code="LC.06")
    factories.OutturnFactory(indicator=indicator, period="2018/19", value=Decimal("47.5"))
    return indicator


@pytest.fixture
def visits(borough):
    """A number without a code."""
    return factories.IndicatorFactory(council=borough, key="visits-on-time", title="Visits on time", unit="number")


def sheet(*rows):
    """Rows as read from a file, numbered from 2."""
    return [
        (number, {name: Cell(text) for name, text in zip(FIELDS, row, strict=False)})
        for number, row in enumerate(rows, 2)
    ]


def proposed(council, *rows):
    proposals, errors = propose(council, sheet(*rows), today=TODAY)
    assert errors == []
    return proposals


def refused(council, *rows):
    return [(error.row, error.column, error.message) for error in propose(council, sheet(*rows), today=TODAY)[1]]


@pytest.mark.parametrize("code", ["LC.06", "LC06", "lc 06", "assessments", "Assessments"])
def test_an_indicator_is_found_by_its_code_however_spelled_or_by_its_key(borough, assessments, code):
    (proposal,) = proposed(borough, (code, "2019/20", "50%"))
    assert (proposal.indicator, proposal.action, proposal.version) == ("assessments", "new", 0)
    assert proposal.new == FigureFacts(Decimal(50))


def test_an_indicator_of_another_council_is_unknown_here(elsewhere, assessments):
    ((row, column, message),) = refused(elsewhere, ("LC06", "2019/20", "50%"))
    assert (row, column) == (2, "code")
    assert message.startswith("We know no indicator “LC06”.")
    assert "LC.06" not in message


def test_an_unknown_code_gets_suggestions(borough, assessments, visits):
    ((_, _, message),) = refused(borough, ("LC.07", "2019/20", "50%"))
    assert "Did you mean LC.06?" in message
    ((_, _, message),) = refused(borough, ("Visits in time", "2019/20", "50"))
    assert "Did you mean visits-on-time?" in message


def test_a_wrong_file_full_of_unknown_codes_is_not_searched_to_its_end(borough, assessments, monkeypatch):
    monkeypatch.setattr("kpis.finding.MOST_GUESSES", 2)
    told = refused(borough, *[(code, "2019/20", "50%") for code in ("LC.07", "LC.08", "LC.09", "LC.07")])
    assert ["Did you mean LC.06?" in message for _, _, message in told] == [True, True, False, True]


@pytest.mark.parametrize("code", ["Total", "Grand total", "TOTAL:", "Average", "Total (all)"])
def test_a_total_is_refused_with_the_reason(borough, assessments, code):
    ((_, _, message),) = refused(borough, (code, "2019/20", "50"))
    assert "never imported" in message


@pytest.mark.parametrize(
    ("text", "action", "value"), [("47.5", "unchanged", "47.5"), ("47.50%", "unchanged", "47.5"), ("0", "changed", "0")]
)
def test_a_row_is_compared_with_what_we_hold(borough, assessments, text, action, value):
    (proposal,) = proposed(borough, ("LC06", "2018/19", text))
    assert (proposal.action, proposal.new.value, proposal.old.value) == (action, Decimal(value), Decimal("47.5"))
    assert proposal.version == 1


def test_a_blank_changes_nothing(borough, assessments, visits):
    held, none = proposed(borough, ("LC06", "2018/19", ""), ("visits-on-time", "2018/19", ""))
    assert (held.action, held.new.value) == ("unchanged", Decimal("47.5"))
    assert (none.action, none.new) == ("unchanged", FigureFacts())


def test_a_word_replaces_a_figure_by_its_reason(borough, assessments):
    (proposal,) = proposed(borough, ("LC06", "2018/19", "TBC"))
    assert (proposal.action, proposal.new.value, proposal.new.reason) == ("changed", None, Reason.TO_BE_CONFIRMED)
    assert (proposal.old_words, proposal.new_words) == ("47.5%", "To be confirmed")


def test_counts_and_a_note_come_with_a_figure(borough, assessments):
    (proposal,) = proposed(borough, ("LC06", "2019/20", "47.5%", "19", "40", " From the  register "))
    assert proposal.new == FigureFacts(Decimal("47.5"), "", Decimal(19), Decimal(40), "From the  register")
    assert proposal.stated == "47.5%"
    assert proposal.further_changes == [
        ("Numerator", "none", "19"),
        ("Denominator", "none", "40"),
        ("Note", "none", "From the  register"),
    ]


@pytest.fixture
def counted(borough, assessments):
    factories.OutturnFactory(
        indicator=assessments,
        period="2017/18",
        value=Decimal(50),
        numerator=Decimal(20),
        denominator=Decimal(40),
        note="Old",
    )


def test_a_word_takes_the_counts_away_and_keeps_the_note(borough, counted):
    (proposal,) = proposed(borough, ("LC06", "2017/18", "c"))
    assert proposal.new == FigureFacts(None, Reason.SUPPRESSED, note="Old")


def test_counts_and_notes_go_only_by_a_word(borough, counted):
    (proposal,) = proposed(borough, ("LC06", "2017/18", "51%", "clear", "clear", "clear"))
    assert proposal.new == FigureFacts(Decimal(51))


def test_counts_of_an_old_value_are_not_left_beside_a_new_one(borough, counted):
    ((row, column, message),) = refused(borough, ("LC06", "2017/18", "51%"))
    assert (row, column) == (2, "numerator")
    assert "we hold the numerator 20 of the old one" in message


@pytest.mark.parametrize(
    ("row", "column", "words"),
    [
        (("", "2019/20", "1"), "code", "no indicator"),
        (("LC06", "", "1"), "period", "no period"),
        (("LC06", "2019", "1"), "period", "not a period"),
        (("LC06", "June 2021", "1"), "period", "has not begun"),
        (("LC06", "2019/20", "c. 40"), "value", "not a figure"),
        (("LC06", "2019/20", "0.475"), "value", "Did you mean 47.5%?"),
        (("LC06", "2019/20", "£40"), "value", "in pounds"),
        (("LC06", "2019/20", "40%", "x"), "numerator", "not a plain number"),
        (("LC06", "2019/20", "40%", "4", "0"), "denominator", "more than 0"),
        (("LC06", "2019/20", "TBC", "4"), "numerator", "without a figure"),
        (("LC06", "2019/20", "", "", "", "A note"), "value", "Give a figure"),
        (("LC06", "2019/20", "40%", "", "", "x" * 2001), "note", "2,001 characters"),
        (("LC06", "2019/20", "40%", "", "", "a\x07b"), "note", "control characters"),
    ],
)
def test_a_bad_cell_is_named_with_its_reason(borough, assessments, row, column, words):
    ((number, found, message),) = refused(borough, row)
    assert (number, found) == (2, column)
    assert words in message


def test_every_error_of_every_row_is_told_at_once(borough, assessments):
    errors = refused(
        borough, ("LC06", "2019", "c. 40"), ("LC06", "2019/20", "40%"), ("XX99", "2019/20", "40*", "x", "y")
    )
    assert [(row, column) for row, column, _ in errors] == [
        (2, "period"),
        (2, "value"),
        (4, "value"),
        (4, "numerator"),
        (4, "denominator"),
        (4, "code"),
    ]


def test_the_same_figure_twice_is_refused_naming_both_rows(borough, assessments):
    errors = refused(borough, ("LC06", "2019/20", "40%"), ("LC.08", "x", "1"), ("assessments", "2019-20", "41%"))
    repeated = [(row, message) for row, _, message in errors if "stands in row" in message]
    assert [row for row, _ in repeated] == [2, 4]
    assert all("row 2 and row 4" in message for _, message in repeated)


def test_a_code_that_a_workbook_holds_as_a_number_is_refused(borough, assessments):
    row = {"code": Cell("1.1", is_number=True), "period": Cell("2019/20"), "value": Cell("4", is_number=True)}
    _, (error,) = propose(borough, [(2, row)], today=TODAY)
    assert error.column == "code"
    assert "as a number" in error.message


def test_other_rows_of_the_file_say_what_is_usual(borough, assessments):
    fresh = factories.IndicatorFactory(council=borough, key="fresh")
    errors = refused(borough, ("fresh", "2018/19", "47.5"), ("fresh", "2019/20", "0.48"))
    assert [row for row, _, _ in errors] == [3]
    assert len(proposed(borough, ("fresh", "2018/19", "0.47"), ("fresh", "2019/20", "0.48"))) == 2
    assert fresh.unit == "%"


def test_a_proposal_comes_back_from_what_is_stored(borough, counted):
    (proposal,) = proposed(borough, ("LC06", "2017/18", "51.25%", "20.5", "40", "Nöte"))
    assert Proposal.from_json(proposal.as_json()) == proposal


def test_the_number_of_queries_does_not_depend_on_the_rows(borough, assessments, django_assert_num_queries):
    rows = [("LC06", f"{year}/{(year + 1) % 100:02d}", "50%") for year in range(1995, 2015)]
    with django_assert_num_queries(4):
        proposed(borough, rows[0])
    with django_assert_num_queries(4):
        assert len(proposed(borough, *rows)) == 20
