"""Meetings, rounds, reminders and publications in Django's admin. Only read: what is published stays as it was."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django_tasks_db.models import DBTaskResult

from lambeth_plans.accounts.access import Permission
from lambeth_plans.accounts.admin import ReadOnlyAdmin
from lambeth_plans.cycles.models import Meeting, Publication, Reminder, ReminderDigest, ReportingRound


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


@admin.register(Publication)
class PublicationAdmin(ReadOnlyAdmin):
    council_path = "plan__council"
    exclude = ("marks",)
    list_display = ("plan", "number", "published_at", "published_by_name", "note")
    list_select_related = ("plan",)
    search_fields = ("plan__title", "note", "published_by_name")


@admin.register(Reminder)
class ReminderAdmin(ReadOnlyAdmin):
    permission = Permission.MANAGE_PEOPLE
    council_path = "reporting_round__plan__council"
    list_display = ("person", "reporting_round", "kind", "digest")
    list_select_related = ("person", "reporting_round", "digest")
    search_fields = ("person__name",)


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
