"""Horizontal bars, each made of several parts one after the other; for categories with long names."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from lambeth_plans.charts.columns import Key, Series
from lambeth_plans.charts.geometry import Chart, Show, extremes_in_words, percent, span_from_zero, text_of
from lambeth_plans.rag import plain


@dataclass(frozen=True)
class Part:
    """One part of a bar; `label` is what a pointer reads on it."""

    x: str
    width: str
    series: int
    label: str


@dataclass(frozen=True)
class Stack:
    label: str
    text: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, kw_only=True)
class Stacks(Chart):
    template_name: ClassVar[str] = "components/charts/stacks.html"
    stacks: tuple[Stack, ...]
    legend: tuple[Key, ...]
    zero: str
    height: int = 20


def stacked_bars(
    *,
    title: str,
    source: str,
    categories: Sequence[str],
    series: Sequence[Series],
    show: Show = plain,
    heading: str = "",
) -> Stacks:
    """A bar for each category on one scale, of a part for each series; negative parts run to the left of nought.

    Raises ValueError when a series has not one value for each category.
    """
    if any(len(one.values) != len(categories) for one in series):
        raise ValueError("Every series needs one value for each category.")
    groups = [[one.values[place] for one in series] for place in range(len(categories))]
    totals = [_sum(group) for group in groups]
    ends = [end for group in groups for end in _ends(group)]
    low, high = span_from_zero(ends)

    def across(value: Decimal) -> float:
        return 100 * float((value - low) / (high - low))

    def parts(category: str, group: Sequence[Decimal | None]) -> tuple[Part, ...]:
        drawn, above, below = [], Decimal(0), Decimal(0)
        for place, (one, value) in enumerate(zip(series, group, strict=True), 1):
            if not value:
                continue
            base = above if value > 0 else below
            left, right = sorted((across(base), across(base + value)))
            drawn.append(
                Part(percent(left), percent(right - left), one.look or place, f"{category}, {one.name}: {show(value)}")
            )
            above, below = (base + value, below) if value > 0 else (above, base + value)
        return tuple(drawn)

    return Stacks(
        title=title,
        source=source,
        description=extremes_in_words(list(zip(categories, totals, strict=True)), show),
        columns=(heading, *(one.name for one in series), "Total"),
        rows=tuple(
            (category, *(text_of(value, show) for value in group), text_of(total, show))
            for category, group, total in zip(categories, groups, totals, strict=True)
        ),
        stacks=tuple(
            Stack(category, text_of(total, show), parts(category, group))
            for category, group, total in zip(categories, groups, totals, strict=True)
        ),
        legend=tuple(Key(one.name, one.look or place) for place, one in enumerate(series, 1)),
        zero=percent(across(Decimal(0))),
        is_empty=not any(total is not None for total in totals),
    )


def _sum(group: Sequence[Decimal | None]) -> Decimal | None:
    known = [value for value in group if value is not None]
    return sum(known, Decimal(0)) if known else None


def _ends(group: Sequence[Decimal | None]) -> list[Decimal]:
    """How far a bar reaches on either side of nought."""
    known = [value for value in group if value is not None]
    return [sum((v for v in known if v > 0), Decimal(0)), sum((v for v in known if v < 0), Decimal(0))] if known else []
