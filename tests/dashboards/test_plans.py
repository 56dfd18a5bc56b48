import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import factories

pytestmark = pytest.mark.django_db


def test_the_plans_of_my_councils_stand_with_status_period_and_worst_rating(reader, plan, activity, other_activity):
    factories.ProgressUpdateFactory(activity=activity, period="Mar 2026", rag="red")
    factories.ProgressUpdateFactory(activity=activity, period="Apr 2026", rag="green")
    factories.ProgressUpdateFactory(activity=other_activity, rag="amber")
    response = reader.get(reverse("plan_list"))
    ((council, (line,)),) = response.context["councils"]
    assert council == plan.council
    assert line.roll_up.worst.word == "Amber"
    assert [(each.rag.word, each.count) for each in line.roll_up.counts] == [("Amber", 1), ("Green", 1)]
    html = response.content.decode()
    assert reverse("plan_dashboard", args=[plan.slug]) in html
    assert f"Current: 1 April {plan.start_date.year} to 31 March {plan.end_date.year}" in html


def test_the_plans_of_other_councils_are_not_listed(reader, plan, elsewhere):
    other = factories.PlanFactory(council=elsewhere, title="Elsewhere's Plan")
    html = reader.get(reverse("plan_list")).content.decode()
    assert plan.slug in html
    assert other.slug not in html


def test_somebody_without_any_plan_reads_so(client, stranger):
    client.force_login(stranger)
    assert "There is no plan of your councils yet." in client.get(reverse("plan_list")).content.decode()


def test_the_list_of_plans_takes_as_many_queries_for_ten_as_for_one(reader, plan, activity):
    def count():
        with CaptureQueriesContext(connection) as captured:
            assert reader.get(reverse("plan_list")).status_code == 200
        return len(captured)

    once = count()
    for _ in range(9):
        more = factories.PlanFactory(council=plan.council)
        factories.ActivityFactory(plan=more, objective=factories.ObjectiveFactory(plan=more))
    assert count() == once <= 10


def test_a_plan_says_what_it_follows_and_what_follows_it(reader, plan, elsewhere):
    earlier = factories.PlanFactory(council=plan.council, title="Earlier Plan", status="closed")
    plan = factories.PlanFactory(council=plan.council, title="This Plan", follows=earlier)
    later = factories.PlanFactory(council=plan.council, title="Later Plan", status="draft", follows=plan)
    html = reader.get(reverse("plan_dashboard", args=[plan.slug])).content.decode()
    assert f'Follows <a class="govuk-link" href="{reverse("plan_dashboard", args=[earlier.slug])}">' in html
    assert f'Followed by <a class="govuk-link" href="{reverse("plan_dashboard", args=[later.slug])}">' in html
    assert "Follows <a" in reader.get(reverse("plan_list")).content.decode()
