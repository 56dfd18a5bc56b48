from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from lambeth_plans import history
from lambeth_plans.dashboards.state import plan_state
from lambeth_plans.dashboards.thread_health import Health
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def loose(plan):
    """The references of what a check found."""

    def find(key, days=90):
        found = [row.ref or row.title for row in Health(plan_state(plan), days).check(key).rows]
        return found if key == "owners-who-left" else sorted(found)

    return find


def test_what_an_activity_lacks_is_found(plan, activity, loose):
    factories.ActivityFactory(plan=plan, ref="BARE", objective=None)
    aimed = factories.ActivityFactory(
        plan=plan, ref="WHOLE", owner=activity.owner, due_date="2030", intended_outcome="Better."
    )
    factories.PlanIndicatorFactory(plan=plan, activities=[aimed])
    assert loose("activities-without-objective") == ["BARE"]
    assert loose("activities-without-owner") == ["BARE"]
    assert loose("activities-without-indicator") == ["BARE", "KA1"]
    assert loose("activities-without-outcome") == ["BARE", "KA1"]
    assert loose("activities-without-date") == ["BARE", "KA1"]


def test_an_objective_is_served_by_its_own_activities_and_by_those_of_its_parts(plan, objective, activity, loose):
    area = factories.ObjectiveFactory(plan=plan, ref="AREA")
    objective.parent = area
    history.save(objective, by=factories.UserFactory(), reason="As printed.")
    factories.ObjectiveFactory(plan=plan, ref="LOOSE")
    assert loose("objectives-without-activities") == ["LOOSE"]


def test_goals_and_objectives_that_do_not_meet_are_found(plan, objective, activity, loose):
    served, unserved = (factories.BoroughGoalFactory(council=plan.council, number=number) for number in ("1", "2"))
    factories.BoroughGoalFactory(council=plan.council, number="9", kind="pillar")
    factories.BoroughGoalFactory(council=plan.council, number="3", kind="ambition")
    history.save(objective, by=factories.UserFactory(), links={"goals": [served]})
    factories.ObjectiveFactory(plan=plan, ref="LOOSE")
    assert loose("objectives-without-goals") == ["LOOSE"]
    assert loose("goals-without-service") == ["Ambition 3", f"Goal {unserved.number}"]


def test_indicators_and_findings_that_nobody_works_on_are_found(plan, activity, loose):
    factories.PlanIndicatorFactory(plan=plan, code="ALONE")
    factories.PlanIndicatorFactory(plan=plan, code="AIMED", activities=[activity])
    factories.FindingFactory(plan=plan, ref="AOI1")
    assert loose("indicators-without-activities") == ["ALONE"]
    assert loose("findings-without-answer") == ["AOI1"]


def test_the_worst_risks_need_a_mitigation_that_is_not_finished(plan, activity, loose):
    matrix = factories.RiskMatrixFactory(council=plan.council, standing="agreed")
    risks = {ref: factories.RiskFactory(plan=plan, ref=ref, matrix=matrix) for ref in ("NONE", "DONE", "OPEN", "LOW")}
    for ref, risk in risks.items():
        weight = 1 if ref == "LOW" else 5
        factories.RiskScoreFactory(risk=risk, matrix=matrix, likelihood=weight, impact=weight, score=weight * weight)
    factories.ProgressUpdateFactory(activity=activity, rag="blue")
    factories.MitigationFactory(risk=risks["DONE"], activity=activity)
    factories.MitigationFactory(risk=risks["OPEN"], text="A panel meets every week.")
    assert loose("red-risks-without-mitigation") == ["DONE", "NONE"]


def test_whatever_somebody_who_left_still_owns_is_found(plan, activity, post, loose):
    for factory, ref in ((factories.RiskFactory, "R1"), (factories.SavingFactory, "S1")):
        factory(plan=plan, ref=ref, owner=post)
    factories.PlanIndicatorFactory(plan=plan, code="LC.06", owner=post)
    assert loose("owners-who-left") == []
    post.left_date = date(2026, 1, 1)
    history.save(post, by=factories.UserFactory(), reason="Retired.")
    assert loose("owners-who-left") == ["KA1", "R1", "LC.06", "S1"]


def test_what_nobody_touched_for_so_many_days_is_found(plan, activity, loose):
    long_ago = timezone.now() - timedelta(days=40)
    factories.ProgressUpdateFactory(activity=activity, reported_at=long_ago)
    done = factories.ActivityFactory(plan=plan, ref="DONE")
    factories.ProgressUpdateFactory(activity=done, rag="blue", reported_at=long_ago)
    factories.RiskFactory(plan=plan, ref="UNSCORED")
    assert loose("not-touched", days=30) == ["KA1", "UNSCORED"]
    assert loose("not-touched", days=60) == ["UNSCORED"]


def test_a_closed_plan_shows_how_it_hangs_together_and_nothing_of_today(read, plan, activity, administrator):
    plan.status = "closed"
    history.save(plan, by=administrator, reason="It is over.")
    response = read("thread_health")
    assert "The plan is read as at its end." in response.content.decode()
    keys = {check.key for check in response.context["health"].checks}
    assert "activities-without-owner" in keys
    assert not keys & {"red-risks-without-mitigation", "owners-who-left", "not-touched"}


def test_a_count_leads_to_its_list(read, plan, activity):
    url = reverse("thread_health", args=[plan.slug])
    assert f"{url}?check=activities-without-date" in read("thread_health").content.decode()
    html = read("thread_health", check="activities-without-date").content.decode()
    assert activity.title in html
    assert "1 of 1." in html


def test_days_that_are_no_number_are_told_and_the_usual_ones_hold(read, plan):
    response = read("thread_health", days="many")
    assert response.context["health"].days == 90
    assert "Enter a whole number from 1 to 3650." in response.content.decode()


def test_only_who_may_mend_is_offered_the_table(client, plan, activity, administrator, analyst):
    url = reverse("thread_health", args=[plan.slug])
    offer = f"{reverse('activity_table', args=[plan.slug])}?without=date"
    for person, is_offered in ((administrator, True), (analyst, False)):
        client.force_login(person)
        assert (offer in client.get(url, {"check": "activities-without-date"}).content.decode()) is is_offered
