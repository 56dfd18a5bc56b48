"""When a year of a saving adds up, and what is said where it does not."""

from dataclasses import dataclass
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finance.adding_up import PARTS, adds_up, difference, in_pounds, is_monitored, what_is_missing, what_is_negative


@dataclass
class Year:
    planned: Decimal | None = None
    over_delivered: Decimal | None = None
    delivered: Decimal | None = None
    forecast: Decimal | None = None
    slipped: Decimal | None = None
    undeliverable: Decimal | None = None


def year(**amounts):
    return Year(**{name: Decimal(str(amount)) for name, amount in amounts.items()})


AMOUNTS = st.none() | st.decimals(min_value=0, max_value=10**11, places=2)
YEARS = st.builds(Year, **dict.fromkeys(("planned", "over_delivered", *PARTS), AMOUNTS))


@pytest.mark.parametrize(
    "silent",
    [
        year(),
        year(planned=100),
        year(planned=0),
        year(delivered=190_000),  # "to 30 Jan 2018": what came, and no plan
    ],
)
def test_a_year_that_nobody_monitored_asks_for_nothing(silent):
    assert not is_monitored(silent)
    assert what_is_missing(silent) == ""


@pytest.mark.parametrize(
    "whole",
    [
        year(planned=100, delivered=100),
        year(planned=100, delivered=40, forecast=60),
        year(planned=100, delivered=40, slipped=50, undeliverable=10),
        year(planned=100, over_delivered="20.50", delivered="120.50"),
        year(planned=100, over_delivered=5, delivered=85, slipped=20),  # one part of it slips, the others bring more
        year(planned=0, forecast=0),
        year(planned=-50, delivered=-50),  # a one-off saving that is taken back
        year(over_delivered=30, delivered=30),
        year(planned="0.30", delivered="0.10", forecast="0.20"),
    ],
)
def test_a_monitored_year_adds_up(whole):
    assert is_monitored(whole)
    assert adds_up(whole)
    assert what_is_missing(whole) == ""


@pytest.mark.parametrize(
    ("broken", "told"),
    [
        (year(planned=100, delivered=40), "£60 of the £100 planned has no place."),
        (year(planned=100, slipped=0), "£100 of the £100 planned has no place."),
        (
            year(planned=1000, over_delivered=10, forecast="1009.50"),
            "£0.50 of the £1,000 planned and £10 over-delivered",
        ),
        (year(planned=100, delivered=120), "£20 more than the £100 planned. State £20 more as over-delivered"),
        (year(forecast=50), "The parts come to £50 more than is planned, and nothing is stated as planned."),
    ],
)
def test_what_is_missing_is_said_with_its_amount(broken, told):
    assert told in what_is_missing(broken)


def test_what_is_below_nothing_is_named():
    told = what_is_negative(year(planned=-5, delivered=-5, slipped=-1, over_delivered=-1))
    assert set(told) == {"slipped", "over_delivered"}
    assert told["slipped"] == "What is slipped is 0 or more. “-£1” is less."


@given(YEARS)
def test_a_sentence_stands_exactly_where_the_sum_is_broken(one):
    assert bool(what_is_missing(one)) == (not adds_up(one)) == (is_monitored(one) and difference(one) != 0)


@given(YEARS)
def test_doing_what_the_sentence_says_mends_it(one):
    left = difference(one)
    if left > 0:
        one.slipped = (one.slipped or 0) + left
    else:
        one.over_delivered = (one.over_delivered or 0) - left
    assert adds_up(one)


@given(st.decimals(min_value=-(10**11), max_value=10**11, places=2))
def test_pounds_are_told_exactly(amount):
    text = in_pounds(amount)
    assert Decimal(text.replace("£", "").replace(",", "")) == amount
