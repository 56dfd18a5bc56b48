from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from lambeth_plans import history
from tests import factories
from tests.html import Page

pytestmark = pytest.mark.django_db


def words(page):
    text = " ".join(" ".join(page.text).split())
    return text.replace(" ,", ",").replace(" .", ".").replace(" :", ":")


@pytest.fixture
def board(borough):
    return factories.BoardFactory(council=borough, key="panel", name="Panel")


@pytest.fixture
def meets(board, today):
    """`meets(-7)`: the board met a week ago."""

    def add(days, **fields):
        return factories.MeetingFactory(board=board, meeting_date=today + timedelta(days=days), **fields)

    return add


@pytest.fixture
def opened(reader, plan):
    """`opened(meeting)`: the text of its page, to a member, once everything is published."""

    def read(meeting):
        factories.PublicationFactory(plan=plan)
        place = (meeting.council.slug, meeting.board.key, meeting.meeting_date)
        return words(Page.of(reader.get(reverse("meeting_detail", args=place))))

    return read


def question(plan, board, days_ago, **fields):
    return factories.QuestionFactory(
        plan=plan, board=board, asked_at=timezone.now() - timedelta(days=days_ago), text="Why so late?", **fields
    )


def test_an_open_question_is_carried_to_the_next_meeting_and_says_so(opened, meets, board, plan):
    first, cancelled, following, last = meets(-7), meets(2, cancelled_because="Purdah."), meets(7), meets(14)
    question(plan, board, days_ago=10)
    assert "Why so late?" in opened(first)
    assert "Carried forward" not in opened(first)
    assert f"Carried forward from the meeting of {first.meeting_date:%-d %B %Y}" in opened(following)
    assert "Not answered yet" in opened(following)
    assert "Why so late?" not in opened(last)
    assert "This meeting was cancelled. Purdah." in opened(cancelled)


def test_an_answer_is_told_in_the_meeting_after_it_and_no_longer(opened, meets, board, plan):
    first, second, third = meets(-20), meets(-10), meets(10)
    asked = question(plan, board, days_ago=30, answered_at=timezone.now() - timedelta(days=15))
    factories.AnswerFactory(question=asked, text="We were short of staff.")
    for meeting in (first, second):
        assert "We were short of staff." in opened(meeting)
    assert "Why so late?" not in opened(third)


def test_an_action_is_carried_forward_until_it_is_done(opened, meets, today):
    first, second, third, fourth = meets(-30), meets(-20), meets(-10), meets(10)
    factories.MeetingActionFactory(meeting=first, what="Write to them", due_date=today - timedelta(days=2))
    done = {"done_date": today - timedelta(days=15), "done_note": "They answered."}
    factories.MeetingActionFactory(meeting=first, what="Visit them", **done)
    assert f"Carried forward from {first.meeting_date:%-d %B %Y}" in opened(fourth)
    assert "Overdue by 2 days" in opened(fourth)
    for meeting in (first, second, third):
        assert "They answered." in opened(meeting)
    assert "Visit them" not in opened(fourth)


def test_a_meeting_names_what_was_published_for_it(opened, meets, plan):
    factories.PublicationFactory(plan=plan, number=3, meeting=(meeting := meets(7)), note="For the panel.")
    assert "The Borough's Plan: Publication 3" in opened(meeting)


def test_a_board_shows_its_calendar(reader, board, meets, plan):
    past, coming = meets(-7), meets(7, place="Room 1")
    question(plan, board, days_ago=3)
    factories.PublicationFactory(plan=plan)
    html = reader.get(reverse("board_detail", args=["borough", "panel"])).content.decode()
    text = words(Page(html, ""))
    assert f"Next: {coming.meeting_date:%-d %B %Y}, Room 1. 1 question not answered, 0 actions open." in text
    assert reverse("meeting_detail", args=["borough", "panel", past.meeting_date]) in html


def test_a_meeting_that_moved_tells_when_and_why(opened, meets, administrator):
    meeting = meets(7)
    meeting.meeting_date += timedelta(days=1)
    history.save(meeting, by=administrator, reason="The room was taken.")
    assert "Because: The room was taken." in opened(meeting)
