"""Changing a line of the budget, and what it is expected to come to."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from finance.budget_actions import forecast_budget, revise_budget_line
from finance.budget_forms import BudgetLineForm, ForecastTable
from finance.models import BudgetLine
from lambeth_plans.accounts.access import Permission
from lambeth_plans.accounts.guards import changes
from lambeth_plans.accounts.models import User
from lambeth_plans.accounts.set_up import form_answer
from lambeth_plans.history import StaleRecord
from objectives.registers import part_context


def _line(user: User, plan: str, key: str) -> BudgetLine:
    lines = BudgetLine.objects.visible_to(user).select_related("plan__council")
    return get_object_or_404(lines, plan__slug=plan, key=key)


def _page(line: BudgetLine) -> str:
    return f"{reverse('budget', args=[line.plan.slug])}#{line.key}"


@changes(Permission.EDIT_REGISTERS)
def budget_edit(request: HttpRequest, plan: str, key: str) -> HttpResponse:
    line = _line(request.user, plan, key)
    return form_answer(
        request,
        make=lambda data: BudgetLineForm(data, instance=_line(request.user, plan, key)),
        save=lambda form: revise_budget_line(line=form.instance, by=request.user, reason=form.cleaned_data["reason"]),
        sentence=lambda saved: f"{saved} is saved.",
        done=_page,
        context=part_context(line.plan, _page(line), "Budget", f"Change the budget of {line}"),
    )


@changes(Permission.EDIT_REGISTERS)
def forecast_edit(request: HttpRequest, plan: str, key: str) -> HttpResponse:
    line = _line(request.user, plan, key)
    today = line.plan.read_as_at(timezone.localdate())
    table = ForecastTable(line, today, request.POST if request.method == "POST" else None)
    if table.is_valid():
        try:
            monitors = [monitor for monitor, _ in table.changed]
            saved = forecast_budget(monitors=monitors, by=request.user, reason=table.why)
        except (StaleRecord, IntegrityError):
            table = ForecastTable(_line(request.user, plan, key), today, request.POST)  # now it sees who was first
        except ValidationError as error:  # the budget was changed meanwhile
            table = ForecastTable(_line(request.user, plan, key), today, request.POST)
            if table.is_valid():
                messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, table.saved_sentence(saved))
            return redirect(_page(line))
    clashing = table.clashing
    table.open_on_newest()
    context = part_context(line.plan, _page(line), "Budget", f"What {line} is expected to come to")
    context |= {"line": line, "table": table, "form": table, "clashing": clashing}
    return render(request, "finance/forecast_edit.html", context, status=409 if clashing else 200)
