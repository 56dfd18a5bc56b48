"""The data-due calendar: "not due yet", "late" and "not reported" are three things, and "not stated" is a fourth.

Pure: periods and days in, standings out; the day is told, never asked. A figure is due a stated number of days (the
indicator's lag) after its period ends, that day included. Source: issue 5, "Data-due calendar"; that nothing is late
whose due day nobody stated is the house's rule "only what is stated".
"""

from calendar import monthrange
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from itertools import count

from lambeth_plans import periods
from lambeth_plans.periods import Period, PeriodKind

#: How many months lie between two figures of a frequency.
MONTHS_BETWEEN = {"month": 1, "quarter": 3, "year": 12}
#: So many periods in a row are listed one by one.
LISTED = 2
KINDS = {"month": PeriodKind.MONTH, "quarter": PeriodKind.QUARTER, "year": PeriodKind.YEAR}


class DueState(StrEnum):
    """How a period stands; the value is the word on screen."""

    IN = "reported"
    NOT_DUE = "not due yet"
    LATE = "late"
    NOT_REPORTED = "not reported"
    UNKNOWN = "due date not stated"


@dataclass(frozen=True)
class DueStanding:
    """How one period stands on a day. `due` is None where no lag is stated; `days_late` is 0 unless LATE."""

    period: Period
    state: DueState
    due: date | None
    days_late: int
    words: str


@dataclass(frozen=True)
class Schedule:
    """What is known of one indicator's reporting.

    `frequency` is "month", "quarter", "year" or empty (not stated); `first` the first period it is expected for, None
    for that of its oldest figure; `lag_days` None where none is stated; `reported` the periods that have a row,
    whether with a value or with the reason why there is none.
    """

    key: str
    frequency: str
    first: Period | None
    lag_days: int | None
    reported: Collection[Period]


@dataclass(frozen=True)
class CalendarEntry:
    """One indicator in the calendar.

    `standings` holds every expected period, oldest first, the running one last. `next_period` is the first that is not
    in and not due yet, `next_due` its day (None without a lag). `late`, `not_reported` and `unknown` are those
    standings, oldest first; `reason` says why nothing can be expected, empty where something is.
    """

    key: str
    standings: tuple[DueStanding, ...] = ()
    next_period: Period | None = None
    next_due: date | None = None
    late: tuple[DueStanding, ...] = ()
    not_reported: tuple[DueStanding, ...] = ()
    unknown: tuple[DueStanding, ...] = ()
    reason: str = ""
    words: str = ""


def expected_periods(frequency: str, first: Period, on: date) -> tuple[Period, ...]:
    """Every period a figure is expected for, from `first` up to the one that runs on the day `on`, oldest first.

    A first period that begins after `on` is the only one. Where `first` is of another kind than the frequency (a year
    before months), the first whole period of the frequency counts from its start. School years stay school years.
    A snapshot is expected again on the same day of the month (after the 30th of January the 28th or 29th of February);
    from the last day of a month always on the last. Figures "to" or "after" a day are not expected again.
    Empty for an empty frequency; ValueError for one we do not know.
    """
    return tuple(_line(frequency, first, on)[:-1])


def due_date(period: Period, lag_days: int) -> date:
    """The last day on which a figure is in time. ValueError for a negative lag."""
    if lag_days < 0:
        raise ValueError("A figure is not due before its period ends.")
    return period.end + timedelta(days=lag_days)


def standing(
    period: Period,
    *,
    has_row: bool,
    lag_days: int | None,
    on: date,
    later_in: bool,
    next_period: Period | None = None,
) -> DueStanding:
    """How a period stands on the day `on`.

    `has_row`: it has a value or a reason; `later_in`: a later period has one. `next_period` is the one expected after
    it; for calendar periods it need not be told. Not due yet: the period runs (its last day included) or its due day
    has not passed. Late: the due day has passed, and no later period is in or past its own. Not reported: a later one
    is. Without a lag: unknown once the period ended, not reported once a later one is in. Raises ValueError for a
    negative lag.
    """
    due = None if lag_days is None else due_date(period, lag_days)
    if has_row:
        return DueStanding(period, DueState.IN, due, 0, DueState.IN.value)
    if period.end >= on or (due is not None and due >= on):
        when = f"due {_day(due)}" if due else f"its period ends on {_day(period.end)}"
        return DueStanding(period, DueState.NOT_DUE, due, 0, f"{DueState.NOT_DUE}, {when}")
    if due is None or lag_days is None:
        state = DueState.NOT_REPORTED if later_in else DueState.UNKNOWN
        return DueStanding(period, state, None, 0, state.value)
    then = next_period or (None if period.kind in periods.SINGLE_DAYS else periods.following(period))
    if later_in or (then is not None and due_date(then, lag_days) < on):
        return DueStanding(period, DueState.NOT_REPORTED, due, 0, f"{DueState.NOT_REPORTED}, due {_day(due)}")
    late = (on - due).days
    return DueStanding(period, DueState.LATE, due, late, f"{DueState.LATE} by {_days(late)}, due {_day(due)}")


def calendar(schedules: Iterable[Schedule], on: date) -> tuple[CalendarEntry, ...]:
    """The calendar of many indicators on a day: what is late first (longest first), then by the next due day, last
    what has none; then by key. Raises ValueError for an unknown frequency or a negative lag.
    """
    entries = [_entry(schedule, on) for schedule in schedules]
    return tuple(
        sorted(
            entries,
            key=lambda entry: (
                -max((each.days_late for each in entry.late), default=0),
                entry.next_due or date.max,
                entry.key,
            ),
        )
    )


