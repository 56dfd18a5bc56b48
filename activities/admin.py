"""Activities in Django's admin; reports are appended by those who report and only read here."""

from django.contrib import admin

from activities.models import Activity, ProgressUpdate
from lambeth_plans.accounts.admin import ReadOnlyAdmin
from objectives.admin import PlanRecordAdmin


@admin.register(Activity)
class ActivityAdmin(PlanRecordAdmin):
    list_display = ("__str__", "title", "owner", "due_date", "plan")
    list_select_related = ("owner", "plan")
    search_fields = ("ref", "title")


@admin.register(ProgressUpdate)
class ProgressUpdateAdmin(ReadOnlyAdmin):
    council_path = "activity__plan__council"
    list_display = ("activity", "period_start", "revision", "rag", "reported_by_name")
    list_select_related = ("activity",)
    search_fields = ("activity__ref", "activity__title")
