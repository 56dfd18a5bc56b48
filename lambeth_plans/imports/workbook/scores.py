"""Scores that a risk's matrix cannot give: refused with the row and the value, before anything is written."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from lambeth_plans.accounts.record_sheets import CellError
from lambeth_plans.imports.workbook.changes import RowChange
from lambeth_plans.imports.workbook.holdings import Holdings
from risks.models import Risk, RiskScore, RiskStep
from risks.scoring import Weights, refusal


def impossible_scores(changes: Sequence[RowChange], holdings: Holdings) -> Iterator[tuple[RowChange, CellError]]:
    """Each new or changed score that is none of its matrix, with what is wrong. A total alone that names no matrix is
    held against that of its risk. What the file itself says of steps and risks counts as it says it. No query."""
    scores = [change for change in changes if change.sheet.model is RiskScore]
    if not scores:
        return
    weights, matrices = _weights(changes, holdings), _matrices(changes, holdings)
    for change in scores:
        values = change.values
        matrix = values["matrix"] or matrices.get(values["risk"], "")
        if matrix not in weights or not isinstance(values["score"], int):
            continue  # that there is no such matrix, or no score, is told of its cell
        likelihood, impact = (values[name] if values["matrix"] else None for name in ("likelihood", "impact"))
        if likelihood and impact and values["score"] != likelihood * impact:
            continue  # told by the constraint
        if said := refusal(weights[matrix], score=values["score"], likelihood=likelihood, impact=impact):
            yield change, CellError(change.number, "score", str(values["score"]), said)


def _matrices(changes: Sequence[RowChange], holdings: Holdings) -> dict[str, str]:
    """Risk → its matrix, by the names that sheets use."""
    held = holdings.by_model[Risk]
    found = {holdings.names[Risk][pk]: holdings.values_of(held, pk)["matrix"] for pk in held.records}
    for change in changes:
        if change.sheet.model is Risk:
            found[change.sheet.name_of(change.sheet.identity_of(change.values))] = change.values["matrix"]
    return found


def _weights(changes: Sequence[RowChange], holdings: Holdings) -> dict[str, Weights]:
    found: dict[str, dict[str, set[int]]] = defaultdict(lambda: {axis: set() for axis in RiskStep.Axis.values})
    held = holdings.by_model[RiskStep]
    rows = [holdings.values_of(held, pk) for pk in held.records]
    rows += [change.values for change in changes if change.sheet.model is RiskStep]
    for values in rows:
        found[values["matrix"]][values["axis"]].add(values["weight"])
    return {
        matrix: Weights(**{axis: tuple(sorted(weights)) for axis, weights in axes.items()})
        for matrix, axes in found.items()
    }
