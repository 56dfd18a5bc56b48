"""Changing what a saving brings, and a contract."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from finance.actions import revise_saving
from finance.contract_forms import ContractForm
from finance.forms import SavingTable
from finance.models import Contract, Saving, SavingYear
from lambeth_plans import history
from lambeth_plans.accounts.access import Permission
from lambeth_plans.accounts.guards import changes
from lambeth_plans.accounts.set_up import form_answer
from lambeth_plans.history import StaleRecord
from objectives.registers import register_context, register_page


@changes(Permission.EDIT_REGISTERS)
def saving_edit(request: HttpRequest, plan: str, key: str) -> HttpResponse:
    savings = Saving.objects.visible_to(request.user).select_related("plan__council")
    saving = get_object_or_404(savings, plan__slug=plan, key=key)
    table = SavingTable(saving, request.POST if request.method == "POST" else None)
    if table.is_valid():
        try:
            years = revise_saving(years=[year for year, _ in table.changed], by=request.user, reason=table.why)
        except StaleRecord:
            table = SavingTable(saving, request.POST)  # now it sees who was first
        else:
            messages.success(request, _sentence(saving, years))
            return redirect(register_page(saving, "saving_detail"))
    clashing = table.clashing
    table.open_on_newest()
    context = register_context(saving, "saving_detail", str(saving), f"Change the amounts of {saving}")
    context |= {"saving": saving, "table": table, "form": table, "clashing": clashing}
    return render(request, "finance/saving_edit.html", context, status=409 if clashing else 200)


def _sentence(saving: Saving, years: list[SavingYear]) -> str:
    if not years:
        return "Nothing was changed, so nothing was saved."
    labels = " and ".join(year.period.label for year in years)
    return f"{saving} is saved for {labels}."


@changes(Permission.EDIT_REGISTERS)
def contract_edit(request: HttpRequest, plan: str, key: str) -> HttpResponse:
    contracts = Contract.objects.visible_to(request.user).select_related(
        "plan__council", "supplier", "director", "division"
    )
    contract = get_object_or_404(contracts, plan__slug=plan, key=key)
    return form_answer(
        request,
        make=lambda data: ContractForm(data, instance=contracts.get(pk=contract.pk)),
        save=lambda form: history.save(
            form.instance, by=request.user, reason=form.cleaned_data["reason"], links=form.links()
        ),
        sentence=lambda saved: f"{saved} is saved.",
        done=lambda saved: register_page(contract, "contract_detail"),
        context=register_context(contract, "contract_detail", str(contract), f"Change contract: {contract}"),
    )
