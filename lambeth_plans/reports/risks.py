"""The risks of a plan on their matrix, beside it those that are not on it, and all of them as a table."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from lambeth_plans.cycles.parts import Part
from lambeth_plans.dashboards.facts import MatrixFact, RiskFact
from lambeth_plans.dashboards.lists import by_score
from lambeth_plans.reports.blocks import Block, Cell, Items, Line, Made, Row, Sheet, Table, words
from lambeth_plans.reports.source import Source, named, stated

COLUMNS = (
    ("Reference", 14),
    ("Title", 50),
    ("Score", 8),
    ("As printed", 14),
    ("Likelihood", 11),
    ("Impact", 8),
    ("Rating", 12),
    ("Scored on", 13),
    ("Why", 40),
    ("Before", 8),
    ("Movement", 20),
    ("Target score", 12),
    ("Target by", 16),
    ("Owner", 24),
    ("Review", 16),
)


def on_the_matrix(source: Source) -> Made:
    risks = by_score(source.state.risks)
    if not risks:
        return Made(sheets=(_sheet(risks),))
    return Made(tuple(_blocks(source, risks)), sheets=(_sheet(risks),))


def _blocks(source: Source, risks: Sequence[RiskFact]) -> Iterator[Block]:
    placed: dict[int, dict[tuple[int, int], list[RiskFact]]] = defaultdict(lambda: defaultdict(list))
    for risk in risks:
        if risk.is_on_the_map:
            placed[risk.current.matrix_id][risk.current.likelihood, risk.current.impact].append(risk)
    for matrix in source.state.risk_matrices:
        if matrix.id in placed:
            yield words(_key(matrix))
            yield _matrix(matrix, placed[matrix.id])
    escalated = [risk for risk in risks if risk.is_escalated]
    if escalated:
        rows = (f"{_name(risk)}: {risk.worse_running} periods running, now {risk.current.text}" for risk in escalated)
        yield Items("Worse period after period:", tuple(Row((Cell(text),)) for text in rows))
    totals = [risk for risk in risks if risk.current and not risk.is_on_the_map]
    if totals:
        lead = "Not on a matrix, because only the total of the score is stated:"
        yield Items(lead, tuple(Row((Cell(f"{_name(risk)}: {risk.current.text}"),)) for risk in totals))
    unscored = [risk for risk in risks if not risk.current]
    if unscored:
        yield Items("Not on a matrix, because no score is stated:", tuple(Row((Cell(_name(r)),)) for r in unscored))
    yield Table(
        "Risks, the highest score first",
        ("Risk", "Score", "Rating", "Movement", "Target", "Owner", "Review"),
        tuple(_row(source, risk) for risk in risks),
        (31, 7, 12, 13, 12, 13, 12),
        figures=frozenset({1}),
    )


def _name(risk: RiskFact) -> str:
    return named(risk.ref, risk.title).text


def _key(matrix: MatrixFact) -> str:
    """What the letters mean: "Each score is likelihood times impact. R (Red) from 15, A (Amber) from 8, …"."""
    bands = ", ".join(
        f"{each.rag.letter} ({each.rag.word}) from {each.lowest_score}" for each in reversed(matrix.bands)
    )
    means = f"{bands}." if bands else "No agreed bands say what a score means, so none has a rating."
    accepted = "" if matrix.appetite is None else f" Up to {matrix.appetite} is accepted."
    return f"{matrix.label}: a score is likelihood times impact. {means}{accepted}"


def _matrix(matrix: MatrixFact, placed: dict[tuple[int, int], list[RiskFact]]) -> Table:
    rows = []
    for likelihood in reversed(matrix.likelihood):
        cells = [Cell(str(likelihood))]
        for impact in matrix.impact:
            there = placed.get((likelihood.weight, impact.weight), ())
            names = ", ".join(risk.name for risk in there)
            cells.append(Cell(names, matrix.rag(likelihood.weight * impact.weight), is_small=True))
        rows.append(Row(tuple(cells)))
    columns = ("Likelihood ↓ Impact →", *map(str, matrix.impact))
    share = 80 // max(len(matrix.impact), 1)
    widths = (100 - share * len(matrix.impact), *([share] * len(matrix.impact)))
    return Table(f"Where the risks stand: {matrix.label}", columns, tuple(rows), widths)


def _row(source: Source, risk: RiskFact) -> Row:
    now = risk.current
    above = " The target is above the current score." if risk.is_target_above_current else ""
    name = named(risk.ref, f"{risk.title}{'.' if above else ''}{above}", source.url("risk_detail", risk.key))
    rating = Cell(rag=now.rag) if now and now.rag else Cell("no agreed matrix" if now else "", is_missing=True)
    return Row(
        (
            name,
            stated(now.text if now else ""),
            rating,
            stated(risk.moved_words),
            stated(_target(risk)),
            stated(risk.owner),
            stated(risk.review_date),
        )
    )


def _target(risk: RiskFact) -> str:
    """ "8 by March 2027"; empty where none is stated."""
    if risk.target is None:
        return ""
    return f"{risk.target.text} by {risk.target.due_date}" if risk.target.due_date else risk.target.text


def _sheet(risks: Sequence[RiskFact]) -> Sheet:
    return Sheet("Risks", Part.RISKS, COLUMNS, tuple(Line(_values(risk)) for risk in risks))


def _values(risk: RiskFact) -> tuple:
    now = risk.current
    scored = ("", "", "", "", "", "", "")
    if now:
        rating, day = now.rag.word if now.rag else "", now.scored_date.isoformat()
        scored = (now.score, now.text, _number(now.likelihood), _number(now.impact), rating, day, now.reason)
    before = risk.previous.score if risk.previous else ""
    target, by = (risk.target.score, str(risk.target.due_date or "")) if risk.target else ("", "")
    return (
        risk.ref,
        risk.title,
        *scored,
        before,
        str(risk.movement or ""),
        target,
        by,
        str(risk.owner or ""),
        str(risk.review_date or ""),
    )


def _number(weight: int | None) -> int | str:
    return "" if weight is None else weight
