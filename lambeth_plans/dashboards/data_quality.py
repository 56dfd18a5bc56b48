"""Every slip of a plan's document that stays visible, and each printed total beside the computed one."""

from collections import defaultdict
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from activities.models import Activity
from lambeth_plans.accounts.guards import reads
from lambeth_plans.dashboards.facts import NameFact, NoteFact
from lambeth_plans.dashboards.pages import plan_context, visible_state
from lambeth_plans.dashboards.reconciliation import reconcile
from lambeth_plans.dashboards.state import PlanState
from objectives.models import DataQualityNote

#: Where a record of each kind is seen; without a page of its own it stands on its register's, under its key.
DETAIL_PAGES = ("objective", "activity", "indicator", "risk", "saving", "contract", "finding", "evidence")
REGISTER_PAGES = {
    "budget_line": "budget",
    "budget_figure": "budget",
    "printed_total": "data_quality",
    "workforce": "workforce",
    "section": "narrative",
    "achievement": "narrative",
    "event": "narrative",
    "milestone": "narrative",
    "consultation": "narrative",
    "source": "finding_list",
}


#: Kinds whose records stand under their bare key; those of the others begin with their kind.
PLAIN_ANCHORS = ("budget_line", "workforce", "section")


@dataclass(frozen=True)
class NotedRecord:
    """A record with its notes, and where it is seen."""

    name: NameFact
    url: str
    notes: tuple[NoteFact, ...]


@reads()
def data_quality(request: HttpRequest, plan: str) -> HttpResponse:
    state = visible_state(request, plan)
    context = plan_context(
        state,
        "data_quality",
        ("Data quality", ""),
        kinds=_by_kind(state),
        total=sum(map(len, state.notes.values())),
        reconciliation=reconcile(state),
        unexplained=unexplained(state),
    )
    return render(request, "dashboards/data_quality.html", context)


@dataclass(frozen=True)
class Unexplained:
    """A figure that differs from another one although nothing says why."""

    title: str
    url: str
    sentence: str


def unexplained(state: PlanState) -> list[Unexplained]:
    """What the forms would not take, and came in before they asked, or was left behind by a change elsewhere."""
    found = [
        Unexplained(fact.title, record_url(state, "workforce", fact.key), fact.disagreement)
        for fact in state.workforce
        if fact.disagreement
    ]
    for line in state.budget_lines:
        for monitor in line.monitors:
            if monitor.lacks:
                what = "why it differs from the budget, or what is done about it"
                sentence = f"The forecast of {monitor.month.long_label} does not say {what}."
                found.append(Unexplained(line.title, record_url(state, "budget_line", line.key), sentence))
    return found


def _by_kind(state: PlanState) -> list[tuple[str, list[NotedRecord]]]:
    """Kinds in the order of the register of kinds, with their records in the order of the notes."""
    grouped = defaultdict(list)
    for (kind, key), notes in state.notes.items():
        name = state.record_names.get((kind, key)) or NameFact(key, "", state.plan.title if kind == "plan" else key)
        grouped[kind].append(NotedRecord(name, record_url(state, kind, key), notes))
    return [(str(label), grouped[kind]) for kind, label in DataQualityNote.RecordKind.choices if grouped[kind]]


def record_url(state: PlanState, kind: str, key: str) -> str:
    slug = state.plan.slug
    if kind in DETAIL_PAGES:
        return reverse(f"{kind}_detail", args=[slug, key])
    if kind in REGISTER_PAGES:
        anchor = key if kind in PLAIN_ANCHORS else f"{kind.replace('_', '-')}-{key}"
        return f"{reverse(REGISTER_PAGES[kind], args=[slug])}#{anchor}"
    if kind == DataQualityNote.RecordKind.OUTPUT:
        return _output_url(state, key)
    return reverse("plan_dashboard", args=[slug])


def _output_url(state: PlanState, key: str) -> str:
    """An output stands on the page of its activity."""
    activities = state.names(Activity)
    for activity, outputs in state.outputs.items():
        if any(output.key == key for output in outputs):
            return f"{reverse('activity_detail', args=[state.plan.slug, activities[activity].key])}#output-{key}"
    return reverse("activity_list", args=[state.plan.slug])
