"""The history of any recorded model, field by field, for the administration pages."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import ForeignKey, Model

from lambeth_plans import history
from lambeth_plans.accounts.models import Council, User
from lambeth_plans.history import Versioned

KINDS = {"+": "Added", "~": "Changed", "-": "Removed"}
SILENT = {"id", "version"}


@dataclass(frozen=True)
class FieldChange:
    label: str
    old: str
    new: str


@dataclass(frozen=True)
class HistoryLine:
    """One history row: when the change holds from and when it was written down, who, what and why."""

    when: datetime
    recorded_at: datetime
    who: str
    kind: str
    reason: str
    batch: str
    changes: list[FieldChange]


def lines(record: Versioned, *, reader: User) -> list[HistoryLine]:
    """Every history row of a record, newest first. One query, and one per kind of linked record.

    A council that `reader` does not belong to is not named.
    """
    model = type(record)
    entries = list(model.history.filter(**{model._meta.pk.attname: record.pk}).order_by("history_id"))
    names = _names(model, entries, reader)
    found = []
    for earlier, entry in zip([None, *entries], entries, strict=False):
        found.append(
            HistoryLine(
                when=entry.history_date,
                recorded_at=entry.recorded_at,
                who=entry.actor,
                kind=KINDS[entry.history_type],
                reason=entry.history_change_reason or "",
                batch=entry.batch,
                changes=list(_changes(model, earlier, entry, names)) if earlier else [],
            )
        )
    return found[::-1]


def _names(model: type[Versioned], entries: Iterable[Any], reader: User) -> dict[str, dict[Any, str]]:
    """For each link: the words for every record it ever led to, by primary key."""
    found: dict[str, dict[Any, str]] = {}
    for field in model.history.model.tracked_fields:
        if isinstance(field, ForeignKey):
            pks = {getattr(entry, field.attname) for entry in entries}
            found[field.name] = _words(field.related_model, pks, reader)
    for field in history.link_fields(model):
        pks = {pk for entry in entries for pk in entry.links.get(field.name, [])}
        found[field.name] = _words(field.related_model, pks, reader)
    return found


def _words(model: type[Model], pks: set[Any], reader: User) -> dict[Any, str]:
    words = {row.pk: str(row) for row in model._default_manager.filter(pk__in=pks - {None})}
    if model is Council:
        seen = set(Council.objects.visible_to(reader).values_list("pk", flat=True))
        words = {pk: name if pk in seen else "another council" for pk, name in words.items()}
    return words


def _changes(model: type[Versioned], earlier: Any, entry: Any, names: dict[str, dict[Any, str]]) -> Iterable:
    for field in model.history.model.tracked_fields:
        old, new = getattr(earlier, field.attname), getattr(entry, field.attname)
        if old != new and field.name not in SILENT:
            words = names.get(field.name, {})
            yield FieldChange(str(field.verbose_name), _text(old, words), _text(new, words))
    for field in history.link_fields(model):
        old, new = earlier.links.get(field.name, []), entry.links.get(field.name, [])
        if old != new:
            words = names[field.name]
            yield FieldChange(
                str(field.verbose_name),
                ", ".join(_text(pk, words) for pk in old),
                ", ".join(_text(pk, words) for pk in new),
            )


def _text(value: Any, words: dict[Any, str]) -> str:
    return "" if value is None else words.get(value, str(value))
