from datetime import date

import pytest

from lambeth_plans.cycles.agenda import stands_at


def may(day):
    return date(2026, 5, day)


FOUR = (may(4), may(11), may(18), may(25))


@pytest.mark.parametrize(
    ("opened", "closed", "today", "with_first_day", "days"),
    [
        (5, None, 8, True, [11]),  # only the next of those to come
        (5, None, 12, True, [11, 18]),  # carried to the next one
        (5, None, 11, True, [11]),  # today's is the next one
        (5, 8, 20, True, [11]),  # told once when it is done
        (5, 11, 20, True, [11]),
        (5, 12, 20, True, [11, 18]),
        (4, None, 4, True, [4]),
        (4, None, 4, False, [11]),  # agreed there, so it is looked at in the one after
        (4, 4, 20, False, [11]),
        (1, None, 30, True, [4, 11, 18, 25]),
        (26, None, 27, True, []),
    ],
)
def test_what_is_open_stands_at_every_meeting_until_it_is_done(opened, closed, today, with_first_day, days):
    closed = may(closed) if closed else None
    found = stands_at(may(opened), closed, FOUR[::-1], today=may(today), with_first_day=with_first_day)
    assert [day.day for day in found] == days
