"""Indicators with their outturns, each judged by the rule of its period."""

from collections import defaultdict
from decimal import Decimal
from functools import cached_property
from typing import Any

from kpis.figures import period_code
from kpis.models import (
    Benchmark,
    ComparatorGroup,
    Indicator,
    Outturn,
    PlanIndicator,
    Reason,
    Rebase,
    RelatedIndicator,
    Target,
    rule_of,
)
from lambeth_plans.dashboards import facts
from lambeth_plans.dashboards.parts.spine import Spine, period_of
from lambeth_plans.periods import Period, year_before
from lambeth_plans.rag import Judgement, Rule, Standing, apart, cautions, judge, with_unit


class Indicators(Spine):
    @cached_property
    def indicators(self) -> tuple[facts.IndicatorFact, ...]:
        """The queries of `figures`, and the officers, goals, objectives and notes."""
        indicators = self._indicator_rows
        return tuple(
            self._indicator(place, indicators[place.indicator_id])
            for place in self._plan_rows(PlanIndicator)
            if place.indicator_id in indicators
        )

    @cached_property
    def figures(self) -> dict[int, tuple[facts.OutturnFact, ...]]:
        """Indicator → its figures, oldest first, each with its judgement. Three queries (places with their indicators,
        outturns, targets; one more at a past moment)."""
        found, indicators = defaultdict(list), self._indicator_rows
        for row in self._rows(Outturn, indicator_id__in=self._measured):
            # An indicator outlives a plan: what came after its end is told by the plans that followed.
            if not self.plan.is_closed or row.period_start <= self.as_of:
                found[row.indicator_id].append(row)
        return {
            pk: figures_of(rows, indicators[pk], self._target_rows[pk])
            for pk, rows in found.items()
            if pk in indicators
        }

    @property
    def _measured(self) -> Any:
        """A sub-query of the indicators that have a place in the plan."""
        return PlanIndicator.objects.filter(plan_id=self.plan.pk).order_by().values("indicator_id")

    @cached_property
    def _indicator_rows(self) -> dict[int, Any]:
        """Indicator → its row. Now each place carries its indicator; at a past moment one query."""
        if self.at is None:
            return {place.indicator_id: place.indicator for place in self._plan_rows(PlanIndicator)}
        return {row.id: row for row in self._rows(Indicator, id__in=self._measured)}

    def _indicator(self, place, row) -> facts.IndicatorFact:
        figures = self.figures.get(row.id, ())
        return facts.IndicatorFact(
            id=row.id,
            place_id=place.id,
            key=place.key,
            code=place.code,
            title=place.title,
            group=place.group,
            kind_as_stated=place.kind_as_stated,
            definition=row.definition,
            unit=row.unit,
            decimals=row.decimals,
            polarity=row.polarity,
            polarity_standing=row.polarity_standing,
            polarity_agreed_by=row.polarity_agreed_by,
            frequency=row.frequency,
            source=row.source,
            counts_people=row.counts_people,
            data_due_lag_days=row.data_due_lag_days,
            is_cumulative=row.is_cumulative,
            why_it_matters=row.why_it_matters,
            numerator_is=row.numerator_is,
            denominator_is=row.denominator_is,
            last_checked_date=row.last_checked_date,
            steady_gap=row.steady_gap,
            is_screened=row.is_screened,
            objective=self.objectives.get(place.objective_id) if place.objective_id else None,
            goal=self.goals.get(place.goal_id) if place.goal_id else None,
            owner=self.officers.get(place.owner_id) if place.owner_id else None,
            commentary=place.commentary,
            outturns=figures,
            targets_ahead=self._targets_ahead(row.id, {figure.period for figure in figures}),
            notes=self._notes("indicator", place.key),
        )

    def _targets_ahead(self, indicator_id: int, known: set[Period]) -> tuple[facts.TargetFact, ...]:
        """A plan that gives last year's figure and this year's target states both, though nothing can be judged."""
        return tuple(target for target in self.targets.get(indicator_id, ()) if target.period not in known)

    @cached_property
    def _target_rows(self) -> dict[int, dict[Period, Any]]:
        """Indicator → period → the row of its target. One query, shared with `indicators`."""
        found: dict[int, dict[Period, Any]] = defaultdict(dict)
        for row in self._rows(Target, indicator_id__in=self._measured):
            found[row.indicator_id][period_of(row)] = row
        return found

    @cached_property
    def targets(self) -> dict[int, tuple[facts.TargetFact, ...]]:
        """Indicator → its targets, oldest first; of a closed plan none that begins after its end. One query, shared
        with `indicators`."""
        return {
            pk: tuple(
                _target(rows[period], self._indicator_rows[pk])
                for period in sorted(rows)
                if not self.plan.is_closed or period.start <= self.as_of
            )
            for pk, rows in self._target_rows.items()
            if pk in self._indicator_rows
        }

    @cached_property
    def benchmarks(self) -> dict[int, tuple[facts.BenchmarkFact, ...]]:
        """Indicator → other areas' figures, newest period first, then by area. One query (two at a past moment), and
        the indicators."""
        shown = {indicator.id: indicator for indicator in self.indicators}
        rows = list(self._rows(Benchmark, "group", indicator_id__in=self._measured))
        if self.at is None:
            groups = {row.group_id: row.group.name for row in rows if row.group_id}
        else:
            groups = {row.id: row.name for row in self._rows(ComparatorGroup, council_id=self.plan.council_id)}
        reasons = dict(Reason.choices)
        found = defaultdict(list)
        for row in rows:
            indicator = shown.get(row.indicator_id)
            if indicator is None or (self.plan.is_closed and row.period_start > self.as_of):
                continue
            text = (
                reasons[row.reason] if row.value is None else figure_text(row.value, indicator.unit, indicator.decimals)
            )
            group = groups.get(row.group_id, "")
            found[row.indicator_id].append(
                facts.BenchmarkFact(row.area, group, period_of(row), row.value, text, row.reason, row.source)
            )
        for figures in found.values():
            figures.sort(key=lambda figure: figure.area)
            figures.sort(key=lambda figure: figure.period.start, reverse=True)
        return {pk: tuple(figures) for pk, figures in found.items()}

    @cached_property
    def comparator_groups(self) -> tuple[facts.ComparatorGroupFact, ...]:
        """The council's groups of areas. One query."""
        rows = self._rows(ComparatorGroup, council_id=self.plan.council_id)
        groups = (facts.ComparatorGroupFact(row.id, row.name, row.vintage, tuple(row.members)) for row in rows)
        return tuple(sorted(groups, key=lambda group: (group.name, group.id)))

    @cached_property
    def rebases(self) -> dict[int, tuple[facts.RebaseFact, ...]]:
        """Indicator → where its chart starts anew, oldest first. One query."""
        found = defaultdict(list)
        for row in self._rows(Rebase, indicator_id__in=self._measured):
            found[row.indicator_id].append(
                facts.RebaseFact(period_of(row), row.reason, row.decided_by, row.decided_date)
            )
        return {pk: tuple(sorted(each, key=lambda rebase: rebase.period)) for pk, each in found.items()}

    @cached_property
    def related(self) -> dict[int, tuple[facts.RelatedFact, ...]]:
        """Indicator → the measures that only sound alike, said from both sides. One query (two at a past moment)."""
        measured = {place.indicator_id for place in self._plan_rows(PlanIndicator)}
        rows = [
            row
            for row in self._rows(RelatedIndicator, "indicator", "other", indicator__council_id=self.plan.council_id)
            if measured & {row.indicator_id, row.other_id}
        ]
        if self.at is None:
            titles = {each.id: each.title for row in rows for each in (row.indicator, row.other)}
        else:
            pks = {pk for row in rows for pk in (row.indicator_id, row.other_id)}
            titles = {row.id: row.title for row in self._rows(Indicator, id__in=pks)}
        found = defaultdict(list)
        for row in rows:
            for pk, other in ((row.indicator_id, row.other_id), (row.other_id, row.indicator_id)):
                if pk in measured and other in titles:
                    found[pk].append(facts.RelatedFact(other, titles[other], row.reason))
        return {pk: tuple(related) for pk, related in found.items()}


