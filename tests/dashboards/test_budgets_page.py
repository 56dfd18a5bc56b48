from decimal import Decimal

import pytest

from tests import factories

pytestmark = pytest.mark.django_db


def test_the_budget_adds_up_the_general_fund_and_everything(read, plan):
    factories.BudgetLineFactory(plan=plan, title="Care", order=1)
    factories.BudgetLineFactory(plan=plan, title="Schools", order=2, fund="schools_grant")
    factories.BudgetLineFactory(plan=plan, title="Learning", order=3)
    response = read("budget")
    (year,) = response.context["years"]
    rows = year.rows
    assert [row.title for row in rows] == ["Care", "Learning", "General Fund total", "Schools", "Grand total"]
    assert rows[2].amounts == (1_600_000, 800_000, 2_400_000, -300_000, -100_000, -400_000, 2_000_000)
    assert rows[4].amounts[-1] == 3_000_000
    assert "−300,000" in response.content.decode()


def test_each_year_has_its_own_budget(read, plan):
    for year in ("2020/21", "2021/22"):
        factories.BudgetLineFactory(plan=plan, period=year)
    assert [str(year.period) for year in read("budget").context["years"]] == ["2020/21", "2021/22"]


def test_a_note_on_a_line_of_the_budget_names_the_line(read, plan):
    line = factories.BudgetLineFactory(plan=plan, title="Care")
    factories.DataQualityNoteFactory(
        plan=plan, record_kind="budget_line", record_key=line.key, field="employee expenses", printed="20,440,00"
    )
    html = read("budget").content.decode()
    assert "Care: employee expenses" in html
    assert "“20,440,00”" in html


def test_an_amount_stands_over_its_parts_and_says_what_they_leave_over(read, plan):
    whole = factories.BudgetFigureFactory(
        plan=plan, key="overspend", amount=Decimal(5_700_000), period_as_stated="2018/19"
    )
    for key, amount in (("placements", 3_000_000), ("staff", 2_000_000)):
        factories.BudgetFigureFactory(plan=plan, key=key, amount=Decimal(amount), parent=whole)
    response = read("budget")
    assert [(row.figure.key, row.depth) for row in response.context["figures"]] == [
        ("overspend", 0),
        ("placements", 1),
        ("staff", 1),
    ]
    html = response.content.decode()
    assert "Parts add up to £5,000,000, computed" in html
    assert "Not broken down: £700,000" in html


def test_parts_that_are_a_range_are_not_added_up(read, plan):
    whole = factories.BudgetFigureFactory(plan=plan, amount=Decimal(400_000))
    factories.BudgetFigureFactory(plan=plan, parent=whole, amount=Decimal(300_000), upper_amount=Decimal(400_000))
    html = read("budget").content.decode()
    assert "£300,000 to £400,000" in html
    assert "add up to" not in html
    assert "Not broken down" not in html


def test_parts_that_come_to_more_than_their_whole_say_by_how_much(read, plan):
    whole = factories.BudgetFigureFactory(plan=plan, amount=Decimal(100))
    factories.BudgetFigureFactory(plan=plan, parent=whole, amount=Decimal(130))
    assert "The parts come to £30 more" in read("budget").content.decode()
