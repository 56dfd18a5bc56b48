from decimal import Decimal

import pytest

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
    assert response.context["totals"] == [100_000, None]
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


def test_savings_without_a_stated_amount_are_not_nothing(read, plan):
    factories.SavingYearFactory(saving=factories.SavingFactory(plan=plan, base_budget=None), planned=None)
    state = read("saving_list").context["state"]
    assert (state.savings[0].planned_total, state.savings_planned, state.savings_base) == (None, None, None)
    assert "not stated" in read("plan_dashboard").content.decode().partition("savings planned")[0][-200:]
