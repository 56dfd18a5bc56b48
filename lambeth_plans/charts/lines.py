"""Lines over time with their target."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby, pairwise
from typing import Any, ClassVar

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
    """One period of a line: its figure, and the target that held then; `text` says why there is no value.

    `mark` is the shape of an unusual figure ("improvement", "concern", "change"; templates/components/spc_shape.html),
    empty for any other, and `why` says what is unusual about it.
    """

    period: str
    value: Decimal | None
    target: Decimal | None = None
    is_provisional: bool = False
    text: str = ""
    mark: str = ""
    why: str = ""

    def label(self, show: Show) -> str:
        """What a pointer reads at its point: "Mar 2026: 82% (provisional), above the upper limit"."""
        return f"{self.period}: {_figure_text(self, show)}{f', {self.why}' if self.why else ''}"


@dataclass(frozen=True)
class Point:
    x: str
    y: str
    label: str
    is_provisional: bool
    mark: str = ""


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
    line_name: str = "Figure"
    target_name: str = "Target"


def line_chart(
    *,
    title: str,
    source: str,
    figures: Sequence[Figure],
    heading: str = "Figure",
    target_heading: str = "Target",
    show: Show = plain,
    description: str = "",
) -> LineChart:
    """Figures over time, oldest first: a gap where there is none, hollow where provisional, the target as a step. The
    headings are the words of its legend and of its table."""
    values = [each.value for each in figures if each.value is not None]
    targets = [each.target for each in figures if each.target is not None]
    columns, rows = line_table(figures, show, heading, target_heading)
    return LineChart(
        title=title,
        source=source,
        description=description or course_in_words(figures, show),
        columns=columns,
        rows=rows,
        is_empty=not values,
        line_name=heading,
        target_name=target_heading,
        **line_parts(figures, Scale(*span(values + targets)), show),
    )


def line_table(
    figures: Sequence[Figure], show: Show, heading: str = "Figure", target_heading: str = "Target"
) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """The columns and the rows of the table behind a line; the target only where there is one."""
    has_target = any(each.target is not None for each in figures)
    return ("Period", heading, *([target_heading] if has_target else [])), tuple(
        (each.period, _figure_text(each, show), *([text_of(each.target, show)] if has_target else []))
        for each in figures
    )


def line_parts(figures: Sequence[Figure], scale: Scale, show: Show) -> dict[str, Any]:
    """What of a `LineChart` is drawn on a scale, by the names of its fields."""
    slot = (RIGHT - LEFT) / max(len(figures), 1)
    placed = [(LEFT + slot * (index + 0.5), each) for index, each in enumerate(figures)]
    return {
        "lines": _joined([(x, each.value) for x, each in placed], scale),
        "points": tuple(
            Point(percent(x), scale.y(each.value), each.label(show), each.is_provisional, each.mark)
            for x, each in placed
            if each.value is not None
        ),
        "target_lines": _steps([(x, each.target) for x, each in placed], slot, scale),
        "ticks": scale.ticks(show),
        "names": names_under([each.period for each in figures]),
        "last": _last(placed, scale, show),
        "has_provisional": any(each.is_provisional and each.value is not None for each in figures),
    }


def _joined(placed: list[tuple[float, Decimal | None]], scale: Scale) -> tuple[Line, ...]:
    """Lines between neighbours that both have a figure; a missing one leaves a gap."""
    return tuple(
        Line(percent(x1), scale.y(first), percent(x2), scale.y(second))
        for (x1, first), (x2, second) in pairwise(placed)
        if first is not None and second is not None
    )


def _steps(placed: list[tuple[float, Decimal | None]], slot: float, scale: Scale) -> tuple[Line, ...]:
    """The target: level as long as it holds, upright where it changes."""
    levels, risers = [], []
    for target, stretch in groupby(placed, key=lambda each: each[1]):
        if target is not None:
            places = [x for x, _ in stretch]
            first, last = places[0], places[-1]
            levels.append(Line(percent(first - slot / 2), scale.y(target), percent(last + slot / 2), scale.y(target)))
    for (x, before), (_, after) in pairwise(placed):
        if before is not None and after is not None and before != after:
            risers.append(Line(percent(x + slot / 2), scale.y(before), percent(x + slot / 2), scale.y(after)))
    return (*levels, *risers)


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
        return f"One figure: {show(known[0].value)} {_when(known[0])}.{gaps}"
    first, last = known[0], known[-1]
    lowest, highest = (pick(known, key=lambda each: each.value) for pick in (min, max))
    return (
        f"From {show(first.value)} {_when(first)} to {show(last.value)} {_when(last)}; "
        f"lowest {show(lowest.value)} {_when(lowest)}, highest {show(highest.value)} {_when(highest)}.{gaps}"
    )


def _when(figure: Figure) -> str:
    """ "in 2019/20", but "(to 30 Sep 2026)" for a figure that counts up to a day."""
    return f"({figure.period})" if figure.period[:1].islower() else f"in {figure.period}"
