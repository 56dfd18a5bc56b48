from decimal import Decimal

from lambeth_plans.charts import Figure, line_chart
from lambeth_plans.charts.geometry import BOTTOM, TOP


def figures(*values, **fields):
    return [
        Figure(f"Month {place}", None if value is None else Decimal(value), **fields)
        for place, value in enumerate(values, 1)
    ]


def draw(some):
    return line_chart(title="Re-referrals", source="The team", figures=some)


def test_a_missing_figure_leaves_a_gap_in_the_line():
    chart = draw(figures(1, 2, None, 4, 5))
    assert len(chart.points) == 4
    assert [(line.x1, line.x2) for line in chart.lines] == [
        (chart.points[0].x, chart.points[1].x),
        (chart.points[2].x, chart.points[3].x),
    ]
    assert chart.rows[2] == ("Month 3", "no figure")
    assert "1 of 5 periods have no figure." in chart.description


def test_the_reason_for_a_missing_figure_is_in_the_table():
    chart = draw([Figure("2019/20", None, text="New indicator")])
    assert chart.rows == (("2019/20", "New indicator"),)
    assert chart.is_empty


def test_a_target_that_changes_is_drawn_as_a_step():
    some = [Figure("1", Decimal(5), target=Decimal(4)), Figure("2", Decimal(5), target=Decimal(6))]
    level_one, level_two, riser = draw(some).target_lines
    assert level_one.y1 == level_one.y2 != level_two.y1
    assert riser.x1 == riser.x2 == level_one.x2 == level_two.x1
    assert (riser.y1, riser.y2) == (level_one.y1, level_two.y1)


def test_a_target_is_never_drawn_where_none_held():
    some = [Figure("1", Decimal(5)), Figure("2", Decimal(5), target=Decimal(6)), Figure("3", Decimal(5))]
    chart = draw(some)
    assert len(chart.target_lines) == 1
    assert [row[2] for row in chart.rows] == ["not stated", "6", "not stated"]


def test_a_provisional_figure_is_marked_in_drawing_and_table():
    chart = draw(figures(3, is_provisional=True))
    assert chart.points[0].is_provisional
    assert chart.has_provisional
    assert chart.rows[0][1] == "3 (provisional)"


def test_the_description_gives_first_last_lowest_and_highest():
    assert draw(figures(3, 1, 9, 4)).description == (
        "From 3 in Month 1 to 4 in Month 4; lowest 1 in Month 2, highest 9 in Month 3."
    )


def test_one_figure_is_drawn_inside_a_scale_around_it():
    chart = draw(figures("86.22"))
    assert TOP < float(chart.points[0].y) < BOTTOM
    assert chart.description == "One figure: 86.22 in Month 1."


def test_a_line_without_figures_is_empty():
    assert draw([]).is_empty
    assert draw([]).last is None


def test_two_charts_of_one_title_have_different_ids():
    assert draw(figures(1)).key != draw(figures(2)).key
    assert draw(figures(1)).key == draw(figures(1)).key


def test_a_figure_that_counts_up_to_a_day_is_told_so():
    chart = line_chart(
        title="t", source="s", figures=[Figure("to 30 Sep 2025", Decimal(3)), Figure("2026", Decimal(4))]
    )
    assert chart.description.startswith("From 3 (to 30 Sep 2025) to 4 in 2026;")
