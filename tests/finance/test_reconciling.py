from decimal import Decimal

import pytest

from finance.reconciling import bands_disagree, month_outside, unexplained_forecast, variance_words
from lambeth_plans.periods import parse


def lacks(forecast, budget=1_000, variance_reason="", recovery_action=""):
    return unexplained_forecast(
        forecast=Decimal(forecast),
        budget=Decimal(budget),
        variance_reason=variance_reason,
        recovery_action=recovery_action,
    )


def test_a_forecast_on_budget_explains_nothing():
    assert lacks(1_000) == {}


def test_a_pressure_says_why_and_what_is_done():
    assert set(lacks(1_200)) == {"variance_reason", "recovery_action"}
    assert "£200 above the budget" in lacks(1_200)["variance_reason"]
    assert lacks(1_200, variance_reason="More children.", recovery_action="A panel.") == {}
    assert set(lacks(1_200, variance_reason=" ", recovery_action="A panel.")) == {"variance_reason"}


def test_an_underspend_says_why_alone():
    assert set(lacks(900)) == {"variance_reason"}
    assert lacks(900, variance_reason="Vacant posts.") == {}


@pytest.mark.parametrize(("variance", "word"), [(1, "Pressure"), (-1, "Underspend"), (0, "On budget")])
def test_a_variance_has_its_word(variance, word):
    assert variance_words(Decimal(variance)) == word


@pytest.mark.parametrize(
    ("month", "is_inside"),
    [("Mar 2020", False), ("Apr 2020", True), ("Mar 2021", True), ("Sep 2021", True), ("Oct 2021", False)],
)
def test_a_line_is_forecast_in_its_year_and_until_the_books_are_closed(month, is_inside):
    assert (month_outside(parse(month), parse("2020/21")) == "") is is_inside


def test_bands_come_to_the_headcount_of_2019():
    assert bands_disagree(headcount=578, bands=[427, 146, 5], why="") == ""


@pytest.mark.parametrize(("headcount", "bands"), [(None, [1]), (5, []), (None, []), (0, [0])])
def test_what_is_not_stated_agrees(headcount, bands):
    assert bands_disagree(headcount=headcount, bands=bands, why="") == ""


def test_bands_that_do_not_add_up_are_told_with_what_is_missing():
    assert bands_disagree(headcount=1_578, bands=[1_427, 5], why="").startswith(
        "The bands add up to 1,432, 146 fewer than the headcount of 1,578."
    )
    assert "2 more than" in bands_disagree(headcount=5, bands=[7], why="")
    assert bands_disagree(headcount=5, bands=[7], why="Two hold two posts.") == ""
