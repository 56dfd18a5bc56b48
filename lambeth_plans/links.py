"""Many-to-many links of records, read and written in few queries. Only `history` writes them: it keeps their trail."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from django.db import connection, models


def link_fields(model: type[models.Model]) -> list[models.ManyToManyField]:
    """The many-to-many fields whose links belong to the record's history, by name."""
    return sorted(model._meta.local_many_to_many, key=lambda field: field.name)


@lru_cache(maxsize=200)
def _links_statement(owners: tuple[type[models.Model], ...], chosen: str) -> tuple[str, int]:
    """One query for all many-to-many links of some models' records, and how often `chosen`, the condition on a record's
    primary key, stands in it; {table} there is the record's own table.

    The one statement that is written by hand: Django takes longer to put it together for each page and each record
    written than the database to answer it. Only names from the models stand in the text, never a value.
    """
    quote = connection.ops.quote_name
    parts = []
    for owner in owners:
        condition = chosen.format(table=quote(owner._meta.db_table))
        for field in link_fields(owner):
            source, target = quote(field.m2m_column_name()), quote(field.m2m_reverse_name())
            parts.append(
                f"SELECT '{owner._meta.label}', '{field.name}', {source}, {target} "  # noqa: S608
                f"FROM {quote(field.m2m_db_table())} WHERE {source} {condition}"
            )
    return " UNION ALL ".join(parts), len(parts)


def _links(owners: tuple[type[models.Model], ...], chosen: str, values: Sequence[Any]) -> list[tuple]:
    statement, times = _links_statement(owners, chosen)
    if not times:
        return []
    with connection.cursor() as cursor:
        cursor.execute(f"{statement} ORDER BY 4", [*values] * times)
        return cursor.fetchall()


def links_of_plan(owners: tuple[type[models.Model], ...], plan_pk: Any) -> list[tuple[str, str, Any, Any]]:
    """All many-to-many links of a plan's records of some models, in one query: the model's label, the field's name, the
    record's primary key and that of what it is linked to, in the order of the latter."""
    return _links(owners, "IN (SELECT id FROM {table} WHERE plan_id = %s)", [plan_pk])


def current_links(model: type[models.Model], pks: Sequence[Any]) -> dict[Any, dict[str, list[int]]]:
    """For each record: its links now, by field name, sorted. One query for 500 records."""
    found: dict[Any, dict[str, list[int]]] = {pk: {field.name: [] for field in link_fields(model)} for pk in pks}
    for start in range(0, len(pks), 500):
        some = pks[start : start + 500]
        for _, name, pk, linked in _links((model,), f"IN ({', '.join(['%s'] * len(some))})", some):
            found[pk][name].append(linked)
    return found


def moved_links(said: Mapping[str, Iterable[int]], before: Mapping[str, Sequence[int]]) -> dict[str, list[int]]:
    """Of what is said of a record's links: those that are not what they were."""
    after = {name: sorted(set(pks)) for name, pks in said.items()}
    return {name: pks for name, pks in after.items() if pks != before[name]}


def add_links(model: type[models.Model], links: Mapping[int, Mapping[str, Sequence[int]]]) -> None:
    """Writes links by record and field, beside those that are there."""
    for field in link_fields(model):
        through = field.remote_field.through
        source, target = field.m2m_column_name(), field.m2m_reverse_name()
        pairs = [(pk, linked) for pk, named in links.items() for linked in named.get(field.name, ())]
        rows = [through(**{source: pk, target: linked}) for pk, linked in pairs]
        through._default_manager.bulk_create(rows, batch_size=500)


def replace_links(model: type[models.Model], links: Mapping[int, Mapping[str, Sequence[int]]]) -> None:
    """Writes links by record and field in the place of those that are there; fields that are not named keep theirs."""
    for field in link_fields(model):
        pks = [pk for pk, named in links.items() if field.name in named]
        for start in range(0, len(pks), 500):
            chosen = {f"{field.m2m_column_name()}__in": pks[start : start + 500]}
            field.remote_field.through._default_manager.filter(**chosen).delete()
    add_links(model, links)
