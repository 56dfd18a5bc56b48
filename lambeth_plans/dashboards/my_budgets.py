"""The budget lines on the monthly sheet of the directors of their divisions: the forecast of the running year, and
the outturn of a year that has ended, until it is stated once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Self

from django.db import IntegrityError
from django.http import QueryDict
from django.urls import reverse

from finance.budget_actions import forecast_budget
from finance.budget_forms import ForecastForm, OutturnForm, is_filled_in
from finance.models import BudgetLine, BudgetMonitor
from finance.reconciling import is_outturn, month_outside
from lambeth_plans import periods
from lambeth_plans.accounts.models import User
from lambeth_plans.dashboards.monthly import MonthlyRow, months_asked, prefix_of, typed_form
from lambeth_plans.history import StaleRecord
from lambeth_plans.periods import Period


def month_to_tell(line: BudgetLine, seen: Sequence[Period], asked: Period, today: date) -> Period | None:
    """The month that the sheet asks about a line, or None: the month `asked` of its plan while that is in the line's
    year, and after the year one in which its outturn is stated. `seen` are the months that have a forecast.

    A plan that is over is asked about its last month for good (Plan.reporting_month); after the year what it came to is
    asked all the same, as of today. What was stated as the outturn in another month is not asked again.
    """
    year = line.period
    is_over = line.plan.end_date < today and asked == periods.month_of(line.plan.end_date)
    month = periods.month_of(today) if is_over and today > year.end else asked
    if year.start <= month.start <= year.end:
        return month
    stated = [each for each in seen if is_outturn(each, year)]
    if not is_outturn(month, year) or month_outside(month, year) or (stated and month not in stated):
        return None
    return month


@dataclass(eq=False)
class BudgetRow(MonthlyRow):
    """A line, what it was expected to come to last, and the form for the month that is asked for. Three queries."""

    slug = "budget"
    template = "finance/_monthly_budget.html"
    page = "budget"

    form: ForecastForm
    last: BudgetMonitor | None = None

    @classmethod
    def rows(cls, user: User, today: date, data: QueryDict | None = None) -> list[Self]:
        lines = list(
            BudgetLine.objects.answerable_to(user)
            .exclude(plan__status__in=("closed", "superseded"))
            .select_related("plan__council", "division")
            .order_by("plan_id", "order", "key")
        )
        months = months_asked((line.plan for line in lines), today)
        seen: dict[int, list[BudgetMonitor]] = {}
        for monitor in BudgetMonitor.objects.filter(line__in=lines).order_by("period_start") if lines else ():
            seen.setdefault(monitor.line_id, []).append(monitor)
        rows = []
        for line in lines:
            of_line = seen.get(line.pk, [])
            told = [monitor.period for monitor in of_line]
            if month := month_to_tell(line, told, months[line.plan_id][0], today):
                rows.append(cls._row(line, of_line, month, data))
        return rows

    @classmethod
    def _row(cls, line: BudgetLine, seen: list[BudgetMonitor], month: Period, data: QueryDict | None) -> Self:
        there = next((monitor for monitor in seen if monitor.period == month), None)
        monitor = there or BudgetMonitor(line=line, period=month)
        monitor.line = line
        prefix = prefix_of(cls.slug, line, month)
        form_class = OutturnForm if is_outturn(month, line.period) else ForecastForm
        form = typed_form(
            lambda posted, name: form_class(posted, instance=monitor, prefix=name),
            prefix,
            data if data is not None and is_filled_in(data, prefix) else None,
        )
        form.error_prefix = line.title
        last = next((each for each in reversed(seen) if each.period < month), None)
        return cls(line, form, is_done=there is not None, last=last)

    @property
    def heading(self) -> str:
        return self.outturn_words or "Budget"

    @property
    def outturn_words(self) -> str:
        """ "Outturn 2025-26"; empty where a forecast is asked for."""
        year = self.record.period
        if not is_outturn(self.form.month, year):
            return ""
        return f"Outturn {year.start.year}-{year.end.year % 100:02d}"

    @property
    def url(self) -> str:
        return f"{reverse(self.page, args=[self.plan.slug])}#{self.record.key}"

    def save(self, by: User, today: date) -> str:
        monitor = self.form.instance
        reason = monitor.variance_reason[:100]
        about = self.outturn_words or f"Forecast of {monitor.period.long_label}"
        try:
            forecast_budget(monitors=[monitor], by=by, reason=reason or f"{about}.")
        except IntegrityError:  # a colleague has just forecast the same month
            raise StaleRecord(monitor) from None
        if self.outturn_words:
            return f"{self.record}: {about} is stated."
        return f"{self.record} is forecast for {monitor.period.long_label}."
