"""A saving on the stage: this year's plan is not monitored, what becomes of the next one's is told."""

from django.db.models import Model
from django.utils import timezone

from finance.models import Saving
from lambeth_plans import periods
from objectives.models import Plan
from tests import factories


def make_saving(plan: Plan, records: dict[str, Model], number: int, words: str) -> Saving:
    saving = factories.SavingFactory(
        plan=plan,
        key=f"sa{number + 1}",
        ref=f"SA{number + 1}",
        title=f"Saving {number + 1}{words}",
        details=f"Details.{words}",
        owner=records["officer"],
        division=records["division"],
        objectives=[records["objective"]],
        activities=[records["activity"]],
        indicators=[records["indicator"]],
        kind="cost_avoidance" if number % 2 else "cashable",
        order=number,
    )
    this_year = periods.financial_year_start(timezone.localdate())
    factories.SavingYearFactory(saving=saving, period=periods.financial_year(this_year))
    told = factories.MONITORED | {
        "slipped_to": periods.financial_year(this_year + 2).label,
        "mitigated_by": f"Posts are held open.{words}",
        "status_reason": f"Two contracts are late.{words}",
    }
    factories.SavingYearFactory(saving=saving, period=periods.financial_year(this_year + 1), **told)
    return saving
