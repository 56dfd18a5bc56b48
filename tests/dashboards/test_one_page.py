from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from lambeth_plans import history, periods
from lambeth_plans.dashboards.one_page import OnePage
from lambeth_plans.dashboards.state import plan_state
from tests import factories

pytestmark = pytest.mark.django_db


def parts(plan):
    return {part.key: part for part in OnePage(plan_state(plan)).parts}


def test_each_objective_has_its_worst_rating_and_how_many_there_are(read, plan, objective):
    for rag in ("green", "green", "red"):
        factories.ProgressUpdateFactory(activity=factories.ActivityFactory(plan=plan, objective=objective), rag=rag)
    (line,) = parts(plan)["objectives"].lines
    assert (line.name, line.rag.word, line.words) == ("OB1 Keep children safe", "Red", "1 Red, 2 Green")
    assert "3 of 3 activities have a report." in read("plan_one_page").content.decode()


def test_an_empty_plan_says_what_it_does_not_state(plan, read):
    leads = {key: part.lead for key, part in parts(plan).items()}
    assert leads["risks"] == "The plan states no risks."
    assert leads["savings"] == "The plan states no savings."
    assert leads["contracts"] == "The plan states no contracts."
    assert leads["workforce"] == "The plan states no headcount."
    assert read("plan_one_page").status_code == 200


def test_an_amount_that_no_document_states_is_no_nought(plan):
    saving = factories.SavingFactory(plan=plan, ref="S1", title="Fewer agencies")
    factories.SavingYearFactory(saving=saving, planned=Decimal(1_000), delivered=None)
    assert parts(plan)["savings"].lead == "£1,000 planned."


def test_the_biggest_gaps_of_the_savings_come_first_with_their_status(plan):
    saving = factories.SavingFactory(plan=plan, ref="S1", title="Fewer agencies")
    factories.SavingYearFactory(
        saving=saving,
        period=periods.financial_year(2025),
        planned=Decimal(1_000),
        delivered=Decimal(300),
        undeliverable=Decimal(700),
        status="not_deliverable",
        status_reason="The market.",
    )
    part = parts(plan)["savings"]
    assert part.lead == "£1,000 planned, £300 delivered, £700 not deliverable."
    (line,) = part.lines
    assert (line.name, line.words) == ("S1 Fewer agencies", "2025/26: £700 of £1,000 missing")
    assert line.rag.word == "Not deliverable"


def test_a_workforce_without_an_agency_band_is_not_said_to_have_none(plan):
    snapshot = factories.WorkforceSnapshotFactory(plan=plan, headcount=120)
    factories.WorkforceBandFactory(snapshot=snapshot, kind="grade", number=120)
    assert "Agency staff" not in [line.name for line in parts(plan)["workforce"].lines]


def test_the_budget_is_that_of_the_running_year(plan):
    this_year = periods.financial_year_start(timezone.localdate())
    for year in (this_year, this_year + 1):
        factories.BudgetLineFactory(plan=plan, title=f"Care {year}", period=periods.financial_year(year))
    assert [line.name for line in parts(plan)["budget"].lines] == [f"Care {this_year}"]


def test_the_schools_grant_does_not_pay_for_a_pressure_on_the_general_fund(plan):
    year = periods.financial_year(2025)
    for title, fund, forecast in (("Care", "general", 1_050_000), ("Schools", "schools_grant", 950_000)):
        line = factories.BudgetLineFactory(plan=plan, title=title, fund=fund, period=year)
        factories.BudgetMonitorFactory(line=line, forecast=Decimal(forecast))
    lead = parts(plan)["budget"].lead
    assert "General Fund £1,000,000 net, forecast a pressure of £50,000" in lead
    assert "Dedicated Schools Grant £1,000,000 net, forecast an underspend of £50,000" in lead


def test_where_no_year_is_running_the_budget_is_that_of_the_newest(plan):
    for year, amount in ((2024, 400), (2025, 500)):
        factories.BudgetLineFactory(
            plan=plan, title=f"Care {year}", period=periods.financial_year(year), employee_expenses=Decimal(amount),
            other_expenditure=0, grants_and_contributions=0, other_income=0,
        )  # fmt: skip
    part = parts(plan)["budget"]
    assert part.lead == "2025/26: £500 net. No forecast is stated."
    assert [line.name for line in part.lines] == ["Care 2025"]


def test_the_next_milestones_come_in_their_order_and_none_of_a_closed_plan(plan, objective, analyst):
    today = timezone.localdate()
    for ref, days in (("A1", 60), ("A2", 30), ("A3", -30)):
        due = (today + timedelta(days=days)).isoformat()
        factories.ActivityFactory(plan=plan, objective=objective, ref=ref, title="Work", due_date=due)
    part = parts(plan)["milestones"]
    assert part.lead == "1 overdue, 2 to come."
    assert [line.name for line in part.lines] == ["A2 Work", "A1 Work"]
    plan.status = "closed"
    history.save(plan, by=analyst, reason="Over.")
    assert parts(plan)["milestones"].lines == ()
    assert parts(plan)["contracts"].lines == ()


def test_what_there_is_no_room_for_is_counted(plan):
    for number in range(5):
        risk = factories.RiskFactory(plan=plan, ref=f"R{number}", title="Risk")
        factories.RiskScoreFactory(risk=risk, kind="current", score=number + 1)
    part = parts(plan)["risks"]
    assert [line.name for line in part.lines] == ["R4 Risk", "R3 Risk", "R2 Risk"]
    assert part.more == 2
