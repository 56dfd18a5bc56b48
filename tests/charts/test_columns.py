from decimal import Decimal

import pytest

from lambeth_plans.charts import Series, column_chart
from lambeth_plans.charts.geometry import BOTTOM, TOP


def draw(values, *more, stacked=False, categories=None):
    series = [Series(f"Series {place}", one) for place, one in enumerate((values, *more), 1)]
    names = categories or [f"Year {place}" for place in range(len(values))]
    return column_chart(title="Savings", source="The plan", categories=names, series=series, stacked=stacked)


def test_the_savings_of_the_plan_stand_on_a_round_scale_in_proportion():
    chart = draw([Decimal(2859), Decimal(2773), Decimal(2417), Decimal(0)])
    assert [tick.text for tick in chart.ticks] == ["0", "1,000", "2,000", "3,000"]
    full = BOTTOM - TOP
    assert float(chart.drawn[0].height) == pytest.approx(full * 2859 / 3000, abs=0.1)
    assert chart.drawn[3].height == "0.0"
    assert [caption.text for caption in chart.captions] == ["2,859", "2,773", "2,417", "0"]
    assert chart.description == "Highest 2,859, Year 0; lowest 0, Year 3."


def test_stacked_columns_stand_on_each_other_and_total_in_the_table():
    chart = draw([Decimal(10)], [Decimal(30)], stacked=True)
    lower, upper = chart.drawn
    assert float(upper.y) + float(upper.height) == pytest.approx(float(lower.y), abs=0.1)
    assert chart.rows == (("Year 0", "10", "30", "40"),)
    assert chart.columns[-1] == "Total"
    assert [caption.text for caption in chart.captions] == ["40"]


def test_negative_parts_of_a_stack_hang_below_nought():
    chart = draw([Decimal(10)], [Decimal(-5)], stacked=True)
    assert chart.drawn[1].y == chart.zero
    assert chart.rows[0][-1] == "5"


def test_grouped_series_are_compared_one_by_one_and_never_added_up():
    chart = draw([Decimal(10), Decimal(20)], [Decimal(5), None])
    assert chart.description == "Highest 20, Year 1 (Series 1); lowest 5, Year 0 (Series 2)."
    assert chart.rows[1] == ("Year 1", "20", "not stated")
    assert "Total" not in chart.columns


def test_a_group_stays_inside_its_own_part_of_the_plot():
    chart = draw([Decimal(1), Decimal(1)], [Decimal(1), Decimal(1)])
    starts = [float(column.x.rstrip("%")) for column in chart.drawn]
    ends = [start + float(column.width.rstrip("%")) for start, column in zip(starts, chart.drawn, strict=True)]
    assert all(end <= start for end, start in zip(ends, starts[1:], strict=False))
    assert max(ends) < 100


def test_figures_over_columns_go_when_there_is_no_room():
    few, some, many = (draw([Decimal(1)] * count) for count in (4, 10, 30))
    assert not few.captions[0].is_extra
    assert some.captions[0].is_extra
    assert many.captions == ()


def test_many_categories_name_only_some_and_fewer_on_a_phone():
    names = draw([Decimal(1)] * 24).names
    assert len(names) == 12
    assert sum(not name.is_extra for name in names) == 4


@pytest.mark.parametrize("values", [[], [None], [Decimal(0)], [Decimal(0), None]])
def test_columns_of_nothing_do_not_fail(values):
    chart = draw(values)
    assert chart.is_empty is (not any(value is not None for value in values))
    assert float(chart.zero) == BOTTOM


def test_a_chart_without_series_is_empty():
    assert column_chart(title="Savings", source="The plan", categories=["2020/21"], series=[]).is_empty


def test_a_series_needs_one_value_for_each_category():
    with pytest.raises(ValueError, match="one value for each category"):
        draw([Decimal(1)], categories=["2019/20", "2020/21"])


def test_a_sixth_series_is_refused():
    with pytest.raises(ValueError, match="five series"):
        draw(*[[Decimal(1)]] * 6)
