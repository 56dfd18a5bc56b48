"""The budget: its lines with totals that are computed here; what they are expected to come to: budget_outlook.py; what
is told in words: budget_figures.py."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from finance.models import BudgetLine
from lambeth_plans.accounts.access import Permission, may
from lambeth_plans.accounts.guards import reads
from lambeth_plans.charts import LineChart, Waterfall
from lambeth_plans.dashboards.budget_figures import figure_falls, figure_rows, reserves_in_doubt
from lambeth_plans.dashboards.budget_outlook import (
    FUNDS,
    DivisionBudget,
    FundOutlook,
    Outlook,
    by_division,
    course_charts,
    funds_of,
    outlook_charts,
    outlook_of,
)
from lambeth_plans.dashboards.facts import BudgetLineFact
from lambeth_plans.dashboards.pages import about, plan_context, visible_state
from lambeth_plans.dashboards.reconciliation import BUDGET_COLUMNS, Register, budget_total, reconcile
from lambeth_plans.dashboards.state import PlanState
from lambeth_plans.periods import Period


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
class YearOfBudget:
    """A year's lines, their sums by division, and what they are expected to come to where somebody has said so."""

    period: Period
    rows: list[BudgetRow]
    divisions: list[DivisionBudget]
    funds: tuple[FundOutlook, ...]
    outlook: Outlook | None = None
    figures: Sequence[Waterfall] = ()
    courses: Sequence[LineChart] = ()


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
    names, outlook = _divisions(state), outlook_of(lines)
    month = outlook.month if outlook else None
    sums = budget_rows(lines, names), by_division(lines, names, month), funds_of(lines, month)
    if outlook is None:
        return YearOfBudget(period, *sums)
    return YearOfBudget(period, *sums, outlook, outlook_charts(state, outlook), course_charts(state, lines))


def _divisions(state: PlanState) -> dict[int, str]:
    return {pk: division.name for pk, division in state.divisions.items()}


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
