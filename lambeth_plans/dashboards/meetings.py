"""The calendar of a board, and the page of one meeting: what was published for it, which questions are to be answered
there, and what was agreed that somebody does."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models import Prefetch, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from lambeth_plans.accounts.access import Permission, may
from lambeth_plans.accounts.guards import reads
from lambeth_plans.accounts.models import Board
from lambeth_plans.cycles.agenda import stands_at
from lambeth_plans.cycles.meetings import day_in_address
from lambeth_plans.cycles.models import Answer, Meeting, MeetingAction, Publication, Question
from lambeth_plans.dashboards.officers import council_context, visible_council
from lambeth_plans.dashboards.published_council import PublishedCouncil
from lambeth_plans.dashboards.subjects import subject_url
from lambeth_plans.dashboards.trail import trail
from objectives.models import Plan


@dataclass(frozen=True)
class Calendar:
    """The meetings of a board around a day. Cancelled ones are on it, and are none of those that take place."""

    meetings: tuple[Meeting, ...]
    today: date

    @cached_property
    def days(self) -> list[date]:
        """When it meets, or met."""
        return sorted(meeting.meeting_date for meeting in self.meetings if not meeting.is_cancelled)

    @property
    def next(self) -> Meeting | None:
        return next((each for each in self.to_come if not each.is_cancelled), None)

    @property
    def to_come(self) -> list[Meeting]:
        """The next one first."""
        coming = [meeting for meeting in self.meetings if meeting.meeting_date >= self.today]
        return sorted(coming, key=lambda meeting: meeting.meeting_date)

    @property
    def past(self) -> list[Meeting]:
        """The last one first."""
        over = [meeting for meeting in self.meetings if meeting.meeting_date < self.today]
        return sorted(over, key=lambda meeting: meeting.meeting_date, reverse=True)

    def day_before(self, day: date) -> date | None:
        return max((each for each in self.days if each < day), default=None)

    def day_after(self, day: date) -> date | None:
        return min((each for each in self.days if each > day), default=None)


def calendar_of(board: Board) -> Calendar:
    """One query."""
    return Calendar(tuple(board.meetings.all()), timezone.localdate())


@dataclass(frozen=True)
class AgendaItem:
    """A question or an action on the agenda of a meeting. `carried_from` is the first meeting at which it stood, where
    that is an earlier one; `standing` says in words how it stands today."""

    item: Question | MeetingAction
    carried_from: date | None
    standing: str
    is_open: bool
    url: str = ""


def questions_at(meeting: Meeting, calendar: Calendar) -> list[AgendaItem]:
    """The questions that were to be answered there, the oldest first: asked by then, and not answered by the meeting
    before. Two queries, answers and all."""
    day, before = meeting.meeting_date, calendar.day_before(meeting.meeting_date)
    asked = meeting.board.questions.filter(asked_at__date__lte=day).select_related("plan")
    if before:
        asked = asked.filter(Q(answered_at=None) | Q(answered_at__date__gt=before))
    answers = Prefetch("answers", Answer.objects.order_by("number"))
    found = []
    for question in asked.prefetch_related(answers).order_by("asked_at", "pk"):
        opened, closed = timezone.localdate(question.asked_at), question.answered_at
        days = stands_at(
            opened,
            timezone.localdate(closed) if closed else None,
            calendar.days,
            today=calendar.today,
            with_first_day=True,
        )
        if day in days:
            url = subject_url(question.plan.slug, question.record_kind, question.record_key)
            found.append(AgendaItem(question, _earlier(days, day), standing_of(question), not closed, url))
    return found


def standing_of(question: Question) -> str:
    if question.answered_at is None:
        return "Not answered yet"
    return f"Answered on {_day(timezone.localdate(question.answered_at))}"


def actions_at(meeting: Meeting, calendar: Calendar) -> list[AgendaItem]:
    """What earlier meetings agreed and was still open there, then what was agreed there. One query."""
    day, before = meeting.meeting_date, calendar.day_before(meeting.meeting_date)
    carried = Q(meeting__board=meeting.board_id, meeting__meeting_date__lt=day)
    if before:
        carried &= Q(done_date=None) | Q(done_date__gt=before)
    actions = MeetingAction.objects.filter(Q(meeting=meeting) | carried).select_related("owner", "meeting")
    found = []
    for action in actions.order_by("meeting__meeting_date", "order", "key"):
        agreed = action.meeting.meeting_date
        days = stands_at(agreed, action.done_date, calendar.days, today=calendar.today, with_first_day=False)
        if agreed == day or day in days:
            carried_from = agreed if agreed < day else None
            found.append(AgendaItem(action, carried_from, _done(action, calendar.today), action.done_date is None))
    return found


def _done(action: MeetingAction, today: date) -> str:
    if action.done_date:
        return f"Done on {_day(action.done_date)}"
    if action.due_date and action.due_date < today:
        days = (today - action.due_date).days
        return f"Overdue by {days} day{'' if days == 1 else 's'}"
    return "Open"


def _earlier(days: Sequence[date], day: date) -> date | None:
    return days[0] if days[0] < day else None


def _day(day: date) -> str:
    return date_format(day, "j F Y")


def _board(meeting: Meeting, published: PublishedCouncil | None) -> Board:
    """The board as the person may see it, or 404."""
    boards = {board.pk: board for board in published.boards} if published else {meeting.board_id: meeting.board}
    if meeting.board_id not in boards:
        raise Http404("This council has no such board.")
    return boards[meeting.board_id]


def _publications(meeting: Meeting, published: PublishedCouncil | None) -> list[tuple[Plan, Publication]]:
    """What was published for a meeting, each with its plan as the person may see it. One query."""
    plans = {state.plan.pk: state.plan for state in published.states} if published else {}
    found = meeting.publications.select_related("plan").order_by("plan__start_date", "plan_id", "number")
    return [(plans.get(each.plan_id, each.plan), each) for each in found if not published or each.plan_id in plans]


def _named(items: list[AgendaItem], published: PublishedCouncil | None) -> list[AgendaItem]:
    """The actions, with their owners as the person may see them: who came after the latest publication is not named."""
    officers = {officer.pk: officer for officer in published.officers} if published else {}
    for each in items if published else ():
        each.item.owner = officers.get(each.item.owner_id)
    return items


@reads()
def meeting_detail(request: HttpRequest, council: str, key: str, date: str) -> HttpResponse:
    own = visible_council(request, council)
    meetings = Meeting.objects.select_related("board").filter(council=own, board__key=key)
    meeting = meetings.filter(meeting_date=day_in_address(date)).first()
    if meeting is None:
        raise Http404("This board has no such meeting.")
    published = None if may(request.user, Permission.SEE_DRAFTS) else PublishedCouncil(request.user, own)
    board = _board(meeting, published)
    calendar, day = calendar_of(board), meeting.meeting_date
    context = council_context(
        own,
        "board_list",
        (f"Boards of {own}", reverse("board_list", args=[own.slug])),
        (board.name, reverse("board_detail", args=[own.slug, board.key])),
        (_day(day), ""),
        meeting=meeting,
        board=board,
        day_before=calendar.day_before(day),
        day_after=calendar.day_after(day),
        is_next=calendar.next == meeting,
        is_past=day < calendar.today,
        publications=_publications(meeting, published),
        questions=[] if meeting.is_cancelled else questions_at(meeting, calendar),
        actions=[] if meeting.is_cancelled else _named(actions_at(meeting, calendar), published),
        may_set_up=may(request.user, Permission.MANAGE_PEOPLE),
        entries=trail(Meeting, lambda row: "", {"board": {board.pk: board}}, id=meeting.pk),
    )
    return render(request, "details/meeting.html", context)
