"""Statistical process control: is a series only its usual noise, or has something changed? XmR charts, exactly.

Pure: no database, no clock, no settings. In: the values of one indicator in the order of time, one for each period,
in its own unit; `None` is a gap (missing or suppressed). Out: `Analysis`, one `Point` for each value given.

The rules are those of NHS England's "Making Data Count" as the NHS-R Community's package NHSRplotthedots computes them
(methods.md, 4.3):

- centre line: the mean; limits: mean ± 2.66 × the average moving range; near-limit lines at two thirds of that.
- screening (`screen`; the package does it, the NHS workbooks do not): moving ranges of 3.267 × their average and more
  are dropped, once; the centre line stays. Whoever shows the lines says which setting was used.
- flags, the first that holds: outside a limit; trend (six successive moves one way; all seven points and more); two of
  three points beyond a near-limit line, none of these two outside the limit, all three on that side of the mean (only
  the two or three beyond are marked); shift (seven points and more on one side of the mean).
- on a line is not beyond it: a point on a limit is not outside, one on the mean is on neither side, a tie is no move.
- a gap and a rebase break every run, and there is no moving range across them.

Our own choices, where the sources leave room: full judgement from 12 values (the package's texts say 12, its warning
comes under 13) and trial limits from 7; a series that never moves has its limits on its mean (the package divides by
zero there); the point at which one trend turns into another belongs to the later one (as there); a point that only
ends a trend keeps that trend's direction (there it takes the next move's).

Nothing is ever a float: values become whole numbers over one denominator and are compared by multiplying across, so
that "on the limit" means on the limit. Only the answers are rounded, to 28 digits.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal
from enum import StrEnum
from itertools import groupby, pairwise
from math import lcm

from lambeth_plans.rag import Polarity

#: So many values of a segment make trial limits, and so many make full ones.
TRIAL_FROM = 7
FULL_FROM = 12
#: Points on one side that make a shift; moves one way that make a trend (of one point more).
SHIFT_POINTS = 7
TREND_MOVES = 6
#: 2.66 and 3.267 as whole numbers.
SPREAD_HUNDREDTHS = 266
SCREEN_THOUSANDTHS = 3267

ANSWERS = Context(prec=28)
DIRECTIONS = {Polarity.HIGHER: 1, Polarity.LOWER: -1}


class Flag(StrEnum):
    """Why a point is no common noise, in the order of precedence."""

    OUTSIDE = "outside limit"
    TREND = "trend"
    TWO_OF_THREE = "two of three"
    SHIFT = "shift"


class Judged(StrEnum):
    """Whether a flagged point is good news; CHANGE where no direction is better."""

    IMPROVEMENT = "improvement"
    CONCERN = "concern"
    CHANGE = "change"


class Variation(StrEnum):
    """What the last value says of the series."""

    COMMON = "common cause"
    IMPROVEMENT = "improvement"
    CONCERN = "concern"
    CHANGE = "change"


class Assurance(StrEnum):
    """Whether the process, left as it is, will meet its target."""

    PASSES = "consistently passes"
    FAILS = "consistently fails"
    HIT_AND_MISS = "hit and miss"


class Stage(StrEnum):
    """How much the number of values allows: a line only, limits only, or limits and judgement."""

    PLAIN = "plain"
    TRIAL = "trial"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class Point:
    """One period. The five lines are its segment's (all None at stage PLAIN), at a gap too; `flag`, `judgement` and
    `is_high` are all None or none of them. `is_high`: above the mean, or of a trend: going up."""

    value: Decimal | None
    mean: Decimal | None
    lower_limit: Decimal | None
    upper_limit: Decimal | None
    near_lower: Decimal | None
    near_upper: Decimal | None
    flag: Flag | None
    judgement: Judged | None
    is_high: bool | None


@dataclass(frozen=True, slots=True)
class Segment:
    """The points `start` ≤ index < `stop`, which share their lines; `dropped` moving ranges were screened out."""

    start: int
    stop: int
    stage: Stage
    dropped: int


@dataclass(frozen=True, slots=True)
class Analysis:
    """A whole series. `points` stand in the order of the values given; there is always one segment or more, and
    `stage`, the lines, `dropped`, `variation` and `assurance` are those of the last.

    `variation` is None unless the stage is FULL; `assurance` also where there is no target or no direction.
    """

    points: tuple[Point, ...]
    stage: Stage
    mean: Decimal | None
    lower_limit: Decimal | None
    upper_limit: Decimal | None
    near_lower: Decimal | None
    near_upper: Decimal | None
    screened: bool
    dropped: int
    variation: Variation | None
    assurance: Assurance | None
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of one segment: the mean is `centre` / `unit`, a limit lies `reach` / `unit` from it (whole numbers).

    `count` values and their moving ranges made them, less the `dropped` ones.
    """

    centre: int
    reach: int
    unit: int
    count: int
    dropped: int

    @property
    def near(self) -> int:
        """Two thirds of the reach, which is a multiple of three."""
        return self.reach // 3 * 2

    def answers(self) -> tuple[Decimal, Decimal, Decimal, Decimal, Decimal]:
        """Mean, lower limit, upper limit, near-limit line below and above."""
        heights = (0, -self.reach, self.reach, -self.near, self.near)
        unit = Decimal(self.unit)
        return tuple(ANSWERS.divide(Decimal(self.centre + height), unit) for height in heights)

    def side_of(self, value: Decimal) -> int:
        """1 above the upper limit, -1 below the lower, 0 on or between them."""
        numerator, denominator = value.as_integer_ratio()
        offset = numerator * self.unit - self.centre * denominator
        return sign(offset) if abs(offset) > self.reach * denominator else 0


