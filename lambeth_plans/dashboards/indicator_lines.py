"""The indicators of a plan, each analysed once: what the digest, the small charts and the calendar are made of."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property, partial

from kpis.direction import Direction, Verdict
from kpis.due import CalendarEntry
from kpis.models import ComparatorGroup, Outturn, Rebase
from kpis.spc import Variation
from lambeth_plans.accounts.models import Officer
from lambeth_plans.charts import Controlled, Small, small_multiple, sparkline
from lambeth_plans.dashboards.analysis import Analysis, analyse, due_dates
from lambeth_plans.dashboards.attention import Attention, attention, attention_order, newly_missed
from lambeth_plans.dashboards.drawings import possible
from lambeth_plans.dashboards.facts import IndicatorFact
from lambeth_plans.dashboards.parts.indicators import figure_text
from lambeth_plans.dashboards.parts.spine import natural_order
from lambeth_plans.dashboards.state import PlanState
from lambeth_plans.dashboards.verdicts import verdict
from lambeth_plans.periods import Period
from lambeth_plans.rag import RagCount, RollUp, roll_up
from objectives.models import BoroughGoal, DataQualityNote, Objective

#: The latest change, worse first; what cannot be compared comes last.
CHANGES = (Verdict.WORSE, None, Verdict.STEADY, Verdict.BETTER)
#: What is small beside the figures: read together.
AROUND = (Officer, BoroughGoal, Objective, DataQualityNote, Rebase, ComparatorGroup)
#: So many figures make a course.
LEAST_COURSE = 2


@dataclass(frozen=True)
class IndicatorLine:
    """An indicator with all that is said of it; `number` is its place in the plan, group by group."""

    indicator: IndicatorFact
    analysis: Analysis
    due: CalendarEntry
    number: int

    @cached_property
    def attention(self) -> tuple[Attention, ...]:
        """Why it needs attention, the most pressing first; empty where it does not."""
        return attention(
            flag=self.analysis.latest_flag,
            variation=self.analysis.variation,
            assurance=self.analysis.assurance,
            rag=self.indicator.rag,
            is_late=bool(self.due.late),
            is_missed=bool(newly_missed(self.due)),
        )

    @property
    def direction(self) -> Direction | None:
        """How the newest figure moved since the one before; where that says nothing, since last year."""
        return self.analysis.directions.short or self.analysis.directions.long

    @property
    def verdict(self) -> str:
        """What process control says, or why it says nothing, in a sentence."""
        return verdict(self.indicator, self.analysis).variation

    @cached_property
    def course(self) -> Small | None:
        """Its figures as a line in a cell; None where there are not two to join."""
        return self._drawn(sparkline)

    @cached_property
    def control(self) -> Small | None:
        """Its figures as a small control chart; None where there are not two to join."""
        if self._figures < LEAST_COURSE:
            return None
        least, most = possible(self.indicator, self.analysis.line.outturns)
        return self._drawn(partial(small_multiple, least=least, most=most))

    @cached_property
    def _figures(self) -> int:
        return sum(1 for outturn in self.analysis.line.outturns if outturn and outturn.value is not None)

    def _drawn(self, draw) -> Small | None:
        indicator, line, chart = self.indicator, self.analysis.line, self.analysis.chart
        if self._figures < LEAST_COURSE:
            return None
        points = chart.points if chart else [None] * len(line.periods)
        return draw(
            title=indicator.name,
            source=indicator.source or indicator.title,
            figures=[_figure(*each) for each in zip(line.periods, line.outturns, points, strict=True)],
            show=self.text_of,
        )

    @property
    def last_period(self) -> Period | None:
        """The right end of its course."""
        return self.analysis.line.periods[-1] if self.analysis.line.periods else None

    def text_of(self, value: Decimal) -> str:
        return figure_text(value, self.indicator.unit, self.indicator.decimals)

    @property
    def limits(self) -> tuple[str, ...]:
        """The mean and both limits of its newest stretch, ready to print; empty without a control chart."""
        chart = self.analysis.chart
        if chart is None or chart.mean is None:
            return ()
        step = Decimal(1).scaleb(-self.indicator.decimals)
        lines = (chart.mean, chart.lower_limit, chart.upper_limit)
        return tuple(self.text_of(line.quantize(step)) for line in lines)


def _figure(period, outturn, point) -> Controlled:
    return Controlled(
        period.label,
        outturn.value if outturn else None,
        is_provisional=outturn is not None and outturn.status == Outturn.Status.PROVISIONAL,
        mean=point.mean if point else None,
        lower=point.lower_limit if point else None,
        upper=point.upper_limit if point else None,
        mark=str(point.judgement or "") if point else "",
    )


def indicator_lines(state: PlanState) -> list[IndicatorLine]:
    """Every indicator of the plan in its order, group by group. The queries of the indicators, what stands around them
    in one."""
    state.read_ahead(*AROUND)
    due = {entry.key: entry for entry in due_dates(state.indicators, state.as_of)}
    return [
        IndicatorLine(indicator, analyse(indicator, state.rebases.get(indicator.id, ())), due[indicator.key], number)
        for number, indicator in enumerate(group_by_group(state.indicators))
    ]


def group_by_group(indicators: Iterable[IndicatorFact]) -> list[IndicatorFact]:
    """The indicators of one group together, the groups as they first appear in the plan."""
    indicators = list(indicators)
    places = {group: place for place, group in enumerate(dict.fromkeys(each.group for each in indicators))}
    return sorted(indicators, key=lambda indicator: places[indicator.group])


# Orders


def _by_attention(line: IndicatorLine) -> tuple:
    return attention_order(line.attention), line.number


def _by_name(line: IndicatorLine) -> tuple:
    return natural_order(line.indicator.name), line.number


def _by_change(line: IndicatorLine) -> tuple:
    direction = line.direction
    return CHANGES.index(direction.verdict) if direction else len(CHANGES), line.number


BY_GROUP = "plan"
ORDERS = {
    "attention": ("What needs attention first", _by_attention),
    BY_GROUP: ("As in the plan, by group", lambda line: line.number),
    "name": ("Code or name", _by_name),
    "change": ("Latest change, worse first", _by_change),
}


def in_order(lines: Iterable[IndicatorLine], order: str) -> list[IndicatorLine]:
    """Sorted by one of ORDERS; what is none of them reads as the first."""
    _, key = ORDERS.get(order) or ORDERS["attention"]
    return sorted(lines, key=key)


# Counts

#: In the order in which a reader asks for them.
VARIATIONS = (Variation.CONCERN, Variation.CHANGE, Variation.IMPROVEMENT, Variation.COMMON)


@dataclass(frozen=True)
class Coverage:
    """How many there are of each colour, and of how many that can be said at all."""

    counts: tuple[RagCount, ...]
    judged: int
    total: int

    @property
    def words(self) -> str:
        if not self.judged:
            return "No indicator has a judgement." if self.total else "There are no indicators."
        verb = "has" if self.judged == 1 else "have"
        noun = "indicator" if self.total == 1 else "indicators"
        return f"{self.judged} of {self.total} {noun} {verb} a judgement."


def coverage(indicators: Sequence[IndicatorFact]) -> Coverage:
    """The colours of the latest figures; beside them, as ever, how many have none."""
    rolled: RollUp = roll_up(indicator.rag for indicator in indicators if indicator.rag)
    return Coverage(rolled.counts, rolled.total, len(indicators))


def variations(lines: Sequence[IndicatorLine]) -> list[tuple[Variation, int]]:
    """How many newest figures are of each kind of variation; only those that occur, in the order of the page."""
    counts = [(each, sum(line.analysis.variation is each for line in lines)) for each in VARIATIONS]
    return [(variation, count) for variation, count in counts if count]
