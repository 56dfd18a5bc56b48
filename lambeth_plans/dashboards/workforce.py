"""Who works in the directorate: each snapshot with its bands, added up beside the headcount that is printed."""

from dataclasses import dataclass
from decimal import Decimal

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from finance.models import WorkforceBand
from lambeth_plans.accounts.guards import reads
from lambeth_plans.charts import BarRow, Bars, bar_chart
from lambeth_plans.dashboards.facts import WorkforceFact
from lambeth_plans.dashboards.pages import plan_context, visible_state
from lambeth_plans.dashboards.reconciliation import Register, reconcile
from lambeth_plans.dashboards.state import PlanState

Kind = WorkforceBand.Kind


@dataclass(frozen=True)
class Snapshot:
    fact: WorkforceFact
    figure: Bars

    @property
    def sum_in_words(self) -> str:
        """ "Grade bands and other 427 + agency staff 146 + apprentices 5 = 578"."""
        parts = (
            ("grade bands and other", self.fact.of_kind(Kind.GRADE, Kind.OTHER)),
            ("agency staff", self.fact.of_kind(Kind.AGENCY)),
            ("apprentices", self.fact.of_kind(Kind.APPRENTICE)),
        )
        words = " + ".join(f"{label} {number:,}" for label, number in parts if number)
        return f"{words[:1].upper()}{words[1:]} = {self.fact.counted:,}"


@reads()
def workforce(request: HttpRequest, plan: str) -> HttpResponse:
    state = visible_state(request, plan)
    context = plan_context(
        state,
        "workforce",
        ("Workforce", ""),
        snapshots=[Snapshot(fact, _chart(fact, state)) for fact in state.workforce],
        reconciliation=reconcile(state, Register.WORKFORCE),
    )
    return render(request, "dashboards/workforce.html", context)


def _chart(fact: WorkforceFact, state: PlanState) -> Bars:
    return bar_chart(
        title=f"People by band, {fact.snapshot_date}",
        source=state.plan.source_document or state.plan.title,
        rows=[BarRow(band.label, Decimal(band.number)) for band in fact.bands],
        heading="People",
    )
