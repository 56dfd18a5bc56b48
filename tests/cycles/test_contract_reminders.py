"""A director is told of a contract on the day it is 12, 6 and 3 months from its end or its notice, once each."""

from datetime import date

import pytest
from django.core import mail
from django.core.management import call_command

from lambeth_plans import history
from lambeth_plans.cycles.models import ContractReminder, ReminderDigest
from lambeth_plans.fields import PartialDate
from tests import factories
from tests.cycles.test_reminders import BOTH, run, sent

pytestmark = pytest.mark.django_db

ONE = [("director", "1 contract to decide on")]


@pytest.fixture
def transport(plan, post):
    """It ends on 31 May 2028: three months before is the leap day."""
    return factories.ContractFactory(plan=plan, ref="C7", title="Buses", end_date="2028-05-31", director=post)


def change(contract, **fields):
    for name, value in fields.items():
        setattr(contract, name, value)
    return history.save(contract, by=factories.UserFactory(), reason="It was decided.")


def test_each_warning_goes_out_once_on_its_day(clock, transport):
    got = {}
    days = ("2027-05-30", "2027-05-31", "2027-06-01", "2027-11-29", "2027-11-30", "2028-02-28", "2028-02-29")
    for day in (*days, "2028-03-01", "2028-05-31", "2028-06-01"):
        for hour in ("00:30", "09:00"):  # at half past midnight in summer UTC has the day before
            clock(f"{day} {hour}")
            run()
            if found := sent():
                got[f"{day} {hour}"] = found
    assert got == {"2027-05-31 00:30": ONE, "2027-11-30 00:30": ONE, "2028-02-29 00:30": ONE}
    assert ContractReminder.objects.count() == ContractReminder.history.count() == 3


def test_the_message_says_what_ends_when_and_where_it_is(clock, transport, settings):
    settings.SITE_ADDRESS = "https://plans.here.example"
    change(transport, notice_months=6)
    clock("2027-05-31 09:00")
    run()
    (message,) = mail.outbox
    assert message.body == (
        "Dear Director,\n\n"
        "This contract has to be decided on:\n\n"
        "- C7 Buses (The Borough's Plan): ends 31 May 2028; last day for notice 30 November 2027. Within 6 months.\n"
        f"  https://plans.here.example/plans/borough-plan/contracts/{transport.key}/\n\n"
        "You get this because you answer for these, or deputise for somebody who does. "
        "What is submitted is not asked for again.\n"
    )


def test_it_goes_with_what_is_to_be_reported_in_one_message(clock, november, transport, post):
    change(transport, end_date=PartialDate("2027-11-16"))
    clock("2026-11-16 09:00")
    run()
    assert sent() == [("director", "1 update to report; 1 contract to decide on"), BOTH[1]]


def test_those_it_is_shared_with_are_told_and_who_has_left_is_not(clock, transport, other_post, post):
    change(transport, director=None)
    history.save(transport, by=factories.UserFactory(), reason="Shared.", links={"further_directors": [other_post]})
    clock("2027-05-31 09:00")
    run()
    assert sent() == [("other_director", "1 contract to decide on")]
    other_post.left_date = date(2027, 6, 1)
    history.save(other_post, by=factories.UserFactory(), reason="Left.")
    clock("2027-11-30 09:00")
    run()
    assert sent() == []


def test_a_day_that_moves_is_told_anew_and_what_is_brought_in_late_is_not(clock, transport):
    clock("2027-05-31 09:00")
    run()
    assert sent() == ONE
    change(transport, end_date=PartialDate("2030-05-31"))
    clock("2027-11-30 09:00")
    run()
    assert sent() == []
    clock("2029-06-10 09:00")  # ten days after
    run()
    assert sent() == []
    clock("2029-12-05 09:00")
    run()
    assert sent() == ONE


def test_a_contract_that_is_extended_before_the_message_goes_is_left_out(clock, transport):
    clock("2027-05-31 09:00")
    call_command("send_reminders", verbosity=0)
    change(transport, end_date=PartialDate("2030-05-31"))
    run()
    assert sent() == []
    assert ReminderDigest.objects.get().state == "not-needed"


def test_an_unknown_date_and_a_plan_that_is_over_remind_nobody(clock, transport, plan):
    factories.ContractFactory(plan=plan, director=transport.director, notice_months=3)
    plan.status = "closed"
    history.save(plan, by=factories.UserFactory(), reason="It was decided.")
    clock("2027-05-31 09:00")
    run()
    assert sent() == []


def test_once_notice_has_gone_by_the_end_is_warned_of(clock, transport):
    change(transport, notice_months=18)
    got = []
    for day in ("2026-08-30", "2026-11-30", "2026-12-01", "2027-05-31", "2027-11-30", "2028-02-29"):
        clock(f"{day} 09:00")
        run()
        got.append(len(sent()))
    assert got == [1, 0, 0, 1, 1, 1]
