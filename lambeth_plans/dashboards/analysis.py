"""An indicator judged: its control chart, both directions of travel, other areas, and when its figures are due.

Nothing here reads the database: facts in, what the page, the list and the API say out. The rules are those of
`kpis/spc.py`, `kpis/direction.py`, `kpis/benchmarks.py` and `kpis/due.py`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from kpis import spc
from kpis.benchmarks import AreaFigure, Comparison, Group, compare
from kpis.direction import Directions, Reading, directions
from kpis.due import CalendarEntry, Schedule, calendar
from kpis.models import Indicator, Outturn
from lambeth_plans.dashboards.facts import IndicatorFact, OutturnFact, RebaseFact
from lambeth_plans.dashboards.state import PlanState
from lambeth_plans.periods import Period, PeriodKind, following
from lambeth_plans.rag import Polarity, Standing

#: How often, by the kinds of period that are reported so.
KINDS = {
    Indicator.Frequency.MONTH.value: (PeriodKind.MONTH,),
    Indicator.Frequency.QUARTER.value: (PeriodKind.QUARTER,),
    Indicator.Frequency.YEAR.value: (PeriodKind.YEAR, PeriodKind.ACADEMIC_YEAR),
}


@dataclass(frozen=True)
class Line:
    """The figures of one kind of period, oldest first and without holes: a period without a row is a gap."""

    kind: PeriodKind
    periods: tuple[Period, ...]
    outturns: tuple[OutturnFact | None, ...]

    @property
    def values(self) -> list[Decimal | None]:
        """What may be judged together: a provisional figure is shown, and is a gap to the rules."""
        return [
            outturn.value if outturn and outturn.status != Outturn.Status.PROVISIONAL else None
            for outturn in self.outturns
        ]

    @property
    def latest(self) -> OutturnFact | None:
        """The newest outturn with a figure."""
        return next((outturn for outturn in reversed(self.outturns) if outturn and outturn.value is not None), None)


@dataclass(frozen=True)
class Analysis:
    """What may be said of one indicator at one frequency.

    `chart` is None where there is no control chart, and `no_chart` says why.
    """

    line: Line
    chart: spc.Analysis | None
    no_chart: str
    directions: Directions
    rebases: tuple[RebaseFact, ...]

    @property
    def variation(self) -> spc.Variation | None:
        return self.chart.variation if self.chart else None

    @property
    def assurance(self) -> spc.Assurance | None:
        return self.chart.assurance if self.chart else None

    @property
    def is_full(self) -> bool:
        return self.chart is not None and self.chart.stage is spc.Stage.FULL

    @property
    def latest_flag(self) -> spc.Flag | None:
        """Why the newest figure is unusual; None where it is not, or where that cannot be told."""
        if self.chart is None:
            return None
        return next((point.flag for point in reversed(self.chart.points) if point.value is not None), None)


def polarity_of(indicator: IndicatorFact) -> Polarity | None:
    """Which way is better, where somebody said so: an assumed direction makes no verdict."""
    if not indicator.polarity or indicator.polarity_standing == Standing.ASSUMED:
        return None
    return Polarity(indicator.polarity)


def kinds_of(indicator: IndicatorFact) -> list[PeriodKind]:
    """The kinds of period in which there are figures, that of the newest figure first."""
    return list(dict.fromkeys(outturn.period.kind for outturn in reversed(indicator.outturns)))


def line_of(indicator: IndicatorFact, kind: PeriodKind | None = None) -> Line:
    """The figures of one kind of period; without one, of the newest figure's."""
    found = kinds_of(indicator)
    kind = kind or (found[0] if found else PeriodKind.MONTH)
    alike = [outturn for outturn in indicator.outturns if outturn.period.kind is kind]
    placed = list(_without_holes(alike)) if alike else []
    return Line(kind, tuple(period for period, _ in placed), tuple(outturn for _, outturn in placed))


def _without_holes(outturns: Sequence[OutturnFact]) -> Iterator[tuple[Period, OutturnFact | None]]:
    """Every period from the first to the last, so that one without a row is a gap and not a straight line."""
    known = {outturn.period: outturn for outturn in outturns}
    period, last = outturns[0].period, outturns[-1].period
    if period.kind in (PeriodKind.SNAPSHOT, PeriodKind.TO_DATE, PeriodKind.UNDATED):
        yield from known.items()
        return
    while period <= last:
        yield period, known.get(period)
        period = following(period)


