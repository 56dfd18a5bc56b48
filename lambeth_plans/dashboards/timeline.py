"""The timeline of a plan: what falls due, takes place or ends, as a picture over months and as lists below it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst

from activities.models import Activity, Output, ProgressUpdate
from lambeth_plans.accounts.guards import reads
from lambeth_plans.accounts.models import Officer
from lambeth_plans.charts import Span, Timeline, TimelineEntry, TimelineLook, months_shown, timeline
from lambeth_plans.dashboards.dated import Dated, dated_items, heading_of, in_time
from lambeth_plans.dashboards.filters import DatedFilter
from lambeth_plans.dashboards.lists import shown_of
from lambeth_plans.dashboards.pages import plan_context, visible_state
from lambeth_plans.dashboards.state import PlanState
from lambeth_plans.fields import PartialDate
from objectives.models import BoroughGoal, DataQualityNote, Event, Milestone, Objective

#: What is next stands over the picture: so many days from the day shown.
NEXT = timedelta(days=92)
#: So many rows are drawn; of more, those nearest to the day shown.
MOST_ROWS = 120
#: What is read together; contracts bring their suppliers and are read by themselves.
READ = (Activity, Output, ProgressUpdate, Milestone, Event, Officer, Objective, BoroughGoal, DataQualityNote)

Months = list[tuple[str, list[Dated]]]


@dataclass(frozen=True)
class Lists:
    """The lines of the page, each of what has a date in one of the first four, and once more in `slipped` or `earlier`
    where its date was moved. What is overdue longest and what slipped most stands first; what is behind, newest first.
    """

    overdue: list[Dated]
    next: Months
    later: Months
    behind: Months
    slipped: list[Dated]
    earlier: list[Dated]
    not_stated: list[tuple[str, list[Dated]]]


def lists_of(items: Sequence[Dated], day: date) -> Lists:
    dated = sorted((item for item in items if item.due), key=in_time)
    coming = [item for item in dated if item.look is TimelineLook.TO_COME]
    moved = sorted((item for item in dated if item.move), key=lambda item: -abs(item.move.least))
    return Lists(
        overdue=sorted((item for item in dated if item.days_late), key=lambda item: -item.days_late),
        next=_by_month(item for item in coming if item.due.latest <= day + NEXT),
        later=_by_month(item for item in coming if item.due.latest > day + NEXT),
        behind=_by_month(item for item in reversed(dated) if item.look in (TimelineLook.DONE, TimelineLook.PAST)),
        slipped=[item for item in moved if item.move.is_later],
        earlier=[item for item in moved if not item.move.is_later],
        not_stated=[
            (kinds, list(found))
            for kinds, found in groupby((item for item in items if not item.due), key=lambda item: item.kinds)
        ],
    )


def _by_month(items: Iterable[Dated]) -> Months:
    return [(heading, list(found)) for heading, found in groupby(items, key=heading_of)]


def drawn(items: Sequence[Dated], state: PlanState) -> Timeline:
    """What has a date, kind by kind, in the order of time."""
    plan, day = state.plan, state.as_of
    dated = [item for item in items if item.due]
    nearest = sorted(dated, key=lambda item: (abs((item.due.latest - day).days), in_time(item)))[:MOST_ROWS]
    kinds = list(dict.fromkeys(item.kinds for item in dated))
    shown = sorted(nearest, key=lambda item: (kinds.index(item.kinds), in_time(item)))
    dates = [_span(each) for item in shown for each in (item.due, item.original) if each]
    first, last = months_shown(dates, day, plan.start_date, plan.end_date)
    return timeline(
        title="What is due when",
        source=plan.source_document or plan.title,
        description=_told(shown, dated, state),
        entries=[
            TimelineEntry(
                group=capfirst(item.kinds),
                name=f"{item.ref} {item.title}".strip(),
                due=_span(item.due),
                look=item.look,
                words=item.words,
                note=_note(item),
                original=_span(item.original) if item.move else None,
            )
            for item in shown
        ],
        day=day,
        day_text=day_in_words(state),
        first=first,
        last=last,
    )


def _span(stated: PartialDate) -> Span:
    return Span(stated.earliest, stated.latest, str(stated))


def _note(item: Dated) -> str:
    word = {TimelineLook.OVERDUE: "overdue", TimelineLook.DONE: "done"}.get(item.look, "")
    return ", ".join(filter(None, (word, item.move.words if item.move else "")))


def day_in_words(state: PlanState) -> str:
    """What the line of the day is: today, the day that is asked for, or the end of the plan."""
    day = date_format(state.as_of, "j F Y")
    if state.as_of == timezone.localdate():
        return f"Today, {day}"
    ended = state.plan.is_closed and state.as_of == state.plan.end_date
    return f"End of the plan, {day}" if ended else f"Day shown, {day}"


def _told(shown: Sequence[Dated], dated: Sequence[Dated], state: PlanState) -> str:
    """How many there are, how they stand, and what is left out of the picture."""
    if not shown:
        return "Nothing has a date."
    looks = [item.look for item in shown]
    counts = [
        (looks.count(TimelineLook.OVERDUE), "overdue"),
        (looks.count(TimelineLook.TO_COME), "to come"),
        (looks.count(TimelineLook.DONE), "done"),
        (looks.count(TimelineLook.PAST), "gone by"),
        (sum(bool(item.move and item.move.is_later) for item in shown), "later than originally"),
    ]
    standing = ", ".join(f"{count} {words}" for count, words in counts if count)
    day = date_format(state.as_of, "j F Y")
    if len(shown) == len(dated):
        return f"{len(shown)} with a date, read at {day}: {standing}."
    return f"The {len(shown)} of {len(dated)} dates that are nearest to {day}: {standing}. The lists have all of them."


@reads()
def plan_timeline(request: HttpRequest, plan: str) -> HttpResponse:
    state = visible_state(request, plan)
    state.read_ahead(*READ)
    form = DatedFilter(request.GET or None, dated_items(state))
    items = form.narrowed()
    context = plan_context(
        state,
        "timeline",
        ("Timeline", ""),
        form=form,
        summary=shown_of(items, form.rows, "entries"),
        lists=lists_of(items, state.as_of),
        figure=drawn(items, state),
    )
    return render(request, "dashboards/timeline.html", context)
