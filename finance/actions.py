"""Changing what savings bring."""

from collections.abc import Sequence

from django.db import transaction

from finance.models import SavingYear
from lambeth_plans import history
from lambeth_plans.accounts.models import User


@transaction.atomic
def revise_saving(*, years: Sequence[SavingYear], by: User, reason: str) -> list[SavingYear]:
    """Saves years of a saving together, or none of them; each carries the version its row was opened on, and one that
    is not there yet is added.

    Raises StaleRecord where somebody else changed one of them, and IntegrityError where somebody else has just added
    the same year.
    """
    changed = history.change_all([year for year in years if year.pk], by=by, reason=reason)
    return [*changed, *(history.save(year, by=by, reason=reason) for year in years if not year.pk)]
