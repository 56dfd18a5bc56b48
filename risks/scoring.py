"""What a risk's score may be and how it moves. Pure: weights and dated scores in, judgement out.

A score is the product of a step of likelihood and a step of impact. The weights of the steps are data, for councils
differ: Lambeth's printed scores, 4 to 32, fit impact 1, 2, 4, 8 by likelihood 1 to 4, and 32 comes from no 4 × 4 or
5 × 5 (methods.md 4.7). Scores on different matrices, or on none and on one, are never compared.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import groupby, pairwise

from lambeth_plans.rag import Rag

#: No weight is higher, so that every product fits its column and the words of a refusal stay short.
HIGHEST_WEIGHT = 100
MOST_STEPS = 10
#: Of a score that is not on a matrix.
HIGHEST_TOTAL = 100
#: After so many periods, each worse than the one before, a risk goes to the exceptions. A matrix may say otherwise.
ESCALATE_AFTER = 3


@dataclass(frozen=True)
class Weights:
    """The weights of a matrix's steps, in any order. Without steps on both axes nothing can be scored on it."""

    likelihood: tuple[int, ...]
    impact: tuple[int, ...]

    @property
    def products(self) -> tuple[int, ...]:
        """Every score that there can be, the lowest first."""
        return tuple(sorted({one * other for one in self.likelihood for other in self.impact}))


def refusal(weights: Weights, *, score: int, likelihood: int | None = None, impact: int | None = None) -> str:
    """Why a score cannot be on a matrix, in words that say what can; empty where it can.

    Without likelihood and impact it is a total alone, which must be a product of two steps all the same.
    """
    for axis, weight, known in (("likelihood", likelihood, weights.likelihood), ("impact", impact, weights.impact)):
        if weight is not None and weight not in known:
            return f"{weight} is no step of {axis} of this matrix. The steps are {listed(known)}."
    if likelihood is not None and impact is not None and score != likelihood * impact:
        product = likelihood * impact
        return f"A score is its likelihood times its impact: {likelihood} × {impact} is {product}, not {score}."
    if score not in weights.products:
        return f"{score} is no score of this matrix. Possible are {listed(weights.products)}."
    return ""


def listed(numbers: Iterable[int]) -> str:
    """ "1, 2, 4 and 8"; "none" where there are none."""
    texts = [str(number) for number in sorted(numbers)]
    return " and ".join(filter(None, [", ".join(texts[:-1]), *texts[-1:]])) or "none"


def edition_label(name: str, edition: int) -> str:
    """The name of a matrix, with its edition where that is not the first."""
    return f"{name}, edition {edition}" if edition > 1 else name


def earlier(matrix: int, replaces: Mapping[int, int | None]) -> set[int]:
    """Every edition that a matrix follows, near or far; `replaces` names for each the one before it."""
    found: set[int] = set()
    before = replaces.get(matrix)
    while before is not None and before not in found | {matrix}:
        found.add(before)
        before = replaces.get(before)
    return found


@dataclass(frozen=True)
class Dated:
    """A current score of a day, on a matrix (None: none is named)."""

    day: date
    score: int
    matrix: int | None = None


class Movement(StrEnum):
    """How a score stands to the one before it; the value is the words on screen."""

    def __new__(cls, value: str, turn: int, arrow: str) -> "Movement":
        member = str.__new__(cls, value)
        member._value_ = value
        member.turn, member.arrow = turn, arrow
        return member

    WORSE = "worse", -1, "▲"
    BETTER = "better", 1, "▼"
    SAME = "the same", 0, "="
    NEW_MATRIX = "on another matrix", 0, "↔"
    FIRST = "first score", 0, "•"


def movement(was: Dated | None, now: Dated) -> Movement:
    if was is None:
        return Movement.FIRST
    if was.matrix != now.matrix:
        return Movement.NEW_MATRIX
    if was.score == now.score:
        return Movement.SAME
    return Movement.WORSE if now.score > was.score else Movement.BETTER


def periods(scores: Iterable[Dated]) -> list[Dated]:
    """The last score of each month in which there is one, oldest first: a period is a month that was scored, whether
    a council scores every month or every quarter."""
    ordered = sorted(scores, key=lambda each: each.day)
    return [list(month)[-1] for _, month in groupby(ordered, key=lambda each: (each.day.year, each.day.month))]


def worse_running(scores: Iterable[Dated]) -> int:
    """In how many periods up to the last the score was worse than in the period before, without a break."""
    found = periods(scores)
    count = 0
    for was, now in zip(found[-2::-1], found[:0:-1], strict=False):
        if movement(was, now) is not Movement.WORSE:
            break
        count += 1
    return count


@dataclass(frozen=True)
class Proposal:
    """What a score on a replaced matrix would be on the new one: the same weights where both exist, else none.

    `reworded` says of each step whose word is another one there what it was and is: it may not be the same step.
    """

    likelihood: int | None = None
    impact: int | None = None
    reworded: tuple[str, ...] = ()

    @property
    def score(self) -> int | None:
        return self.likelihood * self.impact if self.likelihood and self.impact else None


