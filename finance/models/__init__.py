"""Budgets, savings, contracts and the workforce. Money is Decimal pounds; totals are computed, never stored,
and the totals a document prints stand beside them as PrintedTotal."""

from finance.models.budgets import BudgetFigure, BudgetLine, BudgetMonitor
from finance.models.contracts import Contract, Supplier
from finance.models.printed_totals import PrintedTotal
from finance.models.savings import Saving, SavingYear
from finance.models.workforce import TeamCaseload, WorkforceBand, WorkforceSnapshot

__all__ = [
    "BudgetFigure",
    "BudgetLine",
    "BudgetMonitor",
    "Contract",
    "PrintedTotal",
    "Saving",
    "SavingYear",
    "Supplier",
    "TeamCaseload",
    "WorkforceBand",
    "WorkforceSnapshot",
]
