from datetime import date

import pytest
from django.urls import reverse

from lambeth_plans.dashboards.due_calendar import DueLine, by_month
from tests import factories
from tests.dashboards.lines import line_of

ON = date(2025, 8, 15)  # June is late from 10 July on, until July is due on 10 August


def due_line(values, on=ON, **fields):
    line = line_of(values, on=on, **fields)
    return DueLine(line.indicator, line.due)


@pytest.mark.parametrize(
    ("values", "fields", "heading", "missed", "unknown"),
    [
        ((1, 2, 3, "-"), {}, "Late", "", ""),
        ((1, 2, 3, 4), {}, "Due in September 2025", "", ""),
        ((1, "-", 3, 4), {}, "Due in September 2025", "May 2025", ""),
        ((1, 2, 3, 4), {"data_due_lag_days": 50}, "Due in October 2025", "", ""),
        ((1,), {"on": date(2025, 12, 1)}, "Due in December 2025", "Sep 2025, Aug 2025, Jul 2025 and 2 before", ""),
        ((1, 2), {"data_due_lag_days": None}, "Due date not stated", "", "Jul 2025, Jun 2025"),
        ((1, 2), {"frequency": ""}, "Due date not stated", "", ""),
    ],
)
def test_late_not_reported_and_not_due_yet_are_three_things(values, fields, heading, missed, unknown):
    line = due_line(values, **fields)
    if heading.endswith("December 2025"):  # October is late, so it stands there
        heading = "Late"
    assert (line.heading, line.missed, line.unknown) == (heading, missed, unknown)


def test_what_is_late_stands_before_the_months():
    late, soon, later = due_line((1, 2, 3, "-")), due_line((1, 2, 3, 4)), due_line((1, 2, 3, 4), data_due_lag_days=50)
    assert [heading for heading, _ in by_month([late, soon, later])] == [
        "Late",
        "Due in September 2025",
        "Due in October 2025",
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(("status", "is_late"), [("current", True), ("closed", False)])
def test_after_the_end_of_a_closed_plan_nothing_becomes_late(reader, borough, status, is_late):
    plan = factories.PlanFactory(council=borough, status=status, around=date(2020, 9, 15))
    indicator = factories.IndicatorFactory(council=borough, frequency="year", data_due_lag_days=30)
    factories.PlanIndicatorFactory(plan=plan, indicator=indicator)
    factories.OutturnFactory(indicator=indicator, period="2019/20")
    response = reader.get(reverse("indicator_due", args=[plan.slug]))
    assert (response.context["late"] > 0) is is_late
    assert ("not_due", response.context["not_due"]) == ("not_due", int(not is_late))
