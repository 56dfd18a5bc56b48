"""Targets and outturns of indicators, and where the chart of one starts anew."""

from django.db import models
from django.db.models import F, Q

from kpis.models.indicators import STANDINGS, Indicator
from lambeth_plans.accounts.access import of_visible_councils
from lambeth_plans.fields import AsStatedField, FigureField, InPeriod
from lambeth_plans.history import Recorded
from lambeth_plans.rag import Polarity, Rule, RuleKind, Standing
from objectives.models import ChildQuerySet


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
        max_length=12, choices=[(kind.value, kind.value) for kind in RuleKind], blank=True, default=""
    )
    standing = models.CharField(max_length=8, choices=STANDINGS, default=Standing.STATED.value)
    agreed_by = models.CharField(max_length=150, blank=True, default="")
    #: Who says how far off is Amber; empty: whoever says the target.
    tolerance_standing = models.CharField(max_length=8, choices=STANDINGS, blank=True, default="")

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
                condition=~Q(rule_kind__in=["percent", "improvement"]) | ~Q(value=0),
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
    #: Then nothing of it is withheld from anybody. Also the database's default: an import writes rows without it.
    is_published = models.BooleanField("published elsewhere", default=False, db_default=False)

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


class Rebase(InPeriod, Recorded):
    """From this period on an indicator's chart has limits of its own: a person decided so, on a day, for a reason."""

    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="rebases")
    reason = models.CharField(max_length=500)
    decided_by = models.CharField(max_length=150)
    decided_date = models.DateField()

    natural_fields = ("indicator__council__slug", "indicator__key", "period_kind", "period_start")
    objects = FigureQuerySet.as_manager()

    class Meta:
        ordering = ["indicator", "period_start"]
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "period_kind", "period_start"],
                name="kpis_rebase_once",
                violation_error_message="The chart of this indicator starts anew in this period already.",
            ),
            models.CheckConstraint(condition=Q(period_end__gte=F("period_start")), name="kpis_rebase_period_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} {self.period}"

    def natural_key(self) -> tuple:
        return (self.indicator.council.slug, self.indicator.key, self.period_kind, self.period_start.isoformat())

    natural_key.dependencies = ["kpis.indicator"]


def rule_of(indicator: Indicator, target: Target | None) -> Rule | None:
    """The rule that judges one period of an indicator, or None where no target is stated.

    Its standing is the weaker of the target's and the polarity's.
    """
    if target is None:
        return None
    standings = {
        "which way is better": indicator.polarity_standing,
        "the target": target.standing,
        "the tolerance": target.tolerance_standing or target.standing,
    }
    assumed = tuple(part for part, standing in standings.items() if standing == Standing.ASSUMED)
    return Rule(
        kind=RuleKind(target.rule_kind or RuleKind.NONE),
        polarity=Polarity(indicator.polarity) if indicator.polarity else None,
        target=target.value,
        amber=target.amber,
        lower=target.lower,
        upper=target.upper,
        standing=Standing.ASSUMED if assumed else Standing(target.standing),
        agreed_by=target.agreed_by,
        assumed=assumed,
    )
