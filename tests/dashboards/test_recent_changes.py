from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from activities.actions import report_progress
from lambeth_plans import history
from lambeth_plans.dashboards.recent_changes import changes
from lambeth_plans.dashboards.state import plan_state
from lambeth_plans.dashboards.told import TOLD
from lambeth_plans.fields import PartialDate
from lambeth_plans.history import recorded_models
from lambeth_plans.rag import Rag
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def long_ago():
    return timezone.now() - timedelta(days=1000)


@pytest.fixture
def plan(borough, long_ago):
    return factories.PlanFactory(council=borough, slug="borough-plan", at=long_ago)


@pytest.fixture
def told(plan, long_ago):
    """The sentences of the last 30 days, newest first."""

    def tell(**options):
        found, _ = changes(plan_state(plan), **{"days": 30, "limit": 100, **options})
        return [(change.label, change.sentence) for change in found]

    return tell


def report(activity, director, rag, **fields):
    activity.refresh_from_db()
    answers = {
        "forecast_rag": None,
        "what_happened": "Work went on.",
        "is_unchanged": False,
        "path_to_green": "Hire." if rag.needs_path_to_green else "",
        "new_due_date": None,
        "due_date_reason": "",
        "rosier_reason": "",
        "linked_reds": (),
    }
    return report_progress(
        activity=activity,
        rag=rag,
        version=activity.version,
        today=timezone.localdate(),
        by=director,
        **{**answers, **fields},
    )


@pytest.fixture
def old_activity(plan, objective, post, long_ago):
    return factories.ActivityFactory(plan=plan, ref="KA1", objective=objective, owner=post, at=long_ago)


@pytest.fixture
def objective(plan, long_ago):
    return factories.ObjectiveFactory(plan=plan, key="ob1", ref="OB1", at=long_ago)


def test_a_report_is_told_once_with_its_rating_before_and_its_moved_date(told, old_activity, director):
    report(old_activity, director, Rag.GREEN)
    due = PartialDate("2030-06")
    report(old_activity, director, Rag.AMBER, new_due_date=due, due_date_reason="Two posts are empty.")
    month = old_activity.plan.reporting_month(timezone.localdate()).long_label
    assert told() == [
        ("KA1", f"Green → Amber for {month}, corrected. Due date not stated → June 2030."),
        ("KA1", f"Green for {month}."),
    ]


def test_a_report_names_who_reported_and_why(plan, old_activity, director):
    report(old_activity, director, Rag.RED)
    (change,), _ = changes(plan_state(plan), days=30, limit=100)
    assert (change.who, change.reason) == ("Director of Care", "Work went on.")
    assert change.url == reverse("activity_detail", args=[plan.slug, old_activity.key])


def test_a_changed_owner_is_named_before_and_after(told, old_activity, other_post, administrator):
    old_activity.owner = other_post
    history.save(old_activity, by=administrator, reason="Moved.")
    assert told() == [("KA1", "Owner Director of Care → Director of Learning.")]


def test_changed_links_are_named(told, old_activity, other_post, administrator):
    history.save(old_activity, by=administrator, links={"further_owners": [other_post]})
    assert told() == [("KA1", "Further owners added: Director of Learning.")]


@pytest.fixture
def indicator(plan, long_ago):
    place = factories.PlanIndicatorFactory(plan=plan, code="LC.06", at=long_ago)
    factories.OutturnFactory(indicator=place.indicator, period="Apr 2020", value=Decimal("86.22"), at=long_ago)
    return place.indicator


def test_a_new_figure_stands_beside_the_one_before_it(told, indicator):
    factories.OutturnFactory(indicator=indicator, period="May 2020", value=Decimal("87.1"))
    factories.OutturnFactory(indicator=indicator, period="Jun 2020", reason="pending")
    assert told()[:2] == [
        ("LC.06", "Pending for Jun 2020, after 87.1% for May 2020."),
        ("LC.06", "87.1% for May 2020, after 86.22% for Apr 2020."),
    ]


def test_a_changed_figure_is_exact(told, indicator, analyst):
    outturn = indicator.outturns.get()
    outturn.value = Decimal("86.220001")
    history.save(outturn, by=analyst, reason="Corrected.")
    assert ("LC.06", "Apr 2020: value 86.22 → 86.220001.") in told()


def test_a_new_target_is_told_with_its_value(told, indicator):
    factories.TargetFactory(indicator=indicator, period="2020/21")
    assert ("LC.06", "Target for 2020/21: 90.0%.") in told()


