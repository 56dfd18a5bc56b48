"""Handing over and rolling forward, as an administrator fills them in."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any

from django import forms
from django.utils import timezone

from kpis import figures
from lambeth_plans.accounts.models import Officer
from lambeth_plans.accounts.versioned_forms import DayField, ReasonForm, RecordChoiceField
from lambeth_plans.cycles.hand_over import Item, items_of
from lambeth_plans.cycles.roll_forward import KINDS, Candidate, candidates, fingerprint, next_dates, target_period
from lambeth_plans.forms import FormError
from objectives.models import Plan


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


@dataclass(frozen=True)
class Line:
    """A candidate with its tick and, for an indicator, the new target as it was typed."""

    candidate: Candidate
    is_carried: bool
    target: str = ""
    error: str = ""

    @property
    def target_name(self) -> str:
        return f"target-{self.candidate.record.key}"


def _day_errors(which: str) -> dict[str, str]:
    return {"required": f"Enter the {which} day.", "invalid": "Write the day like 31/03/2021."}


class RollForwardForm(ReasonForm):
    """The next plan's name and days, what goes along, and new targets. What was open is ticked at first."""

    title = forms.CharField(max_length=200, error_messages={"required": "Enter the title of the next plan."})
    start_date = DayField(label="First day", error_messages=_day_errors("first"))
    end_date = DayField(label="Last day", error_messages=_day_errors("last"))
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=16)
    field_order = ("title", "start_date", "end_date", "reason")

    def __init__(self, plan: Plan, data: Any = None) -> None:
        start, end = next_dates(plan)
        super().__init__(data, initial={"title": plan.title, "start_date": start, "end_date": end})
        self.plan = plan
        self.candidates = candidates(plan)
        self.now = fingerprint(self.candidates)
        self.initial["seen"] = self.now
        self.targets: dict[str, Decimal] = {}
        self.target_errors: dict[str, str] = {}

    @property
    def carry(self) -> set[str]:
        """What is ticked; before anything is posted, what is open."""
        if not self.is_bound:
            return {candidate.key for candidate in self.candidates if candidate.is_open}
        present = {candidate.key for candidate in self.candidates}
        return set(self.data.getlist("carry")) & present

    @property
    def is_stale(self) -> bool:
        """Whether a record was added or changed since the page was opened, so that nobody decided about it."""
        return self.is_bound and self.data.get("seen") != self.now

    def open_on_newest(self) -> None:
        self.data = self.data.copy()
        self.data["seen"] = self.now

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        start, end = cleaned.get("start_date"), cleaned.get("end_date")
        if start and end and end <= start:
            self.add_error("end_date", "A plan ends after it starts.")
        if start and start <= self.plan.start_date:
            self.add_error("start_date", f"The next plan begins after {self.plan} has begun.")
        elif start:
            self._clean_targets(start)
        return cleaned

    def _clean_targets(self, start: date) -> None:
        period = target_period(start)
        for candidate in self.candidates:
            text = self._typed(candidate)
            if not text or candidate.key not in self.carry:
                continue
            try:
                self.targets[candidate.record.key] = _target(candidate, text, period)
            except ValueError as error:
                self.target_errors[candidate.key] = str(error)
        if self.target_errors:
            self.add_error(None, "Put the new targets right that are marked below.")

    def _typed(self, candidate: Candidate) -> str:
        if not self.is_bound or candidate.kind != "indicator":
            return ""
        return self.data.get(f"target-{candidate.record.key}", "").strip()

    @property
    def tables(self) -> list[tuple[str, list[Line]]]:
        """The candidates kind by kind, with what was ticked and typed."""
        carry = self.carry
        lines: dict[str, list[Line]] = {}
        for each in self.candidates:
            line = Line(each, each.key in carry, self._typed(each), self.target_errors.get(each.key, ""))
            lines.setdefault(each.kind, []).append(line)
        return [(kind, found) for kind, found in lines.items() if found]

    @property
    def counts(self) -> list[tuple[str, int, int]]:
        """Kind by kind: its words, how many are carried over and how many are retired."""
        carry = self.carry
        found = []
        for kind, (_, _, several) in KINDS.items():
            keys = [candidate.key for candidate in self.candidates if candidate.kind == kind]
            carried = sum(key in carry for key in keys)
            if keys:
                found.append((several.capitalize(), carried, len(keys) - carried))
        return found

    def error_lines(self) -> Any:
        yield from super().error_lines()
        for key, text in self.target_errors.items():
            name = key.partition("/")[2]
            yield FormError(f"{name}: {text}", f"#target-{name}")


def _target(candidate: Candidate, text: str, period: Any) -> Decimal:
    """Raises ValueError where the text is no target of this indicator."""
    figure = figures.parse(text[:100])
    indicator = candidate.record.indicator
    if figure is None or figure.value is None:
        raise ValueError(f"“{text[:40]}” is no target. Write a figure, or leave it empty.")
    figures.check(figure, unit=indicator.unit)
    if indicator.targets.filter(period_kind=period.kind.value, period_start=period.start).exists():
        raise ValueError(f"There is a target for {period} already. Leave it empty here.")
    return figure.value
