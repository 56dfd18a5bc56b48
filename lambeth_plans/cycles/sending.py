"""Sending the e-mails of reminders, by any number of workers that may be killed at any moment.

An e-mail is claimed under a lock, and the claim is committed before anything is sent; so two workers never send the
same one at the same time. Whoever is killed leaves a claim behind; once it is older than CLAIM_LASTS somebody else
takes the e-mail up again, with the same text and the same Message-ID.

What that promises: nobody's reminder is lost, and none is sent twice unless a worker dies, or hangs for longer than
CLAIM_LASTS, between the moment the mail server takes the message and the moment we have noted it. With the e-mail back
end that writes files (mail_files.py) not even then: the second message is the same file. SMTP has no way to ask whether
a message was taken, so there such a person may get the message twice; as both have one Message-ID, many mail systems
show one of them. Nor does SMTP tell whether somebody has read it, or whether it bounced later.
"""

from datetime import datetime, timedelta
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from lambeth_plans import history
from lambeth_plans.accounts.models import User
from lambeth_plans.cycles.contract_reminders import still_warned
from lambeth_plans.cycles.models import ReminderDigest
from lambeth_plans.cycles.reminder_texts import composed, open_parts
from lambeth_plans.cycles.reminders import hand_over, one_at_a_time

State = ReminderDigest.State

#: How long a worker may take over one e-mail. Longer than EMAIL_TIMEOUT, after which it gives up by itself.
CLAIM_LASTS = timedelta(minutes=10)
#: How often an e-mail is tried, and how long after the first failure; each time twice as long.
ATTEMPTS, FIRST_PAUSE = 6, timedelta(minutes=15)
NO_ADDRESS = "This person has no e-mail address."


def unsent(now: datetime):
    """The e-mails that have something to be done with, now or once they are due: those that wait, and those that a
    worker has claimed and, it seems, died over."""
    abandoned = Q(state=State.SENDING, claimed_at__lte=now - CLAIM_LASTS)
    return ReminderDigest.objects.filter(Q(state=State.WAITING) | abandoned)


def deliver(digest_pk: int) -> str:
    """Sends one e-mail, if it is due and nobody else is at it. Returns what became of it, in a word."""
    digest = claim(digest_pk, now=timezone.now())
    if digest is None:
        return "left alone"
    if digest.state == State.SENDING:
        try:
            _message(digest).send()
        except (OSError, SMTPException) as error:
            trouble = f"{type(error).__name__}: {error}"[:1000]
        else:
            trouble = ""
        try:
            _note(digest, trouble)
        except history.StaleRecord:
            return "taken over by another worker"
    return digest.state


def _note(digest: ReminderDigest, trouble: str) -> None:
    """Notes that an e-mail is sent, or why not. Raises StaleRecord where another worker has taken it over."""
    with transaction.atomic():
        if trouble:
            _put_off(digest, trouble)
        else:
            digest.state, digest.sent_at, digest.error = State.SENT, timezone.now(), ""
        history.save(digest, by=User.objects.system(), reason=f"{digest.get_state_display()}.")


def claim(digest_pk: int, *, now: datetime) -> ReminderDigest | None:
    """Takes an e-mail for this worker; None where it is not due, somebody else's, or it is quiet.

    What it returns is claimed and written, or has come to an end: nothing of it is open any more, its person has no
    address, or it was tried too often. A second claim of the same e-mail leaves its text alone.
    """
    if not settings.QUIET_HOURS.allow(now):
        return None
    with transaction.atomic():
        due = unsent(now).filter(pk=digest_pk, due_at__lte=now)
        lock = {"skip_locked": connection.features.has_select_for_update_skip_locked, "of": ("self",)}
        digest = due.select_related("person").select_for_update(**lock).first()
        if digest is None:
            return None
        if digest.state == State.WAITING:
            _write(digest)
        elif digest.attempts >= ATTEMPTS:
            digest.state, digest.error = State.FAILED, "Whoever sent it stopped in the middle, time and again."
        if digest.state == State.SENDING:
            digest.attempts += 1
            digest.claimed_at = now
        return history.save(digest, by=User.objects.system(), reason=f"{digest.get_state_display()}.")


def _write(digest: ReminderDigest) -> None:
    """Fixes what stands in it, as it is at this moment."""
    parts, contracts = open_parts(digest), still_warned(digest)
    if not parts and not contracts:
        digest.state = State.NOT_NEEDED
    elif not digest.person.email:
        digest.state, digest.error = State.FAILED, NO_ADDRESS
    else:
        digest.state = State.SENDING
        digest.subject, digest.text = composed(digest.person, parts, digest.day_date, contracts)


def _put_off(digest: ReminderDigest, trouble: str) -> None:
    """Lets an e-mail wait for its next try, written anew then. Where another of its person waits already, its reminders
    go out with that one: a person gets one a day."""
    digest.error = trouble
    one_at_a_time([digest.person_id])
    waiting = ReminderDigest.objects.filter(person=digest.person_id, state=State.WAITING)
    other = waiting.select_for_update().first()
    if other:
        reminders = (list(digest.reminders.all()), list(digest.contract_reminders.all()))
        hand_over(reminders, to=other, by=User.objects.system(), reason=f"Could not be sent: {trouble}"[:200])
        digest.error = f"{trouble} What it said goes out with the next one."
    if other or digest.attempts >= ATTEMPTS:
        digest.state = State.FAILED
    else:
        digest.state = State.WAITING
        digest.due_at = timezone.now() + FIRST_PAUSE * 2 ** (digest.attempts - 1)


def _message(digest: ReminderDigest) -> EmailMessage:
    # Auto-Submitted: so that no absence note answers it.
    headers = {"Message-ID": digest.message_id, "Auto-Submitted": "auto-generated"}
    return EmailMessage(digest.subject, digest.text, to=[digest.person.email], headers=headers)