def test_a_new_score_stands_beside_the_one_before_it(told, plan, long_ago):
    risk = factories.RiskFactory(plan=plan, ref="R1", at=long_ago)
    factories.RiskScoreFactory(risk=risk, score=12, scored_date="2020-04-01", at=long_ago)
    factories.RiskScoreFactory(risk=risk, kind="target", score=4, scored_date="2020-04-01")
    factories.RiskScoreFactory(risk=risk, score=16, scored_date="2020-07-01")
    assert told() == [("R1", "Current score 12 → 16."), ("R1", "Target score 4.")]


def test_an_added_and_a_removed_record_are_told_and_the_removed_one_has_no_page(plan, told, administrator, long_ago):
    risk = factories.RiskFactory(plan=plan, ref="R1")
    mitigation = factories.MitigationFactory(risk=risk, text="Senior oversight")
    history.remove(mitigation, by=administrator, reason="Done.")
    history.remove(risk, by=administrator, reason="Closed.")
    found, _ = changes(plan_state(plan), days=30, limit=100)
    assert [(change.label, change.sentence, bool(change.url)) for change in found] == [
        ("R1", "The record was removed.", False),
        ("R1", "Added to the plan.", True),
    ]


def test_what_stood_in_the_plan_when_it_was_loaded_is_not_a_change(borough):
    now = timezone.now()
    plan = factories.PlanFactory(council=borough, at=now)
    factories.RiskFactory(plan=plan, at=now)
    later = factories.RiskFactory(plan=plan, ref="LATER", at=now + timedelta(seconds=1))
    assert later.ref == "LATER"
    found, _ = changes(plan_state(plan, now + timedelta(seconds=2)), days=30, limit=100)
    assert [change.label for change in found] == ["LATER"]


def test_a_past_moment_shows_what_had_changed_then(plan, administrator, long_ago):
    risk = factories.RiskFactory(plan=plan, ref="R1", title="Old", at=long_ago)
    risk.title = "New"
    history.save(risk, by=administrator, at=timezone.now() - timedelta(days=5))
    then = timezone.now() - timedelta(days=10)
    assert changes(plan_state(plan, then), days=30, limit=100)[0] == []
    assert len(changes(plan_state(plan), days=30, limit=100)[0]) == 1


def test_changes_of_another_plan_are_not_told(told, plan, elsewhere):
    other = factories.PlanFactory(council=elsewhere, at=timezone.now() - timedelta(days=100))
    factories.RiskFactory(plan=other)
    factories.OutturnFactory()
    assert told() == []


def test_every_kind_of_record_of_a_plan_is_told(plan, told, fill, long_ago):
    fill(1)
    models = {model for model in recorded_models() if model._meta.app_label not in ("accounts", "imports", "cycles")}
    apart = {"BoroughGoal", "RiskMatrix", "RiskStep", "RiskBand", "Supplier", "IndicatorCode", "ComparatorGroup"}
    assert {model.__name__ for model in models} - apart == {each.model.__name__ for each in TOLD}
    found, has_older = changes(plan_state(plan), days=30, limit=100)
    assert not has_older
    assert all(change.label and change.sentence and change.url and change.who for change in found)
    assert isinstance(found[0].when, datetime)


def test_there_is_word_of_older_changes_when_the_limit_cuts_them(plan, old_activity, administrator):
    for number in range(3):
        old_activity.title = f"Title {number}"
        history.save(old_activity, by=administrator)
    found, has_older = changes(plan_state(plan), days=30, limit=2)
    assert (len(found), has_older) == (2, True)
    found, has_older = changes(plan_state(plan), days=30, limit=2, offset=2)
    assert (len(found), has_older) == (1, False)


def test_a_part_that_moves_under_another_whole_is_not_called_an_objective(plan, told, objective, administrator):
    whole = factories.FindingFactory(plan=plan, ref="AOI1")
    part = factories.FindingFactory(plan=plan, ref="AOI1.1", source=whole.source)
    part.parent = whole
    history.save(part, by=administrator, reason="Read again.")
    assert ("AOI1.1", "Parent changed.") in told()


def test_a_new_figure_of_another_area_is_told_with_its_area(told, indicator):
    factories.BenchmarkFactory(indicator=indicator, area="Inner London", period="2019/20", value=Decimal(80))
    assert ("LC.06", "Inner London, 2019/20: 80.0%.") in told()
