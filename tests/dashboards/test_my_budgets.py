"""The budget lines on the monthly sheet."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from finance.models import BudgetMonitor
from lambeth_plans import periods
from lambeth_plans.dashboards.monthly import prefix_of
from lambeth_plans.dashboards.my_budgets import BudgetRow
from tests import factories

PAGE = "/my-updates/"


@pytest.fixture
def line(plan, division, post):
    return factories.BudgetLineFactory(plan=plan, key="care", title="Care", division=division)


def typed(line, month=None, **answers):
    prefix = prefix_of("budget", line, month or periods.month_of(date.today()))
    answers = {"version": "", "forecast": "", "actual_to_date": "", "variance_reason": "", **answers}
    return {f"{prefix}-{name}": value for name, value in answers.items()} | {"save": prefix}


def test_a_director_forecasts_the_line_of_the_division(client, director, line, today):
    client.force_login(director)
    html = client.get(PAGE).content.decode()
    assert "Budget of" in html
    assert "Not forecast before" in html
    answers = {"forecast": "1,050,000", "variance_reason": "More children.", "recovery_action": "A panel."}
    response = client.post(PAGE, typed(line, **answers))
    assert response.status_code == 302
    monitor = BudgetMonitor.objects.get()
    assert (monitor.forecast, monitor.period) == (Decimal(1_050_000), periods.month_of(today))
    assert monitor.history.get().actor == "Director"


def test_a_forecast_that_is_not_explained_stays_on_the_sheet(client, director, line):
    client.force_login(director)
    response = client.post(PAGE, typed(line, forecast="1,050,000", recovery_action="A panel."))
    assert "Say why it differs from the budget." in response.content.decode()
    assert "A panel." in response.content.decode()
    assert not BudgetMonitor.objects.exists()


def test_a_forecast_of_a_colleague_meanwhile_is_shown_beside_mine(client, director, line, today):
    client.force_login(director)
    factories.BudgetMonitorFactory(line=line, period=periods.month_of(today), forecast=Decimal(1_020_000))
    answers = {"forecast": "1,050,000", "variance_reason": "More children.", "recovery_action": "A panel."}
    response = client.post(PAGE, typed(line, **answers))
    assert response.status_code == 409
    assert BudgetMonitor.objects.get().forecast == 1_020_000


def test_what_was_typed_for_a_month_that_has_gone_by_is_shown_again_and_not_taken_for_this_one(
    client, director, line, today
):
    client.force_login(director)
    last_month = periods.month_of(periods.month_of(today).start - timedelta(days=1))
    response = client.post(PAGE, typed(line, month=last_month, forecast="1,050,000", variance_reason="More children."))
    assert response.status_code == 409
    assert "More children." in response.content.decode()
    assert not BudgetMonitor.objects.exists()


def test_the_month_that_is_asked_for_is_that_of_the_round(line, director, plan, today):
    asked = periods.month_of(periods.month_of(today).start - timedelta(days=1))
    factories.ReportingRoundFactory(
        plan=plan, month_date=asked.start, opens_date=today, due_date=today, closes_date=today + timedelta(days=9)
    )
    rows = BudgetRow.rows(director, today)
    assert [row.form.month for row in rows] == ([asked] if line.period_start <= asked.start else [])


def test_nobody_else_and_no_other_year_is_asked(line, director, other_director, plan, division):
    factories.BudgetLineFactory(plan=plan, division=division, period="2015/16")
    today = date.today()
    assert [row.record for row in BudgetRow.rows(director, today)] == [line]
    assert BudgetRow.rows(other_director, today) == []
    assert not BudgetRow.rows(director, today)[0].is_done
    factories.BudgetMonitorFactory(line=line, period=periods.month_of(today))
    assert BudgetRow.rows(director, today)[0].is_done
