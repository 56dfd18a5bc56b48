"""Risks and their matrices in Django's admin."""

from collections.abc import Iterable

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from lambeth_plans import history
from lambeth_plans.accounts.admin import RecordAdmin, RecordAdminForm
from lambeth_plans.accounts.models import User
from lambeth_plans.rag import Standing
from objectives.admin import PlanRecordAdmin
from risks import matrix_actions
from risks.models import Mitigation, Risk, RiskBand, RiskMatrix, RiskScore, RiskStep
from risks.models.matrix import MatrixPart


@admin.register(RiskMatrix)
class RiskMatrixAdmin(RecordAdmin):
    """Nobody agrees a matrix here: its set-up page asks by whom, and whether words and bands are there."""

    list_display = ("name", "edition", "standing", "council")
    list_select_related = ("council",)
    readonly_fields = ("standing", "agreed_by", "agreed_date")

    def write(self, obj: RiskMatrix, *, by: User, reason: str, links: dict[str, Iterable[Model]]) -> None:
        if obj.pk is None:
            obj.standing = Standing.ASSUMED.value
            history.save(obj, by=by, reason=reason, links=links)
        else:
            layout = matrix_actions.layout_of(obj)
            matrix_actions.save_matrix(matrix=obj, layout=layout, opened=layout, by=by, reason=reason)


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

    def write(self, obj: MatrixPart, *, by: User, reason: str, links: dict[str, Iterable[Model]]) -> None:
        matrix_actions.save_part(part=obj, by=by, reason=reason)


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
