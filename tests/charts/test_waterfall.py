from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from lambeth_plans.charts import Step, waterfall


def fall(start, steps, end, **options):
    return waterfall(
        title="A fall",
        source="The plan",
        start=None if start is None else Step("Budget", Decimal(start)),
        steps=[Step(label, None if amount is None else Decimal(amount)) for label, amount in steps],
        end=Step("Forecast", None if end is None else Decimal(end)),
        **options,
    )


def bars(chart):
    return [(each.label, each.text, each.x, each.width) for each in chart.falls]


def test_steps_lead_from_the_start_to_the_end():
    chart = fall(100, [("More", 50), ("Less", -30)], 120)
    assert bars(chart) == [
        ("Budget", "100", "0.00%", "66.67%"),
        ("More", "+50", "66.67%", "33.33%"),
        ("Less", "−30", "80.00%", "20.00%"),
        ("Forecast", "120", "0.00%", "80.00%"),
    ]
    assert chart.zero == "0.00%"
    assert [each.join for each in chart.falls] == ["66.67%", "100.00%", "80.00%", ""]
    assert chart.description == "Budget: 100. Forecast: 120. The largest step is +50, More."


def test_what_the_parts_leave_over_is_not_broken_down():
    chart = fall(None, [("Social care", "5.7")], "7.6")
    assert chart.rows == (("Social care", "+5.7"), ("Not broken down", "+1.9"), ("Forecast", "7.6"))
    assert [each.series for each in chart.falls] == [1, 3, 4]


def test_parts_that_come_to_more_say_so():
    chart = fall(None, [("One", 5), ("Two", 4)], 7)
    assert chart.rows[-2] == ("The parts come to more than the whole", "−2")


def test_what_is_not_stated_has_no_bar_and_is_never_computed():
    chart = fall(None, [("One", 5), ("Two", None)], None)
    assert chart.rows == (("One", "+5"), ("Two", "not stated"), ("Forecast", "not stated"))
    assert [each.is_drawn for each in chart.falls] == [True, False, False]
    assert not chart.is_empty
    assert fall(None, [("One", None)], None).is_empty


def test_what_is_no_single_amount_is_told_in_words_and_has_no_bar():
    step = Step("One", None, "5 to 7")
    chart = waterfall(title="A fall", source="", start=None, steps=[step], end=Step("End", None, "8 to 9"))
    assert chart.rows == (("One", "5 to 7"), ("End", "8 to 9"))
    assert [each.is_drawn for each in chart.falls] == [False, False]
    assert chart.description == "End: 8 to 9."


def test_small_steps_between_large_totals_begin_higher_up_and_say_so():
    chart = fall(70_060_000, [("More", 1_690_000), ("Less", -60_000)], 71_690_000)
    assert chart.begins_at == "69,000,000"
    assert chart.zero == ""
    assert fall(100, [("More", 50)], 150).begins_at == ""


def test_a_fall_through_nought_keeps_its_scale():
    chart = fall(0, [("More", 700), ("Less", -900)], -200)
    assert chart.zero == "22.22%"
    assert chart.begins_at == ""


amounts = st.decimals(min_value=-(10**9), max_value=10**9, places=2)


@given(st.none() | amounts, st.lists(st.none() | amounts, max_size=8), st.none() | amounts)
def test_every_amount_is_told_and_every_bar_is_on_the_page(start, steps, end):
    chart = fall(start, [(f"Step {number}", amount) for number, amount in enumerate(steps)], end)
    stated = [amount for amount in [start or 0, *steps] if amount is not None]
    if end is not None and None not in steps:
        rest = [row for row in chart.rows if row[0].startswith(("Not broken", "The parts"))]
        assert bool(rest) == (sum(stated) != end)
    for each in chart.falls:
        x, width = (Decimal(text.rstrip("%")) for text in (each.x, each.width))
        assert -1 < x <= 100
        assert width >= 0
        assert x + width < 101
