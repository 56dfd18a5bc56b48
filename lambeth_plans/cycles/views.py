"""Set-up pages of what happens once in a while: somebody hands over, a plan begins a new year."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from lambeth_plans.accounts.access import Permission
from lambeth_plans.accounts.guards import changes
from lambeth_plans.accounts.models import Officer
from lambeth_plans.accounts.set_up import breadcrumbs
from lambeth_plans.cycles import hand_over as handing
from lambeth_plans.cycles.forms import HandOverForm


@changes(Permission.MANAGE_PEOPLE)
def hand_over(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Fills in, shows what would be handed over, and hands over once that is confirmed."""
    officers = Officer.objects.visible_to(request.user).select_related("council")
    leaver = get_object_or_404(officers, council__slug=slug, key=key)
    form = HandOverForm(leaver, request.POST if request.method == "POST" else None)
    is_ready = form.is_bound and form.is_valid() and not form.is_stale
    if is_ready and "confirm" in request.POST:
        try:
            changed = _hand_over(form, request)
        except handing.StaleItems:
            form = HandOverForm(officers.get(pk=leaver.pk), request.POST)  # now it sees who was first
            form.full_clean()
            is_ready = False
        else:
            messages.success(request, _sentence(form, changed))
            return redirect("officer_detail", slug, key)
    return render(
        request,
        "cycles/hand_over.html",
        _context(leaver, form, is_ready),
        status=409 if form.is_stale else 200,
    )


def _hand_over(form: HandOverForm, request: HttpRequest) -> list:
    answers = form.cleaned_data
    return handing.hand_over(
        leaver=form.leaver,
        successor=answers["successor"],
        items=form.chosen,
        left_date=answers.get("left_date"),
        by=request.user,
        reason=answers["reason"],
    )


def _sentence(form: HandOverForm, changed: list) -> str:
    if not form.chosen:
        return f"{form.leaver} has left. Nothing was handed over."
    handed = ", ".join(handing.in_words(form.chosen))
    return f"Handed over from {form.leaver} to {form.cleaned_data['successor']}: {handed}."


def _context(leaver: Officer, form: HandOverForm, is_ready: bool) -> dict[str, object]:
    people = f"People of {leaver.council}"
    return {
        "council": leaver.council,
        "leaver": leaver,
        "form": form,
        "counts": handing.in_words(form.chosen),
        "staying": handing.in_words([item for item in form.items if item not in form.chosen]),
        "successor": form.cleaned_data["successor"] if is_ready else None,
        "stale": [(item, item.record.history.order_by("-history_id").first()) for item in form.stale]
        if form.is_stale
        else [],
        "breadcrumbs": breadcrumbs(
            (people, reverse("officer_table", args=[leaver.council.slug])),
            (leaver.name, reverse("officer_edit", args=[leaver.council.slug, leaver.key])),
            ("Hand over", ""),
        ),
    }
