"""When a contract has to be thought of: a date and a day in, a stage out. No clock and no database."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finance.ending import (
    ALERTS,
    WARNED,
    Stage,
    deadline_of,
    ending_on,
    is_notice_gone,
    last_day_for_notice,
    months_before,
    stage_of,
    warned_of,
    warning_due,
)
from lambeth_plans.fields import PartialDate


def day(text):
    return date.fromisoformat(text)


def stage(on, end, notice_date=None, notice_months=None):
    return ending_on(
        day(on), *(PartialDate(each) if each else None for each in (end, notice_date)), notice_months
    ).stage


@pytest.mark.parametrize(
    ("of", "months", "before"),
    [
        ("2027-05-31", 3, "2027-02-28"),
        ("2028-05-31", 3, "2028-02-29"),
        ("2028-02-29", 12, "2027-02-28"),
        ("2029-02-28", 12, "2028-02-28"),
        ("2027-03-31", 6, "2026-09-30"),
        ("2027-04-01", 3, "2027-01-01"),
        ("2027-03-31", 12, "2026-03-31"),
        ("2027-01-31", 1, "2026-12-31"),
        ("2026-10-25", 6, "2026-04-25"),  # the day summer time ends
        ("0001-01-31", 3, "0001-01-01"),  # there is no day before
    ],
)
def test_months_before_are_counted_by_the_calendar(of, months, before):
    assert months_before(day(of), months) == day(before)


@pytest.mark.parametrize(
    ("on", "found"),
    [
        ("2026-03-30", Stage.LATER),
        ("2026-03-31", Stage.WITHIN_12),
        ("2026-09-29", Stage.WITHIN_12),
        ("2026-09-30", Stage.WITHIN_6),
        ("2026-12-30", Stage.WITHIN_6),
        ("2026-12-31", Stage.WITHIN_3),
        ("2027-03-31", Stage.WITHIN_3),
        ("2027-04-01", Stage.ENDED),
    ],
)
def test_a_contract_to_the_end_of_the_financial_year_passes_each_month_on_its_day(on, found):
    assert stage(on, "2027-03-31") is found


@pytest.mark.parametrize(
    ("on", "found"),
    [
        ("2026-02-27", Stage.LATER),
        ("2027-02-28", Stage.WITHIN_12),
        ("2027-08-29", Stage.WITHIN_6),
        ("2027-11-29", Stage.WITHIN_3),
        ("2028-02-29", Stage.WITHIN_3),
        ("2028-03-01", Stage.ENDED),
    ],
)
def test_a_contract_that_ends_on_the_leap_day(on, found):
    assert stage(on, "2028-02-29") is found


def test_the_last_day_for_notice_counts_where_it_comes_first():
    assert stage("2026-03-31", "2027-12-31", notice_months=9) is Stage.WITHIN_12
    assert stage("2027-03-31", "2027-12-31", notice_months=9) is Stage.WITHIN_3
    assert stage("2027-04-01", "2027-12-31", notice_months=9) is Stage.WITHIN_12
    assert stage("2028-01-01", "2027-12-31", notice_months=9) is Stage.ENDED
    assert stage("2027-01-01", "2027-12-31", notice_date="2027-03") is Stage.WITHIN_3


@pytest.mark.parametrize(
    ("on", "found"),
    [
        ("2026-06-30", Stage.WITHIN_3),
        ("2026-07-01", Stage.NOTICE_GONE),
        ("2026-12-30", Stage.NOTICE_GONE),
        ("2026-12-31", Stage.WITHIN_12),
        ("2027-06-30", Stage.WITHIN_6),
        ("2027-09-30", Stage.WITHIN_3),
        ("2028-01-01", Stage.ENDED),
    ],
)
def test_once_notice_has_gone_by_warnings_count_to_the_end(on, found):
    assert stage(on, "2027-12-31", notice_months=18) is found
    deadline = warned_of(day(on), PartialDate("2027-12-31"), None, 18)
    assert (warning_due(deadline, day(on), for_days=7) is None) == (found is Stage.ENDED or on < "2026-12-31")


def test_notice_of_a_month_has_gone_by_after_its_last_day():
    known = (PartialDate("2027-12-31"), PartialDate("2026-10"))
    assert ending_on(day("2026-10-02"), *known).words.endswith("last day for notice October 2026 may have gone by")
    assert ending_on(day("2026-11-01"), *known).words.endswith("last day for notice October 2026 has gone by")
    assert [ending_on(day(on), *known).stage for on in ("2026-10-31", "2026-11-01")] == [
        Stage.WITHIN_3,
        Stage.NOTICE_GONE,
    ]
    assert stage("2026-07-02", "2027", notice_months=6) is Stage.WITHIN_3
    assert stage("2027-07-01", "2028", notice_months=12) is Stage.WITHIN_3  # 1 January to 31 December 2027


def test_meanwhile_an_e_mail_counts_to_the_end():
    end, notice = PartialDate("2027-10-10"), PartialDate("2026-10")
    assert warned_of(day("2026-10-01"), end, notice).day == day("2026-10-01")
    assert warning_due(warned_of(day("2026-10-10"), end, notice), day("2026-10-10"), for_days=7) == 12
    assert warned_of(day("2026-10-10"), None, notice).day == day("2026-10-01")


def test_a_stated_day_for_notice_goes_before_the_period():
    end, stated = PartialDate("2027-12-31"), PartialDate("2027-06-15")
    assert last_day_for_notice(end, stated, 9) == day("2027-06-15")
    assert last_day_for_notice(end, None, 3) == day("2027-09-30")
    assert last_day_for_notice(None, None, 3) is None


def test_notice_without_an_end_date_still_warns():
    assert stage("2027-01-01", None, notice_date="2027-03-01") is Stage.WITHIN_3
    assert stage("2027-03-02", None, notice_date="2027-03-01") is Stage.NOTICE_GONE
    assert stage("2027-03-02", None) is Stage.UNKNOWN
    assert stage("2027-03-02", None, notice_months=6) is Stage.UNKNOWN


@pytest.mark.parametrize(
    ("on", "found"),
    [
        ("2018-12-31", Stage.LATER),
        ("2019-01-01", Stage.WITHIN_12),
        ("2019-10-01", Stage.WITHIN_3),
        ("2020-01-01", Stage.WITHIN_3),
        ("2020-12-31", Stage.WITHIN_3),
        ("2021-01-01", Stage.ENDED),
    ],
)
def test_a_year_is_warned_of_from_its_first_day_and_over_after_its_last(on, found):
    assert stage(on, "2020") is found


def test_what_is_assumed_of_a_year_or_a_month_is_said():
    ending = ending_on(day("2020-05-01"), PartialDate("2020"))
    assert ending.words == "ends 2020; may have ended"
    assert "first day, 1 January 2020, and called ended only after its last, 31 December 2020." in ending.assumed
    assert ending_on(day("2020-05-01"), PartialDate("2020-06-01")).assumed == ""
    notice = ending_on(day("2020-01-01"), PartialDate("2021-01-31"), PartialDate("2020-10"))
    assert (
        notice.assumed == "Only “October 2020” is stated as the last day for notice: warnings take its first day, "
        "1 October 2020, and called gone by only after its last, 31 October 2020."
    )


def test_an_ending_is_told_in_words():
    end = PartialDate("2027-12-31")
    assert ending_on(day("2027-01-01"), end, notice_months=6).words == (
        "ends 31 December 2027; last day for notice 30 June 2027"
    )
    assert ending_on(day("2027-07-01"), end, notice_months=6).words.endswith("30 June 2027 has gone by")
    assert ending_on(day("2028-01-01"), end, notice_months=6).words == "ended 31 December 2027"
    assert ending_on(day("2027-01-01"), None).words == "end date not stated"


@pytest.mark.parametrize(
    ("on", "months"),
    [
        ("2026-03-30", None),
        ("2026-03-31", 12),
        ("2026-04-06", 12),
        ("2026-04-07", None),
        ("2026-09-30", 6),
        ("2026-12-31", 3),
        ("2027-01-06", 3),
        ("2027-01-07", None),
        ("2027-04-01", None),
    ],
)
def test_a_warning_is_due_on_its_day_and_for_a_week(on, months):
    assert warning_due(deadline_of(day(on), PartialDate("2027-03-31")), day(on), for_days=7) == months


days = st.dates(date(1995, 1, 1), date(2090, 12, 31))
ends = days.flatmap(lambda found: st.sampled_from([f"{found:%Y}", f"{found:%Y-%m}", found.isoformat()])).map(
    PartialDate
)


@given(ends, st.none() | ends, st.none() | st.integers(1, 36), days)
def test_stages_only_get_more_pressing_until_notice_is_gone_and_nothing_ends_early(
    end, notice_date, notice_months, today
):
    known = (end, notice_date, notice_months)
    deadline = deadline_of(today, *known)
    assert deadline.day <= end.earliest
    now, tomorrow = (stage_of(on, *known) for on in (today, today + timedelta(days=1)))
    goes = [is_notice_gone(on, *known) for on in (today, today + timedelta(days=1))] == [False, True]
    pressing = list(Stage)
    assert goes or pressing.index(tomorrow) <= pressing.index(now)
    assert (now is Stage.ENDED) == (today > end.latest)
    assert (now in ALERTS) == (months_before(deadline.day, max(WARNED)) <= today <= end.latest)
    assert now is not Stage.NOTICE_GONE or is_notice_gone(today, *known)
    assert warning_due(None, today, for_days=7) is None
