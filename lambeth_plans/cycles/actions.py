"""Opening rounds, handing in reports, and the steps to their sign-off: the one way each is written."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from activities.actions import Reported, report_all, reporting_name
from activities.models import Activity, ProgressUpdate
from lambeth_plans import history
from lambeth_plans.accounts.access import Permission, may
from lambeth_plans.accounts.models import User
from lambeth_plans.cycles.drafts import discard_drafts
from lambeth_plans.cycles.models import ReportingRound, Submission
from lambeth_plans.cycles.rounds import is_closed, is_late, month_asked, rounds_in_hand
from objectives.models import Plan

State = Submission.State


class Unexcused(Exception):
    """The round has closed meanwhile, and no reason is given why this one comes after it. Nothing was written."""

    def __init__(self, activity: Activity) -> None:
        super().__init__(f"{activity}: the round is closed.")
        self.activity = activity


@transaction.atomic
def open_rounds(
    *, reporting_round: ReportingRound, for_all: bool, by: User, reason: str
) -> tuple[ReportingRound, list[ReportingRound]]:
    """Writes a new round, and with `for_all` the same one for every other current plan of the council that runs in that
    month and has none for it. Returns the round and those others.

    Raises IntegrityError where the plan has a round for that month already.
    """
    month = reporting_round.month_date
    saved = history.save(reporting_round, by=by, reason=reason)
    if not for_all:
        return saved, []
    plans = Plan.objects.filter(council=saved.plan.council_id, status=Plan.Status.CURRENT, end_date__gte=month)
    runs = [each for each in plans.exclude(pk=saved.plan_id) if each.start_date.replace(day=1) <= month]
    has_one = set(ReportingRound.objects.filter(plan__in=runs, month_date=month).values_list("plan_id", flat=True))
    same = ("key", "month_date", "opens_date", "due_date", "grace_days", "closes_date", "meeting_id")
    others = [
        ReportingRound(plan=each, **{name: getattr(saved, name) for name in same})
        for each in runs
        if each.pk not in has_one
    ]
    return saved, history.create_all(others, by=by, reason=reason)


@transaction.atomic
def submit_reports(
    *,
    reports: Iterable[tuple[Activity, Mapping[str, Any]]],
    today: date,
    by: User,
    drafts: Mapping[int, int] | None = None,
) -> list[Reported]:
    """Writes several reports, all or none, and hands each in to the round in hand of its plan, if there is one.

    `reports` pairs each activity with what activities.actions.report_progress asks for, and `late_because` where the
    round has closed; `drafts` are those that are handed in with them, as discard_drafts takes them. Raises StaleReports
    and Unexplained like report_all, and Unexcused.
    """
    reports = list(reports)
    rounds = rounds_in_hand({activity.plan_id for activity, _ in reports}, today)
    excuses: dict[int, str] = {}
    asked = []
    for activity, given in reports:
        answers = dict(given)
        its_round = rounds.get(activity.plan_id)
        excuses[activity.pk] = answers.pop("late_because", "")
        if is_closed(its_round, today) and not excuses[activity.pk]:
            raise Unexcused(activity)
        asked.append((activity, {**answers, "month": month_asked(activity.plan, its_round, today)}))
    reported = report_all(reports=asked, today=today, by=by)
    for update in (each.update for each in reported):
        if its_round := rounds.get(update.activity.plan_id):
            _hand_in(update, its_round, excuses[update.activity_id], today, by)
    discard_drafts(numbers=drafts or {}, by=by)
    return reported


def _hand_in(update: ProgressUpdate, reporting_round: ReportingRound, late_because: str, today: date, by: User) -> None:
    """The activity is locked, so nobody else writes its submission now."""
    kept = Submission.objects.filter(reporting_round=reporting_round, activity=update.activity_id).first()
    submission = kept or Submission(reporting_round=reporting_round, activity=update.activity)
    submission.report, submission.state, submission.returned_because = update, State.SUBMITTED, ""
    submission.is_late = is_late(reporting_round, today)
    submission.late_because = late_because if submission.is_late else ""
    submission.step_by, submission.step_by_name, submission.step_at = by, update.reported_by_name, update.reported_at
    history.save(submission, by=by, reason=late_because or f"Submitted for {reporting_round}.", at=update.reported_at)


# Sign-off


@dataclass(frozen=True)
class Step:
    """A step on the way to sign-off: what the button and the page say, what it leads from and to."""

    name: str
    verb: str
    done: str
    before: tuple[str, ...]
    after: str


CHECK = Step("check", "Check", "checked", (State.SUBMITTED,), State.CHECKED)
SIGN_OFF = Step("sign_off", "Sign off", "signed off", (State.CHECKED,), State.SIGNED_OFF)
RETURN = Step("return", "Return", "returned", (State.SUBMITTED, State.CHECKED, State.SIGNED_OFF), State.RETURNED)
STEPS = {step.name: step for step in (CHECK, SIGN_OFF, RETURN)}


def steps_open_to(user: User, state: str, *, answers: bool) -> list[Step]:
    """The steps somebody may take from a state; "" is a report that no step was taken on. `answers` tells whether they
    answer for the activity.

    An analyst checks and returns what is not signed off; a director signs off and returns what they answer for.
    """
    state = state or State.SUBMITTED
    signs_off = answers and may(user, Permission.REPORT_PROGRESS)
    checks = may(user, Permission.EDIT_REGISTERS)
    allowed = {
        CHECK.name: checks,
        SIGN_OFF.name: signs_off,
        RETURN.name: signs_off or (checks and state != State.SIGNED_OFF),
    }
    return [step for step in STEPS.values() if allowed[step.name] and state in step.before]


class StaleSubmissions(Exception):
    """Somebody else has moved some of them on; `activities` are these."""

    def __init__(self, activities: list[Activity]) -> None:
        super().__init__(", ".join(str(activity) for activity in activities))
        self.activities = activities


@transaction.atomic
def take_step(
    *, reporting_round: ReportingRound, step: Step, versions: Mapping[Activity, int], reason: str, by: User
) -> list[Submission]:
    """Takes a step with several submissions of a round, all or none. `versions` says which one of each activity was
    read, 0 for a report that no step was taken on.

    Raises StaleSubmissions with all that somebody else has moved on, PermissionDenied for a step that is not theirs,
    and ValidationError where a reason is missing or there is no report.
    """
    if step is RETURN and not reason:
        raise ValidationError("Say why it goes back.")
    pks = [activity.pk for activity in versions]
    # Like a report, which locks its activity before it writes its submission.
    locked = Activity.objects.select_related("plan").select_for_update(of=("self",)).order_by("pk").filter(pk__in=pks)
    activities = list(locked.filter(plan=reporting_round.plan_id))
    kept = {each.activity_id: each for each in reporting_round.submissions.filter(activity__in=pks)}
    read = {activity.pk: version for activity, version in versions.items()}
    stale = [each for each in activities if (kept[each.pk].version if each.pk in kept else 0) != read[each.pk]]
    if stale or len(activities) != len(read):
        raise StaleSubmissions(stale)
    answered_for = set(Activity.objects.answerable_to(by).filter(pk__in=pks).values_list("pk", flat=True))
    reports = {} if len(kept) == len(activities) else _reports(reporting_round, pks)
    submissions = []
    for activity in activities:
        submission = kept.get(activity.pk) or _first(reporting_round, activity, reports)
        if step not in steps_open_to(by, submission.state, answers=activity.pk in answered_for):
            raise PermissionDenied
        submission.state, submission.returned_because = step.after, reason if step is RETURN else ""
        submission.step_by, submission.step_by_name = by, reporting_name(activity=activity, user=by)
        submission.step_at = timezone.now()
        because = reason or f"{step.done.capitalize()} for {reporting_round}."
        submissions.append(history.save(submission, by=by, reason=because, at=submission.step_at))
    return submissions


def _reports(reporting_round: ReportingRound, activities: Sequence[int]) -> dict[int, ProgressUpdate]:
    """The last report on each in the month of the round."""
    month = ProgressUpdate.objects.filter(activity__in=activities, period_start=reporting_round.month_date)
    return {report.activity_id: report for report in month.order_by("revision")}


def _first(reporting_round: ReportingRound, activity: Activity, reports: dict[int, ProgressUpdate]) -> Submission:
    """For what was reported before there was the round."""
    if activity.pk not in reports:
        raise ValidationError(f"{activity}: nobody has reported on it in this round.")
    return Submission(reporting_round=reporting_round, activity=activity, report=reports[activity.pk])
