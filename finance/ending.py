"""When a contract has to be thought of: what is stated of its end and its notice, and a day in; a stage out. Pure.

The warnings count to the end, or to the last day on which notice can be given, whichever comes first; 12, 6 and 3
months before that day by the calendar. Once the last day for notice has gone by, they count to the end. What is a month
or a year only may mean any day of it: for a warning we take its first day, so that nobody is warned too late, and for
"ended" and "gone by" its last, so that nothing is called over too early.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from lambeth_plans.fields import PartialDate

#: So many months before, the nearest first.
WARNED = (3, 6, 12)
#: The longest notice and the longest warning that anybody would write down, in months.
LONGEST_NOTICE = 120


class Stage(StrEnum):
    """Where a contract stands on a day, the most pressing first."""

    def __new__(cls, value: str, words: str) -> "Stage":
        member = str.__new__(cls, value)
        member._value_, member.words = value, words
        return member

    ENDED = "ended", "Ended"
    WITHIN_3 = "within-3", "Within 3 months"
    WITHIN_6 = "within-6", "Within 6 months"
    WITHIN_12 = "within-12", "Within 12 months"
    NOTICE_GONE = "notice-gone", "Last day for notice has gone by, end not within 12 months"
    LATER = "later", "Later than 12 months"
    UNKNOWN = "unknown", "No date to count to"


#: The stages somebody is warned in, and with them the one in which it is too late for notice and early for the end.
ALERTS = (Stage.WITHIN_3, Stage.WITHIN_6, Stage.WITHIN_12)
TOLD = (*ALERTS, Stage.NOTICE_GONE)
_WITHIN = dict(zip(WARNED, (Stage.WITHIN_3, Stage.WITHIN_6, Stage.WITHIN_12), strict=True))


def months_before(day: date, months: int) -> date:
    """The same day of an earlier month, or its last where it is shorter: three months before 31 May is 28 February, or
    29 in a leap year."""
    count = day.year * 12 + day.month - 1 - months
    year, month = count // 12, count % 12 + 1
    if year < date.min.year:
        return date.min
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def last_day_for_notice(
    end: PartialDate | None, notice_date: PartialDate | None, notice_months: int | None
) -> date | None:
    """The stated date, else so many months before the end, the first that it may be; None where neither is known."""
    if notice_date:
        return notice_date.earliest
    return months_before(end.earliest, notice_months) if end and notice_months else None


def is_notice_gone(
    day: date, end: PartialDate | None, notice_date: PartialDate | None, notice_months: int | None
) -> bool:
    """Whether a day is after the last that the last day for notice may be."""
    if notice_date:
        return notice_date.latest < day
    return bool(end and notice_months and months_before(end.latest, notice_months) < day)


@dataclass(frozen=True)
class Deadline:
    """The day the warnings count to."""

    day: date
    is_notice: bool

    @property
    def words(self) -> str:
        return "last day for notice" if self.is_notice else "end"


def deadline_of(
    day: date,
    end: PartialDate | None,
    notice_date: PartialDate | None = None,
    notice_months: int | None = None,
) -> Deadline | None:
    """On a day: the end or the last day for notice, whichever comes first, without the latter once it has gone by and
    an end is known; None where neither is known."""
    notice = last_day_for_notice(end, notice_date, notice_months)
    if end is None:
        return Deadline(notice, is_notice=True) if notice else None
    if notice and notice < end.earliest and not is_notice_gone(day, end, notice_date, notice_months):
        return Deadline(notice, is_notice=True)
    return Deadline(end.earliest, is_notice=False)


def warned_of(
    day: date,
    end: PartialDate | None,
    notice_date: PartialDate | None = None,
    notice_months: int | None = None,
) -> Deadline | None:
    """What an e-mail of a day counts to: the deadline; once its first day is over, and only its last is not, the end,
    lest a warning of that is missed meanwhile."""
    deadline = deadline_of(day, end, notice_date, notice_months)
    if deadline and deadline.is_notice and deadline.day < day and end:
        return Deadline(end.earliest, is_notice=False)
    return deadline


def stage_of(
    day: date,
    end: PartialDate | None,
    notice_date: PartialDate | None = None,
    notice_months: int | None = None,
) -> Stage:
    deadline = deadline_of(day, end, notice_date, notice_months)
    if end and end.latest < day:
        return Stage.ENDED
    if deadline is None:
        return Stage.UNKNOWN
    is_gone = is_notice_gone(day, end, notice_date, notice_months)
    if is_gone and end is None:
        return Stage.NOTICE_GONE
    within = next((months for months in WARNED if day >= months_before(deadline.day, months)), None)
    if within:
        return _WITHIN[within]
    return Stage.NOTICE_GONE if is_gone else Stage.LATER


def warning_due(deadline: Deadline | None, day: date, *, for_days: int) -> int | None:
    """How many months ahead a warning is due on a day: the nearest one whose day has come, not more than `for_days`
    ago; None where none is. What a nearer one has overtaken is never given."""
    if deadline is None or deadline.day < day:
        return None
    for months in WARNED:
        begins = months_before(deadline.day, months)
        if begins <= day:
            return months if day < begins + timedelta(days=for_days) else None
    return None


@dataclass(frozen=True)
class Ending:
    """What is known of a contract's end on a day. `notice_day` is the last day for notice, stated or counted."""

    end: PartialDate | None
    notice_date: PartialDate | None
    notice_months: int | None
    day: date
    stage: Stage
    deadline: Deadline | None
    notice_day: date | None

    @property
    def may_have_ended(self) -> bool:
        """Whether the end is a month or a year that the day lies in."""
        return bool(self.end and self.end.precision != "day" and self.end.earliest <= self.day <= self.end.latest)

    @property
    def is_notice_gone(self) -> bool:
        return is_notice_gone(self.day, self.end, self.notice_date, self.notice_months)

    @property
    def words(self) -> str:
        """ "ends 31 March 2027; last day for notice 31 December 2026", as far as it is known."""
        verb = "ended" if self.stage is Stage.ENDED else "ends"
        said = [f"{verb} {self.end}"] if self.end else ["end date not stated"]
        if self.may_have_ended:
            said.append("may have ended")
        if self.notice_day and self.stage is not Stage.ENDED:
            may_be_gone = " may have gone by" if self.notice_day < self.day else ""
            gone = " has gone by" if self.is_notice_gone else may_be_gone
            said.append(f"last day for notice {self.notice_words}{gone}")
        return "; ".join(said)

    @property
    def notice_words(self) -> str:
        """The last day for notice as precisely as it is known; empty where it is not."""
        if self.notice_date:
            return str(self.notice_date)
        return str(PartialDate.of(self.notice_day)) if self.notice_day else ""

    @property
    def assumed(self) -> str:
        """What was assumed of a date that is a month or a year only; empty where none is."""
        said = []
        for name, stated in (("end", self.end), ("last day for notice", self.notice_date)):
            if stated and stated.precision != "day":
                first, last = PartialDate.of(stated.earliest), PartialDate.of(stated.latest)
                over = f", and called {'ended' if name == 'end' else 'gone by'} only after its last, {last}"
                said.append(f"Only “{stated}” is stated as the {name}: warnings take its first day, {first}{over}.")
        return " ".join(said)


def ending_on(
    day: date,
    end: PartialDate | None,
    notice_date: PartialDate | None = None,
    notice_months: int | None = None,
) -> Ending:
    """Where a contract stands on a day."""
    known = (end, notice_date, notice_months)
    return Ending(
        end=end,
        notice_date=notice_date,
        notice_months=notice_months,
        day=day,
        stage=stage_of(day, *known),
        deadline=deadline_of(day, *known),
        notice_day=last_day_for_notice(*known),
    )
