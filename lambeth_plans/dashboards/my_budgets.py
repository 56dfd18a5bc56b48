"""The budget lines on the monthly sheet of the directors of their divisions."""

from dataclasses import dataclass
from datetime import date
from typing import Self

from django.db import IntegrityError
from django.http import QueryDict
from django.urls import reverse

from finance.budget_actions import forecast_budget
from finance.budget_forms import ForecastForm, is_filled_in
from finance.models import BudgetLine, BudgetMonitor
from lambeth_plans.accounts.models import User
from lambeth_plans.dashboards.monthly import MonthlyRow, months_asked, prefix_of, typed_form
from lambeth_plans.history import StaleRecord
from lambeth_plans.periods import Period


@dataclass(eq=False)
class BudgetRow(MonthlyRow):
    """A line of the running year, what it was expected to come to last, and the form for the month that is asked
    for. Three queries."""

    slug = "budget"
    heading = "Budget"
    template = "finance/_monthly_budget.html"
    page = "budget"

    form: ForecastForm
    last: BudgetMonitor | None = None

    @classmethod
    def rows(cls, user: User, today: date, data: QueryDict | None = None) -> list[Self]:
        found = list(
            BudgetLine.objects.answerable_to(user)
            .exclude(plan__status__in=("closed", "superseded"))
            .select_related("plan__council", "division")
            .order_by("plan_id", "order", "key")
        )
        months = months_asked((line.plan for line in found), today)
        lines = [line for line in found if line.period_start <= months[line.plan_id][0].start <= line.period_end]
        seen: dict[int, list[BudgetMonitor]] = {}
        for monitor in BudgetMonitor.objects.filter(line__in=lines).order_by("period_start") if lines else ():
            seen.setdefault(monitor.line_id, []).append(monitor)
        return [cls._row(line, seen.get(line.pk, []), months[line.plan_id][0], data) for line in lines]

    @classmethod
    def _row(cls, line: BudgetLine, seen: list[BudgetMonitor], month: Period, data: QueryDict | None) -> Self:
        there = next((monitor for monitor in seen if monitor.period == month), None)
        monitor = there or BudgetMonitor(line=line, period=month)
        monitor.line = line
        prefix = prefix_of(cls.slug, line, month)
        form = typed_form(
            lambda posted, name: ForecastForm(posted, instance=monitor, prefix=name),
            prefix,
            data if data is not None and is_filled_in(data, prefix) else None,
        )
        form.error_prefix = line.title
        last = next((each for each in reversed(seen) if each.period < month), None)
        return cls(line, form, is_done=there is not None, last=last)

    @property
    def url(self) -> str:
        return f"{reverse(self.page, args=[self.plan.slug])}#{self.record.key}"

    def save(self, by: User, today: date) -> str:
        monitor = self.form.instance
        reason = monitor.variance_reason[:100] or f"Forecast of {monitor.period.long_label}."
        try:
            forecast_budget(monitors=[monitor], by=by, reason=reason)
        except IntegrityError:  # a colleague has just forecast the same month
            raise StaleRecord(monitor) from None
        return f"{self.record} is forecast for {monitor.period.long_label}."
