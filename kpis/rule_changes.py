"""What another target, or another rule, would make of the figures that are there: shown before anything is saved.

Pure but for the records it is given: nothing here reads or writes the database.
"""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kpis import figures
from kpis.models import Indicator, Outturn, Target, rule_of
from lambeth_plans.periods import Period, PeriodKind, following, year_before
from lambeth_plans.rag import Judgement, Rag, judge

#: Ten years of months.
MOST_PERIODS = 120


@dataclass(frozen=True)
class Effect:
    """One figure that is there: how it is judged now, and how it would be."""

    period: Period
    words: str
    was: Judgement
    now: Judgement

    @property
    def moves(self) -> bool:
        return self.was.rag is not self.now.rag


def periods_between(first: Period, last: Period) -> list[Period]:
    """Every period from the first to the last. Raises ValueError where they are of two kinds, the wrong way round, of a
    kind that has no next one, or too many."""
    if first.kind is not last.kind:
        raise ValueError(f"{first.label} and {last.label} are periods of different kinds. Give two of the same kind.")
    if last < first:
        raise ValueError(f"{last.label} comes before {first.label}.")
    if first == last:
        return [first]
    if first.kind is PeriodKind.SNAPSHOT:
        raise ValueError("Give one day at a time: between two days there is no row of periods.")
    found = [first]
    while found[-1] < last:
        if len(found) == MOST_PERIODS:
            raise ValueError(f"That is more than {MOST_PERIODS} periods. Give fewer at once.")
        found.append(following(found[-1]))
    return found


def effects(
    indicator: Indicator, outturns: Sequence[Outturn], held: Mapping[Period, Target], wanted: Mapping[Period, Target]
) -> list[Effect]:
    """One for each figure of a period that gets another target, oldest first. `held` are the targets of now."""
    values = {outturn.period: outturn for outturn in outturns}
    found = []
    for period in sorted(set(wanted) & set(values)):
        outturn = values[period]
        earlier = values.get(year_before(period))
        last_year = earlier.value if earlier else None
        was, now = (
            _judged(indicator, outturn, targets.get(period), last_year) for targets in (held, {**held, **wanted})
        )
        words = figures.words(outturn.value, outturn.reason, indicator.unit)
        found.append(Effect(period, words, was, now))
    return found


def _judged(indicator: Indicator, outturn: Outturn, target: Target | None, last_year) -> Judgement:
    provisional = outturn.status == Outturn.Status.PROVISIONAL
    try:
        return judge(
            outturn.value,
            rule_of(indicator, target),
            unit=indicator.unit,
            provisional=provisional,
            last_year=last_year,
        )
    except ValueError as error:
        return Judgement(None, f"No colour, because the rule cannot judge it. {error}")


def sentence(found: Sequence[Effect]) -> str:
    """What would happen, in one sentence: "This would turn 4 past periods Amber and 1 Red; 20 stay as they are." """
    moved = Counter(effect.now.rag for effect in found if effect.moves)
    stay = len(found) - sum(moved.values())
    if not found:
        return "No figure is there for these periods, so no past rating changes."
    if not moved:
        return f"No past rating changes: {_many(stay)} {'stays' if stay == 1 else 'stay'} as {_they(stay)}."
    parts = [f"{moved[rag]} {rag.word}" for rag in Rag if moved[rag]]
    if moved[None]:
        parts.append(f"{moved[None]} to no colour")
    first, *others = parts
    number, colour = first.split(" ", 1)
    told = [f"{_many(int(number))} {colour}", *others]
    joined = told[0] if len(told) == 1 else f"{', '.join(told[:-1])} and {told[-1]}"
    rest = f"; {stay} {'stays' if stay == 1 else 'stay'} as {_they(stay)}" if stay else ""
    return f"This would turn {joined}{rest}."


def _many(number: int) -> str:
    return f"{number} past {'period' if number == 1 else 'periods'}"


def _they(number: int) -> str:
    return "it is" if number == 1 else "they are"


def fingerprint(outturns: Sequence[Outturn], targets: Mapping[Period, Target], wanted: Mapping[Period, Target]) -> str:
    """Of everything a preview shows: what is confirmed is what was seen, or it is shown anew."""
    seen = [
        sorted((outturn.pk, outturn.version) for outturn in outturns),
        sorted((target.pk, target.version) for target in targets.values()),
        [(str(period), *content_of(wanted[period])) for period in sorted(wanted)],
    ]
    return hashlib.sha256(repr(seen).encode()).hexdigest()


TOLERANCE = Target.amber.field.name
#: What a target says, beside which one it is.
CONTENT = ("value", "lower", "upper", TOLERANCE, "rule_kind", "standing", "agreed_by", "tolerance_standing")


def content_of(target: Target) -> tuple[str, ...]:
    return tuple(str(getattr(target, name)) for name in CONTENT)
