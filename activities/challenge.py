"""The challenge: the best rating that what is known allows, beside the rating a person gives (methods.md, 4.5).

Pure: facts in, floor out. No database, no clock, no settings. Only what is stated counts: an activity without a due
date is never late, one without outputs is never behind, and where nothing is known against a rating there is no floor.
The person has the last word; a rating better than its floor needs a reason and is listed.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from lambeth_plans.fields import PartialDate
from lambeth_plans.rag import Rag

#: After so many days without a report an activity counts as not touched (a choice of ours: a quarter of a year).
STALE_AFTER = 90
#: Postponing a due date once happens; from the second time on it is known against Green.
MOVES = 2
#: Camms: outputs done, as a share of those that the calendar asks for.
ON_TRACK, OFF_TRACK = Fraction(9, 10), Fraction(7, 10)
#: Reading: less than half of the outputs done past the due date is Red.
HALF = Fraction(1, 2)

#: A share from 0 to 1. As a fraction it is exact, so that a boundary gets the better colour.
Share = Decimal | Fraction


@dataclass(frozen=True)
class Floor:
    """The best rating that what is known allows, with a sentence for each thing known, the worst first.

    `rag` is Red, Amber or None; `reasons` is empty exactly where `rag` is None.
    """

    rag: Rag | None
    reasons: tuple[str, ...]

    @property
    def because(self) -> str:
        return " ".join(self.reasons)


def is_overdue(due_date: PartialDate | None, rag: Rag, *, on: date) -> bool:
    """Past the last day its due date may mean, and not complete. Nothing without a date is overdue."""
    return bool(due_date and due_date.latest < on and rag is not Rag.BLUE)


def floor(
    *,
    rag: Rag,
    due: PartialDate | None,
    on: date,
    times_moved: int = 0,
    linked_reds: Sequence[str] = (),
    outputs_done: int = 0,
    outputs_total: int = 0,
    elapsed: Share | None = None,
    days_since_update: int | None = None,
    stale_after: int | None = None,
) -> Floor:
    """What is known against a good rating, on a day.

    `times_moved`: how often the due date was postponed. `linked_reds`: names of the Red indicators it aims at.
    `outputs_total` is 0 where none is stated, or where nobody states which are done. `elapsed`: the share of the time
    from its start to its due date that is over (0 or more), None where one of them is not stated.
    `days_since_update` and `stale_after` are days; None leaves that question out.

    The rating counts in one way only: Complete says that it is done, so that its date, its moves, its age and its
    indicators (whose turn comes later) say nothing against it, but every output that is not done does. Raises
    ValueError for more outputs done than there are.
    """
    if not 0 <= outputs_done <= outputs_total:
        raise ValueError("The outputs done are some of all outputs.")
    if rag is Rag.BLUE:
        found = _outputs(outputs_done, outputs_total, Fraction(1), "")
    else:
        late = _late(rag, due, on, outputs_done, outputs_total)
        time_gone = (
            f", with {_percent(elapsed)} of the time from the plan’s start to its due date gone" if elapsed else ""
        )
        behind = _outputs(outputs_done, outputs_total, elapsed, time_gone)
        if late and behind and behind[0][0].severity >= late[0][0].severity:
            behind = []  # the first sentence has said it
        found = [
            *late,
            *_linked(linked_reds),
            *_moved(times_moved),
            *behind,
            *_old(days_since_update, stale_after),
        ]
    found.sort(key=lambda known: known[0].severity)
    return Floor(found[0][0] if found else None, tuple(sentence for _, sentence in found))


def is_rosier(rag: Rag, floor: Rag | None) -> bool:
    """Whether a rating is better than its floor: Green, Not started or Complete over Amber, any but Red over Red.

    "Not started" warns nobody, like Green: whatever speaks against Green speaks against it. "Complete" is the best
    claim of all; its floor is made of undone outputs only (see `floor`). "Not reported" claims nothing.
    """
    if floor is None or rag is Rag.NOT_REPORTED:
        return False
    return gap(rag, floor) > 0


def gap(rag: Rag, floor: Rag) -> int:
    """By how many steps of Red, Amber, better a rating is above its floor; negative where it is below."""
    steps = {Rag.RED: 0, Rag.AMBER: 1}
    return steps.get(rag, 2) - steps[floor]


def elapsed_share(start: date | None, due: PartialDate | None, on: date) -> Fraction | None:
    """The share of the days from the start to the last day the due date may mean that is over, from 0 to 1.

    None where one of them is not stated or the due date does not come after the start.
    """
    if start is None or due is None or due.latest <= start:
        return None
    return min(Fraction(max((on - start).days, 0), (due.latest - start).days), Fraction(1))


def is_postponed(before: PartialDate | None, after: PartialDate | None) -> bool:
    """Whether a due date moved to a later one. A first date, an earlier one or a more precise one is no delay."""
    return bool(before and after and after.latest > before.latest)


@dataclass(frozen=True)
class Known:
    """What is known of an activity on a day, whatever rating it gets. The fields are those of `floor`."""

    on: date
    start: date | None = None
    due: PartialDate | None = None
    times_moved: int = 0
    linked_reds: tuple[str, ...] = ()
    outputs_done: int = 0
    outputs_total: int = 0
    days_since_update: int | None = None
    stale_after: int | None = None

    def moved_to(self, due: PartialDate | None) -> "Known":
        """The same with a new due date; None moves nothing."""
        if due is None:
            return self
        return replace(self, due=due, times_moved=self.times_moved + is_postponed(self.due, due))

    def floor(self, rag: Rag) -> Floor:
        return floor(
            rag=rag,
            due=self.due,
            on=self.on,
            times_moved=self.times_moved,
            linked_reds=self.linked_reds,
            outputs_done=self.outputs_done,
            outputs_total=self.outputs_total,
            elapsed=elapsed_share(self.start, self.due, self.on),
            days_since_update=self.days_since_update,
            stale_after=self.stale_after,
        )


Against = list[tuple[Rag, str]]


def _late(rag: Rag, due: PartialDate | None, on: date, done: int, total: int) -> Against:
    if due is None or not is_overdue(due, rag, on=on):
        return []
    days = (on - due.latest).days
    outputs = f", with {done} of {total} outputs done" if total else ""
    worst = Rag.RED if total and Fraction(done, total) < HALF else Rag.AMBER
    return [(worst, f"It is {_count(days, 'day')} past its due date, {due}{outputs}.")]


def _linked(reds: Sequence[str]) -> Against:
    if not reds:
        return []
    which = "An indicator it aims at is" if len(reds) == 1 else f"{len(reds)} indicators it aims at are"
    return [(Rag.AMBER, f"{which} Red: {', '.join(reds)}.")]


def _moved(times: int) -> Against:
    if times < MOVES:
        return []
    return [(Rag.AMBER, f"Its due date was postponed {'twice' if times == 2 else f'{times} times'}.")]


def _outputs(done: int, total: int, elapsed: Share | None, time_gone: str) -> Against:
    """Nothing is behind before the calendar asks for one whole output (our choice: on the second day none is late)."""
    if not total or elapsed is None or elapsed * total < 1:
        return []
    share = Fraction(done, total) / Fraction(elapsed)
    if share >= ON_TRACK:
        return []
    verb = "is" if done < 2 else "are"
    which = f"Only {done}" if done else "None"
    sentence = f"{which} of {_count(total, 'output')} ({_percent(Fraction(done, total))}) {verb} done{time_gone}."
    return [(Rag.RED if share < OFF_TRACK else Rag.AMBER, sentence)]


def _old(days: int | None, allowed: int | None) -> Against:
    if days is None or allowed is None or days <= allowed:
        return []
    return [(Rag.AMBER, f"The last report on it is {_count(days, 'day')} old; {allowed} are usual at most.")]


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _percent(share: Share) -> str:
    return f"{round(share * 100)}%"
