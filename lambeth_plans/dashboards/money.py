"""Savings and contracts: what is stated line by line, with totals that are computed here."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from lambeth_plans.accounts.guards import reads
from lambeth_plans.charts import Columns, Series, column_chart
from lambeth_plans.dashboards.facts import SavingFact
from lambeth_plans.dashboards.facts.money import stated_sum
from lambeth_plans.dashboards.filters import ContractFilter
from lambeth_plans.dashboards.lists import PAGE_SIZE, shown_of
from lambeth_plans.dashboards.pages import plan_context, visible_state
from lambeth_plans.dashboards.reconciliation import Register, printed_year, reconcile
from lambeth_plans.dashboards.state import PlanState
from lambeth_plans.periods import Period, PeriodKind
from lambeth_plans.rag import plain


@dataclass(frozen=True)
class SavingLine:
    """A saving with its amount for each period of the register; None where none is stated."""

    saving: SavingFact
    amounts: tuple[Decimal | None, ...]


@reads()
def saving_list(request: HttpRequest, plan: str) -> HttpResponse:
    state = visible_state(request, plan)
    years = _printed_years(state)
    context = plan_context(
        state,
        "saving_list",
        ("Savings", ""),
        headings=[f"Delivered {year}" if _is_past(year) else str(year) for year in years],
        lines=[SavingLine(saving, tuple(_amount(saving, year) for year in years)) for saving in state.savings],
        totals=[_total(state, year) for year in years],
        figure=savings_chart(state, years),
        delivery=delivery(state),
        reconciliation=reconcile(state, Register.SAVINGS),
    )
    return render(request, "dashboards/saving_list.html", context)


def _is_past(period: Period) -> bool:
    """Whether a period is all time up to a day: it holds what was delivered, and nobody plans for it."""
    return period.kind is PeriodKind.TO_DATE


def _amount(saving: SavingFact, period: Period) -> Decimal | None:
    return saving.delivered_in(period) if _is_past(period) else saving.planned_in(period)


def _total(state: PlanState, period: Period) -> Decimal | None:
    return _in_year(state, period, "delivered") if _is_past(period) else state.savings_planned_in(period)


def _printed_years(state: PlanState) -> tuple[Period, ...]:
    """The years of the register: those with an amount, and those the document has a column for."""
    printed = {printed_year(total) for total in state.printed_totals if total.register == Register.SAVINGS}
    return tuple(sorted({*state.saving_years, *(printed - {None})}))


def savings_chart(state: PlanState, years: Sequence[Period]) -> Columns:
    """Planned savings by year, beside what was delivered where that is known."""
    planned = Series("Planned", [None if _is_past(year) else state.savings_planned_in(year) for year in years])
    delivered = Series("Delivered", [_in_year(state, year, "delivered") for year in years])
    is_known = any(value is not None for value in delivered.values)
    return column_chart(
        title="Planned and delivered savings by year, £000" if is_known else "Planned savings by year, £000",
        source=state.plan.source_document or state.plan.title,
        categories=[str(year) for year in years],
        series=[planned, delivered] if is_known else [planned],
        show=lambda value: plain((value / 1000).normalize()),
        heading="Year",
    )


def _in_year(state: PlanState, period: Period, column: str) -> Decimal | None:
    """The sum of one column of all savings in a year."""
    years = (year for saving in state.savings for year in saving.years if year.period == period)
    return stated_sum(getattr(year, column) for year in years)


def delivery(state: PlanState) -> list[tuple[Period, Decimal | None, Decimal | None, Decimal | None]]:
    """For each year: planned, delivered and forecast; empty where nothing was delivered or forecast in any."""
    rows = [
        (year, *(_in_year(state, year, column) for column in ("planned", "delivered", "forecast")))
        for year in state.saving_years
    ]
    return rows if any(row[2] is not None or row[3] is not None for row in rows) else []


@reads()
def contract_list(request: HttpRequest, plan: str) -> HttpResponse:
    state = visible_state(request, plan)
    form = ContractFilter(request.GET or None, state.contracts)
    contracts = form.narrowed()
    stated = [contract.annual_value for contract in contracts if contract.annual_value is not None]
    context = plan_context(
        state,
        "contract_list",
        ("Contracts", ""),
        form=form,
        page=Paginator(contracts, PAGE_SIZE).get_page(request.GET.get("page")),
        summary=shown_of(contracts, state.contracts, "contracts"),
        stated=len(stated),
        total=sum(stated, Decimal(0)),
    )
    return render(request, "dashboards/contract_list.html", context)
