"""What the pack says of money beyond what its shelf holds."""

from decimal import Decimal

import pytest

from lambeth_plans import history
from lambeth_plans.dashboards.state import plan_state
from lambeth_plans.reports.blocks import Group, Sentences, Table
from lambeth_plans.reports.money import finance
from lambeth_plans.reports.source import Source
from tests import factories

pytestmark = pytest.mark.django_db


def blocks_of(plan, heading):
    made = finance(Source(plan_state(plan), None, "", "", ""))
    (found,) = (block for block in made.blocks if isinstance(block, Group) and block.heading == heading)
    return found.blocks


def sentences(blocks):
    return [row.cells[0].text for block in blocks if isinstance(block, Sentences) for row in block.rows]


@pytest.fixture
def care(plan):
    line = factories.BudgetLineFactory(plan=plan, title="Care", period="2020/21")
    factories.BudgetMonitorFactory(line=line, period="Sep 2020")
    return line


def table(blocks):
    return next(block for block in blocks if isinstance(block, Table) and block.caption.startswith("What 2020/21"))


def test_the_forecast_names_the_lines_that_nobody_forecast_and_older_months(plan, care):
    factories.BudgetLineFactory(plan=plan, title="Other things", period="2020/21")
    older = factories.BudgetLineFactory(plan=plan, title="Learning", period="2020/21")
    factories.BudgetMonitorFactory(line=older, period="Jul 2020", forecast=Decimal(1_000_000))
    blocks = blocks_of(plan, "Budget 2020/21")
    assert sentences(blocks) == ["Not counted, because nobody has forecast it: Other things."]
    assert [row.cells[0].text for row in table(blocks).rows] == ["Care", "Learning (last forecast in July 2020)"]
    assert table(blocks).total.cells[0].text == "Total"


def test_the_forecast_of_two_funds_is_told_apart(plan, care):
    grant = factories.BudgetLineFactory(plan=plan, title="Schools", period="2020/21", fund="schools_grant")
    factories.BudgetMonitorFactory(line=grant, period="Sep 2020", forecast=Decimal(950_000))
    blocks = blocks_of(plan, "Budget 2020/21")
    rows = {row.cells[0].text: row.cells[3].text for row in (*table(blocks).rows, table(blocks).total)}
    assert rows == {
        "Care": "£50,000",
        "Schools (Dedicated Schools Grant)": "−£50,000",
        "General Fund total": "£50,000",
        "Dedicated Schools Grant total": "−£50,000",
    }
    assert sentences(blocks) == ["What one fund leaves over does not pay for the other."]


def test_savings_that_do_not_add_up_are_said_to_count_as_planned_only(plan, analyst):
    year = factories.SavingYearFactory(saving=factories.SavingFactory(plan=plan, ref="S1"), period="2020/21")
    year.delivered, year.is_from_before = Decimal(60_000), True
    history.save(year, by=analyst, reason="As it was.")
    assert sentences(blocks_of(plan, "Savings")) == [
        "These years do not add up, and count as planned only until somebody mends them: S1 2020/21."
    ]
