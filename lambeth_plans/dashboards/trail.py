"""A record's history in words: who changed what, when and because of what.

Reads history rows only; `trail` makes one query, or none where its rows were read before. The first row of a record
says that it was added; later ones say each field that changed, old → new.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import models

from kpis.withholding import LETTER, NOTHING, Withholding
from lambeth_plans.history import Versioned, entry_model
from lambeth_plans.moments import told_until
from lambeth_plans.rag import Rag, plain

#: What changes with every write, or says nothing to a reader.
SILENT = {"id", "version", "order", "key", "plan", "last_reported_at", "revision"}


@dataclass(frozen=True)
class Entry:
    when: datetime
    who: str
    sentence: str
    reason: str


Name = Callable[[Any], str]


def trail(
    model: type[Versioned],
    name: Name,
    names: dict[str, dict[int, Any]] | None = None,
    *,
    added: Name | None = None,
    rows: Iterable[Any] | None = None,
    withheld: Withholding = NOTHING,
    is_closed: Callable[[Any], bool] = lambda row: False,
    until: datetime | None = None,
    **conditions: Any,
) -> list[Entry]:
    """The history of some records of one model, newest first: those that meet the conditions, or the `rows` given; only
    what had happened `until` a moment, where one is given.

    `name` gives what a sentence calls a row ("2019/20", "Target score"); "" leaves it out. `added` gives the sentence
    of its first row ("2019/20: 47.5."). `names` gives, by field, the words for linked records by primary key; without
    it a link that changed is only named. Of what is `withheld`, and of a row that `is_closed` to its reader, only that
    it changed is told.
    """
    before: dict[int, Any] = {}
    entries = []
    found = entry_model(model)._default_manager.filter(**conditions) if rows is None else rows
    if until:
        found = told_until(model, found, until)
    for row in sorted(found, key=lambda row: row.history_id):
        earlier = before.get(row.id)
        is_new = added is not None and earlier is None and row.history_type != "-"
        sentence = added(row) if is_new else sentence_of(row, earlier, name(row), model, names or {})
        before[row.id] = row
        reason = row.history_change_reason or ""
        if sentence and (withheld.hides(row) or withheld.hides(earlier)):
            sentence, reason = withheld_words(row, name(row)), ""
        elif sentence and is_closed(row):
            sentence, reason = closed_words(row, name(row)), ""
        if sentence:
            entries.append(Entry(row.history_date, row.actor, sentence, reason))
    return sorted(entries, key=lambda entry: entry.when, reverse=True)


def withheld_words(row: Any, name: str) -> str:
    """What is told of a change of which the figures, or why it was made, may tell a small count."""
    return f"{name or 'A figure'}: {LETTER} (withheld) was {_done(row)}."


def closed_words(row: Any, name: str) -> str:
    """What is told of a change of something that its reader may not open."""
    return f"{name} was {_done(row)}."


def _done(row: Any) -> str:
    return {"+": "added", "-": "removed"}.get(row.history_type, "changed")


def newest_first(*trails: Iterable[Entry]) -> list[Entry]:
    return sorted((entry for entries in trails for entry in entries), key=lambda entry: entry.when, reverse=True)


def sentence_of(row: Any, earlier: Any, name: str, model: type[Versioned], names: Mapping[str, Any]) -> str:
    """What one history row says beside the one before it; "" where nothing changed that a reader would miss."""
    if row.history_type == "-":
        return f"{name or 'The record'} was removed."
    if earlier is None:
        return f"{name or 'The record'} was added."
    changes = [*_field_changes(row, earlier, model, names), *_link_changes(row, earlier, model, names)]
    if not changes:
        return ""
    text = "; ".join(changes).rstrip(".")
    return f"{name}: {text}." if name else f"{text[:1].upper()}{text[1:]}."


def _field_changes(row: Any, earlier: Any, model: type[Versioned], names: Mapping[str, Any]) -> Iterable[str]:
    for field in model._meta.concrete_fields:
        if field.name in SILENT or not hasattr(row, field.attname):
            continue
        old, new = getattr(earlier, field.attname), getattr(row, field.attname)
        label = field.verbose_name
        if old != new and field.is_relation and field.name not in names:
            yield f"{label} changed"
        elif old != new:
            yield f"{label} {_words(field, old, names)} → {_words(field, new, names)}"


def _link_changes(row: Any, earlier: Any, model: type[Versioned], names: Mapping[str, Any]) -> Iterable[str]:
    for field, pks in row.links.items():
        old, new = set(earlier.links.get(field, [])), set(pks)
        label = field.replace("_", " ")
        known = names.get(field, {})
        if old != new and not known:
            yield f"{label} changed"
        for word, chosen in (("added", new - old), ("removed", old - new)):
            listed = ", ".join(str(known[pk]) for pk in sorted(chosen) if pk in known)
            if listed:
                yield f"{label} {word}: {listed}"


def _words(field: models.Field, value: Any, names: Mapping[str, Any]) -> str:
    if value is None or value == "":
        return "not stated"
    if field.is_relation:
        return str(names.get(field.name, {}).get(value, "another"))
    if isinstance(value, Rag):
        return value.word
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        return plain(value.normalize())
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    text = str(value)
    return f"“{text[:120]}…”" if len(text) > 120 else text
