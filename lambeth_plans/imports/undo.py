"""Taking back a plan's workbook or a register: everything that the batch wrote, as one audited action.

What a batch wrote is read from the history, where every row names its batch. A record that it added is removed; one
that it changed gets back what it said before, links included. Figures have an undo of their own (`actions.undo_batch`).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, models, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from lambeth_plans import history
from lambeth_plans.accounts.access import Permission, may
from lambeth_plans.accounts.models import Council, User
from lambeth_plans.history import HistoryEntry, Versioned
from lambeth_plans.imports.actions import NotApplied
from lambeth_plans.imports.models import ImportBatch
from lambeth_plans.imports.workbook.actions import lock_for
from lambeth_plans.imports.workbook.sheets import IN_CREATION_ORDER
from lambeth_plans.links import link_fields
from risks.models import RiskBand, RiskMatrix, RiskStep

Place = tuple[type[Versioned], int]


@dataclass(frozen=True)
class Obstacle:
    """A record that was changed after a batch, or that points at what the batch added: what, why, by whom and when
    (nobody and no time where the history does not tell)."""

    model: type[models.Model]
    name: str
    message: str
    actor: str = ""
    changed_at: datetime | None = None

    @property
    def kind(self) -> str:
        words = str(self.model._meta.verbose_name)
        return words[:1].upper() + words[1:]


class InTheWay(Exception):
    """A batch cannot be undone. `obstacles` says what stands in the way; nothing was changed."""

    def __init__(self, obstacles: list[Obstacle]) -> None:
        super().__init__(f"{len(obstacles)} records stand in the way.")
        self.obstacles = obstacles


PERMISSIONS = {ImportBatch.Kind.PLAN: Permission.SET_UP_PLANS, ImportBatch.Kind.REGISTER: Permission.EDIT_REGISTERS}


@transaction.atomic
def undo_records(*, batch: ImportBatch, by: User, reason: str, at: datetime | None = None) -> ImportBatch:
    """Takes an applied workbook or register back, all of it or nothing, and returns the batch; one that is undone
    already is returned as it is. Every record gets one more history row, in the batch's own name.

    Raises InTheWay where a record was changed since or something now hangs on a new one, NotApplied where there is
    nothing to undo, ValueError without a reason, and PermissionDenied for who may not do this for the council.
    """
    now = at or timezone.now()
    if not reason.strip():
        raise ValueError("Say why the import is undone.")
    _may_undo(batch, by)
    lock_for(batch, by)
    batch = ImportBatch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    if batch.is_undone:
        return batch
    if not batch.is_applied:
        raise NotApplied(f"{batch.number} cannot be undone: {batch.get_state_display().lower()}.")
    written = _Written.by(batch)
    if obstacles := list(_obstacles(written)):
        raise InTheWay(obstacles)
    why = f"Undid batch {batch.number}, {batch.file_name}. {reason.strip()}"
    trace = {"by": by, "reason": why, "at": now, "batch": batch.number}
    batch.state, batch.undone_at = ImportBatch.State.UNDONE, now
    batch.undone_by_name, batch.undone_because = by.get_full_name() or by.get_username(), reason.strip()
    for other in written.released_batches():
        _release(batch if other.pk == batch.pk else other, written)
        if other.pk != batch.pk:
            history.save(other, **trace)
    history.save(batch, **trace)
    try:
        with transaction.atomic():
            written.take_back(**trace)
    except (history.StaleRecord, ProtectedError, IntegrityError) as error:  # written past the lock this very moment
        message = "Something else has taken its place, or hangs on it."
        raise InTheWay([Obstacle(ImportBatch, batch.number, message)]) from error
    return batch


def what_stands_in_the_way(batch: ImportBatch) -> list[Obstacle]:
    """What must go first before an applied batch can be undone: nothing, mostly."""
    return list(_obstacles(_Written.by(batch)))


def _may_undo(batch: ImportBatch, by: User) -> None:
    needed = PERMISSIONS.get(batch.kind)
    if needed is None:
        raise NotApplied("Figures are taken back by their own undo.")
    if not may(by, needed) or not ImportBatch.objects.visible_to(by).filter(pk=batch.pk).exists():
        raise PermissionDenied("Only who may bring this in for the council may take it back.")


@dataclass
class _Written:
    """What a batch wrote: the records it added and changed as they are now, each with the history row of the batch and,
    of changed ones, the one before it. Members that joined a new council are kept apart."""

    batch: ImportBatch
    added: dict[Place, Any] = field(default_factory=dict)
    changed: dict[Place, Any] = field(default_factory=dict)
    before: dict[Place, Any] = field(default_factory=dict)
    now: dict[Place, Versioned] = field(default_factory=dict)
    links: dict[Place, dict[str, list[int]]] = field(default_factory=dict)

    @classmethod
    def by(cls, batch: ImportBatch) -> "_Written":
        written = cls(batch)
        for model in history.recorded_models():
            if model is not ImportBatch:
                written._read(model)
        return written

    def _read(self, model: type[Versioned]) -> None:
        entries = history.entry_model(model)._default_manager
        own = list(entries.filter(batch=self.batch.number).order_by("history_id"))
        if not own:
            return
        key = model._meta.pk.attname
        pks = [getattr(entry, key) for entry in own]
        versions = {entry.version - 1 for entry in own if entry.history_type == "~"}
        earlier = entries.filter(**{f"{key}__in": pks}, version__in=versions) if versions else ()
        known = {(getattr(entry, key), entry.version): entry for entry in earlier}
        self.now |= {(model, row.pk): row for row in model._default_manager.filter(pk__in=pks)}
        links = history.current_links(model, pks)
        for entry in own:
            place = (model, getattr(entry, key))
            self.links[place] = links[place[1]]
            if entry.history_type == "+":
                self.added[place] = entry
            elif entry.history_type == "~":
                self.changed[place] = entry
                self.before[place] = known[place[1], entry.version - 1]

    def pks_added(self, model: type[models.Model]) -> set[int]:
        return {pk for of, pk in self.added if of is model}

    def released_batches(self) -> list[ImportBatch]:
        """Uploads for a council or plan that goes away, which changed nothing (any more): they lose it, not their
        rows."""
        batches = ImportBatch.objects.filter(
            models.Q(council__in=self.pks_added(Council))
            | models.Q(
                plan__in={pk for of, pk in self.added if of is ImportBatch._meta.get_field("plan").related_model}
            )
        )
        return [each for each in batches if each.pk == self.batch.pk or not each.is_applied]

    def take_back(self, **trace: Any) -> None:
        """Puts changed records back, then removes new ones, those last that others needed."""
        members = [place for place in self.changed if place[0] is User]
        for place in members:
            councils = [pk for pk in self.links[place]["councils"] if pk not in self.pks_added(Council)]
            history.save(self.now[place], links={"councils": Council.objects.filter(pk__in=councils)}, **trace)
        together: dict[type[Versioned], list[Versioned]] = defaultdict(list)
        linked: dict[type[Versioned], dict[int, dict[str, list[int]]]] = defaultdict(dict)
        for place, was in self.before.items():
            if place[0] is User:
                continue
            record = self.now[place]
            for each in history.entry_model(place[0]).tracked_fields:
                if each.name not in ("id", "version"):
                    setattr(record, each.attname, getattr(was, each.attname))
            together[place[0]].append(record)
            linked[place[0]][place[1]] = was.links
        for model, records in together.items():
            history.change_all(records, links=linked[model], **trace)
        order = {sheet.model: number for number, sheet in enumerate(IN_CREATION_ORDER)}
        leaving = sorted(self.added, key=lambda place: (order[place[0]], place[1]))
        history.remove_all([self.now[place] for place in leaving], **trace)


def _release(batch: ImportBatch, written: _Written) -> None:
    if batch.council_id in written.pks_added(Council):
        batch.council = None
    if batch.plan_id and batch.plan_id in {pk for of, pk in written.added if of is type(batch.plan)}:
        batch.plan = None


# What stands in the way


def _obstacles(written: _Written) -> Iterator[Obstacle]:
    yield from _changed_since(written)
    yield from _pointing(written)
    yield from _gone(written)
    yield from _agreed_since(written)


def _told(model: type[models.Model], pk: int, record: models.Model | None, message: str) -> Obstacle:
    """An obstacle with who wrote its record last, and when."""
    if not issubclass(model, Versioned):
        return Obstacle(model, str(record), message)
    key = model._meta.pk.attname
    last = history.entry_model(model)._default_manager.filter(**{key: pk}).order_by("-history_id").first()
    name = str(record) if record else f"{getattr(last, 'key', pk)}"
    return Obstacle(model, name, message, last.actor if last else "", last.history_date if last else None)


def _changed_since(written: _Written) -> Iterator[Obstacle]:
    """Records that no longer say what the batch made of them. What was changed and changed back is no obstacle."""
    for place, entry in [*written.added.items(), *written.changed.items()]:
        model, pk = place
        record = written.now.get(place)
        if model is User:
            continue
        if record is None:
            yield _told(model, pk, None, "It was removed since.")
        elif entry.links != written.links[place] or any(
            getattr(record, each.attname) != getattr(entry, each.attname)
            for each in history.entry_model(model).tracked_fields
            if each.name not in ("id", "version")
        ):
            yield _told(model, pk, record, "It was changed since.")


def _pointing(written: _Written) -> Iterator[Obstacle]:
    """Records of others that point at one that the batch added."""
    released = {each.pk for each in written.released_batches()}
    for model in dict.fromkeys(model for model, _ in written.added):
        pks = written.pks_added(model)
        for relation in model._meta.get_fields(include_hidden=True):
            if not (relation.auto_created and not relation.concrete and relation.is_relation):
                continue
            source = relation.related_model
            if relation.many_to_many or issubclass(source, HistoryEntry):
                continue  # many-to-many links show as rows of their own table
            rows = source._base_manager.filter(**{f"{relation.field.name}__in": pks})
            if source._meta.auto_created:
                yield from _linked(written, source, relation.field, rows)
                continue
            own = {pk for of, pk in [*written.added, *written.changed] if of is source}
            own |= released if source is ImportBatch else set()
            for row in rows.exclude(pk__in=own):
                yield _told(source, row.pk, row, f"It belongs to, or points at, the new {model._meta.verbose_name}.")


def _linked(
    written: _Written, through: type[models.Model], end: models.Field, rows: Iterable[Any]
) -> Iterator[Obstacle]:
    """Records whose many-to-many links lead to a new one; a new record's own links go with it."""
    owner = through._meta.auto_created
    start = next(each for each in through._meta.concrete_fields if each.remote_field and each is not end)
    own = next(each for each in owner._meta.local_many_to_many if each.remote_field.through is through)
    if end.name == own.m2m_field_name():
        return
    for row in rows:
        pk = getattr(row, start.attname)
        if (owner, pk) not in written.added and (owner, pk) not in written.changed:
            record = owner._base_manager.get(pk=pk)
            yield _told(owner, pk, record, f"It is linked to the new {end.related_model._meta.verbose_name}.")


