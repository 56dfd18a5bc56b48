"""Changing a saving: what it is, and what it brings in each year."""

from django.contrib import messages
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from finance.actions import revise_saving
from finance.models import Saving, SavingYear
from finance.saving_forms import SavingForm, SavingTable
from lambeth_plans import history
from lambeth_plans.accounts.access import Permission
from lambeth_plans.accounts.guards import changes
from lambeth_plans.accounts.set_up import form_answer
from lambeth_plans.history import StaleRecord
from objectives.registers import register_context, register_page


def _saving(request: HttpRequest, plan: str, key: str) -> Saving:
    savings = Saving.objects.visible_to(request.user).select_related("plan__council", "owner", "division")
    return get_object_or_404(savings, plan__slug=plan, key=key)


@changes(Permission.EDIT_REGISTERS)
def saving_edit(request: HttpRequest, plan: str, key: str) -> HttpResponse:
    """The amounts of every year; `saving_revise` is for the rest."""
    saving = _saving(request, plan, key)
    table = SavingTable(saving, request.POST if request.method == "POST" else None)
    if table.is_valid():
        try:
            years = revise_saving(years=[year for year, _ in table.changed], by=request.user, reason=table.why)
        except StaleRecord:
            table = SavingTable(saving, request.POST)  # now it sees who was first
        except IntegrityError:  # two people added the same year at the same moment
            table.refused = "Somebody has just added this year. Look at theirs first, then save what is missing."
        else:
            messages.success(request, _sentence(saving, years))
            return redirect(register_page(saving, "saving_detail"))
    return _years_page(request, saving, table)


def _years_page(request: HttpRequest, saving: Saving, table: SavingTable) -> HttpResponse:
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
def saving_revise(request: HttpRequest, plan: str, key: str) -> HttpResponse:
    """The saving itself: owner, division, kind, what delivers it and what it may hurt."""
    saving = _saving(request, plan, key)
    savings = Saving.objects.select_related("plan__council", "owner", "division")
    return form_answer(
        request,
        make=lambda data: SavingForm(data, instance=savings.get(pk=saving.pk)),
        save=lambda form: history.save(
            form.instance, by=request.user, reason=form.cleaned_data["reason"], links=form.links()
        ),
        sentence=lambda saved: f"{saved} is saved.",
        done=lambda saved: register_page(saving, "saving_detail"),
        context=register_context(saving, "saving_detail", str(saving), f"Change saving: {saving}"),
    )
