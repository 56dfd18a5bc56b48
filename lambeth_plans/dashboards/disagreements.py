"""Disagreements: where a director's rating is better than what is known allows, with both and the reason given."""

from collections import Counter
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from lambeth_plans.accounts.guards import reads
from lambeth_plans.dashboards.facts import DisagreementFact
from lambeth_plans.dashboards.pages import plan_context, visible_state
from lambeth_plans.dashboards.state import PlanState
from lambeth_plans.rag import Rag


@dataclass(frozen=True)
class Disagreements:
    """Those of a plan, the widest first, and how many there are of each kind."""

    state: PlanState

    @property
    def rows(self) -> tuple[DisagreementFact, ...]:
        return self.state.disagreements

    @property
    def rated(self) -> int:
        return len(self.state.updates)

    @property
    def explained(self) -> int:
        return sum(1 for row in self.rows if row.reason)

    @property
    def pairs(self) -> list[tuple[Rag, Rag, int]]:
        """Rating, floor and how many have them, in the order of the rows."""
        counts = Counter((row.rag, row.floor.rag) for row in self.rows)
        return [(rag, floor, count) for (rag, floor), count in counts.items()]


@reads()
def disagreement_list(request: HttpRequest, plan: str) -> HttpResponse:
    state = visible_state(request, plan)
    context = plan_context(state, "disagreement_list", disagreements=Disagreements(state))
    return render(request, "dashboards/disagreement_list.html", context)
