"""Risks and their matrices in Django's admin."""

from django.contrib import admin
from django.http import HttpRequest

from lambeth_plans.accounts.admin import RecordAdmin, RecordAdminForm
from objectives.admin import PlanRecordAdmin
from risks.models import Mitigation, Risk, RiskBand, RiskMatrix, RiskScore, RiskStep


@admin.register(RiskMatrix)
class RiskMatrixAdmin(RecordAdmin):
    list_display = ("name", "edition", "standing", "council")
    list_select_related = ("council",)


class ScoreAdminForm(RecordAdminForm):
    """Refuses a score that its matrix, or else its risk's, cannot give."""

    def _post_clean(self) -> None:
        super()._post_clean()
        if not self.errors and (said := self.instance.refusal()):
            self.add_error("score", said)


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


@admin.register(RiskScore)
class RiskScoreAdmin(RiskPartAdmin):
    form = ScoreAdminForm


@admin.register(RiskStep)
class RiskStepAdmin(MatrixPartAdmin):
    """A step keeps its axis and its weight: scores stand on them."""

    def get_readonly_fields(self, request: HttpRequest, obj: RiskStep | None = None) -> list[str]:
        return [*super().get_readonly_fields(request, obj), *(("matrix", "axis", "weight") if obj else ())]


admin.site.register(RiskBand, MatrixPartAdmin)
admin.site.register(Mitigation, RiskPartAdmin)
