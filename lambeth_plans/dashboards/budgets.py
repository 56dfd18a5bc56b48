"""The budget: its lines with totals that are computed here, and what they are expected to come to; what is told in
words: budget_figures.py."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import groupby
from typing import Self

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from finance.models import BudgetLine
from finance.reconciling import variance_words
from lambeth_plans.accounts.access import Permission, may
from lambeth_plans.accounts.guards import reads
from lambeth_plans.charts import Figure, LineChart, Step, Waterfall, line_chart, waterfall
from lambeth_plans.dashboards.budget_figures import (
    figure_falls,
    figure_rows,
    reserves_in_doubt,
    shown_pounds,
    source_of,
)
from lambeth_plans.dashboards.facts import BudgetLineFact, BudgetMonitorFact
from lambeth_plans.dashboards.pages import about, plan_context, visible_state
from lambeth_plans.dashboards.reconciliation import BUDGET_COLUMNS, Register, budget_total, reconcile
from lambeth_plans.dashboards.state import PlanState
from lambeth_plans.periods import Period

NOTHING = Decimal(0)
FUNDS = dict(BudgetLine.Fund.choices)


@dataclass(frozen=True)
class BudgetRow:
    """A line of the budget or a computed total. Income is taken away, so it is shown negative."""

    title: str
    amounts: tuple[Decimal, ...]
    line: BudgetLineFact | None = None
    division: str = ""

    @property
    def hint(self) -> str:
        """What its title does not say: another fund than the General Fund, and its division."""
        if self.line is None:
            return ""
        fund = "" if self.line.fund == BudgetLine.Fund.GENERAL else FUNDS[self.line.fund]
        return ", ".join(name for name in dict.fromkeys((fund, self.division)) if name and name != self.title)

    @property
    def cells(self) -> list[tuple[str, Decimal]]:
        return [(label, amount) for (_, label, _), amount in zip(BUDGET_COLUMNS, self.amounts, strict=True)]


@dataclass(frozen=True)
class Seen:
    """A line with the forecast that held in a month."""

    line: BudgetLineFact
    monitor: BudgetMonitorFact

    @property
    def name(self) -> str:
        return _name_of(self.line)


def _name_of(line: BudgetLineFact) -> str:
    """Its title, with another fund than the General Fund."""
    fund = "" if line.fund == BudgetLine.Fund.GENERAL else f" ({FUNDS[line.fund]})"
    return line.title if line.title == FUNDS[line.fund] else f"{line.title}{fund}"


@dataclass(frozen=True)
class Outlook:
    """What the lines of a year are expected to come to, as it was seen in a month; lines without a forecast are not
    counted. `budget`, `forecast` and `variance` are of all its lines: where these are of both funds, `by_fund` tells
    each alone, and whoever shows the sum says that it is one."""

    year: Period
    month: Period
    seen: tuple[Seen, ...]
    missing: tuple[BudgetLineFact, ...]
    name: str = ""  # of the fund, where it is of one

    @property
    def by_fund(self) -> tuple[Self, ...]:
        """Each fund of which a line has been forecast, alone: the grant does not pay for the General Fund."""
        funds = {fund: [each for each in self.seen if each.line.fund == fund] for fund in FUNDS}
        return tuple(
            replace(
                self,
                seen=tuple(seen),
                missing=tuple(line for line in self.missing if line.fund == fund),
                name=FUNDS[fund],
            )
            for fund, seen in funds.items()
            if seen
        )

    @property
    def is_of_both(self) -> bool:
        return len(self.by_fund) > 1

    @property
    def not_counted(self) -> str:
        """Which lines are in no sum, in a sentence; empty where all are."""
        names = ", ".join(_name_of(line) for line in self.missing)
        return f"Not counted, because nobody has forecast it: {names}." if names else ""

    @property
    def budget(self) -> Decimal:
        return sum((each.monitor.budget for each in self.seen), NOTHING)

    @property
    def forecast(self) -> Decimal:
        return sum((each.monitor.forecast for each in self.seen), NOTHING)

    @property
    def variance(self) -> Decimal:
        return self.forecast - self.budget

    @property
    def underspend(self) -> Decimal:
        return -self.variance

    @property
    def variance_words(self) -> str:
        return variance_words(self.variance)


def outlook_of(lines: Sequence[BudgetLineFact], month: Period | None = None) -> Outlook | None:
    """What the lines of one year are expected to come to in a month, the latest one where none is named; None where
    nothing had been forecast by then."""
    months = months_seen(lines)
    month = month or (months[-1] if months else None)
    if month is None:
        return None
    seen = [Seen(line, monitor) for line in lines if (monitor := line.seen_in(month))]
    missing = [line for line in lines if line.seen_in(month) is None]
    return Outlook(lines[0].period, month, tuple(seen), tuple(missing)) if seen else None


def months_seen(lines: Sequence[BudgetLineFact]) -> list[Period]:
    return sorted({monitor.month for line in lines for monitor in line.monitors})


@dataclass(frozen=True)
class YearOfBudget:
    """A year's lines, and what they are expected to come to where somebody has said so."""

    period: Period
    rows: list[BudgetRow]
    outlook: Outlook | None = None
    figure: Waterfall | None = None
    course: LineChart | None = None


