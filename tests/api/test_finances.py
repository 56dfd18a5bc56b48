"""Savings, budgets, contracts and the workforce."""

from decimal import Decimal

import pytest

from lambeth_plans.fields import PartialDate
from tests import factories

pytestmark = pytest.mark.django_db


def test_a_saving_has_its_years_in_pounds(program, plan):
    saving = factories.SavingFactory(plan=plan, ref="CHN-006", base_budget=None, base_budget_as_stated="TBC")
    factories.SavingYearFactory(
        saving=saving,
        period="2020/21",
        planned=Decimal("1950000"),
        delivered=Decimal("-5.5"),
        slipped=Decimal("1950005.5"),
    )
    factories.SavingYearFactory(saving=saving, period="2019/20", planned=None, planned_as_stated="tbc")
    item = program.only("savings")
    assert (item["base_budget"], item["base_budget_as_stated"]) == (None, "TBC")
    assert [(year["year"], year["planned"]) for year in item["years"]] == [("2019/20", None), ("2020/21", "1950000.00")]
    assert item["years"][0]["planned_as_stated"] == "tbc"
    assert (item["years"][1]["delivered"], item["years"][1]["slipped"]) == ("-5.50", "1950005.50")
    assert {"year", "planned", "delivered", "forecast", "slipped", "undeliverable"} <= set(item["years"][1])


def test_a_contract_says_what_was_understood_and_what_is_printed(program, plan, post):
    factories.ContractFactory(
        plan=plan,
        ref="C1",
        annual_value=Decimal(10_000_000),
        annual_value_as_stated="c.£10,000,000",
        end_date=PartialDate("2022-10"),
        end_date_as_stated="October 2022",
        director=post,
    )
    item = program.only("contracts")
    assert (item["annual_value"], item["annual_value_as_stated"]) == ("10000000.00", "c.£10,000,000")
    assert (item["end_date"], item["end_date_as_stated"], item["status"]) == ("2022-10", "October 2022", "Ended")
    assert (item["director"], item["director_key"]) == ("Director of Care", "director-of-care")


def test_a_budget_line_has_its_totals(program, plan):
    factories.BudgetLineFactory(plan=plan, key="line", period="2020/21")
    item = program.only("budgets")
    assert (item["period"], item["fund"]) == ("2020/21", "General Fund")
    assert item["employee_expenses"] == "800000.00"
    assert (item["total_expenditure"], item["total_income"]) == ("1200000.00", "200000.00")
    assert item["net_expenditure"] == "1000000.00"
    assert item["url"] == "/plans/borough-plan/budget/#line"


def test_parts_of_an_amount_stand_after_their_whole(program, plan):
    whole = factories.BudgetFigureFactory(plan=plan, key="whole", amount=Decimal(100), amount_as_stated="£100")
    factories.BudgetFigureFactory(plan=plan, key="other", amount=None, amount_as_stated="some")
    factories.BudgetFigureFactory(plan=plan, key="part", parent=whole, amount=Decimal(30), upper_amount=Decimal(40))
    items = program.items("budget_figures")
    assert [(item["key"], item["parent_key"]) for item in items] == [
        ("other", None),
        ("whole", None),
        ("part", "whole"),
    ]
    assert (items[0]["amount"], items[0]["amount_as_stated"]) == (None, "some")
    assert (items[2]["amount"], items[2]["upper_amount"]) == ("30.00", "40.00")


def test_a_workforce_has_its_bands(program, plan):
    snapshot = factories.WorkforceSnapshotFactory(plan=plan, headcount=400, snapshot_date=PartialDate("2019-12"))
    factories.WorkforceBandFactory(snapshot=snapshot, kind="agency", label="Agency", number=100, share_as_stated="25%")
    item = program.only("workforce")
    assert (item["snapshot_date"], item["headcount"], item["counted"]) == ("2019-12", 400, 100)
    assert item["bands"] == [
        {"kind": "Agency staff", "label": "Agency", "number": 100, "share": "25", "share_as_stated": "25%"}
    ]
