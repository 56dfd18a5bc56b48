"""The plans of a person's councils, each with the ratings of its activities."""

from collections import Counter
from dataclasses import dataclass
from itertools import groupby

from django.db.models import Count, OuterRef, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from activities.models import Activity, ProgressUpdate
from lambeth_plans.accounts.access import Permission, may
from lambeth_plans.accounts.guards import reads
from lambeth_plans.accounts.models import User
from lambeth_plans.dashboards.published import published_states
from lambeth_plans.dashboards.published_council import activities_of, latest_ratings
from lambeth_plans.rag import Rag, RollUp, roll_up
from objectives.models import Plan


@dataclass(frozen=True)
class PlanLine:
    plan: Plan
    roll_up: RollUp


@reads()
def plan_list(request: HttpRequest) -> HttpResponse:
    found = _lines(request.user) if may(request.user, Permission.SEE_DRAFTS) else _published_lines(request.user)
    councils = [(council, list(lines)) for council, lines in groupby(found, key=lambda line: line.plan.council)]
    return render(request, "dashboards/plan_list.html", {"councils": councils})


def _lines(user: User) -> list[PlanLine]:
    """Two queries."""
    plans = Plan.objects.visible_to(user).select_related("council", "follows")
    counts = _counts(plans)
    return [
        PlanLine(plan, roll_up(counts[plan.pk].elements()))
        for plan in plans.order_by("council__is_invented", "council__name", "-start_date", "title")
    ]


def _published_lines(user: User) -> list[PlanLine]:
    """The plans as they are published. Four queries."""
    states = published_states(user)
    ratings = latest_ratings(states)
    counts: dict[int, Counter[Rag]] = {state.plan.pk: Counter() for state in states}
    for activity, plan in activities_of(states):
        counts[plan][ratings.get(activity, Rag.NOT_REPORTED)] += 1
    lines = [PlanLine(state.plan, roll_up(counts[state.plan.pk].elements())) for state in states]
    return sorted(lines, key=lambda line: line_order(line.plan))


def line_order(plan: Plan) -> tuple:
    """Council by council, the invented one last, the newest plan first."""
    council = plan.council
    return council.is_invented, council.name, -plan.start_date.toordinal(), plan.title, plan.slug


def _counts(plans) -> dict[int, Counter[Rag]]:
    """Plan → how many of its activities have which latest rating. One query."""
    latest = ProgressUpdate.objects.filter(activity=OuterRef("pk")).order_by("-period_start", "-revision")
    rows = (
        Activity.objects.filter(plan__in=plans.order_by().values("pk"))
        .order_by()
        .annotate(latest_rag=Subquery(latest.values("rag")[:1]))
        .values("plan_id", "latest_rag")
        .annotate(count=Count("pk"))
    )
    counts: dict[int, Counter[Rag]] = {plan.pk: Counter() for plan in plans}
    for row in rows:
        counts[row["plan_id"]][Rag(row["latest_rag"] or Rag.NOT_REPORTED)] += row["count"]
    return counts
