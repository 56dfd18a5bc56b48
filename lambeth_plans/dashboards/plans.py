"""The plans of a person's councils, each with the ratings of its activities."""

from collections import Counter
from dataclasses import dataclass
from itertools import groupby

from django.db.models import Count, OuterRef, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from activities.models import Activity, ProgressUpdate
from lambeth_plans.accounts.guards import reads
from lambeth_plans.rag import Rag, RollUp, roll_up
from objectives.models import Plan


@dataclass(frozen=True)
class PlanLine:
    plan: Plan
    roll_up: RollUp


@reads()
def plan_list(request: HttpRequest) -> HttpResponse:
    plans = Plan.objects.visible_to(request.user).select_related("council", "follows")
    counts = _counts(plans)
    lines = [
        PlanLine(plan, roll_up(counts[plan.pk].elements()))
        for plan in plans.order_by("council__is_invented", "council__name", "-start_date", "title")
    ]
    councils = [(council, list(found)) for council, found in groupby(lines, key=lambda line: line.plan.council)]
    return render(request, "dashboards/plan_list.html", {"councils": councils})


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
