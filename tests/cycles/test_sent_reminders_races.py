"""A failed e-mail that is sent again while new reminders are planned: one e-mail waits for each person."""

import time
from datetime import timedelta

import pytest
from django.utils import timezone

from lambeth_plans.cycles import reminders, sending_again
from lambeth_plans.cycles.models import ReminderDigest
from lambeth_plans.cycles.quiet_hours import QuietHours
from tests import factories
from tests.test_races import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.campaign]


def test_sending_again_and_planning_at_once_leave_one_that_waits(borough, settings, monkeypatch):
    settings.QUIET_HOURS = QuietHours()
    director = factories.UserFactory(role="director", councils=[borough])
    post = factories.OfficerFactory(council=borough, user=director)
    plan = factories.PlanFactory(council=borough, status="current")
    today = timezone.localdate()
    told, due = (
        factories.ContractFactory(plan=plan, director=post, end_date=today + timedelta(days=days))
        for days in (1_000, 365)
    )
    failed = factories.ReminderDigestFactory(person=director, state="failed", sent_at=None, day_date="2020-01-01")
    factories.ContractReminderFactory(person=director, digest=failed, contract=told)
    first_moment = reminders.first_moment

    def slowly(*args):
        time.sleep(0.3)  # between looking and writing
        return first_moment(*args)

    for module in (reminders, sending_again):
        monkeypatch.setattr(module, "first_moment", slowly)
    at_once(
        lambda: sending_again.send_again(digest=failed, by=director),
        lambda: reminders.plan_reminders(now=timezone.now()),
    )
    (waiting,) = ReminderDigest.objects.filter(person=director, state="waiting")
    contracts = {reminder.contract for reminder in waiting.contract_reminders.all()}
    assert contracts == {told, due}
