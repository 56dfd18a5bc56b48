"""Risks and their matrices in Django's admin."""

from django.contrib import admin

from lambeth_plans.accounts.admin import RecordAdmin
from objectives.admin import PlanRecordAdmin
from risks.models import Mitigation, Risk, RiskBand, RiskMatrix, RiskScore, RiskStep


@admin.register(RiskMatrix)
class RiskMatrixAdmin(RecordAdmin):
    list_display = ("name", "edition", "standing", "council")
    list_select_related = ("council",)


class MatrixPartAdmin(RecordAdmin):
    council_path = "matrix__council"
    list_display = ("__str__", "matrix")
    list_select_related = ("matrix",)


@admin.register(Risk)
class RiskAdmin(PlanRecordAdmin):
    search_fields = ("ref", "title")


class RiskPartAdmin(RecordAdmin):
    council_path = "risk__plan__council"
    list_display = ("__str__", "risk")
    list_select_related = ("risk",)
    search_fields = ("risk__ref", "risk__title")


admin.site.register((RiskStep, RiskBand), MatrixPartAdmin)
admin.site.register((RiskScore, Mitigation), RiskPartAdmin)
