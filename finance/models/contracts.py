"""The contracts register and who the contracts are with."""

from django.db import models

from lambeth_plans.accounts.models import CouncilRecord, Division, Officer
from lambeth_plans.fields import AsStatedField, MoneyField, PartialDateField
from objectives.models import Objective, PlanRecord


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
