"""What may be said of one indicator: its control chart, colour, directions and other areas, as the page says."""

from enum import StrEnum

from ninja import Field, Schema

from kpis import spc
from kpis.benchmarks import Comparison
from kpis.direction import Direction
from kpis.models import Indicator, normalised_code
from lambeth_plans.api.items import Figure, RagWord, figure, said
from lambeth_plans.dashboards.analysis import KINDS, Analysis, analyse, comparisons, kinds_of
from lambeth_plans.dashboards.facts import IndicatorFact
from lambeth_plans.dashboards.state import PlanState

LINES = ("mean", "lower_limit", "upper_limit", "near_lower", "near_upper")
Frequency = StrEnum("Frequency", {each.name: each.value for each in Indicator.Frequency})


class AnalysisPoint(Schema):
    period: str = Field(examples=["Apr 2019"])
    value: Figure | None = Field(description="Null where there is no figure, or none that may be judged yet.")
    flag: spc.Flag | None
    judgement: spc.Judged | None


class DirectionItem(Schema):
    before: str = Field(description="The period it is compared with.")
    change: Figure
    arrow: str
    verdict: str | None = Field(description="better, worse or steady; null where nobody says which way is better.")
    words: str


class DirectionsItem(Schema):
    short: DirectionItem | None = Field(description="Against the period just before.")
    long: DirectionItem | None = Field(description="Against the same period a year before.")
    short_reason: str | None = Field(description="Why there is none.")
    long_reason: str | None


class ComparatorItem(Schema):
    group: str
    vintage: str | None
    period: str | None = Field(description="The period of every figure here.")
    value: Figure | None = Field(description="Our own figure of that period.")
    mean: Figure | None
    median: Figure | None
    lowest: Figure | None
    highest: Figure | None
    rank: int | None = Field(description="1 is best; those who do equally well share the better rank.")
    of: int | None
    quartile: int | None = Field(description="1 is best.")
    missing: list[str] = Field(description="Areas of the group without a figure.")
    reason: str | None = Field(description="Why there is no rank.")


class AnalysisItem(Schema):
    indicator: str = Field(description="Its code in that plan, or its key where it has none.")
    plan: str
    frequency: Frequency | None = Field(description="How far apart these figures are; null for single days.")
    mean: Figure | None = Field(description="Of the newest part of the chart. Null below 7 figures.")
    lower_limit: Figure | None = Field(description="As computed, even where no figure can be so low.")
    upper_limit: Figure | None
    near_lower: Figure | None
    near_upper: Figure | None
    screened: bool | None = Field(description="Whether outlying moves were left out of the limits.")
    points: list[AnalysisPoint]
    variation: spc.Variation | None = Field(description="What the newest figure says. Null below 12 figures.")
    assurance: spc.Assurance | None
    chart_reason: str | None = Field(description="Why there are no limits.")
    rag: RagWord | None
    rag_reason: str
    direction: DirectionsItem
    comparators: list[ComparatorItem]


def find_indicator(state: PlanState, ref: str) -> IndicatorFact | None:
    """By its key, else by its code in that plan however it is written ("LC.06", "lc06")."""
    by_key = next((each for each in state.indicators if each.key == ref), None)
    code = normalised_code(ref)
    return by_key or next((each for each in state.indicators if code and normalised_code(each.code) == code), None)


def analysis_of(state: PlanState, indicator: IndicatorFact, frequency: str | None) -> AnalysisItem:
    """`frequency` chooses among those in which the indicator has figures; None: that of its newest one."""
    kind = None
    if frequency:
        kind = next((each for each in kinds_of(indicator) if each in KINDS[frequency]), KINDS[frequency][0])
    found = analyse(indicator, state.rebases.get(indicator.id, ()), kind)
    latest = next((each for each in reversed(found.line.outturns) if each), None)
    chart = found.chart
    return AnalysisItem(
        indicator=indicator.code or indicator.key,
        plan=state.plan.slug,
        frequency=next((name for name, kinds in KINDS.items() if found.line.kind in kinds), None),
        **{name: figure(getattr(chart, name, None)) for name in LINES},
        screened=chart.screened if chart else None,
        points=_points(found),
        variation=found.variation,
        assurance=found.assurance,
        chart_reason=said(found.no_chart),
        rag=latest.judgement.rag.word if latest and latest.judgement.rag else None,
        rag_reason=latest.judgement.reason if latest else "No figure to judge.",
        direction=DirectionsItem(
            short=_direction(found.directions.short),
            long=_direction(found.directions.long),
            short_reason=said(found.directions.short_reason),
            long_reason=said(found.directions.long_reason),
        ),
        comparators=[_comparator(each) for each in comparisons(indicator, state)],
    )


def _points(found: Analysis) -> list[AnalysisPoint]:
    if found.chart is None:
        values = zip(found.line.periods, found.line.values, strict=True)
        return [AnalysisPoint(period=p.label, value=figure(v), flag=None, judgement=None) for p, v in values]
    return [
        AnalysisPoint(period=period.label, value=figure(point.value), flag=point.flag, judgement=point.judgement)
        for period, point in zip(found.line.periods, found.chart.points, strict=True)
    ]


def _direction(found: Direction | None) -> DirectionItem | None:
    if found is None:
        return None
    return DirectionItem(
        before=found.before.label,
        change=figure(found.change),
        arrow=found.arrow.value,
        verdict=found.verdict.value if found.verdict else None,
        words=found.words,
    )


def _comparator(found: Comparison) -> ComparatorItem:
    return ComparatorItem(
        group=found.group,
        vintage=said(found.vintage),
        period=found.period.label if found.period else None,
        value=figure(found.ours.value) if found.ours else None,
        mean=figure(found.mean),
        median=figure(found.median),
        lowest=figure(found.lowest),
        highest=figure(found.highest),
        rank=found.rank,
        of=found.of,
        quartile=found.quartile,
        missing=[each.area for each in found.missing],
        reason=said(found.reason),
    )
