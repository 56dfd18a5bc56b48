"""Indicators, their outturns, targets and benchmarks. An indicator is called by its code in that plan."""

from collections.abc import Iterator
from typing import Any

from ninja import Field

from kpis.models import Indicator, Outturn, Reason
from kpis.withholding import LETTER, WORDS
from lambeth_plans.api.items import Day, Figure, Item, Judged, figure, identity, judged, key, name, ref, said
from lambeth_plans.dashboards.facts import IndicatorFact, OutturnFact
from lambeth_plans.dashboards.state import PlanState
from lambeth_plans.periods import SINGLE_DAYS, Period, PeriodKind

FREQUENCIES, STATUSES, REASONS = map(dict, (Indicator.Frequency.choices, Outturn.Status.choices, Reason.choices))


class IndicatorItem(Item):
    title: str
    group: str | None
    objective: str | None
    objective_key: str | None
    goal: str | None
    goal_key: str | None
    owner: str | None
    owner_key: str | None
    kind_as_stated: str | None
    unit: str | None
    decimals: int
    polarity: str | None = Field(description="Which way is better: higher, lower, band or none.")
    polarity_standing: str | None = Field(description="Who says so: stated, agreed or assumed.")
    frequency: str | None
    definition: str | None
    source: str | None
    counts_people: bool | None
    commentary: str | None
    period: str | None = Field(description="The period of the latest figure.")
    value: Figure | None
    reason: str | None = Field(description="Why the latest period has no figure.")
    judgement: Judged


class FigureItem(Item):
    indicator: str = Field(description="Its code in that plan, or its key where it has none.")
    indicator_key: str
    indicator_title: str
    unit: str | None
    period: str = Field(examples=["2019/20", "Q1 2020/21", "Apr 2019"])
    period_start: Day
    period_end: Day
    value: Figure | None


class OutturnItem(FigureItem):
    reason: str | None = Field(description="Why there is no figure; null where there is one.")
    status: str | None
    numerator: Figure | None
    denominator: Figure | None
    target: Figure | None
    judgement: Judged
    note: str | None


class TargetItem(FigureItem):
    value_as_stated: str | None
    lower: Figure | None
    upper: Figure | None
    amber: Figure | None
    rule: str | None = Field(description="points, percent, bounds, band or none.")
    standing: str = Field(description="Who says so: stated, agreed or assumed.")
    agreed_by: str | None


class BenchmarkItem(FigureItem):
    area: str
    group: str | None
    reason: str | None
    source: str | None


def indicators(state: PlanState) -> Iterator[IndicatorItem]:
    for indicator in state.indicators:
        latest = indicator.latest
        yield IndicatorItem(
            **_identity(state, indicator),
            title=indicator.title,
            group=said(indicator.group),
            objective=ref(indicator.objective),
            objective_key=key(indicator.objective),
            goal=name(indicator.goal),
            goal_key=key(indicator.goal),
            owner=name(indicator.owner),
            owner_key=key(indicator.owner),
            kind_as_stated=said(indicator.kind_as_stated),
            unit=said(indicator.unit),
            decimals=indicator.decimals,
            polarity=said(indicator.polarity),
            polarity_standing=said(indicator.polarity_standing),
            frequency=FREQUENCIES.get(indicator.frequency),
            definition=said(indicator.definition),
            source=said(indicator.source),
            counts_people=indicator.counts_people,
            commentary=said(indicator.commentary),
            period=latest.period.label if latest else None,
            value=figure(latest.value) if latest else None,
            reason=_reason(latest) if latest else None,
            judgement=judged(latest.judgement) if latest else Judged(rag=None, reason=indicator.reason),
        )


def _reason(outturn: OutturnFact) -> str | None:
    return WORDS if outturn.is_withheld else REASONS.get(outturn.reason)


def _identity(state: PlanState, indicator: IndicatorFact) -> dict[str, Any]:
    return {**identity(state, "indicator", indicator), "ref": said(indicator.code)}


def _of_period(state: PlanState, indicator: IndicatorFact, period: Period, code: str) -> dict[str, Any]:
    """What every figure says of its indicator and its period; two kinds of single days may be the same day."""
    open_ended = period.kind in SINGLE_DAYS and period.kind is not PeriodKind.SNAPSHOT
    return {
        **identity(state, "indicator", indicator),
        "ref": None,
        "key": f"{indicator.key}-{code}{f'-{period.kind}' if open_ended else ''}",
        "indicator": indicator.code or indicator.key,
        "indicator_key": indicator.key,
        "indicator_title": indicator.title,
        "unit": said(indicator.unit),
        "period": period.label,
        "period_start": period.start.isoformat(),
        "period_end": period.end.isoformat(),
    }


def outturns(state: PlanState) -> Iterator[OutturnItem]:
    for indicator in state.indicators:
        for outturn in indicator.outturns:
            yield OutturnItem(
                **_of_period(state, indicator, outturn.period, outturn.period_code),
                value=figure(outturn.value),
                reason=_reason(outturn),
                status=STATUSES.get(outturn.status),
                numerator=figure(outturn.numerator),
                denominator=figure(outturn.denominator),
                target=figure(outturn.target),
                judgement=judged(outturn.judgement),
                note=said(outturn.note),
            )


def targets(state: PlanState) -> Iterator[TargetItem]:
    for indicator in state.indicators:
        for target in state.targets.get(indicator.id, ()):
            yield TargetItem(
                **_of_period(state, indicator, target.period, target.period_code),
                value=figure(target.value),
                value_as_stated=said(target.value_as_stated),
                lower=figure(target.lower),
                upper=figure(target.upper),
                amber=figure(target.amber),
                rule=said(target.rule_kind),
                standing=target.standing,
                agreed_by=said(target.agreed_by),
            )


def benchmarks(state: PlanState) -> Iterator[BenchmarkItem]:
    for indicator in state.indicators:
        for number, benchmark in enumerate(state.benchmarks.get(indicator.id, ()), 1):
            yield BenchmarkItem(
                **_of_period(state, indicator, benchmark.period, str(number)),
                value=figure(benchmark.value),
                area=benchmark.area,
                group=said(benchmark.group),
                reason=WORDS if benchmark.text == LETTER else REASONS.get(benchmark.reason),
                source=said(benchmark.source),
            )
