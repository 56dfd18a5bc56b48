"""The page of one indicator: its figures, how each is judged and why, and what aims at it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import CharField, Value
from django.db.models.functions import Cast
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from activities.models import Activity
from kpis.models import Indicator, IndicatorCode, Outturn, PlanIndicator, Reason, Target
from lambeth_plans.accounts.access import Permission, may
from lambeth_plans.accounts.guards import reads
from lambeth_plans.accounts.models import User
from lambeth_plans.charts import Chart
from lambeth_plans.dashboards.analysis import analyse, comparisons, due_dates, kinds_of
from lambeth_plans.dashboards.drawings import course_of, line_of_related, strips_of
from lambeth_plans.dashboards.facts import ActivityFact, IndicatorFact, RelatedFact
from lambeth_plans.dashboards.pages import Link, found, plan_context, visible_state
from lambeth_plans.dashboards.parts.spine import period_of
from lambeth_plans.dashboards.state import PlanState
from lambeth_plans.dashboards.trail import Entry, newest_first, trail
from lambeth_plans.dashboards.verdicts import verdict
from lambeth_plans.periods import PeriodKind
from lambeth_plans.rag import plain


@dataclass(frozen=True)
class Place:
    """Where an indicator stands: the plan's slug, its key there, and the plan's title."""

    slug: str
    key: str
    plan: str


#: How the kinds of period are asked for (`?frequency=`) and called.
FREQUENCIES = {
    PeriodKind.MONTH: ("month", "By month"),
    PeriodKind.QUARTER: ("quarter", "By quarter"),
    PeriodKind.YEAR: ("year", "By year"),
    PeriodKind.ACADEMIC_YEAR: ("year", "By year"),
}
#: So many figures are shown at once, the newest first.
SHOWN = 24


def _period_name(row) -> str:
    return period_of(row).label


def _figure_added(row) -> str:
    figure = dict(Reason.choices)[row.reason] if row.value is None else plain(row.value.normalize())
    return f"{_period_name(row)}: {figure}."


def _target_name(row) -> str:
    return f"Target for {_period_name(row)}"


def _target_added(row) -> str:
    return f"{_target_name(row)}{'' if row.value is None else f': {plain(row.value.normalize())}'}."


@reads()
def indicator_detail(request: HttpRequest, plan: str, key: str) -> HttpResponse:
    state = visible_state(request, plan)
    indicator = found(state.indicators, key)
    kinds = _kinds(indicator)
    kind = kinds.get(request.GET.get("frequency", ""))
    analysis = analyse(indicator, state.rebases.get(indicator.id, ()), kind)
    others, benchmarks = comparisons(indicator, state), state.benchmarks.get(indicator.id, ())
    figures = indicator.outturns[::-1]
    context = plan_context(
        state,
        "indicator_list",
        (indicator.name, ""),
        indicator=indicator,
        analysis=analysis,
        latest=next((each for each in figures if each.period.kind is analysis.line.kind), None),
        verdict=verdict(indicator, analysis),
        frequencies=_frequencies(kinds, analysis.line.kind),
        figures_chart=course_of(indicator, analysis, others, benchmarks),
        strips=strips_of(indicator, others),
        benchmarks=benchmarks,
        figures=figures[:SHOWN],
        earlier_figures=figures[SHOWN:],
        figure_notes=[each for each in figures if each.note],
        due=due_dates([indicator], state.as_of)[0],
        activities=_activities(state, indicator),
        may_edit=may(request.user, Permission.EDIT_REGISTERS),
        **_surroundings(request.user, state, indicator),
    )
    return render(request, "details/indicator.html", context)


def _kinds(indicator: IndicatorFact) -> dict[str, PeriodKind]:
    """The kinds of period there are figures of, by how they are asked for; that of the newest figure first."""
    named = {FREQUENCIES.get(kind, ("", ""))[0]: kind for kind in reversed(kinds_of(indicator))}
    return dict(reversed(named.items()))


def _frequencies(kinds: dict[str, PeriodKind], shown: PeriodKind) -> list[Link]:
    """The choices; none where there is only one."""
    if len(kinds) < 2:
        return []
    return [
        Link(FREQUENCIES.get(kind, ("", "By day"))[1], f"?frequency={name}" if name else "?", kind is shown)
        for name, kind in kinds.items()
    ]


def _activities(state: PlanState, indicator: IndicatorFact) -> list[ActivityFact]:
    aiming = state.linked(PlanIndicator, "activities", indicator.place_id)
    return [activity for activity in state.activities if activity.id in aiming]


def _surroundings(user: User, state: PlanState, indicator: IndicatorFact) -> dict[str, object]:
    """What stands around an indicator: its codes, the measures that only sound alike, and its history."""
    related = state.related.get(indicator.id, ())
    codes, places = _codes_and_places(user, indicator, related)
    return {
        "codes": codes,
        "related": [(each, places.get(each.indicator_id, ()), _chart_of(state, each)) for each in related],
        "entries": _entries(indicator, state),
    }


def _codes_and_places(
    user: User, indicator: IndicatorFact, related: Sequence[RelatedFact]
) -> tuple[list[str], dict[int, list[Place]]]:
    """The codes of an indicator, and where the measures related to it stand in plans this person may see. One query."""
    pks = [each.indicator_id for each in related]
    text = CharField(max_length=300)
    codes = IndicatorCode.objects.filter(indicator_id=indicator.id).order_by()
    codes = codes.values_list("pk", "indicator_id", Cast("code", text), *[Cast(Value(""), text)] * 2)
    places = PlanIndicator.objects.visible_to(user).filter(indicator_id__in=pks).order_by()
    places = places.values_list("pk", "indicator_id", Cast("key", text), Cast("plan__slug", text), "plan__title")
    found: dict[int, list[Place]] = defaultdict(list)
    own = []
    for _, pk, key, slug, plan in sorted(codes.union(places, all=True)):
        if slug:
            found[pk].append(Place(slug, key, plan))
        else:
            own.append(key)
    return own, found


def _chart_of(state: PlanState, related: RelatedFact) -> Chart | None:
    """The course of a related measure that stands in this plan too: a chart of its own, never one line with another."""
    other = next((each for each in state.indicators if each.id == related.indicator_id), None)
    return line_of_related(other) if other else None


def _entries(indicator: IndicatorFact, state: PlanState) -> list[Entry]:
    """What happened to an indicator, its place in the plan, its figures and its targets."""
    return newest_first(
        trail(Indicator, lambda row: "", id=indicator.id),
        trail(
            PlanIndicator,
            lambda row: "",
            _names(state),
            added=lambda row: "Its place in this plan was added.",
            id=indicator.place_id,
        ),
        trail(Outturn, _period_name, added=_figure_added, indicator_id=indicator.id),
        trail(Target, _target_name, added=_target_added, indicator_id=indicator.id),
    )


def _names(state) -> dict:
    return {
        "owner": state.officers,
        "goal": {pk: goal.label for pk, goal in state.goals.items()},
        "objective": {pk: objective.ref or objective.title for pk, objective in state.objectives.items()},
        "activities": {pk: name.ref or name.title for pk, name in state.names(Activity).items()},
    }
