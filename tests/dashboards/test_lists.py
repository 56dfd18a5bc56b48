from datetime import date

import pytest
from django.urls import reverse

from lambeth_plans import history
from lambeth_plans.dashboards.lists import PAGE_SIZE
from lambeth_plans.rag import Rag
from tests import factories

pytestmark = pytest.mark.django_db


def test_an_objective_stands_with_its_goals_and_its_worst_rating(read, plan, objective, activity, administrator):
    goal = factories.BoroughGoalFactory(council=plan.council, number="2.4")
    history.save(objective, by=administrator, links={"goals": [goal]})
    factories.ActivityFactory(plan=plan, objective=objective)
    factories.ProgressUpdateFactory(activity=activity, rag="red")
    response = read("objective_list")
    (line,) = response.context["lines"]
    assert (line.roll_up.worst, line.roll_up.reported, line.roll_up.total) == (Rag.RED, 1, 2)
    assert [each.label for each in line.goals] == ["Goal 2.4"]
    assert f"{reverse('objective_detail', args=[plan.slug, 'ob1'])}#activities" in response.content.decode()


def test_activities_without_an_objective_are_counted_too(read, plan):
    factories.ActivityFactory(plan=plan, objective=None)
    html = read("objective_list").content.decode()
    assert "Objective not stated" in html
    assert "?objective=none" in html


def test_a_part_of_an_objective_names_the_whole(read, plan, objective):
    factories.ObjectiveFactory(plan=plan, parent=objective, title="A part")
    assert "Part of OB1" in read("objective_list").content.decode()


def test_activities_keep_the_order_of_the_document_and_what_is_missing_reads_not_stated(read, plan):
    for order, ref in enumerate(["1.9", "1.10", ""], 1):
        factories.ActivityFactory(plan=plan, ref=ref, title=f"Title {order}", order=order, objective=None)
    response = read("activity_list")
    assert [activity.title for activity in response.context["page"]] == ["Title 1", "Title 2", "Title 3"]
    html = response.content.decode()
    assert "No reference in the document" in html
    assert html.count('<span class="app-not-stated">not stated</span>') == 3 * 4


def test_references_without_an_order_sort_naturally(read, plan):
    for key in ("a10", "a9", "a1"):
        factories.ActivityFactory(plan=plan, key=key, ref=key.upper())
    assert [activity.ref for activity in read("activity_list").context["page"]] == ["A1", "A9", "A10"]


def test_an_overdue_activity_says_so_in_words(read, plan):
    factories.ActivityFactory(plan=plan, due_date="March 2020")
    assert "<strong>overdue</strong>" in read("activity_list").content.decode()


def test_nothing_of_a_closed_plan_became_overdue_after_its_end(reader, borough):
    plan = factories.PlanFactory(council=borough, status="closed", around=date(2020, 9, 15))
    factories.ActivityFactory(plan=plan, due_date="31 March 2021")
    html = reader.get(reverse("activity_list", args=[plan.slug])).content.decode()
    assert "<strong>overdue</strong>" not in html


def test_a_long_list_comes_in_pages_and_keeps_its_filters(read, plan, objective):
    for _ in range(PAGE_SIZE + 1):
        factories.ActivityFactory(plan=plan, objective=objective, title="Help early")
    response = read("activity_list", text="early")
    assert len(response.context["page"]) == PAGE_SIZE
    assert "?text=early&amp;page=2" in response.content.decode()
    assert len(read("activity_list", text="early", page="2").context["page"]) == 1


def test_risks_stand_by_score_and_a_target_above_the_score_is_flagged(read, plan):
    for score, target in ((12, 4), (32, 8), (6, 8)):
        risk = factories.RiskFactory(plan=plan, ref=f"R{score}")
        factories.RiskScoreFactory(risk=risk, score=score)
        factories.RiskScoreFactory(risk=risk, kind="target", score=target)
    factories.RiskFactory(plan=plan, ref="R0")
    response = read("risk_list")
    assert [line.risk.ref for line in response.context["page"]] == ["R32", "R12", "R6", "R0"]
    html = response.content.decode()
    assert html.count("<strong>Target above current.</strong>") == 1
    assert "so none has a colour" in html


def test_a_score_as_it_is_printed_stands_beside_the_one_understood(read, plan):
    risk = factories.RiskFactory(plan=plan)
    factories.RiskScoreFactory(risk=risk, score=16, score_as_stated="(16)")
    assert "Printed as “(16)”" in read("risk_list").content.decode()


def test_a_score_on_an_agreed_matrix_has_a_colour(read, plan):
    matrix = factories.RiskMatrixFactory(council=plan.council)
    factories.RiskScoreFactory(risk=factories.RiskFactory(plan=plan, matrix=matrix), likelihood=4, impact=5)
    response = read("risk_list")
    assert response.context["has_ratings"]
    assert response.context["page"][0].risk.current.rag is Rag.RED
