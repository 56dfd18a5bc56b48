"""Workers that are killed in the middle of a reminder run: everybody gets each reminder once."""

import random
import time
from collections import Counter
from datetime import timedelta

import pytest
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils import timezone

from lambeth_plans import history
from lambeth_plans.cycles import sending
from lambeth_plans.cycles.models import Reminder, ReminderDigest, ReportingRound
from lambeth_plans.cycles.quiet_hours import QuietHours
from lambeth_plans.cycles.reminders import plan_reminders
from lambeth_plans.cycles.tasks import hand_to_workers, work_off
from tests import factories
from tests.killing import killed
from tests.test_races import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.campaign]

PEOPLE = 3
#: The days after its opening on which a round reminds; twelve days after it the next one opens, and this one is silent.
DAYS = (0, 1, 4, 5)


@pytest.fixture
def plan(borough, settings, tmp_path):
    """Each of some directors owes one activity of it. Messages are files."""
    settings.EMAIL_BACKEND = "lambeth_plans.cycles.mail_files.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path
    settings.QUIET_HOURS = QuietHours()
    reverse("my_updates")  # or each process would look all addresses up anew
    plan = factories.PlanFactory(council=borough, status="current")
    for number in range(PEOPLE):
        user = factories.UserFactory(username=f"director-{number}", role="director", councils=[borough])
        factories.ActivityFactory(plan=plan, owner=factories.OfficerFactory(council=borough, user=user))
    return plan


@pytest.fixture
def sends(tmp_path, monkeypatch):
    """How often each e-mail was handed to the mail server, by its Message-ID, whichever process did it."""
    log = tmp_path / "sends.log"
    log.touch()
    send = EmailMessage.send

    def noted(message, *args, **kwargs):
        with open(log, "ab", buffering=0) as file:  # one write, which the processes cannot mix up
            file.write(f"{message.extra_headers['Message-ID']}\n".encode())
        return send(message, *args, **kwargs)

    monkeypatch.setattr(EmailMessage, "send", noted)
    return lambda: Counter(log.read_text().splitlines())


def work_slowly():
    """A worker with a slow mail server: most kills meet it before or after a message is taken, and not yet noted."""
    send = EmailMessage.send

    def slow(message, *args, **kwargs):
        time.sleep(0.02)
        send(message, *args, **kwargs)
        time.sleep(0.02)

    EmailMessage.send = slow  # in a process of its own, which ends
    work_off()


def planned(plan, number):
    """The e-mails of the campaign's day `number`."""
    began = timezone.now() - timedelta(days=400) + timedelta(days=12 * (number // len(DAYS)))
    opens = timezone.localdate(began)
    if number % len(DAYS) == 0:
        month = opens.replace(day=1, year=opens.year - number)  # any that no other round has
        due = opens + timedelta(days=4)
        factories.ReportingRoundFactory(plan=plan, month_date=month, opens_date=opens, due_date=due, closes_date=due)
    now = began + timedelta(days=DAYS[number % len(DAYS)])
    both = at_once(*[lambda: plan_reminders(now=now)] * 2)  # as by two crons
    assert sum(each.reminders for each in both) == sum(each.digests for each in both) == PEOPLE
    assert hand_to_workers(now=now) == PEOPLE
    return ReminderDigest.objects.filter(day_date=timezone.localdate(now))


def test_workers_killed_at_any_moment_leave_nobody_without_a_reminder_or_with_two(
    plan, rounds, sends, tmp_path, monkeypatch
):
    chance = random.Random(6)
    times = rounds(5, 50)
    interrupted = set()
    for number in range(times):
        monkeypatch.setattr(sending, "CLAIM_LASTS", timedelta(minutes=10))
        digests = planned(plan, number)
        is_begun = digests.exclude(state="waiting").exists
        killed(work_slowly, chance.uniform(0, 0.1), processes=2, once=is_begun)
        interrupted |= {digest.message_id for digest in digests.filter(state="sending")}

        monkeypatch.setattr(sending, "CLAIM_LASTS", timedelta(0))  # as if it were ten minutes later
        for _ in range(20):  # PostgreSQL may hold for a moment what a killed worker had locked
            hand_to_workers(now=timezone.now())
            work_off()
            if not digests.exclude(state="sent").exists():
                break
        assert digests.filter(state="sent").count() == PEOPLE
        names = {f"{digest.message_id.strip('<>')}.eml": digest.person.email for digest in digests}
        files = {path.name: path.read_text() for path in tmp_path.glob(f"*.{digests[0].day_date}.*.eml")}
        assert set(files) == set(names)
        assert all(f"To: {names[name]}\n" in text for name, text in files.items())
    assert interrupted
    once = {digest.message_id: 1 for digest in ReminderDigest.objects.all() if digest.message_id not in interrupted}
    assert {message: number for message, number in sends().items() if message not in interrupted} == once
    assert max(sends().values()) <= 2
    assert len(list(tmp_path.glob("*.eml"))) == PEOPLE * times
    kinds = Counter(Reminder.objects.values_list("person__username", "reporting_round", "kind"))
    assert len(kinds) == PEOPLE * times == kinds.total() == Reminder.history.count()
    assert ReportingRound.objects.count() == -(-times // len(DAYS))
    for digest in ReminderDigest.objects.all():
        assert digest.version == history.entry_model(ReminderDigest).objects.filter(id=digest.pk).count()
