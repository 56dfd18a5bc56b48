"""Indicators: one per measure and council, its place in plans, its targets and outturns."""

import re

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from lambeth_plans.accounts.access import of_visible_councils
from lambeth_plans.accounts.models import Council, CouncilRecord, Officer
from lambeth_plans.fields import AsStatedField, FigureField, InPeriod
from lambeth_plans.history import Recorded
from lambeth_plans.rag import Polarity, Rule, RuleKind, Standing
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


class ComparatorGroup(CouncilRecord):
    """Areas to compare with (Inner London, statistical neighbours), as they were grouped in a year."""

    name = models.CharField(max_length=150)
    vintage = models.CharField(max_length=60, blank=True, default="")
    members = models.JSONField("areas", default=list, blank=True)

    class Meta(CouncilRecord.Meta):
        ordering = ["council", "name"]

    def __str__(self) -> str:
        return self.name


class FigureQuerySet(ChildQuerySet):
    """Targets and outturns, found by council, indicator and period."""

    def visible_to(self, user):
        return self.filter(of_visible_councils(user, "indicator__council"))


class Target(InPeriod, Recorded):
    """What an indicator should reach in a period, and the rule that judges it from a date on.

    Numbers are in the indicator's unit; see `lambeth_plans.rag.Rule`.
    """

    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="targets")
    value = FigureField()
    value_as_stated = AsStatedField()
    lower = FigureField()
    upper = FigureField()
    amber = FigureField()
    rule_kind = models.CharField(
        max_length=8, choices=[(kind.value, kind.value) for kind in RuleKind], blank=True, default=""
    )
    standing = models.CharField(max_length=8, choices=STANDINGS, default=Standing.STATED.value)
    agreed_by = models.CharField(max_length=150, blank=True, default="")

    natural_fields = ("indicator__council__slug", "indicator__key", "period_kind", "period_start")
    objects = FigureQuerySet.as_manager()

    class Meta:
        ordering = ["indicator", "period_start"]
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "period_kind", "period_start"],
                name="kpis_target_one_per_period",
                violation_error_message="This indicator already has a target for this period.",
            ),
            models.CheckConstraint(condition=Q(period_end__gte=F("period_start")), name="kpis_target_period_in_order"),
            models.CheckConstraint(
                condition=~Q(rule_kind="percent") | ~Q(value=0),
                name="kpis_target_zero_needs_points",
                violation_error_message="A target of 0 needs a rule in points, not in percent.",
            ),
            models.CheckConstraint(
                condition=~Q(rule_kind="band") | Q(lower__isnull=False, upper__isnull=False, lower__lte=F("upper")),
                name="kpis_target_band_in_order",
                violation_error_message="A band needs a lower and an upper value, the lower one first.",
            ),
            models.CheckConstraint(
                condition=Q(rule_kind__in=["", "none"]) | Q(amber__isnull=False),
                name="kpis_target_rule_has_tolerance",
                violation_error_message="A rule needs an amber tolerance.",
            ),
            models.CheckConstraint(
                condition=Q(rule_kind__in=["", "none", "band"]) | Q(value__isnull=False),
                name="kpis_target_rule_has_value",
                violation_error_message="A rule needs a target.",
            ),
            models.CheckConstraint(
                condition=Q(rule_kind__in=["", "none", "bounds"]) | Q(amber__gte=0),
                name="kpis_target_tolerance_not_negative",
                violation_error_message="A tolerance is 0 or more.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} {self.period}"

    def natural_key(self) -> tuple:
        return (self.indicator.council.slug, self.indicator.key, self.period_kind, self.period_start.isoformat())

    natural_key.dependencies = ["kpis.indicator"]


class Reason(models.TextChoices):
    """Why there is no figure. A reason is never a zero."""

    NEW_INDICATOR = "new_indicator", "New indicator"
    BLANK = "blank", "Left blank in the document"
    PENDING = "pending", "Pending"
    NOT_COLLECTED = "not_collected", "Not collected"
    NOT_APPLICABLE = "not_applicable", "Not applicable"
    TO_BE_CONFIRMED = "to_be_confirmed", "To be confirmed"
    SUPPRESSED = "suppressed", "Suppressed"
    NOT_AVAILABLE = "not_available", "Not available"


class Outturn(InPeriod, Recorded):
    """What an indicator came to in a period: a value, or the reason why there is none."""

    class Status(models.TextChoices):
        PROVISIONAL = "provisional", "Provisional"
        FINAL = "final", "Final"

    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="outturns")
    value = FigureField()
    value_as_stated = AsStatedField()
    reason = models.CharField(max_length=16, choices=Reason.choices, blank=True, default="")
    numerator = FigureField()
    denominator = FigureField()
    status = models.CharField(max_length=12, choices=Status.choices, blank=True, default="")
    note = models.TextField(blank=True, default="")

    natural_fields = ("indicator__council__slug", "indicator__key", "period_kind", "period_start")
    objects = FigureQuerySet.as_manager()

    class Meta:
        ordering = ["indicator", "period_start"]
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "period_kind", "period_start"],
                name="kpis_outturn_one_per_period",
                violation_error_message="This indicator already has a figure for this period.",
            ),
            models.CheckConstraint(
                condition=Q(value__isnull=False, reason="") | (Q(value=None) & ~Q(reason="")),
                name="kpis_outturn_value_or_reason",
                violation_error_message="Give a figure, or the reason why there is none.",
            ),
            models.CheckConstraint(condition=Q(period_end__gte=F("period_start")), name="kpis_outturn_period_in_order"),
            models.CheckConstraint(
                condition=Q(denominator=None) | Q(denominator__gt=0),
                name="kpis_outturn_denominator_positive",
                violation_error_message="A denominator is more than 0.",
            ),
        ]
        indexes = [
            models.Index(
                fields=["indicator", "period_start"], include=["period_end", "value"], name="kpis_outturn_series"
            )
        ]

    def __str__(self) -> str:
        return f"{self.indicator} {self.period}"

    def natural_key(self) -> tuple:
        return (self.indicator.council.slug, self.indicator.key, self.period_kind, self.period_start.isoformat())

    natural_key.dependencies = ["kpis.indicator"]


