"""A risk, and a new score for it."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from lambeth_plans.accounts.models import Officer
from lambeth_plans.accounts.versioned_forms import (
    DayField,
    LongTextField,
    PartialDateInput,
    ReasonedForm,
    RecordChoiceField,
)
from lambeth_plans.fields import PartialDate
from risks.models import Risk, RiskScore, RiskStep

HIGHEST_TOTAL = 100


class RiskForm(ReasonedForm):
    """A risk's title, owner and review date, and a dated score if one is given.

    The score is a total, or likelihood and impact where the risk has a matrix. `new_score` is what to add, or None.
    """

    title = LongTextField(max_length=500, rows=3)
    owner = RecordChoiceField(nothing="Not stated", required=False)
    review_date = PartialDateInput(
        label="Review date", required=False, help_text="A day, a month or a year, like 31/03/2021 or March 2021."
    )
    score_kind = forms.ChoiceField(
        label="New score: which one",
        choices=RiskScore.Kind.choices,
        initial=RiskScore.Kind.CURRENT.value,
        widget=forms.RadioSelect(attrs={"class": "govuk-radios--inline"}),
    )
    total = forms.IntegerField(
        label="New score",
        help_text="Leave it empty to keep the score.",
        required=False,
        min_value=1,
        max_value=HIGHEST_TOTAL,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-3", "inputmode": "numeric"}),
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"), f"Enter a whole number from 1 to {HIGHEST_TOTAL}."
        ),
    )
    likelihood = forms.TypedChoiceField(
        label="New likelihood", help_text="Leave it empty to keep the score.", required=False, coerce=int
    )
    impact = forms.TypedChoiceField(label="New impact", required=False, coerce=int)
    scored_date = DayField(label="Scored on", required=False, help_text="Like 31/03/2021. Needed with a new score.")

    class Meta:
        model = Risk
        fields = ["title", "owner", "review_date"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        risk: Risk = self.instance
        officers = Officer.objects.filter(council=risk.plan.council, left_date=None).order_by("name")
        self.fields["owner"].offer({officer.key: officer for officer in officers})
        steps = list(RiskStep.objects.filter(matrix=risk.matrix_id).order_by("weight")) if risk.matrix_id else []
        for name in ("likelihood", "impact"):
            choices = [(step.weight, str(step)) for step in steps if step.axis == name]
            self.fields[name].choices = [("", "No new score"), *choices]
        self.has_matrix = bool(steps)
        now = RiskScore.objects.filter(risk=risk, kind=RiskScore.Kind.CURRENT).order_by("scored_date").last()
        if now:
            self.fields[
                "score_kind"
            ].help_text = f"The current score is {now.score}, of {now.scored_date.day} {now.scored_date:%B %Y}."
        for name in ("total",) if self.has_matrix else ("likelihood", "impact"):
            del self.fields[name]
            del self.columns[name]

    def clean_scored_date(self) -> Any:
        scored = self.cleaned_data["scored_date"]
        last = self.instance.plan.read_as_at(timezone.localdate())
        if scored and scored > last:
            raise ValidationError(f"A score of this plan is dated {PartialDate.of(last)} or earlier.")
        return scored

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        parts = [cleaned.get(name) for name in ("likelihood", "impact")] if self.has_matrix else [cleaned.get("total")]
        if any(parts) and not all(parts):
            self.add_error("likelihood" if not parts[0] else "impact", "Give likelihood and impact together.")
        if any(parts) and "scored_date" in cleaned and not cleaned["scored_date"]:
            self.add_error("scored_date", "Say on which day the risk was scored.")
        if cleaned.get("scored_date") and not any(parts):
            first = "likelihood" if self.has_matrix else "total"
            if first not in self.errors:
                self.add_error(first, "Give the new score, or leave its date empty.")
        return cleaned

    @property
    def new_score(self) -> RiskScore | None:
        cleaned, risk = self.cleaned_data, self.instance
        if not cleaned["scored_date"]:
            return None
        score = RiskScore(
            risk=risk, kind=cleaned["score_kind"], scored_date=cleaned["scored_date"], reason=cleaned["reason"]
        )
        if self.has_matrix:
            score.matrix, score.likelihood, score.impact = risk.matrix, cleaned["likelihood"], cleaned["impact"]
            score.score = score.likelihood * score.impact
        else:
            score.score = cleaned["total"]
        return score
