"""Indicators with their outturns, each judged by the rule of its period."""

from collections import defaultdict
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import Q

from kpis.models import (
    Benchmark,
    ComparatorGroup,
    Indicator,
    Outturn,
    PlanIndicator,
    Rebase,
    RelatedIndicator,
    Target,
)
from kpis.withholding import LETTER
from lambeth_plans.dashboards import facts
from lambeth_plans.dashboards.parts.figures import (
    REASONS,
    FigureRow,
    Figures,
    TargetRow,
    figure_text,
    period_of_row,
    tuples,
)
from lambeth_plans.dashboards.parts.spine import Spine, measured_in, period_of
from lambeth_plans.periods import Period


class Indicators(Spine):
    @cached_property
    def indicators(self) -> tuple[facts.IndicatorFact, ...]:
        """Three queries (places with their indicators, outturns, targets; one more at a past moment), and the
        officers, goals, objectives, notes and what is withheld."""
        return tuple(
            self._indicator(place, self._figures[place.indicator_id])
            for place in self._plan_rows(PlanIndicator)
            if place.indicator_id in self._figures
        )

    def _question(self, model):
        rows = super()._question(model)
        return rows.filter(self._is_around) if model is PlanIndicator and self.around and self.at is None else rows

    @property
    def _is_around(self) -> Q:
        own = PlanIndicator.objects.filter(plan_id=self.plan.pk, key=self.around).order_by().values("indicator_id")
        related = RelatedIndicator.objects.order_by()
        return (
            Q(key=self.around)
            | Q(indicator_id__in=related.filter(indicator_id__in=own).values("other_id"))
            | Q(indicator_id__in=related.filter(other_id__in=own).values("indicator_id"))
        )

    @property
    def _measured(self) -> Any:
        """The indicators that have a place in the plan: a sub-query, or their primary keys where they are few."""
        if self.around and self.at is None:
            return [place.indicator_id for place in self._plan_rows(PlanIndicator)]
        return measured_in(self.plan, self.at)

    @cached_property
    def _indicator_rows(self) -> dict[int, Any]:
        """Indicator → its row. Now each place carries its indicator; at a past moment one query."""
        if self.at is None:
            return {place.indicator_id: place.indicator for place in self._plan_rows(PlanIndicator)}
        return {row.id: row for row in self._rows(Indicator, id__in=self._measured)}

    @cached_property
    def figures(self) -> dict[int, tuple[facts.OutturnFact, ...]]:
        """Indicator → its figures, oldest first. The queries of `_figures`, and the places."""
        return {pk: figures.outturns for pk, figures in self._figures.items()}

    @cached_property
    def _figures(self) -> dict[int, Figures]:
        """Indicator → its figures and targets. Two queries, and what is withheld."""
        measured = self._measured
        outturns: dict[int, list[FigureRow]] = defaultdict(list)
        targets: dict[int, dict[Period, TargetRow]] = defaultdict(dict)
        for row in tuples(self._rows(Outturn, indicator_id__in=measured), FigureRow):
            # An indicator outlives a plan: what came after its end is told by the plans that followed.
            if not self.plan.is_closed or row.period_start <= self.as_of:
                outturns[row.indicator_id].append(row)
        for row in tuples(self._rows(Target, indicator_id__in=measured), TargetRow):
            targets[row.indicator_id][period_of_row(row)] = row
        return {
            pk: Figures.of(row, outturns[pk], targets[pk], self.withheld) for pk, row in self._indicator_rows.items()
        }

    def _indicator(self, place, figures: Figures) -> facts.IndicatorFact:
        row = figures.indicator
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
            outturns=figures.outturns,
            # A plan that gives last year's figure and this year's target states both, though nothing can be judged.
            targets_ahead=figures.target_facts(without_figure=True, until=self._until),
            notes=self._notes("indicator", place.key),
        )

    @property
    def _until(self) -> date | None:
        """The day after which nothing of a closed plan begins."""
        return self.as_of if self.plan.is_closed else None

    @cached_property
    def targets(self) -> dict[int, tuple[facts.TargetFact, ...]]:
        """Indicator → its targets, oldest first; of a closed plan none that begins after its end. No query beside those
        of `indicators`."""
        return {pk: figures.target_facts(until=self._until) for pk, figures in self._figures.items() if figures.targets}

    @cached_property
    def benchmarks(self) -> dict[int, tuple[facts.BenchmarkFact, ...]]:
        """Indicator → other areas' figures, newest period first, then by area. One query (two at a past moment), the
        places of the indicators and what is withheld."""
        rows = list(self._rows(Benchmark, "group", indicator_id__in=self._measured))
        if self.at is None:
            groups = {row.group_id: row.group.name for row in rows if row.group_id}
        else:
            groups = {row.id: row.name for row in self._rows(ComparatorGroup, council_id=self.plan.council_id)}
        found = defaultdict(list)
        for row in rows:
            indicator = self._indicator_rows.get(row.indicator_id)
            if indicator is None or (self.plan.is_closed and row.period_start > self.as_of):
                continue
            shown = self.withheld.shown(row)
            if shown is not row:
                text = LETTER
            elif row.value is None:
                text = REASONS[row.reason]
            else:
                text = figure_text(row.value, indicator.unit, indicator.decimals)
            group = groups.get(row.group_id, "")
            found[row.indicator_id].append(
                facts.BenchmarkFact(row.area, group, period_of(row), shown.value, text, shown.reason, row.source)
            )
        for figures in found.values():
            figures.sort(key=lambda figure: figure.area)
            figures.sort(key=lambda figure: figure.period.start, reverse=True)
        return {pk: tuple(figures) for pk, figures in found.items()}

    @cached_property
    def comparator_groups(self) -> tuple[facts.ComparatorGroupFact, ...]:
        """The council's groups of areas. One query."""
        rows = self._all(ComparatorGroup)
        groups = (facts.ComparatorGroupFact(row.id, row.name, row.vintage, tuple(row.members)) for row in rows)
        return tuple(sorted(groups, key=lambda group: (group.name, group.id)))

    @cached_property
    def rebases(self) -> dict[int, tuple[facts.RebaseFact, ...]]:
        """Indicator of the council → where its chart starts anew, oldest first. One query."""
        found = defaultdict(list)
        for row in self._all(Rebase):
            found[row.indicator_id].append(
                facts.RebaseFact(period_of(row), row.reason, row.decided_by, row.decided_date)
            )
        return {pk: tuple(sorted(each, key=lambda rebase: rebase.period)) for pk, each in found.items()}

    @cached_property
    def related(self) -> dict[int, tuple[facts.RelatedFact, ...]]:
        """Indicator → the measures that only sound alike, said from both sides. One query (two at a past moment)."""
        measured = {place.indicator_id for place in self._plan_rows(PlanIndicator)}
        rows = [row for row in self._all(RelatedIndicator) if measured & {row.indicator_id, row.other_id}]
        if self.at is None:
            titles = {row.indicator_id: row.indicator_title for row in rows}
            titles |= {row.other_id: row.other_title for row in rows}
        else:
            pks = {pk for row in rows for pk in (row.indicator_id, row.other_id)}
            titles = {row.id: row.title for row in self._rows(Indicator, id__in=pks)}
        found = defaultdict(list)
        for row in rows:
            for pk, other in ((row.indicator_id, row.other_id), (row.other_id, row.indicator_id)):
                if pk in measured and other in titles:
                    found[pk].append(facts.RelatedFact(other, titles[other], row.reason))
        return {pk: tuple(related) for pk, related in found.items()}
