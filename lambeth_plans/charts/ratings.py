"""Stacked bars of ratings: how many are Red, Amber, Green; never an average."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from lambeth_plans.charts.geometry import Chart, percent
from lambeth_plans.rag import Rag, RagCount


@dataclass(frozen=True)
class RagRow:
    """One bar to draw: how many there are of each rating under `label`."""

    label: str
    counts: Sequence[RagCount]
    url: str = ""


@dataclass(frozen=True)
class RagSegment:
    rag: Rag
    count: int
    x: str
    width: str
    middle: str
    has_letter: bool


@dataclass(frozen=True)
class RagBar:
    label: str
    url: str
    total: int
    counts: tuple[RagCount, ...]
    segments: tuple[RagSegment, ...]


@dataclass(frozen=True, kw_only=True)
class RagBars(Chart):
    template_name: ClassVar[str] = "components/charts/rag_bars.html"
    bars: tuple[RagBar, ...]
    height: int = 24


def rag_bars(
    *, title: str, source: str, rows: Sequence[RagRow], noun: str = "activities", description: str = ""
) -> RagBars:
    """Stacked bars, one per row, worst rating first; each bar is its row's whole, whatever its total."""
    bars = tuple(_rag_bar(row) for row in rows)
    shown = [rag for rag in Rag if any(each.rag is rag for bar in bars for each in bar.counts)]
    totals = {rag: sum(each.count for bar in bars for each in bar.counts if each.rag is rag) for rag in shown}
    everything = sum(totals.values())
    in_words = ", ".join(f"{count} {rag.word}" for rag, count in totals.items())
    return RagBars(
        title=title,
        source=source,
        description=description or (f"{everything} {noun}: {in_words}." if everything else f"No {noun}."),
        columns=("", *(rag.word for rag in shown), "Total"),
        rows=tuple(
            (
                bar.label,
                *(str(sum(each.count for each in bar.counts if each.rag is rag)) for rag in shown),
                str(bar.total),
            )
            for bar in bars
        ),
        bars=bars,
        is_empty=not everything,
    )


def _rag_bar(row: RagRow) -> RagBar:
    counts = tuple(sorted((each for each in row.counts if each.count), key=lambda each: each.rag.severity))
    total = sum(each.count for each in counts)
    segments, start = [], 0.0
    for each in counts:
        width = 100 * each.count / total
        segments.append(
            RagSegment(
                each.rag,
                each.count,
                percent(start),
                percent(width),
                percent(start + width / 2),
                has_letter=width >= 12,
            )
        )
        start += width
    return RagBar(row.label, row.url, total, counts, tuple(segments))