NO_ANSWERS = (None,) * 5
#: By direction, then by `is_high`.
JUDGEMENTS = {
    1: {None: None, True: Judged.IMPROVEMENT, False: Judged.CONCERN},
    -1: {None: None, True: Judged.CONCERN, False: Judged.IMPROVEMENT},
    0: {None: None, True: Judged.CHANGE, False: Judged.CHANGE},
}


def analyse(
    values: Sequence[Decimal | None],
    *,
    polarity: Polarity | None = None,
    target: Decimal | None = None,
    rebases: Collection[int] = (),
    baseline: int | None = None,
    screen: bool = True,
) -> Analysis:
    """Judge a series. `target` in the unit of the values; `rebases` are the indices, ascending, at which a new segment
    begins (0 changes nothing); `baseline` says how many of each segment's first values make its lines (None: all).

    Raises ValueError on a value or target that is no finite number, on rebases that are out of range, out of order
    or twice there, and on a baseline of fewer than 12.
    """
    check(values, target, rebases, baseline)
    numbers, scale = whole_numbers(values)
    direction = DIRECTIONS.get(polarity, 0)
    judgements = JUDGEMENTS[direction]
    points, segments = [], []
    for start, stop in pairwise([0, *filter(None, rebases), len(values)]):
        part = numbers[start:stop]
        lines = lines_of_numbers(part, scale, baseline, screen)
        stage = stage_of(lines)
        answers = lines.answers() if lines else NO_ANSWERS
        marks = marks_of(part, lines, scale) if stage is Stage.FULL else [(None, None)] * len(part)
        points += [
            Point(value, *answers, flag, judgements[is_high], is_high)
            for value, (flag, is_high) in zip(values[start:stop], marks, strict=True)
        ]
        segments.append(Segment(start, stop, stage, lines.dropped if lines else 0))
    last = next((point for point in reversed(points) if point.value is not None), None)
    is_full = stage is Stage.FULL
    return Analysis(
        tuple(points),
        stage,
        *answers,
        screened=screen,
        dropped=segments[-1].dropped,
        variation=Variation(last.judgement or Variation.COMMON) if is_full else None,
        assurance=assured(lines, target, direction) if is_full else None,
        segments=tuple(segments),
    )


def lines_of(values: Sequence[Decimal | None], *, baseline: int | None = None, screen: bool = True) -> Lines | None:
    """The lines of one segment alone; None where there are too few values (fewer than 7) or no two neighbours."""
    check(values, None, (), baseline)
    return lines_of_numbers(*whole_numbers(values), baseline, screen)


def check(
    values: Sequence[Decimal | None], target: Decimal | None, rebases: Collection[int], baseline: int | None
) -> None:
    """ValueError on what `analyse` does not take."""
    if not all(value is None or value.is_finite() for value in (*values, target)):
        raise ValueError("a value or the target is no finite number")
    if any(not 0 <= index < len(values) for index in rebases):
        raise ValueError(f"a rebase lies outside the {len(values)} values")
    if any(after <= before for before, after in pairwise(rebases)):
        raise ValueError("rebases must ascend")
    if baseline is not None and baseline < FULL_FROM:
        raise ValueError(f"a baseline needs {FULL_FROM} values or more")


