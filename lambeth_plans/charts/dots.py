"""Dot strips: our figure among those of other areas, one line for each group of them, all on one scale."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from lambeth_plans.charts.geometry import Chart, Scale, Show, percent, span
from lambeth_plans.rag import plain

# Across, in percent: room on both sides for half of a figure's words.
LEFT, RIGHT = 4, 96
#: Nearer to an edge than this, words over a dot begin or end there.
NEAR_EDGE = 20


@dataclass(frozen=True)
class Dot:
    """An area's figure; `rank` 1 is best, None where there is none."""

    area: str
    value: Decimal
    period: str
    rank: int | None = None


@dataclass(frozen=True)
class DotGroup:
    """A group of areas in one period: `name`, what to say under it (`sentence`), our figure (None where we have
    none) and theirs, their median, and the areas without a figure, each with its reason: ("Southwark", "c")."""

    name: str
    period: str
    sentence: str
    ours: Dot | None
    others: tuple[Dot, ...]
    median: Decimal | None = None
    missing: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Place:
    """A mark at `x` with its words; `anchor` says where words over it hold on: "start", "middle" or "end"."""

    x: str
    label: str
    anchor: str = "middle"


@dataclass(frozen=True)
class Strip:
    """One group drawn. `low` and `high` are the ends of the line from the lowest to the highest of the others; `below`
    names the middle of them, or the only one."""

    name: str
    period: str
    sentence: str
    missing: str
    dots: tuple[Place, ...]
    ours: Place | None
    median: str
    below: Place | None
    low: str
    high: str


@dataclass(frozen=True, kw_only=True)
class DotStrip(Chart):
    """`ticks` are the figures of the scale that all strips share."""

    template_name: ClassVar[str] = "components/charts/dots.html"
    strips: tuple[Strip, ...]
    ticks: tuple[Place, ...]


def dot_strip(*, title: str, source: str, groups: Sequence[DotGroup], show: Show = plain) -> DotStrip:
    """Each group on a line of its own; an area without a figure is named and never drawn at nought."""
    known = [dot.value for group in groups for dot in _dots(group)]
    scale = Scale(*span(known), top=RIGHT, bottom=LEFT)
    return DotStrip(
        title=title,
        source=source,
        description=" ".join(f"{group.name}: {group.sentence}" for group in groups) or "There are no figures.",
        columns=("Area", "Group", "Period", "Figure", "Rank, best first"),
        rows=tuple(row for group in groups for row in _rows(group, show)),
        strips=tuple(_strip(group, scale, show) for group in groups),
        ticks=tuple(_anchored(float(tick.y), tick.text, LEFT + 1) for tick in scale.ticks(show)),
        is_empty=not known,
    )


def _dots(group: DotGroup) -> list[Dot]:
    """By figure, the lowest first, as they stand on the line."""
    return sorted([*group.others, *([group.ours] if group.ours else [])], key=lambda dot: (dot.value, dot.area))


def _strip(group: DotGroup, scale: Scale, show: Show) -> Strip:
    values = [dot.value for dot in group.others]
    named = ", ".join(f"{area} ({reason})" for area, reason in group.missing)
    return Strip(
        name=group.name,
        period=group.period,
        sentence=group.sentence,
        missing=f"No figure: {named}." if named else "",
        dots=tuple(_place(scale, dot.value, f"{dot.area}: {show(dot.value)}, {dot.period}") for dot in group.others),
        ours=_place(scale, group.ours.value, f"{group.ours.area} {show(group.ours.value)}") if group.ours else None,
        median="" if group.median is None else percent(scale.position(group.median)),
        below=_below(group, scale, show),
        low=percent(scale.position(min(values))) if values else "",
        high=percent(scale.position(max(values))) if values else "",
    )


def _below(group: DotGroup, scale: Scale, show: Show) -> Place | None:
    if group.median is not None:
        return _place(scale, group.median, f"middle {show(group.median)}")
    if len(group.others) == 1:
        only = group.others[0]
        return _place(scale, only.value, f"{only.area} {show(only.value)}")
    return None


def _place(scale: Scale, value: Decimal, label: str) -> Place:
    return _anchored(scale.position(value), label, NEAR_EDGE)


def _anchored(x: float, label: str, near: float) -> Place:
    return Place(percent(x), label, "start" if x < near else "end" if x > 100 - near else "middle")


def _rows(group: DotGroup, show: Show) -> list[tuple[str, ...]]:
    """The highest figure first, then who has none."""
    with_figure = [
        (dot.area, group.name, dot.period, show(dot.value), "–" if dot.rank is None else str(dot.rank))
        for dot in reversed(_dots(group))
    ]
    return with_figure + [(area, group.name, group.period, reason, "–") for area, reason in group.missing]