#: (axis, weight) → the word of the step.
Words = Mapping[tuple[str, int], str]


def proposed(
    weights: Weights, *, likelihood: int | None, impact: int | None, was: Words | None = None, now: Words | None = None
) -> Proposal:
    """`was` are the words of the matrix that it was scored on, `now` those of the one with these weights."""
    if likelihood not in weights.likelihood or impact not in weights.impact:
        return Proposal()
    reworded = []
    for step in (("likelihood", likelihood), ("impact", impact)):
        axis, weight = step
        words = [(found or {}).get(step, "").strip() for found in (was, now)]
        if words[0].casefold() != words[1].casefold():
            before, after = (f"“{f'{weight} {word}'.strip()}”" for word in words)
            reworded.append(f"{axis} {before} is {after}")
    return Proposal(likelihood, impact, tuple(reworded))


# Ready-made matrices to start from


@dataclass(frozen=True)
class Step:
    """A step of an axis; the words are empty where a council has to find its own."""

    weight: int
    word: str = ""
    description: str = ""


@dataclass(frozen=True)
class Band:
    """From which score on a rating holds, and what a council calls that."""

    lowest_score: int
    rag: Rag
    name: str = ""


@dataclass(frozen=True)
class Start:
    """A matrix that an administrator may start from; nothing of it holds before it is agreed."""

    label: str
    likelihood: tuple[Step, ...]
    impact: tuple[Step, ...]
    bands: tuple[Band, ...]


def _steps(words: Sequence[str], weights: Sequence[int] = ()) -> tuple[Step, ...]:
    return tuple(Step(weight, word) for weight, word in zip(weights or range(1, len(words) + 1), words, strict=True))


_LIKELY_4 = ("Unlikely", "Possible", "Likely", "Very likely")
_LIKELY_5 = ("Very unlikely", "Unlikely", "Possible", "Likely", "Very likely")
_SMALL_4 = ("Small", "Medium", "Large", "Very large")
_SMALL_5 = ("Very small", "Small", "Medium", "Large", "Very large")

#: By the word in the address. The bands of 5 × 5 are those of the register that methods.md 4.7 cites (11 and 16); those
#: of the others divide their products alike, for an administrator to change.
STARTS = {
    "4x4": Start(
        "4 × 4: scores 1 to 16",
        _steps(_LIKELY_4),
        _steps(_SMALL_4),
        (Band(1, Rag.GREEN, "Low"), Band(6, Rag.AMBER, "Medium"), Band(12, Rag.RED, "High")),
    ),
    "5x5": Start(
        "5 × 5: scores 1 to 25",
        _steps(_LIKELY_5),
        _steps(_SMALL_5),
        (Band(1, Rag.GREEN, "Low"), Band(11, Rag.AMBER, "Medium"), Band(16, Rag.RED, "High")),
    ),
    "4x8": Start(
        "4 × 4 with impact 1, 2, 4, 8: scores 1 to 32",
        _steps(_LIKELY_4),
        _steps(_SMALL_4, (1, 2, 4, 8)),
        (Band(1, Rag.GREEN, "Low"), Band(8, Rag.AMBER, "Medium"), Band(16, Rag.RED, "High")),
    ),
}


def broken(
    likelihood: Sequence[Step], impact: Sequence[Step], bands: Sequence[Band], appetite: int | None
) -> list[str]:
    """What is wrong with a matrix as a whole, each with the value; empty where nothing is."""
    found = []
    for axis, steps in (("likelihood", likelihood), ("impact", impact)):
        weights = [step.weight for step in steps]
        found += [f"Likelihood and impact need two steps or more; {axis} has {len(steps)}."] * (len(steps) < 2)
        found += [f"{axis.capitalize()} has {len(steps)} steps. {MOST_STEPS} is the most."] * (len(steps) > MOST_STEPS)
        found += [f"{axis.capitalize()} has the weight {weight} twice." for weight in _twice(weights)]
    products = Weights(tuple(s.weight for s in likelihood), tuple(s.weight for s in impact)).products
    lowest = [band.lowest_score for band in bands]
    found += [f"Two bands begin at {score}." for score in _twice(lowest)]
    if not products:
        return found
    if bands and min(lowest) > products[0]:
        found.append(
            f"The lowest band begins at {min(lowest)}, but a score may be {products[0]}: it would have no rating."
        )
    found += [f"No score reaches {score}: the highest is {products[-1]}." for score in lowest if score > products[-1]]
    ordered = sorted(bands, key=lambda band: band.lowest_score)
    for lower, higher in pairwise(ordered):
        if higher.rag.severity >= lower.rag.severity:
            found.append(
                f"From {higher.lowest_score} it is {higher.rag.word}, from {lower.lowest_score} {lower.rag.word}: "
                "a higher score must be worse."
            )
    if appetite is not None and appetite >= products[-1]:
        found.append(f"The appetite {appetite} accepts every score: the highest is {products[-1]}.")
    return found


def _twice(numbers: Sequence[int]) -> list[int]:
    return sorted({number for number in numbers if numbers.count(number) > 1})
