"""The reminders that went out, for administrators: to whom, when, what for, what went wrong, and once more."""

from datetime import date

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format

from lambeth_plans.accounts.access import Permission
from lambeth_plans.accounts.guards import changes, reads
from lambeth_plans.accounts.models import User
from lambeth_plans.accounts.set_up import breadcrumbs
from lambeth_plans.cycles.models import ContractReminder, Reminder, ReminderDigest
from lambeth_plans.cycles.sending_again import NotSentAgain, send_again
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


@changes(Permission.MANAGE_PEOPLE, methods=("POST",))
def reminder_send_again(request: HttpRequest, username: str, day: str) -> HttpResponse:
    """An e-mail goes by its person and its day. Pressed twice, the second finds it moved to today, or waiting."""
    try:
        its_day = date.fromisoformat(day)
    except ValueError as error:
        raise Http404("There is no such day.") from error
    person = get_object_or_404(User.objects.visible_to(request.user), username=username)
    digest = ReminderDigest.objects.visible_to(request.user).filter(person=person, day_date=its_day).first()
    try:
        if digest is None:
            raise NotSentAgain(f"No e-mail to {person} is of {date_format(its_day, 'j F Y')} any more.")
        waiting = send_again(digest=digest, by=request.user)
    except NotSentAgain as refusal:
        messages.warning(request, str(refusal))
    else:
        due = timezone.localtime(waiting.due_at)
        when = "as soon as a worker takes it up" if due <= timezone.now() else f"on {date_format(due, 'j F Y, H:i')}"
        messages.success(request, f"The e-mail to {waiting.person} is sent again {when}.")
    return redirect("reminder_list")
