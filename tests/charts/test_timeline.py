from datetime import date
from itertools import pairwise

import pytest

from lambeth_plans.charts import Span, TimelineEntry, TimelineLook, months_shown, timeline
from lambeth_plans.charts.timeline import LEFT, RIGHT
from lambeth_plans.fields import PartialDate

DAY = date(2026, 11, 26)


def span(stated):
    """As the dashboards make it of a date of any precision."""
    found = PartialDate(stated)
    return Span(found.earliest, found.latest, str(found))


def entry(due, original=None, *, name="KA1 Refresh the offer", group="Activities", **fields):
    fields = {"look": TimelineLook.TO_COME, "words": "to come"} | fields
    return TimelineEntry(group, name, span(due), original=original and span(original), **fields)


def drawn(*entries, first=date(2026, 1, 15), last=date(2026, 12, 3), day=DAY):
    return timeline(
        title="What is due when",
        source="The plan",
        description="One date.",
        entries=entries,
        day=day,
        day_text="Today",
        first=first,
        last=last,
    )


def row_of(*entries, **window):
    ((_, (row, *_)), *_) = drawn(*entries, **window).groups
    return row


def place(words):
    return float(words.rstrip("%"))


@pytest.mark.parametrize(
    ("due", "days_before", "days"),
    [("2026-01-01", 0.5, 0), ("2026-12-31", 364.5, 0), ("2026-02", 31, 28), ("2026", 0, 365)],
)
def test_a_day_is_a_point_and_a_month_or_a_year_the_span_that_it_is(due, days_before, days):
    mark, day = row_of(entry(due)).mark, (RIGHT - LEFT) / 365
    assert place(mark.x) == pytest.approx(LEFT + days_before * day, abs=0.01)
    assert place(mark.width or "0") == pytest.approx(days * day, abs=0.01)


def test_the_original_date_stays_as_an_outline_joined_to_the_new_one():
    row = row_of(entry("2026-06", "2026-03"))
    assert place(row.ghost.x) < place(row.mark.x)
    assert place(row.link.x1) == pytest.approx(place(row.ghost.x) + place(row.ghost.width))
    assert row.link.x2 == row.mark.x
    assert row_of(entry("2026-06", "2026-06")).ghost is None
    assert drawn(entry("2026-06", "2026-03")).has_ghosts
    assert not drawn(entry("2026-06")).has_ghosts


@pytest.mark.parametrize(("due", "edge"), [("2024", "before"), ("2027-02-01", "after"), ("2026-12", "")])
def test_what_lies_outside_the_months_is_an_arrow_with_its_date(due, edge):
    row = row_of(entry(due, note="overdue"))
    assert row.mark.edge == edge
    assert row.note == (f"{PartialDate(due)}, overdue" if edge else "overdue")


@pytest.mark.parametrize(("due", "anchor"), [("2026-03-01", "start"), ("2026-12-01", "end")])
def test_words_stand_on_the_side_that_has_room(due, anchor):
    assert row_of(entry(due, note="overdue")).anchor == anchor


def test_entries_stand_under_the_heading_of_their_group_one_below_the_other():
    chart = drawn(entry("2026-01"), entry("2026-02"), entry("2026-03", group="Milestones"))
    assert [(heading.text, len(rows)) for heading, rows in chart.groups] == [("Activities", 2), ("Milestones", 1)]
    places = [float(row.y) for _, rows in chart.groups for row in rows]
    assert places == sorted(set(places))
    assert places[-1] < float(chart.bottom) <= chart.height
    assert chart.rows[0] == ("KA1 Refresh the offer", "Activities", "January 2026", "January 2026", "to come")


def test_56_in_three_years_each_have_a_row_and_the_months_stand_below_again():
    chart = drawn(
        *(entry(f"{2026 + number % 3}-{number % 12 + 1:02d}") for number in range(56)), last=date(2028, 12, 1)
    )
    places = [float(row.y) for _, rows in chart.groups for row in rows]
    assert min(after - before for before, after in pairwise(places)) >= 20
    assert chart.below
    assert not drawn(entry("2026-01")).below


@pytest.mark.parametrize(
    ("last", "names"),
    [
        (date(2026, 3, 1), ["Jan 2026", "Feb", "Mar"]),
        (date(2027, 12, 1), ["Jan 2026", "Apr", "Jul", "Oct", "Jan 2027", "Apr", "Jul", "Oct"]),
        (date(2030, 6, 1), [f"{month} {year}".strip() for year in range(2026, 2031) for month in ("Jan", "Jul")][:9]),
        (date(2036, 1, 1), [str(year) for year in range(2026, 2037)]),
    ],
)
def test_only_so_many_months_are_named_as_fit(last, names):
    months = drawn(entry("2026-01"), last=last).months
    told = [f"{each.month} {each.year}".strip() for each in months]
    if "Jul" in told:  # the year stands at the first of its months only
        names = [name if name.startswith("Jan") or len(name) == 3 else "Jul" for name in names]
    assert told == names


def test_a_long_name_is_cut_in_the_picture_and_whole_where_it_is_pointed_at():
    long = "KA1 " + "A very long title of an activity " * 3
    row = row_of(entry("2026-01", name=long))
    assert row.name.endswith("…")
    assert len(row.name) <= 38
    assert row.label == f"{long}: to come"


def test_nothing_with_a_date_is_no_picture():
    chart = drawn()
    assert chart.is_empty
    assert chart.rows == ()


@pytest.mark.parametrize(
    ("dates", "first", "last"),
    [
        ((), DAY, DAY),
        (("2026-03", "2027"), date(2026, 3, 1), date(2027, 12, 31)),
        (("2009", "2027"), date(2024, 4, 1), date(2027, 12, 31)),
        (("2026", "2045"), date(2026, 1, 1), date(2030, 3, 31)),
    ],
)
def test_the_months_hold_all_dates_but_for_those_far_from_the_plan(dates, first, last):
    shown = months_shown(map(span, dates), DAY, date(2025, 4, 1), date(2029, 3, 31))
    assert shown == (first, last)
