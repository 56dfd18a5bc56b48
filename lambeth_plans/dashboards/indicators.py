"""The page of one indicator: its figures, how each is judged and why, and what aims at it."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
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
from lambeth_plans.charts import Figure, LineChart, line_chart
from lambeth_plans.dashboards.facts import IndicatorFact, OutturnFact, RelatedFact
from lambeth_plans.dashboards.pages import found, plan_context, visible_state
from lambeth_plans.dashboards.parts.indicators import figure_text
from lambeth_plans.dashboards.parts.spine import period_of
from lambeth_plans.dashboards.state import PlanState
from lambeth_plans.dashboards.trail import Entry, newest_first, trail
from lambeth_plans.periods import Period, PeriodKind, following
from lambeth_plans.rag import plain


@dataclass(frozen=True)
class Place:
    """Where an indicator stands: the plan's slug, its key there, and the plan's title."""

    slug: str
    key: str
    plan: str


PERIOD_WORDS = {
    PeriodKind.YEAR: "year",
    PeriodKind.ACADEMIC_YEAR: "school year",
    PeriodKind.QUARTER: "quarter",
    PeriodKind.MONTH: "month",
    PeriodKind.SNAPSHOT: "date",
}


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
    related = state.related.get(indicator.id, ())
    codes, places = _codes_and_places(request.user, indicator, related)
    aiming = state.linked(PlanIndicator, "activities", indicator.place_id)
    context = plan_context(
        state,
        "indicator_list",
        (indicator.name, ""),
        indicator=indicator,
        codes=codes,
        related=[(each, places.get(each.indicator_id, ()), _chart_of(state, each)) for each in related],
        benchmarks=state.benchmarks.get(indicator.id, ()),
        newest_first=list(reversed(indicator.outturns)),
        activities=[activity for activity in state.activities if activity.id in aiming],
        figures_chart=_chart(indicator) if indicator.latest else None,
        may_edit=may(request.user, Permission.EDIT_REGISTERS),
        entries=_entries(indicator, state),
    )
    return render(request, "details/indicator.html", context)


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


def _chart_of(state: PlanState, related: RelatedFact) -> LineChart | None:
    """The course of a related measure that stands in this plan too: a chart of its own, never one line with another."""
    other = next((each for each in state.indicators if each.id == related.indicator_id), None)
    return _chart(other) if other and other.latest else None


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
        trail(Outturn, _period_name, added=_figure_added, withheld=state.withheld, indicator_id=indicator.id),
        trail(Target, _target_name, added=_target_added, indicator_id=indicator.id),
    )


def _names(state) -> dict:
    return {
        "owner": state.officers,
        "goal": {pk: goal.label for pk, goal in state.goals.items()},
        "objective": {pk: objective.ref or objective.title for pk, objective in state.objectives.items()},
        "activities": {pk: name.ref or name.title for pk, name in state.names(Activity).items()},
    }


def _chart(indicator: IndicatorFact) -> LineChart | None:
    """The figures of the latest one's kind of period as a line, with the target as a step and a gap where a period
    has no figure; None where there are fewer than two figures to join."""
    same_kind = [o for o in indicator.outturns if o.period.kind is indicator.latest.period.kind]
    if sum(outturn.value is not None for outturn in same_kind) < 2:
        return None
    return line_chart(
        title=f"{indicator.name} by {PERIOD_WORDS[indicator.latest.period.kind]}",
        source=indicator.source or "Figures reported to this plan",
        figures=[_figure(period, outturn) for period, outturn in _without_holes(same_kind)],
        show=lambda value: figure_text(value, indicator.unit, indicator.decimals),
    )


def _without_holes(outturns: list[OutturnFact]) -> Iterator[tuple[Period, OutturnFact | None]]:
    """Every period from the first to the last, so that one without a row is a gap and not a straight line."""
    known = {outturn.period: outturn for outturn in outturns}
    period, last = outturns[0].period, outturns[-1].period
    if period.kind is PeriodKind.SNAPSHOT:
        yield from known.items()
        return
    while period <= last:
        yield period, known.get(period)
        period = following(period)


def _figure(period: Period, outturn: OutturnFact | None) -> Figure:
    if outturn is None:
        return Figure(period.label, None, text="Not reported")
    provisional = outturn.status == Outturn.Status.PROVISIONAL
    reason = outturn.text if outturn.value is None else ""
    return Figure(period.label, outturn.value, outturn.target, is_provisional=provisional, text=reason)
