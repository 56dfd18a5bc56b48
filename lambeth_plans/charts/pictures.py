"""Charts as PNG, for Word: the geometry of lambeth_plans/charts, drawn as the page's style sheet would.

The page's own SVG says lengths in percent and looks in classes, so it is no picture without a browser. Pillow draws at
three times the size with a font of our own (fonts/, a part of DejaVu Sans): no program or font of the machine is asked,
and the same chart gives the same bytes.
"""

import io
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFont

from lambeth_plans.charts import Chart, Columns, ControlChart, LineChart, Waterfall

#: In the pixels of the page; the picture has SCALE times as many each way, for 300 to the inch on paper.
WIDTH, SCALE = 680, 3
TEXT, LEGEND, NAMES_AT = 13, 24, 250
FONTS = Path(__file__).parent / "fonts"
INK, LINE, PALE, GRID, SHADE, RANGE, WHITE = (
    (11, 12, 12),
    (29, 95, 168),
    (156, 195, 234),
    (210, 213, 215),
    (240, 242, 243),
    (188, 216, 238),
    (255, 255, 255),
)
GREY = (80, 90, 95)
SERIES = (LINE, PALE, WHITE, (18, 38, 58), (213, 219, 225))
#: The shapes of templates/components/spc_shape.html.
SHAPES = {
    "improvement": "0 -8.5 2.1 -2.9 8.1 -2.6 3.4 1.1 5 6.9 0 3.6 -5 6.9 -3.4 1.1 -8.1 -2.6 -2.1 -2.9",
    "concern": "0 -8 8 0 0 8 -8 0",
    "change": "-6 -6 6 -6 6 6 -6 6",
}
SHAPE_WORDS = {
    "improvement": "Unusual: improvement",
    "concern": "Unusual: concern",
    "change": "Unusual, neither way is better",
}


@cache
def _font(*, is_bold: bool = False) -> ImageFont.FreeTypeFont:
    name = "DejaVuSans-Bold.ttf" if is_bold else "DejaVuSans.ttf"
    return ImageFont.truetype(FONTS / name, TEXT * SCALE, layout_engine=ImageFont.Layout.BASIC)


def png_of(chart: Chart) -> bytes:
    """A line, a control chart, columns or a waterfall as PNG with its legend; its title and its words stand beside it.

    Raises ValueError for any other kind of chart.
    """
    if isinstance(chart, Waterfall):
        return _waterfall(chart)
    if not isinstance(chart, LineChart | Columns):
        raise ValueError(f"No picture is made of a {type(chart).__name__}.")
    keys = list(_keys(chart))
    paper = _Paper(chart.height, keys)
    if isinstance(chart, Columns):
        _columns(paper, chart)
    else:
        _course(paper, chart)
    return paper.png()


@dataclass
class _Key:
    """An entry of the legend: what it looks like, and its words."""

    look: str
    words: str
    number: int = 0


def _keys(chart: LineChart | Columns) -> Iterable[_Key]:
    if isinstance(chart, Columns):
        yield from (_Key("series", key.name, key.series) for key in chart.legend)
        return
    yield _Key("line", chart.line_name)
    if chart.has_provisional:
        yield _Key("provisional", "Provisional")
    if chart.target_lines:
        yield _Key("target", chart.target_name)
    if isinstance(chart, ControlChart):
        yield _Key("mean", f"Mean {chart.mean_text}")
        yield _Key("limit", f"{'Trial limits' if chart.is_trial else 'Limits'} {chart.limits_text}")
        if chart.range_name:
            yield _Key("range", f"Lowest to highest, {chart.range_name}")
        yield from (_Key(mark, SHAPE_WORDS[mark]) for mark in chart.marks)


