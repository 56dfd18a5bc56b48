"""The audit trail, over django-simple-history: the only door through which a record is written.

Every write is atomic, checks the version the writer read, bumps it, and leaves exactly one history row per changed
record, many-to-many links included: who (also as text, for accounts come and go), when, why, and in which import
batch. A record's own `save` and its queryset's bulk writes refuse to run outside this module, so a write without a
trace is not possible by accident; `manage.py audit_check` proves it.

simple-history's own signals are switched off (SIMPLE_HISTORY_ENABLED): they would write a row per many-to-many
change and none for bulk writes (docs/adr).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import groupby
from typing import Any, NoReturn, Protocol, TypeVar

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.db.models import Max, QuerySet
from django.utils import timezone
from simple_history.models import HistoricalRecords

from lambeth_plans.links import add_links, current_links, link_fields, moved_links, replace_links
from lambeth_plans.moments import held_by


@cache
def entry_model(model: type[models.Model]) -> type[models.Model]:
    """The model of a record's history rows (asking simple-history builds a manager class each time)."""
    return model.history.model


class StaleRecord(Exception):
    """Somebody else changed the record since it was read. `current` is the record as it is now."""

    def __init__(self, current: "Versioned") -> None:
        super().__init__(f"{current} was changed by someone else.")
        self.current = current


class Named(Protocol):
    """Whoever writes: a user, saved, with a name for the trail."""

    pk: Any

    def get_full_name(self) -> str: ...

    def get_username(self) -> str: ...


class HistoryEntry(models.Model):
    """What every history table has beside simple-history's own columns."""

    actor = models.CharField(max_length=200)
    recorded_at = models.DateTimeField(default=timezone.now)
    batch = models.CharField(max_length=40, blank=True, default="", db_index=True)
    links = models.JSONField(default=dict, encoder=DjangoJSONEncoder)

    class Meta:
        abstract = True


