"""What stands in the e-mail that reminds somebody: all that is still open, by plan and round, and the contracts that
have to be decided on, with links."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from activities.models import Activity
from finance.models import Contract
from lambeth_plans.accounts.models import User
from lambeth_plans.cycles.models import ReminderDigest, ReportingRound
from lambeth_plans.cycles.owing import people_who_owe


@dataclass(frozen=True)
class Part:
    """A round, and what of a person's is open in it."""

    reporting_round: ReportingRound
    activities: list[Activity]


def written(day: date) -> str:
    return f"{day:%A} {day.day} {day:%B %Y}"


def standing(reporting_round: ReportingRound, day: date) -> str:
    """Where a round stands on a day, in words that go on after its name."""
    due, last = reporting_round.due_date, reporting_round.last_day_in_time
    if day < due:
        return f"due on {written(due)}"
    if day == due:
        return f"due today, {written(due)}"
    if day <= last:
        return f"was due on {written(due)}, and is in time until {written(last)}"
    if day <= reporting_round.closes_date:
        return f"overdue: it was due on {written(due)}"
    return f"overdue: it was due on {written(due)} and closed on {written(reporting_round.closes_date)}"


def open_parts(digest: ReminderDigest) -> list[Part]:
    """What is still open of what a person is reminded of, the first due first. Some queries for each round."""
    rounds = (
        ReportingRound.objects.filter(reminders__digest=digest, plan__status="current")
        .distinct()
        .select_related("plan")
        .order_by("due_date", "plan__title", "pk")
    )
    parts = (Part(each, people_who_owe(each).get(digest.person, [])) for each in rounds)
    return [part for part in parts if part.activities]


def composed(person: User, parts: list[Part], day: date, contracts: Sequence[Contract] = ()) -> tuple[str, str]:
    """Subject and text. The subject names no plan: it is seen on locked screens."""
    number = sum(len(part.activities) for part in parts)
    ending = f"{len(contracts)} contract{'' if len(contracts) == 1 else 's'}"
    overdue = sum(len(part.activities) for part in parts if day > part.reporting_round.last_day_in_time)
    subject = f"Lambeth Plans: {_updates(number)} to report" if parts else f"Lambeth Plans: {ending} to decide on"
    if overdue:
        subject += ", overdue" if overdue == number else f", {overdue} of them overdue"
    if parts and contracts:
        subject += f"; {ending} to decide on"
    blocks = [
        {
            "plan": part.reporting_round.plan.title,
            "month": str(part.reporting_round),
            "standing": standing(part.reporting_round, day),
            "lines": [(_name(activity), _link("progress_report", part, activity)) for activity in part.activities],
        }
        for part in parts
    ]
    context = {
        "person": person,
        "number": _updates(number),
        "blocks": blocks,
        "sheet": address_of("my_updates"),
        "contracts": [
            (
                _name(contract),
                contract.plan.title,
                contract.ending_on(day),
                address_of("contract_detail", contract.plan.slug, contract.key),
            )
            for contract in contracts
        ],
    }
    return subject, render_to_string("cycles/reminder_message.txt", context)


def _updates(number: int) -> str:
    return "1 update" if number == 1 else f"{number} updates"


def _name(record: Activity | Contract) -> str:
    return f"{record.ref} {record.title}".strip()


def _link(page: str, part: Part, activity: Activity) -> str:
    return address_of(page, part.reporting_round.plan.slug, activity.key)


def address_of(page: str, *parts: str) -> str:
    """The whole address of a page: who reads it stands in no page of ours."""
    return settings.SITE_ADDRESS + reverse(page, args=parts)
