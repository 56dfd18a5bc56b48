"""The savings of a plan and what becomes of them: by year, division and status, against the plan, and the biggest gaps.

Cost avoidance stands apart and is in no sum. A year that nobody monitored counts as planned and no more; one that was
stored before years had to add up counts likewise, and says so.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import accumulate

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from finance.adding_up import PARTS
from lambeth_plans.accounts.guards import reads
from lambeth_plans.charts import Columns, Figure, LineChart, Series, Stacks, column_chart, line_chart, stacked_bars
from lambeth_plans.dashboards.facts import SavingFact, SavingYearFact
from lambeth_plans.dashboards.facts.money import stated_sum
from lambeth_plans.dashboards.pages import plan_context, visible_state
from lambeth_plans.dashboards.reconciliation import Register, printed_year, reconcile
from lambeth_plans.dashboards.state import PlanState
from lambeth_plans.periods import Period, PeriodKind
from lambeth_plans.rag import SavingStatus, plain

#: How many of the biggest gaps are shown.
GAPS = 5
#: What a bar is made of, from the ground up.
LAYERS = {**{part: words.capitalize() for part, words in PARTS.items()}, "planned": "Planned, not monitored"}
NOTHING = Decimal(0)


@dataclass(frozen=True)
class SavingLine:
    """A saving with its amount for each period of the register; None where none is stated."""

    saving: SavingFact
    amounts: tuple[Decimal | None, ...]


@dataclass(frozen=True)
class Told:
    """A year of a saving, with the saving it is of."""

    saving: SavingFact
    year: SavingYearFact

    @property
    def gap(self) -> Decimal:
        """What of the plan neither came nor is expected; 0 where nobody monitored the year. What is over-delivered
        hides none of it (ADR 0025)."""
        return self.year.lost if self.year.is_told else NOTHING


@dataclass(frozen=True)
class Group:
    """Some years of savings added up, and what they have in common."""

    label: str
    years: tuple[SavingYearFact, ...]
    status: SavingStatus | None = None

    def sum_of(self, name: str) -> Decimal | None:
        return stated_sum(getattr(year, name) for year in self.years)

    def layer(self, name: str) -> Decimal | None:
        """A part of the bar; None where no year has it."""
        return stated_sum(year.parts.get(name) for year in self.years)

    @property
    def is_monitored(self) -> bool:
        return any(year.is_monitored for year in self.years)

    @property
    def not_monitored(self) -> int:
        """How many years plan something and say nothing of what became of it."""
        return sum(not year.is_told and bool(year.planned) for year in self.years)

    @property
    def cells(self) -> list[tuple[str, Decimal | None]]:
        names = ("planned", *PARTS, "over_delivered")
        return [(COLUMNS[name], self.sum_of(name)) for name in names]


COLUMNS = {
    "planned": "Planned",
    **{part: words.capitalize() for part, words in PARTS.items()},
    "over_delivered": "Over-delivered",
}


@dataclass(frozen=True)
class Tracker:
    """What the tracker shows of a state, in pounds and without cost avoidance."""

    state: PlanState

    @cached_property
    def told(self) -> list[Told]:
        """Every year as it is added to others: one that does not add up as planned only."""
        return [Told(saving, year.as_counted) for saving in self.state.cash_savings for year in saving.years]

    @property
    def is_monitored(self) -> bool:
        return any(each.year.is_monitored for each in self.told)

    @cached_property
    def by_year(self) -> list[Group]:
        return [self._group(str(period), lambda each, of=period: each.year.period == of) for period in self._periods]

    @property
    def _periods(self) -> list[Period]:
        return sorted({each.year.period for each in self.told})

    @cached_property
    def by_division(self) -> list[Group]:
        """In the order of the council; those without a division last. Nothing where no saving has one."""
        if not any(each.saving.division_id for each in self.told):
            return []
        divisions = {pk: division.name for pk, division in self.state.divisions.items()}
        groups = [
            self._group(name, lambda each, of=pk: each.saving.division_id == of)
            for pk, name in [*divisions.items(), (None, "Division not stated")]
        ]
        return [group for group in groups if group.years]

    @cached_property
    def by_status(self) -> list[Group]:
        """Of what is monitored, or has a status. Nothing where no year has one."""
        if not any(each.year.status for each in self.told):
            return []
        groups = [
            Group(
                status.word if status else "Status not stated",
                tuple(each.year for each in self.told if each.year.status is status),
                status,
            )
            for status in (*SavingStatus, None)
        ]
        return [group for group in groups if group.years]

    def _group(self, label: str, holds) -> Group:
        return Group(label, tuple(each.year for each in self.told if holds(each)))

    @cached_property
    def gaps(self) -> list[Told]:
        """The years in which most of the plan is missing, the biggest gap first."""
        found = [each for each in self.told if each.gap > 0]
        return sorted(found, key=lambda each: (-each.gap, each.saving.name, each.year.period))[:GAPS]

    @property
    def unreconciled(self) -> list[Told]:
        """Years that do not add up: they were stored before years had to."""
        return [Told(saving, year) for saving in self.state.savings for year in saving.years if year.missing]

    @property
    def slipping_nowhere(self) -> list[Told]:
        """Years that say something slips to what is no later year: they were stored before that was asked."""
        return [Told(saving, year) for saving in self.state.savings for year in saving.years if year.slips_nowhere]

    @property
    def avoided(self) -> list[SavingFact]:
        return list(self.state.costs_avoided)

    @property
    def avoided_planned(self) -> Decimal | None:
        return stated_sum(saving.planned_total for saving in self.state.costs_avoided)

    @property
    def avoided_base(self) -> Decimal | None:
        return stated_sum(saving.base_budget for saving in self.state.costs_avoided)

    @property
    def years_chart(self) -> Columns:
        return savings_chart(self.state, self._periods)

    @property
    def divisions_chart(self) -> Stacks:
        return self._bars("Savings by division, £000", "Division", self.by_division)

    @property
    def states_chart(self) -> Stacks:
        return self._bars("Savings by status, £000", "Status", self.by_status)

    def _bars(self, title: str, heading: str, groups: Sequence[Group]) -> Stacks:
        return stacked_bars(
            title=title,
            source=_source(self.state),
            categories=[group.label for group in groups],
            series=_layers(groups),
            show=_thousands,
            heading=heading,
        )

    @property
    def running_chart(self) -> LineChart | None:
        """What came and is expected, added up over the years, beside the plan; None where no planned year is monitored.

        The line ends with the last year before the first that nobody monitored: what comes after it is not known.
        """
        groups = [group for group in self.by_year if group.sum_of("planned") is not None]
        if not any(group.is_monitored for group in groups):
            return None
        planned = accumulate(group.sum_of("planned") or NOTHING for group in groups)
        came = accumulate(
            (group.sum_of("delivered") or NOTHING) + (group.sum_of("forecast") or NOTHING) for group in groups
        )
        figures, is_known = [], True
        for group, plan, sum_of_both in zip(groups, planned, came, strict=True):
            is_known = is_known and not group.not_monitored
            figures.append(
                Figure(
                    group.label,
                    sum_of_both if is_known else None,
                    plan,
                    is_provisional=bool(group.sum_of("forecast")),
                    text="" if is_known else "not monitored",
                )
            )
        return line_chart(
            title="Delivered and forecast, added up over the years, beside the plan, £000",
            source=_source(self.state),
            figures=figures,
            heading="Delivered and forecast",
            target_heading="Plan",
            show=_thousands,
        )


@reads()
def saving_list(request: HttpRequest, plan: str) -> HttpResponse:
    state = visible_state(request, plan)
    years = _printed_years(state)
    context = plan_context(
        state,
        "saving_list",
        ("Savings", ""),
        headings=[f"Delivered {year}" if _is_past(year) else str(year) for year in years],
        lines=[SavingLine(saving, tuple(_amount(saving, year) for year in years)) for saving in state.savings],
        totals=[_total(state.cash_savings, year) for year in years],
        avoided=[_total(state.costs_avoided, year) for year in years] if state.costs_avoided else [],
        figure=savings_chart(state, years),
        tracker=Tracker(state),
        columns=list(COLUMNS.values()),
        delivery=delivery(state),
        reconciliation=reconcile(state, Register.SAVINGS),
    )
    return render(request, "dashboards/saving_list.html", context)


def _is_past(period: Period) -> bool:
    """Whether a period is all time up to a day: it holds what was delivered, and nobody plans for it."""
    return period.kind is PeriodKind.TO_DATE


def _amount(saving: SavingFact, period: Period) -> Decimal | None:
    return saving.delivered_in(period) if _is_past(period) else saving.planned_in(period)


def _total(savings: Iterable[SavingFact], period: Period) -> Decimal | None:
    return stated_sum(_amount(saving, period) for saving in savings)


def _printed_years(state: PlanState) -> tuple[Period, ...]:
    """The years of the register: those with an amount, and those the document has a column for."""
    printed = {printed_year(total) for total in state.printed_totals if total.register == Register.SAVINGS}
    return tuple(sorted({*state.saving_years, *(printed - {None})}))


def savings_chart(state: PlanState, years: Sequence[Period]) -> Columns:
    """What became of what is planned, year by year; planned alone where nothing more is known."""
    tracker = Tracker(state)
    groups = [tracker._group(str(year), lambda each, of=year: each.year.period == of) for year in years]
    is_known = any(group.layer(part) is not None for group in groups for part in PARTS)
    title = "Savings by year: delivered, forecast and planned, £000" if is_known else "Planned savings by year, £000"
    return column_chart(
        title=title,
        source=_source(state),
        categories=[group.label for group in groups],
        series=_layers(groups),
        stacked=True,
        show=_thousands,
        heading="Year",
    )


def _layers(groups: Sequence[Group]) -> list[Series]:
    """What the bars of some groups are made of: the layers that any of them has."""
    layers = {name: [group.layer(name) for group in groups] for name in LAYERS}
    known = {name: values for name, values in layers.items() if any(value is not None for value in values)}
    if not known or list(known) == ["planned"]:
        return [Series("Planned", layers["planned"])]
    looks = {name: number for number, name in enumerate(LAYERS, 1)}
    return [Series(LAYERS[name], values, looks[name]) for name, values in known.items()]


def _source(state: PlanState) -> str:
    return state.plan.source_document or state.plan.title


def _thousands(value: Decimal) -> str:
    return plain((value / 1000).normalize())


def delivery(state: PlanState) -> list[Group]:
    """What became of each year; empty where nobody monitored any and nothing was delivered."""
    groups = Tracker(state).by_year
    return groups if any(group.layer(part) is not None for group in groups for part in PARTS) else []