def _gone(written: _Written) -> Iterator[Obstacle]:
    """Changed records that pointed, before the batch, at something that is gone since."""
    wanted: dict[type[models.Model], dict[int, Place]] = defaultdict(dict)
    for place, was in written.before.items():
        if place[0] is User:
            continue
        targets = {each.name: each.related_model for each in link_fields(place[0])}
        for name, pks in was.links.items():
            wanted[targets[name]] |= dict.fromkeys(pks, place)
        for each in history.entry_model(place[0]).tracked_fields:
            if each.remote_field and getattr(was, each.attname) is not None:
                wanted[each.related_model][getattr(was, each.attname)] = place
    for model, places in wanted.items():
        there = set(model._base_manager.filter(pk__in=places).values_list("pk", flat=True))
        for pk in sorted(places.keys() - there):
            of, own = places[pk]
            noun = str(model._meta.verbose_name)
            article = "an" if noun[0].lower() in "aeiou" else "a"
            message = f"It led to {article} {noun} that was removed since."
            yield _told(of, own, written.now[places[pk]], message)


def _agreed_since(written: _Written) -> Iterator[Obstacle]:
    """Matrices of which the batch wrote steps or bands, and that somebody agreed as they are since."""
    own = {pk for of, pk in [*written.added, *written.changed] if of is RiskMatrix}
    parts = [row for (of, _), row in written.now.items() if of in (RiskStep, RiskBand)]
    for matrix in RiskMatrix.objects.agreed().filter(pk__in={part.matrix_id for part in parts} - own):
        message = "It was agreed since: its steps and bands are part of what was agreed."
        yield _told(RiskMatrix, matrix.pk, matrix, message)
