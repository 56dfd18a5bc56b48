"""What process control says of an indicator, in plain sentences; pure. The rules are those of `kpis/spc.py`."""

from dataclasses import dataclass

from kpis.spc import FULL_FROM, Assurance, Flag, Judged, Point, Stage, Variation
from lambeth_plans.dashboards.analysis import Analysis, polarity_of
from lambeth_plans.dashboards.facts import IndicatorFact
from lambeth_plans.rag import Polarity

#: What is unusual about a figure, by its flag and whether it is high.
REASONS = {
    (Flag.OUTSIDE, True): "above the upper limit",
    (Flag.OUTSIDE, False): "below the lower limit",
    (Flag.TREND, True): "in a run of seven or more, each higher than the one before",
    (Flag.TREND, False): "in a run of seven or more, each lower than the one before",
    (Flag.TWO_OF_THREE, True): "one of two in three figures close to the upper limit",
    (Flag.TWO_OF_THREE, False): "one of two in three figures close to the lower limit",
    (Flag.SHIFT, True): "one of seven or more in a row above the mean",
    (Flag.SHIFT, False): "one of seven or more in a row below the mean",
}
ASSURED = {
    Assurance.PASSES: "Left as it is, it can be expected to meet its target of {target} every time.",
    Assurance.FAILS: "Left as it is, it will not meet its target of {target}: something has to change.",
    Assurance.HIT_AND_MISS: "Its target of {target} lies within the limits: whether it is met is chance.",
}


@dataclass(frozen=True)
class Verdict:
    """`variation` and `assurance` are a sentence each, never empty; `is_known` where the first is a verdict."""

    variation: str
    assurance: str
    is_known: bool


def unusual(point: Point | None) -> str:
    """What is unusual about a figure and whether that is good: "above the upper limit: concern"; empty if nothing."""
    if point is None or point.flag is None:
        return ""
    judged = "" if point.judgement is Judged.CHANGE else f": {point.judgement}"
    return f"{REASONS[point.flag, point.is_high]}{judged}"


def verdict(indicator: IndicatorFact, analysis: Analysis) -> Verdict:
    return Verdict(_variation(analysis), _assurance(indicator, analysis), analysis.is_full)


def _variation(analysis: Analysis) -> str:
    if analysis.no_chart:
        return f"No control chart. {analysis.no_chart}"
    stage = analysis.chart.stage
    if stage is Stage.PLAIN:
        return "No verdict yet: too few figures since the limits were set anew."
    if stage is Stage.TRIAL:
        return f"No verdict yet: limits are on trial until there are {FULL_FROM} figures."
    index, point = _latest(analysis)
    period = analysis.line.periods[index].long_label
    if analysis.variation is Variation.COMMON:
        return f"Nothing unusual: {period} is within the usual ups and downs."
    end = "" if point.judgement is not Judged.CHANGE else ". Neither way is stated as better"
    return f"{period} is {REASONS[point.flag, point.is_high]}{end}."


def _latest(analysis: Analysis) -> tuple[int, Point]:
    """The newest figure that may be judged."""
    return next(
        (index, point) for index, point in reversed(list(enumerate(analysis.chart.points))) if point.value is not None
    )


def _assurance(indicator: IndicatorFact, analysis: Analysis) -> str:
    """Whether the target will be met if all stays as it is, or why that cannot be told."""
    latest = analysis.line.latest
    target = latest.target_text if latest else ""
    if analysis.assurance:
        doubt = "" if analysis.variation is Variation.COMMON else " Its newest figure is unusual, so this may not hold."
        return f"{ASSURED[analysis.assurance].format(target=target)}{doubt}"
    if not analysis.is_full:
        return "Whether it will meet its target cannot be told without full limits."
    if not target:
        return "No target is stated for its newest figure, so nothing is said about meeting one."
    if latest.target_is_assumed:
        return "Its target is assumed, not agreed, so nothing is said about meeting it."
    no_direction = {
        None: "Which way is better is not agreed",
        Polarity.NONE: "Neither higher nor lower is better",
        Polarity.BAND: "A figure inside its band is best",
    }
    why = no_direction.get(polarity_of(indicator), "Its target is no single number")
    return f"{why}, so nothing is said about meeting its target."
