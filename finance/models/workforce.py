"""How many people work in the directorate, by band."""

from django.db import models

from lambeth_plans.fields import AsStatedField, PartialDateField
from lambeth_plans.history import Recorded
from objectives.models import ChildQuerySet, PlanRecord


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
