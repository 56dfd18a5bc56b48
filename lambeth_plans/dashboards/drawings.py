"""The drawings of an indicator's page: its control chart, or its line, and its place among other areas. Facts in,
charts out; nothing here reads the database."""

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from functools import partial

from kpis.benchmarks import Comparison
from kpis.models import Outturn
from kpis.spc import Point, Stage
from lambeth_plans.charts import (
    Chart,
    Dot,
    DotGroup,
    DotStrip,
    Figure,
    Limits,
    Range,
    Restart,
    control_chart,
    dot_strip,
    line_chart,
)
from lambeth_plans.dashboards.analysis import Analysis, analyse
from lambeth_plans.dashboards.facts import BenchmarkFact, IndicatorFact, OutturnFact, RebaseFact
from lambeth_plans.dashboards.parts.indicators import figure_text
from lambeth_plans.dashboards.verdicts import unusual, verdict
from lambeth_plans.periods import Period, PeriodKind

PERIOD_WORDS = {
    PeriodKind.YEAR: "year",
    PeriodKind.ACADEMIC_YEAR: "school year",
    PeriodKind.QUARTER: "quarter",
    PeriodKind.MONTH: "month",
    PeriodKind.SNAPSHOT: "date",
    PeriodKind.TO_DATE: "day up to which it counts",
    PeriodKind.UNDATED: "day after which it counts",
}
#: So many figures make a line, so many areas a range.
LEAST = 2


def course_of(
    indicator: IndicatorFact,
    analysis: Analysis,
    comparisons: Sequence[Comparison] = (),
    benchmarks: Sequence[BenchmarkFact] = (),
) -> Chart | None:
    """The figures over time: a control chart where limits can be computed, else a line; None with fewer than two."""
    line, chart = analysis.line, analysis.chart
    if sum(outturn is not None and outturn.value is not None for outturn in line.outturns) < LEAST:
        return None
    points = chart.points if chart else (None,) * len(line.periods)
    told = {
        "title": f"{indicator.title} by {PERIOD_WORDS[line.kind]}",
        "source": indicator.source or "Figures reported to this plan",
        "figures": [_figure(*each) for each in zip(line.periods, line.outturns, points, strict=True)],
        "show": partial(figure_text, unit=indicator.unit, decimals=indicator.decimals),
    }
    limits = _limits(analysis, indicator.decimals)
    if not limits:
        return line_chart(**told)
    compared = next((each for each in comparisons if len(each.figures) >= LEAST), None)
    return control_chart(
        **told,
        show_limits=partial(figure_text, unit=indicator.unit, decimals=indicator.decimals + 1),
        limits=limits,
        restarts=[Restart(line.periods.index(each.period), _restart(each)) for each in analysis.rebases],
        ranges=_ranges(line.periods, compared, benchmarks) if compared else (),
        range_name=compared.group if compared else "",
        setting=_setting(analysis),
        possible=possible(indicator, line.outturns),
        more=verdict(indicator, analysis).assurance if analysis.is_full else "",
    )


def line_of_related(indicator: IndicatorFact) -> Chart | None:
    """The course of a measure that only sounds alike, on a chart of its own."""
    return course_of(indicator, analyse(indicator))


def _figure(period: Period, outturn: OutturnFact | None, point: Point | None) -> Figure:
    if outturn is None:
        return Figure(period.label, None, text="Not reported")
    return Figure(
        period.label,
        outturn.value,
        outturn.target,
        is_provisional=outturn.status == Outturn.Status.PROVISIONAL,
        text=outturn.text if outturn.value is None else "",
        mark=str(point.judgement or "") if point else "",
        why=unusual(point),
    )


def _limits(analysis: Analysis, decimals: int) -> list[Limits]:
    """Those of each stretch that has any, with one more decimal than the figures."""
    if analysis.chart is None:
        return []
    step = Decimal(1).scaleb(-decimals - 1)
    found = []
    for segment in analysis.chart.segments:
        if segment.stage is not Stage.PLAIN:
            point = analysis.chart.points[segment.start]
            lines = (point.mean, point.lower_limit, point.upper_limit)
            mean, lower, upper = (value.quantize(step) for value in lines)
            found.append(Limits(segment.start, segment.stop, mean, lower, upper, segment.stage is Stage.TRIAL))
    return found


