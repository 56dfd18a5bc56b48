"""When which reminder is due, and that it goes out once. `november` is open on 16 November 2026 (a Monday)."""

from datetime import date

import pytest
from django.core import mail
from django.core.management import call_command

from lambeth_plans import history
from lambeth_plans.cycles.models import Reminder, ReminderDigest
from lambeth_plans.cycles.quiet_hours import QuietHours
from lambeth_plans.cycles.reminders import kind_due
from lambeth_plans.periods import month
from tests import factories

pytestmark = pytest.mark.django_db


def run():
    call_command("send_reminders", deliver=True, verbosity=0)


def sent():
    """Who got what since one last asked."""
    found = sorted(
        (message.to[0].split("@")[0], message.subject.removeprefix("Lambeth Plans: ")) for message in mail.outbox
    )
    mail.outbox.clear()
    return found


def report(activity):
    factories.ProgressUpdateFactory(activity=activity, period=month(2026, 11))


BOTH = [("director", "1 update to report"), ("other_director", "1 update to report")]


@pytest.mark.parametrize(
    ("day", "kind"),
    [
        ("2026-11-15", None),
        ("2026-11-16", "opening"),
        ("2026-11-26", "opening"),
        ("2026-11-27", "soon"),
        ("2026-11-29", "soon"),
        ("2026-11-30", "due"),
        ("2026-12-02", "due"),  # the last day of grace
        ("2026-12-03", "overdue"),
        ("2026-12-09", "overdue"),
        ("2026-12-10", None),
    ],
)
def test_the_last_reminder_whose_day_has_come_is_due(november, day, kind):
    assert kind_due(november, date.fromisoformat(day)) == kind


def test_a_round_that_opens_on_the_day_it_is_due_has_no_earlier_reminder(november):
    november.opens_date = november.due_date
    assert kind_due(november, november.due_date) == Reminder.Kind.DUE
    november.due_date = date(2026, 12, 2)
    assert kind_due(november, date(2026, 11, 29)) is None


def test_everybody_is_reminded_four_times_and_no_more(clock, november):
    got = {}
    for day in ("11-15", "11-16", "11-17", "11-27", "11-30", "12-01", "12-03", "12-04"):
        for hour in ("09:00", "09:10"):
            clock(f"2026-{day} {hour}")
            run()
            if found := sent():
                got[f"2026-{day} {hour}"] = found
    overdue = [(who, f"{what}, overdue") for who, what in BOTH]
    assert got == {
        "2026-11-16 09:00": BOTH,
        "2026-11-27 09:00": BOTH,
        "2026-11-30 09:00": BOTH,
        "2026-12-03 09:00": overdue,
    }
    assert Reminder.objects.count() == Reminder.history.count() == 8  # each written once


def test_who_has_reported_is_not_reminded(clock, november, activity):
    report(activity)
    clock("2026-11-16 09:00")
    run()
    assert sent() == BOTH[1:]


def test_what_is_reported_before_the_message_goes_is_left_out(clock, november, settings, activity):
    settings.QUIET_HOURS = QuietHours.of("19:00-07:00")
    clock("2026-11-16 05:00")
    run()
    assert sent() == []
    report(activity)
    clock("2026-11-16 07:00")
    run()
    assert sent() == BOTH[1:]
    assert sorted(ReminderDigest.objects.values_list("state", flat=True)) == ["not-needed", "sent"]


def test_all_plans_and_rounds_of_a_day_are_one_message(clock, november, borough, post):
    plan = factories.PlanFactory(council=borough, status="current")
    for _ in range(2):
        factories.ActivityFactory(plan=plan, owner=post)
    factories.ReportingRoundFactory(
        plan=plan, month_date=date(2026, 10, 1), opens_date=date(2026, 10, 16), due_date=date(2026, 11, 13)
    )
    clock("2026-11-16 09:00")
    run()
    assert sent() == [("director", "3 updates to report, 2 of them overdue"), BOTH[1]]


def test_what_becomes_due_after_the_day_s_message_waits_for_the_next_day(clock, november, borough, post):
    clock("2026-11-16 09:00")
    run()
    sent()
    plan = factories.PlanFactory(council=borough, status="current")
    factories.ActivityFactory(plan=plan, owner=post)
    factories.ReportingRoundFactory(
        plan=plan, month_date=date(2026, 11, 1), opens_date=date(2026, 11, 16), due_date=date(2026, 11, 30)
    )
    clock("2026-11-16 12:00")
    run()
    assert sent() == []
    clock("2026-11-17 00:00")
    run()
    assert sent() == [("director", "1 update to report")]


def test_a_message_that_waits_takes_up_what_becomes_due(clock, november, settings):
    """Due on a quiet weekend: one message on Monday, of the day it is then."""
    settings.QUIET_HOURS = QuietHours.of("19:00-07:00", at_weekends=True)
    november.due_date, november.grace_days = date(2026, 11, 28), 0  # a Saturday
    history.save(november, by=factories.UserFactory(), reason="Earlier.")
    for moment in ("2026-11-28 09:00", "2026-11-29 09:00", "2026-11-30 06:50"):
        clock(moment)
        run()
        assert sent() == []
    clock("2026-11-30 07:00")
    run()
    assert [what for _, what in sent()] == ["1 update to report, overdue"] * 2
    assert sorted(Reminder.objects.values_list("kind", flat=True)) == ["due", "due", "overdue", "overdue"]
    assert set(ReminderDigest.objects.values_list("day_date", flat=True)) == {date(2026, 11, 30)}


def test_a_message_no_worker_has_sent_is_of_the_day_it_goes(clock, november):
    clock("2026-11-16 23:00")
    call_command("send_reminders", verbosity=0)
    clock("2026-11-17 00:10")
    run()
    assert sent() == BOTH
    assert set(ReminderDigest.objects.values_list("day_date", flat=True)) == {date(2026, 11, 17)}


@pytest.mark.parametrize("status", ["draft", "closed"])
def test_a_plan_that_is_not_current_reminds_nobody(clock, november, plan, status):
    plan.status = status
    history.save(plan, by=factories.UserFactory(), reason="It was decided.")
    clock("2026-11-16 09:00")
    run()
    assert sent() == []
    assert not Reminder.objects.exists()
