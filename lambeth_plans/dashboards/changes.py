"""What changed in a plan: lately, day by day, and between two days, the worst first."""

from datetime import date
from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from lambeth_plans.accounts.guards import reads
from lambeth_plans.accounts.models import Officer
from lambeth_plans.cycles.models import Meeting
from lambeth_plans.dashboards.as_at import first_day
from lambeth_plans.dashboards.between import compare
from lambeth_plans.dashboards.between_form import BetweenFilter, End
from lambeth_plans.dashboards.filters import ChangeFilter
from lambeth_plans.dashboards.pages import plan_context, shown_on, state_of_publication, state_on, visible_state
from lambeth_plans.dashboards.published import publications_visible_to, state_before
from lambeth_plans.dashboards.recent_changes import changes
from lambeth_plans.dashboards.state import PlanState
from objectives.models import BoroughGoal, Objective

PAGE_SIZE = 100


@reads()
def change_list(request: HttpRequest, plan: str) -> HttpResponse:
    state = visible_state(request, plan)
    if not state.sees_drafts:  # what was written between two publications is not told, only what they say
        return change_between(request, plan)
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


@reads()
def change_between(request: HttpRequest, plan: str) -> HttpResponse:
    """Between two days; officers may choose a publication or a meeting for either."""
    state = visible_state(request, plan)
    form = _form(request, state)
    since, until, comparison = None, None, None
    if not state.sees_drafts and not form.asked:
        before = state_before(state)
        comparison = compare(before, state) if before else None
        if before:
            since, until = End.of_day(timezone.localdate(before.moment)), End.of_day(form.latest)
        days = {"from": since.code, "to": until.code} if since else {}
        form = BetweenFilter(days, first=form.first, latest=form.latest)
    elif form.is_valid():
        since, until = form.ends
        state = _shown(request, state, until)
        comparison = compare(_then(state, since), state) if since.moment < until.moment else None
    trail = (("What changed", reverse("change_list", args=[plan])), ("Between two days", ""))
    context = plan_context(state, "change_between", *trail, form=form, since=since, until=until, comparison=comparison)
    return render(request, "dashboards/change_between.html", context)


def _form(request: HttpRequest, state: PlanState) -> BetweenFilter:
    """What officers may choose beside days is read in two queries."""
    days = {"first": _first_day(state), "latest": timezone.localdate(state.moment)}
    if not state.sees_drafts:
        return BetweenFilter(request.GET.dict(), **days)
    held = Meeting.objects.filter(board__plans=state.plan.pk, cancelled_because="").select_related("board")
    published = publications_visible_to(request.user, plan=state.plan.pk)
    until = [each for each in published if state.at is None or each.published_at <= state.at]
    return BetweenFilter(request.GET.dict(), **days, publications=until, meetings=held)


def _shown(request: HttpRequest, state: PlanState, end: End) -> PlanState:
    """The state at the second moment, which the links of the page keep."""
    if end.publication is None:
        return shown_on(request, state, end.day) if end.day < timezone.localdate(state.moment) else state
    request.as_at = (state.plan.slug, end.code)
    return state_of_publication(state, end.publication)


def _then(state: PlanState, end: End) -> PlanState:
    return state_of_publication(state, end.publication) if end.publication else state_on(state, end.day)


def _first_day(state: PlanState) -> date:
    """The first day on which this person could see the plan. One query, none for a publication."""
    if state.sees_drafts:
        return first_day(state.plan)
    return timezone.localdate(state.publications[0].published_at)
