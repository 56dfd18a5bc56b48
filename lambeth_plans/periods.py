"""What a period is: financial and academic years, quarters, months and snapshots. Pure; no clock.

English council years run from 1 April, school years from 1 September; Q1 is April to June.
"""

import re
from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cached_property, lru_cache

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
#: What is written down lies between these years; anything else is a slip of the pen.
EARLIEST_YEAR, LATEST_YEAR = 1990, 2100


class PeriodKind(StrEnum):
    YEAR = "year"
    ACADEMIC_YEAR = "academic_year"
    QUARTER = "quarter"
    MONTH = "month"
    SNAPSHOT = "snapshot"
    TO_DATE = "to_date"
    UNDATED = "undated"


#: Kinds that hang on one day and are followed by no other.
SINGLE_DAYS = frozenset({PeriodKind.SNAPSHOT, PeriodKind.TO_DATE, PeriodKind.UNDATED})


@dataclass(frozen=True, order=True)
class Period:
    """A stretch of time with both ends included; ordered by its start."""

    start: date
    end: date
    kind: PeriodKind

    def __str__(self) -> str:
        return self.label

    def __hash__(self) -> int:
        """Without the kind, whose own hash is slow: periods are the keys of all figures."""
        return hash((self.start, self.end))

    @cached_property
    def label(self) -> str:
        """As people write it: "2019/20", "Q1 2020/21", "Apr 2019", "2019/20 (school year)", "31 Dec 2019".

        What a document sums up to its own day reads "to 30 Jan 2018", what it leaves to years it does not name
        "after 30 Jan 2018".
        """
        year = f"{self.start.year}/{(self.start.year + 1) % 100:02d}"
        if self.kind is PeriodKind.YEAR:
            return year
        if self.kind is PeriodKind.ACADEMIC_YEAR:
            return f"{year} (school year)"
        if self.kind is PeriodKind.QUARTER:
            return f"Q{(self.start.month - 4) // 3 % 4 + 1} {_year_label(financial_year_start(self.start))}"
        if self.kind is PeriodKind.MONTH:
            return f"{MONTHS[self.start.month - 1][:3]} {self.start.year}"
        day = f"{self.start.day} {MONTHS[self.start.month - 1][:3]} {self.start.year}"
        return {PeriodKind.TO_DATE: f"to {day}", PeriodKind.UNDATED: f"after {day}"}.get(self.kind, day)

    @property
    def long_label(self) -> str:
        if self.kind is PeriodKind.MONTH:
            return f"{MONTHS[self.start.month - 1]} {self.start.year}"
        return self.label


def financial_year_start(on: date) -> int:
    """The calendar year in which the financial year holding `on` begins."""
    return on.year if on >= date(on.year, 4, 1) else on.year - 1


def _year_label(start: int) -> str:
    return f"{start}/{(start + 1) % 100:02d}"


def financial_year(start: int) -> Period:
    return Period(date(start, 4, 1), date(start + 1, 3, 31), PeriodKind.YEAR)


def academic_year(start: int) -> Period:
    return Period(date(start, 9, 1), date(start + 1, 8, 31), PeriodKind.ACADEMIC_YEAR)


@lru_cache(maxsize=2048)
def month(year: int, number: int) -> Period:
    """Always the same object, as for most figures, so that finding one among others is quick."""
    return Period(date(year, number, 1), date(year, number, monthrange(year, number)[1]), PeriodKind.MONTH)


def month_of(on: date) -> Period:
    return month(on.year, on.month)


def quarter(start_year: int, number: int) -> Period:
    """Quarter 1 to 4 of the financial year that begins in `start_year`."""
    first_month = (4 + 3 * (number - 1) - 1) % 12 + 1
    first = date(start_year + (first_month < 4), first_month, 1)
    last_month = first_month + 2
    return Period(first, date(first.year, last_month, monthrange(first.year, last_month)[1]), PeriodKind.QUARTER)


