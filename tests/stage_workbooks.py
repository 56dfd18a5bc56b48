"""The plan workbooks of a stage: one that waits to be confirmed, and one that was refused."""

from dataclasses import asdict
from typing import Any

from lambeth_plans.imports.models import ImportBatch
from lambeth_plans.spreadsheets import Problem
from tests import factories


def _of_administrator(stage: Any, words: str) -> dict[str, object]:
    person = stage.people["administrator"]
    return {"council": stage.council, "kind": "plan", "made_by": person, "file_name": f"plan{words}.xlsx"}


def waiting_workbook(stage: Any, number: int, words: str) -> ImportBatch:
    """It gives the stage's first objective another title."""
    objective = stage.records["objective"]
    cells = {"title": [objective.title, f"Another title {number}{words}"]}
    row = {"sheet": "Objectives", "row": 2, "label": objective.key, "action": "changed", "cells": cells}
    counts = {"title": "Objectives", "new": 0, "changed": 1, "unchanged": 0, "staying": 1}
    return factories.ImportBatchFactory(
        **_of_administrator(stage, words),
        changed_count=1,
        rows={
            "council": stage.council.slug,
            "plan": stage.plan.slug,
            "sheets": [counts],
            "rows": [{**row, "pk": objective.pk, "version": objective.version}],
        },
    )


def refused_workbook(stage: Any, words: str) -> ImportBatch:
    errors = [asdict(Problem(f"No workbook.{words}"))]
    return factories.ImportBatchFactory(
        **_of_administrator(stage, words), state="refused", errors=errors, error_count=1, marked=b"The file, marked."
    )
