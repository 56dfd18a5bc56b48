"""A timeline: one row for each dated thing, under the heading of its kind, over months; a line for the day shown.

A date stands as precisely as it is stated: a day is a point, a month or a year the span that it is. Where it was moved,
the original date stays as an outline, joined by a broken line.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import groupby
from typing import ClassVar

from lambeth_plans.charts.geometry import Chart, Line, percent, pixels
from lambeth_plans.periods import MONTHS, Period, following, month_of

# Across, in percent: names on the left of the months.
LEFT, RIGHT = 29.0, 99.0
# Down, in pixels: the words of the day and of the months over the rows, a row, and the room over a heading.
HEADER, ROW, ABOVE_HEADING = 58, 24, 12
#: The months stand below the rows again where there are so many.
TALL = 20
#: Letters of a name that fit beside the months on the narrowest drawing.
LETTERS = 38
#: The words of a mark stand before it where it is so far to the right, in percent.
FAR_RIGHT = 78.0
#: Up to so many months, a name for every, every third, every sixth one; beyond, for each year.
STEPS = ((18, 1), (48, 3), (96, 6))


class TimelineLook(StrEnum):
    """How a mark is drawn. Each has a shape and a word of its own, so that no colour is needed."""

    TO_COME = "to-come"
    OVERDUE = "overdue"
    DONE = "done"
    PAST = "past"


@dataclass(frozen=True)
class Span:
    """The days that a date may mean, the same one twice for a day, and how it is told: "March 2021"."""

    first: date
    last: date
    text: str


@dataclass(frozen=True)
class TimelineEntry:
    """`group` is the heading it stands under; `note` stands beside its mark; `words` tell it to whoever points at it
    and in the table."""

    group: str
    name: str
    due: Span
    look: TimelineLook
    words: str
    note: str = ""
    original: Span | None = None
    lead: Span | None = None
    second: str = ""


@dataclass(frozen=True)
class Mark:
    """A point at `x`, or a span from there with a `width`. `edge` says that it lies outside: "before" or "after"."""

    x: str
    width: str = ""
    edge: str = ""


@dataclass(frozen=True)
class Row:
    """`top` is where a span begins; `note_x` and `anchor` are the place of the note."""

    name: str
    label: str
    y: str
    top: str
    look: TimelineLook
    mark: Mark
    ghost: Mark | None
    lead: Mark | None
    link: Line | None
    note: str
    note_x: str
    anchor: str


@dataclass(frozen=True)
class Heading:
    y: str
    text: str


@dataclass(frozen=True)
class MonthName:
    """A line between months at `x`, with the month, and the year where it is the first of it."""

    x: str
    month: str
    year: str


@dataclass(frozen=True, kw_only=True)
class Timeline(Chart):
    """`bottom` is where the lines of the months end; `below` and `below_years` are the places of their names there,
    empty where the drawing is low enough to be seen at once."""

    template_name: ClassVar[str] = "components/charts/timeline.html"
    left: ClassVar[str] = percent(LEFT)
    groups: tuple[tuple[Heading, tuple[Row, ...]], ...]
    months: tuple[MonthName, ...]
    day_x: str
    day_text: str
    day_anchor: str
    bottom: str
    below: str
    below_years: str
    looks: frozenset[str]
    has_points: bool
    has_spans: bool
    has_ghosts: bool
    has_edges: bool
    lead_words: str


def timeline(
    *,
    title: str,
    source: str,
    description: str,
    entries: Sequence[TimelineEntry],
    day: date,
    day_text: str,
    first: date,
    last: date,
    second: str = "Originally",
    lead_words: str = "",
) -> Timeline:
    """Draws the entries in the order they come, those of one group together. The months run from that of `first` to
    that of `last`; what lies outside is an arrow at the edge. `day_text` are the words
    over the line of the day, `second` heads the table's second date, `lead_words` say what the days of a lead are."""
    scale = _Scale(first, last)
    groups, y = [], float(HEADER)
    for name, found in groupby(entries, key=lambda entry: entry.group):
        y += ABOVE_HEADING + ROW
        heading, rows = Heading(pixels(y - ROW / 2 + 5), name), []
        for entry in found:
            rows.append(_row(entry, scale, y + ROW / 2))
            y += ROW
        groups.append((heading, tuple(rows)))
    rows = [row for _, found in groups for row in found]
    is_tall = len(rows) > TALL
    return Timeline(
        title=title,
        source=source,
        description=description,
        columns=("What", "Kind", "Date", second, "How it stands"),
        rows=tuple(
            (entry.name, entry.group, entry.due.text, entry.second or (entry.original or entry.due).text, entry.words)
            for entry in entries
        ),
        groups=tuple(groups),
        months=tuple(scale.months()),
        day_x=percent(scale.at(day)),
        day_text=day_text,
        day_anchor="end" if scale.at(day) > FAR_RIGHT else "start",
        bottom=pixels(y + ROW / 2),
        below=pixels(y + ROW / 2 + 16) if is_tall else "",
        below_years=pixels(y + ROW / 2 + 34) if is_tall else "",
        looks=frozenset(row.look.value for row in rows),
        has_points=any(not row.mark.width and not row.mark.edge for row in rows),
        has_spans=any(row.mark.width for row in rows),
        has_ghosts=any(row.ghost for row in rows),
        has_edges=any(row.mark.edge for row in rows),
        lead_words=lead_words if any(row.lead for row in rows) else "",
        is_empty=not rows,
        height=int(y + ROW / 2 + (40 if is_tall else 0)),
    )


