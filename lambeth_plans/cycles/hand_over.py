"""Handing over: what one officer answers for passes to another one in a single step, or not at all."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model, Q

from activities.models import Activity
from finance.models import Contract, Saving
from kpis.models import PlanIndicator
from lambeth_plans import history
from lambeth_plans.accounts.models import Board, Division, Officer, User
from lambeth_plans.history import Versioned
from objectives.models import Plan
from risks.models import Risk


@dataclass(frozen=True)
class Register:
    """The records of one model that may name an officer: by which fields, and what each makes of them.

    `shared_with` says which many-to-many field the holder of a single field does not stand in as well.
    """

    model: type[Versioned]
    one: str
    several: str
    roles: dict[str, str]
    shared_with: tuple[str, str] = ("", "")

    @property
    def name(self) -> str:
        return self.model._meta.model_name


REGISTERS = (
    Register(
        Activity,
        "activity",
        "activities",
        {"owner": "owner", "further_owners": "further owner", "lead_members": "lead member"},
        ("owner", "further_owners"),
    ),
    Register(PlanIndicator, "indicator", "indicators", {"owner": "owner"}),
    Register(Risk, "risk", "risks", {"owner": "owner"}),
    Register(Saving, "saving", "savings", {"owner": "owner"}),
    Register(
        Contract,
        "contract",
        "contracts",
        {"director": "director", "further_directors": "further director"},
        ("director", "further_directors"),
    ),
    Register(Division, "division", "divisions", {"director": "director"}),
    Register(Board, "board", "boards", {"chair": "chair", "members": "member"}),
    Register(Officer, "person they deputise for", "people they deputise for", {"deputies": "deputy"}),
)


@dataclass(frozen=True)
class Item:
    """A record that names an officer, as it was read. `roles` say as what; what is the council's has no `plan`."""

    register: Register
    record: Versioned
    plan: Plan | None
    roles: tuple[str, ...]

    @property
    def key(self) -> str:
        """What a form calls it: kind, plan and key, no primary key."""
        return "/".join([self.register.name, self.plan.slug if self.plan else "", self.record.key])

    @property
    def value(self) -> str:
        """Its key and the version it was read with."""
        return f"{self.key}/{self.record.version}"

    @property
    def name(self) -> str:
        ref = getattr(self.record, "ref", "") or getattr(self.record, "code", "")
        title = getattr(self.record, "title", "") or str(self.record)
        return f"{ref} {title}".strip()

    @property
    def is_history(self) -> bool:
        """Of a plan that is over: it says who answered for it then."""
        return bool(self.plan and self.plan.is_closed)


class StaleItems(Exception):
    """Somebody else changed some of the records meanwhile; `records` are those as they are now."""

    def __init__(self, records: list[Versioned]) -> None:
        super().__init__(", ".join(map(str, records)))
        self.records = records


def items_of(officer: Officer) -> list[Item]:
    """Everything that names an officer, register by register, newest plan first. A fixed number of queries."""
    found: list[Item] = []
    for register in REGISTERS:
        naming = {name: _naming(register.model, name, officer) for name in register.roles}
        condition = Q()
        for pks in naming.values():
            condition |= pks if isinstance(pks, Q) else Q(pk__in=pks)
        of_plan = any(field.name == "plan" for field in register.model._meta.fields)
        rows = register.model._default_manager.filter(condition)
        if of_plan:
            rows = rows.select_related("plan").order_by("-plan__start_date", "plan__title", "order", "key")
        for row in rows:
            roles = [role for name, role in register.roles.items() if _names(row, name, naming[name], officer)]
            found.append(Item(register, row, row.plan if of_plan else None, tuple(roles)))
    return found


def _naming(model: type[Model], name: str, officer: Officer) -> Q | set[int]:
    """The condition that a single field names an officer, or the records whose many-to-many field does."""
    field = model._meta.get_field(name)
    if not field.many_to_many:
        return Q(**{name: officer})
    through = field.remote_field.through._default_manager.filter(**{field.m2m_reverse_name(): officer.pk})
    return set(through.values_list(field.m2m_column_name(), flat=True))


def _names(row: Model, name: str, naming: Q | set[int], officer: Officer) -> bool:
    return row.pk in naming if isinstance(naming, set) else getattr(row, f"{name}_id") == officer.pk


def in_words(items: Iterable[Item]) -> list[str]:
    """How many of each kind: ["2 activities", "1 risk"]."""
    counts = Counter(item.register.name for item in items)
    return [
        f"{counts[register.name]} {register.one if counts[register.name] == 1 else register.several}"
        for register in REGISTERS
        if counts[register.name]
    ]


@transaction.atomic
def hand_over(
    *, leaver: Officer, successor: Officer, items: Sequence[Item], left_date: date | None, by: User, reason: str
) -> list[Versioned]:
    """Puts the successor in the leaver's place in each of the items, and notes the day the leaver left, if one is
    given. Returns the changed records, each with one history row.

    Raises ValidationError for a successor who cannot be one, and StaleItems with every record that somebody else has
    changed since the items were read; nothing is then written.
    """
    if successor.pk == leaver.pk or successor.council_id != leaver.council_id or successor.left_date:
        raise ValidationError("Choose another officer of the council who has not left.")
    changed, stale = [], []
    # In one order for everybody, so that two who hand over at once cannot wait for each other.
    for item in sorted(items, key=lambda item: (item.register.name, item.record.pk)):
        current = item.register.model._default_manager.select_for_update().get(pk=item.record.pk)
        if current.version != item.record.version:
            stale.append(current)
        else:
            links = _pass_on(item.register, current, leaver, successor)
            changed.append(history.save(current, by=by, reason=reason, links=links))
    if left_date and left_date != leaver.left_date:
        current = Officer.objects.select_for_update().get(pk=leaver.pk)
        if current.version != leaver.version:
            stale.append(current)
        else:
            current.left_date = left_date
            changed.append(history.save(current, by=by, reason=reason))
    if stale:
        raise StaleItems(stale)
    return changed


def _pass_on(register: Register, record: Versioned, leaver: Officer, successor: Officer) -> dict[str, list[Officer]]:
    """Changes the single fields of a record, and returns its new many-to-many links. Nobody deputises for themselves,
    and whoever holds a record does not share it with themselves."""
    links: dict[str, list[Officer]] = {}
    for name in register.roles:
        if record._meta.get_field(name).many_to_many:
            people = list(getattr(record, name).all())
            if leaver in people:
                others = [person for person in people if person not in (leaver, successor)]
                links[name] = [*others, *([] if record == successor else [successor])]
        elif getattr(record, f"{name}_id") == leaver.pk:
            setattr(record, name, successor)
    holder, shared = register.shared_with
    if shared and getattr(record, f"{holder}_id") == successor.pk:
        people = links.get(shared, list(getattr(record, shared).all()))
        if successor in people:
            links[shared] = [person for person in people if person != successor]
    return links
