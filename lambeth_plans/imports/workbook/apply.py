"""Writes what a workbook would change: new records with everything they point at, then changed ones."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import models

from activities.models import Activity, ProgressUpdate
from lambeth_plans import history
from lambeth_plans.accounts.models import Council, User
from lambeth_plans.history import Newcomer, Versioned
from lambeth_plans.imports.workbook.changes import RowChange, targets
from lambeth_plans.imports.workbook.holdings import Holdings
from lambeth_plans.imports.workbook.matrices import is_falling_back
from lambeth_plans.imports.workbook.sheets import IN_CREATION_ORDER
from objectives.models import Plan
from risks.models import RiskMatrix


@dataclass(frozen=True)
class Trace:
    """What the history says of every change of a batch."""

    by: User
    reason: str
    at: datetime
    batch: str

    def __call__(self) -> dict[str, Any]:
        return vars(self)


class GoneTarget(Exception):
    """What a row leads to is not there any more: somebody removed it after the preview."""


@dataclass
class _Writing:
    """The records by the names that links use, those being made included."""

    holdings: Holdings
    plan: str
    trace: Trace
    named: dict[type[models.Model], dict[str, models.Model]] = field(default_factory=dict)

    def target(self, model: type[models.Model], name: str) -> models.Model:
        if model not in self.named:
            self.named[model] = targets(model, self.holdings)
        if name not in self.named[model]:
            raise GoneTarget(f"There is no {model._meta.verbose_name} “{name}” any more.")
        return self.named[model][name]

    def announce(self, sheet: Any, values: dict[str, Any], record: models.Model) -> None:
        if sheet.model not in self.named:
            self.named[sheet.model] = targets(sheet.model, self.holdings)
        self.named[sheet.model][sheet.name_of(sheet.identity_of(values))] = record


def apply_changes(changes: Sequence[RowChange], holdings: Holdings, *, plan: str, council: str, trace: Trace) -> None:
    """Writes all changes, each record with one history row. Runs inside the caller's transaction.

    `plan` and `council` are slugs. Raises StaleRecord where a record was changed since `holdings` were read, and
    GoneTarget where a link leads nowhere.
    """
    writing = _Writing(holdings, plan, trace)
    by_sheet: dict[Any, list[RowChange]] = defaultdict(list)
    for change in changes:
        by_sheet[change.sheet].append(change)
    first = [change for change in changes if _comes_first(change)]
    _alter([(change, holdings.by_model[RiskMatrix].records[change.pk]) for change in first], {}, writing)
    made = [
        (change, _new_record(change, writing))
        for sheet in IN_CREATION_ORDER
        for change in by_sheet[sheet]
        if not change.pk
    ]
    newcomers = [_newcomer(change, record, writing, plan, council) for change, record in made]
    moved = _last_reported(made, writing)
    history.create_linked(newcomers, **trace())
    altered = [
        (change, holdings.by_model[change.sheet.model].records[change.pk])
        for change in changes
        if change.pk and change not in first
    ]
    _alter(altered, moved, writing)
    if holdings.council is None:
        _join(council, writing)


def _comes_first(change: RowChange) -> bool:
    """A matrix that is agreed no more: before that, nothing of it may be said anew once a new risk stands on it."""
    return change.sheet.model is RiskMatrix and is_falling_back(change) and not change.changed.get("replaces")


def _new_record(change: RowChange, writing: _Writing) -> Versioned:
    record = change.sheet.model()
    change.sheet.fill(record, change.values)
    if isinstance(record, ProgressUpdate):
        record.reported_by = writing.trace.by
    writing.announce(change.sheet, change.values, record)
    return record


def _newcomer(change: RowChange, record: Versioned, writing: _Writing, plan: str, council: str) -> Newcomer:
    pointers, links = _links(change, change.values, writing)
    names = {field.name for field in change.sheet.model._meta.concrete_fields}
    if "plan" in names:
        pointers["plan"] = writing.target(Plan, plan)
    if "council" in names:
        pointers["council"] = writing.target(Council, council)
    record.clean()
    return Newcomer(record, {name: target for name, target in pointers.items() if target}, links)


def _links(change: RowChange, values: dict[str, Any], writing: _Writing) -> tuple[dict[str, Any], dict[str, list]]:
    """The records that some values lead to: one (or None) for a foreign key, a list for many-to-many."""
    pointers, links = {}, {}
    for name, value in values.items():
        column = change.sheet.fields[name]
        if column.is_many:
            links[name] = [writing.target(column.links_to, target) for target in value]
        elif column.links_to:
            pointers[name] = writing.target(column.links_to, value) if value else None
    return pointers, links


def _last_reported(made: Sequence[tuple[RowChange, Versioned]], writing: _Writing) -> dict[int, Activity]:
    """Tells each activity when it was last reported on, as a report does; those that are there already are returned."""
    moved = {}
    for change, record in made:
        if isinstance(record, ProgressUpdate):
            activity = writing.target(Activity, change.values["activity"])
            moments = [moment for moment in (activity.last_reported_at, record.reported_at) if moment]
            activity.last_reported_at = max(moments)
            if activity.pk:
                moved[activity.pk] = activity
    return moved


def _alter(altered: Sequence[tuple[RowChange, Versioned]], moved: dict[int, Activity], writing: _Writing) -> None:
    """Changes records together, model by model, with their links."""
    together: dict[type[models.Model], list[Versioned]] = defaultdict(list)
    linked: dict[type[models.Model], dict[int, dict[str, list[int]]]] = defaultdict(dict)
    for change, record in altered:
        pointers, links = _links(change, change.changed, writing)
        change.sheet.fill(record, change.changed)
        for name, target in pointers.items():
            setattr(record, name, target)
        record.clean()
        if isinstance(record, Activity):
            moved.pop(record.pk, None)
        together[type(record)].append(record)
        linked[type(record)][record.pk] = {name: [target.pk for target in targets] for name, targets in links.items()}
    together[Activity] += moved.values()
    for model, records in together.items():
        history.change_all(records, links=linked[model], **writing.trace())


def _join(council: str, writing: _Writing) -> None:
    """Whoever brings in a council belongs to it, otherwise nobody could go on from there."""
    member = User.objects.get(pk=writing.trace.by.pk)
    councils = [*member.councils.all(), writing.target(Council, council)]
    history.save(member, links={"councils": councils}, **writing.trace())
