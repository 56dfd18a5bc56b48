"""GET forms that narrow a register. Their choices come from the rows themselves, each with how many it would leave."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import capfirst, slugify

from activities.challenge import STALE_AFTER
from finance.ending import TOLD
from kpis.spc import Assurance, Variation
from lambeth_plans.dashboards.as_at import day_written
from lambeth_plans.dashboards.dated import Dated
from lambeth_plans.dashboards.facts import (
    ActivityFact,
    ContractFact,
    ContractStatus,
    EvidenceFact,
    ObjectiveFact,
)
from lambeth_plans.dashboards.indicator_lines import ORDERS, VARIATIONS, IndicatorLine, in_order
from lambeth_plans.dashboards.parts.spine import natural_order
from lambeth_plans.forms import FilterForm
from lambeth_plans.rag import Rag
from objectives.models import Plan

Objectives = Mapping[int, ObjectiveFact]
#: (value in the address, words)
Option = tuple[str, str]
NOT_STATED: Option = ("none", "Not stated")
NOT_COLOURED: Option = ("none", "No colour")
NOT_JUDGED: Option = ("none", "Not judged")
OVERDUE: Option = ("overdue", "Overdue")
ANSWERED: Option = ("yes", "Something answers it")
UNANSWERED: Option = ("no", "Nothing answers it")

RATINGS: tuple[Option, ...] = tuple((rag.value, rag.word) for rag in Rag)
COLOURS: tuple[Option, ...] = (*((rag.value, rag.word) for rag in (Rag.RED, Rag.AMBER, Rag.GREEN)), NOT_COLOURED)


class RegisterFilter(FilterForm):
    """`options_of` says for each choice which options a row has; `fixed` the options that are offered in any case."""

    text = forms.CharField(label="Words in it", required=False, max_length=100)

    options_of: dict[str, Callable[[Any], Iterable[Option]]] = {}
    fixed: dict[str, Sequence[Option]] = {}

    def __init__(self, data: Any, rows: Sequence[Any]) -> None:
        super().__init__(data)
        self.rows = rows
        for name, options_of in self.options_of.items():
            counts = Counter(option for row in rows for option in set(options_of(row)))
            offered = self.fixed.get(name) or sorted(counts, key=_not_stated_last)
            choices = [(value, f"{words} ({counts[value, words]})") for value, words in offered]
            self.fields[name].choices = [("", "All"), *choices]

    def narrowed(self) -> list:
        """The rows that fit every choice; a choice that is none of the options narrows nothing."""
        self.full_clean()
        chosen = {name: value for name, value in getattr(self, "cleaned_data", {}).items() if value}
        words = chosen.pop("text", "").casefold().split()
        return [
            row
            for row in self.rows
            if all(
                value in dict(self.options_of[name](row)) for name, value in chosen.items() if name in self.options_of
            )
            and all(word in self.words_of(row).casefold() for word in words)
        ]

    def words_of(self, row: Any) -> str:
        """Where the words are looked for."""
        raise NotImplementedError


def _not_stated_last(option: Option) -> tuple:
    return option == NOT_STATED, natural_order(option[1])


def _choice(label: str) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False)


def _named(*facts: Any) -> list[Option]:
    """Officers, objectives or goals as options; "not stated" where there is none."""
    return [(fact.key, str(fact)) for fact in facts if fact is not None] or [NOT_STATED]


def _as_written(words: str) -> list[Option]:
    return [(words, words)] if words else [NOT_STATED]


class ActivityFilter(RegisterFilter):
    """The plan's own words stand over its levels; `outer` is there in a plan of two."""

    rag = _choice("Rating")
    due = _choice("Due date")
    outer = _choice("Outer objective")
    objective = _choice("Objective")
    owner = _choice("Owner")
    member = _choice("Lead member")
    programme = _choice("Programme, project or saving")
    goal = _choice("Borough plan")

    field_order = ("text", "rag", "due", "outer", "objective", "owner", "member", "programme", "goal")
    options_of = {
        "rag": lambda activity: [(activity.rag.value, activity.rag.word)],
        "due": lambda activity: _due(activity),
        "objective": lambda activity: _objectives(activity),
        "owner": lambda activity: _named(activity.owner, *activity.further_owners),
        "member": lambda activity: _named(*activity.lead_members),
        "programme": lambda activity: _as_written(activity.programme),
        "goal": lambda activity: _named(activity.goal, *activity.further_goals),
    }
    fixed = {"rag": RATINGS, "due": (OVERDUE, ("stated", "Stated"), NOT_STATED)}

    def __init__(
        self, data: Any, rows: Sequence[ActivityFact], plan: Plan | None = None, wholes: Objectives | None = None
    ) -> None:
        outer = plan.outer_objective_word if plan else ""
        if outer:
            self.options_of = {**self.options_of, "outer": lambda activity: _wholes(activity, wholes or {})}
        super().__init__(data, rows)
        if not outer:
            del self.fields["outer"]
        for name, word in (("outer", outer), ("objective", plan.objective_word if plan else "")):
            if word:
                self.fields[name].label = capfirst(word)

    def words_of(self, row: ActivityFact) -> str:
        return f"{row.ref} {row.title} {row.programme} {row.owner_as_stated}"


