import io
from decimal import Decimal

import pytest
from PIL import Image

from lambeth_plans.charts import (
    Figure,
    Limits,
    Series,
    Step,
    bar_chart,
    column_chart,
    control_chart,
    line_chart,
    waterfall,
)
from lambeth_plans.charts.pictures import SCALE, WIDTH, _font, png_of

FIGURES = [
    Figure("Apr 2025", Decimal(80), Decimal(90)),
    Figure("May 2025", None, Decimal(90), text="Not reported"),
    Figure("Jun 2025", Decimal(85), Decimal(90), mark="concern", why="above"),
    Figure("Jul 2025", Decimal(95), Decimal(90), is_provisional=True),
]
LIMITS = [Limits(0, 4, Decimal(86), Decimal(70), Decimal(99))]
CHARTS = {
    "line": line_chart(title="A line", source="Us", figures=FIGURES),
    "control": control_chart(title="A control chart", source="Us", figures=FIGURES, limits=LIMITS),
    "columns": column_chart(
        title="Columns",
        source="Us",
        categories=["2025/26"],
        series=[Series("Planned", [Decimal(5)]), Series("Delivered", [Decimal(-2)])],
    ),
    "waterfall": waterfall(
        title="A waterfall",
        source="Us",
        start=Step("Budget", Decimal(5)),
        steps=[Step("A line with a name that is far too long for one row", Decimal(3)), Step("Not stated", None)],
        end=Step("Forecast", Decimal(8)),
    ),
}


@pytest.mark.parametrize("kind", CHARTS)
def test_a_chart_is_drawn_the_same_each_time(kind):
    drawn = png_of(CHARTS[kind])
    image = Image.open(io.BytesIO(drawn))
    assert (image.format, image.width) == ("PNG", WIDTH * SCALE)
    assert len(image.convert("RGB").getcolors(1_000)) > 2
    assert png_of(CHARTS[kind]) == drawn


def test_each_kind_of_mark_has_a_look_of_its_own():
    def drawn(**look):
        figures = [*FIGURES[:2], Figure("Jun 2025", Decimal(85), Decimal(90), **look), FIGURES[3]]
        return png_of(control_chart(title="A", source="Us", figures=figures, limits=LIMITS))

    looks = [{"mark": mark} for mark in ("", "improvement", "concern", "change")] + [{"is_provisional": True}]
    assert len({drawn(**look) for look in looks}) == len(looks)


def test_no_picture_is_made_of_what_is_no_course():
    with pytest.raises(ValueError, match="No picture is made of a Bars"):
        png_of(bar_chart(title="Bars", source="Us", rows=[]))


def test_our_font_has_the_letters_of_our_charts():
    missing = bytes(_font().getmask("\ue000"))
    letters = "£%–−+→“”’…,.0123456789éöŵŷAz"
    assert [letter for letter in letters if bytes(_font().getmask(letter)) == missing] == []


def test_a_waterfall_has_a_row_for_each_bar_and_more_for_a_long_name():
    def height(*names, first=Decimal(50)):
        steps = [Step(name, Decimal(1)) for name in names]
        end = Step("Forecast", first + len(names))
        chart = waterfall(title="W", source="Us", start=Step("Budget", first), steps=steps, end=end)
        return Image.open(io.BytesIO(png_of(chart))).height / SCALE

    one, two, long = height("A"), height("A", "B"), height("A " * 40)
    assert two - one == 28
    assert long > two
    assert one - height("A", first=Decimal(1)) == 24  # the words that its scale begins higher up
