"""The spine in Django's admin."""

from django.contrib import admin

from lambeth_plans.accounts.admin import RecordAdmin
from objectives.models import (
    Achievement,
    BoroughGoal,
    Consultation,
    DataQualityNote,
    Event,
    Finding,
    Milestone,
    Objective,
    Plan,
    Section,
    Source,
)


class PlanRecordAdmin(RecordAdmin):
    """Rows of a plan."""

    council_path = "plan__council"
    list_display = ("__str__", "plan", "key")
    list_select_related = ("plan",)
    search_fields = ("key", "title")


@admin.register(Plan)
class PlanAdmin(RecordAdmin):
    readonly_fields = ("status",)  # it goes step by step, on the page of the plan's life
    list_display = ("title", "council", "status", "start_date", "end_date")
    list_select_related = ("council",)
    search_fields = ("title",)


@admin.register(BoroughGoal)
class BoroughGoalAdmin(RecordAdmin):
    list_display = ("__str__", "title", "edition", "council")
    list_select_related = ("council",)
    search_fields = ("number", "title")


@admin.register(Achievement)
class AchievementAdmin(PlanRecordAdmin):
    search_fields = ("claim",)


@admin.register(DataQualityNote)
class DataQualityNoteAdmin(PlanRecordAdmin):
    list_display = ("__str__", "record_kind", "record_key", "plan")
    search_fields = ("record_key", "printed", "understood")


@admin.register(Finding)
class FindingAdmin(PlanRecordAdmin):
    list_display = ("__str__", "title", "source", "plan")
    list_select_related = ("source", "plan")
    search_fields = ("ref", "title")


@admin.register(Consultation)
class ConsultationAdmin(PlanRecordAdmin):
    search_fields = ("name", "position")


admin.site.register((Objective, Section, Event, Milestone, Source), PlanRecordAdmin)
