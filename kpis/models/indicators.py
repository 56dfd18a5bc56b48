"""Indicators: one per measure and council, and its place in plans."""

import re

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from lambeth_plans.accounts.models import Council, CouncilRecord, Officer
from lambeth_plans.fields import AsStatedField, FigureField
from lambeth_plans.history import Recorded
from lambeth_plans.rag import Polarity, Standing
from objectives.models import BoroughGoal, ChildQuerySet, Objective, PlanRecord

STANDINGS = [(standing.value, standing.value.capitalize()) for standing in Standing]


def normalised_code(code: str) -> str:
    """ "LC.06", "LC06" and "lc 06" are the same code: letters and digits, upper case. Nothing else is guessed."""
    return re.sub(r"[^A-Z0-9]", "", code.upper())


class Indicator(CouncilRecord):
    """One measure of one council. What no document states (unit, polarity, frequency) stays empty."""

    class Unit(models.TextChoices):
        PERCENT = "%", "Percent"
        NUMBER = "number", "Number"
        DAYS = "days", "Days"
        PER_1000 = "per 1,000", "Per 1,000"
        PER_10000 = "per 10,000", "Per 10,000"
        PER_100000 = "per 100,000", "Per 100,000"
        POUNDS = "£", "Pounds"

    class Frequency(models.TextChoices):
        MONTH = "month", "Monthly"
        QUARTER = "quarter", "Quarterly"
        YEAR = "year", "Yearly"

    title = models.CharField(max_length=300)
    definition = models.TextField(blank=True, default="")
    unit = models.CharField(max_length=12, choices=Unit.choices, blank=True, default="")
    decimals = models.PositiveSmallIntegerField(default=0)
    polarity = models.CharField(
        max_length=6, blank=True, default="", choices=[(polarity.value, polarity.value) for polarity in Polarity]
    )
    polarity_standing = models.CharField(max_length=8, choices=STANDINGS, blank=True, default="")
    polarity_agreed_by = models.CharField(max_length=150, blank=True, default="")
    frequency = models.CharField(max_length=8, choices=Frequency.choices, blank=True, default="")
    data_due_lag_days = models.PositiveSmallIntegerField(null=True, blank=True)
    source = models.CharField(max_length=200, blank=True, default="")
    counts_people = models.BooleanField(null=True, blank=True)
    is_cumulative = models.BooleanField("counts up through the year", null=True, blank=True)
    why_it_matters = models.TextField("why it matters to children", blank=True, default="")
    numerator_is = models.CharField("what is counted", max_length=200, blank=True, default="")
    denominator_is = models.CharField("out of what", max_length=200, blank=True, default="")
    last_checked_date = models.DateField("quality of the data last checked", null=True, blank=True)
    #: Moves no larger than this are "steady"; in the indicator's unit. Empty: nobody has stated one.
    steady_gap = FigureField()
    #: Whether outlying moves are left out of the limits of its chart (kpis/spc.py).
    is_screened = models.BooleanField("leave outlying moves out of the limits", default=True)

    class Meta(CouncilRecord.Meta):
        ordering = ["council", "key"]
        constraints = [
            *CouncilRecord.Meta.constraints,
            models.CheckConstraint(
                condition=Q(polarity="", polarity_standing="") | (~Q(polarity="") & ~Q(polarity_standing="")),
                name="kpis_indicator_polarity_has_standing",
                violation_error_message="Say who decided which way is better.",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class IndicatorCode(Recorded):
    """A code an indicator is known by; equal codes within a council are the same indicator."""

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="+")
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="codes")
    code = models.CharField(max_length=40)
    normalised = models.CharField(max_length=40, editable=False)

    natural_fields = ("council__slug", "normalised")
    objects = ChildQuerySet.as_manager()

    class Meta:
        ordering = ["indicator", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["council", "normalised"],
                name="kpis_indicatorcode_unique",
                violation_error_message="Another indicator of this council has this code.",
            )
        ]

    def __str__(self) -> str:
        return self.code

    def clean(self) -> None:
        self.normalised = normalised_code(self.code)
        if not self.normalised:
            raise ValidationError({"code": "A code needs a letter or a digit."})

    def natural_key(self) -> tuple[str, str]:
        return (self.council.slug, self.normalised)

    natural_key.dependencies = ["accounts.council", "kpis.indicator"]


#: Addresses that stand where a key would.
NOT_KEYS = ("charts", "unusual", "due")


class PlanIndicator(PlanRecord):
    """An indicator's place in a plan: the code and title printed there, its group, owner and goal."""

    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="places")
    code = models.CharField(max_length=40, blank=True, default="")
    title = models.CharField(max_length=300)
    group = models.CharField(max_length=100, blank=True, default="")
    kind_as_stated = AsStatedField("indicator type")
    objective = models.ForeignKey(Objective, on_delete=models.PROTECT, null=True, blank=True, related_name="indicators")
    goal = models.ForeignKey(BoroughGoal, on_delete=models.PROTECT, null=True, blank=True, related_name="indicators")
    owner = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, blank=True, related_name="owned_indicators")
    activities = models.ManyToManyField("activities.Activity", blank=True, related_name="indicators")
    commentary = models.TextField("what the document says of it", blank=True, default="")

    class Meta(PlanRecord.Meta):
        constraints = [
            *PlanRecord.Meta.constraints,
            models.UniqueConstraint(fields=["plan", "indicator"], name="kpis_planindicator_once_per_plan"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}".strip()

    def clean(self) -> None:
        if self.key in NOT_KEYS:
            raise ValidationError({"key": f"“{self.key}” is the address of a page about all indicators."})


class RelatedIndicator(Recorded):
    """Two measures that only sound alike: each keeps its own line, and the reason says why they are not one."""

    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="related")
    other = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="related_from")
    reason = models.CharField(max_length=500)

    natural_fields = ("indicator__council__slug", "indicator__key", "other__key")
    objects = ChildQuerySet.as_manager()

    class Meta:
        ordering = ["indicator", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["indicator", "other"], name="kpis_relatedindicator_once"),
            models.CheckConstraint(
                condition=~Q(indicator=F("other")),
                name="kpis_relatedindicator_two_measures",
                violation_error_message="An indicator is not related to itself.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} and {self.other}"

    def natural_key(self) -> tuple[str, str, str]:
        return (self.indicator.council.slug, self.indicator.key, self.other.key)

    natural_key.dependencies = ["kpis.indicator"]
