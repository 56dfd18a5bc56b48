"""The totals a document prints, kept beside the ones we compute."""

from django.db import models

from lambeth_plans.fields import AsStatedField, MoneyField
from objectives.models import PlanRecord


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