def analyse(indicator: IndicatorFact, rebases: Sequence[RebaseFact] = (), kind: PeriodKind | None = None) -> Analysis:
    """The control chart and the directions of one indicator; `kind` chooses among its kinds of period."""
    line = line_of(indicator, kind)
    ours = tuple(rebase for rebase in rebases if rebase.period in line.periods)
    reason = no_chart_because(indicator, line)
    polarity = polarity_of(indicator)
    return Analysis(
        line=line,
        chart=None if reason else _chart(indicator, line, ours, polarity),
        no_chart=reason,
        directions=directions(
            [
                Reading(outturn.period, outturn.value, outturn.status == Outturn.Status.PROVISIONAL)
                for outturn in indicator.outturns
                if outturn.period.kind is line.kind
            ],
            polarity=polarity,
            unit=indicator.unit,
            is_cumulative=indicator.is_cumulative,
            steady_gap=indicator.steady_gap,
            band=line.latest.band if line.latest and polarity is Polarity.BAND else None,
        ),
        rebases=ours,
    )


def no_chart_because(indicator: IndicatorFact, line: Line) -> str:
    """Why the figures make no control chart, in words; empty where they do."""
    if indicator.is_cumulative:
        return "It counts up through the year, so a control chart would mislead."
    if line.kind in (PeriodKind.TO_DATE, PeriodKind.UNDATED):
        return "Its figures are of periods whose beginning is not stated."
    number = sum(value is not None for value in line.values)
    if number < spc.TRIAL_FROM:
        figures = "figure" if number == 1 else "figures"
        return f"{number} {figures}: limits need at least {spc.TRIAL_FROM}."
    return ""


def _chart(
    indicator: IndicatorFact, line: Line, rebases: Sequence[RebaseFact], polarity: Polarity | None
) -> spc.Analysis:
    starts = [line.periods.index(rebase.period) for rebase in rebases]
    latest = line.latest
    target = latest.target if latest and not latest.target_is_assumed else None
    return spc.analyse(
        line.values, polarity=polarity, target=target, rebases=sorted(starts), screen=indicator.is_screened
    )


# Other areas


def comparisons(indicator: IndicatorFact, state: PlanState, before: Period | None = None) -> list[Comparison]:
    """One for each group of areas that has figures of it, largest group first, and one for each area without a
    group; as they stood before a period, where one is given. Two queries, shared by all indicators (one more at a past
    moment)."""
    found = [each for each in state.benchmarks.get(indicator.id, ()) if before is None or each.period.end < before.end]
    ours = [
        AreaFigure(state.plan.council.name, each.period, each.value, each.text, each.reason)
        for each in indicator.outturns
        if each.status != Outturn.Status.PROVISIONAL
    ]
    latest = indicator.latest
    members: dict[str, list[AreaFigure]] = {}
    for each in found:
        figure = AreaFigure(each.area, each.period, each.value, each.text, each.reason, each.source)
        members.setdefault(each.group or each.area, []).append(figure)
    stated = {group.name: group for group in state.comparator_groups}
    answers = []
    for name, figures in members.items():
        group = stated.get(name)
        areas = tuple(group.members if group and group.members else dict.fromkeys(each.area for each in figures))
        answers.append(
            compare(
                ours,
                figures,
                Group(name, group.vintage if group else "", areas),
                our_area=state.plan.council.name,
                polarity=polarity_of(indicator),
                unit=indicator.unit,
                is_cumulative=indicator.is_cumulative,
                band=latest.band if latest and indicator.polarity == Polarity.BAND else None,
            )
        )
    return sorted(answers, key=lambda answer: (-len(answer.figures) - len(answer.missing), answer.group))


# When figures are due


def due_dates(indicators: Sequence[IndicatorFact], on: date) -> tuple[CalendarEntry, ...]:
    """Which figures are late, not reported or not due yet; the latest first."""
    return calendar(
        [
            Schedule(
                indicator.key,
                indicator.frequency,
                None,
                indicator.data_due_lag_days,
                [outturn.period for outturn in indicator.outturns],
            )
            for indicator in indicators
        ],
        on,
    )
