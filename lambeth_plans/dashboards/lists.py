"""The registers of a plan that are read line by line: objectives and activities. Indicators: digest.py; risks:
risks.py."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.text import capfirst

from lambeth_plans.accounts.guards import reads
from lambeth_plans.dashboards.facts import RiskFact
from lambeth_plans.dashboards.filters import ActivityFilter
from lambeth_plans.dashboards.objectives import objective_lines
from lambeth_plans.dashboards.pages import plan_context, visible_state
from lambeth_plans.dashboards.parts.spine import natural_order
from lambeth_plans.rag import roll_up

PAGE_SIZE = 100


def shown_of(shown: list, rows: tuple, word: str) -> str:
    """ "12 of 37 activities", or "37 activities" where nothing is left out."""
    return f"{len(rows)} {word}" if len(shown) == len(rows) else f"{len(shown)} of {len(rows)} {word}"


@reads()
def objective_list(request: HttpRequest, plan: str) -> HttpResponse:
    state = visible_state(request, plan)
    context = plan_context(
        state,
        "objective_list",
        (capfirst(state.plan.objectives_word), ""),
        lines=objective_lines(state),
    )
    return render(request, "dashboards/objective_list.html", context)


@reads()
def activity_list(request: HttpRequest, plan: str) -> HttpResponse:
    state = visible_state(request, plan)
    form = ActivityFilter(request.GET or None, state.activities, state.plan, state.objectives)
    activities = form.narrowed()
    context = plan_context(
        state,
        "activity_list",
        (capfirst(state.plan.activities_word), ""),
        form=form,
        page=Paginator(activities, PAGE_SIZE).get_page(request.GET.get("page")),
        roll_up=roll_up(activity.rag for activity in activities),
        summary=shown_of(activities, state.activities, state.plan.activities_word),
    )
    return render(request, "dashboards/activity_list.html", context)


def by_score(risks: list[RiskFact] | tuple[RiskFact, ...]) -> list[RiskFact]:
    """The highest current score first; those without a score last."""
    return sorted(risks, key=lambda risk: (-risk.current.score if risk.current else 0, natural_order(risk.key)))
