"""The registers of a stage: two that wait to be confirmed, one that was refused, one that was applied; a plan's
workbook that was applied; and the columns of a sheet that are remembered."""

from dataclasses import asdict
from typing import Any

from django.utils import timezone

from finance.models import Supplier
from lambeth_plans import history
from lambeth_plans.imports.models import ImportBatch
from lambeth_plans.spreadsheets import Problem
from tests import factories


def set_registers(stage: Any, times: int, words: str) -> list[ImportBatch]:
    """Answers with those that wait: the analyst's, and the other analyst's."""
    errors = [asdict(Problem(f"No register.{words}", row=2))]
    stage.records["misread"] = _register(
        stage, "analyst", words, state="refused", errors=errors, error_count=1, marked=b"The file, marked."
    )
    stage.records["registered"] = _applied(stage, "analyst", words, kind="register", register="contracts")
    stage.records["brought"] = _applied(stage, "administrator", words, kind="plan")
    stage.records["mapping"] = factories.ColumnMappingFactory(council=stage.council, sheet=f"June{words}"[:100])
    people = ["analyst", "other_analyst"] * times
    return [_waiting(stage, person, f"{number}{words}") for number, person in enumerate(people)]


def _register(stage: Any, person: str, words: str, **fields: Any) -> ImportBatch:
    return factories.ImportBatchFactory(
        council=stage.council,
        plan=stage.plan,
        kind="register",
        register="contracts",
        made_by=stage.people[person],
        file_name=f"contracts{words}.csv",
        **fields,
    )


def _waiting(stage: Any, person: str, words: str) -> ImportBatch:
    """It gives the stage's first contract another note."""
    contract = stage.records["contract"]
    cells = {"note": [contract.note, f"Another note {words}"]}
    row = {"sheet": "Contracts", "row": 2, "label": contract.title, "action": "changed", "cells": cells}
    counts = {"title": "Contracts", "new": 0, "changed": 1, "unchanged": 0, "staying": 1}
    rows = {
        "council": stage.council.slug,
        "plan": stage.plan.slug,
        "measures": [],
        "sheets": [counts],
        "rows": [{**row, "pk": contract.pk, "version": contract.version}],
    }
    return _register(stage, person, words, changed_count=1, rows=rows)


def _applied(stage: Any, person: str, words: str, **fields: Any) -> ImportBatch:
    """It brought a supplier."""
    batch = factories.ImportBatchFactory(
        council=stage.council,
        made_by=stage.people[person],
        file_name=f"applied{words}.csv",
        state="applied",
        applied_at=timezone.now(),
        new_count=1,
        **fields,
    )
    supplier = Supplier(council=stage.council, key=f"of-{batch.number}", name=f"Supplier by {fields['kind']}{words}")
    history.save(supplier, by=stage.people[person], batch=batch.number)
    return batch
