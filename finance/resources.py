"""Which sheets of a plan's workbook hold money, contracts and the workforce; each register has a file of its own."""

from finance.models import (
    BudgetFigure,
    BudgetLine,
    BudgetMonitor,
    Contract,
    PrintedTotal,
    Saving,
    SavingYear,
    Supplier,
    TeamCaseload,
    WorkforceBand,
    WorkforceSnapshot,
)
from lambeth_plans.accounts.record_sheets import sheet_of

BUDGET = sheet_of(BudgetLine, "Budget")
BUDGET_MONITORS = sheet_of(BudgetMonitor, "Budget forecasts")
BUDGET_FIGURES = sheet_of(BudgetFigure, "Budget figures")
SAVINGS = sheet_of(Saving, "Savings")
SAVING_YEARS = sheet_of(SavingYear, "Saving years")
SUPPLIERS = sheet_of(Supplier, "Suppliers")
CONTRACTS = sheet_of(Contract, "Contracts")
WORKFORCE = sheet_of(WorkforceSnapshot, "Workforce")
WORKFORCE_BANDS = sheet_of(WorkforceBand, "Workforce bands")
CASELOADS = sheet_of(TeamCaseload, "Caseloads")
PRINTED_TOTALS = sheet_of(PrintedTotal, "Printed totals")
