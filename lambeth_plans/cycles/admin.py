"""Meetings, rounds, submissions and publications in Django's admin. Only read: what is published stays as it was."""

from django.contrib import admin

from lambeth_plans.accounts.admin import ReadOnlyAdmin
from lambeth_plans.cycles.models import Meeting, Publication, ReportingRound, Submission


@admin.register(Meeting)
class MeetingAdmin(ReadOnlyAdmin):
    list_display = ("board", "meeting_date", "place")
    list_select_related = ("board",)
    search_fields = ("board__name", "place")


@admin.register(ReportingRound)
class ReportingRoundAdmin(ReadOnlyAdmin):
    council_path = "plan__council"
    list_display = ("plan", "month_date", "opens_date", "due_date", "closes_date")
    list_select_related = ("plan",)
    search_fields = ("plan__title", "key")


@admin.register(Submission)
class SubmissionAdmin(ReadOnlyAdmin):
    council_path = "activity__plan__council"
    list_display = ("activity", "reporting_round", "state", "is_late", "step_by_name", "step_at")
    list_select_related = ("activity", "reporting_round")
    search_fields = ("activity__ref", "activity__title", "step_by_name")


@admin.register(Publication)
class PublicationAdmin(ReadOnlyAdmin):
    council_path = "plan__council"
    exclude = ("marks",)
    list_display = ("plan", "number", "published_at", "published_by_name", "note")
    list_select_related = ("plan",)
    search_fields = ("plan__title", "note", "published_by_name")
