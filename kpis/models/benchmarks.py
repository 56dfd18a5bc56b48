"""What an indicator is compared with: other areas' figures, and how the areas were grouped."""

from django.db import models
from django.db.models import F, Q

from kpis.models.figures import FigureQuerySet, Reason
from kpis.models.indicators import Indicator
from lambeth_plans.accounts.models import CouncilRecord
from lambeth_plans.fields import AsStatedField, FigureField, InPeriod
from lambeth_plans.history import Recorded


class ComparatorGroup(CouncilRecord):
    """Areas to compare with (Inner London, statistical neighbours), as they were grouped in a year."""

    name = models.CharField(max_length=150)
    vintage = models.CharField(max_length=60, blank=True, default="")
    members = models.JSONField("areas", default=list, blank=True)

    class Meta(CouncilRecord.Meta):
        ordering = ["council", "name"]

    def __str__(self) -> str:
        return self.name


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
