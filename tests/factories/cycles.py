"""Meetings, rounds, reminders and publications."""

from datetime import date, timedelta

import factory
from django.utils import timezone

from lambeth_plans.cycles.models import Meeting, Publication, Reminder, ReminderDigest, ReportingRound
from lambeth_plans.history import recorded_models
from lambeth_plans.sealing import seal
from tests.factories.accounts import BoardFactory, UserFactory
from tests.factories.objectives import PlanFactory
from tests.factories.record import RecordFactory


class MeetingFactory(RecordFactory):
    """A board meets in a week's time."""

    class Meta:
        model = Meeting

    board = factory.SubFactory(BoardFactory)
    council = factory.SelfAttribute("board.council")
    meeting_date = factory.Sequence(lambda number: timezone.localdate() + timedelta(days=7 + number))
    key = factory.LazyAttribute(lambda meeting: f"{meeting.board.key}-{meeting.meeting_date:%Y-%m-%d}"[:80])


class ReportingRoundFactory(RecordFactory):
    """A round on this month that is open today and due in a week."""

    class Meta:
        model = ReportingRound

    plan = factory.SubFactory(PlanFactory)
    month_date = factory.LazyFunction(lambda: timezone.localdate().replace(day=1))
    key = factory.LazyAttribute(lambda made: f"{made.month_date:%Y-%m}")
    opens_date = factory.LazyFunction(timezone.localdate)
    due_date = factory.LazyAttribute(lambda made: _after(made.opens_date, 7))
    closes_date = factory.LazyAttribute(lambda made: _after(made.due_date, 7))


class ReminderDigestFactory(RecordFactory):
    """An e-mail that went out, each on a day of its own; with another state it did not."""

    class Meta:
        model = ReminderDigest

    person = factory.SubFactory(UserFactory, role="director")
    day_date = factory.Sequence(lambda number: date(2001, 1, 1) + timedelta(days=number))
    due_at = factory.LazyFunction(timezone.now)
    state = "sent"
    subject = "Lambeth Plans: 1 update to report"
    text = "You have 1 update to report."
    attempts = 1
    sent_at = factory.LazyAttribute(lambda digest: digest.due_at if digest.state == "sent" else None)


class ReminderFactory(RecordFactory):
    """That a round has opened."""

    class Meta:
        model = Reminder

    digest = factory.SubFactory(ReminderDigestFactory)
    person = factory.SelfAttribute("digest.person")
    reporting_round = factory.SubFactory(ReportingRoundFactory)
    kind = "opening"


def _after(day: date, days: int) -> date:
    return day + timedelta(days=days)


class PublicationFactory(RecordFactory):
    """The plan as it is now, published, without an index for its search (dashboards/actions.py makes real ones)."""

    class Meta:
        model = Publication

    plan = factory.SubFactory(PlanFactory)
    number = factory.Sequence(lambda number: number + 1)
    published_by = factory.SubFactory(
        UserFactory, role="administrator", councils=factory.List([factory.SelfAttribute("...plan.council")])
    )
    published_by_name = factory.SelfAttribute("published_by.name")
    note = "For the board."
    marks = factory.LazyFunction(lambda: dict(seal(recorded_models()).marks))
    published_at = factory.LazyFunction(timezone.now)
    digest = factory.Sequence("{:064x}".format)
