"""The contracts of a council on the stage (tests/stage.py)."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from finance.models import Contract, Saving
from lambeth_plans.fields import PartialDate
from tests import factories


def set_contracts(stage: Any, savings: list[Saving], words: str) -> list[Contract]:
    """A contract for each saving: the first ends in a month, the second has ended and is still in use."""
    today = timezone.localdate()
    made = []
    for number, saving in enumerate(savings):
        supplier = factories.SupplierFactory(
            council=stage.council, key=f"supplier-{number}", name=f"Supplier {number}{words}"
        )
        made.append(
            factories.ContractFactory(
                plan=stage.plan,
                key=f"co{number + 1}",
                title=f"Contract {number + 1}{words}",
                supplier=supplier,
                annual_value=Decimal(90_000),
                end_date=PartialDate.of(today + timedelta(days=-30 if number % 2 else 30)),
                notice_months=3,
                extension_options=f"Two years.{words}",
                is_still_in_use=True if number % 2 else None,
                director=stage.records["officer"],
                further_directors=[stage.others["officer"]],
                division=stage.records["division"],
                objectives=[stage.records["objective"]],
                savings=[saving],
                note=f"A note.{words}",
                order=number,
            )
        )
    return made
