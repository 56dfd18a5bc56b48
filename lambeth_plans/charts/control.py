"""Control charts: figures over time between the limits of their usual noise, with what is unusual marked by shape."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import ClassVar

from lambeth_plans.charts.geometry import LEFT, RIGHT, Scale, Show, percent, pixels, span
from lambeth_plans.charts.lines import Figure, LineChart, course_in_words, line_parts, line_table
from lambeth_plans.rag import plain

#: With more figures than these, only the unusual ones keep a mark of full size.
DENSE_FROM = 49
#: The shapes of unusual figures (`templates/components/spc_shape.html`), in the order of the legend.
MARKS = ("improvement", "concern", "change")


@dataclass(frozen=True)
class Limits:
    """The lines of the figures `start` ≤ index < `stop`, as computed."""

    start: int
    stop: int
    mean: Decimal
    lower: Decimal
    upper: Decimal
    is_trial: bool = False


@dataclass(frozen=True)
class Restart:
    """From the figure at `index` on, somebody gave the chart new limits; `words` say when, why and who."""

    index: int
    words: str


@dataclass(frozen=True)
class Range:
    """How far the figures of other areas reach in the period at `index`."""

    index: int
    lowest: Decimal
    highest: Decimal


@dataclass(frozen=True)
class Level:
    """A level line; `is_trial` draws it broken."""

    x1: str
    x2: str
    y: str
    is_trial: bool


@dataclass(frozen=True)
class Box:
    x: str
    y: str
    width: str
    height: str


@dataclass(frozen=True)
class Upright:
    """A restart: where it stands, the letter over it, and its words in the legend."""

    x: str
    letter: str
    words: str


@dataclass(frozen=True, kw_only=True)
class ControlChart(LineChart):
    """`mean_text` and `limits_text` are those of the last limits; `marks` the shapes that occur."""

    template_name: ClassVar[str] = "components/charts/control.html"
    means: tuple[Level, ...]
    limits: tuple[Level, ...]
    usual: tuple[Box, ...]
    ranges: tuple[Box, ...]
    restarts: tuple[Upright, ...]
    marks: tuple[str, ...]
    mean_text: str
    limits_text: str
    range_name: str
    setting: str
    is_trial: bool
    is_dense: bool


def control_chart(
    *,
    title: str,
    source: str,
    figures: Sequence[Figure],
    limits: Sequence[Limits],
    restarts: Sequence[Restart] = (),
    ranges: Sequence[Range] = (),
    range_name: str = "",
    setting: str = "",
    possible: tuple[Decimal | None, Decimal | None] = (None, None),
    more: str = "",
    show: Show = plain,
    show_limits: Show | None = None,
) -> ControlChart:
    """Figures oldest first, with the limits of each stretch of them.

    A stretch without limits has no entry in `limits`. `possible` are the lowest and the highest figure there can be:
    limits are drawn no further, while their numbers stay as computed. `ranges` belong to other areas, whose name is
    `range_name`. `setting` says how the limits were made, `more` ends the description; `show_limits`
    writes the mean and the limits, where they have other decimals than the figures. Raises ValueError without limits,
    which is a `line_chart`.
    """
    if not limits:
        raise ValueError("A control chart has limits; without them it is a line chart.")
    write = show_limits or show
    low, high = possible
    drawn = [(each, _inside(each.lower, low, high), _inside(each.upper, low, high)) for each in limits]
    values = [each.value for each in figures if each.value is not None]
    targets = [each.target for each in figures if each.target is not None]
    reach = [edge for each, lower, upper in drawn for edge in (lower, upper, each.mean)]
    reach += [edge for each in ranges for edge in (each.lowest, each.highest)]
    scale = Scale(*span(values + targets + reach))
    slot = (RIGHT - LEFT) / len(figures)
    columns, rows = line_table(figures, show)
    written = ["none"] * 3, *(tuple(map(write, (each.mean, each.lower, each.upper))) for each in limits)
    lines = [
        next((place for place, each in enumerate(limits, 1) if each.start <= index < each.stop), 0)
        for index in range(len(figures))
    ]
    last = limits[-1]
    return ControlChart(
        title=title,
        source=source,
        description=_description(figures, limits, show, write, more),
        columns=(*columns, "Mean", "Lower limit", "Upper limit", "Unusual"),
        rows=tuple((*row, *written[own], each.why or "–") for row, own, each in zip(rows, lines, figures, strict=True)),
        **line_parts(figures, scale, show),
        means=tuple(_level(each, each.mean, slot, scale) for each in limits),
        limits=tuple(_level(each, edge, slot, scale) for each, *edges in drawn for edge in edges),
        usual=tuple(
            _box(each.start, each.stop, lower, upper, slot, scale) for each, lower, upper in drawn if not each.is_trial
        ),
        ranges=tuple(_box(each.index, each.index + 1, each.lowest, each.highest, slot, scale) for each in ranges),
        restarts=tuple(
            Upright(percent(LEFT + slot * each.index), chr(ord("A") + place % 26), each.words)
            for place, each in enumerate(restarts)
        ),
        marks=tuple(mark for mark in MARKS if any(each.mark == mark for each in figures)),
        mean_text=write(last.mean),
        limits_text=f"{write(last.lower)} to {write(last.upper)}{_when(last, figures)}",
        range_name=range_name if ranges else "",
        setting=setting,
        is_trial=last.is_trial,
        is_dense=len(figures) >= DENSE_FROM,
    )


def _inside(edge: Decimal, low: Decimal | None, high: Decimal | None) -> Decimal:
    edge = edge if low is None else max(edge, low)
    return edge if high is None else min(edge, high)


def _level(limits: Limits, height: Decimal, slot: float, scale: Scale) -> Level:
    return Level(
        percent(LEFT + slot * limits.start), percent(LEFT + slot * limits.stop), scale.y(height), limits.is_trial
    )


def _box(start: int, stop: int, lower: Decimal, upper: Decimal, slot: float, scale: Scale) -> Box:
    """Never thinner than a line that can be seen."""
    top, bottom = scale.position(upper), scale.position(lower)
    return Box(
        percent(LEFT + slot * start), pixels(top), percent(slot * (stop - start)), pixels(max(bottom - top, 2.0))
    )


def _description(figures: Sequence[Figure], limits: Sequence[Limits], show: Show, write: Show, more: str) -> str:
    last = limits[-1]
    name = "Trial limits" if last.is_trial else "Limits"
    said = [
        course_in_words(figures, show),
        f"Mean {write(last.mean)}. {name} {write(last.lower)} to {write(last.upper)}{_when(last, figures)}.",
    ]
    if stretches := _stretches(figures):
        said.append(f"Unusual: {'; '.join(stretches)}.")
    elif not last.is_trial and last.stop == len(figures):
        said.append("No figure is unusual.")
    return " ".join([*said, more]).strip()


def _when(limits: Limits, figures: Sequence[Figure]) -> str:
    """For which figures limits hold, where not for all: a young stretch has none of its own yet."""
    if limits.stop < len(figures):
        return f" up to {figures[limits.stop - 1].period}"
    return f" from {figures[limits.start].period} on" if limits.start else ""


def _stretches(figures: Sequence[Figure]) -> list[str]:
    """What is unusual, neighbours of one mark together: "Apr 2025 to Oct 2025, above the upper limit: concern"."""
    told = []
    for mark, group in groupby(figures, key=lambda each: each.mark):
        if mark:
            stretch = list(group)
            first, last, reasons = stretch[0].period, stretch[-1].period, {each.why for each in stretch}
            why = reasons.pop() if len(reasons) == 1 else f"for several reasons: {mark}"
            told.append(f"{first}{'' if len(stretch) == 1 else f' to {last}'}, {why}")
    return told