def figure_text(value: Decimal, unit: str, decimals: int) -> str:
    """A figure ready to print: its own decimals, at least as many as the indicator shows, and its unit."""
    exponent = value.normalize().as_tuple().exponent
    shown = max(decimals, -exponent if isinstance(exponent, int) else 0)
    return with_unit(f"{value:,.{shown}f}".replace("-", "−"), unit)


def figures_of(rows, indicator, targets) -> tuple[facts.OutturnFact, ...]:
    """The figures of an indicator from its rows and the targets by period: oldest first, each beside the last one of
    its kind and that of a year before."""
    series = sorted(rows, key=lambda outturn: (outturn.period_end, outturn.period_start))
    before: dict[Any, Decimal] = {}  # kind of period → the last value
    values = {period_of(row): row.value for row in series}
    found = []
    for row in series:
        period = period_of(row)
        found.append(_outturn(row, indicator, targets, values.get(year_before(period)), before.get(period.kind)))
        if row.value is not None:
            before[period.kind] = row.value
    return tuple(found)


def _outturn(row, indicator, targets, last_year: Decimal | None, before: Decimal | None) -> facts.OutturnFact:
    reasons = dict(Reason.choices)
    target = targets.get(period_of(row))
    rule = rule_of(indicator, target)
    is_band = rule is not None and rule.lower is not None and rule.upper is not None
    return facts.OutturnFact(
        id=row.id,
        period=period_of(row),
        period_code=period_code(period_of(row)),
        value=row.value,
        text=reasons[row.reason] if row.value is None else figure_text(row.value, indicator.unit, indicator.decimals),
        reason=row.reason,
        status=row.status,
        note=row.note,
        numerator=row.numerator,
        denominator=row.denominator,
        target=target.value if target else None,
        target_text=_target_text(target, indicator),
        target_is_assumed=target is not None and target.standing == Standing.ASSUMED,
        band=(rule.lower, rule.upper) if is_band else None,
        judgement=_judged(row, indicator, rule, targets, last_year),
        cautions=_cautions(rule, before, indicator),
        version=row.version,
    )


