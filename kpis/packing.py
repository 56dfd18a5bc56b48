"""What a sheet of figures would change, packed for a batch: a hundred thousand rows as a few megabytes of JSON, of
which a page unpacks those that it shows.

    {"indicators": [[primary key, key, title, unit], …], "periods": ["2019-04", …], "codes": ["LC.06", …],
     "unchanged": [[row, …], [indicator, …], [period, …], [version, …], [primary key, …], [code, …], [value, …]],
     "reasons": {place among the unchanged: reason}, "moving": [[…], …]}

Rows that change nothing stand column by column: they are the most, and hold no more than what the figure was and which
version of it they were compared with. Of the others each is a list.
"""

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from kpis import figures
from kpis.held import FigureFacts, HeldVersion, Place
from kpis.models import Outturn
from lambeth_plans.periods import Period
from lambeth_plans.rag import Rag

Packed = dict[str, Any]
UNCHANGED, NEW, CHANGED = "unchanged", "new", "changed"
#: Where things stand in a packed row that changes something; of the others the columns are the first ones, and VALUE.
ROW, WHICH, WHEN, VERSION, PK, CODE, NEW_FACTS, OLD_FACTS, STATED, WHY, OLD_RAG, NEW_RAG, UNUSUAL = range(13)
VALUE = 6
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


def empty() -> Packed:
    """A sheet without rows."""
    return {
        "indicators": [],
        "periods": [],
        "codes": [],
        "unchanged": [[] for _ in range(7)],
        "reasons": {},
        "moving": [],
    }


class Rows(Sequence[Proposal]):
    """Some rows of a batch as proposals, each made when it is asked for."""

    def __init__(self, unpacked: "Unpacked", rows: Sequence[Any], make: Callable[[Any], Proposal]) -> None:
        self.unpacked, self.packed, self._make = unpacked, rows, make

    def __len__(self) -> int:
        return len(self.packed)

    def __getitem__(self, index: Any) -> Any:
        return list(map(self._make, self.packed[index])) if isinstance(index, slice) else self._make(self.packed[index])

    def __iter__(self) -> Iterator[Proposal]:
        return map(self._make, self.packed)

    def having(self, holds: Callable[[Any], bool]) -> "Rows":
        """Those whose packed row is such."""
        return Rows(self.unpacked, list(filter(holds, self.packed)), self._make)

    @property
    def indicators(self) -> set[int]:
        """The primary keys of the indicators that the rows are about."""
        return {proposal.indicator_pk for proposal in self}


class Unpacked:
    """What a batch keeps of a sheet of figures: `moving` are the rows that are new or changed."""

    def __init__(self, packed: Packed | list) -> None:
        self.packed: Packed = packed or empty()
        self.periods = [figures.period_of_code(code) for code in self.packed["periods"]]
        self.moving = Rows(self, self.packed["moving"], self._moving)
        self.unchanged = Rows(self, range(len(self.packed["unchanged"][ROW])), self._unchanged)

    def __len__(self) -> int:
        return len(self.moving) + len(self.unchanged)

    def __iter__(self) -> Iterator[Proposal]:
        """All of them in the order of the file."""
        return iter(sorted([*self.moving, *self.unchanged], key=lambda proposal: proposal.row))

    @property
    def counts(self) -> dict[str, int]:
        """How many rows do what."""
        changed = sum(map(was_there, self.packed["moving"]))
        return {NEW: len(self.moving) - changed, CHANGED: changed, UNCHANGED: len(self.unchanged)}

    @property
    def indicators(self) -> list[int]:
        """The primary keys of the indicators that the file is about."""
        return [known[0] for known in self.packed["indicators"]]

    def moved(self, held: set[HeldVersion]) -> list[Proposal]:
        """Those whose figure is no longer the one that the row was compared with; `held` is what `held_versions`
        found."""
        pks = self.indicators
        days = [(period.kind.value, period.start.isoformat()) for period in self.periods]
        kinds, firsts = ([day[part] for day in days] for part in (0, 1))
        new = {(pks[row[WHICH]], *days[row[WHEN]]) for row in self.packed["moving"] if not row[VERSION]}
        expected: set[HeldVersion] = set()
        for columns in (self.packed["unchanged"], list(zip(*filter(was_there, self.packed["moving"]), strict=True))):
            if columns:
                which, when = columns[WHICH], columns[WHEN]
                parts = (map(pks.__getitem__, which), map(kinds.__getitem__, when), map(firsts.__getitem__, when))
                expected.update(zip(*parts, columns[PK], columns[VERSION], strict=True))
        # A blank row of a figure that is not there either was compared with nothing.
        gone = {place[:3] for place in expected - held if place[PK - 1] is not None}
        there = {place[:3] for place in held} & new if new else set()
        places = gone | there
        return [proposal for proposal in self if proposal.place in places] if places else []

    def _indicator(self, number: int) -> list[Any]:
        return self.packed["indicators"][number]

    def _moving(self, row: Sequence[Any]) -> Proposal:
        named = (row[ROW], self.packed["codes"][row[CODE]], *self._indicator(row[WHICH]), self.periods[row[WHEN]])
        return Proposal(*named, _facts(row[NEW_FACTS]), _facts(row[OLD_FACTS]), row[VERSION], row[PK], *row[STATED:])

    def _unchanged(self, place: int) -> Proposal:
        row = [column[place] for column in self.packed["unchanged"]]
        value, reason = row[VALUE], self.packed["reasons"].get(str(place), "")
        facts = FigureFacts(Decimal(value), reason) if value else FigureFacts(reason=reason)
        named = (row[ROW], self.packed["codes"][row[CODE]], *self._indicator(row[WHICH]), self.periods[row[WHEN]])
        return Proposal(*named, facts, facts, row[VERSION], row[PK])


def was_there(row: Sequence[Any]) -> bool:
    """Whether a packed row changes a figure, rather than bringing a new one."""
    return row[VERSION] > 0


def changes_rating(row: Sequence[Any]) -> bool:
    """Whether by a packed row a figure that had a colour gets another one, or none."""
    return bool(row[OLD_RAG]) and row[OLD_RAG] != row[NEW_RAG]


def is_unusual(row: Sequence[Any]) -> bool:
    return bool(row[UNUSUAL])


def corrects_final(row: Sequence[Any]) -> bool:
    """Whether a packed row changes what a final figure says, and does not say why."""
    is_final = row[OLD_FACTS][_STATUS] == Outturn.Status.FINAL
    return is_final and not row[WHY] and row[NEW_FACTS][:2] != row[OLD_FACTS][:2]
