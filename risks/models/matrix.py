"""A council's risk matrix as versioned data: editions, the steps of likelihood and impact, and bands."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from lambeth_plans.accounts.models import CouncilRecord, CouncilRecordQuerySet
from lambeth_plans.fields import RagField
from lambeth_plans.history import Recorded
from lambeth_plans.rag import Standing
from objectives.models import ChildQuerySet
from risks.scoring import ESCALATE_AFTER, HIGHEST_WEIGHT, Weights, earlier, edition_label

#: The columns of a matrix that say whether it is agreed, by whom and when.
AGREEMENT = ("standing", "agreed_by", "agreed_date")
SETTLED = "{} is agreed and in use: its steps and bands stay. Replace it with a new edition."


class RiskMatrixQuerySet(CouncilRecordQuerySet):
    def in_use(self):
        """Those that a risk or a score names."""
        return self.filter(models.Exists(_naming("risks.Risk")) | models.Exists(_naming("risks.RiskScore")))

    def agreed(self):
        return self.exclude(standing=Standing.ASSUMED.value)


def _naming(label: str) -> models.QuerySet:
    from django.apps import apps

    return apps.get_model(label)._default_manager.filter(matrix=models.OuterRef("pk"))


class RiskMatrix(CouncilRecord):
    """An edition of a council's risk matrix: its steps and bands are rows, not code. An assumed one colours nothing.

    A later edition names the one it replaces; scores keep the edition they were made on.
    """

    name = models.CharField(max_length=100)
    edition = models.PositiveSmallIntegerField(default=1)
    standing = models.CharField(
        max_length=8, choices=[(standing.value, standing.value.capitalize()) for standing in Standing]
    )
    agreed_by = models.CharField(max_length=150, blank=True, default="")
    agreed_date = models.DateField("agreed on", null=True, blank=True)
    appetite = models.PositiveSmallIntegerField("highest score that is accepted", null=True, blank=True)
    escalate_after = models.PositiveSmallIntegerField(
        "periods of getting worse before it is an exception",
        default=ESCALATE_AFTER,
        validators=[MinValueValidator(1), MaxValueValidator(12)],
    )
    replaces = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by")

    objects = RiskMatrixQuerySet.as_manager()

    class Meta(CouncilRecord.Meta):
        verbose_name_plural = "risk matrices"

    def __str__(self) -> str:
        return self.name

    @property
    def label(self) -> str:
        """Its name with the edition where it is not the first."""
        return edition_label(self.name, self.edition)

    @property
    def is_agreed(self) -> bool:
        return self.standing != Standing.ASSUMED.value

    @property
    def is_settled(self) -> bool:
        """Whether it holds and something stands on it: then only a new edition may say otherwise. One query."""
        return self.is_agreed and RiskMatrix.objects.filter(pk=self.pk).in_use().exists()

    def fall_back(self) -> None:
        """It says something else of scores than what was agreed: it is assumed until it is agreed again."""
        self.standing, self.agreed_by, self.agreed_date = Standing.ASSUMED.value, "", None

    @property
    def earlier_editions(self) -> set[int]:
        """The editions that it follows, near or far, by primary key. One query."""
        return earlier(self.pk, dict(RiskMatrix.objects.filter(council=self.council_id).values_list("pk", "replaces")))

    @property
    def weights(self) -> Weights:
        """Of its steps as they are in the database. One query."""
        return weights_of([self.pk])[self.pk]

    def clean(self) -> None:
        super().clean()
        held = RiskMatrix.objects.filter(pk=self.pk or 0).first()
        if held is None or not held.is_settled:
            return
        if self.appetite != held.appetite:
            raise ValidationError({"appetite": SETTLED.format(held)})
        if not self.is_agreed:
            raise ValidationError({"standing": f"{held} is agreed and in use. Replace it with a new edition."})


def weights_of(matrices: Sequence[int]) -> dict[int, Weights]:
    """The weights of some matrices' steps, by primary key. One query."""
    found: dict[int, dict[str, list[int]]] = {pk: {axis: [] for axis in RiskStep.Axis.values} for pk in matrices}
    for pk, axis, weight in RiskStep.objects.filter(matrix__in=matrices).values_list("matrix", "axis", "weight"):
        found[pk][axis].append(weight)
    return {
        pk: Weights(**{axis: tuple(sorted(weights)) for axis, weights in axes.items()}) for pk, axes in found.items()
    }


class MatrixPart(Recorded):
    """A row of a matrix. Of one that is agreed and in use, none is added or changed."""

    class Meta:
        abstract = True

    def clean(self) -> None:
        super().clean()
        matrix = RiskMatrix.objects.filter(pk=self.matrix_id or 0).first()
        held = type(self)._default_manager.select_related("matrix").filter(pk=self.pk or 0).first()
        for each in filter(None, (matrix, held and held.matrix)):
            if each.is_settled and not (held and self.says_the_same(held)):
                raise ValidationError(SETTLED.format(each))

    def says_the_same(self, held: "MatrixPart") -> bool:
        return all(getattr(held, f.attname) == getattr(self, f.attname) for f in held._meta.concrete_fields)


class RiskStep(MatrixPart):
    """One step of likelihood or impact: its weight in the product and its words, of which there may be none yet."""

    class Axis(models.TextChoices):
        LIKELIHOOD = "likelihood", "Likelihood"
        IMPACT = "impact", "Impact"

    matrix = models.ForeignKey(RiskMatrix, on_delete=models.PROTECT, related_name="steps")
    axis = models.CharField(max_length=10, choices=Axis.choices)
    weight = models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(HIGHEST_WEIGHT)])
    word = models.CharField(max_length=60, blank=True, default="")
    description = models.CharField(max_length=500, blank=True, default="")

    natural_fields = ("matrix__council__slug", "matrix__key", "axis", "weight")
    objects = ChildQuerySet.as_manager()

    class Meta:
        ordering = ["matrix", "axis", "weight"]
        constraints = [
            models.UniqueConstraint(fields=["matrix", "axis", "weight"], name="risks_riskstep_unique"),
            models.CheckConstraint(
                condition=models.Q(weight__gte=1, weight__lte=HIGHEST_WEIGHT),
                name="risks_riskstep_weight",
                violation_error_message=f"The weight of a step is a whole number from 1 to {HIGHEST_WEIGHT}.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.weight} {self.word}".strip()

    def natural_key(self) -> tuple:
        return (self.matrix.council.slug, self.matrix.key, self.axis, self.weight)

    natural_key.dependencies = ["risks.riskmatrix"]

    @classmethod
    def check_written(cls, instances: Sequence[Any]) -> None:
        """Whatever happens to steps, no score of their matrix may become impossible by it."""
        from risks.models.scores import refuse_impossible

        matrices = sorted({step.matrix_id for step in instances})
        # Whoever writes a score holds the matrix it names: so either waits for the other, and sees what it did.
        list(RiskMatrix.objects.select_for_update().filter(pk__in=matrices).order_by("pk"))
        refuse_impossible(matrix__in=matrices)


class RiskBand(MatrixPart):
    """From which score on a rating holds, and what the council calls that."""

    matrix = models.ForeignKey(RiskMatrix, on_delete=models.PROTECT, related_name="bands")
    lowest_score = models.PositiveSmallIntegerField()
    rag = RagField()
    name = models.CharField(max_length=60, blank=True, default="")

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
