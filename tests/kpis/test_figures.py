"""The grammar of figures and periods: what is read, what is refused, and that both come back as they were.

Which figures are read and refused one by one is in the table of bad inputs, tests/imports/bad_inputs/values.py.
"""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpis import figures
from kpis.models import Reason
from lambeth_plans import periods

TODAY = date(2021, 5, 17)


@pytest.mark.parametrize("blank", ["", "  ", "\u00a0", "\t"])
def test_a_blank_says_nothing(blank):
    assert figures.parse(blank) is None


@pytest.mark.parametrize("text", ["4,5%", "c. 40", "1e5"])
def test_a_refusal_says_what_to_write_instead(text):
    with pytest.raises(ValueError, match="Write"):
        figures.parse(text)


@given(st.decimals(min_value=-(10**9) + 1, max_value=10**9 - 1, places=6))
def test_every_figure_we_write_is_read_back(value):
    assert figures.parse(figures.written(value, "")).value == value


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_we_write_is_read_back(reason):
    assert figures.parse(figures.written(None, reason.value)).reason == reason


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused_and_never_breaks(text):
    try:
        figure = figures.parse(text)
    except ValueError:
        return
    assert figure is None or (figure.value is None) == bool(figure.reason)


# Fitting an indicator


def check(text, unit, others=()):
    figures.check(figures.parse(text), unit=unit, others=[Decimal(other) for other in others])


@pytest.mark.parametrize(
    ("others", "which"),
    [(["92", "48.4", "0"], "Every other value of this indicator is 48.4"), (["48", "0.48"], "Another value .* is 48")],
)
def test_a_share_on_a_percentage_is_asked_about(others, which):
    with pytest.raises(ValueError, match=rf"Did you mean 47\.5%\? {which} or more"):
        check("0.475", "%", others)


@pytest.mark.parametrize(
    ("text", "unit", "others"),
    [
        ("0.475", "%", []),  # nothing to compare it with
        ("0.06", "%", ["0.05", "0.5"]),  # this indicator's values are below 1
        ("0.475", "%", ["0.8", "1.2", "3"]),  # near 1, and 47.5 is far from all of them
        ("0.475%", "%", ["92"]),  # said to be a percentage
        ("0.475", "days", ["92"]),
        ("0", "%", ["92"]),
        ("1", "%", ["92"]),
        ("104", "%", ["92"]),
        ("47.5%", "", ["92"]),
        ("TBC", "%", ["92"]),
    ],
)
def test_a_figure_that_fits_its_indicator_passes(text, unit, others):
    assert check(text, unit, others) is None


@pytest.mark.parametrize(
    ("text", "unit", "words"),
    [("47.5%", "days", "in percent"), ("£5", "%", "in pounds"), ("4750", "%", "out of range"), ("-1001", "%", "range")],
)
def test_a_figure_that_does_not_fit_its_indicator_is_refused(text, unit, words):
    with pytest.raises(ValueError, match=words):
        check(text, unit)


@pytest.mark.parametrize(("text", "count"), [("19", "19"), ("1,234", "1234"), ("0", "0")])
def test_a_count_is_a_plain_number(text, count):
    assert figures.parse_count(text) == Decimal(count)


def test_a_count_is_kept_by_a_blank_and_taken_away_by_a_word():
    assert figures.parse_count(" ") is None
    assert figures.parse_count("Clear") == figures.CLEAR


@pytest.mark.parametrize("text", ["19%", "£19", "TBC", "c", "about 19"])
def test_a_count_is_no_percentage_and_no_word(text):
    with pytest.raises(ValueError, match="not a"):
        figures.parse_count(text)


@pytest.mark.parametrize(
    ("value", "reason", "unit", "words"),
    [
        ("47.5", "", "%", "47.5%"),
        ("-3", "", "£", "−£3"),
        ("1234.5", "", "£", "£1,234.5"),
        ("12", "", "days", "12 days"),
        ("12", "", "number", "12"),
        (None, "pending", "%", "Pending"),
        (None, "", "%", "no figure"),
    ],
)
def test_a_figure_is_said_with_its_unit(value, reason, unit, words):
    assert figures.words(value and Decimal(value), reason, unit) == words


# Periods


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2019/20", "2019-20"),
        ("2019–20", "2019-20"),
        ("06/07", "2006-07"),
        ("Q1 2020/21", "2020-21-q1"),
        ("Q4 2019/20", "2019-20-q4"),
        ("Apr 2019", "2019-04"),
        ("Apr 2003", "2003-04-month"),
        ("2019/20 (school year)", "2019-20-school-year"),
        ("31 Dec 2019", "2019-12-31"),
    ],
)
def test_a_period_has_one_code(text, code):
    period = figures.parse_period(text, today=TODAY)
    assert figures.period_code(period) == code
    assert figures.period_of_code(code) == period


@given(st.dates(date(1990, 1, 1), date(2099, 12, 31)), st.sampled_from(["year", "school", "quarter", "month", "day"]))
def test_every_period_comes_back_from_its_code(on, kind):
    year = periods.financial_year_start(on)
    period = {
        "year": periods.financial_year(year),
        "school": periods.academic_year(year),
        "quarter": periods.quarter(year, on.month % 4 + 1),
        "month": periods.month_of(on),
        "day": periods.snapshot(on),
    }[kind]
    assert figures.period_of_code(figures.period_code(period)) == period


@pytest.mark.parametrize(
    "code", ["2019", "2019-21", "2019-13", "2019-04-month", "2019-20-q5", "2019-02-30", "0000-01", "2019-22-q1", "x"]
)
def test_no_other_code_is_a_period(code):
    with pytest.raises(ValueError, match=r"."):
        figures.period_of_code(code)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2021/22 or so", "not a period"),
        ("2019", "not a period"),
        ("٢٠١٩/٢٠", "not a period"),
        ("43586", "a number, as a spreadsheet program keeps a date"),
        ("2019/21", "do not follow"),
        ("June 2021", "has not begun"),
        ("2022/23", "has not begun"),
        ("1889/90", "too long ago"),
        ("31 Feb 2020", "does not exist|not a date"),
        ("9999/00", "."),
    ],
)
def test_a_period_that_is_none_or_has_not_begun_is_refused(text, words):
    with pytest.raises(ValueError, match=words):
        figures.parse_period(text, today=TODAY)


def test_the_period_we_are_in_may_have_a_figure():
    assert figures.parse_period("2021/22", today=TODAY) == periods.financial_year(2021)


@pytest.mark.parametrize(
    ("old", "new", "unit", "words"),
    [
        ("40", "41", "%", "up 1 point"),
        ("40", "38.5", "%", "down 1.5 points"),
        ("1000", "2500", "£", "up £1,500"),
        ("3", "2", "days", "down 1 days"),
        ("40", "40", "%", ""),
        (None, "40", "%", ""),
        ("40", None, "%", ""),
    ],
)
def test_a_move_is_told_in_words(old, new, unit, words):
    assert figures.move(*(None if each is None else Decimal(each) for each in (old, new)), unit) == words
