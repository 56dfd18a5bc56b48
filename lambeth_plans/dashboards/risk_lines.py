"""The lines of a plan's risk register: each risk with what is done about it and what stands out; their filter, their
order, and their map."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.urls import reverse

from lambeth_plans.charts import AxisStep, Figure, HeatMap, LineChart, Mapped, heat_map, line_chart
from lambeth_plans.dashboards.facts import AnswerFact, MatrixFact, RiskFact, ScoreFact
from lambeth_plans.dashboards.filters import COLOURS, NOT_COLOURED, NOT_STATED, Option, RegisterFilter
from lambeth_plans.dashboards.parts.spine import natural_order
from lambeth_plans.dashboards.state import PlanState
from lambeth_plans.rag import Rag
from risks.scoring import Movement

ABOVE: Option = ("above", "Target above current")
#: What may stand out of a risk, the most pressing first: the word in the address, the words on screen, and when.
CHECKS: tuple[tuple[str, str, Callable[["RiskLine"], bool]], ...] = (
    ("escalated", "Worse period after period", lambda line: line.risk.is_escalated),
    ("unanswered", "Red without open mitigation", lambda line: line.is_unanswered),
    ("above", "Target above current", lambda line: line.risk.is_target_above_current),
    ("late-target", "Target date has passed", lambda line: line.risk.is_target_late),
    ("review", "Review overdue", lambda line: line.risk.is_review_overdue),
    ("action", "An action is late or Red", lambda line: any(each.is_worrying for each in line.answers)),
    ("appetite", "Above what is accepted", lambda line: line.risk.is_above_appetite),
    ("off-the-map", "Not on the map", lambda line: not line.risk.is_on_the_map),
)


@dataclass(frozen=True)
class RiskLine:
    risk: RiskFact
    answers: tuple[AnswerFact, ...]

    @property
    def is_unanswered(self) -> bool:
        """Whether it is Red, and nothing is being done any more or yet."""
        rag = self.risk.current.rag if self.risk.current else None
        return rag is Rag.RED and not any(answer.is_open for answer in self.answers)

    @property
    def standing_out(self) -> list[Option]:
        return [(name, words) for name, words, holds in CHECKS if holds(self)]

    @property
    def signs(self) -> list[str]:
        """What stands out, in words, but for what the map says already."""
        escalated = f"Worse {self.risk.worse_running} periods running"
        named = {"escalated": escalated}
        return [named.get(name, words) for name, words in self.standing_out if name != "off-the-map"]


def risk_lines(state: PlanState) -> list[RiskLine]:
    """The risks, what keeps them down, and two queries where an activity does."""
    return [RiskLine(risk, state.answers.get(risk.id, ())) for risk in state.risks]


def _score(line: RiskLine) -> tuple:
    return (-line.risk.current.score if line.risk.current else 0, natural_order(line.risk.key))


def _movement(line: RiskLine) -> tuple:
    """What got worse by most first, then what did not move, then what got better; what has no score last."""
    risk = line.risk
    comparable = risk.movement in (Movement.WORSE, Movement.BETTER, Movement.SAME)
    moved = risk.previous.score - risk.current.score if comparable else 0
    return risk.movement is None, moved, *_score(line)


def _owner(line: RiskLine) -> tuple:
    return line.risk.owner is None, str(line.risk.owner or "").casefold(), *_score(line)


def _review(line: RiskLine) -> tuple:
    day = line.risk.review_date
    return day is None, day.latest if day else date.max, *_score(line)


#: By the word in the address; the first is the order where none is chosen.
ORDERS: dict[str, tuple[str, Callable[[RiskLine], tuple]]] = {
    "": ("The highest score first", _score),
    "movement": ("What got worse first", _movement),
    "owner": ("By owner", _owner),
    "review": ("The next review first", _review),
    "ref": ("By reference", lambda line: (natural_order(line.risk.key),)),
}


def _choice(label: str) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False)


class RiskFilter(RegisterFilter):
    """Over the lines of the register; `sort` orders what is left, and `cell` ("4x3") is a square of the map of a
    `matrix`, or without that of every map."""

    rag = _choice("Rating")
    movement = _choice("Movement")
    check = _choice("What stands out")
    target = _choice("Target score")
    owner = _choice("Owner")
    cell = forms.CharField(required=False, max_length=9, widget=forms.HiddenInput)
    matrix = forms.CharField(required=False, max_length=100, widget=forms.HiddenInput)
    sort = forms.ChoiceField(
        label="Order", required=False, choices=[(name, words) for name, (words, _) in ORDERS.items()]
    )

    field_order = ("text", "rag", "movement", "check", "target", "owner", "sort", "cell", "matrix")
    options_of = {
        "rag": lambda line: _rating(line.risk.current),
        "movement": lambda line: [_moved(line.risk.movement)],
        "check": lambda line: line.standing_out,
        "target": lambda line: _target(line.risk),
        "owner": lambda line: [(line.risk.owner.key, str(line.risk.owner))] if line.risk.owner else [NOT_STATED],
    }
    fixed = {
        "rag": COLOURS,
        "movement": [*((each.name.lower(), str(each).capitalize()) for each in Movement), NOT_STATED],
        "check": [(name, words) for name, words, _ in CHECKS],
        "target": (ABOVE, ("stated", "Stated"), NOT_STATED),
    }

    def words_of(self, row: RiskLine) -> str:
        risk = row.risk
        return f"{risk.ref} {risk.title} {risk.cause} {risk.event} {risk.effect}"

    def in_order(self) -> list[RiskLine]:
        """The lines that fit every choice, in the chosen order."""
        lines = self.narrowed()
        cleaned = getattr(self, "cleaned_data", {})
        if cell := cleaned.get("cell"):
            lines = [line for line in lines if line.risk.is_on_the_map and cell_of(line.risk.current) == cell]
        if matrix := cleaned.get("matrix"):
            lines = [line for line in lines if line.risk.current and line.risk.current.matrix_key == matrix]
        return sorted(lines, key=ORDERS.get(cleaned.get("sort", ""), ORDERS[""])[1])


def _rating(score: ScoreFact | None) -> list[Option]:
    return [(score.rag.value, score.rag.word)] if score and score.rag else [NOT_COLOURED]


def _moved(movement: Movement | None) -> Option:
    return (movement.name.lower(), str(movement).capitalize()) if movement else NOT_STATED


def _target(risk: RiskFact) -> list[Option]:
    if risk.target is None:
        return [NOT_STATED]
    return [("stated", "Stated"), *([ABOVE] if risk.is_target_above_current else [])]


def cell_of(score: ScoreFact) -> str:
    """A square of the map as addresses write it: "4x3"."""
    return f"{score.likelihood}x{score.impact}"


# The map


def risk_maps(state: PlanState) -> list[HeatMap]:
    """A map for each matrix on which a current score stands with likelihood and impact. Matrices: three queries."""
    mapped = [risk for risk in state.risks if risk.is_on_the_map]
    if not mapped:
        return []
    return [
        _map(state, matrix, placed)
        for matrix in state.risk_matrices
        if (placed := [risk for risk in mapped if risk.current.matrix_id == matrix.id])
    ]


def _map(state: PlanState, matrix: MatrixFact, risks: Sequence[RiskFact]) -> HeatMap:
    here = reverse("risk_list", args=[state.plan.slug])
    ordered = sorted(risks, key=lambda risk: (-risk.current.score, natural_order(risk.key)))
    return heat_map(
        title=f"Where the risks stand: {matrix.label}",
        source=f"scores of {state.plan.title} on {matrix.label}",
        likelihoods=[AxisStep(step.weight, str(step)) for step in matrix.likelihood],
        impacts=[AxisStep(step.weight, str(step)) for step in matrix.impact],
        risks=[_mapped(state, matrix, risk) for risk in ordered],
        rag_of=matrix.rag,
        url_of=lambda likelihood, impact: f"{here}?cell={likelihood}x{impact}&matrix={matrix.key}",
        appetite=matrix.appetite,
        key_words=band_words(matrix),
    )


def band_words(matrix: MatrixFact) -> str:
    """What the letters mean: "R: Red (High) from 16"; for a matrix that nobody has agreed, why it has none."""
    if not matrix.bands:
        return "No agreed bands say what a score means, so none has a colour"
    return "; ".join(
        f"{band.rag.letter}: {band.rag.word}{f' ({band.name})' if band.name else ''} from {band.lowest_score}"
        for band in reversed(matrix.bands)
    )


def _mapped(state: PlanState, matrix: MatrixFact, risk: RiskFact) -> Mapped:
    target = risk.target
    on_it = target and target.likelihood and target.matrix_id == matrix.id
    by = f" by {target.due_date}" if target and target.due_date else ""
    return Mapped(
        name=risk.name,
        title=risk.title,
        url=reverse("risk_detail", args=[state.plan.slug, risk.key]),
        at=(risk.current.likelihood, risk.current.impact),
        arrow=risk.movement.arrow,
        moved=risk.moved_words,
        target=(target.likelihood, target.impact) if on_it else None,
        target_text=f"{target.text}{by}" if target else "",
    )


# The course of one risk


def score_charts(state: PlanState, risk: RiskFact) -> list[tuple[str, LineChart]]:
    """The course of the current score, matrix by matrix (scores on different ones are not compared), each with the
    name of its matrix; empty where there are fewer than two scores."""
    scores = [score for score in risk.scores if score.kind == "current"]
    if len(scores) < 2:
        return []
    names = {matrix.id: matrix.label for matrix in state.risk_matrices} if any(s.matrix_id for s in scores) else {}
    found = []
    for matrix in dict.fromkeys(score.matrix_id for score in scores):
        own = [score for score in scores if score.matrix_id == matrix]
        label = names.get(matrix, "no matrix is named")
        chart = line_chart(
            title=f"Score over time ({label})",
            source=f"scores of {risk.name}",
            figures=[_figure(score, _target_then(risk.scores, score)) for score in own],
            heading="Score",
        )
        found.append((label, chart))
    return found


def _target_then(scores: Iterable[ScoreFact], now: ScoreFact) -> ScoreFact | None:
    """The target that held when something was scored, on the same matrix."""
    held = [
        score
        for score in scores
        if score.kind == "target" and score.scored_date <= now.scored_date and score.matrix_id == now.matrix_id
    ]
    return held[-1] if held else None


def _figure(score: ScoreFact, target: ScoreFact | None) -> Figure:
    day = f"{score.scored_date.day} {score.scored_date:%b %Y}"
    return Figure(day, Decimal(score.score), Decimal(target.score) if target else None)


def exceptions(lines: Iterable[RiskLine]) -> list[RiskLine]:
    """What got worse period after period, the longest first."""
    return sorted(
        (line for line in lines if line.risk.is_escalated), key=lambda line: (-line.risk.worse_running, *_score(line))
    )


def counted(lines: Sequence[RiskLine]) -> list[tuple[str, str, int]]:
    """How many risks stand out for each reason: word, words, number; only where there are any."""
    numbers: list[tuple[str, str, Any]] = [(name, words, sum(map(holds, lines))) for name, words, holds in CHECKS]
    return [each for each in numbers if each[2]]
