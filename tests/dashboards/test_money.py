from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from tests import factories

pytestmark = pytest.mark.django_db


def test_savings_stand_by_year_in_thousands_with_computed_totals(read, plan):
    first = factories.SavingFactory(plan=plan, ref="S1", base_budget=Decimal(7_668_000))
    second = factories.SavingFactory(plan=plan, ref="S2", base_budget=None, base_budget_as_stated="TBC")
    factories.SavingYearFactory(saving=first, period="2020/21", planned=Decimal(380_000))
    factories.SavingYearFactory(saving=first, period="2021/22", planned=Decimal(0))
    factories.SavingYearFactory(saving=second, period="2021/22", planned=Decimal(225_500))
    response = read("saving_list")
    assert response.context["headings"] == ["2020/21", "2021/22"]
    assert [line.amounts for line in response.context["lines"]] == [(380_000, 0), (None, 225_500)]
    assert response.context["totals"] == [380_000, 225_500]
    html = response.content.decode()
    assert "605.5" in html
    assert "Printed as “TBC”" in html


def test_a_year_that_is_printed_without_any_amount_has_its_column(read, plan):
    factories.SavingYearFactory(saving=factories.SavingFactory(plan=plan), period="2020/21")
    factories.PrintedTotalFactory(plan=plan, measure="2023/24", amount=Decimal(0))
    response = read("saving_list")
    assert response.context["headings"] == ["2020/21", "2023/24"]
    assert response.context["totals"][1] == 0
    assert response.context["reconciliation"].all_agree


def test_delivery_is_shown_only_where_something_was_delivered_or_forecast(read, plan):
    saving = factories.SavingFactory(plan=plan)
    factories.SavingYearFactory(saving=saving, period="2020/21", planned=Decimal(900_000))
    response = read("saving_list")
    assert response.context["delivery"] == []
    assert response.context["figure"].title == "Planned savings by year, £000"
    factories.SavingYearFactory(saving=saving, period="2021/22", planned=Decimal(5), delivered=Decimal(5))
    response = read("saving_list")
    assert [group.sum_of("delivered") for group in response.context["delivery"]] == [None, 5]
    assert "delivered" in response.context["figure"].title


def test_what_a_document_sums_up_to_its_day_is_delivered_and_not_planned(read, plan):
    saving = factories.SavingFactory(plan=plan, ref="7.8")
    made = Decimal(1_600_000)
    factories.SavingYearFactory(saving=saving, period="to 30 Jan 2018", planned=None, delivered=made)
    factories.SavingYearFactory(saving=saving, period="after 30 Jan 2018", planned=Decimal(500_000))
    response = read("saving_list")
    assert response.context["headings"] == ["Delivered to 30 Jan 2018", "after 30 Jan 2018"]
    (line,) = response.context["lines"]
    assert list(line.amounts) == response.context["totals"] == [made, Decimal(500_000)]
    assert line.saving.planned_total == Decimal(500_000)
    assert len(response.context["figure"].drawn) == 2  # no column of nothing planned up to that day


def test_a_printed_total_that_differs_is_open_on_the_page(read, plan):
    factories.SavingYearFactory(saving=factories.SavingFactory(plan=plan), period="2020/21", planned=Decimal(1000))
    factories.PrintedTotalFactory(plan=plan, measure="total", amount=Decimal(3000))
    html = read("saving_list").content.decode()
    assert "The one total the document prints here differs from the computed one." in html
    assert '<details class="govuk-details" open>' in html
    assert "<strong>£2,000</strong>" in html


@pytest.mark.parametrize(
    ("days", "words"),
    [(-1, "Ended"), (0, "Ends within 12 months"), (365, "Ends within 12 months"), (366, "Running")],
)
def test_a_contract_stands_where_it_is_today(read, plan, days, words):
    factories.ContractFactory(plan=plan, end_date=timezone.localdate() + timedelta(days=days))
    (contract,) = read("contract_list").context["page"]
    assert contract.status.words == words


def test_a_contract_that_begins_later_is_not_running(read, plan):
    tomorrow = timezone.localdate() + timedelta(days=1)
    factories.ContractFactory(plan=plan, start_date=tomorrow, end_date=None)
    factories.ContractFactory(plan=plan, start_date=tomorrow, end_date=tomorrow + timedelta(days=900))
    factories.ContractFactory(plan=plan, start_date=f"{tomorrow.year}", end_date=None)
    words = [contract.status.words for contract in read("contract_list").context["page"]]
    assert words == ["Not started", "Not started", "End date not stated"]


def test_savings_without_a_stated_amount_are_not_nothing(read, plan):
    factories.SavingYearFactory(saving=factories.SavingFactory(plan=plan, base_budget=None), planned=None)
    state = read("saving_list").context["state"]
    assert (state.savings[0].planned_total, state.savings_planned, state.savings_base) == (None, None, None)
    assert "not stated" in read("plan_dashboard").content.decode().partition("savings planned")[0][-200:]


def test_nothing_of_a_closed_plan_is_about_to_end(reader, borough):
    plan = factories.PlanFactory(council=borough, status="closed", around=date(2020, 9, 15))
    for end in ("30 November 2020", "31 March 2021", "October 2021"):
        factories.ContractFactory(plan=plan, end_date=end)
    page = reader.get(reverse("contract_list", args=[plan.slug])).context["page"]
    assert [contract.status.words for contract in page] == ["Ended", "Running", "Running"]


def test_a_value_stands_as_it_was_understood_and_as_it_is_printed(read, plan):
    factories.ContractFactory(plan=plan, annual_value=Decimal(10_000_000), annual_value_as_stated="c.£10,000,000")
    factories.ContractFactory(plan=plan, annual_value=Decimal(450_000), annual_value_as_stated="£450,000")
    factories.ContractFactory(plan=plan, end_date_as_stated="N/A")
    html = read("contract_list").content.decode()
    assert "Printed as “c.£10,000,000”" in html
    assert "Printed as “£450,000”" not in html
    assert "Printed as “N/A”" in html
    assert "2 of them state an annual value, £10,450,000 together" in html


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
