"""Which contracts a director is told of by e-mail: on the day that one is 12, 6 or 3 months from its end or from its
last day for notice, whichever comes first, and from the end once notice has gone by (finance/ending.py), once each."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet

from finance.ending import Deadline, warned_of, warning_due
from finance.models import Contract
from lambeth_plans.accounts.models import User
from lambeth_plans.cycles.models import ContractReminder, ReminderDigest
from lambeth_plans.cycles.owing import holders_of
from objectives.models import Plan

#: For so many days somebody is still told, where nothing could be sent on the day itself. A register that is brought in
#: writes of nothing that was passed long ago: the page of contracts has it.
TOLD_FOR = 7


def warnings_due(today: date) -> list[ContractReminder]:
    """The reminders that are due on a day and not there yet, without their e-mail. The contracts are locked, in order,
    so that a second run at the same time waits. A fixed number of queries."""
    pks = [contract.pk for contract, _ in _due(_of_current_plans(), today)]
    locked = Contract.objects.filter(pk__in=pks).select_related("plan").order_by("pk")
    due = _due(locked.select_for_update(no_key=True, of=("self",)), today) if pks else []
    told = ContractReminder.objects.filter(contract__in=[contract.pk for contract, _ in due]).order_by()
    there = set(told.values_list("person_id", "contract_id", "months", "deadline_date"))
    directors = directors_of(contract for contract, _ in due)
    found = []
    for contract, months in due:
        day = _deadline(contract, today).day
        for person in directors[contract.pk]:
            if (person.pk, contract.pk, months, day) not in there:
                found.append(ContractReminder(person=person, contract=contract, months=months, deadline_date=day))
    return found


def _of_current_plans() -> QuerySet:
    dated = Q(end_date__isnull=False) | Q(notice_date__isnull=False)
    return Contract.objects.filter(dated, plan__status=Plan.Status.CURRENT)


def _due(contracts: Iterable[Contract], today: date) -> list[tuple[Contract, int]]:
    """The contracts of which somebody is told on a day, and how many months before."""
    found = ((contract, warning_due(_deadline(contract, today), today, for_days=TOLD_FOR)) for contract in contracts)
    return [(contract, months) for contract, months in found if months]


def _deadline(contract: Contract, day: date) -> Deadline | None:
    return warned_of(day, contract.end_date, contract.notice_date, contract.notice_months)


def directors_of(contracts: Iterable[Contract]) -> dict[int, list[User]]:
    """Whoever holds the post of a director of a contract or deputises for it, by the contract's primary key."""
    contracts = {contract.pk: contract for contract in contracts}
    posts = {pk: {contract.director_id} - {None} for pk, contract in contracts.items()}
    shared = Contract.further_directors.through.objects.filter(contract__in=contracts)
    for pk, officer in shared.values_list("contract_id", "officer_id"):
        posts[pk].add(officer)
    holders = holders_of(set().union(*posts.values()))
    found = {}
    for pk, contract in contracts.items():
        people = {user for post in posts[pk] for user in holders[post]}
        council = contract.plan.council_id
        of_council = (user for user in people if council in {each.pk for each in user.councils.all()})
        found[pk] = sorted(of_council, key=lambda user: user.pk)
    return found


def still_warned(digest: ReminderDigest) -> list[Contract]:
    """The contracts that an e-mail tells of, the next first: those whose day has not moved since, of current plans, and
    that its person still directs."""
    reminders = ContractReminder.objects.filter(
        digest=digest, contract__plan__status=Plan.Status.CURRENT, deadline_date__gte=digest.day_date
    )
    rows = list(reminders.select_related("contract__plan").order_by("deadline_date", "contract__order", "pk"))
    directors = directors_of(row.contract for row in rows)
    found = {}
    for row in rows:
        deadline = _deadline(row.contract, digest.day_date)
        theirs = (person.pk for person in directors[row.contract_id])
        if deadline and deadline.day == row.deadline_date and row.person_id in theirs:
            found[row.contract_id] = row.contract
    return list(found.values())
