from decimal import Decimal

import pytest

from lambeth_plans.dashboards.reconciliation import Register, reconcile
from lambeth_plans.dashboards.state import plan_state
from tests import factories

pytestmark = pytest.mark.django_db


def compared(plan, register, record_key, measure, amount):
    """The only comparison of a printed total."""
    factories.PrintedTotalFactory(plan=plan, register=register, record_key=record_key, measure=measure, amount=amount)
    (row,) = reconcile(plan_state(plan)).rows
    return row


@pytest.fixture
def budget(plan):
    factories.BudgetLineFactory(plan=plan, key="care")
    factories.BudgetLineFactory(
        plan=plan, key="grant", fund="schools_grant", grants_and_contributions=Decimal(1_150_000)
    )


@pytest.mark.parametrize(
    ("record_key", "measure", "amount"),
    [
        ("care", "total_expenditure", 1_200_000),
        ("care", "net_expenditure", 1_000_000),
        ("general-fund", "total_income", 200_000),
        ("grant", "net_expenditure", 0),
        ("all", "employee_expenses", 1_600_000),
        ("all", "net_expenditure", 1_000_000),
    ],
)
def test_a_total_of_the_budget_is_computed_from_its_lines(plan, budget, record_key, measure, amount):
    row = compared(plan, "budget", record_key, measure, Decimal(amount))
    assert row.computed == amount
    assert row.agrees


@pytest.fixture
def savings(plan):
    first = factories.SavingFactory(plan=plan, key="first", base_budget=Decimal(7_668_000))
    second = factories.SavingFactory(plan=plan, key="second", base_budget=None)
    for saving, year, planned in (
        (first, "2020/21", 380_000),
        (first, "2021/22", 390_000),
        (second, "2020/21", 225_000),
        (second, "2021/22", None),
    ):
        factories.SavingYearFactory(saving=saving, period=year, planned=planned)


@pytest.mark.parametrize(
    ("record_key", "measure", "amount"),
    [
        ("", "total", 995_000),
        ("", "2020/21", 605_000),
        ("", "2021/22", 390_000),
        ("", "2023/24", 0),
        ("", "base_budget", 7_668_000),
        ("first", "total", 770_000),
        ("second", "2021/22", 0),
    ],
)
def test_a_total_of_the_savings_is_computed_from_what_is_stated(plan, savings, record_key, measure, amount):
    row = compared(plan, "savings", record_key, measure, Decimal(amount))
    assert row.computed == amount
    assert row.agrees


@pytest.fixture
def savings_to_date(plan):
    """What two savings have brought so far, and what one of them is to bring in years not named."""
    first = factories.SavingFactory(plan=plan, key="first")
    second = factories.SavingFactory(plan=plan, key="second")
    for saving, period, planned, delivered in (
        (first, "to 30 Jan 2018", None, 190_000),
        (first, "after 30 Jan 2018", 500_000, None),
        (second, "to 30 Jan 2018", None, 1_600_000),
        (second, "2018/19", 7_000, 7_000),
    ):
        factories.SavingYearFactory(saving=saving, period=period, planned=planned, delivered=delivered)


@pytest.mark.parametrize(
    ("record_key", "measure", "amount"),
    [
        ("", "delivered to 30 Jan 2018", 1_790_000),
        ("", "after 30 Jan 2018", 500_000),
        ("", "delivered after 30 Jan 2018", 0),
        ("", "delivered 2018/19", 7_000),
        ("second", "delivered to 30 Jan 2018", 1_600_000),
        ("", "total", 507_000),
    ],
)
def test_what_is_delivered_and_what_is_planned_are_added_up_apart(plan, savings_to_date, record_key, measure, amount):
    row = compared(plan, "savings", record_key, measure, Decimal(amount))
    assert row.computed == amount
    assert row.agrees


@pytest.fixture
def overspend(plan):
    """An overspend whose part has parts of its own, one of them without an amount."""
    whole = factories.BudgetFigureFactory(plan=plan, key="council", amount=Decimal(13_100_000))
    division = factories.BudgetFigureFactory(plan=plan, key="division", amount=Decimal(5_700_000), parent=whole)
    for key, amount in (("placements", Decimal(2_100_000)), ("staff", Decimal(3_600_000))):
        factories.BudgetFigureFactory(plan=plan, key=key, amount=amount, parent=division)
    unknown = factories.BudgetFigureFactory(plan=plan, key="unknown", amount=Decimal(1_000))
    factories.BudgetFigureFactory(plan=plan, key="not-stated", amount=None, parent=unknown)


@pytest.mark.parametrize(("record_key", "computed"), [("council", 5_700_000), ("division", 5_700_000)])
def test_a_whole_among_budget_figures_is_computed_from_its_parts(plan, overspend, record_key, computed):
    row = compared(plan, "budget_figures", record_key, "parts", Decimal(5_700_000))
    assert row.computed == computed
    assert row.agrees


def test_a_headcount_is_computed_from_its_bands(plan):
    snapshot = factories.WorkforceSnapshotFactory(plan=plan, key="dec")
    for number in (427, 146, 5):
        factories.WorkforceBandFactory(snapshot=snapshot, number=number)
    row = compared(plan, "workforce", "dec", "headcount", Decimal(578))
    assert row.computed == 578
    assert row.counts_people


def test_a_printed_total_that_differs_shows_by_how_much(plan, savings):
    row = compared(plan, "savings", "", "total", Decimal(1_000_000))
    assert row.difference == 5_000
    assert not reconcile(plan_state(plan)).all_agree


@pytest.mark.parametrize(
    ("register", "record_key", "measure"),
    [
        ("budget", "nowhere", "net_expenditure"),
        ("budget", "all", "title"),
        ("savings", "nowhere", "total"),
        ("savings", "", "average"),
        ("savings", "", "delivered on average"),
        ("workforce", "nowhere", "headcount"),
        ("budget_figures", "nowhere", "parts"),
        ("budget_figures", "council", "amount"),
        ("budget_figures", "placements", "parts"),
        ("budget_figures", "unknown", "parts"),
    ],
)
def test_a_printed_total_of_nothing_we_compute_agrees_with_nothing(
    plan, budget, savings, overspend, register, record_key, measure
):
    row = compared(plan, register, record_key, measure, Decimal(0))
    assert row.computed is None
    assert row.difference is None
    assert not row.agrees


def test_registers_are_compared_by_themselves(plan, savings):
    factories.PrintedTotalFactory(plan=plan, register="savings", measure="total")
    assert len(reconcile(plan_state(plan), Register.SAVINGS).rows) == 1
    assert reconcile(plan_state(plan), Register.BUDGET).rows == ()
