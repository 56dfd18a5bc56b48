"""Set-up pages of a board's meetings and of what they agreed."""

from datetime import timedelta

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from lambeth_plans.accounts.access import Permission
from lambeth_plans.accounts.guards import changes
from lambeth_plans.accounts.models import Board
from lambeth_plans.accounts.set_up import breadcrumbs, table_answer
from lambeth_plans.cycles import meetings as planning
from lambeth_plans.cycles.meeting_forms import MeetingActionTable, MeetingTable
from lambeth_plans.cycles.models import Meeting, MeetingAction

#: Meetings of so many days before today are still shown to be mended.
DAYS_BACK = 92


@changes(Permission.MANAGE_PEOPLE, Permission.SET_UP_PLANS)
def meeting_table(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Adds, moves and cancels meetings."""
    boards = Board.objects.visible_to(request.user).select_related("council")
    board = get_object_or_404(boards, council__slug=slug, key=key)
    since = timezone.localdate() - timedelta(days=DAYS_BACK)
    return table_answer(
        request,
        make=lambda data: MeetingTable(board, data, since=since),
        save=lambda rows, reason: planning.save_meetings(board=board, meetings=rows, by=request.user, reason=reason),
        context={
            "council": board.council,
            "heading": f"Meetings of {board}",
            "breadcrumbs": _way_to(board, ("Meetings", "")),
            "introduction": "Another day moves a meeting. A reason in the last column cancels it: "
            "it stays on the calendar, marked as cancelled.",
        },
    )


@changes(Permission.MANAGE_PEOPLE, Permission.SET_UP_PLANS)
def meeting_action_table(request: HttpRequest, slug: str, key: str, date: str) -> HttpResponse:
    """Adds what was agreed at a meeting, and ticks off what is done of it or of earlier ones."""
    meetings = Meeting.objects.visible_to(request.user).select_related("board", "council")
    day = planning.day_in_address(date)
    meeting = get_object_or_404(meetings, council__slug=slug, board__key=key, meeting_date=day)
    return table_answer(
        request,
        make=lambda data: MeetingActionTable(meeting, _actions_at(meeting), data),
        save=lambda rows, reason: planning.save_meeting_actions(
            council=meeting.council, actions=rows, by=request.user, reason=reason
        ),
        context={
            "council": meeting.council,
            "heading": f"Actions of {meeting.board}, {date_format(meeting.meeting_date, 'j F Y')}",
            "breadcrumbs": _way_to(
                meeting.board,
                (
                    f"Meeting of {date_format(meeting.meeting_date, 'j F Y')}",
                    reverse("meeting_detail", args=[slug, key, date]),
                ),
                ("Actions", ""),
            ),
            "introduction": "What was agreed there, and what is still open from the meetings before it. "
            "The day on which something was done ticks it off.",
        },
    )


def _actions_at(meeting: Meeting) -> list[MeetingAction]:
    """Its own, and those of earlier meetings of the board that are still open."""
    earlier = Q(meeting__board=meeting.board_id, meeting__meeting_date__lt=meeting.meeting_date, done_date=None)
    actions = MeetingAction.objects.filter(Q(meeting=meeting) | earlier).select_related("meeting", "owner")
    return list(actions.order_by("meeting__meeting_date", "order", "key"))


def _way_to(board: Board, *further: tuple[str, str]) -> list[dict[str, str]]:
    boards = (f"Boards of {board.council}", reverse("board_table", args=[board.council.slug]))
    page = (board.name, reverse("board_detail", args=[board.council.slug, board.key]))
    return breadcrumbs(boards, page, *further)
