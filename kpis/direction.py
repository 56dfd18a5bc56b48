"""Direction of travel: the newest figure against the one before (short) and against last year's (long).

Pure: figures and periods in, words out. The arrow tells how the number moved, the word whether that is better; inside a
stated gap nothing moved. What counts up through the year is compared at the same point of the year only. Two points say
little: where there is statistical process control (kpis/spc.py), its verdict leads and this stands beside it.
Source: methods.md 4.2 (Havering 2015 for short and long; the NHS on the weakness of two-point comparison).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from lambeth_plans import periods
from lambeth_plans.periods import Period, PeriodKind
from lambeth_plans.rag import Polarity, plain, step, with_unit

#: Kinds that are a part of a year: here a measure may count up.
PART_YEARS = frozenset({PeriodKind.MONTH, PeriodKind.QUARTER})
#: Units of amounts, which add up through a year where they are not said to start afresh. A unit nobody stated may be.
AMOUNTS = frozenset({"number", "£", ""})

COUNTS_UP = "Counts up through the year, so it is compared with the same point of last year only."
MAY_COUNT_UP = (
    "It is not stated whether this counts up through the year, so it is compared with the same point of last year only."
)
NO_START = "It does not say when it began to count, so it is not compared with another day."
NO_FIGURE = "There is no figure to compare."
NO_EARLIER = "There is no earlier figure to compare with."


class Arrow(StrEnum):
    """How the number moved: value, glyph and a word for screen readers."""

    def __new__(cls, value: str, glyph: str, word: str) -> "Arrow":
        member = str.__new__(cls, value)
        member._value_ = value
        member.glyph, member.word = glyph, word
        return member

    UP = "up", "↑", "Up"
    DOWN = "down", "↓", "Down"
    LEVEL = "level", "→", "Level"


class Verdict(StrEnum):
    BETTER = "better"
    WORSE = "worse"
    STEADY = "steady"


@dataclass(frozen=True)
class Reading:
    """A figure of a period in the indicator's unit; `value` is None where there is none (blank, suppressed)."""

    period: Period
    value: Decimal | None
    is_provisional: bool = False


@dataclass(frozen=True)
class Direction:
    """How far the newest figure moved. `change` is `latest` minus `before` in the indicator's unit.

    `arrow` is LEVEL inside the steady gap; `verdict` is None where no direction is stated or a figure is provisional;
    `words` is a sentence: "Up 1.5 points on Q1 2020/21: better."
    """

    before: Period
    latest: Period
    change: Decimal
    arrow: Arrow
    verdict: Verdict | None
    words: str


@dataclass(frozen=True)
class Directions:
    """Both directions of travel; where one is None its reason says why, else the reason is empty.

    `latest` is the period of the newest figure, None where there is no figure.
    """

    latest: Period | None
    short: Direction | None
    long: Direction | None
    short_reason: str
    long_reason: str


@dataclass(frozen=True)
class _Measure:
    polarity: Polarity | None
    unit: str
    gap: Decimal
    band: tuple[Decimal, Decimal] | None

    def distance(self, value: Decimal) -> Decimal:
        """How far a figure is from its best: less is better. Its origin is arbitrary where there is no band."""
        if self.band is not None:
            return max(self.band[0] - value, value - self.band[1], Decimal(0))
        return -value if self.polarity is Polarity.HIGHER else value

    @property
    def has_direction(self) -> bool:
        return self.polarity in (Polarity.HIGHER, Polarity.LOWER) or self.band is not None


def directions(
    readings: Sequence[Reading],
    *,
    polarity: Polarity | None,
    unit: str,
    is_cumulative: bool | None,
    steady_gap: Decimal | None,
    band: tuple[Decimal, Decimal] | None = None,
) -> Directions:
    """Both directions of the newest figure, or why there is none.

    `readings`: one per period, in any order, of any kinds; only those of the newest figure's kind are compared. The
    newest is the one that ends last (of two, the one that begins last). `polarity` is None where none is stated or it
    is only assumed. `is_cumulative`: whether each figure counts from the start of the year, None where that is not
    stated. `steady_gap` is in the indicator's unit and belongs to it (a move of just that size is steady); None: only
    equal figures are. `band`: the lower and the upper edge of what is best, used with Polarity.BAND alone.

    Short: the period just before, of the same kind; of snapshots the one before, both days named. Long: the same
    period a year before, of a snapshot the same day (28 and 29 February stand for each other). Of years both are the
    same. A part of a year that counts up has no short direction, nor has an amount of which nobody says whether it
    does. A gap is never bridged. ValueError for two readings of one period, a number that is not finite, a negative
    gap, or a band whose edges are crossed.
    """
    measure = _checked(readings, polarity, unit, steady_gap, band)
    known = [reading for reading in readings if reading.value is not None]
    if not known:
        return Directions(None, None, None, NO_FIGURE, NO_FIGURE)
    latest = max(known, key=_age)
    period = latest.period
    if period.kind in periods.SINGLE_DAYS - {PeriodKind.SNAPSHOT}:
        return Directions(period, None, None, NO_START, NO_START)
    has_newer_gap = any(_age(reading) > _age(latest) for reading in readings)
    alike = {reading.period: reading for reading in readings if reading.period.kind is period.kind}

    def compared(with_period: Period | None) -> tuple[Direction | None, str]:
        if with_period is None:
            return None, NO_EARLIER
        before = alike.get(with_period)
        if before is None or before.value is None:
            return None, f"There is no figure for {with_period.long_label} to compare with."
        return _direction(before, latest, measure, has_newer_gap=has_newer_gap), ""

    long, long_reason = compared(_a_year_before(period, alike))
    refusal = _why_no_short(period.kind, unit, is_cumulative)
    short, short_reason = (None, refusal) if refusal else compared(_just_before(period, alike))
    return Directions(period, short, long, short_reason, long_reason)


