from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from lambeth_plans.dashboards.state import plan_state
from lambeth_plans.dashboards.summary import Summary
from tests import factories

pytestmark = pytest.mark.django_db


def stats(plan):
    return {stat.label: stat for stat in Summary(plan_state(plan)).stats}


def test_the_worst_rating_leads_and_nothing_is_averaged(read, plan, objective):
    for rag in ("green", "green", "red"):
        factories.ProgressUpdateFactory(activity=factories.ActivityFactory(plan=plan, objective=objective), rag=rag)
    factories.ActivityFactory(plan=plan, objective=objective)
    summary = Summary(plan_state(plan))
    assert summary.ratings.worst.word == "Red"
    assert stats(plan)["activities"].note == "1 Red, 2 Green, 1 Not reported"
    (bar,) = summary.ratings_chart.bars
    assert bar.label == "OB1 Keep children safe (worst: Red)"
    assert bar.url == reverse("objective_detail", args=[plan.slug, "ob1"])
    assert "3 of 4 have a report." in read("plan_dashboard").content.decode()


def test_a_plan_without_reports_says_so_instead_of_drawing_nothing(read, plan, activity):
    html = read("plan_dashboard").content.decode()
    assert "None of the 1 activities has a report, so none has a rating." in html
    assert "Activities by objective</figcaption>" not in html


def test_the_longest_overdue_comes_first(plan):
    factories.ActivityFactory(plan=plan, ref="A1", due_date="2021")
    factories.ActivityFactory(plan=plan, ref="A2", due_date="2020")
    factories.ProgressUpdateFactory(activity=factories.ActivityFactory(plan=plan, due_date="2020"), rag="blue")
    factories.ActivityFactory(plan=plan)
    assert [activity.ref for activity in Summary(plan_state(plan)).overdue] == ["A2", "A1"]
    stat = stats(plan)["overdue"]
    assert (stat.figure, stat.note) == ("2", "1 of 4 have no due date")
    assert stat.url == reverse("activity_list", args=[plan.slug]) + "?due=overdue"


@pytest.fixture
def indicators(plan):
    for code, value in (("K1", 95), ("K2", 87), ("K3", 80), ("K4", None)):
        place = factories.PlanIndicatorFactory(plan=plan, code=code)
        if value:
            factories.TargetFactory(indicator=place.indicator, period="Apr 2020")
            factories.OutturnFactory(indicator=place.indicator, period="Apr 2020", value=Decimal(value))
    place = factories.PlanIndicatorFactory(plan=plan, code="K5")
    factories.OutturnFactory(indicator=place.indicator, period="Apr 2020")


def test_indicators_that_miss_their_target_come_worst_first(plan, indicators):
    assert [indicator.code for indicator in Summary(plan_state(plan)).attention] == ["K3", "K2"]


def test_it_is_counted_and_said_why_indicators_have_no_colour(read, plan, indicators):
    stat = stats(plan)["indicators have a colour"]
    assert (stat.figure, stat.note) == ("3 of 5", "2 of them need attention")
    html = read("plan_dashboard").content.decode()
    assert "<li>1: No figure to judge.</li>" in html
    assert "<li>1: No target is stated, so no colour.</li>" in html


def test_the_highest_risk_leads_to_its_page(plan):
    for ref, score in (("R1", 12), ("R2", 32)):
        factories.RiskScoreFactory(risk=factories.RiskFactory(plan=plan, key=ref.lower(), ref=ref), score=score)
    stat = stats(plan)["highest risk score"]
    assert (stat.figure, stat.note) == ("32", "R2")
    assert stat.url == reverse("risk_detail", args=[plan.slug, "r2"])


def test_savings_are_computed_over_all_years(plan):
    saving = factories.SavingFactory(plan=plan)
    factories.SavingYearFactory(saving=saving, period="2020/21", planned=Decimal(2_859_000))
    factories.SavingYearFactory(saving=saving, period="2022/23", planned=Decimal(2_417_000))
    stat = stats(plan)["savings planned"]
    assert (stat.figure, stat.note) == ("£5,276,000", "2020/21 to 2022/23")


def test_contracts_that_end_soon_come_in_the_order_of_their_ends(read, plan):
    today = timezone.localdate()
    for title, days in (("Later", 300), ("Sooner", 3), ("Over", -3), ("Far", 800)):
        factories.ContractFactory(plan=plan, title=title, end_date=today + timedelta(days=days))
    assert [contract.title for contract in Summary(plan_state(plan)).ending] == ["Sooner", "Later"]
    assert stats(plan)["contracts end or need notice within 12 months"].figure == "2"


def test_a_closed_plan_is_read_as_at_its_end(reader, borough):
    plan = factories.PlanFactory(council=borough, status="closed", around=date(2020, 9, 15), vision="Every child.")
    factories.ContractFactory(plan=plan, end_date="30 November 2020")
    factories.ContractFactory(plan=plan, end_date="October 2021")
    html = reader.get(reverse("plan_dashboard", args=[plan.slug])).content.decode()
    assert "This plan ended on 31 March 2021; it is shown as at its end." in html
    assert "The plan is over, so nothing is about to end." in html
    assert "1 had ended by 31 March 2021" in html
    assert "Every child." in html


def test_what_changed_lately_stands_on_the_summary(read, activity, director):
    factories.ProgressUpdateFactory(
        activity=activity,
        rag="amber",
        what_happened="Two posts are empty.",
        path_to_green="Hire.",
        reported_by=director,
    )
    html = read("plan_dashboard").content.decode()
    assert "Because: Two posts are empty." in html
    assert reverse("change_list", args=["borough-plan"]) in html


def test_the_notes_are_counted(plan, read):
    factories.DataQualityNoteFactory(plan=plan)
    factories.DataQualityNoteFactory(plan=plan)
    assert "2 notes on what the document prints" in read("plan_dashboard").content.decode()
