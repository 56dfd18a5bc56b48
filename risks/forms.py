"""Forms over risks: what an analyst changes, what keeps a risk down, and what its owner scores."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.utils import timezone

from lambeth_plans.accounts.models import Officer
from lambeth_plans.accounts.tables import EditableTable
from lambeth_plans.accounts.versioned_forms import (
    DayField,
    LongTextField,
    PartialDateInput,
    ReasonedForm,
    RecordChoiceField,
    RecordsChoiceField,
    VersionedForm,
)
from lambeth_plans.fields import PartialDate
from objectives.models import Plan
from risks.models import Mitigation, Risk, RiskScore, RiskStep
from risks.scoring import HIGHEST_TOTAL
from risks.seen import OpenedOnScore

NUMBER = {"class": "govuk-input--width-3", "inputmode": "numeric"}
#: Links of a risk within its plan, by field.
OF_PLAN = ("objectives", "indicators", "savings", "contracts")


def _total(label: str, help_text: str) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        help_text=help_text,
        required=False,
        min_value=1,
        max_value=HIGHEST_TOTAL,
        widget=forms.TextInput(attrs=NUMBER),
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"), f"Enter a whole number from 1 to {HIGHEST_TOTAL}."
        ),
    )


class ScoringForm(ReasonedForm):
    """A score: likelihood and impact where the risk has a matrix, else a total alone.

    `new_score` is what to add, or None. Whether a score is asked for stays with who derives from this.
    """

    total = _total("New score", "Leave it empty to keep the score.")
    likelihood = forms.TypedChoiceField(
        label="New likelihood", help_text="Leave it empty to keep the score.", required=False, coerce=int
    )
    impact = forms.TypedChoiceField(label="New impact", required=False, coerce=int)

    class Meta:
        model = Risk
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        risk: Risk = self.instance
        steps = list(RiskStep.objects.filter(matrix=risk.matrix_id).order_by("weight")) if risk.matrix_id else []
        for name in ("likelihood", "impact"):
            choices = [(step.weight, self.step_label(step)) for step in steps if step.axis == name]
            self.fields[name].choices = [*self.no_step, *choices]
        self.has_matrix = bool(steps)
        for name in ("total",) if self.has_matrix else ("likelihood", "impact"):
            del self.fields[name]
            del self.columns[name]
        self.last_day = risk.plan.read_as_at(timezone.localdate())

    no_step: tuple[tuple[str, str], ...] = (("", "No new score"),)

    def step_label(self, step: RiskStep) -> str:
        """How a step is offered."""
        return str(step)

    @property
    def parts(self) -> list[int | None]:
        """What of a score is given: likelihood and impact, or the total."""
        names = ("likelihood", "impact") if self.has_matrix else ("total",)
        return [self.cleaned_data.get(name) or None for name in names]

    def score(self, kind: str, **facts: Any) -> RiskScore:
        """The score that was given, on the risk's matrix."""
        score = RiskScore(risk=self.instance, kind=kind, reason=self.cleaned_data["reason"], **facts)
        score.matrix = self.instance.matrix
        if self.has_matrix:
            score.likelihood, score.impact = self.parts
            score.score = score.likelihood * score.impact
        else:
            (score.score,) = self.parts
        return score


