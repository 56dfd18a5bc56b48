"""Risks, and what is done about them."""

from django.db import models

from lambeth_plans.accounts.access import answerable_officers
from lambeth_plans.accounts.models import Officer
from lambeth_plans.fields import PartialDateField
from lambeth_plans.history import Recorded
from objectives.models import ChildQuerySet, Objective, Plan, PlanRecord, PlanRecordQuerySet
from risks.models.matrix import RiskMatrix


class RiskQuerySet(PlanRecordQuerySet):
    def answerable_to(self, user):
        """Those a person answers for: owned by their posts, by those they deputise for, or by an officer of a division
        they direct."""
        return self.visible_to(user).filter(owner__in=answerable_officers(user))

    def scorable(self):
        """Of plans that still take reports; a superseded plan does not."""
        return self.exclude(plan__status=Plan.Status.SUPERSEDED)


class Risk(PlanRecord):
    """Something that may keep the plan from succeeding."""

    class Proximity(models.TextChoices):
        NOW = "now", "Now"
        THREE_MONTHS = "3_months", "Within 3 months"
        YEAR = "12_months", "Within 12 months"
        LATER = "later", "Later than in 12 months"

    ref = models.CharField(max_length=30, blank=True, default="")
    title = models.CharField(max_length=500)
    cause = models.TextField(blank=True, default="")
    event = models.TextField(blank=True, default="")
    effect = models.TextField(blank=True, default="")
    owner = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, blank=True, related_name="owned_risks")
    objectives = models.ManyToManyField(Objective, blank=True, related_name="risks")
    matrix = models.ForeignKey(RiskMatrix, on_delete=models.PROTECT, null=True, blank=True, related_name="risks")
    review_date = PartialDateField()
    proximity = models.CharField(
        "how soon it may happen", max_length=10, choices=Proximity.choices, blank=True, default=""
    )
    indicators = models.ManyToManyField("kpis.PlanIndicator", blank=True, related_name="risks")
    savings = models.ManyToManyField("finance.Saving", blank=True, related_name="risks")
    contracts = models.ManyToManyField("finance.Contract", blank=True, related_name="risks")
    plans = models.ManyToManyField(Plan, blank=True, related_name="risks_of_others", verbose_name="further plans")

    objects = RiskQuerySet.as_manager()

    def __str__(self) -> str:
        return self.ref or self.title


class Mitigation(Recorded):
    """What keeps a risk down: a control that is in place, or a further action, which may be an activity of the plan.
    Which of the two stays empty where the document does not say."""

    class Kind(models.TextChoices):
        CONTROL = "control", "Control in place"
        ACTION = "action", "Further action"

    risk = models.ForeignKey(Risk, on_delete=models.PROTECT, related_name="mitigations")
    order = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=8, choices=Kind.choices, blank=True, default="")
    text = models.CharField(max_length=500)
    activity = models.ForeignKey(
        "activities.Activity", on_delete=models.PROTECT, null=True, blank=True, related_name="mitigations"
    )

    natural_fields = ("risk__plan__slug", "risk__key", "order")
    objects = ChildQuerySet.as_manager()

    class Meta:
        ordering = ["risk", "order"]
        constraints = [models.UniqueConstraint(fields=["risk", "order"], name="risks_mitigation_unique_order")]

    def __str__(self) -> str:
        return self.text

    @property
    def key(self) -> str:
        """What it is called among the mitigations of its risk."""
        return str(self.order)

    def natural_key(self) -> tuple:
        return (self.risk.plan.slug, self.risk.key, self.order)

    natural_key.dependencies = ["risks.risk"]
