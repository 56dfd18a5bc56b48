"""Sending goes wrong, comes late or is interrupted: nobody is forgotten, and nobody gets two on a day."""

from datetime import timedelta
from smtplib import SMTPServerDisconnected

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from lambeth_plans import history
from lambeth_plans.cycles.models import Reminder, ReminderDigest
from lambeth_plans.cycles.quiet_hours import QuietHours
from lambeth_plans.cycles.reminders import plan_reminders
from lambeth_plans.cycles.sending import ATTEMPTS, CLAIM_LASTS, NO_ADDRESS, claim, deliver
from lambeth_plans.cycles.tasks import hand_to_workers
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def digest(clock, november, other_activity, director):
    """The director's, of Monday 16 November 2026, nine o'clock. It is nine o'clock."""
    plan_reminders(now=clock("2026-11-16 09:00"))
    return ReminderDigest.objects.get(person=director)


@pytest.fixture
def broken(monkeypatch):
    """The mail server hangs up; an empty list mends it."""
    trouble = [SMTPServerDisconnected("Connection unexpectedly closed")]
    send = EmailMessage.send

    def fails(message, *args, **kwargs):
        if trouble:
            raise trouble[0]
        return send(message, *args, **kwargs)

    monkeypatch.setattr(EmailMessage, "send", fails)
    return trouble


def test_a_message_is_sent_once_and_says_so(digest):
    assert [deliver(digest.pk) for _ in range(3)] == ["sent", "left alone", "left alone"]
    digest.refresh_from_db()
    (message,) = mail.outbox
    assert (message.to, message.subject, message.body) == ([digest.person.email], digest.subject, digest.text)
    assert message.message()["Message-ID"] == f"<reminders.2026-11-16.{digest.person_id}@127.0.0.1>"
    assert (digest.sent_at, digest.attempts, digest.error) == (timezone.now(), 1, "")
    assert ReminderDigest.history.filter(id=digest.pk).count() == 3  # planned, claimed, sent


def test_nobody_else_may_send_what_a_worker_is_at(digest, clock):
    first = claim(digest.pk, now=timezone.now())
    assert deliver(digest.pk) == "left alone"
    clock("2026-11-16 09:09")
    assert deliver(digest.pk) == "left alone"
    clock("2026-11-16 09:10")
    assert deliver(digest.pk) == "sent"
    assert mail.outbox[0].body == first.text
    first.state = ReminderDigest.State.WAITING
    with pytest.raises(history.StaleRecord):  # the first one was only slow, and learns it
        history.save(first, by=factories.UserFactory())


def test_a_message_that_was_interrupted_keeps_its_words(digest, clock, activity):
    words = claim(digest.pk, now=timezone.now()).text
    factories.ActivityFactory(plan=activity.plan, owner=activity.owner)
    clock("2026-11-17 08:00")
    assert hand_to_workers(now=timezone.now()) == 2  # the other director's too
    assert deliver(digest.pk) == "sent"
    assert mail.outbox[0].body == words


def test_what_kills_its_worker_every_time_is_given_up(digest, clock):
    for _ in range(ATTEMPTS):
        assert claim(digest.pk, now=timezone.now()).state == "sending"
        clock((timezone.localtime() + CLAIM_LASTS).strftime("%Y-%m-%d %H:%M"))
    assert deliver(digest.pk) == "failed"
    assert mail.outbox == []


def test_a_failure_is_tried_again_later_and_later_and_then_given_up(digest, clock, broken):
    waits = []
    for _ in range(ATTEMPTS - 1):
        assert deliver(digest.pk) == "waiting"
        digest.refresh_from_db()
        waits.append((digest.due_at - timezone.now()) // timedelta(minutes=1))
        assert deliver(digest.pk) == "left alone"
        clock(timezone.localtime(digest.due_at).strftime("%Y-%m-%d %H:%M"))
    assert waits == [15, 30, 60, 120, 240]
    assert deliver(digest.pk) == "failed"
    digest.refresh_from_db()
    assert digest.error == "SMTPServerDisconnected: Connection unexpectedly closed"
    assert hand_to_workers(now=timezone.now()) == 1  # the other director's


def test_what_could_not_be_sent_goes_with_what_waits_already(digest, clock, broken):
    claimed = claim(digest.pk, now=timezone.now())
    later = ReminderDigest(person=digest.person, day_date=digest.day_date + timedelta(days=1), due_at=timezone.now())
    history.save(later, by=digest.person)
    clock("2026-11-16 09:10")
    assert deliver(claimed.pk) == "failed"
    assert Reminder.objects.get(person=digest.person).digest == later
    broken.clear()
    assert deliver(later.pk) == "sent"
    assert len(mail.outbox) == 1


def test_who_has_no_address_is_told_to_the_administrator(digest, director):
    director.email = ""
    history.save(director, by=director)
    assert deliver(digest.pk) == "failed"
    digest.refresh_from_db()
    assert digest.error == NO_ADDRESS


def test_who_has_left_gets_nothing(digest, director):
    director.is_active = False
    history.save(director, by=director)
    assert deliver(digest.pk) == "not-needed"
    assert mail.outbox == []


def test_nothing_is_sent_in_quiet_hours_or_before_its_time(digest, clock, settings):
    settings.QUIET_HOURS = QuietHours.of("19:00-07:00")
    for moment in ("2026-11-16 08:59", "2026-11-16 19:30"):
        clock(moment)
        assert deliver(digest.pk) == "left alone"


def test_a_message_has_one_job_however_often_one_asks(digest):
    assert [hand_to_workers(now=timezone.now()) for _ in range(3)] == [2, 0, 0]


def test_the_job_of_a_worker_that_was_killed_is_not_left_running(digest, clock):
    hand_to_workers(now=timezone.now())
    job = DBTaskResult.objects.get(args_kwargs__args=[digest.pk])
    job.claim("a worker")
    claim(digest.pk, now=timezone.now())
    clock("2026-11-16 09:11")
    assert hand_to_workers(now=timezone.now()) == 1
    job.refresh_from_db()
    assert (job.status, job.exception_class_path) == ("FAILED", "builtins.TimeoutError")
