"""Reads the records of a fixture, which name each other by natural keys, into records that can be created together."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.apps import apps
from django.core.exceptions import ObjectDoesNotExist
from django.db import models

from lambeth_plans.history import Newcomer, Versioned, link_fields
from lambeth_plans.imports.workbook.sheets import IN_CREATION_ORDER

#: A record as Django's serializers write it: {"model": "objectives.plan", "fields": {…}}.
Printed = dict[str, Any]

ORDER = {sheet.model: number for number, sheet in enumerate(IN_CREATION_ORDER)}


class Unknown(LookupError):
    """A record names another one that is neither in the fixture nor in the database."""


def newcomers_of(records: Sequence[Printed]) -> list[Newcomer]:
    """The records, parents first, with their links resolved within the fixture or, where it lacks one, from the
    database (each asked for once). Raises Unknown."""
    reader = _Reader()
    printed = sorted(records, key=lambda record: ORDER[apps.get_model(record["model"])])
    found = [(reader.begin(record), record["fields"]) for record in printed]
    return [reader.finish(instance, fields) for instance, fields in found]


class _Reader:
    def __init__(self) -> None:
        self.known: dict[tuple[type[models.Model], tuple[str, ...]], models.Model] = {}

    def begin(self, record: Printed) -> Versioned:
        """The record with its own columns and those links that its natural key is made of."""
        model, fields = apps.get_model(record["model"]), record["fields"]
        instance = model()
        for field in _columns(model):
            if field.name in fields and not field.is_relation:
                setattr(instance, field.attname, field.to_python(fields[field.name]))
            elif fields.get(field.name) and not field.null:
                setattr(instance, field.name, self.found(field.related_model, fields[field.name]))
        self.known[model, tuple(map(str, instance.natural_key()))] = instance
        return instance

    def finish(self, instance: Versioned, fields: dict[str, Any]) -> Newcomer:
        model = type(instance)
        pointers = {
            field.name: self.found(field.related_model, fields[field.name])
            for field in _columns(model)
            if field.is_relation and fields.get(field.name)
        }
        links = {
            field.name: [self.found(field.related_model, key) for key in fields[field.name]]
            for field in link_fields(model)
            if field.name in fields
        }
        return Newcomer(instance, pointers, links)

    def found(self, model: type[models.Model], key: Sequence[Any]) -> models.Model:
        place = (model, tuple(map(str, key)))
        if place not in self.known:
            try:
                self.known[place] = model._default_manager.get_by_natural_key(*key)
            except ObjectDoesNotExist:
                raise Unknown(f"There is no {model._meta.verbose_name} {' / '.join(map(str, key))}.") from None
        return self.known[place]


def _columns(model: type[models.Model]) -> Iterable[models.Field]:
    return (field for field in model._meta.concrete_fields if not field.primary_key)


def is_there(record: Printed) -> bool:
    """Whether a council's record with the same natural key stands in the database; a part of a matrix where that does:
    a step that people took out does not come back."""
    names = {"accounts.council": ["slug"], "kpis.indicatorcode": ["council", "normalised"]}
    names |= {"objectives.boroughgoal": ["council", "edition", "key"], "objectives.plan": ["slug"]}
    fields = record["fields"]
    if "matrix" in fields:
        return is_there(
            {"model": "risks.riskmatrix", "fields": dict(zip(("council", "key"), fields["matrix"], strict=True))}
        )
    key = [fields[name] for name in names.get(record["model"], ["council", "key"])]
    flat = [part for value in key for part in (value if isinstance(value, list) else [value])]
    model = apps.get_model(record["model"])
    try:
        model._default_manager.get_by_natural_key(*flat)
    except model.DoesNotExist:
        return False
    return True
