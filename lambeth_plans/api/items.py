"""What every item of the API has, and how its values are written.

Nothing here reads the database. Null means that it is not stated. An amount is an exact decimal as text, so that no
program rounds it; a date keeps its precision ("2024", "2024-03" or "2024-03-31").
"""

from collections.abc import Iterable
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any

from ninja import Field, Schema

from lambeth_plans.dashboards.data_quality import record_url
from lambeth_plans.dashboards.state import PlanState
from lambeth_plans.fields import PartialDate
from lambeth_plans.rag import Judgement, Rag

#: Pounds and pence.
Money = Annotated[str, Field(pattern=r"^-?[0-9]+\.[0-9]{2}$", examples=["10000000.00"])]
#: A number in the unit of its indicator.
Figure = Annotated[str, Field(pattern=r"^-?[0-9]+(\.[0-9]+)?$", examples=["-6.6"])]
#: As precise as it is stated.
Day = Annotated[str, Field(pattern=r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$", examples=["2024-03"])]
RagWord = StrEnum("RagWord", {rating.name: rating.word for rating in Rag})


class Item(Schema):
    """One record. To point at another one, an item says its reference where there is one, else its key; what has no
    reference by nature (people, goals, sources) is called by its name. Its key stands beside it."""

    ref: str | None = Field(description="The reference the document prints; null where it prints none.")
    key: str = Field(description="Stable; tells it from all others of its kind in this plan (or council).")
    plan: str | None = Field(description="The plan's slug; null for what belongs to a council.")
    url: str = Field(description="The page on which people see it.", examples=["/plans/example-borough/"])


class Judged(Schema):
    """The colour of a figure, null where none may be given, and in either case the reason in a sentence."""

    rag: RagWord | None
    reason: str


def identity(state: PlanState, kind: str, fact: Any) -> dict[str, str | None]:
    """The four fields that a record of a plan begins with. `kind` is that of data-quality notes."""
    return {
        "ref": getattr(fact, "ref", "") or None,
        "key": fact.key,
        "plan": state.plan.slug,
        "url": record_url(state, kind, fact.key),
    }


def said(text: str) -> str | None:
    """A text, or null where nothing is stated."""
    return text or None


def money(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:.2f}"


def figure(value: Decimal | None) -> str | None:
    """All its digits and none of the zeros a database adds."""
    return None if value is None else f"{value.normalize() + 0:f}"


def day(date: PartialDate | None) -> str | None:
    return date.iso if date else None


def rated(rag: Rag | None) -> RagWord | None:
    return RagWord(rag.word) if rag else None


def judged(judgement: Judgement) -> Judged:
    return Judged(rag=rated(judgement.rag), reason=judgement.reason)


def ref(fact: Any) -> str | None:
    """How another record is pointed at: its reference, else its key; null where there is none."""
    return (fact.ref or fact.key) if fact else None


def key(fact: Any) -> str | None:
    return fact.key if fact else None


def name(fact: Any) -> str | None:
    """What people call it."""
    return str(fact) if fact else None


def refs(facts: Iterable[Any]) -> list[str]:
    return [fact.ref or fact.key for fact in facts if fact]


def names(facts: Iterable[Any]) -> list[str]:
    return [str(fact) for fact in facts if fact]
