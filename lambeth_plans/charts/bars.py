"""Horizontal bars of figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from lambeth_plans.charts.geometry import NOT_STATED, Chart, Show, extremes_in_words, percent, span_from_zero
from lambeth_plans.rag import plain


@dataclass(frozen=True)
class BarRow:
    """One bar to draw; no value is "not stated" and has no bar."""

    label: str
    value: Decimal | None
    url: str = ""


@dataclass(frozen=True)
class Bar:
    label: str
    url: str
    text: str
    x: str
    width: str
    is_drawn: bool


@dataclass(frozen=True, kw_only=True)
class Bars(Chart):
    template_name: ClassVar[str] = "components/charts/bars.html"
    bars: tuple[Bar, ...]
    zero: str
    height: int = 20


def bar_chart(
    *,
    title: str,
    source: str,
    rows: Sequence[BarRow],
    heading: str = "Figure",
    show: Show = plain,
    description: str = "",
) -> Bars:
    """Horizontal bars from nought on one scale; a negative figure runs to the left of nought."""
    values = [row.value for row in rows if row.value is not None]
    low, high = span_from_zero(values)

    def across(value: Decimal) -> float:
        return 100 * float((value - low) / (high - low))

    zero = across(Decimal(0))
    drawn = []
    for row in rows:
        end = zero if row.value is None else across(row.value)
        text = NOT_STATED if row.value is None else show(row.value)
        x, width = percent(min(zero, end)), percent(abs(end - zero))
        drawn.append(Bar(row.label, row.url, text, x, width, is_drawn=bool(row.value)))
    return Bars(
        title=title,
        source=source,
        description=description or extremes_in_words([(row.label, row.value) for row in rows], show),
        columns=("", heading),
        rows=tuple((bar.label, bar.text) for bar in drawn),
        bars=tuple(drawn),
        zero=percent(zero),
        is_empty=not values,
    )
