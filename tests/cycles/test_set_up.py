from datetime import date, timedelta

import pytest
from django.utils import timezone

from lambeth_plans import history
from lambeth_plans.cycles.models import ReportingRound
from lambeth_plans.cycles.set_up import one_month_on, proposed
from lambeth_plans.periods import month_of
from tests import factories
from tests.as_posted import form as as_posted

pytestmark = pytest.mark.django_db

PAGE = "/set-up/plans/borough-plan/rounds/"


@pytest.fixture
def client(client, administrator):
    client.force_login(administrator)
    return client


def answers(**other):
    today = timezone.localdate()
    return {
        "month_date": f"{today:%B %Y}",
        "opens_date": f"{today:%d/%m/%Y}",
        "due_date": f"{today + timedelta(days=5):%d/%m/%Y}",
        "grace_days": "2",
        "closes_date": f"{today + timedelta(days=9):%d/%m/%Y}",
        "reason": "Monthly.",
        **other,
    }


def test_a_round_is_set_up_for_this_plan_and_for_all_others(client, plan):
    other = factories.PlanFactory(council=plan.council)
    response = client.post(f"{PAGE}new/", answers(for_all="on"))
    assert (response.status_code, response.url) == (302, PAGE)
    key = f"{timezone.localdate():%Y-%m}"
    assert sorted(ReportingRound.objects.values_list("plan", "key", "grace_days")) == [
        (plan.pk, key, 2),
        (other.pk, key, 2),
    ]
    assert "in its days of grace" not in client.get(PAGE).content.decode()


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"month_date": "soon"}, "Write the month like November 2026."),
        ({"month_date": "2026/27"}, "Write the month like November 2026."),
        ({"month_date": "May 1999"}, "does not run in May 1999."),
        ({"due_date": "1/1/2001"}, "It is due before it opens."),
        ({"grace_days": "30"}, "It closes before the days of grace are over."),
        ({"grace_days": "-1"}, "0"),
        ({"meeting": "elsewhere"}, "Select a valid choice"),
        ({"reason": ""}, "Say why, for the history."),
    ],
)
def test_a_round_that_cannot_be_is_refused(client, plan, wrong, told):
    response = client.post(f"{PAGE}new/", answers(**wrong))
    assert response.status_code == 200
    assert any(told in line.text for line in response.context["form"].error_lines())
    assert not ReportingRound.objects.exists()


def test_no_round_stands_behind_what_is_reported_already(client, plan, activity):
    later = month_of(plan.end_date)
    factories.ProgressUpdateFactory(activity=activity, period=later)
    first = client.post(f"{PAGE}new/", answers(month_date=f"{plan.start_date:%B %Y}"))
    assert f"already has reports on {later.long_label}" in first.content.decode()


def test_a_second_round_on_a_month_is_refused(client, plan):
    factories.ReportingRoundFactory(plan=plan)
    assert "already has a round on" in client.post(f"{PAGE}new/", answers()).content.decode()


def test_the_last_round_one_month_on_is_proposed(client, plan):
    assert proposed(plan) == {}
    board = factories.BoardFactory(council=plan.council)
    first, second = (factories.MeetingFactory(board=board, meeting_date=date(2026, 12, day)) for day in (3, 17))
    factories.ReportingRoundFactory(
        plan=plan,
        month_date=date(2026, 11, 1),
        opens_date=date(2026, 11, 20),
        due_date=date(2026, 11, 30),
        closes_date=date(2026, 12, 5),
        grace_days=2,
        meeting=first,
    )
    assert proposed(plan) == {
        "month_date": date(2026, 12, 1),
        "opens_date": date(2026, 12, 20),
        "due_date": date(2026, 12, 31),
        "closes_date": date(2027, 1, 5),
        "grace_days": 2,
        "meeting": second,
    }
    html = client.get(f"{PAGE}new/").content.decode()
    assert 'value="December 2026"' in html
    assert 'value="31/12/2026"' in html


@pytest.mark.parametrize(
    ("day", "later"),
    [
        (date(2027, 1, 30), date(2027, 2, 28)),
        (date(2027, 1, 31), date(2027, 2, 28)),
        (date(2027, 2, 28), date(2027, 3, 31)),
        (date(2026, 12, 5), date(2027, 1, 5)),
    ],
)
def test_one_month_on_is_the_same_day_or_the_last(day, later):
    assert one_month_on(day) == later


def test_what_is_proposed_is_saved_as_it_stands(client, plan):
    last = factories.ReportingRoundFactory(plan=plan, grace_days=2)
    posted = as_posted(client.get(f"{PAGE}new/")) | {"reason": "Monthly."}
    posted["month_date"] = f"{plan.end_date:%B %Y}"  # whatever the day of the test, the plan still runs then
    assert client.post(f"{PAGE}new/", posted).status_code == 302
    assert ReportingRound.objects.exclude(pk=last.pk).get().grace_days == last.grace_days


def test_two_who_change_a_round_at_once_see_both_versions(client, plan, administrator):
    made = factories.ReportingRoundFactory(plan=plan)
    page = f"{PAGE}{made.key}/"
    posted = as_posted(client.get(page)) | {"grace_days": "1", "reason": "Bank holiday."}
    made.grace_days = 3
    history.save(made, by=administrator, reason="As agreed.")
    response = client.post(page, posted)
    assert response.status_code == 409
    html = response.content.decode()
    assert "As agreed." in html
    assert ReportingRound.objects.get().grace_days == 3
    assert client.post(page, as_posted(response)).status_code == 302
    assert ReportingRound.objects.get().grace_days == 1
