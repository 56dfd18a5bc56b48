from datetime import UTC, date, datetime

import pytest

from lambeth_plans.cycles.models import Meeting, ReportingRound
from lambeth_plans.cycles.rounds import published, state_of
from tests import factories

ROUND = ReportingRound(
    month_date=date(2026, 11, 1),
    opens_date=date(2026, 11, 20),
    due_date=date(2026, 11, 30),
    grace_days=3,
    closes_date=date(2026, 12, 9),
)


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 11, 19), "not open yet"),
        (date(2026, 11, 20), "open"),
        (date(2026, 11, 29), "open"),
        (date(2026, 11, 30), "due today"),
        (date(2026, 12, 1), "in its days of grace"),
        (date(2026, 12, 3), "in its days of grace"),
        (date(2026, 12, 4), "late, not closed yet"),
        (date(2026, 12, 9), "late, not closed yet"),
        (date(2026, 12, 10), "closed"),
    ],
)
def test_a_round_stands_on_each_day_as_its_dates_say(day, words):
    assert state_of(ROUND, day) == words
    assert state_of(ROUND, day, is_published=True) == "published"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("has_meeting", "at_its_meeting", "moment", "expected"),
    [
        (True, True, date(2026, 11, 25), True),
        (True, False, date(2026, 12, 1), False),
        (False, False, date(2026, 11, 30), True),
        (False, False, date(2026, 11, 29), False),
        (False, False, date(2026, 12, 15), False),  # after the day that is asked for
    ],
)
def test_a_round_is_published_with_its_meeting_or_once_it_was_due(plan, has_meeting, at_its_meeting, moment, expected):
    meeting: Meeting | None = factories.MeetingFactory(council=plan.council) if has_meeting else None
    one = factories.ReportingRoundFactory(
        plan=plan, opens_date=date(2026, 11, 20), due_date=date(2026, 11, 30), meeting=meeting
    )
    at = datetime(moment.year, moment.month, moment.day, 12, tzinfo=UTC)
    factories.PublicationFactory(plan=plan, meeting=meeting if at_its_meeting else None, published_at=at)
    assert published([one], date(2026, 12, 10)) == ({one.pk} if expected else set())
