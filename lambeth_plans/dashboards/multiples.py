"""Every indicator of a plan as a small control chart, group by group, so that what stands out is seen at once."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from lambeth_plans.accounts.guards import reads
from lambeth_plans.dashboards.digest import groups_of
from lambeth_plans.dashboards.indicator_lines import coverage, indicator_lines, variations
from lambeth_plans.dashboards.lists import PAGE_SIZE
from lambeth_plans.dashboards.pages import plan_context, visible_state


@reads()
def indicator_multiples(request: HttpRequest, plan: str) -> HttpResponse:
    state = visible_state(request, plan)
    lines = indicator_lines(state)
    page = Paginator(lines, PAGE_SIZE).get_page(request.GET.get("page"))
    context = plan_context(
        state,
        "indicator_multiples",
        ("Small charts", ""),
        page=page,
        groups=groups_of(page.object_list),
        coverage=coverage(state.indicators),
        has_withheld=any(line.indicator.has_withheld for line in page),
        variations=variations(lines),
    )
    return render(request, "dashboards/indicator_multiples.html", context)
