"""Budgets by line, what each is expected to come to, and amounts told outside a budget table. Totals and variances are
computed, never stored."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from finance.reconciling import BudgetSums
from lambeth_plans.accounts.access import answerable_officers
from lambeth_plans.accounts.models import Division
from lambeth_plans.fields import AsStatedField, InPeriod, MoneyField
from lambeth_plans.history import Recorded
from lambeth_plans.periods import PeriodKind
from objectives.models import ChildQuerySet, PlanRecord, PlanRecordQuerySet


class BudgetLineQuerySet(PlanRecordQuerySet):
    def answerable_to(self, user):
        """The lines whose division's director this person is, or answers for."""
        return self.filter(division__director__in=answerable_officers(user))


class BudgetLine(BudgetSums, InPeriod, PlanRecord):
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

    objects = BudgetLineQuerySet.as_manager()

    class Meta(PlanRecord.Meta):
        constraints = [
            *PlanRecord.Meta.constraints,
            models.CheckConstraint(condition=Q(period_end__gte=F("period_start")), name="finance_budgetline_period"),
        ]

    def __str__(self) -> str:
        return self.title


class BudgetMonitor(InPeriod, Recorded):
    """What a line is expected to come to by the end of its year, as seen in one month: one for each line and month.

    Amounts are net, as the line's net expenditure is; the variance is computed from both. `actual_to_date` is what has
    been spent from the first day of the line's year to the end of the month, where that is stated.
    """

    line = models.ForeignKey(BudgetLine, on_delete=models.PROTECT, related_name="monitors")
    forecast = MoneyField("forecast outturn")
    actual_to_date = MoneyField("spent to date", null=True, blank=True)
    variance_reason = models.TextField("why it differs from the budget", blank=True, default="", max_length=2_000)
    recovery_action = models.TextField(blank=True, default="", max_length=2_000)

    natural_fields = ("line__plan__slug", "line__key", "period_kind", "period_start")
    objects = ChildQuerySet.as_manager()

    class Meta:
        ordering = ["line", "period_start"]
        constraints = [
            models.UniqueConstraint(
                fields=["line", "period_kind", "period_start"],
                name="finance_budgetmonitor_one_per_month",
                violation_error_message="This budget line already has a forecast of this month.",
            ),
            models.CheckConstraint(
                condition=Q(period_kind=PeriodKind.MONTH.value),
                name="finance_budgetmonitor_of_a_month",
                violation_error_message="A forecast is of a month, like September 2020.",
            ),
            models.CheckConstraint(condition=Q(period_end__gte=F("period_start")), name="finance_budgetmonitor_period"),
        ]

    def __str__(self) -> str:
        return f"{self.line} {self.period}"

    def natural_key(self) -> tuple:
        return (self.line.plan.slug, self.line.key, self.period_kind, self.period_start.isoformat())

    natural_key.dependencies = ["finance.budgetline"]

    def clean(self) -> None:
        super().clean()
        if self.period_kind and self.period_kind != PeriodKind.MONTH.value:
            raise ValidationError(f"A forecast is of a month, like September 2020, not of {self.period}.")


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
