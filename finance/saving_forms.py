"""A saving, its years on a page of their own, and one year of it on a director's monthly sheet."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from finance.adding_up import is_monitored, later_year
from finance.forms import PoundsField
from finance.models import Saving, SavingYear
from lambeth_plans import periods
from lambeth_plans.accounts.models import Division, Officer
from lambeth_plans.accounts.tables import EditableTable
from lambeth_plans.accounts.versioned_forms import (
    LongTextField,
    ReasonedForm,
    ReasonForm,
    RecordChoiceField,
    RecordsChoiceField,
    VersionedForm,
)
from lambeth_plans.forms import FormError
from lambeth_plans.periods import PeriodKind
from lambeth_plans.rag import SavingStatus
from objectives.models import Objective

AMOUNTS = ["delivered", "forecast", "slipped", "slipped_to", "undeliverable", "over_delivered"]
STANDING = ["status", "status_reason", "mitigated_by"]
LONGEST_REASON = 2_000


class SavingYearForm(VersionedForm):
    """What became of the plan of one year, and how it stands. The model says whether it adds up."""

    delivered = PoundsField()
    forecast = PoundsField(label="Forecast", help_text="Still to come, beside what is delivered.")
    slipped = PoundsField()
    slipped_to = forms.CharField(
        required=False,
        max_length=30,
        label="Slipped to",
        help_text="A later year, like 2021/22.",
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10"}),
    )
    undeliverable = PoundsField(label="Not deliverable")
    over_delivered = PoundsField(label="Over-delivered", help_text="More than was planned.")
    status = forms.ChoiceField(
        required=False, choices=[("", "Not stated"), *((each.value, each.word) for each in SavingStatus)]
    )
    status_reason = LongTextField(label="Why it stands so", required=False, max_length=LONGEST_REASON, rows=2)
    mitigated_by = LongTextField(label="Mitigated by", required=False, max_length=LONGEST_REASON, rows=2)

    class Meta:
        model = SavingYear
        fields = [*AMOUNTS, *STANDING]

    def clean_slipped_to(self) -> str:
        text = self.cleaned_data["slipped_to"]
        try:
            return later_year(text, self.instance.period_start) if text else ""
        except ValueError as error:
            raise ValidationError(str(error)) from error

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        status = cleaned.get("status")
        is_silent = "status_reason" not in self.errors and not cleaned.get("status_reason")
        if status and SavingStatus(status).needs_reason and is_silent:
            self.add_error("status_reason", f"Say why it is {SavingStatus(status).word.lower()}.")
        return cleaned

    @property
    def amounts(self) -> list[forms.BoundField]:
        return [self[name] for name in self.columns if name not in (*STANDING, "is_unchanged")]

    @property
    def standing(self) -> list[forms.BoundField]:
        return [self[name] for name in self.columns if name in STANDING]


class SavingOnSheet(SavingYearForm):
    """A year on the monthly sheet, where its errors name it. Of one that tells what became of its plan it can be said
    that this still holds."""

    is_unchanged = forms.BooleanField(
        label="No change since the last time",
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "govuk-checkboxes--small"}),
    )
    mark_optional = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.error_prefix = self.name
        if not is_monitored(self.instance):
            del self.fields["is_unchanged"], self.columns["is_unchanged"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("is_unchanged") and self.touched != ["is_unchanged"]:
            self.add_error("is_unchanged", "You changed something too: take the tick away, or the change.")
        return cleaned


class SavingYearRow(SavingYearForm):
    """A year as part of a page with all of them; for one that is added, which it is."""

    year = forms.CharField(
        required=False, max_length=30, help_text="Like 2021/22.",
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10"}),
    )  # fmt: skip
    planned = PoundsField()

    class Meta(SavingYearForm.Meta):
        fields = ["year", "planned", *SavingYearForm.Meta.fields]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(self.Meta.fields)
        self.columns = {name: self.columns[name] for name in self.Meta.fields}
        for name, label in self.columns.items():
            self.fields[name].label = label  # its own part of the page names the year
            self.fields[name].widget.attrs.pop("label", None)
        if not self.is_new:
            del self.fields["year"], self.columns["year"]

    def clean_year(self) -> str:
        """Where nothing but a year can be wrong with a new one, its period must be known before the rest is judged."""
        text = self.cleaned_data["year"]
        if not text:
            raise ValidationError("Say which year it is, like 2021/22.")
        try:
            period = periods.parse(text)
        except ValueError as error:
            raise ValidationError(str(error)) from error
        self.instance.period = period
        same = {"period_kind": period.kind.value, "period_start": period.start}
        if SavingYear.objects.filter(saving=self.instance.saving, **same).exists():
            raise ValidationError(f"This saving has {period} already. Change it there.")
        return text


class SavingTable(EditableTable):
    """The years of one saving, and room for a further one."""

    form_class = SavingYearRow
    noun, nouns = "year", "years"
    #: What only the database found out.
    refused = ""

    def __init__(self, saving: Saving, data: QueryDict | None = None) -> None:
        self.is_bound = data is not None
        self.reason = ReasonForm(data)
        self.rows = []
        for year in SavingYear.objects.filter(saving=saving).select_related("saving"):
            prefix = f"row-{_place(year)}"
            posted = data if data is not None and f"{prefix}-version" in data else None
            self.rows.append(SavingYearRow(posted, instance=year, prefix=prefix, row_name=str(year)))
        new = SavingYear(saving=saving)
        self.rows.append(
            SavingYearRow(data, instance=new, prefix="new-1", row_name="A further year", empty_permitted=True)
        )

    def error_lines(self) -> Iterable[FormError]:
        if self.refused:
            yield FormError(self.refused)
        yield from super().error_lines()


def _place(year: SavingYear) -> str:
    """What the names of a year's fields begin with: "2020" for a financial year, else with its kind."""
    start = year.period_start
    return str(start.year) if year.period_kind == PeriodKind.YEAR else f"{year.period_kind}-{start:%Y%m%d}"


