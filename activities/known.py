"""What is known of activities at the moment somebody reports on them, for the challenge to their rating."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from activities.challenge import Known, is_postponed
from activities.models import Activity, Output, ProgressUpdate
from lambeth_plans.fields import PartialDate
from objectives.models import Plan

#: Activity (its primary key) → the names of the Red indicators it aims at.
LinkedReds = Mapping[int, Sequence[str]]


def what_is_known(activities: Sequence[Activity], *, linked_reds: LinkedReds, today: date) -> dict[int, Known]:
    """Activity → what is known of it today, or at the end of its plan where that is over. Two queries for any number.

    Indicators belong to a neighbour, so whoever calls says which are Red. A report is about to be written, so that the
    age of the last one is left out.
    """
    pks = [activity.pk for activity in activities]
    outputs = _outputs({activity.plan for activity in activities}, today)
    moves = ProgressUpdate.objects.filter(activity__in=pks).exclude(previous_due_date=None).exclude(new_due_date=None)
    postponed = Counter(
        activity
        for activity, before, after in moves.order_by().values_list("activity", "previous_due_date", "new_due_date")
        if is_postponed(before, after)
    )
    known = {}
    for activity in activities:
        done, total = outputs.get(activity.pk, (0, 0))
        known[activity.pk] = Known(
            on=activity.plan.read_as_at(today),
            start=activity.plan.start_date,
            due=activity.due_date,
            times_moved=postponed[activity.pk],
            linked_reds=tuple(linked_reds.get(activity.pk, ())),
            outputs_done=done,
            outputs_total=total,
        )
    return known


def _outputs(plans: Iterable[Plan], today: date) -> dict[int, tuple[int, int]]:
    by_plan = defaultdict(list)
    rows = Output.objects.filter(plan__in=plans).order_by().values_list("plan", "activity", "done_date")
    for plan, activity, done in rows:
        by_plan[plan].append((activity, done))
    found = {}
    for plan in plans:
        found |= outputs_done(by_plan[plan.pk], on=plan.read_as_at(today))
    return found


def outputs_done(of_plan: Iterable[tuple[int, PartialDate | None]], *, on: date) -> dict[int, tuple[int, int]]:
    """Activity → how many of its outputs were done by a day, and of how many.

    `of_plan` are all outputs of a plan: the activity of each, and when it was done.
    """
    of_plan = list(of_plan)
    total = Counter(activity for activity, _ in of_plan)
    ready = Counter(activity for activity, done in of_plan if done and done.earliest <= on)
    return known_outputs({activity: (ready[activity], count) for activity, count in total.items()})


def known_outputs(of_plan: Mapping[int, tuple[int, int]]) -> Mapping[int, tuple[int, int]]:
    """The same counts, or none in a plan that states of no output that it is done: there, nothing says that any is
    still to do."""
    return of_plan if any(done for done, _ in of_plan.values()) else {}
