from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambeth_plans import periods
from lambeth_plans.periods import PeriodKind, parse


@pytest.mark.parametrize(
    ("text", "kind", "start", "end"),
    [
        ("2019/20", PeriodKind.YEAR, date(2019, 4, 1), date(2020, 3, 31)),
        ("2019-20", PeriodKind.YEAR, date(2019, 4, 1), date(2020, 3, 31)),
        ("2019/2020", PeriodKind.YEAR, date(2019, 4, 1), date(2020, 3, 31)),
        ("06/07", PeriodKind.YEAR, date(2006, 4, 1), date(2007, 3, 31)),
        ("1999/00", PeriodKind.YEAR, date(1999, 4, 1), date(2000, 3, 31)),
        ("2011-12", PeriodKind.YEAR, date(2011, 4, 1), date(2012, 3, 31)),
        ("Q1 2020/21", PeriodKind.QUARTER, date(2020, 4, 1), date(2020, 6, 30)),
        ("Q3 2023/24", PeriodKind.QUARTER, date(2023, 10, 1), date(2023, 12, 31)),
        ("Q4 2023/24", PeriodKind.QUARTER, date(2024, 1, 1), date(2024, 3, 31)),
        ("Dec 2019", PeriodKind.MONTH, date(2019, 12, 1), date(2019, 12, 31)),
        ("Apr-19", PeriodKind.MONTH, date(2019, 4, 1), date(2019, 4, 30)),
        ("Sept 2021", PeriodKind.MONTH, date(2021, 9, 1), date(2021, 9, 30)),
        ("february 2024", PeriodKind.MONTH, date(2024, 2, 1), date(2024, 2, 29)),
        ("2019-04", PeriodKind.MONTH, date(2019, 4, 1), date(2019, 4, 30)),
        ("2019/20 (school year)", PeriodKind.ACADEMIC_YEAR, date(2019, 9, 1), date(2020, 8, 31)),
        ("31 Dec 2019", PeriodKind.SNAPSHOT, date(2019, 12, 31), date(2019, 12, 31)),
        ("2019-12-31", PeriodKind.SNAPSHOT, date(2019, 12, 31), date(2019, 12, 31)),
        ("31/12/2019", PeriodKind.SNAPSHOT, date(2019, 12, 31), date(2019, 12, 31)),
        ("6.7.2020", PeriodKind.SNAPSHOT, date(2020, 7, 6), date(2020, 7, 6)),
        (" Q2\u00a02020/21 ", PeriodKind.QUARTER, date(2020, 7, 1), date(2020, 9, 30)),
    ],
)
def test_a_period_is_read_as_councils_write_it(text, kind, start, end):
    period = parse(text)
    assert (period.kind, period.start, period.end) == (kind, start, end)


@pytest.mark.parametrize(
    ("texts", "is_american"),
    [
        (["06/07/2020", "06/30/2020"], True),
        (["06/30/20"], True),
        (["06/07/2020", "30/06/2020", "06/32/2020", "2019/20", ""], False),
    ],
)
def test_a_column_has_the_month_first_where_a_day_can_only_be_read_so(texts, is_american):
    assert periods.has_month_first(texts) is is_american


def test_a_day_in_numbers_may_read_two_ways():
    texts = ("06/07/2020", "6/06/2020", "13/07/2020", "06/07/20", "06/07", "6 Jul 2020")
    assert [text for text in texts if periods.reads_two_ways(text)] == ["06/07/2020"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2019/21",
        "Q5 2020/21",
        "Foo 2020",
        "31 Feb 2020",
        "2019",
        "13/2020",
        "2019-13",
        "Q1 2020/22",
        "Ma 2020",
        "31/02/2020",
        "30/06-2020",
    ],
)
def test_anything_else_is_refused_with_an_example_or_a_reason(text):
    with pytest.raises(ValueError, match=r"Write it like|do not follow|no month|does not exist|not a date"):
        parse(text)


days = st.dates(min_value=date(1995, 1, 1), max_value=date(2060, 12, 31))


@given(days)
def test_every_label_reads_back_as_the_same_period(day):
    start = periods.financial_year_start(day)
    for period in (
        periods.financial_year(start),
        periods.academic_year(start),
        periods.month_of(day),
        periods.snapshot(day),
        *(periods.quarter(start, number) for number in (1, 2, 3, 4)),
    ):
        assert parse(period.label) == period


@given(days)
def test_quarters_and_months_follow_each_other_without_a_hole(day):
    period = periods.month_of(day)
    quarter = periods.quarter(periods.financial_year_start(day), 1)
    for _ in range(8):
        for each in (period, quarter):
            assert periods.following(each).start == each.end + timedelta(days=1)
            assert periods.following(each).kind is each.kind
        period, quarter = periods.following(period), periods.following(quarter)
    assert periods.previous_month(periods.following(period)) == period


def test_the_financial_year_turns_on_the_first_of_april():
    assert periods.financial_year_start(date(2021, 3, 31)) == 2020
    assert periods.financial_year_start(date(2021, 4, 1)) == 2021


def test_nothing_follows_a_snapshot():
    with pytest.raises(ValueError, match="snapshot"):
        periods.following(periods.snapshot(date(2020, 1, 1)))


@given(days)
def test_a_day_lies_in_the_period_of_each_kind_that_holds_it(day):
    for kind in PeriodKind:
        period = periods.holding(kind, day)
        assert period.kind is kind
        assert period.start <= day <= period.end
        assert periods.holding(kind, period.start) == periods.holding(kind, period.end) == period
