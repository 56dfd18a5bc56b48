"""A contracts register as the Local Government Transparency Code 2015 asks councils to publish it (agreements over
£5,000): its columns in its order, and beside them what is printed where that says more. Pure: rows in, cells out.

Dates are ISO 8601, as precise as they are stated (2022-10 is October 2022); amounts are pounds without signs. The
columns are those of ContractsRegister, so that what is published can be imported again. Who answers for a contract in
the council is not asked for, so neither officers nor notes are here, and an e-mail address in a text is left out.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from lambeth_plans.fields import PartialDate

COLUMNS = (
    "Reference number",
    "Title of agreement",
    "Local authority department responsible",
    "Description of the goods or services",
    "Supplier name and details",
    "Sum to be paid over the length of the contract",
    "Estimated annual value",
    "VAT that cannot be recovered",
    "Start date",
    "End date",
    "Review date",
    "Invitation to quote or tender",
    "Supplier is an SME",
    "Supplier is a VCSE",
    "Supplier registration number",
    "Sum as printed",
    "Annual value as printed",
    "Start date as printed",
    "End date as printed",
    "Review date as printed",
)
_EMAIL = re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+")
LEFT_OUT = "[e-mail address left out]"


@dataclass(frozen=True)
class PublishedContract:
    """One contract, its fields in the order of the columns."""

    ref: str
    title: str
    department: str
    description: str
    supplier: str
    total_value: Decimal | None
    annual_value: Decimal | None
    irrecoverable_vat: Decimal | None
    start_date: PartialDate | None
    end_date: PartialDate | None
    review_date: PartialDate | None
    process: str
    is_small_or_medium: bool | None
    is_voluntary_or_community: bool | None
    registration_number: str
    total_value_as_stated: str
    annual_value_as_stated: str
    start_date_as_stated: str
    end_date_as_stated: str
    review_date_as_stated: str


def published_lines(contracts: Iterable[PublishedContract]) -> Iterator[list[str]]:
    """The headings, then a line for each contract."""
    yield list(COLUMNS)
    for contract in contracts:
        yield [_cell(getattr(contract, name)) for name in PublishedContract.__dataclass_fields__]


def _cell(value: Any) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, PartialDate):
        return value.iso
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    return without_emails(str(value))


def without_emails(text: str) -> str:
    """The text with every e-mail address left out, and said so."""
    return _EMAIL.sub(LEFT_OUT, text)
