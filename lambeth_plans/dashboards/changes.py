"""What changed lately in a plan, day by day."""

from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from lambeth_plans.accounts.guards import reads
from lambeth_plans.accounts.models import Officer
from lambeth_plans.dashboards.filters import ChangeFilter
from lambeth_plans.dashboards.pages import plan_context, visible_state
from lambeth_plans.dashboards.recent_changes import changes
from objectives.models import BoroughGoal, Objective

PAGE_SIZE = 100


@reads()
def change_list(request: HttpRequest, plan: str) -> HttpResponse:
    state = visible_state(request, plan)
    state.read_ahead(Officer, BoroughGoal, Objective)  # whatever a change may name
    form = ChangeFilter({"days": ChangeFilter.DEFAULT, **request.GET.dict()})
    form.full_clean()
    days = form.cleaned_data.get("days") or ChangeFilter.DEFAULT
    page = form.cleaned_data.get("page") or 1
    found, has_older = changes(state, days=days, limit=PAGE_SIZE, offset=PAGE_SIZE * (page - 1))
    context = plan_context(
        state,
        "change_list",
        ("What changed", ""),
        form=form,
        days=days,
        by_day=[
            (day, list(entries))
            for day, entries in groupby(found, key=lambda change: timezone.localtime(change.when).date())
        ],
        newer=page - 1,
        older=page + 1 if has_older else 0,
    )
    return render(request, "dashboards/change_list.html", context)
