"""Which indicators a reader should look at first, and in what order. Pure: judgements in, an order out.

What process control finds comes before a colour: it tells a change from noise, a colour only tells a distance
(methods.md 4.3). Within one line the worse signs count first, and of two indicators with the same worst sign the one
with more of them stands first; after that the plan's own order.
"""

from collections.abc import Sequence
from enum import StrEnum

from kpis.due import CalendarEntry, DueStanding, DueState
from kpis.spc import Assurance, Flag, Variation
from lambeth_plans.rag import Rag


class Attention(StrEnum):
    """Why an indicator needs attention, the most pressing first; the value is the words on screen."""

    OUTSIDE = "outside its limits, for the worse"
    TREND = "a trend for the worse"
    TWO_OF_THREE = "close to its limit, for the worse"
    SHIFT = "a shift for the worse"
    RED = Rag.RED.word
    FAILS = "consistently fails its target"
    LATE = "a figure is late"
    AMBER = Rag.AMBER.word
    NOT_REPORTED = "a figure was not reported"
    CHANGE = "an unusual change that is neither better nor worse"


CONCERNS = {
    Flag.OUTSIDE: Attention.OUTSIDE,
    Flag.TREND: Attention.TREND,
    Flag.TWO_OF_THREE: Attention.TWO_OF_THREE,
    Flag.SHIFT: Attention.SHIFT,
}
ORDER = tuple(Attention)


def attention(
    *,
    flag: Flag | None = None,
    variation: Variation | None = None,
    assurance: Assurance | None = None,
    rag: Rag | None = None,
    is_late: bool = False,
    is_missed: bool = False,
) -> tuple[Attention, ...]:
    """Everything that calls for attention, the most pressing first; empty where nothing does.

    `flag` and `variation` are those of the newest figure, `is_late` says that a figure is overdue and `is_missed` that
    one was lately passed over.
    """
    found = {
        CONCERNS.get(flag): variation is Variation.CONCERN,
        Attention.RED: rag is Rag.RED,
        Attention.FAILS: assurance is Assurance.FAILS,
        Attention.LATE: is_late,
        Attention.AMBER: rag is Rag.AMBER,
        Attention.NOT_REPORTED: is_missed,
        Attention.CHANGE: variation is Variation.CHANGE,
    }
    return tuple(reason for reason in ORDER if found.get(reason))


def attention_order(reasons: Sequence[Attention]) -> tuple[int, ...]:
    """A key to sort by: the lower, the sooner an indicator is looked at."""
    return (*(ORDER.index(reason) for reason in reasons), len(ORDER))


def newly_missed(entry: CalendarEntry) -> tuple[DueStanding, ...]:
    """The periods that were passed over since the figure before the newest: an old hole is no news any more."""
    answered = [number for number, each in enumerate(entry.standings) if each.state is DueState.IN]
    start = answered[-2] + 1 if len(answered) > 1 else 0
    return tuple(each for each in entry.standings[start:] if each.state is DueState.NOT_REPORTED)
