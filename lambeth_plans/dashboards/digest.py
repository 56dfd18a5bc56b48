"""The indicators of a plan line by line; printed on one page, it is the monthly performance digest."""

from collections.abc import Sequence
from itertools import groupby

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from lambeth_plans.accounts.guards import reads
from lambeth_plans.dashboards.attention import Attention
from lambeth_plans.dashboards.filters import IndicatorFilter
from lambeth_plans.dashboards.indicator_lines import BY_GROUP, IndicatorLine, coverage, indicator_lines, variations
from lambeth_plans.dashboards.lists import PAGE_SIZE, shown_of
from lambeth_plans.dashboards.pages import plan_context, visible_state

#: `?show=all`: everything on one page, for paper.
ALL = "all"


@reads()
def indicator_list(request: HttpRequest, plan: str) -> HttpResponse:
    state = visible_state(request, plan)
    form = IndicatorFilter(request.GET or None, indicator_lines(state))
    lines = form.in_order()
    is_whole = request.GET.get("show") == ALL
    page = Paginator(lines, max(len(lines), 1) if is_whole else PAGE_SIZE).get_page(request.GET.get("page"))
    context = plan_context(
        state,
        "indicator_list",
        ("Indicators", ""),
        form=form,
        page=page,
        is_whole=is_whole,
        attention=tuple(Attention),
        groups=groups_of(page.object_list) if form.order == BY_GROUP else [("", page.object_list)],
        coverage=coverage([line.indicator for line in lines]),
        variations=variations(lines),
        has_withheld=any(line.indicator.has_withheld for line in page),
        late=sum(bool(line.due.late) for line in lines),
        summary=shown_of(lines, state.indicators, "indicators"),
    )
    return render(request, "dashboards/indicator_list.html", context)


def groups_of(lines: Sequence[IndicatorLine]) -> list[tuple[str, list[IndicatorLine]]]:
    """The lines of each group, which stand together already."""
    return [(group, list(found)) for group, found in groupby(lines, key=lambda line: line.indicator.group)]
