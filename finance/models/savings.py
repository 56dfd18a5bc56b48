"""Savings and what they bring in each year."""

from django.db import models
from django.db.models import F, Q

from lambeth_plans.accounts.models import Division, Officer
from lambeth_plans.fields import AsStatedField, InPeriod, MoneyField
from lambeth_plans.history import Recorded
from objectives.models import ChildQuerySet, Objective, PlanRecord


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
