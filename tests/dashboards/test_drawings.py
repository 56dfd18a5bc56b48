from decimal import Decimal

import pytest

from kpis.benchmarks import AreaFigure, Group, compare
from lambeth_plans import periods
from lambeth_plans.charts import ControlChart, LineChart
from lambeth_plans.dashboards.analysis import analyse
from lambeth_plans.dashboards.drawings import course_of, strips_of
from lambeth_plans.rag import Polarity
from tests.dashboards.indicator_facts import CALM, benchmark, indicator, month, rebase

AREAS = {"Lewisham": 70, "Hackney": 90, "Southwark": 75, "Brent": None}


def chart_of(fact, rebases=(), **fields):
    return course_of(fact, analyse(fact, rebases), **fields)


def compared(period, ours="80", areas=AREAS, polarity=Polarity.HIGHER):
    def figure(area, value):
        number = None if value is None else Decimal(value)
        return AreaFigure(area, period, number, "c" if value is None else f"{value}%", source="Statistics")

    others = [figure(area, value) for area, value in areas.items()]
    group = Group("Neighbours", "2024", tuple(areas))
    return compare([figure("Lambeth", ours)], others, group, our_area="Lambeth", polarity=polarity, unit="%")


def test_twelve_figures_make_a_control_chart_with_one_more_decimal_for_its_limits():
    chart = chart_of(indicator(CALM, target=95))
    assert isinstance(chart, ControlChart)
    assert (chart.mean_text, chart.rows[0][1]) == ("81.4%", "80%")
    assert chart.setting == "Outlying moves are left out of the limits (screened): there was none."
    assert chart.description.endswith("it will not meet its target of 95%: something has to change.")


def test_a_figure_outside_the_limits_carries_its_mark_and_its_reason():
    chart = chart_of(indicator((*CALM, 60)))
    assert (chart.points[-1].mark, chart.rows[-1][-1]) == ("concern", "below the lower limit: concern")


def test_too_few_figures_make_a_line_and_one_alone_makes_nothing():
    assert type(chart_of(indicator(CALM[:3]))) is LineChart
    assert chart_of(indicator(CALM[:1])) is None
    assert chart_of(indicator()) is None


def test_a_provisional_figure_is_hollow_and_unjudged():
    chart = chart_of(indicator((*CALM, 99), last={"status": "provisional"}))
    assert (chart.points[-1].is_provisional, chart.points[-1].mark) == (True, "")


def test_a_rebase_breaks_the_limits_and_says_when_why_and_by_whom():
    chart = chart_of(indicator((*CALM, *(value + 10 for value in CALM))), [rebase(12)])
    assert len(chart.means) == 2
    assert [each.words for each in chart.restarts] == [
        "From April 2025 on the limits are new: A new team (decided by The board, 1 May 2025)."
    ]


@pytest.mark.parametrize(
    ("values", "unit", "possible"),
    [
        ([90, 100] * 6, "%", (0, 100)),
        ([90, 100] * 6, "days", (0, None)),
        ([0, 140] * 6, "%", (0, None)),
        ([-30, 40] * 6, "%", (None, None)),
    ],
)
def test_limits_are_drawn_as_far_as_figures_can_reach(values, unit, possible):
    chart = chart_of(indicator(values, unit=unit))
    drawn = analyse(indicator(values, unit=unit)).chart
    ys = [float(level.y) for level in chart.limits]
    reach = [float(tick.y) for tick in chart.ticks]
    lowest, highest = possible
    assert (max(ys) == max(reach)) == (lowest == 0 and drawn.lower_limit < 0)
    assert (min(ys) == min(reach)) == (highest == 100 and drawn.upper_limit > 100)


def test_the_range_of_the_largest_group_stands_where_its_very_periods_are_drawn():
    latest = month(11)
    others = [benchmark(area, value, latest) for area, value in AREAS.items()]
    others += [benchmark("Hackney", 85, month(5)), benchmark("Lewisham", 60, periods.financial_year(2024))]
    chart = chart_of(indicator(CALM), comparisons=[compared(latest)], benchmarks=others)
    assert (len(chart.ranges), chart.range_name) == (1, "Neighbours")


def test_a_strip_names_what_is_missing_and_ranks_every_area():
    strip = strips_of(indicator(CALM), [compared(month(11))])
    assert strip.strips[0].missing == "No figure: Brent (c)."
    assert [(row[0], row[4]) for row in strip.rows] == [
        ("Hackney", "1"),
        ("Lambeth", "2"),
        ("Southwark", "3"),
        ("Lewisham", "4"),
        ("Brent", "–"),
    ]
    assert strip.strips[0].sentence.endswith("That is the second quarter.")
    assert strip.source == "Statistics"


def test_a_strip_without_a_direction_says_why_it_has_no_rank():
    strip = strips_of(indicator(CALM), [compared(month(11), polarity=None)])
    assert {row[4] for row in strip.rows} == {"–"}
    assert "Which way is better is not stated, so there is no rank." in strip.strips[0].sentence


def test_without_a_figure_of_another_area_there_is_no_strip():
    assert strips_of(indicator(CALM), [compared(month(11), areas={"Brent": None})]) is None
