from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse

from lambeth_plans import history
from lambeth_plans.cycles import sent_reminders
from lambeth_plans.cycles.models import ReminderDigest, ReportingRound
from lambeth_plans.cycles.tasks import work_off
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def listed(client, administrator):
    """What the list shows, as texts of its rows' cells."""
    client.force_login(administrator)

    def shown(**asked):
        response = client.get(reverse("reminder_list"), asked)
        return [(digest.person.name, len(digest.shown)) for digest in response.context["page"]]

    return shown


def reminded(person, plan, **fields):
    digest = factories.ReminderDigestFactory(person=person, **fields)
    opened = ReportingRound.objects.filter(plan=plan).first() or factories.ReportingRoundFactory(plan=plan)
    return factories.ReminderFactory(digest=digest, reporting_round=opened)


def test_the_list_says_to_whom_when_what_for_and_what_went_wrong(client, administrator, director, plan):
    reminded(director, plan, state="failed", attempts=2, error="SMTPDataError: no such mailbox")
    client.force_login(administrator)
    text = " ".join(client.get(reverse("reminder_list")).content.decode().split())
    for words in (
        "Director",
        director.email,
        "The Borough&#x27;s Plan",
        "It is open",
        "Failed",
        "Tried 2 times. SMTPData",
    ):
        assert words in text


def test_the_list_is_narrowed_by_person_and_state_and_comes_in_pages(
    listed, director, other_director, plan, monkeypatch
):
    first = reminded(director, plan)
    factories.ReminderFactory(digest=first.digest)  # of another council
    reminded(other_director, plan, state="failed", error="No.")
    assert listed() == [("Other director", 1), ("Director", 1)]
    assert listed(person="OTHER") == [("Other director", 1)]
    assert listed(state="sent") == [("Director", 1)]
    assert len(listed(state="lost")) == 2
    monkeypatch.setattr(sent_reminders, "PAGE_SIZE", 1)
    assert listed(page=2) == [("Director", 1)]


def test_other_councils_reminders_are_not_seen(listed, stranger, elsewhere, director):
    reminded(stranger, factories.PlanFactory(council=elsewhere))
    factories.ReminderDigestFactory(person=stranger)
    assert listed() == []
    factories.ReminderDigestFactory(person=director)  # what it said goes out with another
    assert listed() == [("Director", 0)]


def again(client, reminder):
    digest = reminder.digest
    address = reverse("reminder_send_again", args=[digest.person.username, digest.day_date.isoformat()])
    return client.post(address, follow=True).content.decode()


def test_an_administrator_sends_a_failed_one_again_and_it_goes_out_once(
    client, administrator, director, november, clock
):
    clock("2026-11-17 09:00")
    failed = reminded(director, november.plan, state="failed", attempts=6, error="No such mailbox.")
    client.force_login(administrator)
    assert "Send again" in client.get(reverse("reminder_list")).content.decode()
    assert "The e-mail to Director is sent again as soon as a worker takes it up." in again(client, failed)
    digest = ReminderDigest.objects.get()
    assert (digest.state, digest.attempts, digest.error) == ("waiting", 0, "")
    assert "is not among those that failed: Waiting." in again(client, digest.reminders.get())
    assert "No e-mail to Director is of " in again(client, failed)  # pressed twice
    work_off()
    work_off()
    assert len(mail.outbox) == 1
    entries = digest.history.order_by("history_id")
    assert [entry.history_user.username for entry in entries][1:] == [
        administrator.username,
        "lambeth-plans",
        "lambeth-plans",
    ]
    assert entries[1].history_change_reason == "To be sent again."
    assert "is not among those that failed: Sent." in again(client, digest.reminders.get())


def test_who_got_one_today_gets_the_other_tomorrow(client, administrator, director, november, clock):
    now = clock("2026-11-17 09:00")
    failed = reminded(director, november.plan, state="failed", error="No.", day_date=now.date() - timedelta(days=1))
    factories.ReminderDigestFactory(person=director, state="sent", sent_at=now, day_date=now.date())
    client.force_login(administrator)
    assert "is sent again on 18 November 2026, 00:00." in again(client, failed)


def test_what_nobody_could_get_or_is_said_already_is_not_sent_again(client, administrator, director, plan):
    failed = reminded(director, plan, state="failed", error="No.")
    client.force_login(administrator)
    director.email = ""
    history.save(director, by=administrator)
    assert "Director has no e-mail address." in again(client, failed)
    empty = factories.ReminderDigestFactory(person=director, state="failed", sent_at=None)
    director.email = "director@borough.example"
    history.save(director, by=administrator)
    assert "went out with a later one." in again(client, factories.ReminderFactory.build(digest=empty))
    assert {digest.state for digest in ReminderDigest.objects.all()} == {"failed"}


def test_what_a_failed_one_said_goes_out_with_another_that_waits(client, administrator, director, plan, clock):
    clock("2026-11-17 09:00")
    failed = reminded(director, plan, state="failed", error="No.")
    told = factories.ContractReminderFactory(digest=failed.digest, contract__plan=plan)
    waiting = factories.ReminderDigestFactory(person=director, state="waiting", sent_at=None)
    client.force_login(administrator)
    assert "The e-mail to Director is sent again" in again(client, failed)
    for reminder in (failed, told):
        reminder.refresh_from_db()
        assert reminder.digest == waiting
        assert reminder.history.latest("history_id").history_change_reason == "To be sent again."
    assert "Send again" not in client.get(reverse("reminder_list")).content.decode()


def test_a_failed_one_that_tells_of_contracts_only_is_sent_again(client, administrator, director, plan, post, clock):
    now = clock("2027-05-31 09:00")
    contract = factories.ContractFactory(plan=plan, end_date="2028-05-31", director=post)
    failed = factories.ReminderDigestFactory(person=director, state="failed", sent_at=None, day_date=now.date())
    factories.ContractReminderFactory(digest=failed, contract=contract, months=12, deadline_date="2028-05-31")
    client.force_login(administrator)
    assert "Send again" in client.get(reverse("reminder_list")).content.decode()
    address = reverse("reminder_send_again", args=["director", "2027-05-31"])
    assert "is sent again as soon as" in client.post(address, follow=True).content.decode()
    work_off()
    assert [message.subject for message in mail.outbox] == ["Lambeth Plans: 1 contract to decide on"]
