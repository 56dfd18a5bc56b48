"""The budget lines on the monthly sheet."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from finance.models import BudgetLine, BudgetMonitor
from lambeth_plans import periods
from lambeth_plans.dashboards.monthly import prefix_of
from lambeth_plans.dashboards.my_budgets import BudgetRow, month_to_tell
from lambeth_plans.periods import parse
from objectives.models import Plan
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


def asked_of(asked, today, *seen, plan_ends=date(2030, 3, 31)):
    """What the sheet asks about a line of 2025/26, as a month in words; no database."""
    line = BudgetLine(plan=Plan(start_date=date(2024, 4, 1), end_date=plan_ends), period=parse("2025/26"))
    month = month_to_tell(line, [parse(each) for each in seen], parse(asked), today)
    return str(month) if month else ""


def test_the_outturn_is_asked_for_after_the_year_until_it_is_stated_once():
    assert asked_of("Mar 2026", date(2026, 3, 31)) == "Mar 2026"
    assert asked_of("Mar 2026", date(2026, 4, 9), "Mar 2026") == "Mar 2026"  # the round about March is still in hand
    assert asked_of("Apr 2026", date(2026, 5, 9), "Mar 2026") == "Apr 2026"
    assert asked_of("May 2026", date(2026, 6, 9)) == "May 2026"
    assert asked_of("May 2026", date(2026, 6, 9), "Apr 2026") == ""
    assert asked_of("Apr 2026", date(2026, 5, 9), "Apr 2026") == "Apr 2026"  # this month it can be put right
    assert asked_of("Sep 2026", date(2026, 9, 30)) == "Sep 2026"
    assert asked_of("Oct 2026", date(2026, 10, 1)) == ""  # the books are closed
    assert asked_of("Mar 2025", date(2025, 3, 31)) == ""  # the year has not begun


def test_a_plan_that_is_over_is_asked_for_its_outturn_as_of_today_until_the_books_are_closed():
    over = {"plan_ends": date(2026, 3, 31)}
    assert asked_of("Mar 2026", date(2026, 3, 31), "Mar 2026", **over) == "Mar 2026"
    assert asked_of("Mar 2026", date(2026, 6, 9), **over) == "Jun 2026"
    assert asked_of("Mar 2026", date(2026, 6, 9), "Mar 2026", **over) == "Jun 2026"
    assert asked_of("Mar 2026", date(2026, 7, 9), "Mar 2026", "Jun 2026", **over) == ""
    assert asked_of("Mar 2026", date(2026, 10, 1), "Mar 2026", **over) == ""


def test_a_plan_that_ended_within_the_year_is_asked_for_its_last_month_and_after_the_year_for_the_outturn():
    over = {"plan_ends": date(2025, 12, 31)}
    assert asked_of("Dec 2025", date(2026, 2, 1), **over) == "Dec 2025"
    assert asked_of("Dec 2025", date(2026, 4, 1), **over) == "Apr 2026"
    assert asked_of("Dec 2025", date(2026, 12, 1), **over) == ""


def test_a_plan_that_ended_after_the_year_is_not_asked_once_the_books_are_closed():
    over = {"plan_ends": date(2026, 7, 31)}
    assert asked_of("Jul 2026", date(2026, 9, 9), **over) == "Sep 2026"
    assert asked_of("Jul 2026", date(2027, 11, 10), **over) == ""


def test_a_director_states_the_outturn_of_the_year_that_has_ended(client, director, plan, division, post, monkeypatch):
    line = factories.BudgetLineFactory(plan=plan, key="old", title="Care", division=division, period="2025/26")
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_: date(2026, 5, 10))
    client.force_login(director)
    html = client.get(PAGE).content.decode()
    assert "Outturn 2025-26: 0 of 1 updated this month" in html
    assert "spent to date" not in html.lower()
    may, answers = parse("May 2026"), {"forecast": "1,050,000", "recovery_action": "None can be."}
    response = client.post(PAGE, typed(line, may, **answers))
    assert "The outturn is £50,000 above the budget." in response.content.decode()
    response = client.post(PAGE, typed(line, may, variance_reason="More.", **answers), follow=True)
    assert "Care: Outturn 2025-26 is stated." in response.content.decode()
    assert (line.monitors.get().forecast, line.monitors.get().period) == (1_050_000, may)
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_: date(2026, 6, 10))
    assert "Outturn" not in client.get(PAGE).content.decode()