def _restart(rebase: RebaseFact) -> str:
    day = f"{rebase.decided_date:%-d %B %Y}"
    by = f"{rebase.decided_by}, {day}" if rebase.decided_by else day
    return f"From {rebase.period.long_label} on the limits are new: {rebase.reason.rstrip('.')} (decided by {by})."


def _setting(analysis: Analysis) -> str:
    """How outlying moves were treated, over all stretches."""
    if not analysis.chart.screened:
        return "Outlying moves count towards the limits (not screened)."
    dropped = sum(segment.dropped for segment in analysis.chart.segments)
    were = "there was none" if not dropped else "1 was" if dropped == 1 else f"{dropped} were"
    return f"Outlying moves are left out of the limits (screened): {were}."


def possible(indicator: IndicatorFact, outturns: Sequence[OutturnFact | None]) -> tuple[Decimal | None, Decimal | None]:
    """The lowest and the highest figure there can be, as far as the figures themselves keep to it."""
    values = [outturn.value for outturn in outturns if outturn and outturn.value is not None]
    lowest = Decimal(0) if min(values) >= 0 else None
    return lowest, Decimal(100) if indicator.unit == "%" and lowest is not None and max(values) <= 100 else None


def _ranges(periods: Sequence[Period], compared: Comparison, benchmarks: Sequence[BenchmarkFact]) -> list[Range]:
    """From the lowest to the highest of a group's areas, in each of the very periods that the line has."""
    areas = {figure.area.casefold() for figure in (*compared.figures, *compared.missing)}
    values = defaultdict(list)
    for each in benchmarks:
        if each.group == compared.group and each.value is not None and each.area.casefold() in areas:
            values[each.period].append(each.value)
    return [
        Range(index, min(values[period]), max(values[period]))
        for index, period in enumerate(periods)
        if len(values.get(period, ())) >= LEAST
    ]


def strips_of(indicator: IndicatorFact, comparisons: Sequence[Comparison]) -> DotStrip | None:
    """Where we stand among other areas, group by group; None where no group has a figure."""
    groups = [_group(comparison) for comparison in comparisons if comparison.figures]
    if not groups:
        return None
    return dot_strip(
        title=f"{indicator.title} in other areas",
        source="; ".join(dict.fromkeys(_sources(comparisons))) or "not stated",
        groups=groups,
        show=partial(figure_text, unit=indicator.unit, decimals=indicator.decimals),
    )


def _sources(comparisons: Sequence[Comparison]) -> list[str]:
    return [figure.source for comparison in comparisons for figure in comparison.figures if figure.source]


def _group(comparison: Comparison) -> DotGroup:
    period, ours = comparison.period.label, comparison.ours
    ranks = comparison.ranks or (None,) * len(comparison.figures)
    quarter = f" That is the {comparison.quartile_words}." if comparison.quartile_words else ""
    has_ours = ours is not None and ours.value is not None  # without ours, the sentence says why there is no rank
    why_not = f" {comparison.reason}" if comparison.reason and has_ours else ""
    older = f" {comparison.older}" if comparison.older else ""
    return DotGroup(
        name=f"{comparison.group} ({comparison.vintage})" if comparison.vintage else comparison.group,
        period=period,
        sentence=f"{comparison.sentence}{quarter}{why_not}{older}",
        ours=Dot(ours.area, ours.value, period, comparison.rank) if has_ours else None,
        others=tuple(
            Dot(figure.area, figure.value, period, rank) for figure, rank in zip(comparison.figures, ranks, strict=True)
        ),
        median=comparison.median if len(comparison.figures) >= LEAST else None,
        missing=tuple((figure.area, figure.text) for figure in comparison.missing),
    )
