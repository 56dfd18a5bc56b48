"""Meetings with what was agreed there, questions, and what members follow up, on the stage (tests/stage.py)."""

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from lambeth_plans import history
from lambeth_plans.accounts.models import User
from tests import factories

if TYPE_CHECKING:
    from tests.stage import Stage


def set_scrutiny(stage: "Stage", times: int, words: str) -> None:
    """Meetings of the first board, half of them over, each with an action that is open; questions to be answered there,
    every second one answered; and what the scrutiny member follows up, none of it an activity."""
    board, today = stage.records["board"], timezone.localdate()
    history.save(stage.plan, by=User.objects.system(), reason=f"Stated.{words}", links={"boards": [board]})
    meetings, questions = [], []
    for number in range(2 * times):
        meetings.append(
            factories.MeetingFactory(
                board=board,
                key=f"meeting-{number}",
                meeting_date=today + timedelta(days=7 * (number if number % 2 else -number - 1)),
                place=f"Room {number}{words}",
                note=f"In public.{words}",
            )
        )
        factories.MeetingActionFactory(
            meeting=meetings[-1],
            key=f"action-{number}",
            what=f"Write to them {number}{words}",
            owner=stage.records["officer"],
        )
        user = stage.people["scrutiny_member"]
        questions.append(
            factories.QuestionFactory(
                plan=stage.plan,
                key=str(number + 1),
                order=number + 1,
                record_kind="activity",
                record_key=stage.records["activity"].key,
                about=f"Activity{words}",
                text=f"Why so late?{words}",
                board=board,
                asked_by=user,
                asked_by_name=user.name,
                asked_at=timezone.now() - timedelta(days=20),
                answered_at=timezone.now() if number % 2 else None,
            )
        )
        if number % 2:
            officer = stage.people["director"]
            factories.AnswerFactory(
                question=questions[-1],
                text=f"We were short of staff.{words}",
                answered_by=officer,
                answered_by_name=officer.name,
            )
        factories.FollowUpFactory(plan=stage.plan, user=user, record_key=f"in{number + 1}", note=f"Look again.{words}")
    stage.records["meeting"], stage.others["meeting"] = meetings[:2]
    stage.records["question"], stage.others["question"] = questions[:2]
