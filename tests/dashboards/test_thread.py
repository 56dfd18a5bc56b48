import pytest

from kpis.models import PlanIndicator
from lambeth_plans import history
from lambeth_plans.dashboards.state import plan_state
from lambeth_plans.dashboards.thread import Thread
from risks.models import Risk
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def goal(plan, objective, administrator):
    goal = factories.BoroughGoalFactory(council=plan.council, key="2-4", number="2.4", title="Safe children")
    history.save(objective, by=administrator, links={"goals": [goal]})
    return goal


@pytest.fixture
def thread(plan):
    return lambda: Thread(plan_state(plan))


def test_the_thread_runs_from_a_goal_to_indicators_risks_and_savings(plan, goal, objective, activity, thread):
    factories.PlanIndicatorFactory(plan=plan, code="LC.06", activities=[activity])
    factories.MitigationFactory(risk=factories.RiskFactory(plan=plan, ref="R1"), activity=activity)
    factories.SavingFactory(plan=plan, ref="S1", objectives=[objective])
    (line,) = thread().goals
    (strand,) = line.strands
    assert (line.goal.label, strand.objective.ref) == ("Goal 2.4", "OB1")
    assert [each.ref for each in strand.activities] == ["KA1"]
    assert [str(name) for names in (strand.indicators, strand.risks, strand.savings) for name in names] == [
        "LC.06",
        "R1",
        "S1",
    ]


def test_what_serves_no_stated_goal_is_shown_as_such(read, plan, goal, activity):
    factories.ObjectiveFactory(plan=plan, ref="OB9", title="A loose one")
    factories.ActivityFactory(plan=plan, ref="KA9", objective=None)
    html = read("golden_thread").content.decode()
    _, _, loose = html.partition("Serves no stated goal")
    assert "OB9" in loose
    assert "KA9" in loose
    assert "OB1" not in loose


def test_a_goal_of_the_plan_s_edition_that_nothing_serves_is_shown(read, plan, goal):
    factories.BoroughGoalFactory(council=plan.council, number="2.5")
    factories.BoroughGoalFactory(council=plan.council, number="7.1", edition="Another plan")
    html = read("golden_thread").content.decode()
    assert "Goal 2.5" in html
    assert "Nothing in this plan serves it." in html
    assert "Goal 7.1" not in html


def test_an_activity_that_names_a_goal_its_objective_does_not_serve_is_kept(
    plan, goal, activity, administrator, thread
):
    other = factories.BoroughGoalFactory(council=plan.council, number="2.5")
    history.save(activity, by=administrator, links={"further_goals": [other]})
    lines = {line.goal.label: line for line in thread().goals}
    assert [each.ref for each in lines["Goal 2.5"].activities] == ["KA1"]
    assert lines["Goal 2.4"].activities == ()


def test_the_thread_is_read_upwards_from_indicators_and_risks(plan, goal, activity, objective, thread):
    factories.PlanIndicatorFactory(plan=plan, code="LC.06", activities=[activity])
    factories.RiskFactory(plan=plan, ref="R1", objectives=[objective])
    for model, aimed in ((PlanIndicator, ["KA1"]), (Risk, [])):
        (measure,) = thread().measures(model)
        assert [each.ref for each in measure.activities] == aimed
        assert [each.ref for each in measure.objectives] == ["OB1"]
        assert [each.label for each in measure.goals] == ["Goal 2.4"]


def test_both_ends_are_offered_and_each_begins_where_it_says(read, plan, goal, activity):
    factories.PlanIndicatorFactory(plan=plan, code="LC.06")
    down, up = read("golden_thread"), read("golden_thread", **{"from": "measures"})
    assert [link.is_current for link in down.context["ends"]] == [True, False]
    assert [link.is_current for link in up.context["ends"]] == [False, True]
    assert "Indicators, 1" in up.content.decode()
    assert "no stated goal" in up.content.decode()


def test_the_picture_says_how_much_is_tied(plan, goal, activity, thread):
    factories.PlanIndicatorFactory(plan=plan, activities=[activity])
    factories.PlanIndicatorFactory(plan=plan)
    assert "1 of 2 indicators hang on the thread" in thread().chart.description


def test_a_plan_of_two_levels_uses_its_word_for_each(read, plan, objective, activity, administrator):
    plan.outer_objective_word, plan.outer_objectives_word = "outcome area", "outcome areas"
    plan.objective_word, plan.objectives_word = "priority", "priorities"
    history.save(plan, by=administrator, reason="As printed.")
    area = factories.ObjectiveFactory(plan=plan, key="area", ref="A", title="Being healthy")
    objective.parent = area
    history.save(objective, by=administrator, reason="As printed.")
    listed = read("objective_list").content.decode()
    assert "Outcome areas and priorities" in listed
    lines = {line.objective.ref: line for line in read("objective_list").context["lines"]}
    assert (lines["A"].word, lines["OB1"].word) == ("outcome area", "priority")
    assert lines["A"].roll_up.total == lines["OB1"].roll_up.total == 1
    assert "Outcome area" in read("activity_list").content.decode()
    assert read("activity_list", outer="area").context["summary"] == "1 activities"
    assert "by outcome area" in read("plan_dashboard").content.decode()
    page = read("objective_list").client.get(f"/plans/{plan.slug}/objectives/ob1/").content.decode()
    assert "Priority OB1" in page
    assert "Part of the outcome area" in page
