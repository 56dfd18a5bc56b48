"""Compares every record with its trail: what stands in a row must be what its latest history row says."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max

from lambeth_plans import history
from lambeth_plans.history import Versioned

CHUNK = 500


@dataclass(frozen=True)
class Difference:
    """Something in which a record and its history disagree."""

    model: str
    pk: Any
    name: str
    problem: str

    def __str__(self) -> str:
        return f"{self.model} {self.pk} ({self.name}): {self.problem}"


@dataclass(frozen=True)
class Audit:
    """How many records were compared, and what did not agree."""

    records: int
    differences: tuple[Difference, ...]


def audit(models: Iterable[type[Versioned]] | None = None) -> Audit:
    """Compares all records of all models with a trail, or of some `models`, 500 at a time. Reads only."""
    records, differences = 0, []
    for model in history.recorded_models() if models is None else models:
        pks = list(model._default_manager.order_by("pk").values_list("pk", flat=True))
        records += len(pks)
        for start in range(0, len(pks), CHUNK):
            differences += _compare(model, pks[start : start + CHUNK])
        differences += _vanished(model)
    return Audit(records, tuple(differences))


def _compare(model: type[Versioned], pks: list[Any]) -> Iterator[Difference]:
    entries = model.history.model._default_manager
    key = model._meta.pk.attname
    trails = {
        trail[key]: trail
        for trail in entries.filter(**{f"{key}__in": pks})
        .order_by()
        .values(key)
        .annotate(last=Max("history_id"), length=Count("history_id"))
    }
    latest = {
        getattr(entry, key): entry for entry in entries.filter(history_id__in=[t["last"] for t in trails.values()])
    }
    links = history.current_links(model, pks)
    for row in model._default_manager.filter(pk__in=pks).order_by("pk"):
        if row.pk not in latest:
            yield _difference(row, "has no history.")
            continue
        for problem in _problems(row, latest[row.pk], links[row.pk]):
            yield _difference(row, problem)
        if (length := trails[row.pk]["length"]) != row.version:
            yield _difference(row, f"is at version {row.version}, but its history has {length} entries.")


def _problems(row: Versioned, entry: Any, links: dict[str, list[int]]) -> Iterator[str]:
    if entry.history_type == "-":
        yield "is there, but its history says that it was removed."
        return
    for field in type(entry).tracked_fields:
        live, told = getattr(row, field.attname), getattr(entry, field.attname)
        if live != told:
            yield f"{field.name} is {live!r}, but its history says {told!r}."
    # A link field that the model got later is in no older history row: it was empty then.
    if links != {**{name: [] for name in links}, **entry.links}:
        yield f"its links are {links!r}, but its history says {entry.links!r}."
    if not entry.actor or entry.history_user_id is None:
        yield "its latest history does not name who made it."


def _vanished(model: type[Versioned]) -> Iterator[Difference]:
    """Records that are gone although their history does not say so, or does not say by whom."""
    entries = model.history.model._default_manager
    key = model._meta.pk.attname
    latest = entries.order_by().values(key).annotate(last=Max("history_id")).values("last")
    gone = entries.filter(history_id__in=latest).exclude(**{f"{key}__in": model._default_manager.values("pk")})
    for entry in gone.order_by(key):
        pk = getattr(entry, key)
        if entry.history_type != "-":
            yield Difference(model._meta.label, pk, "", "is gone, but its history does not say so.")
        elif not entry.actor or entry.history_user_id is None:
            yield Difference(model._meta.label, pk, "", "its latest history does not name who made it.")


def _difference(row: Versioned, problem: str) -> Difference:
    return Difference(row._meta.label, row.pk, str(row), problem)