def _checked(readings, polarity, unit, steady_gap, band) -> _Measure:
    if len({reading.period for reading in readings}) < len(readings):
        raise ValueError("A period has one figure.")
    numbers = [reading.value for reading in readings if reading.value is not None]
    if not all(number.is_finite() for number in [*numbers, steady_gap or Decimal(0), *(band or ())]):
        raise ValueError("A figure is a finite number.")
    if steady_gap is not None and steady_gap < 0:
        raise ValueError("The gap inside which a figure is steady is 0 or more.")
    if band is not None and band[0] > band[1]:
        raise ValueError("A band has its lower edge first.")
    return _Measure(polarity, unit, steady_gap or Decimal(0), band if polarity is Polarity.BAND else None)


def _age(reading: Reading) -> tuple[date, date, PeriodKind]:
    return reading.period.end, reading.period.start, reading.period.kind


def _why_no_short(kind: PeriodKind, unit: str, is_cumulative: bool | None) -> str:
    if is_cumulative and kind in PART_YEARS | {PeriodKind.SNAPSHOT}:
        return COUNTS_UP
    # A percentage or an average over part of a year hardly depends on how long the part is; an amount grows with it.
    return MAY_COUNT_UP if is_cumulative is None and kind in PART_YEARS and unit in AMOUNTS else ""


def _just_before(period: Period, alike: dict[Period, Reading]) -> Period | None:
    if period.kind is PeriodKind.SNAPSHOT:
        return max((other for other in alike if other < period), default=None)
    return periods.holding(period.kind, period.start - timedelta(days=1))


def _a_year_before(period: Period, alike: dict[Period, Reading]) -> Period:
    start, last_year = period.start, period.start.year - 1
    if (start.month, start.day) not in ((2, 28), (2, 29)):
        return periods.holding(period.kind, start.replace(year=last_year))
    same_day, last_day = (periods.snapshot(day) for day in (date(last_year, 2, 28), periods.month(last_year, 2).end))
    return last_day if last_day in alike and same_day not in alike else same_day


def _direction(before: Reading, latest: Reading, measure: _Measure, *, has_newer_gap: bool) -> Direction:
    change = latest.value - before.value
    arrow = Arrow.LEVEL if abs(change) <= measure.gap else Arrow.UP if change > 0 else Arrow.DOWN
    provisional = [each.period.long_label for each in (before, latest) if each.is_provisional]
    verdict = _verdict(before, latest, measure) if measure.has_direction and not provisional else None
    sentence = _moved(change, before.period, measure)
    if has_newer_gap:
        sentence = f"{latest.period.long_label}, the newest figure, is {sentence}"
    elif latest.period.kind is PeriodKind.SNAPSHOT:
        sentence = f"{latest.period.long_label} is {sentence}"
    else:
        sentence = sentence[0].upper() + sentence[1:]
    if verdict is not None:
        words = f"{sentence}{_of_band(before, latest, measure)}: {verdict.value}."
    elif provisional:
        words = f"{sentence}. {_provisional(provisional)}, so it is not called better or worse."
    elif measure.polarity is Polarity.BAND:
        words = f"{sentence}. The band that is best is not stated."
    else:
        words = f"{sentence}. Neither way is stated as better."
    return Direction(before.period, latest.period, change, arrow, verdict, words)


def _verdict(before: Reading, latest: Reading, measure: _Measure) -> Verdict:
    worse_by = measure.distance(latest.value) - measure.distance(before.value)
    if abs(worse_by) <= measure.gap:
        return Verdict.STEADY
    return Verdict.WORSE if worse_by > 0 else Verdict.BETTER


def _moved(change: Decimal, before: Period, measure: _Measure) -> str:
    if change == 0:
        return f"level with {before.long_label}"
    moved = f"{'up' if change > 0 else 'down'} {step(abs(change), measure.unit)}"
    if abs(change) <= measure.gap:
        return f"within {step(measure.gap, measure.unit)} of {before.long_label} ({moved})"
    return f"{moved} on {before.long_label}"


def _provisional(labels: list[str]) -> str:
    return "Both figures are provisional" if len(labels) > 1 else f"The figure for {labels[0]} is provisional"


def _of_band(before: Reading, latest: Reading, measure: _Measure) -> str:
    """Where a figure that moved stands as seen from its band; nothing where there is none or it did not move."""
    if measure.band is None or abs(latest.value - before.value) <= measure.gap:
        return ""
    lower, upper = (with_unit(plain(edge), measure.unit) for edge in measure.band)
    old, new = measure.distance(before.value), measure.distance(latest.value)
    if abs(new - old) <= measure.gap:
        place = ("as far from" if old else "inside") if old == new else "about as far from"
        return f", {place} the band {lower} to {upper} as before"
    place = "further from" if new > old else "nearer to" if new else "into"
    return f", {place} the band {lower} to {upper}"
