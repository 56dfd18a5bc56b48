"""A heat map of risks: which of them stand where likelihood meets impact, how they got there, and where they should be.

A grid of links and no picture: a table is what keyboards and screen readers can walk, and its text grows with the page.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from lambeth_plans.charts.geometry import NOT_STATED, Chart
from lambeth_plans.rag import Rag

#: So many names stand in a cell; then only their number does, which leads to the list.
MOST_NAMES = 4

Point = tuple[int, int]  # likelihood, impact


@dataclass(frozen=True)
class AxisStep:
    """A step of likelihood or impact; `text` is its weight with its words."""

    weight: int
    text: str

    @property
    def words(self) -> str:
        """What stands behind the weight: a phone has no room for it."""
        return self.text.removeprefix(str(self.weight)).strip()


@dataclass(frozen=True)
class Mapped:
    """A risk to place. `arrow` shows how its score moved and `moved` says it; `target` is where it should be."""

    name: str
    title: str
    url: str
    at: Point
    arrow: str = ""
    moved: str = ""
    target: Point | None = None
    target_text: str = ""


@dataclass(frozen=True)
class Square:
    """A cell: the product of its steps, its rating if one is agreed, the risks there now, and those that should be.

    Where there are too many, `current` or `targets` is empty; their numbers are always there.
    """

    score: int
    rag: Rag | None
    is_accepted: bool
    current: tuple[Mapped, ...]
    targets: tuple[Mapped, ...]
    current_count: int
    target_count: int
    url: str


@dataclass(frozen=True, kw_only=True)
class HeatMap(Chart):
    """`grid` has a row for each likelihood, the highest first, with a square for each impact, the lowest first."""

    template_name: ClassVar[str] = "components/charts/heat_map.html"
    impacts: tuple[AxisStep, ...]
    grid: tuple[tuple[AxisStep, tuple[Square, ...]], ...]
    key_words: str
    has_appetite: bool


def heat_map(
    *,
    title: str,
    source: str,
    likelihoods: Sequence[AxisStep],
    impacts: Sequence[AxisStep],
    risks: Sequence[Mapped],
    rag_of: Callable[[int], Rag | None],
    url_of: Callable[[int, int], str],
    appetite: int | None = None,
    key_words: str = "",
) -> HeatMap:
    """Steps in any order. `url_of(likelihood, impact)` is the list of the risks of one square; `appetite` the highest
    score that is accepted."""
    likelihoods, impacts = (sorted(steps, key=lambda step: step.weight) for steps in (likelihoods, impacts))
    now: dict[Point, list[Mapped]] = defaultdict(list)
    wanted: dict[Point, list[Mapped]] = defaultdict(list)
    for risk in risks:
        now[risk.at].append(risk)
        if risk.target and risk.target != risk.at:
            wanted[risk.target].append(risk)

    def square(likelihood: AxisStep, impact: AxisStep) -> Square:
        at = (likelihood.weight, impact.weight)
        score = likelihood.weight * impact.weight
        return Square(
            score=score,
            rag=rag_of(score),
            is_accepted=appetite is not None and score <= appetite,
            current=tuple(now[at]) if len(now[at]) <= MOST_NAMES else (),
            targets=tuple(wanted[at]) if len(wanted[at]) <= MOST_NAMES else (),
            current_count=len(now[at]),
            target_count=len(wanted[at]),
            url=url_of(*at),
        )

    words = {axis: {step.weight: step.text for step in steps} for axis, steps in ((0, likelihoods), (1, impacts))}
    return HeatMap(
        title=title,
        source=source,
        description=_description(risks),
        columns=("Risk", "Likelihood", "Impact", "Score", "Movement", "Target"),
        rows=tuple(
            (
                f"{risk.name} {risk.title}" if risk.name != risk.title else risk.title,
                *(words[axis].get(weight, str(weight)) for axis, weight in enumerate(risk.at)),
                str(risk.at[0] * risk.at[1]),
                risk.moved or NOT_STATED,
                risk.target_text or NOT_STATED,
            )
            for risk in risks
        ),
        is_empty=not (likelihoods and impacts),
        impacts=tuple(impacts),
        grid=tuple((each, tuple(square(each, impact) for impact in impacts)) for each in reversed(likelihoods)),
        key_words=key_words,
        has_appetite=appetite is not None,
    )


def _description(risks: Sequence[Mapped]) -> str:
    if not risks:
        return "No risk stands on this matrix."
    highest = max(risks, key=lambda risk: risk.at[0] * risk.at[1])
    score = highest.at[0] * highest.at[1]
    together = [risk.name for risk in risks if risk.at[0] * risk.at[1] == score]
    named = ", ".join(together[:3]) + (f" and {len(together) - 3} more" if len(together) > 3 else "")
    number = f"{len(risks)} risk{'s' if len(risks) > 1 else ''} on the map"
    return f"{number}; the highest score, {score}, {'has' if len(together) == 1 else 'have'} {named}."