def _objectives(activity: ActivityFact) -> list[Option]:
    """Those it also serves stand beside the one that leads it, or beside "not stated"."""
    return [
        *_named(activity.objective),
        *((objective.key, str(objective)) for objective in activity.further_objectives),
    ]


def _wholes(activity: ActivityFact, objectives: Objectives) -> list[Option]:
    """The outer objectives of those an activity serves; one that serves an outer one itself is found under it too."""
    served = [each for each in (activity.objective, *activity.further_objectives) if each]
    return _named(*(objectives.get(each.parent_id, each) for each in served))


def _due(activity: ActivityFact) -> list[Option]:
    if activity.due_date is None:
        return [NOT_STATED]
    return [("stated", "Stated"), *([OVERDUE] if activity.is_overdue else [])]


class IndicatorFilter(RegisterFilter):
    """Over the analysed lines of the digest; `sort` orders what is left."""

    rag = _choice("Rating")
    variation = _choice("Variation")
    assurance = _choice("Assurance")
    group = _choice("Group")
    owner = _choice("Owner")
    goal = _choice("Borough plan")
    sort = forms.ChoiceField(
        label="Order", required=False, choices=[(name, words) for name, (words, _) in ORDERS.items()]
    )

    field_order = ("text", "rag", "variation", "assurance", "group", "owner", "goal", "sort")
    options_of = {
        "rag": lambda line: _rating(line.indicator.rag),
        "variation": lambda line: _named_value(line.analysis.variation),
        "assurance": lambda line: _named_value(line.analysis.assurance),
        "group": lambda line: _as_written(line.indicator.group),
        "owner": lambda line: _named(line.indicator.owner),
        "goal": lambda line: _named(line.indicator.goal),
    }
    fixed = {
        "rag": COLOURS,
        "variation": (*((slugify(each), capfirst(each)) for each in VARIATIONS), NOT_JUDGED),
        "assurance": (*((slugify(each), capfirst(each)) for each in Assurance), NOT_JUDGED),
    }

    def words_of(self, row: IndicatorLine) -> str:
        indicator = row.indicator
        return f"{indicator.code} {indicator.title} {indicator.group} {indicator.kind_as_stated}"

    def in_order(self) -> list[IndicatorLine]:
        """The lines that fit every choice, in the chosen order."""
        narrowed = self.narrowed()
        return in_order(narrowed, self.order)

    @property
    def order(self) -> str:
        """The chosen order once the lines are narrowed; empty where none, or none there is, is chosen."""
        return getattr(self, "cleaned_data", {}).get("sort", "")


def _named_value(value: Variation | Assurance | None) -> list[Option]:
    return [(slugify(value), capfirst(value))] if value else [NOT_JUDGED]


