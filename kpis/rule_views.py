"""Setting the target and the rule of some periods: what it would do to past ratings is shown before it is saved."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from kpis import rule_changes
from kpis.actions import set_targets
from kpis.models import Outturn, PlanIndicator, Target
from kpis.rule_forms import RuleForm
from kpis.views import place_of_plan
from lambeth_plans.accounts.access import Permission
from lambeth_plans.accounts.guards import changes
from lambeth_plans.history import StaleRecord
from objectives.registers import register_context, register_page


@changes(Permission.EDIT_REGISTERS)
def target_edit(request: HttpRequest, plan: str, key: str) -> HttpResponse:
    """Without `confirm` it shows what would change; with it, and unless something moved since, it saves."""
    place = place_of_plan(request, plan, key)
    form, context, status = _form(request, place), {}, 200
    if form.is_bound and form.is_valid():
        if "confirm" in request.POST:
            try:
                changed = _save(request, place, form)
            except StaleRecord:
                status = 409
            else:
                messages.success(request, _sentence(place, changed))
                return redirect(register_page(place, "indicator_detail"))
        context = _preview(place, form)
        form.data = form.data.copy()
        form.data["seen"] = context["seen"]
    name = place.code or place.title
    frame = register_context(place, "indicator_detail", name, f"{name}: target and rule")
    return render(
        request, "kpis/target_edit.html", {**frame, **context, "form": form, "moved": status == 409}, status=status
    )


def _form(request: HttpRequest, place: PlanIndicator) -> RuleForm:
    latest = Target.objects.filter(indicator=place.indicator).order_by("-period_start").first()
    data = request.POST if request.method == "POST" else None
    on = place.plan.read_as_at(timezone.localdate())
    return RuleForm(data, indicator=place.indicator, latest=latest, on=on)


def _preview(place: PlanIndicator, form: RuleForm) -> dict[str, object]:
    outturns = list(Outturn.objects.filter(indicator=place.indicator))
    held = {target.period: target for target in Target.objects.filter(indicator=place.indicator)}
    found = rule_changes.effects(place.indicator, outturns, held, form.wanted)
    return {
        "effects": found,
        "sentence": rule_changes.sentence(found),
        "number": len(form.wanted),
        "seen": rule_changes.fingerprint(outturns, held, form.wanted),
    }


def _save(request: HttpRequest, place: PlanIndicator, form: RuleForm) -> int:
    cleaned = form.cleaned_data
    return set_targets(
        indicator=place.indicator,
        wanted=form.wanted,
        seen=cleaned["seen"],
        by=request.user,
        reason=cleaned["reason"],
    )


def _sentence(place: PlanIndicator, changed: int) -> str:
    name = place.code or place.title
    if not changed:
        return f"{name}: every target was so already, so nothing was saved."
    return f"{name}: the target of {changed} {'period' if changed == 1 else 'periods'} is set."