def _cautions(rule: Rule | None, before: Decimal | None, indicator) -> tuple[str, ...]:
    try:
        return cautions(rule, before, indicator.unit)
    except ValueError:  # what is wrong with the rule is said by the judgement
        return ()


def _target(row, indicator) -> facts.TargetFact:
    return facts.TargetFact(
        period=period_of(row),
        period_code=period_code(period_of(row)),
        text=_target_text(row, indicator) or _printed(row),
        value=row.value,
        value_as_stated=row.value_as_stated,
        lower=row.lower,
        upper=row.upper,
        amber=row.amber,
        rule_kind=row.rule_kind,
        standing=row.standing,
        agreed_by=row.agreed_by,
        tolerance_standing=row.tolerance_standing,
    )


def _judged(row, indicator, rule: Rule | None, targets, last_year: Decimal | None) -> Judgement:
    """What is wrong between an indicator and its rule is said in words: the other figures can still be read."""
    if row.value is not None and rule is None and targets:
        distance = _apart(row, indicator, targets)
        return Judgement(None, f"No target is stated for {period_of(row)}, so no colour.{distance}")
    provisional = row.status == Outturn.Status.PROVISIONAL
    try:
        return judge(row.value, rule, unit=indicator.unit, provisional=provisional, last_year=last_year)
    except ValueError as error:
        return Judgement(None, f"No colour, because the rule cannot judge it. {error}")


def _apart(row, indicator, targets) -> str:
    """The distance to the next target of the same kind of period, in words: a plan that states last year's figure and
    this year's target says how far there is to go, and nothing more."""
    period = period_of(row)
    ahead = sorted(each for each in targets if each.kind is period.kind and each > period)
    target = targets[ahead[0]] if ahead else None
    if target is None or target.value is None:
        return ""
    goal = f"the {ahead[0]} target of {_target_text(target, indicator)}"
    return f" {apart(row.value, target.value, indicator.unit, goal)}"


def _target_text(target, indicator) -> str:
    if target is not None and target.value is not None:
        return figure_text(target.value, indicator.unit, indicator.decimals)
    return _band_text(target, indicator)


def _printed(target) -> str:
    return f"“{target.value_as_stated}”" if target.value_as_stated else "not stated"


def _band_text(target, indicator) -> str:
    if target is None or target.lower is None or target.upper is None:
        return ""
    lower, upper = (figure_text(edge, indicator.unit, indicator.decimals) for edge in (target.lower, target.upper))
    return f"{lower} to {upper}"
