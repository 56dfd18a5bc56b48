"""From one amount to another, step by step: a budget to its forecast, an overspend in its parts."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from typing import ClassVar

from lambeth_plans.charts.geometry import Chart, Show, percent, text_of
from lambeth_plans.rag import plain

NOT_BROKEN_DOWN = "Not broken down"
TOO_MUCH = "The parts come to more than the whole"
#: Of the longest bar, how much the steps have to be for the scale to begin at nought.
SHARE_FROM_NOUGHT = Decimal("0.25")
#: Which fill a bar has: totals, what adds, what takes away, and what is not broken down.
TOTAL, MORE, LESS, REST = 4, 1, 2, 3


@dataclass(frozen=True)
class Step:
    """What an amount changes by. An amount that is not stated has no bar, and is told: in `words` where it is no
    single amount."""

    label: str
    amount: Decimal | None
    words: str = ""


@dataclass(frozen=True)
class Fall:
    """A bar: a total from the scale's beginning, or a step from where the one before it ended. `series` (1 to 4)
    chooses its fill; its sign stands in `text`."""

    label: str
    text: str
    x: str
    width: str
    series: int
    is_drawn: bool
    join: str  # where the line to the bar below stands; empty after the last one


@dataclass(frozen=True, kw_only=True)
class Waterfall(Chart):
    template_name: ClassVar[str] = "components/charts/waterfall.html"
    falls: tuple[Fall, ...]
    zero: str  # empty where the scale does not begin at nought
    begins_at: str  # in words, where the scale does not begin at nought
    height: int = 20


def waterfall(
    *,
    title: str,
    source: str,
    start: Step | None,
    steps: Sequence[Step],
    end: Step,
    show: Show = plain,
    description: str = "",
) -> Waterfall:
    """Bars from `start` (nought without one) through the steps to `end`.

    What the steps leave over of a stated end is a step of its own, "not broken down"; where they come to more, it says
    so. An end that is not stated is never computed.
    """
    first = Decimal(0) if start is None else start.amount
    rest = rest_of(first, steps, end.amount)
    taken = [*steps, *([Step(TOO_MUCH if rest < 0 < end.amount else NOT_BROKEN_DOWN, rest)] if rest else [])]
    bars: list[tuple[Step, Decimal | None, Decimal | None, int]] = []
    if start is not None:
        bars.append((start, Decimal(0), start.amount, TOTAL))
    level = first or Decimal(0)
    for number, step in enumerate(taken):
        is_rest = number >= len(steps)
        after = level + (step.amount or 0)
        fill = REST if is_rest else MORE if (step.amount or 0) >= 0 else LESS
        bars.append((step, level, after if step.amount is not None else None, fill))
        level = after
    bars.append((end, Decimal(0), end.amount, TOTAL))
    low, high = _span(bars)

    def across(value: Decimal) -> float:
        return 100 * float((max(value, low) - low) / (high - low))

    falls, rows = [], []
    for number, (step, begins, ends, fill) in enumerate(bars):
        text = _signed(step, show) if fill != TOTAL else _text(step, show)
        left, right = sorted((across(begins), across(begins if ends is None else ends)))
        join = percent(across(ends)) if ends is not None and number + 1 < len(bars) else ""
        falls.append(Fall(step.label, text, percent(left), percent(right - left), fill, bool(step.amount), join))
        rows.append((step.label, text))
    return Waterfall(
        title=title,
        source=source,
        description=description or _in_words(start, taken, end, show),
        columns=("", "Amount"),
        rows=tuple(rows),
        falls=tuple(falls),
        zero=percent(across(Decimal(0))) if low <= 0 else "",
        begins_at=show(low) if low > 0 else "",
        is_empty=all(step.amount is None for step, *_ in bars),
    )


def rest_of(first: Decimal | None, steps: Sequence[Step], end: Decimal | None) -> Decimal:
    """What is left between the steps and the end; nought where one of them is not stated."""
    if first is None or end is None or any(step.amount is None for step in steps):
        return Decimal(0)
    return end - first - sum((step.amount for step in steps), Decimal(0))


def _span(bars: Sequence[tuple[Step, Decimal | None, Decimal | None, int]]) -> tuple[Decimal, Decimal]:
    """From nought; from higher up where the steps between two large totals could otherwise not be seen."""
    levels = [level for _, begins, ends, fill in bars for level in ((begins, ends) if fill != TOTAL else (ends,))]
    known = [level for level in levels if level is not None]
    low, high = min([*known, Decimal(0)]), max([*known, Decimal(0)])
    has_start = bars[0][3] == TOTAL and bars[0][2] is not None
    steps = max(known) - min(known) if known else Decimal(0)
    if has_start and known and min(known) > 0 and 0 < steps < high * SHARE_FROM_NOUGHT:
        unit = Decimal(1).scaleb(steps.adjusted())
        low = ((min(known) - steps / 2) / unit).to_integral_value(rounding=ROUND_FLOOR) * unit
    return (low, high) if low != high else (low, low + 1)


def _text(step: Step, show: Show) -> str:
    return step.words if step.amount is None and step.words else text_of(step.amount, show)


def _signed(step: Step, show: Show) -> str:
    return f"+{show(step.amount)}" if step.amount is not None and step.amount > 0 else _text(step, show)


def _in_words(start: Step | None, steps: Sequence[Step], end: Step, show: Show) -> str:
    known = [step for step in steps if step.amount]
    path = f"{end.label}: {_text(end, show)}."
    if start is not None:
        path = f"{start.label}: {_text(start, show)}. {path}"
    if not known:
        return path
    largest = max(known, key=lambda step: abs(step.amount))
    return f"{path} The largest step is {_signed(largest, show)}, {largest.label}."
