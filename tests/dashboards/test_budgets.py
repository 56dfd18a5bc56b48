from decimal import Decimal

import pytest

from lambeth_plans.dashboards.budget_outlook import outlook_of
from lambeth_plans.dashboards.budgets import lines_by_year, year_of_budget
from lambeth_plans.dashboards.data_quality import unexplained
from lambeth_plans.dashboards.state import plan_state
from lambeth_plans.periods import parse
from tests import factories

pytestmark = pytest.mark.django_db
PAGE = "/plans/borough-plan/budget/"


@pytest.fixture
def read(client, analyst):
    """The page, as an analyst sees it."""
    client.force_login(analyst)
    return lambda name: client.get(PAGE)


@pytest.fixture
def care(plan, division):
    line = factories.BudgetLineFactory(plan=plan, key="care", title="Care", period="2020/21", division=division)
    for month, forecast in (("Aug 2020", 1_020_000), ("Sep 2020", 1_050_000)):
        factories.BudgetMonitorFactory(line=line, period=month, forecast=Decimal(forecast))
    return line


@pytest.fixture
def schools(plan):
    line = factories.BudgetLineFactory(
        plan=plan, key="schools", title="Schools", period="2020/21", fund="schools_grant", order=2
    )
    factories.BudgetMonitorFactory(
        line=line, period="Aug 2020", forecast=Decimal(990_000), variance_reason="A vacant post.", recovery_action=""
    )
    return line


def year(plan):
    state = plan_state(plan)
    ((period, lines),) = lines_by_year(state)
    return year_of_budget(state, period, lines)


def test_the_latest_month_is_told_with_what_held_before_for_the_others(plan, care, schools):
    outlook = year(plan).outlook
    assert outlook.month == parse("Sep 2020")
    assert [(each.name, each.monitor.month.label) for each in outlook.seen] == [
        ("Care", "Sep 2020"), ("Schools (Dedicated Schools Grant)", "Aug 2020"),
    ]  # fmt: skip


def test_each_fund_falls_from_its_budget_over_its_lines_to_its_forecast(plan, care, schools):
    general, grant = year(plan).figures
    assert general.rows == (("Budget", "£1,000,000"), ("Care", "+£50,000"), ("Forecast", "£1,050,000"))
    assert general.title == "From the budget of 2020/21 to the forecast of September 2020, General Fund"
    assert grant.rows == (
        ("Budget", "£1,000,000"), ("Schools (Dedicated Schools Grant)", "−£10,000"), ("Forecast", "£990,000"),
    )  # fmt: skip


def test_the_course_of_a_fund_is_drawn_from_its_second_month_on(plan, care, schools):
    (course,) = year(plan).courses
    assert course.rows == (("Aug 2020", "£1.02m", "£1.00m"), ("Sep 2020", "£1.05m", "£1.00m"))
    assert "General Fund" in course.title


def test_a_line_nobody_forecast_is_named_and_not_counted(client, analyst, plan, care):
    factories.BudgetLineFactory(plan=plan, key="other", title="Other things", period="2020/21")
    outlook = year(plan).outlook
    assert outlook.by_fund[0].budget == 1_000_000
    assert [line.title for line in outlook.missing] == ["Other things"]
    client.force_login(analyst)
    html = client.get(PAGE).content.decode()
    assert "nobody has forecast it: Other things." in " ".join(html.split())
    assert "That is a pressure of £50,000." in html
    assert "A panel" not in html
    assert "Prices are agreed anew." in html


def test_before_the_first_forecast_there_is_no_outlook(plan, care):
    assert outlook_of(plan_state(plan).budget_lines, parse("Jul 2020")) is None


def test_a_past_day_shows_the_forecast_of_then(plan, division):
    from datetime import UTC, datetime

    line = factories.BudgetLineFactory(plan=plan, period="2020/21", at=datetime(2020, 5, 1, tzinfo=UTC))
    then, later = datetime(2020, 10, 12, tzinfo=UTC), datetime(2020, 11, 12, tzinfo=UTC)
    factories.BudgetMonitorFactory(line=line, period="Sep 2020", at=then)
    factories.BudgetMonitorFactory(line=line, period="Oct 2020", forecast=Decimal(1_080_000), at=later)
    assert outlook_of(plan_state(plan, then).budget_lines).by_fund[0].forecast == 1_050_000
    assert outlook_of(plan_state(plan).budget_lines).by_fund[0].forecast == 1_080_000


