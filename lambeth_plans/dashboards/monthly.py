"""What the monthly sheet ("My updates") asks of a director besides activities: risks to score, savings, budgets.

A register puts its records on the sheet with a subclass of MonthlyRow, named in MONTHLY of dashboards/update_sheet.py:
`rows` reads, in a fixed number of queries, what a person answers for, each with a form; `save` writes one of them. The
sheet does the rest: one `<form>` for everything, only what was touched is judged and saved, all of it or none, what was
typed is kept, and a newer version stands beside it (409).
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Self, TypeVar

from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.urls import reverse

from lambeth_plans.accounts.models import User
from lambeth_plans.accounts.versioned_forms import VersionedForm
from lambeth_plans.cycles.rounds import month_asked, rounds_in_hand
from lambeth_plans.forms import FormError
from lambeth_plans.periods import Period
from objectives.models import Plan, PlanRecord

FormType = TypeVar("FormType", bound=VersionedForm)


@dataclass(eq=False)
class MonthlyRow(ABC):
    """One record on the sheet. `template` shows its fields, and is given `row`; the frame around it is the sheet's.

    `slug` begins the names of its fields and is the register's own; `heading` stands above its rows in each plan;
    `page` is the URL name of a record's page.
    """

    slug: ClassVar[str]
    heading: ClassVar[str]
    template: ClassVar[str]
    page: ClassVar[str]

    record: PlanRecord
    form: VersionedForm
    #: Whether the month's update is there already; then the row says so, and can be changed all the same.
    is_done: bool = False
    is_chosen: bool = False
    #: Whether what was typed stands in it, not saved.
    is_kept: bool = False

    @classmethod
    @abstractmethod
    def rows(cls, user: User, today: date, data: QueryDict | None = None) -> list[Self]:
        """What a person answers for of this register, by plan. A fixed number of queries."""

    @abstractmethod
    def save(self, by: User, today: date) -> str:
        """Writes what was typed, after `form.is_valid()`, and tells it in a sentence. Raises StaleRecord, and
        ValidationError for what only the writing finds."""

    @property
    def plan(self) -> Plan:
        return self.record.plan

    @property
    def url(self) -> str:
        """Where the record is seen."""
        return reverse(self.page, args=[self.plan.slug, self.record.key])

    @property
    def prefix(self) -> str:
        return self.form.prefix

    @property
    def is_typed(self) -> bool:
        return bool(self.form.touched)

    @property
    def clashing(self) -> list[VersionedForm]:
        return [self.form]

    def put_aside(self) -> None:
        """Keeps on the page what was typed, unjudged: nobody asked to save this one."""
        if self.is_typed:
            # On the version it was opened on: what a colleague saves meanwhile still clashes when this is saved.
            typed = {name: self.form[name].data for name in (*self.form.touched, *self.form.kept_hidden)}
            typed["version"] = self.form.opened_on
            self.form.is_bound, self.is_kept = False, True
            self.form.initial |= typed
            self.form._bound_fields_cache.clear()

    @property
    def error_lines(self) -> list[FormError]:
        """What keeps it from being saved; nothing where nobody asked to save it."""
        if not self.is_chosen:
            return []
        if self.form.clashes:
            return [FormError(f"{self.form.error_prefix}: somebody else changed it meanwhile.", f"#{self.prefix}")]
        return list(self.form.error_lines())


def prefix_of(slug: str, record: PlanRecord, period: Period | None = None) -> str:
    """What the names of its fields begin with ("risk:cssr1-p3"): the colon stands in no key, so that no register's form
    is taken for another's. With the period it is about ("budget:care-202609-p3"), what is typed for one that has gone
    by is not taken for the next."""
    about = f"-{period.start:%Y%m}" if period else ""
    return f"{slug}:{record.key}{about}-p{record.plan_id}"


def months_asked(plans: Iterable[Plan], today: date) -> dict[int, tuple[Period, date]]:
    """For each plan the month that the sheet asks about, as for its activities, and from which day on an update is one
    for that month. One query."""
    by_pk = {plan.pk: plan for plan in plans}
    rounds = rounds_in_hand(by_pk.keys(), today)
    return {
        pk: (month_asked(plan, rounds.get(pk), today), rounds[pk].opens_date if pk in rounds else today.replace(day=1))
        for pk, plan in by_pk.items()
    }


def typed_form(make: Callable[[QueryDict | None, str], FormType], prefix: str, data: QueryDict | None) -> FormType:
    """A form that is bound only where it was on the page that was posted and something in it was touched."""
    if data is not None and f"{prefix}-version" in data:
        form = make(data, prefix)
        if form.touched:
            return form
    return make(None, prefix)


def chosen_of(rows: Iterable[MonthlyRow], pressed: str, *, only: bool = False) -> list[MonthlyRow]:
    """The rows to save: the one whose button was `pressed`, otherwise every touched one; with `only` none but the
    pressed. They are marked, and what was typed in the others is put aside."""
    rows = list(rows)
    one = [row for row in rows if row.prefix == pressed]
    chosen = [row for row in (one if only else one or rows) if row.is_typed]
    for row in rows:
        row.is_chosen = row in chosen
        if not row.is_chosen:
            row.put_aside()
    return chosen


class Refused(Exception):
    """A row could not be written, and says why; nothing was."""


def save_all(rows: Iterable[MonthlyRow], *, by: User, today: date) -> list[str]:
    """Writes rows and tells each in a sentence; within a transaction. Raises StaleRecord and Refused."""
    told = []
    for row in rows:
        try:
            told.append(row.save(by, today))
        except ValidationError as error:
            row.form.add_error(None, error)
            raise Refused from error
    return told


@dataclass
class Section:
    """The rows of one register in one plan, as they are shown; `done` of `total` count all of them."""

    heading: str
    rows: list[MonthlyRow]
    done: int
    total: int


def sections_of(rows: Iterable[MonthlyRow], plan: Plan, shows: Callable[[MonthlyRow], bool]) -> list[Section]:
    """What a plan's part of the sheet shows besides its activities, by register."""
    by_heading: dict[str, list[MonthlyRow]] = {}
    for row in rows:
        if row.plan == plan:
            by_heading.setdefault(row.heading, []).append(row)
    sections = [
        Section(heading, [row for row in found if shows(row)], sum(row.is_done for row in found), len(found))
        for heading, found in by_heading.items()
    ]
    return [section for section in sections if section.rows]
