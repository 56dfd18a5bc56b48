"""Sending the e-mail of a reminder again that has failed, because an administrator asks for it."""

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from lambeth_plans import history
from lambeth_plans.accounts.models import User
from lambeth_plans.cycles import tasks
from lambeth_plans.cycles.models import ReminderDigest
from lambeth_plans.cycles.reminders import first_moment, hand_over, one_at_a_time

State = ReminderDigest.State
REASON = "To be sent again."


class NotSentAgain(Exception):
    """The e-mail waits for nothing that could be sent; the text says why, in a sentence. Nothing was changed."""


@transaction.atomic
def send_again(*, digest: ReminderDigest, by: User) -> ReminderDigest:
    """Puts a failed e-mail back among those that wait, with all its tries before it, and hands it to the workers. It is
    written anew when one of them claims it (sending.py), which also sees to it that it is sent once.

    It goes out at once, or when it is quiet no more, and never on a day on which its person got one already. Where
    another one to its person waits, what it said goes out with that. Returns the e-mail that waits now. Raises
    NotSentAgain where it has not failed (any more), where nobody could get it, and where there is nothing in it.
    """
    (person,) = one_at_a_time([digest.person_id])
    locked = ReminderDigest.objects.select_for_update(of=("self",)).get(pk=digest.pk)
    if locked.state != State.FAILED:
        raise NotSentAgain(f"The e-mail to {person} is not among those that failed: {locked.get_state_display()}.")
    if not person.email:
        raise NotSentAgain(f"{person} has no e-mail address.")
    reminders = [list(locked.reminders.all()), list(locked.contract_reminders.all())]
    if not any(reminders):
        raise NotSentAgain(f"What the e-mail to {person} said went out with a later one.")
    theirs = ReminderDigest.objects.filter(person=person)
    other = theirs.filter(state=State.WAITING).select_for_update(of=("self",)).first()
    if other:
        hand_over(reminders, to=other, by=by, reason=REASON)
        return other
    now = timezone.now()
    locked.due_at = first_moment(now, set(theirs.exclude(pk=locked.pk).values_list("day_date", flat=True)))
    locked.day_date = timezone.localdate(locked.due_at)
    locked.state, locked.attempts, locked.claimed_at, locked.error = State.WAITING, 0, None, ""
    history.save(locked, by=by, reason=REASON)
    due_at = settings.QUIET_HOURS.next_allowed(max(locked.due_at, now))
    tasks.deliver.using(run_after=due_at if due_at > now else None).enqueue(locked.pk)
    return locked
