"""How many people work in the directorate, by band, and how many cases their teams hold."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q

from lambeth_plans.fields import AsStatedField, PartialDateField
from lambeth_plans.history import Recorded
from objectives.models import ChildQuerySet, PlanRecord


class WorkforceSnapshot(PlanRecord):
    """How many people work in the directorate at a date.

    Its bands add up to the headcount, or `difference_reason` says why they do not (finance/reconciling.py).
    """

    title = models.CharField(max_length=150)
    snapshot_date = PartialDateField(null=False, blank=False)
    headcount = models.PositiveIntegerField(null=True, blank=True)
    average_sickness_days = models.DecimalField(max_digits=6, decimal_places=2, null=True, blank=True)
    turnover = models.DecimalField(
        "turnover, percent", max_digits=5, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    turnover_as_stated = AsStatedField("turnover as stated")
    difference_reason = models.CharField(
        "why the bands do not add up to the headcount", max_length=500, blank=True, default=""
    )

    class Meta(PlanRecord.Meta):
        constraints = [
            *PlanRecord.Meta.constraints,
            models.CheckConstraint(
                condition=Q(turnover=None) | Q(turnover__gte=0),
                name="finance_workforcesnapshot_turnover",
                violation_error_message="A turnover is not below 0%.",
            ),
        ]

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


class TeamCaseload(Recorded):
    """How many cases each worker of a team holds on average on the day of a snapshot, and how many it should be."""

    snapshot = models.ForeignKey(WorkforceSnapshot, on_delete=models.PROTECT, related_name="caseloads")
    order = models.PositiveSmallIntegerField()
    team = models.CharField(max_length=150)
    target = models.DecimalField(
        "target caseload", max_digits=6, decimal_places=1, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    actual = models.DecimalField(
        "actual caseload", max_digits=6, decimal_places=1, null=True, blank=True, validators=[MinValueValidator(0)]
    )

    natural_fields = ("snapshot__plan__slug", "snapshot__key", "order")
    objects = ChildQuerySet.as_manager()

    class Meta:
        ordering = ["snapshot", "order"]
        constraints = [
            models.UniqueConstraint(fields=["snapshot", "order"], name="finance_teamcaseload_unique_order"),
            models.CheckConstraint(
                condition=(Q(target=None) | Q(target__gte=0)) & (Q(actual=None) | Q(actual__gte=0)),
                name="finance_teamcaseload_not_below_nought",
                violation_error_message="A caseload is not below 0.",
            ),
        ]

    def __str__(self) -> str:
        return self.team

    def natural_key(self) -> tuple:
        return (self.snapshot.plan.slug, self.snapshot.key, self.order)

    natural_key.dependencies = ["finance.workforcesnapshot"]
