from datetime import timedelta

import pytest
from django.urls import reverse

from lambeth_plans.cycles.meetings import day_in_address, save_meetings
from lambeth_plans.cycles.models import Meeting, MeetingAction
from lambeth_plans.history import StaleRecord
from tests import factories
from tests.html import Page

pytestmark = pytest.mark.django_db


@pytest.fixture
def board(borough):
    return factories.BoardFactory(council=borough, key="panel", name="Panel")


@pytest.fixture
def meeting(board, today):
    return factories.MeetingFactory(board=board, key="first", meeting_date=today + timedelta(days=3))


@pytest.fixture
def save(client, administrator):
    """`save("meeting_table", …, **typed)`: what is answered to the table with these changes."""
    client.force_login(administrator)

    def post(name, *args, **typed):
        url = reverse(name, args=args)
        form = Page.of(client.get(url)).form_to(url).as_it_stands()
        return client.post(url, form | {"reason": "Agreed."} | typed)

    return post


def test_a_meeting_is_added_moved_and_cancelled_and_each_is_kept(save, board, meeting, today):
    later = today + timedelta(days=9)
    save("meeting_table", "borough", "panel", **{"new-1-meeting_date": later.isoformat()})
    save("meeting_table", "borough", "panel", **{"row-first-meeting_date": (today + timedelta(days=4)).isoformat()})
    save("meeting_table", "borough", "panel", **{"row-first-cancelled_because": "Purdah."})
    meeting.refresh_from_db()
    assert (meeting.meeting_date, meeting.key, meeting.is_cancelled) == (today + timedelta(days=4), "first", True)
    assert board.meetings.get(meeting_date=later).key == f"panel-{later}"
    assert meeting.history.count() == 3


def test_a_board_does_not_meet_twice_on_a_day(save, board, meeting, today):
    day = meeting.meeting_date.isoformat()
    html = save("meeting_table", "borough", "panel", **{"new-1-meeting_date": day}).content.decode()
    assert "This board already meets on that day." in html
    html = save(
        "meeting_table", "borough", "panel", **{"new-1-meeting_date": "1/2/2090", "new-2-meeting_date": "1/2/2090"}
    )
    assert "This board already meets on that day." in html.content.decode()
    assert Meeting.objects.count() == 1


def test_a_day_that_somebody_else_took_meanwhile_is_refused(board, meeting, administrator):
    another = Meeting(board=board, council=board.council, meeting_date=meeting.meeting_date)
    with pytest.raises(StaleRecord):
        save_meetings(board=board, meetings=[(another, {})], by=administrator, reason="Agreed.")


def test_an_action_is_added_and_ticked_off_at_a_later_meeting(save, board, meeting, post, today):
    day = meeting.meeting_date.isoformat()
    save("meeting_action_table", "borough", "panel", day, **{"new-1-what": "Write to them", "new-1-owner": post.key})
    action = MeetingAction.objects.get()
    assert (action.meeting, action.owner, action.key) == (meeting, post, "write-to-them")
    later = factories.MeetingFactory(board=board, meeting_date=today + timedelta(days=30)).meeting_date.isoformat()
    refused = save("meeting_action_table", "borough", "panel", later, **{"row-write-to-them-done_note": "Sent."})
    assert "Say on which day it was done." in refused.content.decode()
    done = {"row-write-to-them-done_date": "1/2/2026", "row-write-to-them-done_note": "Sent."}
    save("meeting_action_table", "borough", "panel", later, **done)
    action.refresh_from_db()
    assert (str(action.done_date), action.done_note) == ("2026-02-01", "Sent.")


@pytest.mark.parametrize("text", ["2026-02-30", "2026-2-1", "20260201", "x", ""])
def test_what_is_no_day_is_none_in_an_address(text):
    assert day_in_address(text) is None
