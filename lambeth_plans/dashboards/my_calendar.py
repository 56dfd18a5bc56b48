"""A calendar of what a person answers for (RFC 5545), to be taken into the calendar they use anyway.

It is fetched as everything that programs fetch: with the session of who is logged in, or with a token in the header
"Authorization: Bearer". There is no address with a secret in it: addresses land in logs.
"""

import unicodedata
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from icalendar import Calendar, Event

from activities.models import Activity, ProgressUpdate
from finance.models import Contract
from lambeth_plans.accounts.access import Permission
from lambeth_plans.accounts.guards import answers_programs
from lambeth_plans.accounts.models import User
from lambeth_plans.dashboards.moves import move_between
from lambeth_plans.fields import PartialDate
from objectives.models import Plan

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
        contracts=contracts_to_come(request.user, timezone.localdate()),
        reports={report.activity_id: report for report in latest},
        root=request.build_absolute_uri("/").rstrip("/"),
        host=request.get_host(),
        now=timezone.now(),
    )
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{FILE_NAME}"'
    return response


def contracts_to_come(user: User, today: date) -> list[Contract]:
    """The contracts of current plans that a person answers for, with a date and not ended. One query."""
    found = (
        Contract.objects.answerable_to(user)
        .filter(Q(end_date__isnull=False) | Q(notice_date__isnull=False), plan__status=Plan.Status.CURRENT)
        .select_related("plan__council")
        .order_by("end_date", "plan_id", "order", "key")
    )
    return [contract for contract in found if contract.end_date is None or contract.end_date.latest >= today]


def calendar_of(
    activities: Iterable[Activity],
    *,
    reports: dict[int, ProgressUpdate],
    root: str,
    host: str,
    now: datetime,
    contracts: Iterable[Contract] = (),
) -> bytes:
    """An all-day event for each activity, which has a due date, and for the end of each contract and its last day for
    notice. `reports` has the last report of an activity by its primary key; `root` is what addresses begin with; `host`
    makes the names of the events our own."""
    calendar = Calendar()
    for name, value in (("prodid", MADE_BY), ("version", "2.0"), ("x-wr-calname", NAME)):
        calendar.add(name, value)
    for activity in activities:
        calendar.add_component(_event(activity, reports.get(activity.pk), root, host, now))
    for contract in contracts:
        for event in _contract_events(contract, root, host, now):
            calendar.add_component(event)
    return calendar.to_ical()


def _event(activity: Activity, report: ProgressUpdate | None, root: str, host: str, now: datetime) -> Event:
    """A month or a year stands on its last day, and says so."""
    plan, due = activity.plan, activity.due_date
    return _all_day(
        due.latest,
        uid=f"{plan.slug}.{activity.key}.due@{host}",
        now=now,
        summary=f"Due{_by_the_end_of(due)}: {activity.ref} {activity.title}",
        told=_told(activity, report),
        url=root + reverse("activity_detail", args=[plan.slug, activity.key]),
    )


def _by_the_end_of(due: PartialDate) -> str:
    return "" if due.precision == "day" else f" by the end of {due}"


def _all_day(day: date, *, uid: str, now: datetime, summary: str, told: list[str], url: str) -> Event:
    """The day stays free: somebody works on it."""
    event = Event()
    event.add("uid", uid)
    event.add("dtstamp", now)
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    event.add("summary", one_line(summary))
    event.add("description", "\n".join(map(one_line, told)))
    event.add("url", url)
    event.add("transp", "TRANSPARENT")
    return event


def _contract_events(contract: Contract, root: str, host: str, now: datetime) -> Iterator[Event]:
    """Its end, and the last day for notice. An end that is a month or a year stands on its last day, a last day for
    notice on its first (finance/ending.py), and says so."""
    plan, ending = contract.plan, contract.ending_on(timezone.localdate(now))
    name = f"{contract.ref} {contract.title}".strip()
    told = [*_plan_told(plan), capfirst(f"{ending.words}.")]
    told += [ending.assumed] if ending.assumed else []
    url = root + reverse("contract_detail", args=[plan.slug, contract.key])
    days = []
    if ending.end:
        days.append(("end", ending.end.latest, f"Contract ends{_by_the_end_of(ending.end)}: {name}"))
    if ending.notice_day:
        days.append(("notice", ending.notice_day, f"Last day for notice: {name}"))
    for kind, day, summary in days:
        uid = f"{plan.slug}.{contract.key}.contract-{kind}@{host}"
        yield _all_day(day, uid=uid, now=now, summary=summary, told=told, url=url)


def _plan_told(plan: Plan) -> list[str]:
    told = [f"{plan.council.name}: {plan.title}"]
    return [*told, f"{plan.council.name} is invented."] if plan.council.is_invented else told


def _told(activity: Activity, report: ProgressUpdate | None) -> list[str]:
    due, told = activity.due_date, _plan_told(activity.plan)
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
