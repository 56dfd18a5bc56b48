"""What a member may ask about or follow up: a plan, or a record of it that has its own page."""

from dataclasses import dataclass

from django.http import Http404
from django.urls import reverse

from lambeth_plans.dashboards.state import PlanState
from objectives.models import DataQualityNote

Kind = DataQualityNote.RecordKind

#: The page of each kind of record.
PAGES = {
    Kind.OBJECTIVE.value: "objective_detail",
    Kind.ACTIVITY.value: "activity_detail",
    Kind.INDICATOR.value: "indicator_detail",
    Kind.RISK.value: "risk_detail",
    Kind.SAVING.value: "saving_detail",
    Kind.CONTRACT.value: "contract_detail",
    Kind.FINDING.value: "finding_detail",
}


@dataclass(frozen=True)
class Subject:
    """A plan or a record of it: what it is called there, and where it is seen."""

    kind: str
    key: str
    name: str
    url: str


def subject_url(slug: str, kind: str, key: str) -> str:
    """Where a plan or a record is seen; the summary of the plan for a kind without a page of its own."""
    return reverse(PAGES[kind], args=[slug, key]) if kind in PAGES else reverse("plan_dashboard", args=[slug])


def subject_of(state: PlanState, kind: str, key: str) -> Subject | None:
    """What is called so in the state that is shown; None where it is not there. For a record one query, for all of a
    state."""
    url = subject_url(state.plan.slug, kind, key)
    if kind == Kind.PLAN:
        return Subject(kind, key, state.plan.title, url) if key == state.plan.slug else None
    name = state.record_names.get((kind, key)) if kind in PAGES else None
    return Subject(kind, key, f"{name.ref} {name.title}".strip(), url) if name else None


def found_subject(state: PlanState, kind: str, key: str) -> Subject:
    """The same, or 404."""
    subject = subject_of(state, kind, key)
    if subject is None:
        raise Http404("This plan has no such record.")
    return subject
