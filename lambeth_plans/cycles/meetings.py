"""Planning the meetings of boards, and what they agreed that somebody does. Each action is atomic, names who makes it,
and leaves its history."""

import re
from collections.abc import Sequence
from datetime import date

from django.db import transaction

from lambeth_plans import history
from lambeth_plans.accounts.actions import Links, free_key, in_one_order
from lambeth_plans.accounts.models import Board, Council, User
from lambeth_plans.cycles.models import Meeting, MeetingAction
from lambeth_plans.history import StaleRecord

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def day_in_address(text: str) -> date | None:
    """The day that a text like 2026-11-30 means; None for anything else."""
    try:
        return date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None


@transaction.atomic
def save_meetings(*, board: Board, meetings: Sequence[tuple[Meeting, Links]], by: User, reason: str) -> list[Meeting]:
    """Saves new, moved and cancelled meetings of a board together, or none of them.

    Raises StaleRecord where somebody else has put a meeting on one of the days meanwhile.
    """
    Council.objects.select_for_update().get(pk=board.council_id)
    standing = {each.meeting_date: each for each in board.meetings.all()}
    taken = set(Meeting.objects.filter(council=board.council_id).values_list("key", flat=True))
    for meeting, _ in meetings:
        there = standing.get(meeting.meeting_date, meeting)
        if there.pk != meeting.pk:
            raise StaleRecord(there)
        meeting.key = meeting.key or free_key(f"{board.key[:49]}-{meeting.meeting_date}", taken, otherwise="meeting")
    return [history.save(meeting, by=by, reason=reason, links=links) for meeting, links in in_one_order(meetings)]


@transaction.atomic
def save_meeting_actions(
    *, council: Council, actions: Sequence[tuple[MeetingAction, Links]], by: User, reason: str
) -> list[MeetingAction]:
    """Saves new and changed actions of a board's meetings together, or none of them; new ones come last."""
    Council.objects.select_for_update().get(pk=council.pk)
    present = MeetingAction.objects.filter(council=council)
    taken = set(present.values_list("key", flat=True))
    for number, (action, _) in enumerate(actions, start=1):
        if not action.key:
            action.key = free_key(action.what, taken, otherwise="action")
            action.order = action.meeting.actions.count() + number
    return [history.save(action, by=by, reason=reason, links=links) for action, links in in_one_order(actions)]
