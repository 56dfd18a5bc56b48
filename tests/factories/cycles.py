"""Meetings, rounds, reminders, publications and questions."""

from datetime import date, timedelta

import factory
from django.utils import timezone

from lambeth_plans.cycles.models import (
    Answer,
    ContractReminder,
    FollowUp,
    Meeting,
    MeetingAction,
    Publication,
    Question,
    Reminder,
    ReminderDigest,
    ReportingRound,
    Submission,
)
from lambeth_plans.history import recorded_models
from lambeth_plans.periods import month_of
from lambeth_plans.sealing import seal
from tests.factories.accounts import BoardFactory, OfficerFactory, UserFactory
from tests.factories.activities import ActivityFactory, ProgressUpdateFactory
from tests.factories.finance import ContractFactory
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


class ContractReminderFactory(RecordFactory):
    """That a contract ends in three months."""

    class Meta:
        model = ContractReminder

    digest = factory.SubFactory(ReminderDigestFactory)
    person = factory.SelfAttribute("digest.person")
    contract = factory.SubFactory(ContractFactory)
    months = 3
    deadline_date = date(2001, 1, 31)


def _after(day: date, days: int) -> date:
    return day + timedelta(days=days)


class SubmissionFactory(RecordFactory):
    """A report of the round's month that is handed in by whoever wrote it."""

    class Meta:
        model = Submission

    reporting_round = factory.SubFactory(ReportingRoundFactory)
    activity = factory.SubFactory(ActivityFactory, plan=factory.SelfAttribute("..reporting_round.plan"))
    report = factory.SubFactory(
        ProgressUpdateFactory,
        activity=factory.SelfAttribute("..activity"),
        period=factory.LazyAttribute(lambda report: month_of(report.factory_parent.reporting_round.month_date)),
    )
    state = Submission.State.SUBMITTED
    step_by = factory.SelfAttribute("report.reported_by")
    step_by_name = factory.SelfAttribute("report.reported_by_name")
    step_at = factory.SelfAttribute("report.reported_at")
    returned_because = factory.LazyAttribute(lambda made: "Say more." if made.state == "returned" else "")


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
    meeting = None
    board_name = factory.LazyAttribute(lambda made: made.meeting.board.name if made.meeting else "")
    meeting_date = factory.LazyAttribute(lambda made: made.meeting.meeting_date if made.meeting else None)
    meeting_place = factory.LazyAttribute(lambda made: made.meeting.place if made.meeting else "")
    corrects = None
    corrects_number = factory.LazyAttribute(lambda made: made.corrects.number if made.corrects else None)
    marks = factory.LazyFunction(lambda: dict(seal(recorded_models()).marks))
    published_at = factory.LazyFunction(timezone.now)
    digest = factory.Sequence("{:064x}".format)


class MeetingActionFactory(RecordFactory):
    """Agreed at a meeting, and open."""

    class Meta:
        model = MeetingAction

    meeting = factory.SubFactory(MeetingFactory)
    council = factory.SelfAttribute("meeting.council")
    key = factory.Sequence("action-{}".format)
    what = factory.Sequence("Action {}".format)
    owner = factory.SubFactory(OfficerFactory, council=factory.SelfAttribute("..council"))


class QuestionFactory(RecordFactory):
    """Asked just now about a plan, and not answered."""

    class Meta:
        model = Question

    plan = factory.SubFactory(PlanFactory)
    order = factory.Sequence(lambda number: number + 1)
    key = factory.LazyAttribute(lambda question: str(question.order))
    record_kind = "plan"
    record_key = factory.SelfAttribute("plan.slug")
    about = factory.SelfAttribute("plan.title")
    text = "What are you doing about it?"
    asked_by = factory.SubFactory(
        UserFactory, role="scrutiny_member", councils=factory.List([factory.SelfAttribute("...plan.council")])
    )
    asked_by_name = factory.SelfAttribute("asked_by.name")
    asked_at = factory.LazyFunction(timezone.now)


class AnswerFactory(RecordFactory):
    class Meta:
        model = Answer

    question = factory.SubFactory(QuestionFactory)
    number = 1
    text = "We opened a second office."
    answered_by = factory.SubFactory(
        UserFactory, role="director", councils=factory.List([factory.SelfAttribute("...question.plan.council")])
    )
    answered_by_name = factory.SelfAttribute("answered_by.name")
    answered_at = factory.LazyFunction(timezone.now)


class FollowUpFactory(RecordFactory):
    """A member follows an indicator up; whether there is such a one is for the test."""

    class Meta:
        model = FollowUp

    plan = factory.SubFactory(PlanFactory)
    user = factory.SubFactory(
        UserFactory, role="scrutiny_member", councils=factory.List([factory.SelfAttribute("...plan.council")])
    )
    record_kind = "indicator"
    record_key = factory.Sequence("in{}".format)
    note = "Ask again in spring."
    added_at = factory.LazyFunction(timezone.now)
