"""What the spine of a plan tells: names, officers, divisions, goals, objectives and data-quality notes."""

from dataclasses import dataclass
from datetime import date


def printed_if_other(printed: str, shown: str) -> str:
    """What the document prints, where that says something other than what is shown; else ""."""
    return "" if printed.strip() == shown else printed


@dataclass(frozen=True)
class NameFact:
    """What a link to a record needs."""

    key: str
    ref: str
    title: str

    def __str__(self) -> str:
        return self.ref or self.title


@dataclass(frozen=True)
class OfficerFact:
    id: int
    key: str
    name: str
    post: str
    kind: str
    division_id: int | None
    left_date: date | None

    def __str__(self) -> str:
        return self.name

    def has_left(self, on: date) -> bool:
        return self.left_date is not None and self.left_date <= on


@dataclass(frozen=True)
class DivisionFact:
    id: int
    key: str
    name: str
    purpose: str
    director: OfficerFact | None


@dataclass(frozen=True)
class GoalFact:
    """`label` is "Goal 2.4" or the value's name; `title` is empty where the plan only refers to it."""

    id: int
    key: str
    kind: str
    label: str
    title: str
    parent_id: int | None
    edition: str

    def __str__(self) -> str:
        return self.label


@dataclass(frozen=True)
class ObjectiveFact:
    id: int
    key: str
    ref: str
    title: str
    parent_id: int | None
    goals_as_stated: str
    rationale: str
    how_we_will_know: str
    word: str  # what the plan calls its level

    def __str__(self) -> str:
        return self.ref or self.title


@dataclass(frozen=True)
class NoteFact:
    """A data-quality note: what is printed, what we understood and why."""

    record_kind: str
    record_key: str
    field: str
    printed: str
    understood: str
    why: str
