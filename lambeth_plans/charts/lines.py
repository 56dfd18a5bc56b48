"""Lines over time with their target."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import ClassVar

from lambeth_plans.charts.geometry import (
    LEFT,
    RIGHT,
    Caption,
    Chart,
    Line,
    Name,
    Scale,
    Show,
    Tick,
    names_under,
    percent,
    pixels,
    span,
    text_of,
)
from lambeth_plans.rag import plain


@dataclass(frozen=True)
class Figure:
    """One period of a line: its figure, and the target that held then; `text` says why there is no value."""

    period: str
    value: Decimal | None
    target: Decimal | None = None
    is_provisional: bool = False
    text: str = ""


@dataclass(frozen=True)
class Point:
    x: str
    y: str
    label: str
    is_provisional: bool


@dataclass(frozen=True, kw_only=True)
class LineChart(Chart):
    template_name: ClassVar[str] = "components/charts/line.html"
    lines: tuple[Line, ...]
    points: tuple[Point, ...]
    target_lines: tuple[Line, ...]
    ticks: tuple[Tick, ...]
    names: tuple[Name, ...]
    last: Caption | None
    has_provisional: bool


def line_chart(
    *,
    title: str,
    source: str,
    figures: Sequence[Figure],
    heading: str = "Figure",
    show: Show = plain,
    description: str = "",
) -> LineChart:
    """Figures over time, oldest first: a gap where there is none, hollow where provisional, the target as a step."""
    values = [each.value for each in figures if each.value is not None]
    targets = [each.target for each in figures if each.target is not None]
    scale = Scale(*span(values + targets))
    slot = (RIGHT - LEFT) / max(len(figures), 1)
    middles = [LEFT + slot * (index + 0.5) for index in range(len(figures))]
    placed = list(zip(middles, figures, strict=True))
    points = tuple(
        Point(percent(x), scale.y(each.value), f"{each.period}: {show(each.value)}", each.is_provisional)
        for x, each in placed
        if each.value is not None
    )
    return LineChart(
        title=title,
        source=source,
        description=description or course_in_words(figures, show),
        columns=("Period", heading, *(["Target"] if targets else [])),
        rows=tuple(
            (each.period, _figure_text(each, show), *([text_of(each.target, show)] if targets else []))
            for each in figures
        ),
        lines=_joined([(x, each.value) for x, each in placed], scale),
        points=points,
        target_lines=_steps([(x, each.target) for x, each in placed], slot, scale),
        ticks=scale.ticks(show),
        names=names_under([each.period for each in figures]),
        last=_last(placed, scale, show),
        has_provisional=any(point.is_provisional for point in points),
        is_empty=not values,
    )


def _joined(placed: list[tuple[float, Decimal | None]], scale: Scale) -> tuple[Line, ...]:
    """Lines between neighbours that both have a figure; a missing one leaves a gap."""
    return tuple(
        Line(percent(x1), scale.y(first), percent(x2), scale.y(second))
        for (x1, first), (x2, second) in pairwise(placed)
        if first is not None and second is not None
    )


def _steps(placed: list[tuple[float, Decimal | None]], slot: float, scale: Scale) -> tuple[Line, ...]:
    """The target: level through each period it holds for, upright where it changes."""
    lines = []
    for x, target in placed:
        if target is not None:
            lines.append(Line(percent(x - slot / 2), scale.y(target), percent(x + slot / 2), scale.y(target)))
    for (x, before), (_, after) in pairwise(placed):
        if before is not None and after is not None and before != after:
            lines.append(Line(percent(x + slot / 2), scale.y(before), percent(x + slot / 2), scale.y(after)))
    return tuple(lines)


def _last(placed: list[tuple[float, Figure]], scale: Scale, show: Show) -> Caption | None:
    """The latest figure, written over its point."""
    for x, each in reversed(placed):
        if each.value is not None:
            return Caption(percent(x), pixels(scale.position(each.value) - 12), show(each.value), is_extra=False)
    return None


def _figure_text(figure: Figure, show: Show) -> str:
    if figure.value is None:
        return figure.text or "no figure"
    return f"{show(figure.value)} (provisional)" if figure.is_provisional else show(figure.value)


def course_in_words(figures: Sequence[Figure], show: Show) -> str:
    """From where to where, the lowest and the highest, and how many periods have no figure."""
    known = [each for each in figures if each.value is not None]
    if not known:
        return "There are no figures."
    missing = len(figures) - len(known)
    gaps = f" {missing} of {len(figures)} periods have no figure." if missing else ""
    if len(known) == 1:
        return f"One figure: {show(known[0].value)} in {known[0].period}.{gaps}"
    first, last = known[0], known[-1]
    lowest, highest = (pick(known, key=lambda each: each.value) for pick in (min, max))
    return (
        f"From {show(first.value)} in {first.period} to {show(last.value)} in {last.period}; "
        f"lowest {show(lowest.value)} in {lowest.period}, highest {show(highest.value)} in {highest.period}.{gaps}"
    )