class SavingForm(ReasonedForm):
    """A saving itself: whose it is, of what kind, what delivers it and what it may hurt."""

    title = forms.CharField(max_length=250)
    owner = RecordChoiceField(nothing="Not stated", required=False)
    division = RecordChoiceField(nothing="Not stated", required=False)
    kind = forms.ChoiceField(
        label="Cash or cost avoidance",
        help_text="Cost avoidance is never added to cash.",
        required=False,
        choices=[("", "Not stated"), *Saving.Kind.choices],
    )
    recurrence = forms.ChoiceField(
        label="Recurrent or one-off", required=False, choices=[("", "Not stated"), *Saving.Recurrence.choices]
    )
    base_budget = PoundsField(label="Base budget, in pounds")
    investment_made = PoundsField(label="Invested so far, in pounds")
    investment_needed = PoundsField(label="Investment still needed, in pounds")
    details = LongTextField(label="How", required=False, max_length=20_000, rows=5)
    objectives = RecordsChoiceField(label="What it serves", required=False)
    activities = RecordsChoiceField(label="What delivers it", required=False)
    indicators = RecordsChoiceField(label="Indicators it may hurt", required=False)

    class Meta:
        model = Saving
        fields = [
            "title", "owner", "division", "kind", "recurrence", "base_budget", "investment_made", "investment_needed",
            "details", "objectives", "activities", "indicators",
        ]  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plan = self.instance.plan
        of_council = {"council": plan.council_id}
        self._offer("owner", Officer.objects.filter(left_date=None, **of_council).order_by("name"), str)
        self._offer("division", Division.objects.filter(**of_council), str)
        self._offer("objectives", Objective.objects.filter(plan=plan), _label)
        for name in ("activities", "indicators"):
            # Neighbours never import each other; what a saving points at is known to its own field.
            model = Saving._meta.get_field(name).related_model
            self._offer(name, model._default_manager.filter(plan=plan), _label)
        for name in ("base_budget", "investment_made", "investment_needed"):
            if printed := getattr(self.instance, f"{name}_as_stated"):
                self.fields[name].help_text = f"Printed: “{printed}”."

    def _offer(self, name: str, records: Any, label: Any) -> None:
        found = {record.key: record for record in records}
        self.fields[name].offer(found, label=label)
        if not found:
            del self.fields[name], self.columns[name]


def _label(record: Any) -> str:
    return f"{getattr(record, 'ref', '') or getattr(record, 'code', '')} {record.title}".strip()
