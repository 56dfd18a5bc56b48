"""How values are written."""

from decimal import Decimal

import pytest

from lambeth_plans.api.items import day, figure, money, rated, ref, said
from lambeth_plans.dashboards.facts import NameFact
from lambeth_plans.fields import PartialDate
from lambeth_plans.rag import Rag


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("86.220000"), "86.22"),
        (Decimal("-6.600000"), "-6.6"),
        (Decimal("0.000000"), "0"),
        (Decimal("-0.0"), "0"),
        (Decimal("1200"), "1200"),
        (Decimal("1E+3"), "1000"),
        (Decimal("123456789012.123456"), "123456789012.123456"),
        (None, None),
    ],
)
def test_a_figure_has_all_its_digits_and_no_others(value, text):
    assert figure(value) == text


@pytest.mark.parametrize(
    ("amount", "text"), [(Decimal("10000000"), "10000000.00"), (Decimal("-5.5"), "-5.50"), (None, None)]
)
def test_an_amount_has_its_pence(amount, text):
    assert money(amount) == text


@pytest.mark.parametrize("iso", ["2024", "2024-03", "2024-03-31"])
def test_a_date_keeps_its_precision(iso):
    assert day(PartialDate(iso)) == iso
    assert day(None) is None


def test_what_is_not_stated_is_null():
    assert said("") is None
    assert said("TBC") == "TBC"


def test_a_record_is_pointed_at_by_its_reference_or_else_its_key():
    assert ref(NameFact("key", "OB1", "Title")) == "OB1"
    assert ref(NameFact("key", "", "Title")) == "key"
    assert ref(None) is None


def test_a_rating_is_told_by_its_word():
    assert [rated(rating) for rating in (Rag.RED, Rag.NOT_STARTED, Rag.BLUE, Rag.NOT_REPORTED, None)] == [
        "Red",
        "Not started",
        "Complete",
        "Not reported",
        None,
    ]
