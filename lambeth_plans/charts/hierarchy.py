"""Who stands below whom: boxes in rows, the highest on top, and a line from each to what it stands below."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import ClassVar

from lambeth_plans.charts.geometry import Chart, Line, percent, pixels

#: Pixels: the height of a line of words, the room above and below them, and between two rows.
LINE, PADDING, GAP = 18, 8, 34
#: How many letters go on a line of a box on a phone, by how many boxes stand beside each other: three at most.
LETTERS = {1: 40, 2: 20, 3: 13}
#: Percent of the width between two boxes.
BETWEEN = 3.0


@dataclass(frozen=True)
class Node:
    """One thing by its key, and the keys of what it stands below."""

    key: str
    label: str
    above: tuple[str, ...] = ()
    url: str = ""


@dataclass(frozen=True)
class Word:
    """A line of words within a box."""

    text: str
    y: str


@dataclass(frozen=True)
class Box:
    label: str
    url: str
    x: str
    middle: str
    top: str
    bottom: str
    width: str
    height: str
    words: tuple[Word, ...]


@dataclass(frozen=True, kw_only=True)
class Hierarchy(Chart):
    template_name: ClassVar[str] = "components/charts/hierarchy.html"
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]


def hierarchy(*, title: str, source: str, nodes: Sequence[Node], heading: str, below: str) -> Hierarchy:
    """Draws the nodes that stand above or below another one. `heading` and `below` are the heads of the table:
    "Board", "Reports to". Those that stand below each other in a circle are drawn where they are first met."""
    known = {node.key: node for node in nodes}
    links = [(node, known[key]) for node in nodes for key in node.above if key in known]
    linked = {node.key for link in links for node in link}
    boxes: dict[str, Box] = {}
    y = 0
    for row in _rows([node for node in nodes if node.key in linked], known):
        texts = {node.key: wrap(node.label, LETTERS[len(row)]) for node in row}
        height = max(map(len, texts.values())) * LINE + 2 * PADDING
        for place, node in enumerate(row):
            boxes[node.key] = _box(node, texts[node.key], 100 / len(row), place, y, height)
        y += height + GAP
    return Hierarchy(
        title=title,
        source=source,
        description=f"{len(linked)} of {len(nodes)} are named as standing above or below another.",
        columns=(heading, below),
        rows=tuple((node.label, _names(node, known)) for node in nodes if _names(node, known)),
        boxes=tuple(boxes.values()),
        lines=tuple(
            Line(boxes[node.key].middle, boxes[node.key].top, boxes[above.key].middle, boxes[above.key].bottom)
            for node, above in links
        ),
        is_empty=not boxes,
        height=max(y - GAP, 0),
    )


def _names(node: Node, known: Mapping[str, Node]) -> str:
    return ", ".join(known[key].label for key in node.above if key in known)


def _rows(nodes: Iterable[Node], known: Mapping[str, Node]) -> Iterator[list[Node]]:
    """The nodes by their depth, those of one depth in rows of at most three."""
    by_depth: dict[int, list[Node]] = {}
    for node in nodes:
        by_depth.setdefault(_depth(node, known, frozenset()), []).append(node)
    most = max(LETTERS)
    for depth in sorted(by_depth):
        for start in range(0, len(by_depth[depth]), most):
            yield by_depth[depth][start : start + most]


def _depth(node: Node, known: Mapping[str, Node], met: frozenset[str]) -> int:
    """How many steps lie above, on the longest way; a way that comes back to where it has been ends there."""
    met |= {node.key}
    return max((1 + _depth(known[key], known, met) for key in node.above if key in known and key not in met), default=0)


def _box(node: Node, texts: list[str], slot: float, place: int, top: int, height: int) -> Box:
    first = top + height / 2 - (len(texts) - 1) * LINE / 2 + 5
    return Box(
        label=node.label,
        url=node.url,
        x=percent(slot * place + BETWEEN / 2),
        middle=percent(slot * (place + 0.5)),
        top=pixels(top),
        bottom=pixels(top + height),
        width=percent(slot - BETWEEN),
        height=pixels(height),
        words=tuple(Word(text, pixels(first + number * LINE)) for number, text in enumerate(texts)),
    )
