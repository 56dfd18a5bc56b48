"""Meetings, rounds, publications and questions in Django's admin. Only read: what is published, asked and answered
stays as it was."""

from django.contrib import admin

from lambeth_plans.accounts.admin import ReadOnlyAdmin
from lambeth_plans.cycles.models import (
    Answer,
    FollowUp,
    Meeting,
    MeetingAction,
    Publication,
    Question,
    ReportingRound,
    Submission,
)


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


@admin.register(MeetingAction)
class MeetingActionAdmin(ReadOnlyAdmin):
    list_display = ("what", "meeting", "owner", "due_date", "done_date")
    list_select_related = ("meeting__board", "owner")
    search_fields = ("what",)


@admin.register(Question)
class QuestionAdmin(ReadOnlyAdmin):
    council_path = "plan__council"
    list_display = ("plan", "order", "about", "asked_by_name", "asked_at", "answered_at")
    list_select_related = ("plan",)
    search_fields = ("about", "text", "asked_by_name")


@admin.register(Answer)
class AnswerAdmin(ReadOnlyAdmin):
    council_path = "question__plan__council"
    list_display = ("question", "number", "answered_by_name", "answered_at")
    list_select_related = ("question",)
    search_fields = ("text", "answered_by_name")


@admin.register(FollowUp)
class FollowUpAdmin(ReadOnlyAdmin):
    """That somebody follows something up, and never what she noted."""

    council_path = "plan__council"
    exclude = ("note",)
    list_display = ("user", "plan", "record_kind", "record_key")
    list_select_related = ("user", "plan")
