"""The risk register of a plan with its map, and the page of one risk."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from finance.models import Contract, Saving
from kpis.models import PlanIndicator
from lambeth_plans.accounts.access import Permission, may
from lambeth_plans.accounts.guards import reads
from lambeth_plans.dashboards.facts import RiskFact
from lambeth_plans.dashboards.lists import PAGE_SIZE, shown_of
from lambeth_plans.dashboards.pages import found, plan_context, visible_state
from lambeth_plans.dashboards.risk_lines import (
    RiskFilter,
    RiskLine,
    counted,
    exceptions,
    risk_lines,
    risk_maps,
    score_charts,
)
from lambeth_plans.dashboards.state import PlanState
from lambeth_plans.dashboards.trail import Entry, newest_first, trail
from objectives.models import DataQualityNote, Objective, Plan
from risks.models import Mitigation, Risk, RiskMatrix, RiskScore
from risks.scoring import earlier

Kind = DataQualityNote.RecordKind
#: What a risk threatens, beside objectives: its field, the kind of record, its page, and what a page calls them.
LINKED = (
    ("indicators", PlanIndicator, Kind.INDICATOR, "indicator_detail", "Indicators it may hurt"),
    ("savings", Saving, Kind.SAVING, "saving_detail", "Savings it may hurt"),
    ("contracts", Contract, Kind.CONTRACT, "contract_detail", "Contracts it is about"),
)


@reads()
def risk_list(request: HttpRequest, plan: str) -> HttpResponse:
    state = visible_state(request, plan)
    lines = risk_lines(state)
    form = RiskFilter(request.GET or None, lines)
    shown = form.in_order()
    context = plan_context(
        state,
        "risk_list",
        ("Risks", ""),
        form=form,
        page=Paginator(shown, PAGE_SIZE).get_page(request.GET.get("page")),
        summary=shown_of(shown, state.risks, "risks"),
        has_ratings=any(risk.current and risk.current.rag for risk in state.risks),
        maps=risk_maps(state),
        beside=[line for line in lines if not line.risk.is_on_the_map],
        exceptions=exceptions(lines),
        counted=counted(lines),
        others=state.risks_of_others,
        may_edit=_replacements(request, state),
    )
    return render(request, "dashboards/risk_list.html", context)


def _replacements(request: HttpRequest, state: PlanState) -> list[RiskMatrix]:
    """The agreed matrices on which an analyst may score the plan's risks that are on an edition before, or on none.
    One query, and only where there are risks."""
    if not may(request.user, Permission.EDIT_REGISTERS) or state.plan.status not in (
        Plan.Status.CURRENT,
        Plan.Status.DRAFT,
    ):
        return []
    on = {risk.matrix_id for risk in state.risks}
    if not on:
        return []
    matrices = RiskMatrix.objects.filter(council_id=state.plan.council_id).order_by("name", "edition")
    before = {each.pk: each.replaces_id for each in matrices}
    agreed = [each for each in matrices if each.is_agreed]
    replaced = {each.replaces_id for each in agreed}
    return [each for each in agreed if each.pk not in replaced and on & ({None} | earlier(each.pk, before))]


@reads()
def risk_detail(request: HttpRequest, plan: str, key: str) -> HttpResponse:
    state = visible_state(request, plan)
    risk = found(state.risks, key)
    answers = state.answers.get(risk.id, ())
    context = plan_context(
        state,
        "risk_list",
        (risk.name, ""),
        risk=risk,
        line=RiskLine(risk, answers),
        controls=[each for each in answers if each.mitigation.kind == Mitigation.Kind.CONTROL],
        actions=[each for each in answers if each.mitigation.kind == Mitigation.Kind.ACTION],
        mitigations=[each for each in answers if not each.mitigation.kind],
        objectives=[o for pk, o in state.objectives.items() if pk in state.linked(Risk, "objectives", risk.id)],
        linked=_linked(state, risk),
        further_plans=state.plans_named(state.linked(Risk, "plans", risk.id)),
        charts=[chart for _, chart in score_charts(state, risk)],
        may_edit=may(request.user, Permission.EDIT_REGISTERS),
        may_ask=may(request.user, Permission.ASK_QUESTIONS),
        may_report=_may_score(request, risk),
        entries=newest_first(*_trails(state, risk)),
    )
    return render(request, "details/risk.html", context)


def _linked(state: PlanState, risk: RiskFact) -> list[tuple[str, str, list]]:
    """Headings with the page of each record and its names; only those that the risk names."""
    found_ones = (
        (heading, page, state.named(kind, pks))
        for field, _, kind, page, heading in LINKED
        if (pks := state.linked(Risk, field, risk.id))
    )
    return [each for each in found_ones if each[2]]


def _may_score(request: HttpRequest, risk: RiskFact) -> bool:
    if not may(request.user, Permission.REPORT_PROGRESS) or risk.owner is None:
        return False
    return Risk.objects.answerable_to(request.user).scorable().filter(pk=risk.id).exists()


def _trails(state: PlanState, risk: RiskFact) -> tuple[list[Entry], list[Entry]]:
    names = {"owner": state.officers, "objectives": state.names(Objective)}
    names |= {field: state.names_by_id(kind) for field, _, kind, _, _ in LINKED}
    return (
        trail(Risk, lambda row: "", names, until=state.at, id=risk.id),
        trail(
            RiskScore,
            lambda row: f"{row.get_kind_display()} score",
            added=_score_added,
            until=state.at,
            risk_id=risk.id,
        ),
    )


def _score_added(row: RiskScore) -> str:
    by = f", to be reached by {row.due_date}" if row.due_date else ""
    return f"{row.get_kind_display()} score {row.score_as_stated or row.score}{by}."
