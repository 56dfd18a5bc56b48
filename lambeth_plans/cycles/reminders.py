"""Which reminders are due, and into which e-mail each of them goes.

`plan_reminders` may run as often as one likes, also twice at once: a person is reminded of a round once of each kind,
and of a contract once so many months before the day its warnings count to (contract_reminders.py), which the database
holds too. `lambeth_plans/cycles/sending.py` sends what is planned here.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from lambeth_plans import history
from lambeth_plans.accounts.models import User
from lambeth_plans.cycles.contract_reminders import warnings_due
from lambeth_plans.cycles.models import ContractReminder, Reminder, ReminderDigest, ReportingRound
from lambeth_plans.cycles.owing import people_who_owe

#: For so long somebody is still told that a round is overdue, where nothing could be sent on the day itself.
OVERDUE_FOR = timedelta(days=7)


@dataclass(frozen=True)
class Planned:
    """What one run added: reminders of rounds and contracts, and the e-mails that are new for them."""

    reminders: int
    digests: int


def kind_due(reporting_round: ReportingRound, day: date) -> Reminder.Kind | None:
    """The reminder of a round that is due on a day: the last one whose day has come.

    So who was away on the day, or owes something only since, is reminded once later; what a later reminder has
    overtaken is never sent.
    """
    overdue = reporting_round.last_day_in_time + timedelta(days=1)
    days = (
        (Reminder.Kind.OPENING, reporting_round.opens_date),
        (Reminder.Kind.SOON, max(reporting_round.opens_date, reporting_round.due_date - timedelta(days=3))),
        (Reminder.Kind.DUE, reporting_round.due_date),
        (Reminder.Kind.OVERDUE, overdue),
    )
    if day >= overdue + OVERDUE_FOR:
        return None
    return next((kind for kind, begins in reversed(days) if begins <= day), None)


def plan_reminders(*, now: datetime) -> Planned:
    """Puts every reminder that is due at a moment and not there yet into the e-mail of its person that waits.

    The rounds, then the plans with contracts, are locked in their order against a second run at the same time. Some
    queries for each round.
    """
    today = timezone.localdate(now)
    by = User.objects.system()
    with transaction.atomic():
        due = _due(today)
        wanted = _wanted(due)
        warnings = warnings_due(today)
        people = [*(person for person, _, _ in wanted), *(each.person for each in warnings)]
        digests, new = _waiting_digests(people, now=now, by=by)
        reminders = [
            Reminder(person=person, reporting_round=each, kind=kind, digest=digests[person.pk])
            for person, each, kind in wanted
        ]
        history.create_all(reminders, by=by, reason="Due.")
        for each in warnings:
            each.digest = digests[each.person_id]
        history.create_all(warnings, by=by, reason="Due.")
    return Planned(len(reminders) + len(warnings), new)


def _due(today: date) -> list[tuple[ReportingRound, Reminder.Kind]]:
    """The rounds of current plans with a reminder that is due, each locked and with its kind."""
    open_ones = ReportingRound.objects.filter(plan__status="current", opens_date__lte=today)
    pks = [each.pk for each in open_ones if kind_due(each, today)]
    locked = ReportingRound.objects.filter(pk__in=pks).select_for_update(no_key=True).order_by("pk")
    return [(each, kind) for each in locked if (kind := kind_due(each, today))]


def _wanted(
    due: list[tuple[ReportingRound, Reminder.Kind]],
) -> list[tuple[User, ReportingRound, Reminder.Kind]]:
    """Whom to remind of what: everybody with something open who was not reminded of it yet."""
    there = set(
        Reminder.objects.filter(reporting_round__in=[each.pk for each, _ in due])
        .order_by()
        .values_list("person_id", "reporting_round_id", "kind")
    )
    return [
        (person, each, kind)
        for each, kind in due
        for person in sorted(people_who_owe(each), key=lambda person: person.pk)
        if (person.pk, each.pk, kind) not in there
    ]


def one_at_a_time(people: Iterable[int]) -> list[User]:
    """Locks people, in their order, before it is looked which e-mail waits for each: one at most does, which the
    database would refuse to whoever did not see another's in time. Until the end of the transaction."""
    return list(User.objects.select_for_update(no_key=True).filter(pk__in=set(people)).order_by("pk"))


def hand_over(
    reminders: Iterable[Sequence[Reminder | ContractReminder]], *, to: ReminderDigest, by: User, reason: str
) -> None:
    """Lets reminders, each kind by itself, go out with another e-mail."""
    for kind in reminders:
        for reminder in kind:
            reminder.digest = to
        history.change_all(kind, by=by, reason=reason)


def _waiting_digests(people: Sequence[User], *, now: datetime, by: User) -> tuple[dict[int, ReminderDigest], int]:
    """The e-mail that waits for each person, by the person's primary key, and how many of them are new.

    One that has waited over midnight is today's: a person gets one a day.
    """
    today = timezone.localdate(now)
    one_at_a_time(person.pk for person in people)
    waiting = ReminderDigest.objects.filter(state=ReminderDigest.State.WAITING).select_for_update().order_by("pk")
    digests = {digest.person_id: digest for digest in waiting}
    missing = {person.pk: person for person in people if person.pk not in digests}
    late = [digest for digest in digests.values() if digest.day_date < today]
    taken = _days_taken([*missing, *(digest.person_id for digest in late)], since=today)
    for digest in late:
        digest.due_at = first_moment(now, taken[digest.person_id])
        digest.day_date = timezone.localdate(digest.due_at)
    history.change_all(late, by=by, reason="It has waited over midnight.")
    new = []
    for pk, person in missing.items():
        due_at = first_moment(now, taken[pk])
        new.append(ReminderDigest(person=person, due_at=due_at, day_date=timezone.localdate(due_at)))
    for digest in history.create_all(new, by=by, reason="Reminders are due."):
        digests[digest.person_id] = digest
    return digests, len(new)


def _days_taken(people: list[int], *, since: date) -> dict[int, set[date]]:
    """The days from one day on for which a person has an e-mail that waits no more."""
    taken: dict[int, set[date]] = defaultdict(set)
    others = ReminderDigest.objects.filter(person__in=people, day_date__gte=since).order_by()
    for person, day in others.exclude(state=ReminderDigest.State.WAITING).values_list("person_id", "day_date"):
        taken[person].add(day)
    return taken


def first_moment(now: datetime, taken: set[date]) -> datetime:
    """When something may go out: now, or once it is quiet no more, on a day that is not taken."""
    moment = settings.QUIET_HOURS.next_allowed(now)
    while (day := timezone.localdate(moment)) in taken:
        midnight = timezone.make_aware(datetime.combine(day + timedelta(days=1), datetime.min.time()))
        moment = settings.QUIET_HOURS.next_allowed(midnight)
    return moment
