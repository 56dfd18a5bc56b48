"""Changing a contract."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from finance.contract_forms import ContractForm
from finance.models import Contract
from lambeth_plans import history
from lambeth_plans.accounts.access import Permission
from lambeth_plans.accounts.guards import changes
from lambeth_plans.accounts.set_up import form_answer
from objectives.registers import register_context, register_page


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
