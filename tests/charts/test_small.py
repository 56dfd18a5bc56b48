from decimal import Decimal

import pytest

from lambeth_plans.charts import Controlled, small_multiple, sparkline


def figures(*values, mean=None, lower=None, upper=None, marks=()):
    lines = {
        name: None if line is None else Decimal(line)
        for name, line in (("mean", mean), ("lower", lower), ("upper", upper))
    }
    return [
        Controlled(
            f"Month {place}",
            None if value is None else Decimal(value),
            mark=marks[place - 1] if place <= len(marks) else "",
            **lines,
        )
        for place, value in enumerate(values, 1)
    ]


def spark(*values, **lines):
    return sparkline(title="Visits", source="The team", figures=figures(*values, **lines))


def multiple(*values, least=None, most=None, **lines):
    ends = {"least": least, "most": most}
    return small_multiple(title="Visits", source="The team", figures=figures(*values, **lines), **ends)


def test_a_course_is_one_path_with_a_gap_where_a_figure_is_missing():
    course = spark(1, 2, None, 4, None).course
    assert course.count("M") == 2
    assert course.endswith("h0")  # a lone figure is a dot


def test_a_sparkline_ends_in_its_last_figure_and_has_a_level_mean():
    chart = spark(1, 3, None, mean=2)
    assert chart.last.label == "Month 2: 3"
    assert chart.mean.count("M") == 1
    assert chart.limits == ""


@pytest.mark.parametrize("draw", [spark, multiple])
@pytest.mark.parametrize("values", [(), (None,), (5,)])
def test_nothing_and_one_figure_are_fine(draw, values):
    chart = draw(*values)
    assert chart.is_empty is (chart.last is None)
    assert ("M" in chart.course) is not chart.is_empty


def test_an_unusual_figure_has_a_mark_of_its_kind_and_is_named():
    chart = spark(1, 9, 1, marks=("", "concern"))
    assert [(mark.kind, mark.label) for mark in chart.marks] == [("concern", "Month 2: 9, concern")]
    assert chart.description.endswith("Unusual: Month 2 (concern).")


def test_of_many_unusual_figures_the_newest_are_named():
    assert spark(1, 2, 3, 4, 5, marks=["change"] * 5).description.endswith(
        "Unusual: Month 3 (change), Month 4 (change), Month 5 (change), and 2 before."
    )


def test_limits_are_drawn_no_further_than_what_is_possible():
    free, held = (multiple(90, 95, 92, mean=92, lower=80, upper=104, most=most) for most in (None, Decimal(100)))
    assert free.limits.count("M") == held.limits.count("M") == 2
    assert free.limits != held.limits
    same = multiple(90, 95, 92, mean=92, lower=80, upper=100)
    assert held.limits == same.limits


def test_lines_are_broken_where_the_limits_change():
    first, then = figures(1, 2, mean=1, lower=0, upper=3), figures(5, 6, mean=5, lower=4, upper=7)
    chart = small_multiple(title="Visits", source="The team", figures=first + then)
    assert (chart.mean.count("M"), chart.limits.count("M")) == (2, 4)
