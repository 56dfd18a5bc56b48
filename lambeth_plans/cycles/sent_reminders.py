"""The reminders that went out, for administrators: to whom, when, what for, and what went wrong."""

from django import forms
from django.core.paginator import Paginator
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from lambeth_plans.accounts.access import Permission
from lambeth_plans.accounts.guards import reads
from lambeth_plans.accounts.set_up import breadcrumbs
from lambeth_plans.cycles.models import ContractReminder, Reminder, ReminderDigest
from lambeth_plans.forms import FilterForm

PAGE_SIZE = 50


class ReminderFilter(FilterForm):
    person = forms.CharField(label="Name contains", max_length=150, required=False)
    state = forms.ChoiceField(choices=[("", "All"), *ReminderDigest.State.choices], required=False)

    def narrowed(self, digests: QuerySet) -> QuerySet:
        """What cannot be understood narrows nothing."""
        chosen = self.cleaned_data if self.is_valid() else {}
        if chosen.get("person"):
            digests = digests.filter(person__name__icontains=chosen["person"])
        if chosen.get("state"):
            digests = digests.filter(state=chosen["state"])
        return digests


@reads(Permission.MANAGE_PEOPLE)
def reminder_list(request: HttpRequest) -> HttpResponse:
    reminders = Reminder.objects.visible_to(request.user).select_related("reporting_round__plan").order_by("pk")
    digests = ReminderDigest.objects.visible_to(request.user).select_related("person").defer("text")
    contracts = ContractReminder.objects.visible_to(request.user).select_related("contract__plan").order_by("pk")
    form = ReminderFilter(request.GET or None)
    narrowed = form.narrowed(digests).prefetch_related(
        Prefetch("reminders", reminders, to_attr="shown"),
        Prefetch("contract_reminders", contracts, to_attr="contracts_shown"),
    )
    page = Paginator(narrowed, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "breadcrumbs": breadcrumbs(("Reminders sent", ""))}
    return render(request, "cycles/reminder_list.html", context)