def _entry(schedule: Schedule, on: date) -> CalendarEntry:
    first, reason = _first(schedule)
    if first is None:
        return CalendarEntry(schedule.key, reason=reason, words=reason)
    line = _line(schedule.frequency, first, on)
    if not line:
        reason = f"A figure {first.label} is not expected again."
        return CalendarEntry(schedule.key, reason=reason, words=reason)
    answered = _answered(line, schedule.reported)
    newest = max((number for number, is_in in enumerate(answered) if is_in), default=-1)
    standings = tuple(
        standing(
            period,
            has_row=answered[number],
            lag_days=schedule.lag_days,
            on=on,
            later_in=newest > number,
            next_period=line[number + 1],
        )
        for number, period in enumerate(line[:-1])
    )
    ahead = [each.period for each in standings if each.state is DueState.NOT_DUE]
    coming = ahead[0] if ahead else line[-1]
    late, missing, unknown = (
        tuple(each for each in standings if each.state is state)
        for state in (DueState.LATE, DueState.NOT_REPORTED, DueState.UNKNOWN)
    )
    entry = CalendarEntry(
        key=schedule.key,
        standings=standings,
        next_period=coming,
        next_due=None if schedule.lag_days is None else due_date(coming, schedule.lag_days),
        late=late,
        not_reported=missing,
        unknown=unknown,
    )
    return replace(entry, words=_words(entry))


def _first(schedule: Schedule) -> tuple[Period | None, str]:
    """Where the line of expected periods begins, or why there is none."""
    if not schedule.frequency:
        return None, "How often it is reported is not stated."
    if schedule.first is not None:
        return schedule.first, ""
    whole = KINDS.get(schedule.frequency)
    fitting = {whole, PeriodKind.ACADEMIC_YEAR} if whole is PeriodKind.YEAR else {whole}
    known = [period for period in schedule.reported if period.kind in fitting]
    # One snapshot beside months (a baseline) does not make them snapshots.
    known = known or [period for period in schedule.reported if period.kind is PeriodKind.SNAPSHOT]
    return (min(known), "") if known else (None, "Since when it is reported is not stated.")


def _answered(line: list[Period], reported: Collection[Period]) -> list[bool]:
    """Which periods of the line have a row. A snapshot of any day in the expected month is the one expected: the last
    working day is rarely the last day."""
    known = set(reported)
    months = {(day.start.year, day.start.month) for day in known if day.kind is PeriodKind.SNAPSHOT}
    return [
        (period.start.year, period.start.month) in months if period.kind is PeriodKind.SNAPSHOT else period in known
        for period in line
    ]


def _line(frequency: str, first: Period, on: date) -> list[Period]:
    """The expected periods up to the running one, and the one after it; empty where none is expected."""
    found: list[Period] = []
    for period in _sequence(frequency, first):
        found.append(period)
        if len(found) > 1 and found[-2].end >= on:
            break
    return found


def _sequence(frequency: str, first: Period) -> Iterator[Period]:
    """The expected periods without an end."""
    if not frequency:
        return
    if frequency not in MONTHS_BETWEEN:
        raise ValueError(f"“{frequency}” is no frequency we know: month, quarter or year.")
    if first.kind is PeriodKind.SNAPSHOT:
        yield from _snapshots(first.start, MONTHS_BETWEEN[frequency])
    if first.kind in periods.SINGLE_DAYS:
        return
    is_school_year = frequency == "year" and first.kind is PeriodKind.ACADEMIC_YEAR
    kind = PeriodKind.ACADEMIC_YEAR if is_school_year else KINDS[frequency]
    period = periods.holding(kind, first.start)
    if period.start < first.start:
        period = periods.following(period)
    while True:
        yield period
        period = periods.following(period)


def _snapshots(first: date, months: int) -> Iterator[Period]:
    """Counted from the first each time: the 30th of January, the 28th of February, the 30th of March."""
    is_last_day = first.day == monthrange(first.year, first.month)[1]
    for number in count():
        years, month = divmod(first.month - 1 + number * months, 12)
        last = monthrange(first.year + years, month + 1)[1]
        yield periods.snapshot(date(first.year + years, month + 1, last if is_last_day else min(first.day, last)))


def _words(entry: CalendarEntry) -> str:
    said = [f"{each.period.label} is {each.words}." for each in entry.late]
    for heading, standings in (("Not reported", entry.not_reported), ("No figure and no due date", entry.unknown)):
        if standings:
            said.append(f"{heading}: {_named(standings, entry.standings)}.")
    if entry.next_period is not None:
        when = f"due {_day(entry.next_due)}" if entry.next_due else DueState.UNKNOWN.value
        said.append(f"Next: {entry.next_period.label}, {when}.")
    return " ".join(said)


def _named(some: Sequence[DueStanding], line: Sequence[DueStanding]) -> str:
    """Their periods, three and more in a row as "Apr 2024 to Sep 2024"."""
    places = {each.period: place for place, each in enumerate(line)}
    rows: list[list[DueStanding]] = []
    for each in some:
        if rows and places[each.period] == places[rows[-1][-1].period] + 1:
            rows[-1].append(each)
        else:
            rows.append([each])
    named = [
        f"{row[0].period.label} to {row[-1].period.label}"
        if len(row) > LISTED
        else ", ".join(each.period.label for each in row)
        for row in rows
    ]
    return ", ".join(named)


def _day(on: date) -> str:
    return periods.snapshot(on).label


def _days(number: int) -> str:
    return f"{number} {'day' if number == 1 else 'days'}"
