"""Set-up pages of what happens once in a while: somebody hands over, a plan begins a new year."""

from django.contrib import messages
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from lambeth_plans.accounts.access import Permission
from lambeth_plans.accounts.actions import free_key
from lambeth_plans.accounts.guards import changes
from lambeth_plans.accounts.models import Officer
from lambeth_plans.accounts.set_up import breadcrumbs
from lambeth_plans.cycles import hand_over as handing
from lambeth_plans.cycles import roll_forward as rolling
from lambeth_plans.cycles.forms import HandOverForm, RollForwardForm
from objectives.models import Plan
from objectives.views import plan_context, plan_to_set_up


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


@changes(Permission.SET_UP_PLANS)
def roll_forward(request: HttpRequest, slug: str) -> HttpResponse:
    """Fills in, shows what would go along, and makes the next plan once that is confirmed."""
    plan = plan_to_set_up(request, slug)
    form = RollForwardForm(plan, request.POST if request.method == "POST" else None)
    is_stale = form.is_stale
    is_ready = form.is_bound and form.is_valid() and not is_stale
    if is_ready and "confirm" in request.POST:
        try:
            new = _roll_forward(form, request)
        except IntegrityError:  # somebody has just made a plan of this name, or a target for this year
            form.add_error(None, "Somebody has just added the same. Look at theirs first, then go on.")
            is_ready = False
        else:
            messages.success(request, f"{new} is added as a draft that follows {plan}.")
            return redirect("plan_edit", new.slug)
    if is_stale:
        form.open_on_newest()
    context = plan_context(plan, "roll_forward", f"Roll {plan} forward") | {
        "form": form,
        "plan_to_roll": plan,
        "is_stale": is_stale,
        "is_ready": is_ready,
        "period": rolling.target_period(form.cleaned_data["start_date"] if is_ready else rolling.next_dates(plan)[0]),
        "followed_by": list(plan.followed_by.all()),
    }
    return render(request, "cycles/roll_forward.html", context, status=409 if is_stale else 200)


def _roll_forward(form: RollForwardForm, request: HttpRequest) -> Plan:
    answers = form.cleaned_data
    taken = set(Plan.objects.values_list("slug", flat=True)) | {"new"}
    stem = f"{form.plan.council.slug}-{answers['title']}"
    if not any(character.isdecimal() for character in answers["title"]):
        stem += f"-{answers['start_date'].year}"  # plans of one title are told apart by their year
    return rolling.roll_forward(
        plan=form.plan,
        slug=free_key(stem, taken, otherwise="plan"),
        title=answers["title"],
        start_date=answers["start_date"],
        end_date=answers["end_date"],
        carry=form.carry,
        targets=form.targets,
        by=request.user,
        reason=answers["reason"],
    )
