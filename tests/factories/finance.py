"""Budgets, savings, contracts and the workforce."""

from decimal import Decimal

import factory
from django.utils import timezone

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
from lambeth_plans import periods
from tests.factories.accounts import CouncilFactory
from tests.factories.objectives import PlanRecordFactory
from tests.factories.record import RecordFactory, this_year


class BudgetLineFactory(PlanRecordFactory):
    """£1,000,000 net of this financial year's General Fund."""

    class Meta:
        model = BudgetLine

    key = factory.Sequence("budget-line-{}".format)
    title = factory.Sequence("Budget line {}".format)
    period = factory.LazyFunction(this_year)
    fund = BudgetLine.Fund.GENERAL
    employee_expenses = Decimal(800_000)
    other_expenditure = Decimal(400_000)
    grants_and_contributions = Decimal(150_000)
    other_income = Decimal(50_000)


class BudgetMonitorFactory(RecordFactory):
    """A pressure of £50,000, seen in the first month of the line's year."""

    class Meta:
        model = BudgetMonitor

    line = factory.SubFactory(BudgetLineFactory)
    period = factory.LazyAttribute(lambda built: periods.month_of(built.line.period_start))
    forecast = Decimal(1_050_000)
    variance_reason = "More placements."
    recovery_action = "Prices are agreed anew."


class BudgetFigureFactory(PlanRecordFactory):
    class Meta:
        model = BudgetFigure

    key = factory.Sequence("budget-figure-{}".format)
    title = factory.Sequence("Budget figure {}".format)
    kind = BudgetFigure.Kind.OVERSPEND
    amount = Decimal(5_700_000)


class SavingFactory(PlanRecordFactory):
    class Meta:
        model = Saving

    key = factory.Sequence("saving-{}".format)
    ref = factory.Sequence("SA{}".format)
    title = factory.Sequence("Saving {}".format)
    base_budget = Decimal(2_000_000)


class SavingYearFactory(RecordFactory):
    class Meta:
        model = SavingYear

    saving = factory.SubFactory(SavingFactory)
    period = factory.LazyFunction(this_year)
    planned = Decimal(100_000)


#: What became of the £100,000 that a year plans.
MONITORED = {
    "delivered": Decimal(40_000),
    "forecast": Decimal(30_000),
    "slipped": Decimal(25_000),
    "undeliverable": Decimal(10_000),
    "over_delivered": Decimal(5_000),
    "mitigated_by": "Posts are held open.",
    "status": "at_risk",
    "status_reason": "Two contracts are late.",
}


class SupplierFactory(RecordFactory):
    class Meta:
        model = Supplier

    council = factory.SubFactory(CouncilFactory)
    key = factory.Sequence("supplier-{}".format)
    name = factory.Sequence("Supplier {} Ltd".format)


class ContractFactory(PlanRecordFactory):
    """A contract with a supplier, without amount and dates until they are given."""

    class Meta:
        model = Contract

    supplier = factory.SubFactory(SupplierFactory, council=factory.SelfAttribute("..plan.council"))
    key = factory.Sequence("contract-{}".format)
    title = factory.Sequence("Contract {}".format)


class WorkforceSnapshotFactory(PlanRecordFactory):
    class Meta:
        model = WorkforceSnapshot

    key = factory.Sequence("workforce-{}".format)
    title = "Workforce"
    snapshot_date = factory.LazyFunction(timezone.localdate)
    headcount = 100


class WorkforceBandFactory(RecordFactory):
    class Meta:
        model = WorkforceBand

    snapshot = factory.SubFactory(WorkforceSnapshotFactory)
    order = factory.Sequence(lambda number: number + 1)
    kind = WorkforceBand.Kind.GRADE
    label = factory.Sequence("Grade {}".format)
    number = 10


class TeamCaseloadFactory(RecordFactory):
    class Meta:
        model = TeamCaseload

    snapshot = factory.SubFactory(WorkforceSnapshotFactory)
    order = factory.Sequence(lambda number: number + 1)
    team = factory.Sequence("Team {}".format)
    target = Decimal(15)
    actual = Decimal(17)


class PrintedTotalFactory(PlanRecordFactory):
    class Meta:
        model = PrintedTotal

    key = factory.Sequence("printed-total-{}".format)
    register = PrintedTotal.Register.SAVINGS
    measure = "total"
    label = "Total"
    amount = Decimal(100_000)