class _Paper:
    """Draws in the pixels of the page. Across, a position is a share of the width ("12.50%") or a number."""

    def __init__(self, height: int, keys: list[_Key]) -> None:
        self.placed = self._placed(keys)
        self.top = LEGEND * (1 + max((row for _, row, _ in self.placed), default=-1))
        size = (WIDTH * SCALE, (self.top + height) * SCALE)
        self.image = Image.new("RGB", size, WHITE)
        self.draw = ImageDraw.Draw(self.image)
        for key, row, x in self.placed:
            self._key(key, x, row * LEGEND + LEGEND / 2 - self.top)

    @staticmethod
    def _placed(keys: list[_Key]) -> list[tuple[_Key, int, float]]:
        """Each entry with its row and where it begins."""
        placed, row, x = [], 0, 0.0
        for key in keys:
            width = 36 + _font().getlength(key.words) / SCALE
            if x and x + width > WIDTH:
                row, x = row + 1, 0.0
            placed.append((key, row, x))
            x += width + 20
        return placed

    def _key(self, key: _Key, x: float, y: float) -> None:
        middle = x + 14
        if key.look == "series":
            self.box(x + 1, y - 7, 26, 14, SERIES[key.number - 1], GREY)
        elif key.look == "range":
            self.box(x + 1, y - 7, 26, 14, RANGE)
        elif key.look in SHAPES:
            self.shape(key.look, middle, y)
        elif key.look == "provisional":
            self.point(middle, y, is_hollow=True)
        elif key.look == "line":
            self.line(x, y, x + 28, y, LINE, 3)
            self.point(middle, y)
        else:
            self.line(x, y, x + 28, y, INK, 2 if key.look == "target" else 1, DASHES[key.look])
        self.text(x + 34, y + 5, key.words)

    def at(self, x: str | float, y: str | float) -> tuple[float, float]:
        across = float(x.rstrip("%")) / 100 * WIDTH if isinstance(x, str) else x  # a position, never an amount
        return across * SCALE, (float(y) + self.top) * SCALE

    def line(self, x1: Any, y1: Any, x2: Any, y2: Any, ink: tuple, width: float, dashes: tuple = ()) -> None:
        """Level or slanting; broken where `dashes` say how long it is drawn and left out."""
        start, end = self.at(x1, y1), self.at(x2, y2)
        thick = max(round(width * SCALE), 1)
        if not dashes:
            self.draw.line([start, end], fill=ink, width=thick)
            return
        length = ((end[0] - start[0]) ** 2 + (end[1] - start[1]) ** 2) ** 0.5
        stroke, gap = (each * SCALE for each in dashes)
        done = 0.0
        while done < length:
            ends = [
                tuple(a + (b - a) * share / length for a, b in zip(start, end, strict=True))
                for share in (done, min(done + stroke, length))
            ]
            self.draw.line(ends, fill=ink, width=thick)
            done += stroke + gap

    def box(self, x: Any, y: Any, width: Any, height: Any, fill: tuple, outline: tuple | None = None) -> None:
        left, top = self.at(x, y)
        across, _ = self.at(width, 0)
        self.draw.rectangle(
            [left, top, left + across, top + float(height) * SCALE], fill=fill, outline=outline, width=2
        )

    def point(self, x: Any, y: Any, *, is_hollow: bool = False, is_small: bool = False) -> None:
        left, top = self.at(x, y)
        radius = (2.5 if is_small else 5) * SCALE
        self.draw.ellipse(
            [left - radius, top - radius, left + radius, top + radius],
            fill=WHITE if is_hollow else LINE,
            outline=LINE,
            width=2 * SCALE,
        )

    def shape(self, mark: str, x: Any, y: Any) -> None:
        left, top = self.at(x, y)
        numbers = [float(each) * SCALE for each in SHAPES[mark].split()]
        corners = [(left + a, top + b) for a, b in zip(numbers[::2], numbers[1::2], strict=True)]
        self.draw.polygon(corners, fill=INK, outline=WHITE, width=SCALE)

    def text(self, x: Any, y: Any, words: str, *, anchor: str = "l", is_bold: bool = False) -> None:
        """On its base line, with a white edge so that no line runs through it."""
        self.draw.text(
            self.at(x, y),
            words,
            fill=INK,
            font=_font(is_bold=is_bold),
            anchor=f"{anchor}s",
            stroke_width=2 * SCALE,
            stroke_fill=WHITE,
        )

    def png(self) -> bytes:
        out = io.BytesIO()
        # A palette: a tenth of the size, and nobody sees the difference.
        self.image.quantize(64, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(
            out, "PNG", dpi=(300, 300)
        )
        return out.getvalue()


DASHES = {"target": (6, 4), "mean": (), "limit": (2, 3), "trial": (1, 4)}


def _scale(paper: _Paper, chart: LineChart | Columns) -> None:
    for tick in chart.ticks:
        paper.line("0%", tick.y, "100%", tick.y, GRID, 1)
    end = -1.0
    for name in chart.names:
        middle, half = paper.at(name.x, 0)[0], _font().getlength(name.text) / 2
        if middle - half > end:  # our letters are wider than the page's: a name without room is left out
            paper.text(name.x, NAMES_AT, name.text, anchor="m")
            end = middle + half + 6 * SCALE


def _ticks(paper: _Paper, chart: LineChart | Columns) -> None:
    for tick in chart.ticks:
        paper.text(0, float(tick.y) - 4, tick.text)


def _columns(paper: _Paper, chart: Columns) -> None:
    _scale(paper, chart)
    for each in chart.drawn:
        paper.box(each.x, each.y, each.width, each.height, SERIES[each.series - 1], GREY)
    paper.line("0%", chart.zero, "100%", chart.zero, GREY, 1)
    _ticks(paper, chart)
    for caption in chart.captions:
        paper.text(caption.x, caption.y, caption.text, anchor="m", is_bold=True)


def _course(paper: _Paper, chart: LineChart) -> None:
    is_controlled = isinstance(chart, ControlChart)
    if is_controlled:
        for box in chart.usual:
            paper.box(box.x, box.y, box.width, box.height, SHADE)
        for box in chart.ranges:
            paper.box(box.x, box.y, box.width, box.height, RANGE)
    _scale(paper, chart)
    if is_controlled:
        for level in chart.limits:
            paper.line(level.x1, level.y, level.x2, level.y, INK, 1, DASHES["trial" if level.is_trial else "limit"])
        for level in chart.means:
            paper.line(level.x1, level.y, level.x2, level.y, INK, 1, DASHES["trial"] if level.is_trial else ())
        for restart in chart.restarts:
            paper.line(restart.x, 14, restart.x, 228, INK, 1, DASHES["target"])
            paper.text(restart.x, 11, restart.letter, anchor="m", is_bold=True)
    for each in chart.target_lines:
        paper.line(each.x1, each.y1, each.x2, each.y2, INK, 2, DASHES["target"])
    for each in chart.lines:
        paper.line(each.x1, each.y1, each.x2, each.y2, LINE, 3)
    for each in chart.points:
        if each.mark:
            paper.shape(each.mark, each.x, each.y)
        else:
            paper.point(each.x, each.y, is_hollow=each.is_provisional, is_small=is_controlled and chart.is_dense)
    _ticks(paper, chart)
    if chart.last:
        x = min(paper.at(chart.last.x, 0)[0] / SCALE + 8, WIDTH)
        paper.text(x, chart.last.y, chart.last.text, anchor="r", is_bold=True)


#: Where the bars of a waterfall begin, and how wide the longest is; its names stand before them, its amounts after.
BARS_AT, BARS_WIDTH = 250, 290
BAR, BETWEEN, ROW_OF_TEXT = 18, 10, 17


def _waterfall(chart: Waterfall) -> bytes:
    """A row for each bar: its name, the bar, and its amount."""
    note = f"The scale begins at {chart.begins_at}." if chart.begins_at else ""
    names = [_in_rows(fall.label, BARS_AT - 14) for fall in chart.falls]
    amounts = [_in_rows(fall.text, WIDTH - BARS_AT - BARS_WIDTH - 10) for fall in chart.falls]
    texts = [max(len(name), len(amount)) for name, amount in zip(names, amounts, strict=True)]
    heights = [max(BAR, ROW_OF_TEXT * rows) + BETWEEN for rows in texts]
    top = LEGEND if note else 0
    paper = _Paper(top + sum(heights), [])
    if note:
        paper.text(BARS_AT, 14, note)
    for number, (fall, name, amount) in enumerate(zip(chart.falls, names, amounts, strict=True)):
        if chart.zero:
            paper.line(_across(chart.zero), top, _across(chart.zero), top + heights[number], GREY, 1)
        if fall.is_drawn:
            width = _across(fall.width) - BARS_AT
            paper.box(_across(fall.x), top + BETWEEN / 2, width, BAR, SERIES[fall.series - 1], GREY)
        if fall.join:
            x, end = _across(fall.join), top + heights[number] + BETWEEN / 2
            paper.line(x, top + BETWEEN / 2 + BAR, x, end, INK, 1, DASHES["limit"])
        for words, x, anchor, is_bold in ((name, 0, "l", False), (amount, WIDTH, "r", True)):
            for row, text in enumerate(words):
                paper.text(x, top + BETWEEN / 2 + 14 + row * ROW_OF_TEXT, text, anchor=anchor, is_bold=is_bold)
        top += heights[number]
    return paper.png()


def _across(share: str) -> float:
    """Where a share of the longest bar ends."""
    return BARS_AT + float(share.rstrip("%")) / 100 * BARS_WIDTH  # a position, never an amount


def _in_rows(words: str, width: float) -> list[str]:
    """The words in as many rows as they need; a word that is longer than a row has it alone, and is cut short."""
    font, rows = _font(is_bold=True), [""]
    for word in words.split():
        longer = f"{rows[-1]} {word}".strip()
        if not rows[-1] or font.getlength(longer) <= width * SCALE:
            rows[-1] = longer
        else:
            rows.append(word)
    return [_cut(row, width) for row in rows]


def _cut(row: str, width: float) -> str:
    font = _font(is_bold=True)
    if font.getlength(row) <= width * SCALE:
        return row
    while row and font.getlength(f"{row}…") > width * SCALE:
        row = row[:-1]
    return f"{row}…"
