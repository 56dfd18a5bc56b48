from decimal import Decimal

import pytest
from django.template.loader import render_to_string

from lambeth_plans.charts import Series, column_chart, stacked_bars


def draw(*values, categories=("Care", "Learning")):
    series = [Series(f"Part {number}", list(each)) for number, each in enumerate(values, 1)]
    return stacked_bars(title="Savings", source="The plan", categories=categories, series=series, heading="Division")


def test_parts_stand_one_after_the_other_on_one_scale():
    chart = draw([Decimal(60), Decimal(25)], [Decimal(40), None])
    assert [(part.x, part.width, part.series) for part in chart.stacks[0].parts] == [
        ("0.00%", "60.00%", 1), ("60.00%", "40.00%", 2),
    ]  # fmt: skip
    assert chart.stacks[1].parts[0].label == "Learning, Part 1: 25"
    assert chart.columns == ("Division", "Part 1", "Part 2", "Total")
    assert chart.rows == (("Care", "60", "40", "100"), ("Learning", "25", "not stated", "25"))


def test_a_negative_part_runs_to_the_left_of_nought():
    chart = draw([Decimal(75), None], [Decimal(-25), None])
    assert chart.zero == "25.00%"
    assert [(part.x, part.width) for part in chart.stacks[0].parts] == [("25.00%", "75.00%"), ("0.00%", "25.00%")]
    assert chart.stacks[1].text == "not stated"


def test_a_chart_without_figures_is_empty_and_one_with_gaps_is_refused():
    assert draw([None, None]).is_empty
    with pytest.raises(ValueError, match="one value for each category"):
        draw([Decimal(1)])


def test_the_fourth_part_is_striped_so_that_it_differs_without_colours():
    three, four = (draw(*[[Decimal(9), Decimal(9)]] * parts) for parts in (3, 4))
    assert "stripes" not in render_to_string(three.template_name, {"chart": three})
    html = render_to_string(four.template_name, {"chart": four})
    assert html.count("app-chart__stripes") == 1 + 2  # the legend's, and one in each bar
    assert '<svg class="app-chart__over" x="75.00%" y="0" width="25.00%" height="20">' in html


def test_a_part_keeps_its_look_where_others_are_missing():
    series = [Series("Delivered", [Decimal(6)], 1), Series("Not deliverable", [Decimal(4)], 4)]
    for chart in (
        stacked_bars(title="Savings", source="The plan", categories=["Care"], series=series, heading="Division"),
        column_chart(title="Savings", source="The plan", categories=["Care"], series=series, stacked=True),
    ):
        assert [key.series for key in chart.legend] == [1, 4]
        drawn = chart.drawn if hasattr(chart, "drawn") else chart.stacks[0].parts
        assert [part.series for part in drawn] == [1, 4]
