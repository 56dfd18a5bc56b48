"""Budgets by line, and amounts told outside a budget table. Totals are computed, never stored."""

from decimal import Decimal

from django.db import models
from django.db.models import F, Q

from lambeth_plans.accounts.models import Division
from lambeth_plans.fields import AsStatedField, InPeriod, MoneyField
from objectives.models import PlanRecord


class BudgetLine(InPeriod, PlanRecord):
    """A division's budget for a financial year. Income is stored as a positive amount and taken away."""

    class Fund(models.TextChoices):
        GENERAL = "general", "General Fund"
        SCHOOLS_GRANT = "schools_grant", "Dedicated Schools Grant"

    title = models.CharField(max_length=150)
    division = models.ForeignKey(Division, on_delete=models.PROTECT, null=True, blank=True, related_name="budget_lines")
    fund = models.CharField(max_length=15, choices=Fund.choices)
    employee_expenses = MoneyField()
    employee_expenses_as_stated = AsStatedField()
    other_expenditure = MoneyField("non-employee expenditure")
    grants_and_contributions = MoneyField()
    other_income = MoneyField()

    class Meta(PlanRecord.Meta):
        constraints = [
            *PlanRecord.Meta.constraints,
            models.CheckConstraint(condition=Q(period_end__gte=F("period_start")), name="finance_budgetline_period"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def total_expenditure(self) -> Decimal:
        return self.employee_expenses + self.other_expenditure

    @property
    def total_income(self) -> Decimal:
        return self.grants_and_contributions + self.other_income

    @property
    def net_expenditure(self) -> Decimal:
        return self.total_expenditure - self.total_income


class BudgetFigure(PlanRecord):
    """An amount that a document tells outside a budget table: a forecast, an overspend, funding, an investment.

    Parts hang under their whole; what the parts leave over is "not broken down". `amount` and `upper_amount` are the
    ends of a range ("£300,000-£400,000"); a single amount has no upper one.
    """

    class Kind(models.TextChoices):
        BUDGET = "budget", "Budget"
        OUTTURN = "outturn", "Outturn"
        FORECAST = "forecast", "Forecast"
        OVERSPEND = "overspend", "Overspend"
        FUNDING = "funding", "Funding"
        SAVING = "saving", "Saving"
        INVESTMENT = "investment", "Investment"
        RESERVES = "reserves", "From reserves"

    title = models.CharField(max_length=250)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="parts")
    period_as_stated = AsStatedField("period")
    amount = MoneyField(null=True, blank=True)
    upper_amount = MoneyField(null=True, blank=True)
    amount_as_stated = AsStatedField()
    body = models.CharField("whose money", max_length=150, blank=True, default="")
    note = models.TextField(blank=True, default="")

    class Meta(PlanRecord.Meta):
        constraints = [
            *PlanRecord.Meta.constraints,
            models.CheckConstraint(
                condition=Q(upper_amount=None) | Q(amount__isnull=False, upper_amount__gte=F("amount")),
                name="finance_budgetfigure_range_in_order",
                violation_error_message="A range needs its lower amount first.",
            ),
        ]

    def __str__(self) -> str:
        return self.title
