"""The page of one indicator: its figures, how each is judged and why, and what aims at it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from activities.models import Activity, ProgressUpdate
from kpis.models import (
    ComparatorGroup,
    Indicator,
    IndicatorCode,
    Outturn,
    PlanIndicator,
    Reason,
    Rebase,
    RelatedIndicator,
    Target,
)
from lambeth_plans import history
from lambeth_plans.accounts.access import Permission, may
from lambeth_plans.accounts.guards import reads
from lambeth_plans.accounts.models import Officer, User
from lambeth_plans.charts import Chart
from lambeth_plans.dashboards.analysis import analyse, comparisons, due_dates, kinds_of
from lambeth_plans.dashboards.drawings import course_of, line_of_related, strips_of
from lambeth_plans.dashboards.facts import ActivityFact, IndicatorFact, OutturnFact, RelatedFact
from lambeth_plans.dashboards.pages import Link, found, plan_context, visible_state
from lambeth_plans.dashboards.parts.spine import period_of
from lambeth_plans.dashboards.state import PlanState
from lambeth_plans.dashboards.trail import Entry, newest_first, trail
from lambeth_plans.dashboards.verdicts import verdict
from lambeth_plans.history import entry_model
from lambeth_plans.periods import PeriodKind
from lambeth_plans.rag import Rag, plain
from lambeth_plans.templatetags.plans import number, stated
from lambeth_plans.together import read_together
from objectives.models import BoroughGoal, DataQualityNote, Objective


@dataclass(frozen=True)
class Place:
    """Where an indicator stands: the plan's slug, its key there, and the plan's title."""

    slug: str
    key: str
    plan: str


class FigureLine(NamedTuple):
    """A row of the table of figures, ready to print; `url` leads to its correction."""

    period: str
    text: str
    status: str
    target: str
    rag: Rag | None
    reason: str
    counted: str
    url: str


#: How the kinds of period are asked for (`?frequency=`) and called.
FREQUENCIES = {
    PeriodKind.MONTH: ("month", "By month"),
    PeriodKind.QUARTER: ("quarter", "By quarter"),
    PeriodKind.YEAR: ("year", "By year"),
    PeriodKind.ACADEMIC_YEAR: ("year", "By year"),
}
#: What the page shows a little of: read together.
AROUND = (
    Officer,
    BoroughGoal,
    Objective,
    DataQualityNote,
    Activity,
    ProgressUpdate,
    Rebase,
    ComparatorGroup,
    RelatedIndicator,
)
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
    state = replace(visible_state(request, plan), around=key)
    state.read_ahead(*AROUND)
    indicator = found(state.indicators, key)
    context = plan_context(
        state,
        "indicator_list",
        (indicator.name, ""),
        indicator=indicator,
        due=due_dates([indicator], state.as_of)[0],
        activities=_activities(state, indicator),
        risks=state.risks_to_indicator(indicator.place_id),
        may_edit=may(request.user, Permission.EDIT_REGISTERS),
        may_ask=may(request.user, Permission.ASK_QUESTIONS),
        **_judged(state, indicator, request.GET.get("frequency", "")),
        **_figures(state, indicator),
        **_surroundings(request.user, state, indicator),
    )
    return render(request, "details/indicator.html", context)


def _judged(state: PlanState, indicator: IndicatorFact, frequency: str) -> dict[str, object]:
    """The figures of one kind of period with their verdict and their drawings; a wrong frequency is as none."""
    kinds = _kinds(indicator)
    analysis = analyse(indicator, state.rebases.get(indicator.id, ()), kinds.get(frequency))
    kind, others = analysis.line.kind, comparisons(indicator, state)
    benchmarks = state.benchmarks.get(indicator.id, ())
    return {
        "analysis": analysis,
        "latest": next((each for each in reversed(indicator.outturns) if each.period.kind is kind), None),
        "verdict": verdict(indicator, analysis),
        "frequencies": _frequencies(kinds, kind),
        "figures_chart": course_of(indicator, analysis, others, benchmarks),
        "strips": strips_of(indicator, others),
        "benchmarks": benchmarks,
    }


def _figures(state: PlanState, indicator: IndicatorFact) -> dict[str, object]:
    newest_first = indicator.outturns[::-1]
    any_code = "0"  # the address of one figure tells those of all: a period's code needs no quoting in it
    address = reverse("figure_edit", args=[state.plan.slug, indicator.key, any_code]).removesuffix(f"{any_code}/")
    lines = [_figure_line(outturn, address) for outturn in newest_first]
    return {
        "figures": lines[:SHOWN],
        "earlier_figures": lines[SHOWN:],
        "figure_notes": [each for each in newest_first if each.note],
    }


def _figure_line(outturn: OutturnFact, address: str) -> FigureLine:
    judgement = outturn.judgement
    is_counted = outturn.numerator is not None and outturn.denominator is not None
    return FigureLine(
        outturn.period.label,
        outturn.text,
        outturn.status,
        stated(outturn.target_text),
        judgement.rag,
        judgement.reason,
        f"{number(outturn.numerator)} of {number(outturn.denominator)}" if is_counted else stated(None),
        f"{address}{outturn.period_code}/",
    )


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
    """What stands around an indicator: its codes, the measures that only sound alike, with their places in plans this
    person may see, and its history. One query, and the related measures."""
    related = state.related.get(indicator.id, ())
    places = PlanIndicator.objects.visible_to(user).filter(indicator_id__in=[each.indicator_id for each in related])
    places = places if state.sees_drafts else places.none()
    codes, places, *rows = read_together(
        history.rows(IndicatorCode, state.at).filter(indicator_id=indicator.id),
        places.annotate(slug=F("plan__slug"), plan_title=F("plan__title")),
        entry_model(Indicator)._default_manager.filter(id=indicator.id),
        entry_model(PlanIndicator)._default_manager.filter(id=indicator.place_id),
        entry_model(Outturn)._default_manager.filter(indicator_id=indicator.id),
        entry_model(Target)._default_manager.filter(indicator_id=indicator.id),
    )
    found = defaultdict(list)
    for place in sorted(places, key=lambda place: place.pk):
        found[place.indicator_id].append(Place(place.slug, place.key, place.plan_title))
    for other in () if state.sees_drafts else state.indicators:  # other plans may be drafts
        found[other.id].append(Place(state.plan.slug, other.key, state.plan.title))
    return {
        "codes": [each.code for each in sorted(codes, key=lambda code: code.id)],
        "related": [(each, found[each.indicator_id], _chart_of(state.indicators, each)) for each in related],
        "entries": _entries(state, *rows),
    }


def _chart_of(around: Sequence[IndicatorFact], related: RelatedFact) -> Chart | None:
    """The course of a related measure that stands in this plan too: a chart of its own, never one line with another."""
    other = next((each for each in around if each.id == related.indicator_id), None)
    return line_of_related(other) if other else None


def _entries(state: PlanState, indicators: list, places: list, outturns: list, targets: list) -> list[Entry]:
    """What happened to an indicator, its place in the plan, its figures and its targets, from their history rows."""
    return newest_first(
        trail(Indicator, lambda row: "", until=state.at, rows=indicators),
        trail(
            PlanIndicator,
            lambda row: "",
            _names(state),
            added=lambda row: "Its place in this plan was added.",
            until=state.at,
            rows=places,
        ),
        trail(Outturn, _period_name, added=_figure_added, withheld=state.withheld, until=state.at, rows=outturns),
        trail(Target, _target_name, added=_target_added, until=state.at, rows=targets),
    )


def _names(state) -> dict:
    return {
        "owner": state.officers,
        "goal": {pk: goal.label for pk, goal in state.goals.items()},
        "objective": {pk: objective.ref or objective.title for pk, objective in state.objectives.items()},
        "activities": {pk: name.ref or name.title for pk, name in state.names(Activity).items()},
    }
