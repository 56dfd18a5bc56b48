"""Budgets and what they are expected to come to; totals and variances are computed, nowhere stored."""

from collections import defaultdict
from decimal import Decimal
from functools import cached_property

from finance.models import BudgetFigure, BudgetLine, BudgetMonitor
from lambeth_plans.dashboards import facts
from lambeth_plans.dashboards.parts.spine import Spine, period_of


class Budgets(Spine):
    @cached_property
    def _monitors(self) -> dict[int, list]:
        """Line → its forecasts, the latest month last. One query."""
        monitors = defaultdict(list)
        rows = self._rows(BudgetMonitor, line__plan_id=self.plan.pk)
        for row in sorted(rows, key=lambda row: row.period_start):
            monitors[row.line_id].append(row)
        return monitors

    @cached_property
    def budget_lines(self) -> tuple[facts.BudgetLineFact, ...]:
        """Two queries (lines, their forecasts), and the notes."""
        return tuple(
            facts.BudgetLineFact(
                id=row.id,
                key=row.key,
                title=row.title,
                division_id=row.division_id,
                fund=row.fund,
                period=period_of(row),
                employee_expenses=row.employee_expenses,
                other_expenditure=row.other_expenditure,
                grants_and_contributions=row.grants_and_contributions,
                other_income=row.other_income,
                employee_expenses_as_stated=row.employee_expenses_as_stated,
                monitors=tuple(_monitor(each, _net(row)) for each in self._monitors.get(row.id, ())),
                notes=self._notes("budget_line", row.key),
            )
            for row in self._plan_rows(BudgetLine)
        )

    @cached_property
    def budget_figures(self) -> tuple[facts.BudgetFigureFact, ...]:
        """The wholes, each with its parts in order. One query, and the notes."""
        kinds = dict(BudgetFigure.Kind.choices)
        parts = defaultdict(list)
        for row in self._plan_rows(BudgetFigure):
            parts[row.parent_id].append(row)

        def fact(row) -> facts.BudgetFigureFact:
            return facts.BudgetFigureFact(
                id=row.id,
                key=row.key,
                title=row.title,
                kind=kinds[row.kind],
                period_as_stated=row.period_as_stated,
                amount=row.amount,
                upper_amount=row.upper_amount,
                amount_as_stated=row.amount_as_stated,
                body=row.body,
                note=row.note,
                parts=tuple(map(fact, parts[row.id])),
                notes=self._notes("budget_figure", row.key),
            )

        return tuple(map(fact, parts[None]))


def _net(row) -> Decimal:
    """A line's net expenditure, of a row of now or of the past."""
    return row.employee_expenses + row.other_expenditure - row.grants_and_contributions - row.other_income


def _monitor(row, budget: Decimal) -> facts.BudgetMonitorFact:
    return facts.BudgetMonitorFact(
        month=period_of(row),
        forecast=row.forecast,
        actual_to_date=row.actual_to_date,
        variance_reason=row.variance_reason,
        recovery_action=row.recovery_action,
        budget=budget,
        version=row.version,
    )
