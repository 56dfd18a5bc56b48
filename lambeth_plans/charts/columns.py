"""Vertical columns, grouped or stacked: savings by year, for example."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import ClassVar

from lambeth_plans.charts.geometry import (
    LEFT,
    RIGHT,
    Caption,
    Chart,
    Name,
    Scale,
    Show,
    Tick,
    extremes_in_words,
    names_under,
    percent,
    pixels,
    span_from_zero,
    text_of,
)
from lambeth_plans.rag import plain

#: Columns that still have room for their figure above them, wide and on a phone.
FIGURES_WIDE, FIGURES_NARROW = 16, 6


@dataclass(frozen=True)
class Series:
    """Figures of one kind, one for each category in their order; None leaves a gap. `look` (1 to 5) is its fill, so
    that it has the same in charts in which others are missing; None: that of its place."""

    name: str
    values: Sequence[Decimal | None]
    look: int | None = None


@dataclass(frozen=True)
class Column:
    """One column; `series` (1 to 4) chooses its fill, `label` names it for a pointer."""

    x: str
    y: str
    width: str
    height: str
    series: int
    label: str


@dataclass(frozen=True)
class Key:
    """An entry of the legend."""

    name: str
    series: int


@dataclass(frozen=True, kw_only=True)
class Columns(Chart):
    template_name: ClassVar[str] = "components/charts/columns.html"
    drawn: tuple[Column, ...]
    captions: tuple[Caption, ...]
    ticks: tuple[Tick, ...]
    names: tuple[Name, ...]
    legend: tuple[Key, ...]
    zero: str


def column_chart(
    *,
    title: str,
    source: str,
    categories: Sequence[str],
    series: Sequence[Series],
    stacked: bool = False,
    show: Show = plain,
    heading: str = "",
    description: str = "",
) -> Columns:
    """Vertical columns from nought, grouped or stacked; `heading` is the table's word for the categories.

    Raises ValueError when a series has not one value for each category, or for more than five series.
    """
    if len(series) > 5:
        raise ValueError("At most five series can be told apart.")
    if any(len(one.values) != len(categories) for one in series):
        raise ValueError("Every series needs one value for each category.")
    groups = [tuple(one.values[place] for one in series) for place in range(len(categories))]
    names = [one.name for one in series]
    looks = [one.look or place for place, one in enumerate(series, 1)]
    ends = [end for group in groups for end in (_stack_ends(group) if stacked else group) if end is not None]
    scale = Scale(*span_from_zero(ends))
    drawn, captions = _draw(categories, series, groups, _stack if stacked else _cluster, scale, show)
    has_total = stacked and len(series) > 1
    return Columns(
        title=title,
        source=source,
        description=description or extremes_in_words(_compared(categories, names, groups, stacked), show),
        columns=(heading, *names, *(["Total"] if has_total else [])),
        rows=tuple(
            tuple(
                [category, *(text_of(value, show) for value in group)]
                + ([text_of(_total_of(group), show)] if has_total else [])
            )
            for category, group in zip(categories, groups, strict=True)
        ),
        drawn=drawn,
        captions=captions,
        ticks=scale.ticks(show),
        names=names_under(categories),
        legend=tuple(map(Key, names, looks)) if len(names) > 1 else (),
        zero=scale.y(Decimal(0)),
        is_empty=not ends,
    )


def _draw(
    categories, series, groups, build, scale: Scale, show: Show
) -> tuple[tuple[Column, ...], tuple[Caption, ...]]:
    """All columns, with their figures over them where these still have room."""
    slot = (RIGHT - LEFT) / max(len(categories), 1)
    drawn: list[Column] = []
    captions: list[Caption] = []
    for place, (category, group) in enumerate(zip(categories, groups, strict=True)):
        labelled = [
            (f"{category}, {one.name}", value, one.look or number)
            for number, (one, value) in enumerate(zip(series, group, strict=True), 1)
        ]
        new_columns, new_captions = build(labelled, LEFT + slot * (place + 0.15), slot * 0.7, scale, show)
        drawn += new_columns
        captions += new_captions
    if len(captions) > FIGURES_WIDE:
        captions = []
    is_extra = len(captions) > FIGURES_NARROW
    return tuple(drawn), tuple(replace(caption, is_extra=is_extra) for caption in captions)


def _compared(categories, names, groups, stacked: bool) -> list[tuple[str, Decimal | None]]:
    """What the description compares: whole stacks, or each column (a sum of planned and delivered means nothing)."""
    if stacked or len(names) == 1:
        return [(category, _total_of(group)) for category, group in zip(categories, groups, strict=True)]
    return [
        (f"{category} ({name})", value)
        for category, group in zip(categories, groups, strict=True)
        for name, value in zip(names, group, strict=True)
    ]


def _cluster(named: list, start: float, width: float, scale: Scale, show: Show) -> tuple[list[Column], list[Caption]]:
    """One category's columns side by side."""
    each = width / max(len(named), 1)
    drawn, captions = [], []
    for place, (label, value, look) in enumerate(named, 1):
        if value is None:
            continue
        x = start + each * (place - 0.97)
        drawn.append(_column(x, each * 0.94, Decimal(0), value, look, f"{label}: {show(value)}", scale))
        captions.append(_caption(x + each * 0.47, max(value, Decimal(0)), show(value), scale))
    return drawn, captions


def _stack(named: list, start: float, width: float, scale: Scale, show: Show) -> tuple[list[Column], list[Caption]]:
    """One category's columns on top of each other; negative ones hang below nought."""
    drawn, above, below = [], Decimal(0), Decimal(0)
    for label, value, look in named:
        if not value:
            continue
        base = above if value > 0 else below
        drawn.append(_column(start, width, base, base + value, look, f"{label}: {show(value)}", scale))
        above, below = (base + value, below) if value > 0 else (above, base + value)
    total = _total_of([value for _, value, _ in named])
    return drawn, [] if total is None else [_caption(start + width / 2, above, show(total), scale)]


def _column(x: float, width: float, base: Decimal, end: Decimal, series: int, label: str, scale: Scale) -> Column:
    top, bottom = scale.position(max(base, end)), scale.position(min(base, end))
    return Column(percent(x), pixels(top), percent(width), pixels(bottom - top), series, label)


def _caption(x: float, value: Decimal, text: str, scale: Scale) -> Caption:
    return Caption(percent(x), pixels(scale.position(value) - 6), text, is_extra=False)


def _stack_ends(group: Sequence[Decimal | None]) -> list[Decimal]:
    known = [value for value in group if value is not None]
    if not known:
        return []
    return [
        sum((value for value in known if value > 0), Decimal(0)),
        sum((value for value in known if value < 0), Decimal(0)),
    ]


def _total_of(group: Sequence[Decimal | None]) -> Decimal | None:
    known = [value for value in group if value is not None]
    return sum(known, Decimal(0)) if known else None
