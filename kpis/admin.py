"""Indicators in Django's admin."""

from django.contrib import admin

from kpis.models import (
    Benchmark,
    ComparatorGroup,
    Indicator,
    IndicatorCode,
    Outturn,
    PlanIndicator,
    Rebase,
    RelatedIndicator,
    Target,
)
from lambeth_plans.accounts.admin import RecordAdmin
from objectives.admin import PlanRecordAdmin


@admin.register(Indicator)
class IndicatorAdmin(RecordAdmin):
    list_display = ("title", "key", "unit", "polarity", "council")
    list_select_related = ("council",)
    search_fields = ("key", "title")


@admin.register(IndicatorCode)
class IndicatorCodeAdmin(RecordAdmin):
    list_display = ("code", "indicator", "council")
    list_select_related = ("indicator", "council")
    search_fields = ("code",)


@admin.register(PlanIndicator)
class PlanIndicatorAdmin(PlanRecordAdmin):
    search_fields = ("code", "title")


@admin.register(RelatedIndicator)
class RelatedIndicatorAdmin(RecordAdmin):
    council_path = "indicator__council"
    list_display = ("indicator", "other")
    list_select_related = ("indicator", "other")


@admin.register(ComparatorGroup)
class ComparatorGroupAdmin(RecordAdmin):
    list_display = ("name", "vintage", "council")
    list_select_related = ("council",)
    search_fields = ("name",)


@admin.register(Benchmark)
class BenchmarkAdmin(RecordAdmin):
    council_path = "indicator__council"
    list_display = ("indicator", "area", "period_kind", "period_start", "value")
    list_select_related = ("indicator",)
    search_fields = ("area", "indicator__title")


class FigureAdmin(RecordAdmin):
    council_path = "indicator__council"
    list_display = ("indicator", "period_kind", "period_start", "value")
    list_select_related = ("indicator",)
    search_fields = ("indicator__key", "indicator__title")


admin.site.register((Target, Outturn), FigureAdmin)


@admin.register(Rebase)
class RebaseAdmin(RecordAdmin):
    council_path = "indicator__council"
    list_display = ("indicator", "period_kind", "period_start", "decided_by", "decided_date")
    list_select_related = ("indicator",)
    search_fields = ("indicator__key", "indicator__title")
