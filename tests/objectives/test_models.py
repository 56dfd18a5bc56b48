"""How a plan reads its dates."""

from datetime import date

import pytest

from lambeth_plans import periods
from objectives.models import Plan


@pytest.mark.parametrize("status", Plan.Status.values)
@pytest.mark.parametrize(
    ("today", "month"),
    [
        (date(2020, 6, 15), periods.month(2020, 6)),
        (date(2021, 3, 31), periods.month(2021, 3)),
        (date(2021, 4, 1), periods.month(2021, 3)),
        (date(2026, 1, 1), periods.month(2021, 3)),
    ],
)
def test_what_is_reported_after_the_end_is_the_closing_position(status, today, month):
    plan = Plan(status=status, start_date=date(2020, 4, 1), end_date=date(2021, 3, 31))
    assert plan.reporting_month(today) == month


@pytest.mark.parametrize("status", Plan.Status.values)
def test_only_a_plan_that_is_over_is_read_as_at_its_end(status):
    plan = Plan(status=status, start_date=date(2020, 4, 1), end_date=date(2021, 3, 31))
    is_over = status in (Plan.Status.CLOSED, Plan.Status.SUPERSEDED)
    assert plan.read_as_at(date(2026, 1, 1)) == (date(2021, 3, 31) if is_over else date(2026, 1, 1))
    assert plan.read_as_at(date(2020, 6, 1)) == date(2020, 6, 1)
