"""A risk on its owner's monthly sheet: the score it has now."""

from typing import Any

from django import forms

from lambeth_plans.accounts.versioned_forms import LongTextField
from risks.models import Risk, RiskScore, RiskStep
from risks.scoring import HIGHEST_TOTAL, Weights, refusal
from risks.seen import OpenedOnScore


class RiskUpdateForm(OpenedOnScore):
    """A new current score of a risk, as a total or, where it has a matrix, as likelihood and impact, and why.

    `steps` are those of the risk's matrix, `now` its current score or None.
    """

    total = forms.IntegerField(
        label="Score now",
        required=False,
        min_value=1,
        max_value=HIGHEST_TOTAL,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-3", "inputmode": "numeric"}),
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"), f"Enter a whole number from 1 to {HIGHEST_TOTAL}."
        ),
    )
    likelihood = forms.TypedChoiceField(label="Likelihood now", required=False, coerce=int, empty_value=None)
    impact = forms.TypedChoiceField(label="Impact now", required=False, coerce=int, empty_value=None)
    because = LongTextField(label="Why", required=False, max_length=2_000, rows=2)

    mark_optional = False

    class Meta:
        model = Risk
        fields: list[str] = []

    def __init__(self, *args: Any, steps: list[RiskStep], now: RiskScore | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.error_prefix = self.name
        self.open_on(now)
        self.has_matrix = bool(steps)
        self.weights = Weights(
            *(tuple(step.weight for step in steps if step.axis == axis) for axis in RiskStep.Axis.values)
        )
        for name in ("likelihood", "impact"):
            self.fields[name].choices = [
                ("", "No new score"),
                *((step.weight, str(step)) for step in steps if step.axis == name),
            ]
        for name in ("total",) if self.has_matrix else ("likelihood", "impact"):
            del self.fields[name], self.columns[name]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        names = ("likelihood", "impact") if self.has_matrix else ("total",)
        missing = [name for name in names if name in cleaned and cleaned[name] is None]
        if missing:
            self.add_error(missing[0], "Give the score." if not self.has_matrix else "Give likelihood and impact.")
        elif not cleaned.get("because"):
            self.add_error("because", "Say why the score is so now.")
        elif not self.errors and self.instance.matrix_id and (said := refusal(self.weights, score=self.score)):
            self.add_error(names[0], said)
        return cleaned

    @property
    def score(self) -> int:
        cleaned = self.cleaned_data
        return cleaned["likelihood"] * cleaned["impact"] if self.has_matrix else cleaned["total"]
