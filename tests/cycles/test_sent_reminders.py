import pytest
from django.urls import reverse

from lambeth_plans.cycles import sent_reminders
from lambeth_plans.cycles.models import ReportingRound
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
