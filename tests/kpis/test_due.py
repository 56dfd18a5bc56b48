"""The data-due calendar: not due yet, late, not reported and not stated, day by day."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpis.due import DueState, Schedule, calendar, due_date, expected_periods, standing
from lambeth_plans import periods
from lambeth_plans.periods import Period, parse

IN, NOT_DUE, LATE, NOT_REPORTED, UNKNOWN = DueState


def day(text: str) -> date:
    return date.fromisoformat(text)


def labels(found) -> list[str]:
    return [period.label for period in found]


@pytest.mark.parametrize(
    ("frequency", "first", "on", "expected"),
    [
        ("month", "Jan 2024", "2024-03-31", ["Jan 2024", "Feb 2024", "Mar 2024"]),  # the last day still runs
        ("month", "Jan 2024", "2024-04-01", ["Jan 2024", "Feb 2024", "Mar 2024", "Apr 2024"]),
        ("month", "May 2024", "2024-04-01", ["May 2024"]),  # not begun: the only one
        ("month", "2023/24", "2023-05-10", ["Apr 2023", "May 2023"]),  # a year before months
        ("month", "31 Jan 2024", "2024-03-31", ["31 Jan 2024", "29 Feb 2024", "31 Mar 2024"]),
        ("month", "30 Jan 2023", "2023-03-30", ["30 Jan 2023", "28 Feb 2023", "30 Mar 2023"]),
        ("month", "30 Apr 2024", "2024-05-31", ["30 Apr 2024", "31 May 2024"]),  # always on the last day
        ("quarter", "Q3 2023/24", "2024-04-01", ["Q3 2023/24", "Q4 2023/24", "Q1 2024/25"]),
        ("quarter", "May 2023", "2023-07-01", ["Q2 2023/24"]),  # the first whole quarter
        ("quarter", "31 Dec 2023", "2024-06-01", ["31 Dec 2023", "31 Mar 2024", "30 Jun 2024"]),
        ("year", "2022/23", "2024-03-31", ["2022/23", "2023/24"]),  # the financial year ends on 31 March
        ("year", "2022/23", "2024-04-01", ["2022/23", "2023/24", "2024/25"]),
        ("year", "2022/23 (school year)", "2023-09-01", ["2022/23 (school year)", "2023/24 (school year)"]),
        ("year", "29 Feb 2024", "2025-02-28", ["29 Feb 2024", "28 Feb 2025"]),
        ("year", "to 30 Jan 2018", "2020-01-01", []),  # sums up to its own day
        ("", "Jan 2024", "2024-03-31", []),
    ],
)
def test_a_figure_is_expected_for_each_period_that_has_begun(frequency, first, on, expected):
    assert labels(expected_periods(frequency, parse(first), day(on))) == expected


def test_an_unknown_frequency_and_a_negative_lag_are_refused():
    with pytest.raises(ValueError, match="weekly"):
        expected_periods("weekly", parse("Jan 2024"), day("2024-03-31"))
    with pytest.raises(ValueError, match="before its period ends"):
        due_date(parse("Jan 2024"), -1)


@pytest.mark.parametrize(
    ("period", "lag", "expected"),
    [
        ("2023/24", 0, "2024-03-31"),
        ("2023/24", 30, "2024-04-30"),
        ("Feb 2024", 1, "2024-03-01"),
        ("Jan 2024", 29, "2024-02-29"),
        ("Jan 2023", 29, "2023-03-01"),
        ("2023/24 (school year)", 61, "2024-10-31"),
        ("29 Feb 2024", 366, "2025-03-01"),
        ("Q3 2023/24", 14, "2024-01-14"),
    ],
)
def test_a_figure_is_due_its_lag_after_the_end_of_its_period(period, lag, expected):
    assert due_date(parse(period), lag) == day(expected)


@pytest.mark.parametrize(
    ("period", "lag", "on", "has_row", "later_in", "state", "words"),
    [
        ("2025/26", 30, "2026-03-31", False, False, NOT_DUE, "not due yet, due 30 Apr 2026"),
        ("2025/26", 30, "2026-04-30", False, False, NOT_DUE, "not due yet, due 30 Apr 2026"),  # that day included
        ("2025/26", 30, "2026-05-01", False, False, LATE, "late by 1 day, due 30 Apr 2026"),
        ("2025/26", 30, "2026-05-12", False, False, LATE, "late by 12 days, due 30 Apr 2026"),
        ("2025/26", 30, "2027-04-30", False, False, LATE, "late by 365 days, due 30 Apr 2026"),
        ("2025/26", 30, "2027-05-01", False, False, NOT_REPORTED, "not reported, due 30 Apr 2026"),  # next one due
        ("2025/26", 30, "2026-05-12", False, True, NOT_REPORTED, "not reported, due 30 Apr 2026"),
        ("2025/26", 30, "2026-04-12", False, True, NOT_DUE, "not due yet, due 30 Apr 2026"),  # still in time
        ("2025/26", 30, "2026-05-12", True, False, IN, "reported"),
        ("2025/26", 30, "2026-01-12", True, False, IN, "reported"),  # before its end
        ("2025/26", 0, "2026-03-31", False, False, NOT_DUE, "not due yet, due 31 Mar 2026"),
        ("2025/26", 0, "2026-04-01", False, False, LATE, "late by 1 day, due 31 Mar 2026"),
        ("Feb 2024", 12, "2024-04-12", False, False, LATE, "late by 31 days, due 12 Mar 2024"),
        ("Feb 2024", 12, "2024-04-13", False, False, NOT_REPORTED, "not reported, due 12 Mar 2024"),
        ("Feb 2024", None, "2024-02-29", False, False, NOT_DUE, "not due yet, its period ends on 29 Feb 2024"),
        ("Feb 2024", None, "2024-03-01", False, False, UNKNOWN, "due date not stated"),
        ("Feb 2024", None, "2029-03-01", False, False, UNKNOWN, "due date not stated"),
        ("Feb 2024", None, "2024-03-01", False, True, NOT_REPORTED, "not reported"),
        ("Feb 2024", None, "2024-03-01", True, True, IN, "reported"),
        ("31 Mar 2024", 10, "2024-04-11", False, False, LATE, "late by 1 day, due 10 Apr 2024"),
        ("31 Mar 2024", 10, "2029-04-11", False, False, LATE, "late by 1827 days, due 10 Apr 2024"),  # none follows
    ],
)
def test_a_period_stands_in_one_of_five_ways(period, lag, on, has_row, later_in, state, words):
    found = standing(parse(period), has_row=has_row, lag_days=lag, on=day(on), later_in=later_in)
    assert (found.state, found.words) == (state, words)
    assert (found.days_late > 0) == (state is LATE)


def test_a_snapshot_is_not_reported_once_the_one_expected_after_it_is_due():
    found = standing(
        parse("31 Mar 2024"),
        has_row=False,
        lag_days=10,
        on=day("2024-05-11"),
        later_in=False,
        next_period=parse("30 Apr 2024"),
    )
    assert found.state is NOT_REPORTED


def schedule(key: str, frequency: str, reported: str, *, first: str = "", lag: int | None = 12) -> Schedule:
    rows = [parse(text) for text in reported.split(", ") if text]
    return Schedule(key, frequency, parse(first) if first else None, lag, rows)


@pytest.mark.parametrize(
    ("given_schedule", "states", "next_due", "words"),
    [
        (
            schedule("months", "month", "Jan 2026, Mar 2026"),
            [IN, NOT_REPORTED, IN, NOT_DUE],
            "2026-05-12",
            "Not reported: Feb 2026. Next: Apr 2026, due 12 May 2026.",
        ),
        (
            schedule("first", "month", "Feb 2026", first="Jan 2026"),
            [NOT_REPORTED, IN, LATE, NOT_DUE],
            "2026-05-12",
            "Mar 2026 is late by 8 days, due 12 Apr 2026. Not reported: Jan 2026. Next: Apr 2026, due 12 May 2026.",
        ),
        (
            schedule("early", "month", "Mar 2026, Apr 2026"),
            [IN, IN],
            "2026-06-12",
            "Next: May 2026, due 12 Jun 2026.",
        ),
        (
            schedule("open", "month", "Feb 2026", lag=None),
            [IN, UNKNOWN, NOT_DUE],
            None,
            "No figure and no due date: Mar 2026. Next: Apr 2026, due date not stated.",
        ),
        (
            schedule("days", "month", "30 Jan 2026, 27 Feb 2026, 31 Mar 2026", first="31 Jan 2026"),  # working days
            [IN, IN, IN, NOT_DUE],
            "2026-05-12",
            "Next: 30 Apr 2026, due 12 May 2026.",
        ),
        (
            schedule("baseline", "quarter", "1 Apr 2020, Q3 2025/26", lag=30),
            [IN, NOT_DUE, NOT_DUE],
            "2026-04-30",
            "Next: Q4 2025/26, due 30 Apr 2026.",
        ),
        (
            schedule("school", "year", "2023/24 (school year)", lag=60),
            [IN, LATE, NOT_DUE],
            "2026-10-30",
            "2024/25 (school year) is late by 172 days, due 30 Oct 2025. Next: 2025/26 (school year), due 30 Oct 2026.",
        ),
        (schedule("unstated", "", "Jan 2026"), [], None, "How often it is reported is not stated."),
        (schedule("other", "month", "2024/25"), [], None, "Since when it is reported is not stated."),
        (
            schedule("once", "year", "", first="to 30 Jan 2018"),
            [],
            None,
            "A figure to 30 Jan 2018 is not expected again.",
        ),
    ],
    ids=lambda value: value.key if isinstance(value, Schedule) else "",
)
def test_an_indicator_has_its_line_in_the_calendar(given_schedule, states, next_due, words):
    (entry,) = calendar([given_schedule], day("2026-04-20"))
    assert [each.state for each in entry.standings] == states
    assert entry.next_due == (day(next_due) if next_due else None)
    assert entry.words == words
    assert bool(entry.reason) == (not states)


def test_what_is_late_comes_first_then_what_is_due_next():
    schedules = [
        schedule("unstated", "", ""),
        schedule("year", "year", "2024/25", lag=30),
        schedule("late", "month", "Feb 2026"),
        schedule("month", "month", "Mar 2026"),
        schedule("later", "year", "2023/24 (school year)", lag=60),
    ]
    entries = calendar(schedules, day("2026-04-20"))
    assert [entry.key for entry in entries] == ["later", "late", "year", "month", "unstated"]
    assert [bool(entry.late) for entry in entries] == [True, True, False, False, False]


days = st.dates(min_value=date(1995, 1, 1), max_value=date(2060, 12, 31))
frequencies = st.sampled_from(["month", "quarter", "year"])


@given(days, st.integers(0, 400), frequencies, st.booleans())
def test_expected_periods_follow_each_other_and_the_last_one_runs(first_day, later, frequency, is_snapshot):
    kind = periods.PeriodKind.SNAPSHOT if is_snapshot else periods.PeriodKind(frequency)
    first = periods.holding(kind, first_day)
    on = first_day + timedelta(days=later)
    found = expected_periods(frequency, first, on)
    assert found[0] == first
    assert found == tuple(sorted(set(found)))
    assert [period for period in found if period.end >= on] == [found[-1]]
    if not is_snapshot:
        assert all(periods.following(one) == other for one, other in pairwise(found))


@given(days, st.integers(0, 100), st.integers(-400, 800), st.booleans())
def test_a_period_without_a_row_only_moves_on(on, lag, shift, later_in):
    """With each day from not due to late to not reported, never back."""
    period: Period = periods.month_of(on)
    order = [NOT_DUE, LATE, NOT_REPORTED]
    before, after = (
        order.index(standing(period, has_row=False, lag_days=lag, on=moment, later_in=later_in).state)
        for moment in sorted([on, on + timedelta(days=shift)])
    )
    assert before <= after
