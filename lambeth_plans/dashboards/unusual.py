"""What is unusual this month, the worst first, each with its reason in plain words.

An indicator is unusual when its newest figure is flagged by process control, has another colour than the figure before
it, is late or was passed over, or put the council into another quarter among other areas. The rules are pure; the view
stands at the end.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from kpis.benchmarks import Comparison, ordinal
from kpis.due import DueStanding, DueState
from kpis.spc import Flag, Point, Variation
from lambeth_plans.accounts.guards import reads
from lambeth_plans.dashboards.analysis import comparisons, polarity_of
from lambeth_plans.dashboards.attention import CONCERNS, Attention, newly_missed
from lambeth_plans.dashboards.facts import IndicatorFact, OutturnFact
from lambeth_plans.dashboards.indicator_lines import IndicatorLine, coverage, indicator_lines
from lambeth_plans.dashboards.pages import plan_context, visible_state
from lambeth_plans.dashboards.state import PlanState
from lambeth_plans.rag import Polarity, Rag

NUMBERS = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten", "Eleven", "Twelve")


class Sign(StrEnum):
    """What makes an indicator unusual, the worst first; the value is its heading."""

    OUTSIDE = Attention.OUTSIDE.value
    TREND = Attention.TREND.value
    TWO_OF_THREE = Attention.TWO_OF_THREE.value
    SHIFT = Attention.SHIFT.value
    NOW_RED = "now Red"
    NOW_WORSE = "a worse colour than before"
    LATE = "late"
    NOT_REPORTED = "not reported"
    FELL = "a worse quarter among other areas"
    CHANGE = "a change"
    IMPROVEMENT = "an improvement"
    NOW_BETTER = "a better colour than before"
    ROSE = "a better quarter among other areas"


ORDER = tuple(Sign)
BETTER = {Polarity.HIGHER: " Higher is better.", Polarity.LOWER: " Lower is better."}


@dataclass(frozen=True)
class Unusual:
    """One thing that is unusual: what it is, and a sentence why. `variation`, `rag` or `due_state` is its shape, where
    it has one."""

    sign: Sign
    sentence: str
    variation: Variation | None = None
    rag: Rag | None = None
    due_state: DueState | None = None


@dataclass(frozen=True)
class UnusualLine:
    """An indicator with everything that is unusual about it, the worst first."""

    line: IndicatorLine
    found: tuple[Unusual, ...]


def unusual(line: IndicatorLine, ranks: Iterable[tuple[Comparison, Comparison]] = ()) -> tuple[Unusual, ...]:
    """Everything unusual about an indicator, the worst first. `ranks` are its comparisons with a group: the newest,
    and the one before."""
    found = [
        *_flagged(line),
        *_recoloured(line.indicator),
        *(Unusual(Sign.LATE, f"{each.period.label} is {each.words}.", due_state=each.state) for each in line.due.late),
        *_missed(newly_missed(line.due)),
        *_requartered(ranks),
    ]
    return tuple(sorted(found, key=lambda each: ORDER.index(each.sign)))


def worst_first(lines: Iterable[UnusualLine]) -> list[UnusualLine]:
    """By the worst sign, then by the further ones, then as in the plan."""
    return sorted(
        lines, key=lambda each: ([*(ORDER.index(one.sign) for one in each.found), len(ORDER)], each.line.number)
    )


# Process control


def _flagged(line: IndicatorLine) -> Iterator[Unusual]:
    flag, variation = line.analysis.latest_flag, line.analysis.variation
    if flag is None or variation in (None, Variation.COMMON):
        return
    signs = {Variation.CHANGE: Sign.CHANGE, Variation.IMPROVEMENT: Sign.IMPROVEMENT}
    better = BETTER.get(polarity_of(line.indicator), "")
    sentence = f"{_since_final(line)}{why_flagged(line)}{better}"
    yield Unusual(signs.get(variation) or Sign(CONCERNS[flag].value), sentence, variation=variation)


def _since_final(line: IndicatorLine) -> str:
    """A provisional figure is not judged yet, and none can be: so it is said which one is."""
    figures = zip(line.analysis.line.periods, line.analysis.chart.points, strict=True)
    judged = [period for period, point in figures if point.value is not None][-1]
    return "" if line.indicator.latest.period == judged else f"{judged.label} is the newest final figure. "


def why_flagged(line: IndicatorLine) -> str:
    """Which rule the newest figure breaks and since when: "Seven figures in a row above the mean since Apr 2025."
    Empty where it breaks none."""
    chart, flag = line.analysis.chart, line.analysis.latest_flag
    if chart is None or flag is None:
        return ""
    points = chart.points
    last = max(number for number, point in enumerate(points) if point.value is not None)
    start = max(segment.start for segment in chart.segments if segment.start <= last)
    latest, periods = points[last], line.analysis.line.periods
    side, limit = ("above", "upper") if latest.is_high else ("below", "lower")
    if flag is Flag.OUTSIDE:
        edge = line.limits[2 if latest.is_high else 1]
        figure = line.text_of(latest.value)
        return f"{periods[last].label}, {figure}, is {side} the {limit} limit of {edge}."
    if flag is Flag.TWO_OF_THREE:
        first = min(number for number in range(max(last - 2, start), last + 1) if _is_near(points[number], latest))
        return f"Two of three figures are close to the {limit} limit, since {periods[first].label}."
    joins = _goes_on if flag is Flag.TREND else _stays
    first = last
    while first > start and points[first - 1].value is not None and joins(points[first - 1], points[first], latest):
        first -= 1
    count = last - first + 1
    way = f"going {'up' if latest.is_high else 'down'}" if flag is Flag.TREND else f"{side} the mean"
    return f"{_number(count)} figures in a row {way} since {periods[first].label}."


def _is_near(point: Point, latest: Point) -> bool:
    """Beyond the near-limit line on the side of the latest point, and not outside the limit."""
    if point.value is None:
        return False
    if latest.is_high:
        return latest.near_upper < point.value <= latest.upper_limit
    return latest.lower_limit <= point.value < latest.near_lower


def _goes_on(before: Point, after: Point, latest: Point) -> bool:
    return before.value < after.value if latest.is_high else before.value > after.value


def _stays(before: Point, after: Point, latest: Point) -> bool:
    return before.value > latest.mean if latest.is_high else before.value < latest.mean


def _number(count: int) -> str:
    return NUMBERS[count] if count < len(NUMBERS) else str(count)


# Colours, figures that are not there, ranks


def _recoloured(indicator: IndicatorFact) -> Iterator[Unusual]:
    latest = indicator.latest
    before = _figure_before(indicator, latest) if latest and latest.value is not None else None
    if before is None or not indicator.rag or not before.judgement.rag or before.judgement.rag is indicator.rag:
        return
    now, then = indicator.rag, before.judgement.rag
    is_worse = now.severity < then.severity
    sign = Sign.NOW_RED if now is Rag.RED else Sign.NOW_WORSE if is_worse else Sign.NOW_BETTER
    moved = ""
    if latest.target_text != before.target_text:
        moved = f" The target was {before.target_text}, now {latest.target_text}."
    sentence = f"{then.word} in {before.period.label}. {indicator.reason}{moved}"
    yield Unusual(sign, sentence, rag=now)


def _figure_before(indicator: IndicatorFact, latest: OutturnFact) -> OutturnFact | None:
    """The last figure before the latest, of the same kind of period."""
    earlier = (each for each in reversed(indicator.outturns[:-1]) if each.period.kind is latest.period.kind)
    return next((each for each in earlier if each.value is not None), None)


def _missed(missed: tuple[DueStanding, ...]) -> Iterator[Unusual]:
    if not missed:
        return
    newest = missed[-1]
    more = f" The {len(missed) - 1} before it too." if len(missed) > 1 else ""
    yield Unusual(Sign.NOT_REPORTED, f"{newest.period.label} was {newest.words}.{more}", due_state=newest.state)


def _requartered(ranks: Iterable[tuple[Comparison, Comparison]]) -> Iterator[Unusual]:
    for newest, before in ranks:
        if newest.quartile and before.quartile and newest.quartile != before.quartile:
            sign = Sign.FELL if newest.quartile > before.quartile else Sign.ROSE
            sentence = (
                f"{_place(newest)} of {newest.group} in {newest.period.label}; {_place(before).lower()} in "
                f"{before.period.label}."
            )
            yield Unusual(sign, sentence)


def _place(comparison: Comparison) -> str:
    return f"{comparison.quartile_words.capitalize()} ({ordinal(comparison.rank)} of {comparison.of})"


def rank_changes(indicator: IndicatorFact, state: PlanState) -> list[tuple[Comparison, Comparison]]:
    """The newest comparison with each group of areas, beside the one of the period before it of the same kind."""
    newest = [each for each in comparisons(indicator, state) if each.quartile]
    earlier = {
        period: {each.group: each for each in comparisons(indicator, state, before=period)}
        for period in {each.period for each in newest}
    }
    pairs = [(each, earlier[each.period].get(each.group)) for each in newest]
    return [(each, before) for each, before in pairs if before and before.quartile and _alike(each, before)]


def _alike(one: Comparison, other: Comparison) -> bool:
    return one.period.kind is other.period.kind


def looked_at(lines: Iterable[IndicatorLine], state: PlanState) -> list[UnusualLine]:
    """Each indicator with what is unusual about it, if anything."""
    return [UnusualLine(line, unusual(line, rank_changes(line.indicator, state))) for line in lines]


def unusual_lines(state: PlanState) -> list[UnusualLine]:
    """The indicators that are unusual, the worst first. The queries of `indicator_lines`."""
    return worst_first(each for each in looked_at(indicator_lines(state), state) if each.found)


@reads()
def indicator_exceptions(request: HttpRequest, plan: str) -> HttpResponse:
    state = visible_state(request, plan)
    found = looked_at(indicator_lines(state), state)
    shown = worst_first(each for each in found if each.found)
    context = plan_context(
        state,
        "indicator_exceptions",
        ("What is unusual", ""),
        lines=shown,
        usual=len(found) - len(shown),
        total=len(found),
        without_limits=sum(not each.found and not each.line.analysis.is_full for each in found),
        coverage=coverage(state.indicators),
        has_withheld=any(each.line.indicator.has_withheld for each in shown),
    )
    return render(request, "dashboards/indicator_exceptions.html", context)
