"""What all charts share: their frame, the scale, the names under the plot, and the words of a description."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from math import ceil
from typing import ClassVar

from django.utils.text import slugify

NOT_STATED = "not stated"

# Down, in pixels: a plot of 200 under room for a label, over a line of period names.
TOP, BOTTOM, HEIGHT = 28, 228, 260
# Across, in percent: room on the left for the words of the scale.
LEFT, RIGHT = 14.0, 99.0
#: Period names that fit side by side on a wide screen and on a phone.
NAMES_WIDE, NAMES_NARROW = 12, 4

Show = Callable[[Decimal], str]


@dataclass(frozen=True)
class Tick:
    """A line of the scale at `y`, with its figure in words."""

    y: str
    text: str


@dataclass(frozen=True)
class Name:
    """A period or category under the plot; `is_extra` ones are left out on a phone."""

    x: str
    text: str
    is_extra: bool


@dataclass(frozen=True)
class Line:
    x1: str
    y1: str
    x2: str
    y2: str


@dataclass(frozen=True)
class Caption:
    """A figure over its column."""

    x: str
    y: str
    text: str
    is_extra: bool


@dataclass(frozen=True, kw_only=True)
class Chart:
    """What every chart has. `rows` are the lines of its table, the first cell of each being its name."""

    template_name: ClassVar[str]
    title: str
    description: str
    source: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    is_empty: bool = False
    height: int = HEIGHT

    @property
    def key(self) -> str:
        """An id for the page: the title, and a few signs of the content so that two charts of one title differ."""
        digest = hashlib.sha256(repr((self.title, self.columns, self.rows)).encode()).hexdigest()
        return f"chart-{slugify(self.title)[:40]}-{digest[:6]}"


class Scale:
    """Turns figures into pixels down, on a scale whose ends are round figures."""

    def __init__(self, low: Decimal, high: Decimal, *, top: int = TOP, bottom: int = BOTTOM) -> None:
        self.step = _round_step(high - low)
        self.low = (low / self.step).to_integral_value(rounding=ROUND_FLOOR) * self.step
        self.high = (high / self.step).to_integral_value(rounding=ROUND_CEILING) * self.step
        self.top, self.bottom = top, bottom

    def position(self, value: Decimal) -> float:
        share = float((value - self.low) / (self.high - self.low))
        return self.bottom - share * (self.bottom - self.top)

    def y(self, value: Decimal) -> str:
        return pixels(self.position(value))

    def ticks(self, show: Show) -> tuple[Tick, ...]:
        count = int((self.high - self.low) / self.step)
        return tuple(
            Tick(self.y(value), show(value)) for value in (self.low + self.step * index for index in range(count + 1))
        )


def _round_step(span: Decimal) -> Decimal:
    """1, 2 or 5 times a power of ten, so that at most five steps cover the span."""
    rough = span / 4
    power = Decimal(1).scaleb(rough.adjusted())
    return next(power * factor for factor in (1, 2, 5, 10) if power * factor >= rough)


def span(values: Sequence[Decimal]) -> tuple[Decimal, Decimal]:
    """The lowest and highest, never equal: one figure, or none, still gets a scale around it."""
    if not values:
        return Decimal(0), Decimal(1)
    low, high = min(values), max(values)
    if low == high:
        margin = abs(low) / 10 or Decimal(1)
        return low - margin, high + margin
    return low, high


def span_from_zero(values: Sequence[Decimal]) -> tuple[Decimal, Decimal]:
    """Bars and columns are lengths, so their scale always holds nought."""
    low, high = min([*values, Decimal(0)]), max([*values, Decimal(0)])
    return (low, high) if low != high else (Decimal(0), Decimal(1))


def names_under(texts: Sequence[str]) -> tuple[Name, ...]:
    """Names under the plot: each n-th where there are too many, fewer still on a phone."""
    slot = (RIGHT - LEFT) / max(len(texts), 1)
    wide = max(ceil(len(texts) / NAMES_WIDE), 1)
    narrow = wide * max(ceil(len(texts) / wide / NAMES_NARROW), 1)
    return tuple(
        Name(percent(LEFT + slot * (index + 0.5)), text, is_extra=bool(index % narrow))
        for index, text in enumerate(texts)
        if index % wide == 0
    )


def extremes_in_words(named: Sequence[tuple[str, Decimal | None]], show: Show) -> str:
    known = [(name, value) for name, value in named if value is not None]
    if not known:
        return "There are no figures."
    if len(known) == 1:
        return f"One figure: {show(known[0][1])}, {known[0][0]}."
    lowest, highest = (pick(known, key=lambda pair: pair[1]) for pick in (min, max))
    return f"Highest {show(highest[1])}, {highest[0]}; lowest {show(lowest[1])}, {lowest[0]}."


def text_of(value: Decimal | None, show: Show) -> str:
    return NOT_STATED if value is None else show(value)


def percent(share: float) -> str:
    return f"{share:.2f}%"


def pixels(length: float) -> str:
    return f"{length:.1f}"
