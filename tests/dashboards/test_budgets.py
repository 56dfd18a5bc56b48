from decimal import Decimal

import pytest

from lambeth_plans.dashboards.budgets import figure_falls, lines_by_year, outlook_of, year_of_budget
from lambeth_plans.dashboards.data_quality import unexplained
from lambeth_plans.dashboards.state import plan_state
from lambeth_plans.periods import parse
from tests import factories

pytestmark = pytest.mark.django_db
PAGE = "/plans/borough-plan/budget/"


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
    assert (outlook.month, outlook.budget, outlook.forecast) == (parse("Sep 2020"), 2_000_000, 2_040_000)
    assert (outlook.variance, outlook.variance_words) == (40_000, "Pressure")
    assert [each.name for each in outlook.seen] == ["Care", "Schools (Dedicated Schools Grant)"]


def test_the_fall_leads_from_the_budget_over_each_line_to_the_forecast(plan, care, schools):
    assert year(plan).figure.rows == (
        ("Budget", "£2,000,000"),
        ("Care", "+£50,000"),
        ("Schools (Dedicated Schools Grant)", "−£10,000"),
        ("Forecast", "£2,040,000"),
    )


def test_the_course_is_drawn_from_the_second_month_on(plan, care, schools):
    assert year(plan).course.rows == (("Aug 2020", "£2.01m", "£2.00m"), ("Sep 2020", "£2.04m", "£2.00m"))


def test_a_line_nobody_forecast_is_named_and_not_counted(client, analyst, plan, care):
    factories.BudgetLineFactory(plan=plan, key="other", title="Other things", period="2020/21")
    outlook = year(plan).outlook
    assert outlook.budget == 1_000_000
    assert [line.title for line in outlook.missing] == ["Other things"]
    client.force_login(analyst)
    html = client.get(PAGE).content.decode()
    assert "nobody has forecast it: Other things." in html
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
    assert outlook_of(plan_state(plan, then).budget_lines).forecast == 1_050_000
    assert outlook_of(plan_state(plan).budget_lines).forecast == 1_080_000


def test_an_overspend_falls_into_its_last_parts_and_what_is_not_broken_down(plan):
    def figure(title, amount, parent=None):
        return factories.BudgetFigureFactory(
            plan=plan, title=title, key=title.lower(), amount=amount and Decimal(amount), parent=parent
        )

    council = figure("Council", "13.1")
    directorate = figure("Directorate", "7.6", council)
    care = figure("Care", "5.7", directorate)
    for title, amount in (("Placements", "2.1"), ("Rest", "3.6")):
        figure(title, amount, care)
    first, second = figure_falls(plan_state(plan))
    assert first.rows == (("Directorate", "+£7.60"), ("Not broken down", "+£5.50"), ("Council", "£13.10"))
    assert second.rows == (
        ("Placements (Care)", "+£2.10"),
        ("Rest (Care)", "+£3.60"),
        ("Not broken down", "+£1.90"),
        ("Directorate", "£7.60"),
    )


def test_reserves_are_taken_from_an_overspend_of_the_same_period_even_where_it_is_not_stated(plan):
    factories.BudgetFigureFactory(plan=plan, title="Overspend", amount=None, period_as_stated="2015/16")
    for period in ("2015/16", "2016/17"):
        factories.BudgetFigureFactory(
            plan=plan, title="Reserves", kind="reserves", amount=Decimal(5), period_as_stated=period
        )
    (fall,) = figure_falls(plan_state(plan))
    assert fall.rows == (
        ("Overspend", "not stated"),
        ("Reserves", "−£5"),
        ("What is left of the overspend", "not stated"),
    )


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
