"""A line of the budget, and what it is expected to come to month by month."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from finance.budget_actions import check_forecast
from finance.forms import PoundsField
from finance.models import BudgetLine, BudgetMonitor
from finance.reconciling import is_outturn
from lambeth_plans import periods
from lambeth_plans.accounts.models import Division
from lambeth_plans.accounts.tables import Column, EditableTable
from lambeth_plans.accounts.versioned_forms import (
    Cell,
    LongTextField,
    ReasonedForm,
    ReasonForm,
    RecordChoiceField,
    VersionedForm,
)
from lambeth_plans.periods import Period


class NeededPoundsField(PoundsField):
    """Pounds that have to be written; 0 where there is none."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.required = True


class BudgetLineForm(ReasonedForm):
    """A line as the budget has it. Its totals are computed."""

    title = forms.CharField(max_length=150)
    division = RecordChoiceField(nothing="Not stated", required=False)
    employee_expenses = NeededPoundsField(label="Employee expenses, in pounds")
    other_expenditure = NeededPoundsField(label="Non-employee expenditure, in pounds")
    grants_and_contributions = NeededPoundsField(
        label="Grants and contributions, in pounds", help_text="Money that comes in, written without a minus."
    )
    other_income = NeededPoundsField(label="Other income, in pounds")

    class Meta:
        model = BudgetLine
        fields = [
            "title",
            "division",
            "fund",
            "employee_expenses",
            "other_expenditure",
            "grants_and_contributions",
            "other_income",
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        divisions = Division.objects.filter(council_id=self.instance.plan.council_id).order_by("order", "name")
        self.fields["division"].offer({division.key: division for division in divisions})
        if printed := self.instance.employee_expenses_as_stated:
            self.fields["employee_expenses"].help_text = f"Printed: “{printed}”."


class ForecastForm(VersionedForm):
    """What a line is expected to come to, as it is seen in one month."""

    forecast = NeededPoundsField(label="Forecast for the whole year, in pounds")
    actual_to_date = PoundsField(label="Spent to date, in pounds")
    variance_reason = LongTextField(label="Why it differs from the budget", required=False, max_length=2_000, rows=3)
    recovery_action = LongTextField(label="What is done about it", required=False, max_length=2_000, rows=3)

    class Meta:
        model = BudgetMonitor
        fields = ["forecast", "actual_to_date", "variance_reason", "recovery_action"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.errors:
            return cleaned
        monitor = BudgetMonitor(line=self.instance.line, period=self.instance.period, **self._typed(cleaned))
        try:
            check_forecast(monitor, self.instance.line)
        except ValidationError as error:
            self.add_error(None, error)
        return cleaned

    def _typed(self, cleaned: dict[str, Any]) -> dict[str, Any]:
        return {name: cleaned[name] for name in self._meta.fields}

    @property
    def month(self) -> Period:
        return self.instance.period

    @property
    def places(self) -> list[Cell | None]:
        """A cell for each column of a table of forecasts; None where this form has no such field."""
        cells = {cell.field.name: cell for cell in self.cells}
        return [cells.get(name) for name in ForecastForm._meta.fields]


class OutturnForm(ForecastForm):
    """What a line came to, stated in a month after its year. What is spent to date would say the same again."""

    forecast = NeededPoundsField(label="Outturn of the whole year, in pounds")
    actual_to_date = None

    class Meta(ForecastForm.Meta):
        fields = ["forecast", "variance_reason", "recovery_action"]


class ForecastTable(EditableTable):
    """The months of a line's year that have begun, with their forecasts; empty where there is none yet."""

    form_class = ForecastForm
    names = ForecastForm._meta.fields
    noun, nouns = "forecast", "forecasts"
    widths = {"variance_reason": "one-quarter", "recovery_action": "one-quarter"}

    def __init__(self, line: BudgetLine, today: date, data: QueryDict | None = None) -> None:
        self.is_bound = data is not None
        self.reason = ReasonForm(data)
        self.rows = []
        there = {monitor.period: monitor for monitor in BudgetMonitor.objects.filter(line=line)}
        for month in sorted({*there, *months_of(line, today)}, reverse=True):
            monitor = there.get(month) or BudgetMonitor(line=line, period=month)
            monitor.line = line
            prefix = f"month-{month.start:%Y-%m}"
            posted = data if data is not None and is_filled_in(data, prefix) else None
            form_class = OutturnForm if is_outturn(month, line.period) else ForecastForm
            self.rows.append(form_class(posted, instance=monitor, prefix=prefix, row_name=month.long_label))

    @property
    def columns(self) -> list[Column]:
        """Those of a forecast; where a month has the outturn, the first says so."""
        labels = {name: field.label for name, field in ForecastForm.base_fields.items() if name in self.names}
        if any(isinstance(row, OutturnForm) for row in self.rows):
            labels["forecast"] = "Forecast or outturn of the whole year, in pounds"
        return [Column(label, self.widths.get(name, "")) for name, label in labels.items()]


def is_filled_in(data: QueryDict, prefix: str) -> bool:
    """Whether a month was on the page that was posted: one without a forecast only where something is written now."""
    if f"{prefix}-version" not in data:
        return False
    return bool(data[f"{prefix}-version"]) or any(data.get(f"{prefix}-{name}") for name in ForecastForm._meta.fields)


def months_of(line: BudgetLine, today: date) -> Iterator[Period]:
    """The months of a line's year up to the running one."""
    month = periods.month_of(line.period_start)
    while month.start <= min(line.period_end, today):
        yield month
        month = periods.month_of(date(month.start.year + month.start.month // 12, month.start.month % 12 + 1, 1))
