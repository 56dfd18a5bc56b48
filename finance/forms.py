"""Amounts in pounds, and contracts."""

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from finance.models import Contract, Supplier
from lambeth_plans.accounts.models import Officer
from lambeth_plans.accounts.versioned_forms import (
    LongTextField,
    PartialDateInput,
    ReasonedForm,
    RecordChoiceField,
)

_POUNDS = re.compile(r"-?£?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]{1,2})?")


class PoundsField(forms.DecimalField):
    """Pounds in strict ASCII: 1,234, £1,234.50, -500. Empty is not stated; 0 is stated."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"class": "govuk-input--width-10", "inputmode": "decimal"})
        super().__init__(max_digits=14, decimal_places=2, required=False, widget=widget, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, Decimal):
            return value
        return f"{value:,.2f}".removesuffix(".00")

    def to_python(self, value: Any) -> Decimal | None:
        if value is None or isinstance(value, Decimal):
            return value
        text = "".join(str(value).replace("\u00a0", " ").replace("\u2212", "-").split())
        if not text:
            return None
        if not _POUNDS.fullmatch(text):
            raise ValidationError(f"“{value}” is not an amount. Write pounds like 1,234 or 1,234.50.")
        return Decimal(text.replace("£", "").replace(",", ""))


class ContractForm(ReasonedForm):
    """An entry of the contracts register. What the document prints stays beside what is understood."""

    title = forms.CharField(max_length=250)
    supplier = RecordChoiceField(nothing="Not stated", required=False)
    annual_value = PoundsField(label="Value a year, in pounds")
    start_date = PartialDateInput(label="Starts", required=False, help_text="A day, a month or a year.")
    end_date = PartialDateInput(label="Ends", required=False, help_text="A day, a month or a year.")
    director = RecordChoiceField(nothing="Not stated", required=False, label="Director")
    note = LongTextField(required=False, max_length=2_000, rows=3)

    class Meta:
        model = Contract
        fields = ["title", "supplier", "annual_value", "start_date", "end_date", "director", "note"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        council = self.instance.plan.council
        suppliers = Supplier.objects.filter(council=council).order_by("name")
        officers = Officer.objects.filter(council=council, left_date=None).order_by("name")
        self.fields["supplier"].offer({supplier.key: supplier for supplier in suppliers})
        self.fields["director"].offer({officer.key: officer for officer in officers})
        for name in ("annual_value", "end_date"):
            if printed := getattr(self.instance, f"{name}_as_stated"):
                self.fields[name].help_text = f"{self.fields[name].help_text} Printed: “{printed}”.".strip()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        start, end = cleaned.get("start_date"), cleaned.get("end_date")
        if start and end and end.latest < start.earliest:
            self.add_error("end_date", f"The contract ends before it starts, on {start}.")
        return cleaned
