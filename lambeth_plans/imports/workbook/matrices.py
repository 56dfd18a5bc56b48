"""What a workbook does to matrices that a council has agreed: `risks.matrix_actions` judges, here its rows are read."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import models

from lambeth_plans.accounts.record_sheets import Values
from lambeth_plans.imports.workbook.changes import RowChange
from lambeth_plans.imports.workbook.holdings import Holdings
from lambeth_plans.imports.workbook.sheets import BY_MODEL
from lambeth_plans.rag import Standing
from risks.matrix_actions import Layout, is_agreed_no_more, layout_from
from risks.models import RiskBand, RiskMatrix, RiskStep
from risks.models.matrix import AGREEMENT

#: What the rows of some sheets say.
Told = Mapping[type[models.Model], Iterable[Values]]
PARTS = (RiskMatrix, RiskStep, RiskBand)


def saying_otherwise(told: Told, holdings: Holdings) -> list[int]:
    """The matrices that are agreed, by primary key, and say something else of scores after an import. No query."""
    held = holdings.by_model[RiskMatrix]
    was, now = _layouts({}, holdings), _layouts(told, holdings)
    appetites = {values["key"]: values["appetite"] for values in told.get(RiskMatrix, ())}
    found = []
    for pk, matrix in held.records.items():
        key = holdings.names[RiskMatrix][pk]
        appetite = appetites.get(key, matrix.appetite)
        if is_agreed_no_more(matrix, was=was[key], now=now[key], appetite=appetite):
            found.append(pk)
    return found


def _layouts(told: Told, holdings: Holdings) -> dict[str, Layout]:
    """The steps and bands of each held matrix, with what some rows say of them."""
    parts: dict[type[models.Model], dict[tuple[Any, ...], Values]] = {}
    for model in (RiskStep, RiskBand):
        held, sheet = holdings.by_model[model], BY_MODEL[model]
        rows = [*(holdings.values_of(held, pk) for pk in held.records), *told.get(model, ())]
        parts[model] = {sheet.identity_of(values): values for values in rows}
    return {
        key: layout_from(
            *([values for values in parts[model].values() if values["matrix"] == key] for model in (RiskStep, RiskBand))
        )
        for key in holdings.names[RiskMatrix].values()
    }


def settled(matrices: Sequence[int]) -> set[int]:
    """Those of some agreed matrices that something stands on: what a file says of them is refused beside its cells.
    One query, where there are any."""
    return set(RiskMatrix.objects.filter(pk__in=matrices).in_use().values_list("pk", flat=True)) if matrices else set()


def fallen_back(values: Values) -> Values:
    """What the cells of a matrix say once it is agreed no more."""
    matrix = RiskMatrix()
    matrix.fall_back()
    return {**values, **{name: getattr(matrix, name) for name in AGREEMENT}}


def agreements(told: Told, holdings: Holdings) -> tuple[dict[str, Values], list[str]]:
    """What an import makes of the agreement of matrices, by key, with a sentence on each: one that says something else
    is assumed, and none that is assumed is agreed by a file, which says neither by whom nor whether it is complete."""
    held = holdings.by_model[RiskMatrix]
    otherwise = saying_otherwise(told, holdings)
    otherwise = [pk for pk in otherwise if pk not in settled(otherwise)]
    said = {values["key"]: values for values in told.get(RiskMatrix, ())}
    found, notes = {}, []
    for pk, matrix in held.records.items():
        key = holdings.names[RiskMatrix][pk]
        old = holdings.values_of(held, pk)
        values = said.get(key, old)
        if pk in otherwise:
            found[key] = fallen_back(values)
            notes.append(
                f"{matrix.label} was agreed as it is now. With other steps, bands or another appetite it is assumed, "
                "and colours nothing, until it is agreed again."
            )
        elif not matrix.is_agreed and values["standing"] != Standing.ASSUMED.value:
            found[key] = {**values, **{name: old[name] for name in AGREEMENT}}
            notes.append(
                f"No file agrees a matrix: {matrix.label} stays assumed. Its set-up page asks by whom it is agreed."
            )
        elif matrix.is_agreed and values["standing"] == Standing.ASSUMED.value:
            found[key] = fallen_back(values)
    return found, notes


def agreed_since(changes: Sequence[RowChange], holdings: Holdings) -> bool:
    """Whether, since the preview, a matrix that these rows change was agreed or put in use. One query at most."""
    told = {model: [change.values for change in changes if change.sheet.model is model] for model in PARTS}
    otherwise = saying_otherwise(told, holdings)
    falling = {change.pk for change in changes if change.sheet.model is RiskMatrix and is_falling_back(change)}
    return bool(set(otherwise) - falling or settled(otherwise))


def is_falling_back(change: RowChange) -> bool:
    """Whether a row of a matrix says that it is assumed from now on."""
    return change.changed.get("standing") == Standing.ASSUMED.value
