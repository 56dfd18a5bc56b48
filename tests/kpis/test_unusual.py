"""What is unlike an indicator's own figures is named; nothing else is."""

from decimal import Decimal

import pytest

from kpis.unusual import unusual

STEADY = [Decimal(text) for text in ("40", "42", "41", "43", "40", "42", "41")]


def told(value, others, unit="%"):
    return unusual(None if value is None else Decimal(value), [Decimal(other) for other in others], unit)


def test_a_figure_outside_the_process_limits_is_named_with_the_range_of_the_others():
    # mean 41.286, average moving range 1.833, and 2.66 × 1.833 = 4.877: from 36.409 to 46.162
    assert told("46.1", STEADY) == ""
    assert told("46.2", STEADY) == "The other 7 figures of this kind lie between 40% and 43%."
    assert told("36.5", STEADY) == ""
    assert told("36.4", STEADY) != ""


def test_a_figure_that_was_there_before_is_never_unusual():
    assert told("90", [*STEADY, "90"]) == ""


def test_the_order_of_time_matters():
    """The moves from figure to figure, not the spread of all, make the limits: a steady climb leaves little room."""
    climbing = range(10, 80, 10)
    jumping = (10, 70, 20, 60, 30, 50, 40)
    assert told("90", climbing) != ""
    assert told("90", jumping) == ""


@pytest.mark.parametrize(
    ("value", "is_named"), [("121", True), ("120", False), ("13", True), ("14", False), ("-1", True)]
)
def test_few_figures_name_only_what_lies_far_outside(value, is_named):
    assert bool(told(value, ("40", "40", "40"))) is is_named


def test_too_few_figures_and_no_figure_name_nothing():
    assert told("999", ("40", "41")) == ""
    assert told(None, STEADY) == ""


def test_figures_that_never_moved_make_any_other_one_unusual():
    assert told("41", ["40"] * 8) == "The other 8 figures of this kind are all 40%."
    assert told("40", ["40"] * 8) == ""


def test_figures_around_zero_are_judged_only_when_there_are_enough():
    assert told("-90", ("-1", "0", "1")) == ""
    assert told("-90", ("-1", "0", "1", "0", "-1", "0", "1")) != ""
