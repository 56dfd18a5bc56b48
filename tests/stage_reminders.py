"""The reminders of a council on the stage (tests/stage.py)."""

from datetime import date

from lambeth_plans.accounts.models import User
from lambeth_plans.cycles.models import Reminder
from objectives.models import Plan
from tests import factories


def set_reminders(plan: Plan, person: User, times: int, words: str) -> list[Reminder]:
    """Twice `times` e-mails to one person, each about a round of its own and a contract, long ago, and failed."""
    made = []
    for number in range(2 * times):
        month = date(1990 + number, 1, 1)
        digest = factories.ReminderDigestFactory(person=person, state="failed", error=f"No such mailbox.{words}")
        opened = factories.ReportingRoundFactory(plan=plan, month_date=month, opens_date=month)
        for contract in plan.contract_set.order_by("order")[:1]:
            factories.ContractReminderFactory(digest=digest, contract=contract, deadline_date=month)
        made.append(factories.ReminderFactory(digest=digest, reporting_round=opened))
    return made