@reads()
def budget(request: HttpRequest, plan: str) -> HttpResponse:
    state = visible_state(request, plan)
    figures = figure_rows(state.budget_figures)
    context = plan_context(
        state,
        "budget",
        ("Budget", ""),
        columns=[label for _, label, _ in BUDGET_COLUMNS],
        years=[year_of_budget(state, period, lines) for period, lines in lines_by_year(state)],
        figures=figures,
        falls=figure_falls(state),
        doubts=reserves_in_doubt(state),
        notes=[
            *(about(line.title, note) for line in state.budget_lines for note in line.notes),
            *(about(row.figure.title, note) for row in figures for note in row.figure.notes),
        ],
        reconciliation=reconcile(state, Register.BUDGET, Register.BUDGET_FIGURES),
        may_edit=may(request.user, Permission.EDIT_REGISTERS),
    )
    return render(request, "dashboards/budget.html", context)


def lines_by_year(state: PlanState) -> list[tuple[Period, list[BudgetLineFact]]]:
    ordered = sorted(state.budget_lines, key=lambda line: line.period)
    return [(period, list(lines)) for period, lines in groupby(ordered, key=lambda line: line.period)]


def year_of_budget(state: PlanState, period: Period, lines: list[BudgetLineFact]) -> YearOfBudget:
    rows, outlook = budget_rows(lines, _divisions(state)), outlook_of(lines)
    if outlook is None:
        return YearOfBudget(period, rows)
    return YearOfBudget(period, rows, outlook, outlook_chart(state, outlook), course_chart(state, lines))


def _divisions(state: PlanState) -> dict[int, str]:
    return {pk: division.name for pk, division in state.divisions.items()}


def outlook_chart(state: PlanState, outlook: Outlook) -> Waterfall:
    """From the budget, line by line, to the forecast."""
    return waterfall(
        title=f"From the budget of {outlook.year} to the forecast of {outlook.month.long_label}{_of_both(outlook)}",
        source=source_of(state),
        start=Step("Budget", outlook.budget),
        steps=[Step(each.name, each.monitor.variance) for each in outlook.seen],
        end=Step("Forecast", outlook.forecast),
        show=shown_pounds,
    )


def course_chart(state: PlanState, lines: list[BudgetLineFact]) -> LineChart | None:
    """The forecast of all lines month by month, beside the budget; None for a single month. A month in which not every
    line had been forecast has no figure: its sum would be of something else."""
    outlooks = [outlook_of(lines, month) for month in months_seen(lines)]
    forecast = max(len(outlook.seen) for outlook in outlooks)
    if len(outlooks) < 2:
        return None
    figures = [
        Figure(
            str(outlook.month),
            outlook.forecast if len(outlook.seen) == forecast else None,
            outlook.budget if len(outlook.seen) == forecast else None,
            text="not every line had been forecast",
        )
        for outlook in outlooks
    ]
    return line_chart(
        title=(
            f"What {outlooks[-1].year} is expected to come to, month by month{_of_both(outlooks[-1])}; "
            "the target is the budget"
        ),
        source=source_of(state),
        figures=figures,
        heading="Forecast",
        show=_millions,
    )


def _of_both(outlook: Outlook) -> str:
    return ", both funds together" if outlook.is_of_both else ""


def _millions(amount: Decimal) -> str:
    """£m with two decimals, so that the words of a scale stay short."""
    return f"{'−' if amount < 0 else ''}£{abs(amount) / 1_000_000:.2f}m"


# The lines


def budget_rows(lines: list[BudgetLineFact], divisions: dict[int, str] | None = None) -> list[BudgetRow]:
    """General Fund lines and their total, then the other funds, then the grand total."""
    general = [line for line in lines if line.fund == BudgetLine.Fund.GENERAL]
    others = [line for line in lines if line.fund != BudgetLine.Fund.GENERAL]
    names = divisions or {}
    return [
        *(_budget_row(line.title, [line], line, names) for line in general),
        *([_budget_row("General Fund total", general)] if general else []),
        *(_budget_row(line.title, [line], line, names) for line in others),
        _budget_row("Grand total", lines),
    ]


def _budget_row(
    title: str, lines: list[BudgetLineFact], line: BudgetLineFact | None = None, divisions: dict[int, str] | None = None
) -> BudgetRow:
    amounts = ((budget_total(lines, measure), is_income) for measure, _, is_income in BUDGET_COLUMNS)
    signed = tuple(-amount if is_income else amount for amount, is_income in amounts)
    return BudgetRow(title, signed, line, (divisions or {}).get(line.division_id, "") if line else "")
