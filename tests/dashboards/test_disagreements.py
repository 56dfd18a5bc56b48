from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from activities.challenge import STALE_AFTER
from lambeth_plans import history
from lambeth_plans.dashboards.disagreements import Disagreements
from lambeth_plans.dashboards.state import plan_state
from lambeth_plans.rag import Rag
from tests import factories
from tests.published import publish

pytestmark = pytest.mark.django_db
WHY = {"floor": "amber", "floor_because": "It was late then.", "rosier_reason": "It opens on Monday."}


@pytest.fixture
def rated(plan):
    """An activity with a report."""

    def make(ref, rag="green", report=None, **fields):
        activity = factories.ActivityFactory(plan=plan, ref=ref, **fields)
        factories.ProgressUpdateFactory(activity=activity, rag=rag, **(report or {}))
        return activity

    return make


def found(plan, at=None):
    return [(each.ref, each.floor.rag) for each in plan_state(plan, at).disagreements]


def test_what_is_rated_better_than_what_is_known_is_found_the_widest_gap_first(plan, rated):
    rated("LATE", due_date="2020")
    rated("DONE", "blue", due_date="2020")
    rated("AMBER", "amber", due_date="2020")
    rated("SILENT", report={"reported_at": timezone.now() - timedelta(days=STALE_AFTER + 1)})
    rated("GOOD", due_date="2090")
    factories.ActivityFactory(plan=plan, ref="NEVER", due_date="2020")
    behind = rated("BEHIND", due_date="2020")
    for done in (None, None, "2020"):
        factories.OutputFactory(plan=plan, activity=behind, done_date=done)
    measured = rated("MEASURED")
    place = factories.PlanIndicatorFactory(plan=plan, code="EB01", activities=[measured])
    factories.OutturnFactory(indicator=place.indicator, period="Apr 2020", value=Decimal(1))
    factories.TargetFactory(indicator=place.indicator, period="Apr 2020")
    amber = [(ref, Rag.AMBER) for ref in ("LATE", "SILENT", "MEASURED")]
    assert found(plan) == [("BEHIND", Rag.RED), *amber]
    # The same whether its activities carry their outputs or history is read.
    assert found(plan, timezone.now()) == found(plan)
    assert Disagreements(plan_state(plan)).pairs == [(Rag.GREEN, Rag.RED, 1), (Rag.GREEN, Rag.AMBER, 3)]
    floor = plan_state(plan).floors[measured.pk]
    assert floor.reasons == ("An indicator it aims at is Red: EB01.",)


def test_a_due_date_that_was_postponed_twice_is_found_by_its_reports(plan, rated):
    activity = rated("MOVED", due_date="2090")
    moves = (("2020", "2030"), ("2030", "2025"), ("2025", "2090"))
    for year, (before, after) in enumerate(moves, start=2001):
        factories.ProgressUpdateFactory(
            activity=activity,
            period=f"Mar {year}",
            previous_due_date=before,
            new_due_date=after,
            due_date_reason="The builder left.",
        )
    assert found(plan) == [("MOVED", Rag.AMBER)]


def test_outputs_of_a_plan_that_states_none_as_done_say_nothing(plan, rated):
    factories.OutputFactory(plan=plan, activity=rated("BEHIND", due_date="2020"))
    assert found(plan) == [("BEHIND", Rag.AMBER)]


def test_a_past_moment_is_judged_by_what_was_known_then(plan, rated, administrator):
    activity = rated("LATE", due_date="2090")
    before = timezone.now()
    activity.refresh_from_db()
    activity.due_date = "2020"
    history.save(activity, by=administrator, reason="Misread.")
    assert (found(plan, before), found(plan)) == ([], [("LATE", Rag.AMBER)])


def test_a_closed_plan_is_read_as_at_its_end(borough, post):
    plan = factories.PlanFactory(council=borough, status="closed", around=date(2020, 6, 1), end_date=date(2021, 3, 31))
    old = timezone.now() - timedelta(days=1000)
    for ref, due in (("AFTER", "2021-04"), ("BEFORE", "2021-02"), ("NEVER", None)):
        activity = factories.ActivityFactory(plan=plan, ref=ref, due_date=due)
        factories.ProgressUpdateFactory(activity=activity, period="Mar 2020", reported_at=old)
    assert found(plan) == [("BEFORE", Rag.AMBER)]


def test_the_page_shows_both_sides_and_who_rates_it_so(read, plan, rated, post):
    rated("LATE", due_date="2020", owner=post, report={**WHY, "reported_by_name": "Post A"})
    rated("MUTE", due_date="2020")
    html = read("disagreement_list").content.decode()
    assert "2 of 2 rated activities are rated better than what is known allows. 1 of them says why." in html
    for words in ("2 rated Green, at best Amber", "It opens on Monday.", "no reason given", "Post A"):
        assert words in html
    assert "past its due date, 2020." in html
    assert "Director of Care" in html


@pytest.mark.parametrize(
    ("is_rated", "words"), [(True, "None of the 1 rated"), (False, "No activity has a rating yet.")]
)
def test_a_plan_without_disagreements_says_so(read, plan, rated, is_rated, words):
    if is_rated:
        rated("GOOD")
    assert words in read("disagreement_list").content.decode()


def test_the_activity_and_the_summary_lead_to_them(reader, read, plan, rated):
    activity = rated("LATE", due_date="2020", report=WHY)
    address = reverse("disagreement_list", args=[plan.slug])
    html = reader.get(reverse("activity_detail", args=[plan.slug, activity.key])).content.decode()
    for words in (address, "Why it is rated better: It opens on Monday.", "Known then: It was late then."):
        assert words in html
    assert f'<a class="govuk-link" href="{address}">1 disagreement</a>' in read("plan_dashboard").content.decode()


def test_an_activity_that_is_rated_as_it_stands_shows_none(reader, plan, rated):
    activity = rated("GOOD")
    html = reader.get(reverse("activity_detail", args=[plan.slug, activity.key])).content.decode()
    assert "Disagreement</a>" not in html


def test_what_a_director_knew_is_not_told_to_whoever_may_not_see_small_counts(plan, rated):
    activity = rated("A1", report=WHY)
    (told,) = plan_state(plan).updates[activity.pk]
    assert (told.floor, told.floor_because, told.rosier_reason) == (
        Rag.AMBER,
        "It was late then.",
        "It opens on Monday.",
    )
    (told,) = plan_state(plan, sees_small_counts=False).updates[activity.pk]
    assert (told.floor, told.floor_because, told.rosier_reason) == (None, "", "It opens on Monday.")


@pytest.mark.parametrize("role", ["director", "lead_member", "scrutiny_member"])
def test_the_page_says_why_it_is_rated_so_without_the_indicator(request, client, plan, rated, role):
    rated("A1", report={**WHY, "floor_because": "An indicator it aims at is Red: EB01."}, key="a1")
    publish(plan)
    client.force_login(request.getfixturevalue(role))
    html = client.get(reverse("activity_detail", args=[plan.slug, "a1"])).content.decode()
    assert "It opens on Monday." in html
    assert ("Why not Amber:" in html) is (role == "director")
    assert ("EB01" in html) is (role == "director")
    assert ("Why it is rated so:" in html) is (role != "director")