def _rating(rag: Rag | None) -> list[Option]:
    return [(rag.value, rag.word)] if rag else [NOT_COLOURED]


class ContractFilter(RegisterFilter):
    status = _choice("Status")
    alert = _choice("Ends or needs notice")
    director = _choice("Director")

    field_order = ("text", "status", "alert", "director")
    options_of = {
        "status": lambda contract: [(contract.status.value, contract.status.words)],
        "alert": lambda contract: [(contract.alert.value, contract.alert.words)] if contract.alert else [],
        "director": lambda contract: _named(contract.director, *contract.further_directors),
    }
    fixed = {
        "status": tuple((status.value, status.words) for status in ContractStatus),
        "alert": tuple((stage.value, stage.words) for stage in TOLD),
    }

    def words_of(self, row: ContractFact) -> str:
        return f"{row.ref} {row.title} {row.supplier} {row.note}"


class FindingFilter(RegisterFilter):
    """Over the lines of the traceability matrix."""

    source = _choice("Where it was found")
    answered = _choice("Answered")

    field_order = ("text", "source", "answered")
    options_of = {
        "source": lambda line: _named(line.finding.source),
        "answered": lambda line: [ANSWERED if line.is_answered else UNANSWERED],
    }
    fixed = {"answered": (UNANSWERED, ANSWERED)}

    def words_of(self, row: Any) -> str:
        return f"{row.finding.ref} {row.finding.title} {row.finding.source}"


class EvidenceFilter(RegisterFilter):
    kind = _choice("Kind")
    theme = _choice("Theme")

    field_order = ("text", "kind", "theme")
    options_of = {
        "kind": lambda evidence: [(evidence.kind, evidence.kind_words)],
        "theme": lambda evidence: _as_written(evidence.theme),
    }

    def words_of(self, row: EvidenceFact) -> str:
        return f"{row.title} {row.sample} {row.grade} {row.theme} {row.summary}"


class DatedFilter(RegisterFilter):
    """Over everything that has a date, or should have one. Who answers for a milestone or an event is not stated."""

    kind = _choice("Kind")
    owner = _choice("Owner")

    field_order = ("text", "kind", "owner")
    options_of = {
        "kind": lambda item: [(slugify(item.kind), capfirst(item.kinds))],
        "owner": lambda item: _named(*item.owners),
    }

    def words_of(self, row: Dated) -> str:
        return f"{row.ref} {row.title} {row.as_stated}"


class ChangeFilter(FilterForm):
    """How far back; the form's own default where nothing, or nothing valid, is chosen."""

    DEFAULT = 30

    days = forms.TypedChoiceField(
        label="Changed in the last",
        required=False,
        coerce=int,
        empty_value=DEFAULT,
        choices=[(7, "7 days"), (30, "30 days"), (90, "90 days"), (365, "365 days")],
    )
    page = forms.IntegerField(required=False, min_value=1, max_value=1_000, widget=forms.HiddenInput)


class DayInput(forms.DateInput):
    """A browser shows nothing in a date field that is no day: what was typed stays to be seen as text."""

    input_type = "date"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        try:
            day_written(value or "2020-12-31")
        except ValueError:
            context["widget"]["type"] = "text"
        return context


class PastDayField(forms.CharField):
    """A day as the address of a page names it: 2020-12-31."""

    widget = DayInput(attrs={"class": "govuk-input--width-10"})

    def clean(self, value: str) -> date:
        try:
            return day_written(value)
        except ValueError as error:
            raise ValidationError(str(error)) from error


class HealthFilter(FilterForm):
    """After how many days a record counts as not touched, and which check is looked at."""

    DEFAULT = STALE_AFTER

    days = forms.IntegerField(
        label="Not touched for so many days",
        required=False,
        min_value=1,
        max_value=3_650,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-4", "inputmode": "numeric"}),
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), "Enter a whole number from 1 to 3650."),
    )
    check = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)
