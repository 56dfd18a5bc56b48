"""How a figure and a period are written: one strict grammar for sheets and forms, and the words we show.

A figure is plain ASCII: `47.5`, `1,234`, `£1,234.50`, `47.5%`, `−5` or `(3)` for a negative one. No-break spaces and
the typographic minus are read as what they look like. Anything that could mean two things (`1.234,5`), is not exact
(`c. 40`, `12–14`), carries a mark (`40*`), has more digits than we keep or is written for machines (`1e5`) is refused,
never guessed and never rounded. A word such as `TBC` or `c` is a reason why there is no figure; a reason is never a
zero. Pure.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from kpis.models import Indicator, Reason
from lambeth_plans import periods
from lambeth_plans.fields import PartialDate
from lambeth_plans.periods import Period, PeriodKind
from lambeth_plans.rag import plain, with_unit

EXAMPLE = "Write it like 47.5, 1,234, £1,234.50, 47.5% or (3) for minus 3, or write a word such as TBC."
#: SQLite keeps no more of a number: a longer one would be rounded, or not be read again.
MOST_DIGITS = 15
#: From here on a percentage is no share: 0.475 beside such values may be meant as 47.5 %.
WELL_ABOVE = 2
#: Takes away what stands there; an empty cell leaves it as it is.
CLEAR = "clear"

#: Words for "no figure", lower case. Letters in square brackets (`[c]`) are those of government statistics.
WORDS: dict[str, Reason] = {
    **{reason.label.lower(): reason for reason in Reason},
    **dict.fromkeys(("-", "–", "—", "blank", "left blank"), Reason.BLANK),
    **dict.fromkeys(("new",), Reason.NEW_INDICATOR),
    **dict.fromkeys(("awaited", "awaiting data"), Reason.PENDING),
    **dict.fromkeys(("n/a", "na", "z"), Reason.NOT_APPLICABLE),
    **dict.fromkeys(("tbc", "tba"), Reason.TO_BE_CONFIRMED),
    **dict.fromkeys(("c", "k", "low"), Reason.SUPPRESSED),
    **dict.fromkeys(("x", "u", ":", "unavailable"), Reason.NOT_AVAILABLE),
}
_SUPPRESSED = re.compile(r"< ?[1-9][0-9]?")
_NUMBER = re.compile(
    r"(?P<minus>-)? ?(?P<pounds>£)?"
    r"(?P<whole>[1-9][0-9]{0,2}(?:,[0-9]{3})+|[1-9][0-9]*|0)(?P<rest>\.[0-9]+)? ?(?P<percent>%)?"
)
_BRACKETED = re.compile(r"\(([^()-]+)\)")


@dataclass(frozen=True)
class Figure:
    """A value or the reason why there is none, and how it was written. `sign` is "%", "£" or empty."""

    text: str
    value: Decimal | None = None
    reason: str = ""
    sign: str = ""


def tidy(text: str) -> str:
    """The text without no-break and repeated spaces, with a plain minus."""
    return " ".join(text.replace("\u00a0", " ").replace("\u202f", " ").replace("\u2212", "-").split())


def parse(text: str) -> Figure | None:
    """Reads a figure; None for a blank. Raises ValueError with an example."""
    cleaned = tidy(text)
    if not cleaned:
        return None
    word = re.sub(r"^\[(.*)\]$", r"\1", cleaned.lower())
    if word in WORDS:
        return Figure(cleaned, reason=WORDS[word].value)
    if _SUPPRESSED.fullmatch(cleaned):
        return Figure(cleaned, reason=Reason.SUPPRESSED.value)
    bracketed = _BRACKETED.fullmatch(cleaned)
    found = _NUMBER.fullmatch(bracketed[1] if bracketed else cleaned)
    if found is None or (found["pounds"] and found["percent"]):
        if re.fullmatch(r"[0-9.]*\.[0-9]{3},[0-9]+|[0-9]+,[0-9]{1,2}", cleaned):
            raise ValueError(f"“{text}” can mean two things. Write thousands with a comma and decimals with a point.")
        raise ValueError(f"“{text}” is not a figure. {EXAMPLE}")
    digits = found["whole"].replace(",", "") + (found["rest"] or "")
    if len(found["whole"].replace(",", "")) > 12:
        raise ValueError(f"“{text}” is too large. A figure has at most 12 digits before the point.")
    if len(found["rest"] or ".") > 7:
        raise ValueError(f"“{text}” has more than 6 decimals. Round it yourself: we never do.")
    negative = bool(found["minus"]) or bool(bracketed)
    value = Decimal(digits)
    if len(digits.replace(".", "").strip("0")) > MOST_DIGITS:
        raise ValueError(f"“{text}” has more than {MOST_DIGITS} digits. Round it yourself: we never do.")
    return Figure(cleaned, -value if negative and value else value, sign=found["percent"] or found["pounds"] or "")


def parse_count(text: str) -> Decimal | str | None:
    """Reads a numerator or denominator: a plain number, CLEAR to take it away, None for a blank."""
    if tidy(text).lower() == CLEAR:
        return CLEAR
    figure = parse(text)
    if figure is None:
        return None
    if figure.reason or figure.sign:
        raise ValueError(f"“{text}” is not a plain number. Write it like 19 or 1,234, or “{CLEAR}” to take it away.")
    return figure.value


def check(figure: Figure, *, unit: str, others: Iterable[Decimal] = ()) -> None:
    """Raises ValueError where a figure does not fit its indicator: its unit, its bounds, its other values.

    A share such as 0.475 among percentages is asked about: where all others are well above 1, or where some are and
    47.5 lies near them.
    """
    if figure.value is None:
        return
    for sign, belongs_to, name in (("%", Indicator.Unit.PERCENT, "percent"), ("£", Indicator.Unit.POUNDS, "pounds")):
        if figure.sign == sign and unit not in ("", belongs_to):
            raise ValueError(f"“{figure.text}” is in {name}, but this indicator is stated in “{unit}”.")
    if unit != Indicator.Unit.PERCENT:
        return
    if abs(figure.value) > 1000:
        raise ValueError(f"“{figure.text}” is out of range: a percentage here lies between −1,000 and 1,000.")
    if figure.sign or not 0 < abs(figure.value) < 1:
        return
    known = [abs(other) for other in others if other]
    above = [other for other in known if other >= WELL_ABOVE]
    if above and (len(above) == len(known) or min(above) / 2 <= abs(figure.value) * 100 <= max(above) * 2):
        as_percent, least = plain(figure.value * 100), plain(min(above))
        which = "Every other value" if len(above) == len(known) else "Another value"
        raise ValueError(
            f"Did you mean {as_percent}%? {which} of this indicator is {least} or more. "
            f"Write {as_percent}%, or {figure.text}% if that is what you mean."
        )


def parse_period(text: str, *, today: date, month_first: bool = False) -> Period:
    """Reads a period that has begun by `today` (for a closed plan, its last day). Raises ValueError with an example.

    `month_first`: beside it stand days that can only have their month first, so "06/07/2020" is not guessed.
    """
    cleaned = tidy(text).replace("–", "-")
    if not cleaned.isascii() or len(cleaned) > 40:
        raise ValueError(f"“{text}” is not a period. Write it like {periods.ACCEPTED}.")
    if re.fullmatch(r"[1-9][0-9]{4}(\.[0-9]+)?", cleaned):
        raise ValueError(
            f"“{text}” is a number, as a spreadsheet program keeps a date. Show the column as dates, or write it like "
            f"{periods.ACCEPTED}."
        )
    if month_first and periods.reads_two_ways(cleaned):
        raise ValueError(f"“{text}”: Which is the month? Other dates here have it first. Write it like 31 Dec 2019.")
    period = periods.parse(cleaned)
    if period.kind is PeriodKind.UNDATED:
        raise ValueError(f"“{text}” is no period of a figure. Write it like {periods.ACCEPTED}.")
    if period.start.year < periods.EARLIEST_YEAR:
        raise ValueError(f"“{text}” is too long ago. Periods begin in {periods.EARLIEST_YEAR} or later.")
    if period.start > today:
        raise ValueError(f"{period.label} has not begun by {PartialDate.of(today)}, so there is no figure for it.")
    return period


def words(value: Decimal | None, reason: str, unit: str) -> str:
    """A figure with its unit, or its reason in words: "47.5%", "£1,234.50", "12 days", "Pending"."""
    if value is None:
        return Reason(reason).label if reason else "no figure"
    return with_unit(plain(value), unit)


def move(old: Decimal | None, new: Decimal | None, unit: str) -> str:
    """How far a figure moved, in words: "up 1.5 points", "down £300"; empty where there is no such distance."""
    if old is None or new is None or old == new:
        return ""
    distance = plain(abs(new - old))
    if unit == Indicator.Unit.PERCENT:
        distance += " point" if distance == "1" else " points"
    else:
        distance = with_unit(distance, unit)
    return f"{'up' if new > old else 'down'} {distance}"


def written(value: Decimal | None, reason: str) -> str:
    """A figure as `parse` reads it back: what a form is filled with."""
    return Reason(reason).label if value is None and reason else "" if value is None else plain(value)


def plain_or_none(number: Decimal | None) -> str:
    return "none" if number is None else plain(number)


# Periods in addresses


def period_code(period: Period) -> str:
    """A period in an address: "2019-20", "2020-21-q1", "2019-04", "2019-20-school-year", "2019-12-31", "to-2018-01-30".

    A month that would read as a year ("2003-04") says that it is a month.
    """
    year = period.start.year
    if period.kind is PeriodKind.YEAR:
        return f"{year}-{(year + 1) % 100:02d}"
    if period.kind is PeriodKind.ACADEMIC_YEAR:
        return f"{year}-{(year + 1) % 100:02d}-school-year"
    if period.kind is PeriodKind.QUARTER:
        first = periods.financial_year_start(period.start)
        return f"{first}-{(first + 1) % 100:02d}-q{(period.start.month - 4) // 3 % 4 + 1}"
    if period.kind is PeriodKind.MONTH:
        code = f"{year}-{period.start.month:02d}"
        return f"{code}-month" if (year + 1) % 100 == period.start.month else code
    return f"to-{period.end.isoformat()}" if period.kind is PeriodKind.TO_DATE else period.start.isoformat()


def period_of_code(code: str) -> Period:
    """The period that `period_code` wrote. Raises ValueError for anything else."""
    if code.startswith("to-") and not code.startswith("to-to-"):
        period = replace(period_of_code(code[3:]), kind=PeriodKind.TO_DATE)
        if period_code(period) != code:
            raise ValueError(f"“{code}” is no period.")
        return period
    found = re.fullmatch(r"([0-9]{4})-([0-9]{2})(?:-(q[1-4]|month|school-year|[0-9]{2}))?", code)
    if not found:
        raise ValueError(f"“{code}” is no period.")
    first, second, suffix = int(found[1]), int(found[2]), found[3]
    if suffix is None and (first + 1) % 100 != second:
        suffix = "month"
    if suffix == "month":
        period = periods.month(first, second)
    elif suffix is None:
        period = periods.financial_year(first)
    elif suffix == "school-year":
        period = periods.academic_year(first)
    elif suffix.startswith("q"):
        period = periods.quarter(first, int(suffix[1]))
    else:
        period = periods.snapshot(date(first, second, int(suffix)))
    if period_code(period) != code:
        raise ValueError(f"“{code}” is no period.")
    return period
