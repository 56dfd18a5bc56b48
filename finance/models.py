"""Budgets, savings, contracts and the workforce. Money is Decimal pounds; totals are computed, never stored,
and the totals a document prints stand beside them as PrintedTotal."""

from decimal import Decimal

from django.db import models
from django.db.models import F, Q

from lambeth_plans.accounts.models import CouncilRecord, Division, Officer
from lambeth_plans.fields import AsStatedField, InPeriod, MoneyField, PartialDateField
from lambeth_plans.history import Recorded
from objectives.models import ChildQuerySet, Objective, PlanRecord


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


class Saving(PlanRecord):
    """A saving proposal with its amounts by year."""

    ref = models.CharField(max_length=30, blank=True, default="")
    title = models.CharField(max_length=250)
    base_budget = MoneyField(null=True, blank=True)
    base_budget_as_stated = AsStatedField()
    details = models.TextField(blank=True, default="")
    investment_made = MoneyField(null=True, blank=True)
    investment_made_as_stated = AsStatedField()
    investment_needed = MoneyField(null=True, blank=True)
    investment_needed_as_stated = AsStatedField()
    owner = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, blank=True, related_name="owned_savings")
    division = models.ForeignKey(Division, on_delete=models.PROTECT, null=True, blank=True, related_name="savings")
    objectives = models.ManyToManyField(Objective, blank=True, related_name="savings")
    activities = models.ManyToManyField("activities.Activity", blank=True, related_name="savings")

    def __str__(self) -> str:
        return self.ref or self.title


class SavingYear(InPeriod, Recorded):
    """What a saving should bring, and brings, in one financial year. An empty amount is not stated; 0 is stated."""

    saving = models.ForeignKey(Saving, on_delete=models.PROTECT, related_name="years")
    planned = MoneyField(null=True, blank=True)
    planned_as_stated = AsStatedField()
    delivered = MoneyField(null=True, blank=True)
    delivered_as_stated = AsStatedField()
    forecast = MoneyField(null=True, blank=True)
    slipped = MoneyField(null=True, blank=True)
    undeliverable = MoneyField(null=True, blank=True)

    natural_fields = ("saving__plan__slug", "saving__key", "period_kind", "period_start")
    objects = ChildQuerySet.as_manager()

    class Meta:
        ordering = ["saving", "period_start"]
        constraints = [
            models.UniqueConstraint(
                fields=["saving", "period_kind", "period_start"],
                name="finance_savingyear_one_per_year",
                violation_error_message="This saving already has this year.",
            ),
            models.CheckConstraint(condition=Q(period_end__gte=F("period_start")), name="finance_savingyear_period"),
        ]

    def __str__(self) -> str:
        return f"{self.saving} {self.period}"

    def natural_key(self) -> tuple:
        return (self.saving.plan.slug, self.saving.key, self.period_kind, self.period_start.isoformat())

    natural_key.dependencies = ["finance.saving"]


class Supplier(CouncilRecord):
    """Who a contract is with. What kind of body it is stays empty where no register says so."""

    name = models.CharField(max_length=150)
    is_small_or_medium = models.BooleanField("small or medium-sized enterprise", null=True, blank=True)
    is_voluntary_or_community = models.BooleanField("voluntary or community sector", null=True, blank=True)
    registration_number = models.CharField(max_length=60, blank=True, default="")

    class Meta(CouncilRecord.Meta):
        ordering = ["council", "name"]

    def __str__(self) -> str:
        return self.name


class Contract(PlanRecord):
    """A contract of the register: what the document says beside what was understood.

    Besides what plans print, it holds what the Local Government Transparency Code asks councils to publish.
    """

    class Process(models.TextChoices):
        QUOTE = "quote", "Invitation to quote"
        TENDER = "tender", "Published invitation to tender"

    ref = models.CharField(max_length=60, blank=True, default="")
    title = models.CharField(max_length=250)
    supplier = models.ForeignKey(Supplier, on_delete=models.PROTECT, null=True, blank=True, related_name="contracts")
    supplier_as_stated = AsStatedField()
    annual_value = MoneyField(null=True, blank=True)
    annual_value_as_stated = AsStatedField()
    start_date = PartialDateField()
    end_date = PartialDateField()
    end_date_as_stated = AsStatedField()
    review_date = PartialDateField()
    total_value = MoneyField("value over the whole contract", null=True, blank=True)
    total_value_as_stated = AsStatedField("value over the whole contract as stated")
    irrecoverable_vat = MoneyField("VAT that cannot be recovered", null=True, blank=True)
    process = models.CharField(max_length=8, choices=Process.choices, blank=True, default="")
    description = models.TextField(blank=True, default="")
    director = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, blank=True, related_name="contracts")
    further_directors = models.ManyToManyField(Officer, blank=True, related_name="shared_contracts")
    director_as_stated = AsStatedField()
    division = models.ForeignKey(Division, on_delete=models.PROTECT, null=True, blank=True, related_name="contracts")
    objectives = models.ManyToManyField(Objective, blank=True, related_name="contracts")
    note = models.TextField(blank=True, default="")

    def __str__(self) -> str:
        return self.title


class WorkforceSnapshot(PlanRecord):
    """How many people work in the directorate at a date."""

    title = models.CharField(max_length=150)
    snapshot_date = PartialDateField(null=False, blank=False)
    headcount = models.PositiveIntegerField(null=True, blank=True)
    average_sickness_days = models.DecimalField(max_digits=6, decimal_places=2, null=True, blank=True)

    def __str__(self) -> str:
        return self.title


class WorkforceBand(Recorded):
    """One part of the headcount: agency staff, apprentices or a grade band. The share is computed."""

    class Kind(models.TextChoices):
        AGENCY = "agency", "Agency staff"
        APPRENTICE = "apprentice", "Apprentices"
        GRADE = "grade", "Grade band"
        OTHER = "other", "Other"

    snapshot = models.ForeignKey(WorkforceSnapshot, on_delete=models.PROTECT, related_name="bands")
    order = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    label = models.CharField(max_length=100)
    number = models.PositiveIntegerField()
    share_as_stated = AsStatedField()

    natural_fields = ("snapshot__plan__slug", "snapshot__key", "order")
    objects = ChildQuerySet.as_manager()

    class Meta:
        ordering = ["snapshot", "order"]
        constraints = [models.UniqueConstraint(fields=["snapshot", "order"], name="finance_workforceband_unique_order")]

    def __str__(self) -> str:
        return self.label

    def natural_key(self) -> tuple:
        return (self.snapshot.plan.slug, self.snapshot.key, self.order)

    natural_key.dependencies = ["finance.workforcesnapshot"]


class PrintedTotal(PlanRecord):
    """A total as the document prints it, to be compared with the one we compute.

    `register` and `measure` name the computed one (see `dashboards/reconciliation.py`); pounds, or people for
    the workforce.
    """

    class Register(models.TextChoices):
        BUDGET = "budget", "Budget"
        SAVINGS = "savings", "Savings"
        WORKFORCE = "workforce", "Workforce"
        BUDGET_FIGURES = "budget_figures", "Budget figures"

    register = models.CharField(max_length=14, choices=Register.choices)
    record_key = models.SlugField(max_length=80, blank=True, default="")
    measure = models.CharField(max_length=40)
    label = models.CharField(max_length=200)
    amount = MoneyField()
    amount_as_stated = AsStatedField()

    def __str__(self) -> str:
        return self.label
