"""Rows of several models in one query: a page that shows a little of many registers asks once instead of once for each.

Each row comes as JSON and is a record of its model again, but without relations: those cost a query each, as ever.
"""

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from django.db import connection, models
from django.db.models import CharField, F, IntegerField, QuerySet, Value
from django.db.models.functions import Cast, JSONObject


def read_together(*questions: QuerySet) -> list[list[Any]]:
    """The rows of each queryset, in no order. What a queryset is annotated with (texts and numbers) is an attribute of
    its rows; what it is sorted by or joined with is not asked for."""
    parts = [
        question.order_by()
        .select_related(None)
        .values_list(Value(place, output_field=IntegerField()), JSONObject(**_columns(question)))
        for place, question in enumerate(questions)
    ]
    found: list[list[Any]] = [[] for _ in questions]
    for place, row in parts[0].union(*parts[1:], all=True):
        found[place].append(_record(questions[place].model, row))
    return found


def _columns(question: QuerySet) -> dict[str, Any]:
    """Decimals travel as text: JSON would make them floats."""
    fields = {
        field.attname: Cast(field.attname, CharField()) if isinstance(field, models.DecimalField) else F(field.attname)
        for field in question.model._meta.concrete_fields
    }
    return fields | {name: F(name) for name in question.query.annotations}


def _record(model: type[models.Model], row: dict[str, Any]) -> Any:
    fields = model._meta.concrete_fields
    record = model(**{field.attname: _value(field, row.pop(field.attname)) for field in fields})
    record._state.adding = False
    for name, value in row.items():
        setattr(record, name, value)
    return record


def _value(field: models.Field, value: Any) -> Any:
    """A column's value as the database gives it in JSON (a database without such types gives text), as the field's."""
    if value is None:
        return None
    if isinstance(field, models.JSONField):
        return json.loads(value, cls=field.decoder) if isinstance(value, str) else value
    if isinstance(field, models.DateTimeField):
        moment = datetime.fromisoformat(value)
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    if isinstance(field, models.DecimalField):
        return Decimal(value)
    if hasattr(field, "from_db_value"):
        return field.from_db_value(value, None, connection)
    return field.to_python(value)
