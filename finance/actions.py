"""Changing what savings bring."""

from collections.abc import Sequence

from django.db import transaction

from finance.models import SavingYear
from lambeth_plans import history
from lambeth_plans.accounts.models import User


@transaction.atomic
def revise_saving(*, years: Sequence[SavingYear], by: User, reason: str) -> list[SavingYear]:
    """Saves years of a saving together, or none of them; each carries the version its row was opened on.

    Raises StaleRecord where somebody else changed one of them.
    """
    return history.change_all(years, by=by, reason=reason)
