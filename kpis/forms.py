"""One figure by hand, in the same grammar as a sheet of figures."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from kpis import figures
from kpis.held import FigureFacts
from kpis.models import Indicator, Outturn
from kpis.resources import LONGEST_NOTE
from lambeth_plans import periods
from lambeth_plans.accounts.versioned_forms import LongTextField, ReasonedForm
from lambeth_plans.periods import Period

SHORT = {"class": "govuk-input--width-10"}


class FigureForm(ReasonedForm):
    """A figure that is there, to be corrected. `facts` and `stated` are what to record, once it is valid."""

    figure = forms.CharField(
        max_length=60,
        widget=forms.TextInput(attrs=SHORT),
        error_messages={"required": "Enter a figure, or the word for why there is none, such as TBC."},
    )
    numerator = forms.CharField(required=False, max_length=40, widget=forms.TextInput(attrs=SHORT))
    denominator = forms.CharField(required=False, max_length=40, widget=forms.TextInput(attrs=SHORT))
    status = forms.ChoiceField(
        choices=[("", "Not stated"), *Outturn.Status.choices], required=False, widget=forms.RadioSelect
    )
    note = LongTextField(required=False, max_length=LONGEST_NOTE, rows=3)
    is_published = forms.BooleanField(
        required=False,
        label="Published elsewhere",
        help_text="Then everybody sees it, however few people it counts.",
    )

    class Meta:
        model = Outturn
        fields = ["status", "note", "is_published"]

    field_order = ["period", "figure", "numerator", "denominator", "status", "note", "is_published", "reason"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        outturn: Outturn = self.instance
        self.initial["figure"] = figures.written(outturn.value, outturn.reason)
        self.initial["numerator"] = figures.written(outturn.numerator, "")
        self.initial["denominator"] = figures.written(outturn.denominator, "")
        unit = outturn.indicator.get_unit_display() if outturn.indicator.unit else "unit not stated"
        self.fields["figure"].help_text = f"{unit}. {figures.EXAMPLE}"
        if not outturn.indicator.counts_people:
            self.keep_only(set(self.columns) - {"is_published"})

    @property
    def period(self) -> Period:
        return self.instance.period

    def _other_values(self) -> list:
        figures_held = Outturn.objects.filter(indicator=self.instance.indicator).exclude(value=None)
        rows = figures_held.values_list("period_kind", "period_start", "value")
        mine = (self.period.kind.value, self.period.start)
        return [value for kind, start, value in rows if (kind, start) != mine]

    def clean_figure(self) -> figures.Figure:
        try:
            figure = figures.parse(self.cleaned_data["figure"])
            if figure is None:
                raise ValueError(self.fields["figure"].error_messages["required"])
            figures.check(figure, unit=self.instance.indicator.unit, others=self._other_values())
        except ValueError as error:
            raise ValidationError(str(error)) from error
        return figure

    def _clean_count(self, name: str) -> Any:
        try:
            count = figures.parse_count(self.cleaned_data[name])
        except ValueError as error:
            raise ValidationError(str(error)) from error
        return None if count == figures.CLEAR else count

    def clean_numerator(self) -> Any:
        return self._clean_count("numerator")

    def clean_denominator(self) -> Any:
        denominator = self._clean_count("denominator")
        if denominator is not None and denominator <= 0:
            raise ValidationError("A denominator is more than 0.")
        return denominator

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        figure = cleaned.get("figure")
        for name in ("numerator", "denominator"):
            if figure and figure.value is None and cleaned.get(name) is not None:
                self.add_error(name, f"Without a figure there is no {name}. Leave it blank.")
        return cleaned

    @property
    def facts(self) -> FigureFacts:
        cleaned = self.cleaned_data
        figure = cleaned["figure"]
        return FigureFacts(figure.value, figure.reason, *(cleaned[name] for name in FigureFacts._fields[2:]))

    @property
    def stated(self) -> str:
        return self.cleaned_data["figure"].text


class NewFigureForm(FigureForm):
    """A figure for a period that has none yet."""

    period_text = forms.CharField(
        label="Period",
        help_text=f"For example {periods.ACCEPTED}.",
        max_length=40,
        widget=forms.TextInput(attrs=SHORT),
        error_messages={"required": "Enter the period."},
    )
    field_order = ["period_text", *FigureForm.field_order]

    def __init__(self, *args: Any, indicator: Indicator, today: date, **kwargs: Any) -> None:
        outturn = Outturn(indicator=indicator)
        outturn.period = periods.month_of(today)  # only until one is given
        super().__init__(*args, instance=outturn, **kwargs)
        self.today = today

    @property
    def period(self) -> Period:
        return self.cleaned_data.get("period_text") or self.instance.period

    def clean_period_text(self) -> Period:
        try:
            period = figures.parse_period(self.cleaned_data["period_text"], today=self.today)
        except ValueError as error:
            raise ValidationError(str(error)) from error
        there = Outturn.objects.filter(
            indicator=self.instance.indicator, period_kind=period.kind.value, period_start=period.start
        ).first()
        if there:
            words = figures.words(there.value, there.reason, self.instance.indicator.unit)
            raise ValidationError(f"There is a figure for {period.label} already: {words}. Correct that one.")
        return period
