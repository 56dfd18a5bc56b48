"""Rows of several models in one query: a page that shows a little of many registers asks once instead of once for each.

Each row comes as JSON and is a record of its model again, but without relations: those cost a query each, as ever.
"""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection, models
from django.db.models import CharField, F, IntegerField, QuerySet, Value
from django.db.models.base import ModelState
from django.db.models.functions import Cast, JSONArray


def read_together(*questions: QuerySet) -> list[list[Any]]:
    """The rows of each queryset, in no order. What a queryset is annotated with (texts and numbers) is an attribute of
    its rows; what it is sorted by or joined with is not asked for."""
    parts = [
        question.order_by()
        .select_related(None)
        .values_list(Value(place, output_field=IntegerField()), JSONArray(*_columns(question)))
        for place, question in enumerate(questions)
    ]
    found: list[list[Any]] = [[] for _ in questions]
    for place, row in parts[0].union(*parts[1:], all=True):
        found[place].append(row)
    return [_records(question, rows) for question, rows in zip(questions, found, strict=True)]


def _columns(question: QuerySet) -> list[Any]:
    """Decimals travel as text: JSON would make them floats."""
    fields = [
        Cast(field.attname, CharField()) if isinstance(field, models.DecimalField) else F(field.attname)
        for field in question.model._meta.concrete_fields
    ]
    return [*fields, *map(F, question.query.annotations)]


def _records(question: QuerySet, rows: list[list[Any]]) -> list[Any]:
    model = question.model
    fields = model._meta.concrete_fields
    attributes = [*(field.attname for field in fields), *question.query.annotations]
    readers = [(place, reader) for place, field in enumerate(fields) if (reader := _reader(field))]
    found = []
    for row in rows:
        for place, reader in readers:
            if row[place] is not None:
                row[place] = reader(row[place])
        # As Model.from_db, without what none of our models asks for (signals, descriptors, deferred columns), which
        # takes most of its time.
        record = model.__new__(model)
        record.__dict__.update(zip(attributes, row, strict=True))
        record._state = state = ModelState()
        state.adding, state.db = False, question.db
        found.append(record)
    return found


def _reader(field: models.Field) -> Callable[[Any], Any] | None:
    """Makes a field's value of a column as JSON gives it (a database without such types gives text or a number); None
    where that is the value."""
    if isinstance(field, models.JSONField):
        return lambda value: _decoded(value, field.decoder) if isinstance(value, str) else value
    if isinstance(field, models.DateTimeField):
        return _moment
    if isinstance(field, models.DateField):
        return date.fromisoformat
    if isinstance(field, models.DecimalField):
        return Decimal
    if isinstance(field, models.BooleanField):
        return bool
    if hasattr(field, "from_db_value"):
        return lambda value: field.from_db_value(value, None, connection)
    return None


def _decoded(text: str, decoder: type[json.JSONDecoder] | None) -> Any:
    return {} if text == "{}" else json.loads(text, cls=decoder)  # most records link nothing


def _moment(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)
