from decimal import Decimal

from lambeth_plans.charts import BarRow, bar_chart


def test_bars_share_one_scale_from_nought():
    chart = bar_chart(
        title="Contracts",
        source="The plan",
        rows=[BarRow("A", Decimal(200)), BarRow("B", Decimal(50))],
        heading="Amount",
    )
    assert [bar.width for bar in chart.bars] == ["100.00%", "25.00%"]
    assert chart.rows == (("A", "200"), ("B", "50"))
    assert chart.columns == ("", "Amount")


def test_a_negative_figure_runs_to_the_left_of_nought():
    chart = bar_chart(title="Change", source="The plan", rows=[BarRow("A", Decimal(30)), BarRow("B", Decimal(-10))])
    assert chart.zero == "25.00%"
    assert [(bar.x, bar.width) for bar in chart.bars] == [("25.00%", "75.00%"), ("0.00%", "25.00%")]


def test_no_figure_is_said_and_has_no_bar():
    chart = bar_chart(title="Contracts", source="The plan", rows=[BarRow("A", None), BarRow("B", Decimal(0))])
    assert [(bar.text, bar.is_drawn) for bar in chart.bars] == [("not stated", False), ("0", False)]
    assert chart.description == "One figure: 0, B."


def test_bars_without_rows_are_empty():
    chart = bar_chart(title="Contracts", source="The plan", rows=[])
    assert chart.is_empty
    assert chart.description == "There are no figures."
