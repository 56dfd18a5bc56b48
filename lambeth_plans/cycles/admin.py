"""Meetings, rounds, publications and questions in Django's admin. Only read: what is published, asked and answered
stays as it was."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django_tasks_db.models import DBTaskResult

from lambeth_plans.accounts.access import Permission
from lambeth_plans.accounts.admin import ReadOnlyAdmin
from lambeth_plans.cycles.models import (
    Answer,
    ContractReminder,
    FollowUp,
    Meeting,
    MeetingAction,
    Publication,
    Question,
    Reminder,
    ReminderDigest,
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


@admin.register(Reminder)
class ReminderAdmin(ReadOnlyAdmin):
    permission = Permission.MANAGE_PEOPLE
    council_path = "reporting_round__plan__council"
    list_display = ("person", "reporting_round", "kind", "digest")
    list_select_related = ("person", "reporting_round", "digest")
    search_fields = ("person__name",)


@admin.register(ContractReminder)
class ContractReminderAdmin(ReadOnlyAdmin):
    permission = Permission.MANAGE_PEOPLE
    council_path = "contract__plan__council"
    list_display = ("person", "contract", "months", "deadline_date", "digest")
    list_select_related = ("person", "contract", "digest")
    search_fields = ("person__name", "contract__title")


@admin.register(ReminderDigest)
class ReminderDigestAdmin(ReadOnlyAdmin):
    """Without what stands in it, which may be of another council too."""

    permission = Permission.MANAGE_PEOPLE
    council_path = "reminders__reporting_round__plan__council"
    exclude = ("text",)
    list_display = ("person", "day_date", "state", "attempts", "sent_at")
    list_select_related = ("person",)
    search_fields = ("person__name", "error")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return ReminderDigest.objects.visible_to(request.user)

    def council_of(self, record: ReminderDigest) -> None:
        """Its person may belong to several councils."""


# Jobs are notes of the workers, and no records.
admin.site.unregister(DBTaskResult)
