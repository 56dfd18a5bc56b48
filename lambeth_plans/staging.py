"""Many records written in a handful of statements, whatever their number, each with its history row.

They wait in a temporary table of this connection and become records and history by INSERT … SELECT in the database.
The door is `lambeth_plans.history`'s: who, when, why, the version checked and counted up, one history row for each.
Beside `links` the only statements that are written by hand (ADR 0017): Django has no form for them, and writing a
hundred thousand records one object at a time takes a hundred times as long. Only names from the models stand in the
texts, never a value.
"""

import gc
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from itertools import count
from typing import Any

from django.db import connection, models, transaction
from django.utils import timezone

from lambeth_plans.history import Change, Named, StaleRecord, Versioned, change_of, entry_model
from lambeth_plans.links import link_fields

#: What a staged row says beside the columns of its model.
WHY = "staged_why"
#: Tells the uses of one transaction apart, where each has a table of its own.
_use: ContextVar[str] = ContextVar("use", default="")
_uses = count(1)


class _SomeMoved(Exception):
    """Fewer records were changed than there are rows for."""


@contextmanager
def without_collecting() -> Iterator[None]:
    """Python looks for cycles of objects each time that many more are made. Where a hundred thousand rows are read at
    once that is a third of all the time, and there are none."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def merge(
    model: type[Versioned],
    names: Sequence[str],
    rows: Sequence[Sequence[Any]],
    *,
    unique: Sequence[str],
    by: Named,
    reason: str = "",
    at: datetime | None = None,
    batch: str = "",
) -> None:
    """Adds and changes many records of one model without links, in a number of statements that does not depend on
    theirs. Each row holds a primary key (None for a new record), the version it was read with, the values of the
    columns `names`, and why this one in particular (or ""). `unique` are the columns that tell records apart.

    Values are as the database takes them: dates from `adapt_datefield_value`, decimals as text. Rows that change
    nothing must be left out: each leaves a history row. Raises StaleRecord where somebody else changed one, and
    IntegrityError where a constraint is broken or one that was to be new is there.
    """
    if link_fields(model):
        raise TypeError(f"{model.__name__} has links, which are not written here.")
    if not rows:
        return
    change = change_of(by, reason, at, batch)
    old = {row[0]: row[1] for row in rows if row[0] is not None}
    if len(old) < sum(row[0] is not None for row in rows):
        raise RuntimeError("Two rows name the same record.")
    try:
        with transaction.atomic(), _staged(model, [model._meta.pk.column, "version", *names], rows):
            if _change(model, names) != len(old):
                raise _SomeMoved
            _add(model, names)
            _enter(model, unique, change)
    except _SomeMoved:  # now that no version is counted up any more, it shows which
        raise StaleRecord(_moved(model, old)) from None


def plain_rows(queryset: models.QuerySet) -> list[tuple]:
    """What a `values_list` asks for, as the database gives it: Django's own conversion of each number and day takes
    longer than the database to find a hundred thousand of them."""
    statement, parameters = queryset.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall()


def _moved(model: type[Versioned], versions: dict[Any, int]) -> Versioned:
    """The first of some records whose version is no longer the given one; an empty one where it is gone."""
    pks = sorted(versions)
    for start in range(0, len(pks), 500):
        found = model._default_manager.in_bulk(pks[start : start + 500])
        for pk in pks[start : start + 500]:
            if pk not in found or found[pk].version != versions[pk]:
                return found.get(pk) or model(pk=pk)
    raise RuntimeError("The database changed fewer records than there are, and each has its version.")


def _staging_table(model: type[models.Model]) -> str:
    return f"staged_{model._meta.db_table}{_use.get()}"


def _quoted(names: Iterable[str], table: str = "") -> list[str]:
    prefix = f"{connection.ops.quote_name(table)}." if table else ""
    return [prefix + connection.ops.quote_name(name) for name in names]


def _run(statement: str, parameters: Sequence[Any] = ()) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.rowcount


@contextmanager
def _staged(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[None]:
    """Rows wait in a temporary table with some columns of a model, in that order, and a text `WHY`."""
    is_kept = connection.vendor != "postgresql"
    used = _use.set("" if is_kept else f"_{next(_uses)}")
    try:
        prepare(model)
        table = connection.ops.quote_name(_staging_table(model))
        _load(table, [*columns, WHY], rows)
        yield
        if is_kept:  # where something went wrong, its rows go with all the rest
            _run(f"DELETE FROM {table}")  # noqa: S608
    finally:
        _use.reset(used)


def prepare(model: type[models.Model]) -> None:
    """Makes the temporary table of a model, empty. On SQLite each connection keeps it: after a change of the schema,
    each savepoint of the same transaction that is taken back makes SQLite read the whole schema again. On PostgreSQL
    each use has its own, which goes with the transaction."""
    table, own = map(connection.ops.quote_name, (_staging_table(model), model._meta.db_table))
    named = ", ".join(_quoted(field.column for field in model._meta.concrete_fields))
    is_kept = connection.vendor != "postgresql"
    create = (
        f"CREATE TEMPORARY TABLE IF NOT EXISTS {table}" if is_kept else f"CREATE TEMPORARY TABLE {table} ON COMMIT DROP"
    )
    # The types come from the model's own table, so that a value means the same in both.
    select = f"SELECT {named}, '' AS {connection.ops.quote_name(WHY)} FROM {own} WHERE 1 = 0"  # noqa: S608
    _run(f"{create} AS {select}")


def _load(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    named = ", ".join(_quoted(columns))
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({named}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            places = ", ".join(["%s"] * len(columns))
            cursor.executemany(f"INSERT INTO {table} ({named}) VALUES ({places})", list(rows))  # noqa: S608


def _change(model: type[Versioned], names: Sequence[str]) -> int:
    """Changes the records that staged rows name and whose version they carry, and counts it up. Returns how many."""
    own, key = model._meta.db_table, model._meta.pk.column
    quote = connection.ops.quote_name
    staged = _staging_table(model)
    new = [f"{quote(name)} = {value}" for name, value in zip(names, _quoted(names, staged), strict=True)]
    new.append(f"{quote('version')} = {_quoted(['version'], own)[0]} + 1")
    pairs = zip(_quoted([key, "version"], own), _quoted([key, "version"], staged), strict=True)
    same = " AND ".join(f"{one} = {other}" for one, other in pairs)
    return _run(f"UPDATE {quote(own)} SET {', '.join(new)} FROM {quote(staged)} WHERE {same}")  # noqa: S608


def _add(model: type[Versioned], names: Sequence[str]) -> None:
    """Adds a record, of version 1, for each staged row without a primary key."""
    own, key, version = map(connection.ops.quote_name, (model._meta.db_table, model._meta.pk.column, "version"))
    listed = ", ".join(_quoted(names))
    _run(
        f"INSERT INTO {own} ({listed}, {version}) SELECT {listed}, 1 "  # noqa: S608
        f"FROM {connection.ops.quote_name(_staging_table(model))} WHERE {key} IS NULL"
    )


def _enter(model: type[Versioned], unique: Sequence[str], change: Change) -> None:
    """Writes a history row for each record that a staged row made or changed, as it is now."""
    quote, entry, own = connection.ops.quote_name, entry_model(model), model._meta.db_table
    staged = _staging_table(model)
    said = {
        "history_date": change.at,
        "history_user": change.by.pk,
        "actor": change.actor,
        "recorded_at": timezone.now(),
        "batch": change.batch,
        "links": {},
    }
    fields = {name: entry._meta.get_field(name) for name in said}
    tracked = [field.column for field in entry.tracked_fields]
    targets = [*tracked, *(field.column for field in fields.values()), "history_type", "history_change_reason"]
    why = _quoted([WHY], staged)[0]
    sources = [
        *_quoted(tracked, own),
        *["%s"] * len(fields),
        f"CASE WHEN {_quoted([model._meta.pk.column], staged)[0]} IS NULL THEN '+' ELSE '~' END",
        f"CASE WHEN {why} = '' THEN %s ELSE %s || {why} END",
    ]
    same = [f"{one} = {other}" for one, other in zip(_quoted(unique, own), _quoted(unique, staged), strict=True)]
    _run(
        f"INSERT INTO {quote(entry._meta.db_table)} ({', '.join(_quoted(targets))}) "  # noqa: S608
        f"SELECT {', '.join(sources)} FROM {quote(staged)} JOIN {quote(own)} ON {' AND '.join(same)}",
        [
            *(field.get_db_prep_save(said[name], connection) for name, field in fields.items()),
            change.reason,
            f"{change.reason} ",
        ],
    )
