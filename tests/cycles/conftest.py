"""A round of the borough's plan and those who owe something in it."""

from datetime import datetime

import pytest
from django.utils import timezone
from django_tasks_db.management.commands import db_worker

from lambeth_plans.cycles.quiet_hours import QuietHours
from tests import factories


def local(text):
    return timezone.make_aware(datetime.fromisoformat(text))


@pytest.fixture
def november(plan, activity, other_activity):
    """Open on 16 November 2026, due on the 30th, with two days of grace, closed on 4 December."""
    return factories.ReportingRoundFactory(
        plan=plan,
        month_date=local("2026-11-01").date(),
        opens_date=local("2026-11-16").date(),
        due_date=local("2026-11-30").date(),
        grace_days=2,
        closes_date=local("2026-12-04").date(),
    )


@pytest.fixture
def clock(monkeypatch, settings):
    """Sets the time: `clock("2026-11-16 09:00")`; it is never quiet. A worker keeps the test's own connection."""
    settings.QUIET_HOURS = QuietHours()
    monkeypatch.setattr(db_worker, "close_old_connections", lambda: None)

    def set_to(text):
        moment = local(text)
        monkeypatch.setattr(timezone, "now", lambda: moment)
        return moment

    return set_to
