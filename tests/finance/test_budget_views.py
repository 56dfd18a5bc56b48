"""Changing a line of the budget, and what it is expected to come to."""

from decimal import Decimal

import pytest

from finance.budget_actions import forecast_budget, revise_budget_line
from finance.models import BudgetLine, BudgetMonitor
from lambeth_plans import history, periods
from tests import factories

LINE = "/plans/borough-plan/budget/care/edit/"
FORECASTS = "/plans/borough-plan/budget/care/forecasts/"
EXPLAINED = {"variance_reason": "More children.", "recovery_action": "A panel looks at each placement."}


@pytest.fixture
def line(plan, division):
    return factories.BudgetLineFactory(plan=plan, key="care", title="Care", division=division, period="2020/21")


@pytest.fixture
def page(client, analyst, line):
    client.force_login(analyst)
    return client


def month(name="2020-09", version="", **typed):
    return {f"month-{name}-{field}": value for field, value in {"version": version, **typed}.items()}


def post(page, *months, reason="Month 6 monitor."):
    posted = {"reason": reason}
    for each in months:
        posted |= each
    return page.post(FORECASTS, posted)


def test_an_analyst_adds_forecasts_of_two_months(page, line, analyst):
    response = post(
        page, month(forecast="£1,050,000", **EXPLAINED), month("2020-10", forecast="1000000"), month("2020-11")
    )
    assert response.status_code == 302
    first, second = BudgetMonitor.objects.order_by("period_start")
    assert (first.period, first.forecast, first.actual_to_date) == (periods.parse("Sep 2020"), Decimal(1_050_000), None)
    assert (second.forecast, second.variance_reason) == (Decimal(1_000_000), "")
    entry = first.history.get()
    assert (entry.actor, entry.history_change_reason) == ("Analyst", "Month 6 monitor.")


def test_a_pressure_without_a_reason_is_not_saved_and_nothing_typed_is_lost(page):
    response = post(page, month(forecast="1,050,000", recovery_action="A panel."))
    assert "Say why it differs from the budget." in response.content.decode()
    assert 'value="1,050,000"' in response.content.decode()
    assert not BudgetMonitor.objects.exists()


def test_an_amount_that_is_none_is_named(page):
    assert "“lots” is not an amount" in post(page, month(forecast="lots")).content.decode()


def test_a_month_that_somebody_else_has_just_forecast_is_shown_beside_mine(page, line):
    factories.BudgetMonitorFactory(line=line, period="Sep 2020", forecast=Decimal(1_000_000), because="First.")
    response = post(page, month(forecast="1,050,000", **EXPLAINED), month("2020-10"))
    assert response.status_code == 409
    assert "1,050,000" in response.content.decode()
    assert BudgetMonitor.objects.get().forecast == 1_000_000
    assert post(page, month(version=1, forecast="1,050,000", **EXPLAINED)).status_code == 302
    assert BudgetMonitor.objects.get().forecast == 1_050_000


def test_an_empty_month_that_somebody_else_has_filled_is_no_clash(page, line):
    factories.BudgetMonitorFactory(line=line, period="Sep 2020")
    assert post(page, month(), month("2020-10", forecast="1,000,000")).status_code == 302


def test_what_somebody_else_changed_meanwhile_is_answered_409(page, line):
    monitor = factories.BudgetMonitorFactory(line=line, period="Sep 2020")
    monitor.forecast = Decimal(1_070_000)
    history.save(monitor, by=factories.UserFactory(), reason="Newer.")
    response = post(page, month(version=1, forecast="1,060,000", **EXPLAINED))
    assert response.status_code == 409
    assert "1,070,000" in response.content.decode()


def test_the_action_checks_against_the_budget_as_it_is_now(line, analyst):
    monitor = BudgetMonitor(line=line, period="Sep 2020", forecast=Decimal(1_000_000))
    line.other_expenditure += 50_000
    revise_budget_line(line=line, by=analyst, reason="A virement.")
    with pytest.raises(Exception, match="£50,000 below the budget"):
        forecast_budget(monitors=[monitor], by=analyst, reason="Late.")


def test_a_forecast_is_of_a_month_of_its_year(line, analyst):
    with pytest.raises(Exception, match="Mar 2020 is before 2020/21 begins"):
        forecast_budget(
            monitors=[BudgetMonitor(line=line, period="Mar 2020", forecast=Decimal(1_000_000))],
            by=analyst,
            reason="No.",
        )
    factories.BudgetMonitorFactory(line=line, period="Sep 2020")
    line.period = "2023/24"
    with pytest.raises(Exception, match="There is a forecast of Sep 2020"):
        revise_budget_line(line=line, by=analyst, reason="Another year.")


def test_a_line_is_changed_and_its_totals_follow(page, line):
    typed = {"title": "Care", "division": "", "fund": "general", "employee_expenses": "900,000"}
    typed |= {"other_expenditure": "400,000", "grants_and_contributions": "150,000", "other_income": "50,000"}
    assert page.post(LINE, {**typed, "version": 1, "reason": "A virement."}).status_code == 302
    assert BudgetLine.objects.get().net_expenditure == 1_100_000
    empty = page.post(LINE, {**typed, "other_income": "", "version": 2, "reason": "Again."})
    assert "Enter the other income, in pounds." in empty.content.decode()


def test_a_month_after_the_year_asks_for_the_outturn(page, line):
    factories.BudgetMonitorFactory(line=line, period="May 2021", forecast=Decimal(1_000_000))
    shown = page.get(FORECASTS).content.decode()
    assert "Forecast or outturn of the whole year, in pounds" in shown
    assert "Outturn of the whole year, in pounds, May 2021" in shown
    assert "Forecast for the whole year, in pounds, March 2021" in shown
    assert "month-2021-05-actual_to_date" not in shown
    response = post(page, month("2021-05", version=1, forecast="1,050,000"))
    assert "The outturn is £50,000 above the budget." in response.content.decode()
    assert post(page, month("2021-05", version=1, forecast="1,050,000", **EXPLAINED)).status_code == 302
    assert BudgetMonitor.objects.get().forecast == 1_050_000