def whole_numbers(values: Sequence[Decimal | None]) -> tuple[list[int | None], int]:
    """The values as whole numbers over one denominator, and that."""
    ratios = [None if value is None else value.as_integer_ratio() for value in values]
    scale = lcm(*{ratio[1] for ratio in ratios if ratio})
    return [None if ratio is None else ratio[0] * (scale // ratio[1]) for ratio in ratios], scale


def lines_of_numbers(numbers: Sequence[int | None], scale: int, baseline: int | None, screen: bool) -> Lines | None:
    """As `lines_of`, of whole numbers over the denominator `scale`."""
    places = [place for place, number in enumerate(numbers) if number is not None][:baseline]
    if len(places) < TRIAL_FROM:
        return None
    used = numbers[: places[-1] + 1]
    moves = [abs(after - before) for before, after in pairwise(used) if before is not None and after is not None]
    if not moves:
        return None
    total = sum(moves)
    kept = moves
    if screen and total:  # without variation every range is "3.267 times the average": none is dropped
        kept = [move for move in moves if 1000 * move * len(moves) < SCREEN_THOUSANDTHS * total]
    unit = 300 * len(places) * len(kept)  # hundredths, thirds, and both averages
    return Lines(
        centre=sum(used[place] for place in places) * 300 * len(kept),
        reach=SPREAD_HUNDREDTHS * sum(kept) * 3 * len(places),
        unit=unit * scale,
        count=len(places),
        dropped=len(moves) - len(kept),
    )


def stage_of(lines: Lines | None) -> Stage:
    if lines is None:
        return Stage.PLAIN
    return Stage.FULL if lines.count >= FULL_FROM else Stage.TRIAL


def marks_of(numbers: Sequence[int | None], lines: Lines, scale: int) -> list[tuple[Flag | None, bool | None]]:
    """The flag of each point of a segment and whether it is high; what comes first in precedence is written last."""
    factor = lines.unit // scale
    reach, near = lines.reach, lines.near
    offsets = [lines.centre if number is None else number * factor for number in numbers]
    offsets = [offset - lines.centre for offset in offsets]
    sides = [(offset > 0) - (offset < 0) for offset in offsets]
    marks = [(None, None)] * len(numbers)
    for start, stop, side in runs(sides, SHIFT_POINTS):
        marks[start:stop] = [(Flag.SHIFT, side > 0)] * (stop - start)
    beyond = [place for place, offset in enumerate(offsets) if near < abs(offset) <= reach]
    for first, second in two_of_three(beyond, sides):
        marks[first] = marks[second] = (Flag.TWO_OF_THREE, sides[first] > 0)
    moves = [
        0 if before is None or after is None else (after > before) - (after < before)
        for before, after in pairwise(numbers)
    ]
    for start, stop, way in runs(moves, TREND_MOVES):
        marks[start : stop + 1] = [(Flag.TREND, way > 0)] * (stop + 1 - start)
    for place, offset in enumerate(offsets):
        if abs(offset) > reach:
            marks[place] = (Flag.OUTSIDE, offset > 0)
    return marks


def two_of_three(beyond: Sequence[int], sides: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Neighbours among the places `beyond` a near-limit line that stand, with a third, on one side in three points."""
    for first, second in pairwise(beyond):
        thirds = {1: (first - 1, second + 1), 2: (first + 1,)}.get(second - first, ())
        if sides[first] == sides[second] and any(
            0 <= third < len(sides) and sides[third] == sides[first] for third in thirds
        ):
            yield first, second


def runs(signs: Sequence[int], least: int) -> Iterator[tuple[int, int, int]]:
    """Start, stop and sign of each run of `least` and more equal signs other than 0."""
    start = 0
    for one, group in groupby(signs):
        stop = start + sum(1 for _ in group)
        if one and stop - start >= least:
            yield start, stop, one
        start = stop


def sign(number: int) -> int:
    return (number > 0) - (number < 0)


def assured(lines: Lines, target: Decimal | None, direction: int) -> Assurance | None:
    """A target beyond what the process reaches is always failed; one it never falls back to is always passed."""
    if target is None or not direction:
        return None
    side = lines.side_of(target) * direction
    return {1: Assurance.FAILS, -1: Assurance.PASSES, 0: Assurance.HIT_AND_MISS}[side]
