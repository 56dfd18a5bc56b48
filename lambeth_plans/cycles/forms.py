"""Handing over, as an administrator fills it in."""

from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django import forms
from django.utils import timezone

from lambeth_plans.accounts.models import Officer
from lambeth_plans.accounts.versioned_forms import DayField, ReasonForm, RecordChoiceField
from lambeth_plans.cycles.hand_over import Item, items_of


@dataclass(frozen=True)
class Choice:
    """An item with its tick."""

    item: Item
    is_chosen: bool


@dataclass(frozen=True)
class Group:
    """The items of one kind in one plan, or of the council."""

    label: str
    note: str
    choices: list[Choice]


class HandOverForm(ReasonForm):
    """To whom, which items, and from when. Items of plans that are over stay, unless they are ticked.

    Each tick carries the version its item was read with; `stale` are the ticked items that somebody else has changed
    or taken away since.
    """

    successor = RecordChoiceField(
        label="Hand over to", nothing="Choose somebody", error_messages={"required": "Choose who takes over."}
    )
    left_date = DayField(label="Left on", required=False, help_text="For example, 31/3/2021. Leave empty if they stay.")
    field_order = ("successor", "left_date", "reason")

    def __init__(self, leaver: Officer, data: Any = None) -> None:
        super().__init__(data)
        self.leaver = leaver
        self.items = items_of(leaver)
        others = Officer.objects.filter(council=leaver.council_id, left_date=None).exclude(pk=leaver.pk)
        self.fields["successor"].offer({officer.key: officer for officer in others}, label=_name_and_post)
        if leaver.left_date:
            del self.fields["left_date"]

    @property
    def ticked(self) -> dict[str, str]:
        """What is ticked, as posted: key → version."""
        values = [value.rpartition("/") for value in self.data.getlist("items")] if self.is_bound else []
        return {key: version for key, _, version in values if key}

    @property
    def chosen(self) -> list[Item]:
        """The ticked items; before anything is posted, those of plans that are not over."""
        if not self.is_bound:
            return [item for item in self.items if not item.is_history]
        return [item for item in self.items if item.key in self.ticked]

    @property
    def stale(self) -> list[Item]:
        """The ticked items that are not any more as they were read."""
        ticked = self.ticked
        return [item for item in self.chosen if ticked.get(item.key) != str(item.record.version)]

    @property
    def gone(self) -> list[str]:
        """The keys of ticked items that do not name the officer any more."""
        present = {item.key for item in self.items}
        return [key for key in self.ticked if key not in present]

    @property
    def is_stale(self) -> bool:
        return self.is_bound and bool(self.stale or self.gone)

    @property
    def groups(self) -> list[Group]:
        chosen = {item.key for item in self.chosen}
        grouped = groupby(self.items, key=lambda item: (item.register, item.plan))
        return [
            Group(
                f"{register.several.capitalize()}{f': {plan}' if plan else ''}",
                "This plan is over: they stay as they are, unless you tick them." if plan and plan.is_closed else "",
                [Choice(item, item.key in chosen) for item in items],
            )
            for (register, plan), items in grouped
        ]

    def clean_left_date(self) -> date | None:
        left = self.cleaned_data["left_date"]
        if left and left > timezone.localdate():
            raise forms.ValidationError("Give the day once it has come: from then on they answer for nothing.")
        return left

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.chosen and not self.gone and not cleaned.get("left_date"):
            self.add_error(None, "Tick at least one item to hand over.")
        return cleaned


def _name_and_post(officer: Officer) -> str:
    return f"{officer.name}, {officer.post}" if officer.post and officer.post != officer.name else officer.name