class VersionedQuerySet(models.QuerySet):
    """Refuses the bulk writes that would leave no trace."""

    def _refuse(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise RuntimeError("Records are written through lambeth_plans.history, so that every change leaves a trace.")

    update = bulk_create = bulk_update = delete = _refuse
    update.alters_data = True  # type: ignore[attr-defined]
    update.queryset_only = True  # type: ignore[attr-defined]


class Versioned(models.Model):
    """A record with a version, written only through this module. Fields left out of its history may change freely."""

    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        unrecorded = set(entry_model(type(self))._history_excluded_fields)
        update_fields = kwargs.get("update_fields")
        if not getattr(self, "_is_being_recorded", False) and not (update_fields and set(update_fields) <= unrecorded):
            raise RuntimeError(f"{type(self).__name__} is written through lambeth_plans.history, not saved directly.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise RuntimeError("Records are removed through lambeth_plans.history.remove, so that the trail stays whole.")

    @classmethod
    def check_written(cls, instances: Sequence[Any]) -> None:
        """Judges rows that were just written or removed together; what it raises undoes the writing."""


class Recorded(Versioned):
    """A record with an audit trail."""

    history = HistoricalRecords(inherit=True, bases=[HistoryEntry])

    objects = VersionedQuerySet.as_manager()

    class Meta:
        abstract = True


Record = TypeVar("Record", bound=Versioned)


@dataclass(frozen=True)
class Change:
    """Who changes something, when it holds from, why and in which import batch."""

    by: Named
    reason: str
    at: datetime
    batch: str = ""

    @property
    def actor(self) -> str:
        return self.by.get_full_name() or self.by.get_username()


def change_of(by: Named, reason: str, at: datetime | None, batch: str) -> Change:
    """Raises ValueError where nobody is named."""
    if by is None or by.pk is None:
        raise ValueError("Every change names the user who makes it.")
    return Change(by=by, reason=reason, at=at or timezone.now(), batch=batch)


def _entry(instance: Versioned, kind: str, change: Change, links: dict[str, list[int]]) -> models.Model:
    model = entry_model(type(instance))
    return model(
        **{field.attname: getattr(instance, field.attname) for field in model.tracked_fields},
        history_date=change.at,
        history_type=kind,
        history_user_id=change.by.pk,
        history_change_reason=change.reason,
        actor=change.actor,
        batch=change.batch,
        links=links,
    )


def _enter(model: type[Versioned], entries: list[models.Model], written: Sequence[Versioned]) -> None:
    entry_model(model)._default_manager.bulk_create(entries, batch_size=200)
    model.check_written(written)


def save(
    instance: Record,
    *,
    by: Named,
    reason: str = "",
    links: dict[str, Iterable[models.Model]] | None = None,
    at: datetime | None = None,
    batch: str = "",
    savepoint: bool = True,
) -> Record:
    """Creates or changes one record with its many-to-many `links`, and writes one history row.

    A change that changes nothing writes nothing. Without a `savepoint` a failure ends the caller's
    transaction. Raises StaleRecord when the row's version is no longer the one
    `instance` was read with, or the row is gone, and IntegrityError where a constraint of the database is broken.
    """
    change = change_of(by, reason, at, batch)
    model = type(instance)
    new_links = {name: sorted(linked.pk for linked in chosen) for name, chosen in (links or {}).items()}
    with transaction.atomic(savepoint=savepoint):
        kind = "+"
        old_links: dict[str, list[int]] = {field.name: [] for field in link_fields(model)}
        if instance.pk is not None and not instance._state.adding:
            try:
                # Not `first`, which sorts: with it, some who saved at once on PostgreSQL were answered 503.
                kept = entry_model(model)._history_excluded_fields  # may be megabytes that nobody asked for
                current = model._default_manager.defer(*kept).select_for_update().get(pk=instance.pk)
            except model.DoesNotExist:
                raise StaleRecord(instance) from None
            if current.version != instance.version:
                raise StaleRecord(current)
            old_links = current_links(model, [instance.pk])[instance.pk]
            if _same(current, instance) and {**old_links, **new_links} == old_links:
                return instance
            kind = "~"
            instance.version += 1
        try:
            instance._is_being_recorded = True
            instance.save()
            for name, pks in new_links.items():
                if pks != old_links[name]:
                    getattr(instance, name).set(pks)
        except BaseException:
            if kind == "~":
                instance.version -= 1
            raise
        finally:
            instance._is_being_recorded = False
        _enter(model, [_entry(instance, kind, change, {**old_links, **new_links})], [instance])
    return instance


def _same(current: models.Model, instance: models.Model) -> bool:
    deferred = instance.get_deferred_fields()
    for field in current._meta.concrete_fields:
        if field.attname in deferred:
            continue  # it was not even read, so it was not changed
        if field.get_prep_value(getattr(current, field.attname)) != field.get_prep_value(
            getattr(instance, field.attname)
        ):
            return False
    return True


def create_all(
    instances: Sequence[Record], *, by: Named, reason: str = "", at: datetime | None = None, batch: str = ""
) -> list[Record]:
    """Creates many records of one model, without links, each with its history row, in batches."""
    if not instances:
        return []
    change = change_of(by, reason, at, batch)
    model = type(instances[0])
    empty = {field.name: [] for field in link_fields(model)}
    with transaction.atomic():
        created = QuerySet(model).bulk_create(instances, batch_size=500)
        entries = [_entry(instance, "+", change, empty) for instance in created]
        _enter(model, entries, created)
    return created


@dataclass(frozen=True)
class Newcomer:
    """A record to create. `pointers` are its foreign keys and `links` its many-to-many ones; both may lead to records
    that are created together with it."""

    instance: Versioned
    pointers: dict[str, models.Model]
    links: dict[str, Sequence[models.Model]]


def create_linked(
    newcomers: Sequence[Newcomer], *, by: Named, reason: str = "", at: datetime | None = None, batch: str = ""
) -> None:
    """Creates records of several models that may point at each other, in their order, each with one history row.

    A foreign key that leads to a later one is filled in when that is there, so it must be nullable.
    """
    change = change_of(by, reason, at, batch)
    with transaction.atomic():
        waiting: dict[tuple[type[models.Model], str], list[Newcomer]] = {}
        for model, group in groupby(newcomers, key=lambda newcomer: type(newcomer.instance)):
            arriving = list(group)
            for newcomer in arriving:
                for name, target in newcomer.pointers.items():
                    if target.pk is None:
                        waiting.setdefault((model, name), []).append(newcomer)
                    else:
                        setattr(newcomer.instance, name, target)
            QuerySet(model).bulk_create([newcomer.instance for newcomer in arriving], batch_size=200)
        for (model, name), pointing in waiting.items():
            for newcomer in pointing:
                setattr(newcomer.instance, name, newcomer.pointers[name])
            QuerySet(model).bulk_update([newcomer.instance for newcomer in pointing], [name], batch_size=200)
        for model, group in groupby(newcomers, key=lambda newcomer: type(newcomer.instance)):
            _link_and_enter(model, list(group), change)


def _link_and_enter(model: type[Versioned], arrived: Sequence[Newcomer], change: Change) -> None:
    """Writes the many-to-many links of new records of one model, and their first history rows."""
    names = [field.name for field in link_fields(model)]
    links = {
        newcomer.instance.pk: {name: sorted(linked.pk for linked in newcomer.links.get(name, ())) for name in names}
        for newcomer in arrived
    }
    add_links(model, links)
    written = [newcomer.instance for newcomer in arrived]
    _enter(model, [_entry(instance, "+", change, links[instance.pk]) for instance in written], written)


def _locked(model: type[Record], instances: Sequence[Record]) -> dict[Any, Record]:
    """The rows as they are now, locked in the order of their keys. Raises StaleRecord where one was changed
    or is gone."""
    pks = sorted(instance.pk for instance in instances)
    locked: dict[Any, Record] = {}
    for start in range(0, len(pks), 500):
        rows = model._default_manager.select_for_update().order_by("pk").filter(pk__in=pks[start : start + 500])
        locked.update({row.pk: row for row in rows})
    for instance in instances:
        current = locked.get(instance.pk)
        if current is None or current.version != instance.version:
            raise StaleRecord(current or instance)
    return locked


def change_all(
    instances: Sequence[Record],
    *,
    by: Named,
    reason: str = "",
    at: datetime | None = None,
    batch: str = "",
    links: dict[int, dict[str, Iterable[int]]] | None = None,
) -> list[Record]:
    """Changes many whole records of one model, each checked against the version it was read with. `links` are their new
    many-to-many ones: primary keys by record and field; where one is not named, its links stay.

    Raises StaleRecord at the first row that somebody else changed; nothing is then written. Unchanged ones are left.
    """
    if not instances:
        return []
    change = change_of(by, reason, at, batch)
    model = type(instances[0])
    fields = [field.name for field in model._meta.concrete_fields if not field.primary_key]
    with transaction.atomic():
        locked = _locked(model, instances)
        before = current_links(model, list(locked))
        new = {pk: moved_links(said, before[pk]) for pk, said in (links or {}).items()}
        new = {pk: moved for pk, moved in new.items() if moved}
        changed = [each for each in instances if each.pk in new or not _same(locked[each.pk], each)]
        for instance in changed:
            instance.version += 1
        QuerySet(model).bulk_update(changed, fields, batch_size=200)
        replace_links(model, new)
        entries = [_entry(each, "~", change, {**before[each.pk], **new.get(each.pk, {})}) for each in changed]
        _enter(model, entries, changed)
    return changed


def remove(instance: Versioned, *, by: Named, reason: str, batch: str = "") -> None:
    """Removes a record and writes the history row that says so. Refuses (ProtectedError) where others point at it."""
    remove_all([instance], by=by, reason=reason, batch=batch)


def remove_all(
    instances: Sequence[Versioned], *, by: Named, reason: str, at: datetime | None = None, batch: str = ""
) -> None:
    """Removes records, of several models in the order in which they could be created, each with one history row.

    Each is checked against the version it was read with: raises StaleRecord at the first that somebody else changed,
    and ProtectedError where others point at one; nothing is then removed.
    """
    change = change_of(by, reason, at, batch)
    together: dict[type[models.Model], list[Versioned]] = {}
    for instance in instances:
        together.setdefault(type(instance), []).append(instance)
    with transaction.atomic():
        for model, group in together.items():
            rows = _locked(model, group)
            links = current_links(model, list(rows))
            entries = [_entry(row, "-", change, links[pk]) for pk, row in rows.items()]
            entry_model(model)._default_manager.bulk_create(entries, batch_size=500)
        order = list(together)
        for model, group in together.items():  # pointers at records that go before it; the history has them already
            ahead = order[order.index(model) :]
            loose = {field.name: None for field in model._meta.concrete_fields if field.related_model in ahead}
            if loose:
                QuerySet(model).filter(pk__in=[instance.pk for instance in group]).update(**loose)
        for model, group in reversed(together.items()):
            for start in range(0, len(group), 500):
                pks = [instance.pk for instance in group[start : start + 500]]
                QuerySet(model).filter(pk__in=pks).delete()
            model.check_written(group)


def record_loaded(model: type[Versioned], pks: Sequence[Any], *, by: Named, reason: str, at: datetime) -> int:
    """Writes the first history row of records that `loaddata` brought in (it writes none). Returns how many."""
    change = change_of(by, reason, at, "")
    links = current_links(model, pks)
    entries = []
    for start in range(0, len(pks), 500):
        rows = model._default_manager.filter(pk__in=pks[start : start + 500]).order_by("pk")
        entries += [_entry(row, "+", change, links[row.pk]) for row in rows]
    entry_model(model)._default_manager.bulk_create(entries, batch_size=500)
    return len(entries)


def rows(model: type[Versioned], at: datetime | None = None) -> QuerySet:
    """The records now (`at` None) or as they stood at a moment, as a queryset with the same column names.

    For a past moment these are history rows: the last one written of each record among those that held by then.
    """
    if at is None:
        return model._default_manager.all()
    entries = entry_model(model)._default_manager
    primary_key = model._meta.pk.attname
    latest = entries.filter(held_by(model, at)).values(primary_key).annotate(last=Max("history_id")).values("last")
    return entries.filter(history_id__in=latest).exclude(history_type="-")


def recorded_models() -> list[type[Versioned]]:
    """Every model that has an audit trail, in the order of the apps."""
    from django.apps import apps

    return [model for model in apps.get_models() if issubclass(model, Versioned)]
