"""The target of some periods and the rule that judges them, as an analyst types it."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from kpis import figures
from kpis.models import STANDINGS, Indicator, Target
from kpis.rule_changes import CONTENT, TOLERANCE, periods_between
from lambeth_plans import periods
from lambeth_plans.accounts.versioned_forms import ReasonForm
from lambeth_plans.periods import Period
from lambeth_plans.rag import Rag, RuleKind

NUMBERS = ("value", TOLERANCE, "lower", "upper")
SHORT = {"class": "govuk-input--width-10"}
NUMBER = "Leave it empty where the rule needs none."
AMBER = Rag.AMBER.word
RULES = {
    RuleKind.NONE: "None: the figure gets no colour",
    RuleKind.POINTS: f"So far from the target is {AMBER}, in the indicator’s own unit",
    RuleKind.PERCENT: f"So many percent of the target away is {AMBER}",
    RuleKind.BOUNDS: f"{Rag.GREEN.word} from the target on, {AMBER} as far as another number",
    RuleKind.BAND: f"{Rag.GREEN.word} inside a band, {AMBER} so far outside it",
    RuleKind.IMPROVEMENT: f"{Rag.GREEN.word} within so many percent; beyond that {AMBER} if no worse than last year",
}


def _number(label: str, help_text: str = NUMBER) -> forms.CharField:
    return forms.CharField(
        label=label, help_text=help_text, required=False, max_length=40, widget=forms.TextInput(attrs=SHORT)
    )


def _period(label: str, help_text: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=40,
        widget=forms.TextInput(attrs=SHORT),
        error_messages={"required": "Enter a period."},
    )


class RuleForm(ReasonForm):
    """Once it is valid, `wanted` has a target for each period, and `cleaned_data["seen"]` what was previewed."""

    first = _period("From", f"The first period, like {periods.ACCEPTED}.")
    last = _period("To", "The last period, of the same kind. Earlier and later ones keep the rule they have.")
    value = _number("Target")
    rule_kind = forms.ChoiceField(
        label="How the rating follows from it", choices=[(kind.value, label) for kind, label in RULES.items()]
    )
    amber = _number(f"How far {AMBER} reaches", "A distance or a percentage; with two numbers, the second number.")
    lower = _number("Lower edge of the band")
    upper = _number("Upper edge of the band")
    standing = forms.ChoiceField(label="Who says the target", choices=STANDINGS)
    tolerance_standing = forms.ChoiceField(
        label=f"Who says how far {AMBER} reaches", choices=[("", "Whoever says the target"), *STANDINGS], required=False
    )
    agreed_by = forms.CharField(
        label="Agreed by whom and when",
        help_text="Stands beside every rating, like: agreed by the performance board, April 2026.",
        required=False,
        max_length=150,
    )
    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    field_order = [
        *("first", "last", "value", "rule_kind", TOLERANCE, "lower", "upper"),
        *("standing", "tolerance_standing", "agreed_by", "reason", "seen"),
    ]

    def __init__(self, *args: Any, indicator: Indicator, latest: Target | None, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.indicator = indicator
        self.on = on
        if latest is not None:
            self.initial |= {
                "first": latest.period.label,
                "last": latest.period.label,
                "rule_kind": latest.rule_kind,
                "standing": latest.standing,
                "tolerance_standing": latest.tolerance_standing,
                "agreed_by": latest.agreed_by,
                **{name: figures.written(getattr(latest, name), "") for name in NUMBERS},
            }

    def _clean_period(self, name: str) -> Period:
        try:
            # A target may be set ahead, as far as anybody plans.
            return figures.parse_period(self.cleaned_data[name], today=date(periods.LATEST_YEAR, 1, 1))
        except ValueError as error:
            raise ValidationError(str(error)) from error

    def clean_first(self) -> Period:
        return self._clean_period("first")

    def clean_last(self) -> Period:
        return self._clean_period("last")

    def _clean_number(self, name: str) -> Decimal | None:
        try:
            figure = figures.parse(self.cleaned_data[name])
            if figure is not None and figure.value is None:
                raise ValueError(f"“{figure.text}” is no number.")
        except ValueError as error:
            raise ValidationError(str(error)) from error
        return figure.value if figure else None

    def clean_value(self) -> Decimal | None:
        return self._clean_number("value")

    def clean_amber(self) -> Decimal | None:
        return self._clean_number(TOLERANCE)

    def clean_lower(self) -> Decimal | None:
        return self._clean_number("lower")

    def clean_upper(self) -> Decimal | None:
        return self._clean_number("upper")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self.wanted: dict[Period, Target] = {}
        if self.errors:
            return cleaned
        try:
            for period in periods_between(cleaned["first"], cleaned["last"]):
                self.wanted[period] = self._target(period)
        except ValueError as error:
            self.add_error("last", str(error))
            return cleaned
        try:  # the rule is the same for all, so that one tells what is wrong with it
            next(iter(self.wanted.values())).full_clean(exclude={"indicator"}, validate_unique=False)
        except ValidationError as error:
            self.add_error(None, error.messages)
        if cleaned["standing"] == "agreed" and not cleaned["agreed_by"]:
            self.add_error("agreed_by", "Say who agreed it, and when.")
        return cleaned

    def _target(self, period: Period) -> Target:
        said = {name: self.cleaned_data[name] for name in CONTENT}
        return Target(indicator=self.indicator, period=period, **said)
