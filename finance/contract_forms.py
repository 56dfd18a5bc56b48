"""An entry of the contracts register."""

from typing import Any

from django import forms

from finance.ending import LONGEST_NOTICE
from finance.forms import PoundsField
from finance.models import Contract, Saving, Supplier
from lambeth_plans.accounts.models import Division, Officer
from lambeth_plans.accounts.versioned_forms import (
    LongTextField,
    PartialDateInput,
    ReasonedForm,
    RecordChoiceField,
    RecordsChoiceField,
)
from objectives.models import Objective

A_DATE = "A day, a month or a year."


def _printed(words: str) -> forms.CharField:
    return forms.CharField(label=f"{words}, as the document prints it", required=False, max_length=200)


def _date(words: str, more: str = "") -> PartialDateInput:
    return PartialDateInput(label=words, required=False, help_text=f"{A_DATE} {more}".strip())


class YesNoField(forms.TypedChoiceField):
    """Yes, no, or nobody has said."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs |= {"required": False, "coerce": {"yes": True, "no": False}.get, "empty_value": None}
        super().__init__(choices=[("", "Not stated"), ("yes", "Yes"), ("no", "No")], **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return {True: "yes", False: "no", None: ""}.get(value, value)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.prepare_value(initial) != (data or "")


class ContractForm(ReasonedForm):
    """Everything of a contract. What the document prints stays beside what is understood."""

    ref = forms.CharField(label="Reference", required=False, max_length=60)
    title = forms.CharField(max_length=250)
    description = LongTextField(label="What is provided", required=False, max_length=2_000, rows=3)
    supplier = RecordChoiceField(nothing="Not stated", required=False)
    supplier_as_stated = _printed("Supplier")
    annual_value = PoundsField(label="Value a year, in pounds")
    annual_value_as_stated = _printed("Value a year")
    total_value = PoundsField(label="Value over the whole contract, in pounds")
    total_value_as_stated = _printed("Value over the whole contract")
    irrecoverable_vat = PoundsField(label="VAT that cannot be recovered, in pounds")
    process = forms.ChoiceField(
        label="Result of", required=False, choices=[("", "Not stated"), *Contract.Process.choices]
    )
    start_date = _date("Starts")
    start_date_as_stated = _printed("Start")
    end_date = _date("Ends")
    end_date_as_stated = _printed("End")
    is_still_in_use = YesNoField(
        label="Still in use after its end",
        help_text="Only for a contract that has ended. If you move its end, it is asked anew.",
    )
    notice_months = forms.IntegerField(
        label="Notice period, in months",
        required=False,
        min_value=1,
        max_value=LONGEST_NOTICE,
        help_text="Counted back from the end, unless a last day for notice is given.",
        widget=forms.TextInput(attrs={"class": "govuk-input--width-3", "inputmode": "numeric"}),
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"), f"Enter a whole number of months from 1 to {LONGEST_NOTICE}."
        ),
    )
    notice_date = _date("Last day for notice", "Where it is stated; it goes before the notice period.")
    notice_date_as_stated = _printed("Notice")
    extension_options = LongTextField(label="Options to extend", required=False, max_length=2_000, rows=3)
    latest_end_date = _date("Latest end if extended")
    review_date = _date("To be reviewed")
    review_date_as_stated = _printed("Review")
    director = RecordChoiceField(nothing="Not stated", required=False, label="Director")
    director_as_stated = _printed("Director")
    further_directors = RecordsChoiceField(label="Shared with", required=False)
    division = RecordChoiceField(nothing="Not stated", required=False)
    objectives = RecordsChoiceField(label="Objectives it serves", required=False)
    savings = RecordsChoiceField(label="Savings tied to it", required=False)
    note = LongTextField(required=False, max_length=2_000, rows=3)

    class Meta:
        model = Contract
        fields = [
            *("ref", "title", "description", "supplier", "supplier_as_stated", "annual_value"),
            *("annual_value_as_stated", "total_value", "total_value_as_stated", "irrecoverable_vat", "process"),
            *("start_date", "start_date_as_stated", "end_date", "end_date_as_stated", "is_still_in_use"),
            *("notice_months", "notice_date", "notice_date_as_stated", "extension_options", "latest_end_date"),
            *("review_date", "review_date_as_stated", "director", "director_as_stated", "further_directors"),
            *("division", "objectives", "savings", "note"),
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        contract: Contract = self.instance
        council = contract.plan.council
        officers = {each.key: each for each in Officer.objects.filter(council=council).order_by("name")}
        linked = {each.pk for each in self.initial["further_directors"]}
        here = {key: each for key, each in officers.items() if each.left_date is None}
        shared = {key: each for key, each in officers.items() if each.left_date is None or each.pk in linked}
        self.fields["director"].offer(here)
        self.fields["further_directors"].offer(shared)
        for name, found in (
            ("supplier", Supplier.objects.filter(council=council).order_by("name")),
            ("division", Division.objects.filter(council=council).order_by("order", "name")),
        ):
            self.fields[name].offer({each.key: each for each in found})
        for name, model in (("objectives", Objective), ("savings", Saving)):
            found = model.objects.filter(plan_id=contract.plan_id).order_by("order", "key")
            self.fields[name].offer({each.key: each for each in found}, label=_called)
        for name in [name for name in ("further_directors", "objectives", "savings") if not self.fields[name].choices]:
            del self.fields[name], self.columns[name]


def _called(record: Objective | Saving) -> str:
    return f"{record.ref} {record.title}".strip()
