"""Changing the budget, and saying what it is expected to come to."""

from collections.abc import Iterable, Sequence

from django.core.exceptions import ValidationError
from django.db import transaction

from finance.models import BudgetLine, BudgetMonitor
from finance.reconciling import is_outturn, month_outside, unexplained_forecast
from lambeth_plans import history
from lambeth_plans.accounts.models import User


def check_forecast(monitor: BudgetMonitor, line: BudgetLine) -> None:
    """Raises ValidationError, by field, where a forecast is of no month of its line's year or explains too little."""
    if outside := month_outside(monitor.period, line.period):
        raise ValidationError(outside)
    lacks = unexplained_forecast(
        forecast=monitor.forecast,
        budget=line.net_expenditure,
        variance_reason=monitor.variance_reason,
        recovery_action=monitor.recovery_action,
        noun="outturn" if is_outturn(monitor.period, line.period) else "forecast",
    )
    if lacks:
        raise ValidationError(lacks)


@transaction.atomic
def forecast_budget(*, monitors: Sequence[BudgetMonitor], by: User, reason: str) -> list[BudgetMonitor]:
    """Saves forecasts of one line, new and changed ones, all or none; each carries the version it was opened on.

    Raises StaleRecord where somebody else changed one, ValidationError where one is not explained (the budget may have
    been changed meanwhile), and IntegrityError where somebody added the same month.
    """
    if not monitors:
        return []
    line = BudgetLine.objects.select_for_update().get(pk=monitors[0].line_id)
    for monitor in monitors:
        check_forecast(monitor, line)
    return [history.save(monitor, by=by, reason=reason) for monitor in monitors]


@transaction.atomic
def revise_budget_line(*, line: BudgetLine, by: User, reason: str) -> BudgetLine:
    """Saves a line, which carries the version its form was opened on. Its variances follow: they are computed.

    Raises StaleRecord, and ValidationError where a forecast would no longer be of a month of the line's year.
    """
    if line.pk:
        BudgetLine.objects.select_for_update().get(pk=line.pk)
        _check_months(line, BudgetMonitor.objects.filter(line=line))
    return history.save(line, by=by, reason=reason)


def _check_months(line: BudgetLine, monitors: Iterable[BudgetMonitor]) -> None:
    for monitor in monitors:
        if outside := month_outside(monitor.period, line.period):
            raise ValidationError(f"There is a forecast of {monitor.period}. {outside}")
