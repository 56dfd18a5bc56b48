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
        ("workforce", "nowhere", "headcount"),
    ],
)
def test_a_printed_total_of_nothing_we_compute_agrees_with_nothing(
    plan, budget, savings, register, record_key, measure
):
    row = compared(plan, register, record_key, measure, Decimal(0))
    assert row.computed is None
    assert row.difference is None
    assert not row.agrees


def test_registers_are_compared_by_themselves(plan, savings):
    factories.PrintedTotalFactory(plan=plan, register="savings", measure="total")
    assert len(reconcile(plan_state(plan), Register.SAVINGS).rows) == 1
    assert reconcile(plan_state(plan), Register.BUDGET).rows == ()
