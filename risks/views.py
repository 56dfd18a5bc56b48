"""Changing a risk."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from lambeth_plans.accounts.access import Permission
from lambeth_plans.accounts.guards import changes
from lambeth_plans.accounts.set_up import form_answer
from objectives.registers import register_context, register_page
from risks.actions import revise_risk
from risks.forms import RiskForm
from risks.models import Risk, RiskScore


def _save(request: HttpRequest, form: RiskForm) -> tuple[Risk, RiskScore | None]:
    score = form.new_score
    return revise_risk(risk=form.instance, score=score, by=request.user, reason=form.cleaned_data["reason"]), score


def _sentence(saved: tuple[Risk, RiskScore | None]) -> str:
    risk, score = saved
    if score is None:
        return f"{risk} is saved."
    return f"{risk} now has a {score.get_kind_display().lower()} score of {score.score}."


@changes(Permission.EDIT_REGISTERS)
def risk_edit(request: HttpRequest, plan: str, key: str) -> HttpResponse:
    risks = Risk.objects.visible_to(request.user).select_related("plan__council", "matrix", "owner")
    risk = get_object_or_404(risks, plan__slug=plan, key=key)
    return form_answer(
        request,
        make=lambda data: RiskForm(data, instance=risks.get(pk=risk.pk)),
        save=lambda form: _save(request, form),
        sentence=_sentence,
        done=lambda saved: register_page(risk, "risk_detail"),
        context=register_context(risk, "risk_detail", str(risk), f"Change risk {risk}"),
    )
