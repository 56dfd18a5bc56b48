"""What is published of a contract: the Code's columns, in its order, and nothing of officers."""

from decimal import Decimal

import pytest

from finance.transparency import COLUMNS, PublishedContract, published_lines, without_emails
from lambeth_plans.fields import PartialDate


def contract(**facts):
    empty = dict.fromkeys(PublishedContract.__dataclass_fields__, "")
    numbers = dict.fromkeys(("total_value", "annual_value", "irrecoverable_vat", "start_date", "end_date"))
    known = dict.fromkeys(("review_date", "is_small_or_medium", "is_voluntary_or_community"))
    return PublishedContract(**(empty | numbers | known | facts))


def test_the_columns_are_those_of_the_code_in_its_order():
    (headings,) = published_lines([])
    assert tuple(headings) == COLUMNS
    assert len(COLUMNS) == len(PublishedContract.__dataclass_fields__)
    assert [heading for heading in COLUMNS if "printed" not in heading][:3] == [
        "Reference number",
        "Title of agreement",
        "Local authority department responsible",
    ]


def test_what_is_not_stated_stays_empty_and_what_is_stands_plainly():
    told = contract(
        title="Meals",
        annual_value=Decimal("1234567.5"),
        annual_value_as_stated="c.£1.2m",
        end_date=PartialDate("2022-10"),
        is_small_or_medium=False,
        is_voluntary_or_community=True,
    )
    _, cells = published_lines([told])
    line = dict(zip(COLUMNS, cells, strict=True))
    assert {heading: cell for heading, cell in line.items() if cell} == {
        "Title of agreement": "Meals",
        "Estimated annual value": "1234567.50",
        "Annual value as printed": "c.£1.2m",
        "End date": "2022-10",
        "Supplier is an SME": "No",
        "Supplier is a VCSE": "Yes",
    }


@pytest.mark.parametrize(
    ("text", "published"),
    [
        ("Ask ann.example@borough.gov.uk first", "Ask [e-mail address left out] first"),
        ("a+b@x.org, c.o'd@y-z.example", "[e-mail address left out], [e-mail address left out]"),
        ("Meals @ 3 schools", "Meals @ 3 schools"),
    ],
)
def test_an_e_mail_address_is_left_out(text, published):
    assert without_emails(text) == published
