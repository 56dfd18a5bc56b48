from collections import Counter
from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from activities.models import Activity, Output
from kpis.models import PlanIndicator, Target
from lambeth_plans import history
from lambeth_plans.cycles.roll_forward import candidates, next_dates, roll_forward
from objectives.models import Finding, Milestone, Objective, Plan
from risks.models import Mitigation, Risk, RiskScore
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(borough, division):
    board = factories.BoardFactory(council=borough, key="panel")
    return factories.PlanFactory(
        council=borough,
        slug="old",
        title="Plan 2025-26",
        start_date=date(2025, 4, 1),
        end_date=date(2026, 3, 31),
        status="current",
        edition="version 3",
        objective_word="priority",
        outer_objective_word="outcome",
        goals_edition="Borough Plan 2023",
        published_date="2025-05",
        divisions=[division],
        boards=[board],
    )


@pytest.fixture
def old(plan, borough, post, other_post):
    """A plan with something of everything that goes along or does not."""
    goal = factories.BoroughGoalFactory(council=borough)
    outer = factories.ObjectiveFactory(plan=plan, key="outer", order=2)
    objective = factories.ObjectiveFactory(plan=plan, key="inner", parent=outer, goals=[goal], order=1)
    source = factories.SourceFactory(plan=plan, key="ofsted", event=factories.EventFactory(plan=plan))
    parent = factories.FindingFactory(plan=plan, key="aoi1", source=source, order=2)
    finding = factories.FindingFactory(plan=plan, key="aoi1-1", source=source, parent=parent, order=1)
    later = factories.ActivityFactory(plan=plan, key="later", objective=objective, order=9)
    activity = factories.ActivityFactory(
        plan=plan,
        key="ka1",
        ref="KA1",
        objective=objective,
        owner=post,
        further_owners=[other_post],
        findings=[finding],
        see_also=[later],
        original_due_date="2025-06",
        due_date="2026-06",
        stage_as_stated="Planned",
        order=1,
    )
    done = factories.ActivityFactory(plan=plan, key="done", objective=objective, order=2)
    factories.ProgressUpdateFactory(activity=done, period="May 2025", rag="amber")
    factories.ProgressUpdateFactory(activity=done, period="Jun 2025", rag="blue")
    factories.ProgressUpdateFactory(activity=activity, period="Jun 2025", rag="green")
    factories.OutputFactory(plan=plan, activity=activity, key="to-do")
    factories.OutputFactory(plan=plan, activity=activity, key="finished", done_date="2025-05")
    factories.OutputFactory(plan=plan, activity=done, key="of-done")
    place = factories.PlanIndicatorFactory(
        plan=plan, objective=objective, owner=post, activities=[activity, done], commentary="Said then."
    )
    factories.TargetFactory(indicator=place.indicator, period="2025/26", value=Decimal(80), amber=Decimal(3))
    matrix = factories.RiskMatrixFactory(council=borough)
    risk = factories.RiskFactory(plan=plan, key="r1", matrix=matrix, objectives=[objective])
    factories.RiskScoreFactory(risk=risk, score=9, scored_date=date(2025, 4, 1))
    factories.RiskScoreFactory(risk=risk, score=12, scored_date=date(2025, 9, 1))
    factories.RiskScoreFactory(risk=risk, kind="target", score=4, scored_date=date(2025, 4, 1))
    factories.MitigationFactory(risk=risk, activity=activity)
    factories.MitigationFactory(risk=risk, activity=done)
    saving = factories.SavingFactory(plan=plan, key="s1", activities=[activity, done])
    factories.SavingYearFactory(saving=saving, period="2025/26")
    factories.SavingYearFactory(saving=saving, period="2026/27")
    spent = factories.SavingFactory(plan=plan, key="s2")
    factories.SavingYearFactory(saving=spent, period="2025/26")
    factories.ContractFactory(plan=plan, key="c1", end_date="2027")
    factories.ContractFactory(plan=plan, key="c2", end_date="2025-12")
    factories.MilestoneFactory(plan=plan, key="past", due_date="2025-12")
    factories.MilestoneFactory(plan=plan, key="to-come", due_date="2026-12", objective=objective)
    factories.SectionFactory(plan=plan)
    return plan


def rolled(plan, by, **changes):
    given = {
        "slug": "new",
        "title": "Plan 2026-27",
        "start_date": date(2026, 4, 1),
        "end_date": date(2027, 3, 31),
        "carry": [candidate.key for candidate in candidates(plan) if candidate.is_open],
        "targets": {},
    }
    return roll_forward(plan=plan, by=by, reason="A new year.", **{**given, **changes})


def everything():
    """Every record there is, with its links and how many history rows it has."""
    found = {}
    for model in history.recorded_models():
        rows = {row["id"]: row for row in model._default_manager.order_by("pk").values()}
        links = history.current_links(model, list(rows))
        entries = Counter(model.history.values_list("id", flat=True))
        found[model._meta.label] = {pk: (row, links[pk], entries[pk]) for pk, row in rows.items()}
    return found


def keys(model, plan):
    return set(model.objects.filter(plan=plan).values_list("key", flat=True))


def test_open_items_are_proposed_and_what_is_over_is_not(old):
    found = {candidate.key: candidate.why for candidate in candidates(old)}
    assert found["activity/ka1"] == found["risk/r1"] == found["saving/s1"] == found["contract/c1"] == ""
    assert found["activity/done"] == "Complete"
    assert found["saving/s2"] == "no amount after this plan"
    assert found["contract/c2"] == "ends December 2025"


