"""How the records of a plan on two days are told apart: what a line says, each register with what it calls its
records, and which records came, went or changed hands."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst

from lambeth_plans.dashboards.facts import ContractFact, OfficerFact, SavingFact
from lambeth_plans.dashboards.state import PlanState
from lambeth_plans.rag import Rag
from lambeth_plans.templatetags.plans import pounds

NOT_STATED = "not stated"
NO_RATING = "no rating"


@dataclass(frozen=True)
class Line:
    """One change of one record. `label` and `title` name it, `url` leads to it; `turn` is −1 for the worse, 1 for the
    better, 0 for neither; `rank` sorts the lines of a group, the lower the sooner. `count` is how many figures it tells
    of, `crossed` whether a target was met with them (1) or missed (−1), `is_withheld` whether one of them is withheld.

    `ratings` are the two that are drawn, each None for no rating; None where neither is told.
    """

    label: str
    title: str
    url: str
    said: str
    why: str = ""
    turn: int = 0
    ratings: tuple[Rag | None, Rag | None] | None = None
    rank: tuple = ()
    count: int = 1
    crossed: int = 0
    is_withheld: bool = False

    @property
    def sentence(self) -> str:
        if self.ratings is None:
            return self.said
        was, now = (rag.word if rag else NO_RATING for rag in self.ratings)
        return f"{capfirst(was)} → {now}. {self.said}".strip()


@dataclass(frozen=True)
class Register:
    """A kind of record: where one is seen, what it is called, and what is said of one that came or went."""

    part: str  # of the state
    page: str
    noun: Callable[[PlanState, Any], str]
    told: Callable[[Any], str]
    rag: Callable[[Any], Rag | None] = lambda record: None
    owners: tuple[tuple[str, str, str], ...] = ()  # the one, the further ones (or ""), what they are called

    def records(self, state: PlanState) -> dict[str, Any]:
        part = getattr(state, self.part)
        return {record.key: record for record in (part.values() if isinstance(part, dict) else part)}

    def pairs(self, was: PlanState, now: PlanState) -> Iterator[tuple[Any, Any]]:
        """Each record that was there on both days."""
        before = self.records(was)
        return ((before[key], record) for key, record in self.records(now).items() if key in before)

    def line(self, state: PlanState, record: Any, said: str, day: date | None = None, **more: Any) -> Line:
        """A line that leads to the record; to how it stood on a day, where it is there no more."""
        ref = getattr(record, "ref", "") or getattr(record, "code", "")
        query = {"as_at": day.isoformat()} if day else None
        url = reverse(self.page, args=[state.plan.slug, record.key], query=query)
        return Line(ref or record.title, record.title if ref else "", url, said, **more)


def _contract_end(contract: ContractFact) -> str:
    return f"ending {contract.end_date}" if contract.end_date else "end date not stated"


def amount_words(amount: Decimal | None) -> str:
    return NOT_STATED if amount is None else pounds(amount)


def _planned(saving: SavingFact) -> str:
    return f"{amount_words(saving.planned_total)} planned"


ACTIVITIES = Register(
    "activities",
    "activity_detail",
    lambda state, activity: state.plan.activity_word,
    lambda activity: activity.rag.word,
    lambda activity: activity.rag,
    (("owner", "further_owners", "owner"),),
)
INDICATORS = Register(
    "indicators",
    "indicator_detail",
    lambda state, indicator: "indicator",
    lambda indicator: indicator.rag.word if indicator.rag else NO_RATING,
    lambda indicator: indicator.rag,
    (("owner", "", "owner"),),
)
RISKS = Register(
    "risks",
    "risk_detail",
    lambda state, risk: "risk",
    lambda risk: f"score {risk.current.text}" if risk.current else "score not stated",
    lambda risk: risk.current.rag if risk.current else None,
    (("owner", "", "owner"),),
)
SAVINGS = Register(
    "savings", "saving_detail", lambda state, saving: "saving", _planned, owners=(("owner", "", "owner"),)
)
CONTRACTS = Register(
    "contracts",
    "contract_detail",
    lambda state, contract: "contract",
    _contract_end,
    owners=(("director", "further_directors", "director"),),
)
OBJECTIVES = Register("objectives", "objective_detail", lambda state, objective: objective.word, lambda objective: "")
REGISTERS = (ACTIVITIES, INDICATORS, RISKS, SAVINGS, CONTRACTS, OBJECTIVES)


# Records that came and went


def came(was: PlanState, now: PlanState) -> Iterator[Line]:
    for place, register in enumerate(REGISTERS):
        before = register.records(was)
        for key, record in register.records(now).items():
            if key not in before:
                yield _whole(register, now, record, f"New {register.noun(now, record)}", place)


def went(was: PlanState, now: PlanState) -> Iterator[Line]:
    """What was there and is there no more; each line leads to how it stood then."""
    day = timezone.localdate(was.moment)
    for place, register in enumerate(REGISTERS):
        after = register.records(now)
        for key, record in register.records(was).items():
            if key not in after:
                noun = capfirst(register.noun(was, record))
                yield _whole(register, was, record, f"{noun} no longer in the plan", place, day)


def _whole(register: Register, state: PlanState, record: Any, said: str, place: int, day: date | None = None) -> Line:
    told, rag = register.told(record), register.rag(record)
    told = f", {'last ' if day else ''}{told}" if told else ""
    rank = (place, rag.severity if rag else len(Rag))
    return register.line(state, record, f"{said}{told}.", day, rank=rank)


# Ownership


def owners(was: PlanState, now: PlanState) -> Iterator[Line]:
    for place, register in enumerate(REGISTERS):
        for before, after in register.pairs(was, now):
            said = [words for names in register.owners for words in _owners_changed(before, after, *names)]
            if said:
                # What nobody answers for comes first.
                is_nobody = any(getattr(after, one) is None for one, _, _ in register.owners)
                rank = (not is_nobody, place)
                yield register.line(now, after, " ".join(said), rank=rank)


def _owners_changed(before: Any, after: Any, one: str, further: str, noun: str) -> Iterator[str]:
    old, new = getattr(before, one), getattr(after, one)
    if (old and old.id) != (new and new.id):
        yield f"{capfirst(noun)} {old or NOT_STATED} → {new or NOT_STATED}."
    old_ones, new_ones = (_by_id(getattr(record, further) if further else ()) for record in (before, after))
    for word, known, others in (("added", new_ones, old_ones), ("removed", old_ones, new_ones)):
        named = ", ".join(str(officer) for pk, officer in known.items() if pk not in others)
        if named:
            yield f"Further {noun}s {word}: {named}."


def _by_id(officers: Iterable[OfficerFact]) -> dict[int, OfficerFact]:
    return {officer.id: officer for officer in officers}
