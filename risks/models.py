"""Risks, their dated scores on a named matrix, and what is done about them."""

from django.db import models
from django.db.models import F, Q

from lambeth_plans.accounts.access import answerable_officers
from lambeth_plans.accounts.models import CouncilRecord, Officer
from lambeth_plans.fields import AsStatedField, PartialDateField, RagField
from lambeth_plans.history import Recorded
from lambeth_plans.rag import Standing
from objectives.models import ChildQuerySet, Objective, PlanRecord, PlanRecordQuerySet


class RiskMatrix(CouncilRecord):
    """A version of a council's risk matrix: its steps and bands are rows, not code. An assumed one colours nothing."""

    name = models.CharField(max_length=100)
    edition = models.PositiveSmallIntegerField(default=1)
    standing = models.CharField(
        max_length=8, choices=[(standing.value, standing.value.capitalize()) for standing in Standing]
    )
    agreed_by = models.CharField(max_length=150, blank=True, default="")

    class Meta(CouncilRecord.Meta):
        verbose_name_plural = "risk matrices"

    def __str__(self) -> str:
        return self.name


class RiskStep(Recorded):
    """One step of likelihood or impact: its weight in the product and its words."""

    class Axis(models.TextChoices):
        LIKELIHOOD = "likelihood", "Likelihood"
        IMPACT = "impact", "Impact"

    matrix = models.ForeignKey(RiskMatrix, on_delete=models.PROTECT, related_name="steps")
    axis = models.CharField(max_length=10, choices=Axis.choices)
    weight = models.PositiveSmallIntegerField()
    word = models.CharField(max_length=60)

    natural_fields = ("matrix__council__slug", "matrix__key", "axis", "weight")
    objects = ChildQuerySet.as_manager()

    class Meta:
        ordering = ["matrix", "axis", "weight"]
        constraints = [
            models.UniqueConstraint(fields=["matrix", "axis", "weight"], name="risks_riskstep_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.weight} {self.word}"

    def natural_key(self) -> tuple:
        return (self.matrix.council.slug, self.matrix.key, self.axis, self.weight)

    natural_key.dependencies = ["risks.riskmatrix"]


class RiskBand(Recorded):
    """From which score on a rating holds."""

    matrix = models.ForeignKey(RiskMatrix, on_delete=models.PROTECT, related_name="bands")
    lowest_score = models.PositiveSmallIntegerField()
    rag = RagField()

    natural_fields = ("matrix__council__slug", "matrix__key", "lowest_score")
    objects = ChildQuerySet.as_manager()

    class Meta:
        ordering = ["matrix", "lowest_score"]
        constraints = [models.UniqueConstraint(fields=["matrix", "lowest_score"], name="risks_riskband_unique")]

    def __str__(self) -> str:
        return f"{self.lowest_score}+"

    def natural_key(self) -> tuple:
        return (self.matrix.council.slug, self.matrix.key, self.lowest_score)

    natural_key.dependencies = ["risks.riskmatrix"]


class RiskQuerySet(PlanRecordQuerySet):
    def answerable_to(self, user):
        """Those a person answers for: owned by their posts, by those they deputise for, or by an officer of a division
        they direct."""
        return self.visible_to(user).filter(owner__in=answerable_officers(user))


class Risk(PlanRecord):
    """Something that may keep the plan from succeeding."""

    ref = models.CharField(max_length=30, blank=True, default="")
    title = models.CharField(max_length=500)
    cause = models.TextField(blank=True, default="")
    event = models.TextField(blank=True, default="")
    effect = models.TextField(blank=True, default="")
    owner = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, blank=True, related_name="owned_risks")
    objectives = models.ManyToManyField(Objective, blank=True, related_name="risks")
    matrix = models.ForeignKey(RiskMatrix, on_delete=models.PROTECT, null=True, blank=True, related_name="risks")
    review_date = PartialDateField()

    objects = RiskQuerySet.as_manager()

    def __str__(self) -> str:
        return self.ref or self.title


class RiskScore(Recorded):
    """A dated score of a risk, current or target. Documents may give the total only."""

    class Kind(models.TextChoices):
        CURRENT = "current", "Current"
        TARGET = "target", "Target"

    risk = models.ForeignKey(Risk, on_delete=models.PROTECT, related_name="scores")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    scored_date = models.DateField()
    score = models.PositiveSmallIntegerField()
    score_as_stated = AsStatedField()
    likelihood = models.PositiveSmallIntegerField(null=True, blank=True)
    impact = models.PositiveSmallIntegerField(null=True, blank=True)
    matrix = models.ForeignKey(RiskMatrix, on_delete=models.PROTECT, null=True, blank=True, related_name="scores")
    reason = models.TextField(blank=True, default="")

    natural_fields = ("risk__plan__slug", "risk__key", "kind", "scored_date")
    objects = ChildQuerySet.as_manager()

    class Meta:
        ordering = ["risk", "kind", "scored_date"]
        constraints = [
            models.UniqueConstraint(
                fields=["risk", "kind", "scored_date"],
                name="risks_riskscore_one_per_day",
                violation_error_message="This risk already has a score of this kind on this day.",
            ),
            models.CheckConstraint(
                condition=Q(likelihood=None, impact=None, matrix=None)
                | Q(likelihood__isnull=False, impact__isnull=False, matrix__isnull=False),
                name="risks_riskscore_whole_or_total_only",
                violation_error_message="Give likelihood, impact and matrix together, or the total only.",
            ),
            models.CheckConstraint(
                condition=Q(likelihood=None) | Q(score=F("likelihood") * F("impact")),
                name="risks_riskscore_is_the_product",
                violation_error_message="A score is its likelihood times its impact.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.risk} {self.kind} {self.score}"

    def natural_key(self) -> tuple:
        return (self.risk.plan.slug, self.risk.key, self.kind, self.scored_date.isoformat())

    natural_key.dependencies = ["risks.risk"]


class Mitigation(Recorded):
    """What keeps a risk down; it may be an activity of the plan."""

    risk = models.ForeignKey(Risk, on_delete=models.PROTECT, related_name="mitigations")
    order = models.PositiveSmallIntegerField()
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

    def natural_key(self) -> tuple:
        return (self.risk.plan.slug, self.risk.key, self.order)

    natural_key.dependencies = ["risks.risk"]
