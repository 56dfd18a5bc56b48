"""The monthly cycle of Example Borough: rounds that were signed off and one that is open, meetings with what they
agreed, and what scrutiny asked. Invented like the rest of it; the publications are made by `publish_plans`.
"""

from datetime import date, time, timedelta
from itertools import count

from django.db import transaction

from activities.models import Activity, ProgressUpdate
from kpis.models import PlanIndicator
from lambeth_plans import history
from lambeth_plans.accounts.models import Board, Officer, User
from lambeth_plans.cycles.models import Answer, Meeting, MeetingAction, Question, ReportingRound, Submission
from lambeth_plans.imports.example_borough import SLUG
from lambeth_plans.imports.example_borough.chronicle import Chronicle, shifted, working_day
from lambeth_plans.periods import Period
from objectives.models import DataQualityNote, Plan

#: Months with a round before the running one, and meetings that are on the calendar.
ROUNDS, AHEAD = 3, 4
GRACE_DAYS = 3
CHECKS, CHAIR = "Head of Performance and Data", "Director of Children's Services"
SCRUTINY = "Chair of the Children's Scrutiny Committee"
State, Kind = Submission.State, DataQualityNote.RecordKind

#: Who answers for it, what was agreed, and what came of it by the next meeting (nothing yet: "").
AGREED = (
    ("head-of-inclusion", "Show the board what each school pays for transport.", "Shown, school by school."),
    ("head-of-performance", "Say why the referrals of two teams are counted apart.", "They are counted together now."),
    ("director-of-social-care", "Bring the plan for vacant posts, with what it costs.", ""),
)
#: Days before today, kind, key, question, and the answer with who gave it.
ASKED = (
    (
        38,
        Kind.ACTIVITY,
        "eba03",
        "How many of the 40 posts are filled by people who have been with us for more than a year?",
        (
            "director-of-social-care",
            "Most of those that are filled. Whoever leaves is asked why, and the board hears what they say.",
        ),
    ),
    (9, Kind.INDICATOR, "eb17", "Which teams visit late, and what would bring them back on time?", None),
)


@transaction.atomic
def play(today: date) -> bool:
    """Writes the cycle as it stands in the morning of `today`, all or nothing.

    Returns False, having changed nothing, where there is no Example Borough, or where anybody has planned a meeting or
    opened a round there.
    """
    plan = Plan.objects.select_related("council").filter(council__slug=SLUG, slug=SLUG).first()
    if plan is None or Meeting.objects.filter(council=plan.council).exists() or plan.reportinground_set.exists():
        return False
    chronicle = Chronicle(by=User.objects.system(), today=today)
    officers = {officer.key: officer for officer in Officer.objects.filter(council=plan.council)}
    board = Board.objects.get(council=plan.council, key="performance-board")
    meetings = _meetings(chronicle, board)
    for offset in range(-ROUNDS, 1):
        month = chronicle.month(offset)
        if chronicle.is_past(month.start):
            _play_round(chronicle, plan, month, meetings[shifted(month, 1).start], is_running=offset == 0)
    _agree(chronicle, list(meetings.values()), officers)
    _ask(chronicle, plan, board, officers)
    return True


def _meetings(chronicle: Chronicle, board: Board) -> dict[date, Meeting]:
    """First day of the month → the meeting in it."""
    days = {
        month.start: working_day(month.start + timedelta(days=13))
        for month in (chronicle.month(offset) for offset in range(1 - ROUNDS, AHEAD))
    }
    planned = [
        Meeting(
            council=board.council,
            board=board,
            key=f"{board.key}-{day}",
            meeting_date=day,
            starts_at=time(14),
            place="Town hall, room 2",
        )
        for day in days.values()
    ]
    return dict(zip(days, chronicle.write_all(planned, chronicle.month(-ROUNDS - 1).start), strict=True))


# Rounds


def _play_round(chronicle: Chronicle, plan: Plan, month: Period, meeting: Meeting, *, is_running: bool) -> None:
    """A round that opens with its month, and what has become of the reports of that month by now."""
    after = shifted(month, 1).start
    reporting_round = ReportingRound(
        plan=plan,
        key=f"{month.start:%Y-%m}",
        month_date=month.start,
        opens_date=month.start,
        due_date=month.end,
        grace_days=GRACE_DAYS,
        closes_date=working_day(after + timedelta(days=4)),
        meeting=meeting,
    )
    chronicle.write(reporting_round, month.start, because=f"For {meeting}.", hour=9)
    submissions = [
        _hand_in(chronicle, reporting_round, report)
        for report in _last_reports(plan, month)
        if chronicle.is_past(report.reported_at.date())
    ]
    if is_running:
        _look_at_the_first(chronicle, submissions)
        return
    checked, signed_off = working_day(after + timedelta(days=1)), working_day(after + timedelta(days=3))
    for on, state in ((checked, State.CHECKED), (signed_off, State.SIGNED_OFF)):
        if chronicle.is_past(on):
            for submission in submissions:
                _step(chronicle, submission, state, on)
            chronicle.change_all(submissions, on)


