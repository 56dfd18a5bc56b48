"""The registers of a plan that are read line by line: objectives, activities, indicators and risks."""

from dataclasses import dataclass
from itertools import groupby

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.text import capfirst

from lambeth_plans.accounts.guards import reads
from lambeth_plans.charts import Figure, Sparkline, sparkline
from lambeth_plans.dashboards.facts import IndicatorFact, RiskFact
from lambeth_plans.dashboards.filters import ActivityFilter, IndicatorFilter, RiskFilter
from lambeth_plans.dashboards.objectives import objective_lines
from lambeth_plans.dashboards.pages import plan_context, visible_state
from lambeth_plans.dashboards.parts.spine import natural_order
from lambeth_plans.dashboards.state import PlanState
from lambeth_plans.rag import roll_up

PAGE_SIZE = 100


@dataclass(frozen=True)
class IndicatorLine:
    """An indicator with its course, where it has at least two figures to join."""

    indicator: IndicatorFact
    course: Sparkline | None


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


@reads()
def indicator_list(request: HttpRequest, plan: str) -> HttpResponse:
    state = visible_state(request, plan)
    form = IndicatorFilter(request.GET or None, state.indicators)
    indicators = _group_by_group(form.narrowed())
    page = Paginator(indicators, PAGE_SIZE).get_page(request.GET.get("page"))
    context = plan_context(
        state,
        "indicator_list",
        ("Indicators", ""),
        form=form,
        page=page,
        groups=[
            (group, [IndicatorLine(indicator, _course(indicator, state)) for indicator in found])
            for group, found in groupby(page, key=lambda indicator: indicator.group)
        ],
        coloured=sum(1 for indicator in indicators if indicator.rag),
        has_withheld=any(indicator.has_withheld for indicator in page),
        total=len(indicators),
        summary=shown_of(indicators, state.indicators, "indicators"),
    )
    return render(request, "dashboards/indicator_list.html", context)


def _group_by_group(indicators: list[IndicatorFact]) -> list[IndicatorFact]:
    """The indicators of one group together, the groups as they first appear in the plan."""
    groups = list(dict.fromkeys(indicator.group for indicator in indicators))
    return sorted(indicators, key=lambda indicator: groups.index(indicator.group))


def _course(indicator: IndicatorFact, state: PlanState) -> Sparkline | None:
    """Figures of one kind of period only: months and years do not make one line."""
    if indicator.latest is None:
        return None
    alike = [outturn for outturn in indicator.outturns if outturn.period.kind == indicator.latest.period.kind]
    if sum(1 for outturn in alike if outturn.value is not None) < 2:
        return None
    return sparkline(
        title=indicator.name,
        source=indicator.source or state.plan.title,
        figures=[
            Figure(
                str(outturn.period), outturn.value, outturn.target, outturn.status == "provisional", text=outturn.text
            )
            for outturn in alike
        ],
    )


@reads()
def risk_list(request: HttpRequest, plan: str) -> HttpResponse:
    state = visible_state(request, plan)
    form = RiskFilter(request.GET or None, state.risks)
    risks = by_score(form.narrowed())
    context = plan_context(
        state,
        "risk_list",
        ("Risks", ""),
        form=form,
        page=Paginator(risks, PAGE_SIZE).get_page(request.GET.get("page")),
        summary=shown_of(risks, state.risks, "risks"),
        has_ratings=any(risk.current and risk.current.rag for risk in state.risks),
    )
    return render(request, "dashboards/risk_list.html", context)


def by_score(risks: list[RiskFact] | tuple[RiskFact, ...]) -> list[RiskFact]:
    """The highest current score first; those without a score last."""
    return sorted(risks, key=lambda risk: (-risk.current.score if risk.current else 0, natural_order(risk.key)))
