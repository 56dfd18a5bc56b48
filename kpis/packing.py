"""What a sheet of figures would change, packed for a batch: a hundred thousand rows as a few megabytes of JSON, of
which a page unpacks those that it shows.

    {"indicators": [[primary key, key, title, unit], …], "periods": ["2019-04", …], "rows": [[…], …]}

A row that changes nothing holds no more than what it was and which version it was compared with.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from kpis import figures
from kpis.held import FigureFacts, Place
from kpis.models import Outturn
from lambeth_plans.periods import Period
from lambeth_plans.rag import Rag

Packed = dict[str, list]
UNCHANGED, NEW, CHANGED = "unchanged", "new", "changed"
_ACTIONS = (UNCHANGED, NEW, CHANGED)
#: Where things stand in a packed row; an unchanged one ends with its value and its reason.
ROW, WHICH, WHEN, VERSION, PK, CODE, ACTION = range(7)
NEW_FACTS, OLD_FACTS, STATED, WHY, OLD_RAG, NEW_RAG, UNUSUAL = range(7, 14)
_NUMBERS = {FigureFacts._fields.index(name) for name in ("value", "numerator", "denominator")}
_STATUS = FigureFacts._fields.index("status")


class Proposal(NamedTuple):
    """One row: what it says of which figure, what we hold, and the version of that (0 where there is none)."""

    row: int
    code: str
    indicator_pk: int
    indicator: str
    title: str
    unit: str
    period: Period
    new: FigureFacts
    old: FigureFacts
    version: int
    #: The primary key of the figure that we hold.
    pk: int | None = None
    #: How the figure is written, for the record: as the file has it, or as before where it means the same.
    stated: str = ""
    #: Why this figure in particular is corrected.
    why: str = ""
    #: How the old and the new figure are rated by the target of the period (a value of Rag), "" for no colour.
    old_rag: str = ""
    new_rag: str = ""
    #: Why the figure should be looked at again, in words.
    unusual: str = ""

    @property
    def action(self) -> str:
        if self.new == self.old:
            return UNCHANGED
        return CHANGED if self.version else NEW

    @property
    def place(self) -> Place:
        return self.indicator_pk, self.period.kind.value, self.period.start.isoformat()

    @property
    def new_words(self) -> str:
        return figures.words(self.new.value, self.new.reason, self.unit)

    @property
    def old_words(self) -> str:
        return figures.words(self.old.value, self.old.reason, self.unit)

    @property
    def move_words(self) -> str:
        return figures.move(self.old.value, self.new.value, self.unit)

    @property
    def old_rating(self) -> Rag | None:
        return Rag(self.old_rag) if self.old_rag else None

    @property
    def new_rating(self) -> Rag | None:
        return Rag(self.new_rag) if self.new_rag else None

    @property
    def changes_rating(self) -> bool:
        """Whether a figure that had a colour gets another one, or none."""
        return bool(self.old_rag) and self.old_rag != self.new_rag

    @property
    def corrects_final(self) -> bool:
        """Whether what a final figure says is changed: whoever does so should say why."""
        return self.old.status == Outturn.Status.FINAL and self.new[:2] != self.old[:2]

    @property
    def further_changes(self) -> list[tuple[str, str, str]]:
        """Label, old and new words of what changes beside the value."""
        pairs = [
            (name.capitalize(), *(figures.plain_or_none(getattr(facts, name)) for facts in (self.old, self.new)))
            for name in ("numerator", "denominator")
        ]
        pairs.append(("Note", self.old.note or "none", self.new.note or "none"))
        statuses = (facts.status.capitalize() or "not stated" for facts in (self.old, self.new))
        pairs.append(("Status", *statuses))
        return [pair for pair in pairs if pair[1] != pair[2]]


def packed_facts(facts: FigureFacts) -> list[str | None]:
    return [f"{part.normalize():f}" if isinstance(part, Decimal) else part for part in facts]


def _facts(stored: Sequence[str | None]) -> FigureFacts:
    return FigureFacts(*(Decimal(part) if number in _NUMBERS and part else part for number, part in enumerate(stored)))


class Unpacked(Sequence[Proposal]):
    """The rows of a batch as proposals, each made when it is asked for."""

    def __init__(self, packed: Packed | list, rows: Sequence[list] | None = None) -> None:
        self.packed = packed or {"indicators": [], "periods": [], "rows": []}
        self.rows: Sequence[list] = self.packed["rows"] if rows is None else rows
        self.periods = [figures.period_of_code(code) for code in self.packed["periods"]]

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return [self._unpack(row) for row in self.rows[index]]
        return self._unpack(self.rows[index])

    def __iter__(self) -> Iterator[Proposal]:
        return map(self._unpack, self.rows)

    def having(self, holds: Callable[[Sequence[Any]], bool]) -> "Unpacked":
        """Those whose packed row is such."""
        return Unpacked(self.packed, list(filter(holds, self.rows)))

    @property
    def moving(self) -> "Unpacked":
        """Those that are new or changed."""
        return self.having(moves)

    @property
    def counts(self) -> Counter[str]:
        """How many rows do what."""
        return Counter(map(action_of, self.rows))

    @property
    def indicators(self) -> set[int]:
        """The primary keys of the indicators that the rows are about."""
        known = self.packed["indicators"]
        return {known[number][0] for number in {row[WHICH] for row in self.rows}}

    def moved(self, held: set[tuple[int, str, str, int, int]]) -> "Unpacked":
        """Those whose figure is no longer the one that the row was compared with; `held` is what `held_versions`
        found."""
        indicators = [known[0] for known in self.packed["indicators"]]
        periods = [(period.kind.value, period.start.isoformat()) for period in self.periods]
        there = {place[:3] for place in held} if any(not row[VERSION] for row in self.rows) else set()

        def is_moved(row: Sequence[Any]) -> bool:
            place = (indicators[row[WHICH]], *periods[row[WHEN]])
            return (*place, row[PK], row[VERSION]) not in held if row[VERSION] else place in there

        return self.having(is_moved)

    def _unpack(self, row: Sequence[Any]) -> Proposal:
        indicator = self.packed["indicators"][row[WHICH]]
        if row[ACTION]:
            new, old, more = _facts(row[NEW_FACTS]), _facts(row[OLD_FACTS]), row[STATED:]
        else:
            value, reason = row[NEW_FACTS:]
            new = old = FigureFacts(Decimal(value), reason) if value else FigureFacts(reason=reason)
            more = []
        period = self.periods[row[WHEN]]
        return Proposal(row[ROW], row[CODE], *indicator, period, new, old, row[VERSION], row[PK], *more)


def moves(row: Sequence[Any]) -> bool:
    """Whether a packed row changes anything."""
    return row[ACTION] != 0


def action_of(row: Sequence[Any]) -> str:
    """What a packed row does."""
    return _ACTIONS[row[ACTION]]


def changes_rating(row: Sequence[Any]) -> bool:
    """Whether by a packed row a figure that had a colour gets another one, or none."""
    return row[ACTION] != 0 and bool(row[OLD_RAG]) and row[OLD_RAG] != row[NEW_RAG]


def is_unusual(row: Sequence[Any]) -> bool:
    return row[ACTION] != 0 and bool(row[UNUSUAL])


def corrects_final(row: Sequence[Any]) -> bool:
    """Whether a packed row changes what a final figure says, and does not say why."""
    if row[ACTION] == 0 or row[WHY] or row[OLD_FACTS][_STATUS] != Outturn.Status.FINAL:
        return False
    return row[NEW_FACTS][:2] != row[OLD_FACTS][:2]
