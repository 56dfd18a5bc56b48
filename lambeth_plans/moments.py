"""Moments of the past: a time, or the instant of a publication, and which rows of history belong to it."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Model, Q


class Sealed(datetime):
    """The moment of a publication. `marks` says of each model's history, by label, which row was the last one then:
    the clocks of several servers do not tell reliably what was written before it, the numbers of the rows do.

    It goes wherever a past moment goes: `rows` and `was_held` heed the marks. `earlier` are the publications before it,
    the oldest first, for a reader who sees nothing of what came between two of them; None for everybody else.
    """

    marks: Mapping[str, int]
    earlier: "tuple[Sealed, ...] | None"

    @classmethod
    def of(cls, moment: datetime, marks: Mapping[str, int], earlier: "tuple[Sealed, ...] | None" = None) -> "Sealed":
        sealed = cls.combine(moment.date(), moment.timetz())
        sealed.marks, sealed.earlier = marks, earlier
        return sealed


def held_by(model: type[Model], at: datetime) -> Q:
    """Which history rows of a model are part of what is seen at a moment."""
    held = Q(history_date__lte=at)
    return held & Q(history_id__lte=at.marks.get(model._meta.label, 0)) if isinstance(at, Sealed) else held


def was_held(model: type[Model], entry: Any, at: datetime) -> bool:
    """Whether a history row of a model is part of what is seen at a moment, or came later."""
    if isinstance(at, Sealed) and entry.history_id > at.marks.get(model._meta.label, 0):
        return False
    return entry.history_date <= at


def told_until(model: type[Model], entries: Iterable[Any], at: datetime) -> list[Any]:
    """The history rows of a model that are told at a moment, in their order; to a reader of publications only those
    that were in force at one: what was written and written over between two of them was never published."""
    held = sorted((entry for entry in entries if was_held(model, entry, at)), key=lambda entry: entry.history_id)
    if not isinstance(at, Sealed) or at.earlier is None:
        return held
    told = {}
    for moment in (*at.earlier, at):
        in_force = {entry.id: entry for entry in held if was_held(model, entry, moment)}  # the last one of each
        told.update({entry.history_id: entry for entry in in_force.values()})
    return [told[number] for number in sorted(told)]
