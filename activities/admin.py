"""Activities in Django's admin; reports are appended by those who report and only read here."""

from collections.abc import Iterable

from django.contrib import admin
from django.db.models import Model

from activities.models import Activity, Evidence, EvidenceFile, Output, ProgressUpdate
from lambeth_plans.accounts.admin import ReadOnlyAdmin
from lambeth_plans.accounts.models import User
from objectives.admin import PlanRecordAdmin


@admin.register(Activity)
class ActivityAdmin(PlanRecordAdmin):
    list_display = ("__str__", "title", "owner", "due_date", "plan")
    list_select_related = ("owner", "plan")
    search_fields = ("ref", "title")
    readonly_fields = ("original_due_date",)

    def write(self, obj: Activity, *, by: User, reason: str, links: dict[str, Iterable[Model]]) -> None:
        obj.keep_first_due_date()
        super().write(obj, by=by, reason=reason, links=links)


@admin.register(Output)
class OutputAdmin(PlanRecordAdmin):
    list_display = ("__str__", "activity", "plan")
    list_select_related = ("activity", "plan")


@admin.register(Evidence)
class EvidenceAdmin(PlanRecordAdmin):
    list_display = ("__str__", "kind", "evidence_date", "plan")


@admin.register(EvidenceFile)
class EvidenceFileAdmin(ReadOnlyAdmin):
    """What is in a file is never shown here, and a file is put in and taken away on the pages of its evidence."""

    council_path = "plan__council"
    list_display = ("__str__", "evidence", "kind", "size", "may_be_published")
    list_select_related = ("evidence",)
    search_fields = ("file_name", "evidence__title")


@admin.register(ProgressUpdate)
class ProgressUpdateAdmin(ReadOnlyAdmin):
    council_path = "activity__plan__council"
    list_display = ("activity", "period_start", "revision", "rag", "reported_by_name")
    list_select_related = ("activity",)
    search_fields = ("activity__ref", "activity__title")