class RiskForm(ScoringForm):
    """Everything that an analyst changes of a risk, and a dated score if one is given."""

    title = LongTextField(max_length=500, rows=3)
    cause = LongTextField(required=False, rows=3)
    event = LongTextField(label="What may happen", required=False, rows=3)
    effect = LongTextField(required=False, rows=3)
    owner = RecordChoiceField(nothing="Not stated", required=False)
    review_date = PartialDateInput(
        label="Review date", required=False, help_text="A day, a month or a year, like 31/03/2021 or March 2021."
    )
    objectives = RecordsChoiceField(required=False)
    indicators = RecordsChoiceField(required=False)
    savings = RecordsChoiceField(required=False)
    contracts = RecordsChoiceField(required=False)
    plans = RecordsChoiceField(label="Further plans", required=False)
    score_kind = forms.ChoiceField(
        label="New score: which one",
        choices=RiskScore.Kind.choices,
        initial=RiskScore.Kind.CURRENT.value,
        widget=forms.RadioSelect(attrs={"class": "govuk-radios--inline"}),
    )
    scored_date = DayField(label="Scored on", required=False, help_text="Like 31/03/2021. Needed with a new score.")
    due_date = PartialDateInput(
        label="Target to be reached by", required=False, help_text="Only with a new target score, like March 2021."
    )

    field_order = (
        *("title", "cause", "event", "effect", "owner", "proximity", "review_date"),
        *(*OF_PLAN, "plans", "score_kind", "total", "likelihood", "impact", "scored_date", "due_date"),
    )

    class Meta:
        model = Risk
        fields = ("title", "cause", "event", "effect", "owner", "proximity", "review_date", *OF_PLAN, "plans")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        risk: Risk = self.instance
        officers = Officer.objects.filter(council=risk.plan.council, left_date=None).order_by("name")
        self.fields["owner"].offer({officer.key: officer for officer in officers})
        self.fields["proximity"].choices = [("", "Not stated"), *Risk.Proximity.choices]
        for name in OF_PLAN:
            rows = Risk._meta.get_field(name).related_model._default_manager.filter(plan=risk.plan)
            self.fields[name].offer({row.key: row for row in rows.order_by("order", "key")}, _named)
        others = Plan.objects.filter(council=risk.plan.council).exclude(pk=risk.plan_id)
        self.fields["plans"].offer({plan.slug: plan for plan in others}, lambda plan: plan.title)
        for name in (*OF_PLAN, "plans"):
            if not self.fields[name].choices:
                del self.fields[name], self.columns[name]
        now = RiskScore.objects.filter(risk=risk, kind=RiskScore.Kind.CURRENT).order_by("scored_date").last()
        if now:
            day = PartialDate.of(now.scored_date)
            self.fields["score_kind"].help_text = f"The current score is {now.score}, of {day}."

    @property
    def groups(self) -> list[tuple[str, list[BoundField]]]:
        """The fields by what they are about, for the page."""
        about = {"What it threatens": (*OF_PLAN, "plans"), "Score": self._of_score}
        rest = [name for name in self.fields if not any(name in names for names in about.values())]
        reason = rest.pop()
        found = [("", rest), *about.items(), ("", [reason])]
        return [
            (title, [self[name] for name in names if name in self.fields and name != "version"])
            for title, names in found
        ]

    _of_score = ("score_kind", "total", "likelihood", "impact", "scored_date", "due_date")

    def clean_scored_date(self) -> Any:
        scored = self.cleaned_data["scored_date"]
        if scored and scored > self.last_day:
            raise ValidationError(f"A score of this plan is dated {PartialDate.of(self.last_day)} or earlier.")
        return scored

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        parts = self.parts
        first = "likelihood" if self.has_matrix else "total"
        if any(parts) and not all(parts):
            self.add_error("impact" if parts[0] else "likelihood", "Give likelihood and impact together.")
        if any(parts) and "scored_date" in cleaned and not cleaned["scored_date"]:
            self.add_error("scored_date", "Say on which day the risk was scored.")
        if cleaned.get("scored_date") and not any(parts) and first not in self.errors:
            self.add_error(first, "Give the new score, or leave its date empty.")
        if cleaned.get("due_date") and (cleaned.get("score_kind") != RiskScore.Kind.TARGET or not any(parts)):
            self.add_error("due_date", "Only a new target score has a date by which it is to be reached.")
        if not self.errors and (score := self.new_score) and (said := score.refusal()):
            self.add_error(first, said)
        return cleaned

    @property
    def new_score(self) -> RiskScore | None:
        cleaned = self.cleaned_data
        if not cleaned["scored_date"]:
            return None
        return self.score(cleaned["score_kind"], scored_date=cleaned["scored_date"], due_date=cleaned["due_date"])


def _named(record: Any) -> str:
    ref = getattr(record, "ref", "") or getattr(record, "code", "")
    return f"{ref} {record.title}".strip()


class RescoreForm(OpenedOnScore, ScoringForm):
    """What the owner of a risk scores, today: the words of each step stand beside it."""

    total = _total("The score now", "A whole number.")
    likelihood = forms.TypedChoiceField(label="How likely is it now?", coerce=int, widget=forms.RadioSelect)
    impact = forms.TypedChoiceField(label="How bad would it be?", coerce=int, widget=forms.RadioSelect)
    review_date = PartialDateInput(
        label="Next review", required=False, help_text="A day, a month or a year, like 31/03/2021 or March 2021."
    )
    no_step = ()
    field_order = ("likelihood", "impact", "total", "review_date")

    class Meta:
        model = Risk
        fields = ("review_date",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.has_matrix:
            self.fields["total"].required = True
            self.fields["total"].error_messages["required"] = "Enter the score."
        self.fields["reason"].label = "Why this score"
        current = RiskScore.objects.filter(risk=self.instance, kind=RiskScore.Kind.CURRENT)
        self.open_on(current.order_by("scored_date").last())

    def step_label(self, step: RiskStep) -> str:
        return f"{step}: {step.description}" if step.description else str(step)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.errors and all(self.parts) and (said := self.new_score.refusal()):
            self.add_error("likelihood" if self.has_matrix else "total", said)
        return cleaned

    @property
    def new_score(self) -> RiskScore:
        return self.score(RiskScore.Kind.CURRENT, scored_date=self.last_day)


class MitigationRow(VersionedForm):
    """A control or a further action as a row of a table."""

    kind = forms.ChoiceField(label="Which", required=False, choices=[("", "Not stated"), *Mitigation.Kind.choices])
    text = LongTextField(label="What keeps the risk down", max_length=500, rows=2)
    activity = RecordChoiceField(label="Is an activity of the plan", nothing="No", required=False)

    class Meta:
        model = Mitigation
        fields = ("kind", "text", "activity")

    def __init__(self, *args: Any, activities: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["activity"].offer(activities, _named)


class MitigationTable(EditableTable):
    """What keeps a risk down."""

    form_class = MitigationRow
    widths = {"text": "one-half"}
    noun, nouns = "mitigation", "mitigations"

    def __init__(self, risk: Risk, mitigations: Iterable[Mitigation], data: Any = None) -> None:
        rows = Mitigation._meta.get_field("activity").related_model._default_manager.filter(plan=risk.plan)
        activities = {activity.key: activity for activity in rows.order_by("order", "key")}
        super().__init__(mitigations, new=lambda: Mitigation(risk=risk), data=data, activities=activities)
