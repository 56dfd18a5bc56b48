"""Courses small enough to stand in numbers: the sparkline of a table's cell, and a control chart among many.

Each line is one path in units of its own (100 across, pixels down) that the page stretches to its width, so that
hundreds of them stay light. Marks are told apart by shape; they stand at percentages, so that they are not stretched.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import ClassVar

from lambeth_plans.charts.geometry import Chart, Scale, Show, percent, pixels, span
from lambeth_plans.charts.lines import Figure, Point, course_in_words
from lambeth_plans.rag import plain

#: Room on both sides for a mark, in percent.
EDGE = 4
SPARK_HEIGHT, SMALL_HEIGHT = 32, 96


@dataclass(frozen=True)
class Controlled(Figure):
    """A figure with the lines it is read by, each None where there is none."""

    mean: Decimal | None = None
    lower: Decimal | None = None
    upper: Decimal | None = None


@dataclass(frozen=True)
class Mark:
    x: str
    y: str
    kind: str
    label: str


@dataclass(frozen=True, kw_only=True)
class Small(Chart):
    """The course of one indicator. `course`, `mean` and `limits` are paths, empty where there is nothing to draw.

    The table behind it stands elsewhere, so it has no rows: for a sparkline it is the one it stands in.
    """

    template_name: ClassVar[str] = "components/charts/small.html"
    course: str
    mean: str
    limits: str
    marks: tuple[Mark, ...]
    last: Point | None
    is_spark: bool


def sparkline(
    *, title: str, source: str, figures: Sequence[Figure], show: Show = plain, description: str = ""
) -> Small:
    """A line small enough for a table's cell: the course, its mean and what is unusual in it."""
    values = [each.value for each in figures if each.value is not None]
    means = _of(figures, "mean")
    scale = Scale(*span(values + [each for each in means if each is not None]), top=4, bottom=SPARK_HEIGHT - 4)
    return _small(title, source, figures, show, description, scale, means, [], is_spark=True)


def small_multiple(
    *,
    title: str,
    source: str,
    figures: Sequence[Figure],
    show: Show = plain,
    description: str = "",
    least: Decimal | None = None,
    most: Decimal | None = None,
) -> Small:
    """A control chart among many: the course, the mean, both limits and what is unusual. Limits are drawn no further
    than `least` and `most`, the ends of what is possible."""
    values = [each.value for each in figures if each.value is not None]
    means = _of(figures, "mean")
    limits = [[_within(value, least, most) for value in _of(figures, name)] for name in ("lower", "upper")]
    drawn = [value for line in (means, *limits) for value in line if value is not None]
    scale = Scale(*span(values + drawn), top=8, bottom=SMALL_HEIGHT - 8)
    return _small(title, source, figures, show, description, scale, means, limits, is_spark=False)


def _small(title, source, figures, show, description, scale, means, limits, *, is_spark: bool) -> Small:
    width = (100 - 2 * EDGE) / max(len(figures) - 1, 1)
    places = [EDGE + width * index for index in range(len(figures))]
    known = [(x, each) for x, each in zip(places, figures, strict=True) if each.value is not None]
    marks = tuple(
        Mark(percent(x), scale.y(each.value), each.mark, f"{each.period}: {show(each.value)}, {each.mark}")
        for x, each in known
        if each.mark
    )
    last = None
    if known:
        x, each = known[-1]
        last = Point(percent(x), scale.y(each.value), f"{each.period}: {show(each.value)}", each.is_provisional)
    return Small(
        title=title,
        source=source,
        description=description or _said(figures, show),
        columns=(),
        rows=(),
        course=_course([each.value for each in figures], places, scale),
        mean=_level(means, places, width, scale),
        limits="".join(_level(line, places, width, scale) for line in limits),
        marks=marks,
        last=last,
        is_empty=not known,
        is_spark=is_spark,
        height=SPARK_HEIGHT if is_spark else SMALL_HEIGHT,
    )


def _of(figures: Sequence[Figure], name: str) -> list[Decimal | None]:
    return [getattr(each, name, None) for each in figures]


def _within(value: Decimal | None, least: Decimal | None, most: Decimal | None) -> Decimal | None:
    if value is None:
        return None
    value = value if least is None else max(value, least)
    return value if most is None else min(value, most)


def _runs(values: Sequence[Decimal | None], key: Callable) -> list[tuple[int, int]]:
    """First and last index of each stretch of equal keys that is not None."""
    found, start = [], 0
    for one, group in groupby(values, key=key):
        stop = start + sum(1 for _ in group)
        if one is not None:
            found.append((start, stop - 1))
        start = stop
    return found


def _course(values: Sequence[Decimal | None], places: Sequence[float], scale: Scale) -> str:
    """A stretch for all neighbours with a figure; one without neighbours is a dot."""
    parts = []
    for first, last in _runs(values, lambda value: None if value is None else True):
        points = [f"{places[index]:.2f} {scale.y(values[index])}" for index in range(first, last + 1)]
        parts.append("M" + "L".join(points) + ("" if last > first else "h0"))
    return "".join(parts)


def _level(values: Sequence[Decimal | None], places: Sequence[float], width: float, scale: Scale) -> str:
    """Level lines through half a step before and after their periods, broken where they change."""
    parts = []
    for first, last in _runs(values, lambda value: value):
        start, stop = max(places[first] - width / 2, 0), min(places[last] + width / 2, 100)
        parts.append(f"M{start:.2f} {pixels(scale.position(values[first]))}H{stop:.2f}")
    return "".join(parts)


def _said(figures: Sequence[Figure], show: Show) -> str:
    """The course in words, and the newest figures that are unusual."""
    marked = [each for each in figures if each.mark]
    if not marked:
        return course_in_words(figures, show)
    named = ", ".join(f"{each.period} ({each.mark})" for each in marked[-3:])
    more = f", and {len(marked) - 3} before" if len(marked) > 3 else ""
    return f"{course_in_words(figures, show)} Unusual: {named}{more}."
