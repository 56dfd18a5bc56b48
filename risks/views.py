"""Changing a risk and what keeps it down, and its owner's scoring."""

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from lambeth_plans.accounts.access import Permission
from lambeth_plans.accounts.guards import changes
from lambeth_plans.accounts.set_up import form_answer, table_answer
from objectives.registers import register_context, register_page
from risks import actions
from risks.forms import MitigationTable, RescoreForm, RiskForm
from risks.models import Mitigation, Risk, RiskScore
from risks.products import products_table


def _save(request: HttpRequest, form: RiskForm) -> tuple[Risk, RiskScore | None]:
    score, reason = form.new_score, form.cleaned_data["reason"]
    risk = actions.revise_risk(risk=form.instance, score=score, by=request.user, reason=reason, links=form.links())
    return risk, score


def _sentence(saved: tuple[Risk, RiskScore | None]) -> str:
    risk, score = saved
    if score is None:
        return f"{risk} is saved."
    return f"{risk} now has a {score.get_kind_display().lower()} score of {score.score}."


def _risk(risks: QuerySet, plan: str, key: str) -> Risk:
    return get_object_or_404(risks, plan__slug=plan, key=key)


@changes(Permission.EDIT_REGISTERS)
def risk_edit(request: HttpRequest, plan: str, key: str) -> HttpResponse:
    risks = Risk.objects.visible_to(request.user).select_related("plan__council", "matrix", "owner")
    risk = _risk(risks, plan, key)
    return form_answer(
        request,
        make=lambda data: RiskForm(data, instance=risks.get(pk=risk.pk)),
        save=lambda form: _save(request, form),
        sentence=_sentence,
        done=lambda saved: register_page(risk, "risk_detail"),
        context=register_context(risk, "risk_detail", str(risk), f"Change risk {risk}"),
    )


@changes(Permission.EDIT_REGISTERS)
def mitigation_table(request: HttpRequest, plan: str, key: str) -> HttpResponse:
    risk = _risk(Risk.objects.visible_to(request.user).select_related("plan__council"), plan, key)
    context = register_context(risk, "risk_detail", str(risk), f"What keeps risk {risk} down")
    return table_answer(
        request,
        make=lambda data: MitigationTable(
            risk, Mitigation.objects.filter(risk=risk).select_related("activity").order_by("order"), data
        ),
        save=lambda rows, reason: actions.save_mitigations(risk=risk, mitigations=rows, by=request.user, reason=reason),
        context={
            **context,
            "introduction": "A control is in place and works already; a further action is still to be done, and may be "
            "an activity of the plan.",
        },
    )


@changes(Permission.REPORT_PROGRESS)
def risk_score(request: HttpRequest, plan: str, key: str) -> HttpResponse:
    """The owner's scoring: what each step means, what it was, and what every product is."""
    risks = Risk.objects.answerable_to(request.user).scorable().select_related("plan__council", "matrix", "owner")
    risk = _risk(risks, plan, key)
    return form_answer(
        request,
        make=lambda data: RescoreForm(data, instance=risks.get(pk=risk.pk)),
        save=lambda form: actions.score_risk(
            risk=form.instance,
            score=form.new_score,
            seen=actions.mark_of(form.now),
            by=request.user,
            reason=form.cleaned_data["reason"],
        ),
        sentence=lambda score: f"{risk} now scores {score.score}.",
        done=lambda saved: register_page(risk, "risk_detail"),
        context={
            **register_context(risk, "risk_detail", str(risk), f"Score risk {risk}"),
            "beside": "risks/_products.html",
            "products": products_table(risk),
            "risk": risk,
        },
    )
