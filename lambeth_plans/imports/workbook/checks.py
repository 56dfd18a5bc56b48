"""What no single cell shows: rules of a whole record, of several together, and values that two may not share."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from copy import copy
from dataclasses import replace
from functools import reduce
from operator import and_
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import DEFAULT_DB_ALIAS, DatabaseError, models, transaction
from django.db.models import Expression, Value
from django.db.models.functions import Coalesce
from django.db.models.sql import Query
from django.db.models.sql.constants import SINGLE

from finance import sheet_rules
from lambeth_plans.accounts.record_sheets import CellError, RecordSheet, Values
from lambeth_plans.imports.workbook.changes import RowChange
from lambeth_plans.imports.workbook.holdings import Holdings

#: How many records are asked about in one query.
AT_ONCE = 100


def judged(changes: Sequence[RowChange], holdings: Holdings) -> Iterator[tuple[RowChange, list[CellError]]]:
    """Changes of one sheet, each with what the record itself makes of it (a contract whose end moves is no longer said
    to be in use), and what the model and the database's constraints say against it, in the words of each constraint.

    Links are checked elsewhere; here a record that is not there yet is stood in for by a number of its own.
    """
    for start in range(0, len(changes), AT_ONCE):
        together = [_cleaned(change, holdings) for change in changes[start : start + AT_ONCE]]
        broken = iter(_broken([(change, record) for change, record, _ in together]))
        for (change, _, errors), further in zip(together, broken, strict=True):
            told = {error.message for error in errors}
            yield change, errors + [error for error in further if error.message not in told]


def _cleaned(change: RowChange, holdings: Holdings) -> tuple[RowChange, models.Model, list[CellError]]:
    record = _stand_in(change, holdings)
    own = [name for name, column in change.sheet.fields.items() if not column.links_to]
    before = {name: getattr(record, name) for name in own}
    errors = []
    try:
        record.clean()
    except ValidationError as error:
        errors += _told(change, error)
    further = {name: getattr(record, name) for name in own if getattr(record, name) != before[name]}
    return replace(change, values={**change.values, **further}), record, errors


def _broken(together: Sequence[tuple[RowChange, models.Model]]) -> list[list[CellError]]:
    """What the constraints say against each record. Which one is broken is asked only where one is."""
    checks = _checks(type(together[0][1]))
    asked = [number for number, (change, _) in enumerate(together) if checks and not _links_alone(change)]
    hold = dict(zip(asked, _hold(checks, [together[number][1] for number in asked]), strict=True))
    return [
        [] if hold.get(number, True) else list(_violations(checks, change, record))
        for number, (change, record) in enumerate(together)
    ]


def _links_alone(change: RowChange) -> bool:
    """Whether only links are changed: no constraint is about them."""
    return bool(change.pk) and all(change.sheet.fields[name].is_many for name in change.changed)


def _violations(
    checks: Sequence[models.CheckConstraint], change: RowChange, record: models.Model
) -> Iterator[CellError]:
    for constraint in checks:
        try:
            constraint.validate(type(record), record)
        except ValidationError as error:
            yield from _told(change, error)


def _checks(model: type[models.Model]) -> list[models.CheckConstraint]:
    return [each for each in model._meta.constraints if isinstance(each, models.CheckConstraint)]


def _hold(checks: Sequence[models.CheckConstraint], records: Sequence[models.Model]) -> list[bool]:
    """Whether all constraints hold for each record: one query for all of them, as `Q.check` asks it for one. Where the
    database cannot answer that, they are asked one by one."""
    if not records:
        return []
    everything = reduce(and_, (each.condition for each in checks))
    question = Query(None)
    for number, record in enumerate(records):
        question.add_annotation(_asked(everything, record), f"row_{number}")
    try:
        with transaction.atomic():
            return [bool(answer) for answer in question.get_compiler(using=DEFAULT_DB_ALIAS).execute_sql(SINGLE)]
    except DatabaseError:
        return [everything.check(record._get_field_expression_map(meta=record._meta)) for record in records]


def _asked(condition: models.Q, record: models.Model) -> Expression:
    """Whether a condition holds for a record, or cannot be told, with its values in the place of its fields."""
    values = Query(None)
    for name, value in record._get_field_expression_map(meta=record._meta).items():
        values.add_annotation(value if hasattr(value, "resolve_expression") else Value(value), name, select=False)
    return Coalesce(condition, True, output_field=models.BooleanField()).resolve_expression(values)


def _stand_in(change: RowChange, holdings: Holdings) -> models.Model:
    sheet = change.sheet
    held = holdings.by_model[sheet.model]
    record = copy(held.records[change.pk]) if change.pk else sheet.model()
    record._state = copy(record._state)
    record._state.fields_cache = {}
    sheet.fill(record, change.values)
    for name, column in sheet.fields.items():
        if column.links_to and not column.is_many:
            value = change.values[name]
            setattr(record, f"{name}_id", _number(holdings, column.links_to, value) if value else None)
    for name in ("plan", "council"):  # what a workbook says once
        if hasattr(record, f"{name}_id"):
            setattr(record, f"{name}_id", None)
    return record


def _number(holdings: Holdings, model: type[models.Model], name: str) -> int:
    """The primary key of a record by its name; of one that is not there yet, a number that nothing else has."""
    found = holdings.pk_of(model, name)
    return found if found is not None else -1 - (hash((model, name)) % 1_000_000_000)


def _told(change: RowChange, error: ValidationError) -> Iterator[CellError]:
    by_field = error.message_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.messages}
    for name, messages in by_field.items():
        column = name if name in change.sheet.fields else ""
        for message in messages:
            value = change.sheet.fields[column].widget.render(change.values[column]) if column else ""
            yield CellError(change.number, column, str(value), message)


def shared_values(
    sheet: type[RecordSheet], rows: Iterable[tuple[int, Values]], holdings: Holdings
) -> Iterator[CellError]:
    """Rows that share what only one record may have: a measure has one place in a plan, whatever its rows' keys."""
    held = holdings.by_model[sheet.model]
    for constraint in sheet.model._meta.constraints:
        fields = getattr(constraint, "fields", ())
        columns = [name for name in fields if name in sheet.fields]
        if not columns or set(columns) == set(sheet.identity) or any(name.startswith("period_") for name in fields):
            continue
        by_value: dict[tuple[Any, ...], list[tuple[int, str]]] = defaultdict(list)
        identities = set()
        for number, values in rows:
            identities.add(sheet.identity_of(values))
            by_value[tuple(values[name] for name in columns)].append((number, sheet.label_of(values)))
        for pk, identity in held.identities.items():
            if identity not in identities:
                values = holdings.values_of(held, pk)
                by_value[tuple(values[name] for name in columns)].append((0, sheet.label_of(values)))
        for value, sharing in by_value.items():
            if len(sharing) > 1:
                labels = " and ".join(label for _, label in sharing)
                for number, _ in sharing:
                    if number:
                        text = ", ".join(map(str, value))
                        message = f"{labels} have the same {sheet.fields[columns[-1]].column_name}. Only one may."
                        yield CellError(number, columns[-1], text, message)


def errors_together(changes: Sequence[RowChange], holdings: Holdings) -> Iterator[tuple[RowChange, CellError]]:
    """What records of several sheets could not say together after these changes, told of the first changed row that is
    concerned. What disagreed before, and is not touched, is no matter of the import."""
    changed = {(change.sheet, change.sheet.identity_of(change.values)): change for change in changes}
    by_model = defaultdict(dict)
    for change in changes:
        by_model[change.sheet.model][change.pk or -1 - len(by_model[change.sheet.model])] = change.values

    def told(sheet: type[RecordSheet]) -> Iterator[Values]:
        held = holdings.by_model[sheet.model]
        for pk in held.records:
            if pk not in by_model[sheet.model]:
                yield holdings.values_of(held, pk)
        yield from by_model[sheet.model].values()

    sheets = {change.sheet for change in changes}
    for rule in (rule for rule, concerned in sheet_rules.RULES if concerned & sheets):
        for disagreement in rule(told):
            for sheet, identity, column in disagreement.places:
                if change := changed.get((sheet, identity)):
                    value = sheet.fields[column].widget.render(change.values[column])
                    yield change, CellError(change.number, column, str(value), disagreement.message)
                    break
