"""Contracts and the budget: what is stated line by line, with totals that are computed here."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from finance.models import BudgetLine
from lambeth_plans.accounts.guards import reads
from lambeth_plans.dashboards.facts import BudgetFigureFact, BudgetLineFact
from lambeth_plans.dashboards.filters import ContractFilter
from lambeth_plans.dashboards.lists import PAGE_SIZE, shown_of
from lambeth_plans.dashboards.pages import about, plan_context, visible_state
from lambeth_plans.dashboards.reconciliation import BUDGET_COLUMNS, Register, budget_total, reconcile


@dataclass(frozen=True)
class BudgetRow:
    """A line of the budget or a computed total. Income is taken away, so it is shown negative."""

    title: str
    amounts: tuple[Decimal, ...]
    line: BudgetLineFact | None = None

    @property
    def cells(self) -> list[tuple[str, Decimal]]:
        return [(label, amount) for (_, label, _), amount in zip(BUDGET_COLUMNS, self.amounts, strict=True)]


@reads()
def contract_list(request: HttpRequest, plan: str) -> HttpResponse:
    state = visible_state(request, plan)
    form = ContractFilter(request.GET or None, state.contracts)
    contracts = form.narrowed()
    stated = [contract.annual_value for contract in contracts if contract.annual_value is not None]
    context = plan_context(
        state,
        "contract_list",
        ("Contracts", ""),
        form=form,
        page=Paginator(contracts, PAGE_SIZE).get_page(request.GET.get("page")),
        summary=shown_of(contracts, state.contracts, "contracts"),
        stated=len(stated),
        total=sum(stated, Decimal(0)),
    )
    return render(request, "dashboards/contract_list.html", context)


@reads()
def budget(request: HttpRequest, plan: str) -> HttpResponse:
    state = visible_state(request, plan)
    context = plan_context(
        state,
        "budget",
        ("Budget", ""),
        columns=[label for _, label, _ in BUDGET_COLUMNS],
        years=[
            (period, budget_rows(list(lines)))
            for period, lines in groupby(
                sorted(state.budget_lines, key=lambda line: line.period), key=lambda line: line.period
            )
        ],
        figures=figure_rows(state.budget_figures),
        notes=[
            *(about(line.title, note) for line in state.budget_lines for note in line.notes),
            *(about(row.figure.title, note) for row in figure_rows(state.budget_figures) for note in row.figure.notes),
        ],
        reconciliation=reconcile(state, Register.BUDGET, Register.BUDGET_FIGURES),
    )
    return render(request, "dashboards/budget.html", context)


@dataclass(frozen=True)
class FigureRow:
    """An amount told outside a budget table, so many steps under its whole."""

    figure: BudgetFigureFact
    depth: int


def figure_rows(figures: Sequence[BudgetFigureFact], depth: int = 0) -> list[FigureRow]:
    """Every whole with its parts below it."""
    return [row for each in figures for row in (FigureRow(each, depth), *figure_rows(each.parts, depth + 1))]


def budget_rows(lines: list[BudgetLineFact]) -> list[BudgetRow]:
    """General Fund lines and their total, then the other funds, then the grand total."""
    general = [line for line in lines if line.fund == BudgetLine.Fund.GENERAL]
    others = [line for line in lines if line.fund != BudgetLine.Fund.GENERAL]
    return [
        *(_budget_row(line.title, [line], line) for line in general),
        *([_budget_row("General Fund total", general)] if general else []),
        *(_budget_row(line.title, [line], line) for line in others),
        _budget_row("Grand total", lines),
    ]


def _budget_row(title: str, lines: list[BudgetLineFact], line: BudgetLineFact | None = None) -> BudgetRow:
    amounts = ((budget_total(lines, measure), is_income) for measure, _, is_income in BUDGET_COLUMNS)
    return BudgetRow(title, tuple(-amount if is_income else amount for amount, is_income in amounts), line)