def snapshot(on: date) -> Period:
    return Period(on, on, PeriodKind.SNAPSHOT)


def to_date(on: date) -> Period:
    """All time up to a day: what a document sums up without saying when it began."""
    return Period(on, on, PeriodKind.TO_DATE)


def undated(on: date) -> Period:
    """Some time after a day: what a document expects without naming the year."""
    return Period(on, on, PeriodKind.UNDATED)


def previous_month(period: Period) -> Period:
    return month_of(period.start - timedelta(days=1))


def holding(kind: PeriodKind, on: date) -> Period:
    """The period of a kind that holds a day."""
    if kind is PeriodKind.YEAR:
        return financial_year(financial_year_start(on))
    if kind is PeriodKind.ACADEMIC_YEAR:
        return academic_year(on.year if on.month >= 9 else on.year - 1)
    if kind is PeriodKind.QUARTER:
        return quarter(financial_year_start(on), (on.month - 4) // 3 % 4 + 1)
    return month_of(on) if kind is PeriodKind.MONTH else Period(on, on, kind)


@lru_cache(maxsize=10_000)
def of_row(kind: str, start: date, end: date) -> Period:
    """The period of a row of the database; one of the calendar is the same object as everywhere."""
    period = Period(start, end, PeriodKind(kind))
    whole = holding(period.kind, start)
    return whole if whole == period else period


@lru_cache(maxsize=4096)
def following(period: Period) -> Period:
    """The next period of the same kind; a single day has none, so ValueError."""
    if period.kind in SINGLE_DAYS:
        raise ValueError("A snapshot is followed by no other.")
    return holding(period.kind, period.end + timedelta(days=1))


def year_before(period: Period) -> Period:
    """The same period a year earlier; of 29 February the last day of that February."""
    start, year = period.start, period.start.year - 1
    if (start.month, start.day) == (2, 29):
        return holding(period.kind, date(year, 2, 28))
    return holding(period.kind, start.replace(year=year))


_YEAR = re.compile(r"(?:FY\s*)?(\d{4}|\d{2})\s*[/\-–]\s*(\d{4}|\d{2})(\s*\(school year\))?", re.IGNORECASE)
_QUARTER = re.compile(r"Q([1-4])[\s,]+(\d{4}|\d{2})\s*[/\-–]\s*(\d{4}|\d{2})", re.IGNORECASE)
_MONTH = re.compile(r"([A-Za-z]{3,9})[\s\-]+(\d{4}|\d{2})")
_ISO_MONTH = re.compile(r"(\d{4})-(\d{2})")
_DAY = re.compile(r"(\d{1,2})\s+([A-Za-z]{3,9})\s+(\d{4})")
_OPEN = re.compile(r"(to|after)\s+(\d{1,2})\s+([A-Za-z]{3,9})\s+(\d{4})", re.IGNORECASE)
_ISO_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
#: A day in numbers alone: in this country the day comes first.
_NUMBERS = re.compile(r"(\d{1,2})([/.\-])(\d{1,2})\2(\d{4}|\d{2})")

ACCEPTED = "2019/20, Q1 2020/21, Apr 2019, 2019-04, 2019/20 (school year) or 31 Dec 2019"


def parse(text: str) -> Period:
    """Reads a period as councils write it.

    Accepts "2019/20", "2019-20", "06/07", "2019/2020", "Q3 2023/24", "Dec 2019", "Apr-19", "2019-04",
    "2019/20 (school year)", "31 Dec 2019", "2019-12-31" and, the day first, "31/12/2019". Raises ValueError, saying
    what is accepted, for anything else, and for years that do not follow each other ("2019/21"). Its own labels
    "to 30 Jan 2018" and "after 30 Jan 2018" are read back too.
    """
    cleaned = " ".join(text.replace("\u00a0", " ").split())
    if (found := _OPEN.fullmatch(cleaned)) and (open_ended := {"to": to_date, "after": undated}[found[1].lower()]):
        return open_ended(_day(int(found[4]), month_number(found[3], text), int(found[2]), text))
    if found := _QUARTER.fullmatch(cleaned):
        return quarter(_first_year(found[2], found[3], text), int(found[1]))
    if (found := _ISO_MONTH.fullmatch(cleaned)) and not _consecutive(found[1], found[2]):
        return _month(int(found[1]), int(found[2]), text)
    if found := _ISO_DAY.fullmatch(cleaned):
        return snapshot(_day(int(found[1]), int(found[2]), int(found[3]), text))
    if found := _YEAR.fullmatch(cleaned):
        start = _first_year(found[1], found[2], text)
        return academic_year(start) if found[3] else financial_year(start)
    if found := _DAY.fullmatch(cleaned):
        return snapshot(_day(int(found[3]), month_number(found[2], text), int(found[1]), text))
    if found := _NUMBERS.fullmatch(cleaned):
        return snapshot(_day_first(int(found[1]), int(found[3]), found[4], text))
    if found := _MONTH.fullmatch(cleaned):
        return _month(_full_year(found[2]), month_number(found[1], text), text)
    raise ValueError(f"“{text}” is not a period. Write it like {ACCEPTED}.")


def has_month_first(texts: Iterable[str]) -> bool:
    """Whether any of these texts is a day that can only have its month first, as Americans write it: "06/30/2026"."""
    return any(
        int(found[1]) <= 12 < int(found[3]) <= 31 for text in texts if (found := _NUMBERS.fullmatch(text.strip()))
    )


def reads_two_ways(text: str) -> bool:
    """Whether a text is one day with the day first and another with the month first: "06/07/2020"."""
    found = _NUMBERS.fullmatch(text.strip())
    if not found or len(found[4]) < 4:
        return False
    first, second = int(found[1]), int(found[3])
    return first != second and first <= 12 and second <= 12


def month_number(name: str, text: str) -> int:
    """1 to 12 for "Dec", "Sept" or "December"; raises ValueError naming the whole `text` otherwise."""
    lowered = name.lower()
    for number, full in enumerate(MONTHS, start=1):
        if len(lowered) >= 3 and (full.lower().startswith(lowered) or (lowered == "sept" and number == 9)):
            return number
    raise ValueError(f"“{text}” has no month we know. Write it like Apr 2019.")


def _full_year(digits: str) -> int:
    return int(digits) if len(digits) == 4 else 2000 + int(digits)


def _consecutive(first: str, second: str) -> bool:
    """Whether "2019" and "20" are years that follow each other; "2011-12" is then a year, not December 2011."""
    return (int(first) + 1) % 100 == int(second)


def _first_year(first: str, second: str, text: str) -> int:
    start = _full_year(first)
    if (start + 1) % 100 != int(second) % 100 or (len(second) == 4 and int(second) != start + 1):
        raise ValueError(f"“{text}” is not a year: the two years do not follow each other.")
    return start


def _month(year: int, number: int, text: str) -> Period:
    if not 1 <= number <= 12 or not EARLIEST_YEAR <= year <= LATEST_YEAR:
        raise ValueError(f"“{text}” is not a month. Write it like Apr 2019.")
    return month(year, number)


def _day_first(day: int, number: int, year: str, text: str) -> date:
    if len(year) < 4:
        raise ValueError(f"“{text}” can mean several days. Write the year with four digits, like 31/12/2019.")
    if day <= 12 < number <= 31:
        raise ValueError(f"“{text}” has the month first. Write the day first, like {number}/{day}/{year}.")
    return _day(int(year), number, day, text)


def _day(year: int, number: int, day: int, text: str) -> date:
    try:
        return date(year, number, day)
    except ValueError:
        raise ValueError(f"“{text}” is not a date that exists.") from None
