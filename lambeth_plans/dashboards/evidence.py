"""Evidence that stands beside the figures: audits, what families and staff say, "you said, we did"."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from activities.models import Activity, Evidence, EvidenceFile
from lambeth_plans.accounts.access import Permission, may
from lambeth_plans.accounts.guards import reads
from lambeth_plans.dashboards.facts import EvidenceFact
from lambeth_plans.dashboards.filters import EvidenceFilter
from lambeth_plans.dashboards.lists import PAGE_SIZE, shown_of
from lambeth_plans.dashboards.pages import found, plan_context, visible_state
from lambeth_plans.dashboards.trail import newest_first, trail
from objectives.models import Finding, Objective


@reads()
def evidence_list(request: HttpRequest, plan: str) -> HttpResponse:
    state = visible_state(request, plan)
    form = EvidenceFilter(request.GET or None, state.evidence)
    evidence = latest_first(form.narrowed())
    context = plan_context(
        state,
        "evidence_list",
        ("Evidence", ""),
        form=form,
        page=Paginator(evidence, PAGE_SIZE).get_page(request.GET.get("page")),
        summary=shown_of(evidence, state.evidence, "entries"),
        total=len(state.evidence),
        findings=state.names(Finding),
        objectives=state.names(Objective),
        activities=state.names(Activity),
        may_edit=may(request.user, Permission.EDIT_REGISTERS),
    )
    return render(request, "dashboards/evidence_list.html", context)


def latest_first(evidence: list[EvidenceFact]) -> list[EvidenceFact]:
    """What has no date comes last."""
    return sorted(evidence, key=lambda each: each.evidence_date.iso if each.evidence_date else "", reverse=True)


@reads()
def evidence_detail(request: HttpRequest, plan: str, key: str) -> HttpResponse:
    state = visible_state(request, plan)
    evidence = found(state.evidence, key)
    findings, objectives, activities = state.names(Finding), state.names(Objective), state.names(Activity)
    names = {"findings": findings, "objectives": objectives, "activities": activities}
    context = plan_context(
        state,
        "evidence_list",
        (evidence.title, ""),
        evidence=evidence,
        findings=[name for pk, name in findings.items() if pk in evidence.finding_ids],
        objectives=[name for pk, name in objectives.items() if pk in evidence.objective_ids],
        activities=[name for pk, name in activities.items() if pk in evidence.activity_ids],
        may_edit=may(request.user, Permission.EDIT_REGISTERS),
        entries=newest_first(
            trail(Evidence, lambda row: "", names, until=state.at, id=evidence.id),
            trail(
                EvidenceFile,
                lambda row: f"File {row.number}",
                is_closed=lambda row: not state.opens_file(row.id),
                until=state.at,
                evidence_id=evidence.id,
            ),
        ),
    )
    return render(request, "details/evidence.html", context)
