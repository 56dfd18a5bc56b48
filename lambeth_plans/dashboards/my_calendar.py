"""A calendar of what a person answers for (RFC 5545), to be taken into the calendar they use anyway.

It is fetched as everything that programs fetch: with the session of who is logged in, or with a token in the header
"Authorization: Bearer". There is no address with a secret in it: addresses land in logs.
"""

import unicodedata
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar, Event

from activities.models import Activity, ProgressUpdate
from lambeth_plans.accounts.access import Permission
from lambeth_plans.accounts.guards import answers_programs
from lambeth_plans.dashboards.moves import move_between

NAME = "What I answer for"
FILE_NAME = "what-i-answer-for.ics"
MADE_BY = "-//Lambeth Plans//Due dates//EN"


@answers_programs(Permission.REPORT_PROGRESS)
def my_calendar(request: HttpRequest) -> HttpResponse:
    activities = list(
        Activity.objects.answerable_to(request.user)
        .reportable()
        .exclude(due_date=None)
        .select_related("plan__council")
        .order_by("due_date", "plan_id", "order", "key")
    )
    latest = ProgressUpdate.objects.filter(activity__in=[activity.pk for activity in activities]).latest_of_each()
    text = calendar_of(
        activities,
        reports={report.activity_id: report for report in latest},
        root=request.build_absolute_uri("/").rstrip("/"),
        host=request.get_host(),
        now=timezone.now(),
    )
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{FILE_NAME}"'
    return response


def calendar_of(
    activities: Iterable[Activity], *, reports: dict[int, ProgressUpdate], root: str, host: str, now: datetime
) -> bytes:
    """An all-day event for each activity, which has a due date. `reports` has its last report by its primary key;
    `root` is what addresses begin with; `host` makes the names of the events our own."""
    calendar = Calendar()
    for name, value in (("prodid", MADE_BY), ("version", "2.0"), ("x-wr-calname", NAME)):
        calendar.add(name, value)
    for activity in activities:
        calendar.add_component(_event(activity, reports.get(activity.pk), root, host, now))
    return calendar.to_ical()


def _event(activity: Activity, report: ProgressUpdate | None, root: str, host: str, now: datetime) -> Event:
    """A month or a year stands on its last day, and says so. The day stays free: somebody works on it."""
    plan, due, event = activity.plan, activity.due_date, Event()
    is_exact = due.precision == "day"
    event.add("uid", f"{plan.slug}.{activity.key}.due@{host}")
    event.add("dtstamp", now)
    event.add("dtstart", due.latest)
    event.add("dtend", due.latest + timedelta(days=1))
    event.add("summary", one_line(f"Due{'' if is_exact else f' by the end of {due}'}: {activity.ref} {activity.title}"))
    event.add("description", "\n".join(map(one_line, _told(activity, report))))
    event.add("url", root + reverse("activity_detail", args=[plan.slug, activity.key]))
    event.add("transp", "TRANSPARENT")
    return event


def _told(activity: Activity, report: ProgressUpdate | None) -> list[str]:
    plan, due = activity.plan, activity.due_date
    told = [f"{plan.council.name}: {plan.title}"]
    if plan.council.is_invented:
        told.append(f"{plan.council.name} is invented.")
    if due.precision != "day":
        told.append(f"Only “{due}” is stated, so this stands on the last day of it.")
    if move := move_between(activity.original_due_date, due):
        told.append(f"Originally due {move.before}: now {move.words}.")
    told.append(f"Last reported: {report.rag.word}, {report.period.long_label}." if report else "Not reported yet.")
    return told


def one_line(text: str) -> str:
    """Words without anything that a calendar program could take for the end of a line, or that no text holds. The
    library escapes what RFC 5545 names; it lets other control characters and line separators through."""
    printable = "".join(" " if unicodedata.category(letter) in ("Cc", "Zl", "Zp") else letter for letter in text)
    return " ".join(printable.split())