def test_the_two_funds_are_told_apart(plan, care, schools, read):
    general, grant = year(plan).outlook.by_fund
    assert (general.name, general.variance, general.budget) == ("General Fund", 50_000, 1_000_000)
    assert (grant.name, grant.variance, grant.month) == (
        "Dedicated Schools Grant", -10_000, parse("Sep 2020"),
    )  # fmt: skip
    html = " ".join(read("budget").content.decode().split())
    for said in (
        "<strong>That is a pressure of £50,000.</strong>", "That is an underspend of £10,000.",
        "What one leaves over does not pay for the other.", "General Fund, computed",
    ):  # fmt: skip
        assert said in html
    assert "40,000" not in html
    assert "2,040,000" not in html


def test_one_fund_alone_is_told_alone(plan, care):
    outlook = year(plan).outlook
    assert [each.name for each in outlook.by_fund] == ["General Fund"]
    assert "fund" not in year(plan).figures[0].title.lower()


def test_what_a_changed_budget_leaves_unexplained_is_listed(plan, care, analyst):
    assert unexplained(plan_state(plan)) == []
    factories.BudgetMonitorFactory(
        line=care, period="Oct 2020", forecast=Decimal(1_000_000), variance_reason="", recovery_action=""
    )
    care.other_income -= 10_000
    from finance.budget_actions import revise_budget_line

    revise_budget_line(line=care, by=analyst, reason="A grant ends.")
    (left,) = unexplained(plan_state(plan))
    assert left.sentence.startswith("The forecast of October 2020 does not say why")


def test_divisions_of_a_year_that_nobody_has_forecast_are_not_forecast(plan, division, read):
    factories.BudgetLineFactory(plan=plan, title="Panel", period="2020/21", division=division)
    html = " ".join(read("budget").content.decode().split())
    assert "2020/21 by division and fund</caption>" in html
    assert "not forecast" in html


def test_a_division_is_summed_by_fund_beside_its_lines(plan, care, schools, division, other_division, read):
    factories.BudgetLineFactory(plan=plan, key="panel", title="Panel", period="2020/21", division=division)
    grant = factories.BudgetLineFactory(
        plan=plan, key="units", title="Units", period="2020/21", division=division, fund="schools_grant"
    )
    factories.BudgetMonitorFactory(line=grant, period="Sep 2020", forecast=Decimal(960_000), variance_reason="Fewer.")
    factories.BudgetLineFactory(plan=plan, key="idle", title="Idle", period="2020/21", division=other_division)
    told = {
        (each.name, fund.name): (fund.whole_budget, fund.budget, fund.forecast, fund.variance, fund.missing_names)
        for each in year(plan).divisions
        for fund in each.funds
    }
    assert told == {
        (division.name, "General Fund"): (2_000_000, 1_000_000, 1_050_000, 50_000, "Panel"),
        (division.name, "Dedicated Schools Grant"): (1_000_000, 1_000_000, 960_000, -40_000, ""),
        (other_division.name, "General Fund"): (1_000_000, None, None, None, "Idle"),
        ("Division not stated", "Dedicated Schools Grant"): (1_000_000, 1_000_000, 990_000, -10_000, ""),
    }
    html = " ".join(read("budget").content.decode().split())
    assert "2020/21 by division and fund, seen in September 2020" in html
    assert "£1,000,000 of it is forecast" in html
    assert '<span class="app-not-stated">not forecast</span>' in html


def test_the_sums_of_the_funds_are_those_of_the_lines(plan, care, schools):
    general, grant = year(plan).funds
    assert (general.variance, grant.variance) == (50_000, -10_000)
    assert (general.whole_budget, grant.whole_budget) == (1_000_000, 1_000_000)


def test_lines_without_any_division_are_not_summed_by_division(plan, schools):
    assert year(plan).divisions == []


def test_an_outturn_is_called_one(plan, care, read):
    factories.BudgetMonitorFactory(line=care, period="Apr 2021", forecast=Decimal(1_060_000))
    html = " ".join(read("budget").content.decode().split())
    assert "outturn, stated in April 2021" in html
    assert "What 2020/21 came to" in html
    assert "Outturn stated by April 2021, line by line" in html
    assert "From the budget of 2020/21 to the outturn stated by April 2021" in html
    assert "is expected to come to</h2>" not in html


def test_where_one_line_is_still_a_forecast_the_whole_is_one(plan, care, read):
    factories.BudgetMonitorFactory(line=care, period="Apr 2021", forecast=Decimal(1_060_000))
    other = factories.BudgetLineFactory(plan=plan, key="other", title="Learning", period=care.period)
    factories.BudgetMonitorFactory(line=other, period="Mar 2021")
    html = " ".join(read("budget").content.decode().split())
    assert "What 2020/21 is expected to come to</h2>" in html
    assert "outturn, stated in April 2021" in html
    assert "last forecast in March 2021" in html