def _last_reports(plan: Plan, month: Period) -> list[ProgressUpdate]:
    found = ProgressUpdate.objects.filter(activity__plan=plan, period_start=month.start).select_related(
        "activity__owner__division__director"
    )
    last = {report.activity_id: report for report in found.order_by("revision")}
    return sorted(last.values(), key=lambda report: report.reported_at)


def _hand_in(chronicle: Chronicle, reporting_round: ReportingRound, report: ProgressUpdate) -> Submission:
    submission = Submission(
        reporting_round=reporting_round,
        activity=report.activity,
        report=report,
        step_by=chronicle.by,
        step_by_name=report.reported_by_name,
        step_at=report.reported_at,
    )
    because = f"Submitted for {reporting_round}."
    return history.save(submission, by=chronicle.by, reason=because, at=report.reported_at)


def _step(chronicle: Chronicle, submission: Submission, state: str, on: date) -> None:
    division = submission.activity.owner.division if submission.activity.owner else None
    director = division.director.name if division and division.director else CHAIR
    submission.state, submission.step_at = state, chronicle.moment(on)
    submission.step_by_name = CHECKS if state in (State.CHECKED, State.RETURNED) else director


def _look_at_the_first(chronicle: Chronicle, submissions: list[Submission]) -> None:
    """Of the running month the first that came in is checked, and the second goes back."""
    for submission, state in zip(submissions, (State.CHECKED, State.RETURNED), strict=False):
        on = working_day(submission.report.reported_at.date() + timedelta(days=1))
        if chronicle.is_past(on):
            _step(chronicle, submission, state, on)
            if state == State.RETURNED:
                submission.returned_because = "Say what changed since last month, with a figure."
            chronicle.write(submission, on, because=submission.returned_because or "Checked.")


# Meetings and scrutiny


def _agree(chronicle: Chronicle, meetings: list[Meeting], officers: dict[str, Officer]) -> None:
    """One action of each meeting that is over; those of the earlier ones were done by the next."""
    over = [meeting for meeting in meetings if chronicle.is_past(meeting.meeting_date)]
    for number, meeting, (owner, what, came_of_it) in zip(count(1), over, AGREED, strict=False):
        following = meetings[meetings.index(meeting) + 1]
        action = MeetingAction(
            council=meeting.council,
            meeting=meeting,
            key=f"action-{number}",
            what=what,
            owner=officers[owner],
            due_date=following.meeting_date,
        )
        chronicle.write(action, meeting.meeting_date, hour=16)
        done = following.meeting_date - timedelta(days=7)
        if came_of_it and chronicle.is_past(done):
            action.done_date, action.done_note = done, came_of_it
            chronicle.write(action, done, because="Done.")


def _ask(chronicle: Chronicle, plan: Plan, board: Board, officers: dict[str, Officer]) -> None:
    for number, (days_ago, kind, key, text, answered) in enumerate(ASKED, start=1):
        asked = chronicle.today - timedelta(days=days_ago)
        question = Question(
            plan=plan,
            key=str(number),
            order=number,
            record_kind=kind,
            record_key=key,
            about=_called(plan, kind, key),
            text=text,
            board=board,
            asked_by=chronicle.by,
            asked_by_name=SCRUTINY,
            asked_at=chronicle.moment(asked),
        )
        chronicle.write(question, asked, because="Asked.")
        if answered:
            _answer(chronicle, question, asked + timedelta(days=6), officers[answered[0]], answered[1])


def _called(plan: Plan, kind: str, key: str) -> str:
    if kind == Kind.ACTIVITY:
        activity = Activity.objects.get(plan=plan, key=key)
        return f"{activity.ref} {activity.title}"
    place = PlanIndicator.objects.select_related("indicator").get(plan=plan, key=key)
    return f"{place.code} {place.title}"


def _answer(chronicle: Chronicle, question: Question, on: date, officer: Officer, text: str) -> None:
    question.answered_at = chronicle.moment(on)
    chronicle.write(question, on, because="Answered.")
    answer = Answer(
        question=question,
        number=1,
        text=text,
        answered_by=chronicle.by,
        answered_by_name=officer.name,
        answered_at=question.answered_at,
    )
    chronicle.write(answer, on, because="Answered.")
