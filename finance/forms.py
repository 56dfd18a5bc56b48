"""Amounts in pounds, as people type them."""

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

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
