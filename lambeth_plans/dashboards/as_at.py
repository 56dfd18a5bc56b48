"""A plan as it stood at the end of a past day, or as it was published: `?as_at=2020-12-31` and
`?as_at=publication-2` on every page of a plan.

It is asked for once: every link and form that leads from such a page to another page of the same plan keeps it,
so that nobody compares yesterday's figure with today's without noticing.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from html import escape
from typing import Any
from urllib.parse import quote

from django.db.models import Min
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from lambeth_plans import history
from lambeth_plans.history import Versioned
from objectives.models import Plan

PARAMETER = "as_at"
#: A day as a date field of a browser sends it; `date.fromisoformat` also takes other forms.
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


_PUBLICATION = re.compile(r"publication-([1-9]\d{0,8})", re.ASCII)


@dataclass(frozen=True)
class Asked:
    """A day, or the number of a publication, as it stands behind the question mark."""

    text: str
    day: date | None = None
    number: int | None = None


class DayNotShown(Http404):
    """A plan cannot be shown as at the day that is asked for; the text says why, in a sentence."""

    def __init__(self, why: str, slug: str) -> None:
        super().__init__(why)
        self.slug = slug


def moment_of(day: date | None) -> datetime | None:
    """The last moment of a past day; None for no day and for today, which is not over."""
    return None if day is None or day >= timezone.localdate() else end_of(day)


def end_of(day: date) -> datetime:
    """The last moment of a day, in the council's time."""
    return datetime.combine(day, time.max, timezone.get_current_timezone())


def day_written(text: str) -> date:
    """The day that a text like 2020-12-31 means. Raises ValueError with a sentence for anything else."""
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass  # written like a day, and none of the calendar
    raise ValueError(f"“{text[:40]}” is not a day. Write it as 2020-12-31.")


def asked_of(request: HttpRequest, slug: str) -> Asked | None:
    """What is asked for, None for the plan as it is. Raises DayNotShown for what is neither a day nor a
    publication, and for days to come."""
    text = request.GET.get(PARAMETER, "").strip()
    if not text:
        return None
    if numbered := _PUBLICATION.fullmatch(text):
        return Asked(text, number=int(numbered[1]))
    try:
        day = day_written(text)
    except ValueError as error:
        raise DayNotShown(str(error), slug) from error
    if day > timezone.localdate():
        raise DayNotShown(not_come(day), slug)
    return Asked(text, day=day)


def not_come(day: date) -> str:
    return f"{date_format(day, 'j F Y')} has not come yet."


def not_published(asked: Asked) -> str:
    if asked.number:
        return f"There is no publication {asked.number} of this plan."
    return f"Nothing of this plan was published by {date_format(asked.day, 'j F Y')}."


def not_held(day: date) -> str:
    return f"Nothing of this plan was held here on {date_format(day, 'j F Y')}."


def first_day(plan: Plan) -> date:
    """The first day at whose end the plan was held here. One query."""
    entries = history.entry_model(Plan)._default_manager.filter(id=plan.pk)
    return timezone.localdate(entries.aggregate(first=Min("history_date"))["first"])


def record_as(model: type[Versioned], row: Any) -> Any:
    """A record with what a history row says of it. It is not to be saved."""
    record = model(**{field.attname: getattr(row, field.attname) for field in model._meta.concrete_fields})
    record._state.adding = False
    return record


def plan_then(plan: Plan, at: datetime) -> Plan:
    """The plan's own row as it stood, with what was read with it. One query. Raises DayNotShown where it was not there
    yet."""
    row = history.rows(Plan, at).filter(id=plan.pk).first()
    if row is None:
        raise DayNotShown(not_held(timezone.localdate(at)), plan.slug)
    then = record_as(Plan, row)
    then._state.fields_cache = dict(plan._state.fields_cache)
    for name in ("follower_slug", "follower_title"):
        if hasattr(plan, name):
            setattr(then, name, getattr(plan, name))
    return then


class KeepsDay:
    """Middleware: a page as at a past day leads to others as at the same day, and says so where it cannot."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if shown := getattr(request, PARAMETER, None):
            slug, text = shown
            if response.get("Content-Type", "").startswith("text/html") and not response.streaming:
                response.content = kept(response.content.decode(), slug, text)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, DayNotShown):
            return None
        request.as_at = None
        page = {"why": str(exception), "url": reverse("plan_dashboard", args=[exception.slug])}
        return render(request, "dashboards/day_not_shown.html", page, status=404)


def kept(html: str, slug: str, asked: str) -> str:
    """A page of a plan in which links to its pages, and forms that read them, keep what was asked for. A link that
    names a day already, and the one that leads out of the past (`data-now`), stay."""
    pages = re.escape(escape(reverse("plan_dashboard", args=[slug])))
    link = re.compile(
        rf'<a (?P<before>[^>]*?)href="(?P<path>(?:{pages})[^"?#]*|(?=\?))(?P<query>\?[^"#]*)?(?P<mark>#[^"]*)?"'
    )
    form = re.compile(rf'<form [^>]*method="get"[^>]*action="(?:{pages}[^"]*)?"[^>]*>')

    def to_link(found: re.Match[str]) -> str:
        query = found["query"] or ""
        if "data-now" in found["before"] or f"{PARAMETER}=" in query:
            return found[0]
        added = f"{query}&amp;" if len(query) > 1 else "?"
        return f'<a {found["before"]}href="{found["path"]}{added}{PARAMETER}={quote(asked)}{found["mark"] or ""}"'

    def to_form(found: re.Match[str]) -> str:
        if "data-day" in found[0]:
            return found[0]
        return f'{found[0]}<input type="hidden" name="{PARAMETER}" value="{escape(asked)}">'

    return form.sub(to_form, link.sub(to_link, html))
