"""Savings by year."""

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from finance.models import Saving, SavingYear
from lambeth_plans.accounts.tables import EditableTable
from lambeth_plans.accounts.versioned_forms import ReasonForm, VersionedForm

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


class SavingYearRow(VersionedForm):
    """What a saving is to bring, is expected to bring and has brought in one year."""

    planned = PoundsField()
    forecast = PoundsField()
    delivered = PoundsField()

    class Meta:
        model = SavingYear
        fields = ["planned", "forecast", "delivered"]

    @property
    def year(self) -> str:
        return self.instance.period.label


class SavingTable(EditableTable):
    """The years of one saving. Years are the plan's: none is added here."""

    form_class = SavingYearRow
    noun, nouns = "year", "years"

    def __init__(self, saving: Saving, data: QueryDict | None = None) -> None:
        self.is_bound = data is not None
        self.reason = ReasonForm(data)
        self.rows = []
        for year in SavingYear.objects.filter(saving=saving).select_related("saving"):
            prefix = f"row-{year.period_start.year}"
            posted = data if data is not None and f"{prefix}-version" in data else None
            self.rows.append(SavingYearRow(posted, instance=year, prefix=prefix, row_name=str(year)))