def test_the_new_plan_is_a_draft_that_follows_in_the_same_words(old, administrator, division):
    new = rolled(old, administrator)
    assert (new.status, new.follows, new.slug, new.edition, new.published_date) == ("draft", old, "new", "", None)
    assert (new.objective_word, new.outer_objective_word, new.goals_edition) == (
        "priority",
        "outcome",
        "Borough Plan 2023",
    )
    assert list(new.divisions.all()) == [division]
    assert [board.key for board in new.boards.all()] == ["panel"]


def test_what_is_carried_over_keeps_its_key_and_the_rest_is_retired(old, administrator):
    new = rolled(old, administrator)
    assert keys(Activity, new) == {"ka1", "later"}
    assert keys(Objective, new) == {"outer", "inner"}
    assert keys(Finding, new) == {"aoi1", "aoi1-1"}
    assert keys(Output, new) == {"to-do"}
    assert keys(Milestone, new) == {"to-come"}
    assert keys(Risk, new) == {"r1"}
    assert keys(PlanIndicator, new) == keys(PlanIndicator, old)


def test_links_within_the_plan_lead_to_the_copies(old, administrator, post, other_post):
    new = rolled(old, administrator)
    activity = Activity.objects.get(plan=new, key="ka1")
    assert activity.objective == Objective.objects.get(plan=new, key="inner")
    assert activity.objective.parent == Objective.objects.get(plan=new, key="outer")
    assert activity.objective.goals.count() == 1
    assert list(activity.findings.all()) == [Finding.objects.get(plan=new, key="aoi1-1")]
    assert list(activity.see_also.all()) == [Activity.objects.get(plan=new, key="later")]
    assert (activity.owner, list(activity.further_owners.all())) == (post, [other_post])
    assert list(PlanIndicator.objects.get(plan=new).activities.all()) == [activity]
    assert [mitigation.activity for mitigation in Mitigation.objects.filter(risk__plan=new)] == [activity, None]
    assert not Activity.objects.filter(plan=new, findings__plan=old).exists()


def test_the_original_due_date_stays_and_nothing_is_reported_yet(old, administrator):
    activity = Activity.objects.get(plan=rolled(old, administrator), key="ka1")
    assert (str(activity.original_due_date), str(activity.due_date)) == ("June 2025", "June 2026")
    assert (activity.last_reported_at, activity.updates.count(), activity.stage_as_stated) == (None, 0, "")


def test_only_the_latest_scores_and_the_years_to_come_go_along(old, administrator):
    new = rolled(old, administrator)
    scores = RiskScore.objects.filter(risk__plan=new).values_list("kind", "score")
    assert sorted(scores) == [("current", 12), ("target", 4)]
    assert [str(year.period) for saving in new.saving_set.all() for year in saving.years.all()] == ["2026/27"]


def test_new_targets_are_set_for_the_new_year_with_the_tolerance_of_the_last(old, administrator):
    key = PlanIndicator.objects.get(plan=old).key
    rolled(old, administrator, targets={key: Decimal(85)})
    target = Target.objects.get(period_start=date(2026, 4, 1))
    assert (target.value, target.amber, target.rule_kind) == (Decimal(85), Decimal(3), "points")


def test_the_old_plan_is_untouched(old, administrator):
    before = everything()
    key = PlanIndicator.objects.get(plan=old).key
    rolled(old, administrator, targets={key: Decimal(85)})
    after = everything()
    for label, records in before.items():
        assert {pk: after[label].get(pk) for pk in records} == records, label
    assert all(before[label] for label in ("objectives.Plan", "activities.ProgressUpdate", "risks.RiskScore"))
    assert len(after["objectives.Plan"]) == len(before["objectives.Plan"]) + 1


def test_every_new_record_has_its_history_with_who_and_why(old, administrator):
    new = rolled(old, administrator)
    for model in (Objective, Finding, Output, PlanIndicator, Risk):
        for record in model.objects.filter(plan=new):
            row = record.history.get()
            assert (row.history_type, row.history_user_id, row.history_change_reason) == (
                "+",
                administrator.pk,
                "A new year.",
            )
    assert new.history.count() == 1
    assert Activity.objects.get(plan=new, key="later").history.count() == 1


def test_nothing_is_made_where_one_part_of_it_fails(old, administrator, monkeypatch):
    monkeypatch.setattr("lambeth_plans.cycles.roll_forward._Rolling._money", lambda self: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        rolled(old, administrator)
    assert not Plan.objects.filter(slug="new").exists()


def test_a_plan_of_another_council_cannot_be_rolled_forward(old, stranger):
    with pytest.raises(PermissionDenied):
        rolled(old, stranger)


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (date(2025, 4, 1), date(2026, 3, 31), (date(2026, 4, 1), date(2027, 3, 31))),
        (date(2007, 4, 1), date(2010, 3, 31), (date(2010, 4, 1), date(2013, 3, 31))),
        (date(2023, 3, 1), date(2024, 2, 28), (date(2024, 2, 29), date(2025, 2, 27))),
    ],
)
def test_the_next_plan_runs_as_long_as_the_last(start, end, expected):
    assert next_dates(Plan(start_date=start, end_date=end)) == expected


def test_activities_that_see_each_other_keep_their_links(plan, administrator):
    one, other, third = (factories.ActivityFactory(plan=plan, key=key, objective=None) for key in ("a", "b", "c"))
    for activity, seen in ((one, other), (other, one), (third, one)):
        history.save(activity, by=administrator, reason="Stated.", links={"see_also": [seen]})
    new = rolled(plan, administrator)
    found = {each.key: [seen.key for seen in each.see_also.all()] for each in new.activity_set.all()}
    assert found == {"a": ["b"], "b": ["a"], "c": ["a"]}
