"""Savings on the monthly sheet of those who answer for them."""

from decimal import Decimal

import pytest
from django.utils import timezone

from finance.models import Saving
from lambeth_plans import history, periods
from lambeth_plans.dashboards.monthly import prefix_of
from lambeth_plans.periods import PeriodKind
from tests import factories

PAGE = "/my-updates/"


@pytest.fixture
def client(client, director):
    client.force_login(director)
    return client


@pytest.fixture
def saving(plan, post):
    saving = factories.SavingFactory(plan=plan, key="s1", ref="S1", title="Fewer agency staff", owner=post)
    this_year = periods.financial_year_start(timezone.localdate())
    for year in (this_year, this_year + 1):
        factories.SavingYearFactory(saving=saving, period=periods.financial_year(year), planned=Decimal(100))
    return saving


def fields(saving, version=1, **typed):
    prefix = prefix_of("saving", saving, periods.holding(PeriodKind.YEAR, timezone.localdate()))
    return {f"{prefix}-{name}": value for name, value in {"version": version, **typed}.items()}


def test_a_director_says_what_becomes_of_this_years_plan(client, director, saving):
    typed = {"delivered": "60", "slipped": "40", "status": "at_risk", "status_reason": "Two posts are open."}
    assert client.post(PAGE, {"save": "all"} | fields(saving, **typed)).status_code == 302
    year, next_year = saving.years.order_by("period_start")
    assert (year.delivered, year.slipped, next_year.version) == (60, 40, 1)
    assert year.history.first().history_user == director
    html = client.get(PAGE).content.decode()
    assert f"S1 {year.period}: £60 delivered, £40 slipped." in html
    assert "Savings: 1 of 1 updated this month" in html


def test_that_nothing_changed_is_said_with_one_tick(client, saving, today):
    year = saving.years.order_by("period_start")[0]
    client.post(PAGE, {"save": "all"} | fields(saving, delivered="100"))
    year.refresh_from_db()
    assert year.confirmed_date == today
    kept = {"delivered": "100", "is_unchanged": "on"}
    both = client.post(PAGE, {"save": "all"} | fields(saving, version=year.version, **kept, mitigated_by="Luck."))
    assert "You changed something too" in both.content.decode()
    assert client.post(PAGE, {"save": "all"} | fields(saving, version=year.version, **kept)).status_code == 302


def test_what_an_analyst_corrects_is_no_update_of_the_month(client, saving, analyst):
    year = saving.years.order_by("period_start")[0]
    year.forecast = Decimal(100)
    history.save(year, by=analyst, reason="Month 6 monitor.")
    assert "Savings: 0 of 1 updated this month" in client.get(PAGE).content.decode()


def test_what_does_not_add_up_is_kept_on_the_sheet_with_what_is_missing(client, saving):
    response = client.post(PAGE, {"save": "all"} | fields(saving, delivered="60"))
    html = response.content.decode()
    assert response.status_code == 200
    assert "£40 of the £100 planned has no place." in html
    assert 'value="60"' in html
    assert saving.years.order_by("period_start")[0].delivered is None


def test_somebody_else_was_first(client, saving, analyst):
    year = saving.years.order_by("period_start")[0]
    year.forecast = Decimal(100)
    history.save(year, by=analyst, reason="Month 6 monitor.")
    response = client.post(PAGE, {"save": "all"} | fields(saving, delivered="100"))
    assert response.status_code == 409
    assert "Month 6 monitor." in response.content.decode()
    year.refresh_from_db()
    assert year.delivered is None


@pytest.mark.parametrize(("owns", "directs"), [(True, False), (False, True), (False, False)])
def test_whoever_owns_it_or_directs_its_division_answers_for_it(
    plan, post, other_post, division, other_division, director, owns, directs
):
    factories.SavingFactory(
        plan=plan, owner=post if owns else other_post, division=division if directs else other_division
    )
    assert Saving.objects.answerable_to(director).exists() == (owns or directs)


def test_a_year_of_a_plan_that_is_over_is_not_asked_for(client, saving, plan, analyst):
    plan.status = "closed"
    history.save(plan, by=analyst, reason="Over.")
    assert "Fewer agency staff" not in client.get(PAGE).content.decode()


def offers(client, saving):
    response = client.get(f"/plans/borough-plan/savings/{saving.key}/")
    assert response.status_code == 200
    return "Say what becomes of it in My updates" in response.content.decode()


def is_asked(client, saving):
    return f"saving:{saving.key}-" in client.get(PAGE).content.decode()


def test_the_page_of_a_saving_leads_to_the_sheet_where_the_sheet_asks(client, saving):
    assert offers(client, saving)
    assert is_asked(client, saving)


def test_a_saving_without_this_year_leads_nowhere(client, plan, post):
    over = factories.SavingFactory(plan=plan, key="s2", owner=post)
    this_year = periods.financial_year_start(timezone.localdate())
    factories.SavingYearFactory(saving=over, period=periods.financial_year(this_year - 1))
    assert not offers(client, over)
    assert not is_asked(client, over)


def test_a_round_on_a_month_of_last_year_leads_to_the_savings_of_that_year(client, saving, plan, post, today):
    last_year = periods.financial_year(periods.financial_year_start(today) - 1)
    factories.ReportingRoundFactory(plan=plan, month_date=last_year.end.replace(day=1))
    over = factories.SavingFactory(plan=plan, key="s2", owner=post)
    factories.SavingYearFactory(saving=over, period=last_year)
    for each, is_due in ((over, True), (saving, False)):
        assert (offers(client, each), is_asked(client, each)) == (is_due, is_due)


@pytest.mark.parametrize("status", ["closed", "superseded"])
def test_a_saving_of_a_plan_that_is_over_leads_nowhere(client, saving, administrator, status):
    saving.plan.status = status
    history.save(saving.plan, by=administrator, reason="It is over.")
    assert not offers(client, saving)
    assert not is_asked(client, saving)
