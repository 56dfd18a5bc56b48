"""What a risk scores on a day, and that no score is impossible, whichever door it comes through."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models
from django.db.models import F, Q

from lambeth_plans.fields import AsStatedField, PartialDateField
from lambeth_plans.history import Recorded
from objectives.models import ChildQuerySet
from risks.models.matrix import RiskMatrix, weights_of
from risks.models.risk import Risk
from risks.scoring import refusal


class ImpossibleScore(ValidationError, IntegrityError):
    """A score that its matrix cannot give. Nothing was written.

    Forms and imports refuse it before, in its place; this is the door that none gets round. So it is both what a
    model refuses and what a database does.
    """


class RiskScore(Recorded):
    """A dated score of a risk: inherent (nothing is done), current or target. Documents may give the total only.

    With a matrix it is the product of two of its steps, or a total that is one. `due_date` is until when a target is to
    be reached.
    """

    class Kind(models.TextChoices):
        INHERENT = "inherent", "Inherent"
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
    due_date = PartialDateField("to be reached by")
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
                condition=Q(likelihood=None, impact=None)
                | Q(likelihood__isnull=False, impact__isnull=False, matrix__isnull=False),
                name="risks_riskscore_whole_or_total_only",
                violation_error_message="Give likelihood, impact and matrix together, or the total only.",
            ),
            models.CheckConstraint(
                condition=Q(likelihood=None) | Q(score=F("likelihood") * F("impact")),
                name="risks_riskscore_is_the_product",
                violation_error_message="A score is its likelihood times its impact.",
            ),
            models.CheckConstraint(
                condition=Q(kind="target") | Q(due_date=None),
                name="risks_riskscore_target_has_the_date",
                violation_error_message="Only a target has a date by which it is to be reached.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.risk} {self.kind} {self.score}"

    def natural_key(self) -> tuple:
        return (self.risk.plan.slug, self.risk.key, self.kind, self.scored_date.isoformat())

    natural_key.dependencies = ["risks.risk"]

    def refusal(self, matrix: RiskMatrix | None = None) -> str:
        """Why its matrix, or for a total alone that names none its risk's, cannot give it; empty where it can."""
        matrix = self.matrix or matrix or self.risk.matrix
        if matrix is None or self.score is None:
            return ""
        likelihood, impact = (self.likelihood, self.impact) if self.matrix_id else (None, None)
        return refusal(matrix.weights, score=self.score, likelihood=likelihood, impact=impact)

    @classmethod
    def check_written(cls, instances: Sequence[Any]) -> None:
        refuse_impossible(pk__in=[score.pk for score in instances if score.matrix_id])


def refuse_impossible(**conditions: Any) -> None:
    """Looks at scores as they are in the database now. Raises ImpossibleScore at one that its matrix cannot give."""
    scores = RiskScore.objects.filter(**conditions, matrix__isnull=False).values_list(
        "risk__ref", "risk__title", "matrix", "score", "likelihood", "impact"
    )
    rows = list(scores)
    weights = weights_of(sorted({row[2] for row in rows})) if rows else {}
    for ref, title, matrix, score, likelihood, impact in rows:
        if said := refusal(weights[matrix], score=score, likelihood=likelihood, impact=impact):
            raise ImpossibleScore(f"{ref or title}: {said}")