class _Scale:
    """Turns days into percent across."""

    def __init__(self, first: date, last: date) -> None:
        self.first, self.last = month_of(first).start, month_of(max(first, last)).end
        self.days = (self.last - self.first).days + 1

    def at(self, day: date, *, is_over: bool = False) -> float:
        """Where a day begins, or where it is over; the edge for a day outside."""
        gone = (day - self.first).days + is_over
        return LEFT + (RIGHT - LEFT) * min(max(gone, 0), self.days) / self.days

    def mark(self, due: Span) -> Mark:
        if due.last < self.first:
            return Mark(percent(LEFT), edge="before")
        if due.first > self.last:
            return Mark(percent(RIGHT), edge="after")
        start, stop = self.at(due.first), self.at(due.last, is_over=True)
        if due.first == due.last:
            return Mark(percent((start + stop) / 2))
        return Mark(percent(start), percent(stop - start))

    def months(self) -> Iterator[MonthName]:
        """So many names as fit, and the year at the first of each."""
        found: list[Period] = [month_of(self.first)]
        while found[-1].end < self.last:
            found.append(following(found[-1]))
        step = next((step for most, step in STEPS if len(found) <= most), 12)
        named = [each for each in found if (each.start.month - 1) % step == 0] or found[:1]
        for year, of_year in groupby(named, key=lambda each: each.start.year):
            for place, each in enumerate(of_year):
                name = MONTHS[each.start.month - 1][:3] if step < 12 else ""
                yield MonthName(percent(self.at(each.start)), name, "" if place else str(year))


def _row(entry: TimelineEntry, scale: _Scale, y: float) -> Row:
    mark = scale.mark(entry.due)
    is_moved = entry.original is not None and entry.original != entry.due
    ghost = scale.mark(entry.original) if is_moved else None
    lead = scale.mark(entry.lead) if entry.lead else None
    lead = None if lead and lead.edge else lead
    ends = [*_ends(mark), *(_ends(ghost) if ghost else ()), *(_ends(lead) if lead else ())]
    is_far = max(ends) > FAR_RIGHT
    return Row(
        name=entry.name if len(entry.name) <= LETTERS else f"{entry.name[: LETTERS - 1].rstrip()}…",
        label=f"{entry.name}: {entry.words}",
        y=pixels(y),
        top=pixels(y - 7),
        look=entry.look,
        mark=mark,
        ghost=ghost,
        lead=lead,
        link=_link(mark, ghost, pixels(y)) if ghost else None,
        note=f"{entry.due.text}{f', {entry.note}' if entry.note else ''}" if mark.edge else entry.note,
        note_x=percent(min(ends) if is_far else max(ends)),
        anchor="end" if is_far else "start",
    )


def _ends(mark: Mark) -> tuple[float, float]:
    start = float(mark.x.rstrip("%"))
    return start, start + float(mark.width.rstrip("%") or 0)


def _link(mark: Mark, ghost: Mark, y: str) -> Line:
    """From the nearer end of the original date to that of the present one."""
    (one, other), (was_one, was_other) = _ends(mark), _ends(ghost)
    start, stop = (was_other, one) if was_one < one else (was_one, other)
    return Line(percent(start), y, percent(stop), y)


def months_shown(dates: Iterable[Span], day: date, start: date, end: date, *, most: int = 5) -> tuple[date, date]:
    """The first and the last day to draw: all dates and the day, or where that is more than `most` years, what lies
    within a year of a plan's `start` and `end` and of the day."""
    dates = list(dates)
    first = min([day, *(each.first for each in dates)])
    last = max([day, *(each.last for each in dates)])
    year = timedelta(days=365)
    if last - first > most * year:
        first, last = max(first, min(start, day) - year), min(last, max(end, day) + year)
    return first, last
