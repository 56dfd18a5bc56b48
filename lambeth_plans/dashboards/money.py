"""Contracts: what is stated line by line, with totals that are computed here."""

from decimal import Decimal

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from lambeth_plans.accounts.guards import reads
from lambeth_plans.dashboards.filters import ContractFilter
from lambeth_plans.dashboards.lists import PAGE_SIZE, shown_of
from lambeth_plans.dashboards.pages import plan_context, visible_state


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