class Benchmark(InPeriod, Recorded):
    """Another area's figure for the same measure and period, or the reason why there is none."""

    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="benchmarks")
    area = models.CharField(max_length=100)
    group = models.ForeignKey(
        ComparatorGroup, on_delete=models.PROTECT, null=True, blank=True, related_name="benchmarks"
    )
    value = FigureField()
    value_as_stated = AsStatedField()
    reason = models.CharField(max_length=16, choices=Reason.choices, blank=True, default="")
    source = models.CharField(max_length=200, blank=True, default="")

    natural_fields = ("indicator__council__slug", "indicator__key", "area", "period_kind", "period_start")
    objects = FigureQuerySet.as_manager()

    class Meta:
        ordering = ["indicator", "period_start", "area"]
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "area", "period_kind", "period_start"],
                name="kpis_benchmark_one_per_area_and_period",
                violation_error_message="This area already has a figure for this period.",
            ),
            models.CheckConstraint(
                condition=Q(value__isnull=False, reason="") | (Q(value=None) & ~Q(reason="")),
                name="kpis_benchmark_value_or_reason",
                violation_error_message="Give a figure, or the reason why there is none.",
            ),
            models.CheckConstraint(
                condition=Q(period_end__gte=F("period_start")), name="kpis_benchmark_period_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.area} {self.period}"

    def natural_key(self) -> tuple:
        return (
            self.indicator.council.slug,
            self.indicator.key,
            self.area,
            self.period_kind,
            self.period_start.isoformat(),
        )

    natural_key.dependencies = ["kpis.indicator"]


def rule_of(indicator: Indicator, target: Target | None) -> Rule | None:
    """The rule that judges one period of an indicator, or None where no target is stated.

    Its standing is the weaker of the target's and the polarity's.
    """
    if target is None:
        return None
    assumed = Standing.ASSUMED.value in (target.standing, indicator.polarity_standing)
    return Rule(
        kind=RuleKind(target.rule_kind or RuleKind.NONE),
        polarity=Polarity(indicator.polarity) if indicator.polarity else None,
        target=target.value,
        amber=target.amber,
        lower=target.lower,
        upper=target.upper,
        standing=Standing.ASSUMED if assumed else Standing(target.standing),
        agreed_by=target.agreed_by,
    )
