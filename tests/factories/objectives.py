"""The spine: plans, goals, objectives, narrative and notes."""

import factory
from django.utils import timezone

from lambeth_plans import periods
from objectives.models import (
    Achievement,
    BoroughGoal,
    Consultation,
    DataQualityNote,
    Event,
    Finding,
    Milestone,
    Objective,
    Plan,
    Section,
    Source,
)
from tests.factories.accounts import CouncilFactory
from tests.factories.record import RecordFactory


class PlanFactory(RecordFactory):
    """A current plan of the financial year around a date: `PlanFactory(around=date(2020, 9, 15))`, default today."""

    class Meta:
        model = Plan

    class Params:
        around = factory.LazyFunction(timezone.localdate)
        year = factory.LazyAttribute(lambda plan: periods.financial_year(periods.financial_year_start(plan.around)))

    council = factory.SubFactory(CouncilFactory)
    slug = factory.Sequence("plan-{}".format)
    title = factory.Sequence("Plan {}".format)
    status = Plan.Status.CURRENT
    start_date = factory.SelfAttribute("year.start")
    end_date = factory.SelfAttribute("year.end")


class BoroughGoalFactory(RecordFactory):
    class Meta:
        model = BoroughGoal

    council = factory.SubFactory(CouncilFactory)
    edition = "Borough Plan"
    key = factory.Sequence("goal-{}".format)
    kind = BoroughGoal.Kind.GOAL
    title = factory.Sequence("Goal title {}".format)


class PlanRecordFactory(RecordFactory):
    class Meta:
        abstract = True

    plan = factory.SubFactory(PlanFactory)


class ObjectiveFactory(PlanRecordFactory):
    class Meta:
        model = Objective

    key = factory.Sequence("objective-{}".format)
    ref = factory.Sequence("OB{}".format)
    title = factory.Sequence("Objective title {}".format)


class SectionFactory(PlanRecordFactory):
    class Meta:
        model = Section

    key = factory.Sequence("section-{}".format)
    title = factory.Sequence("Section {}".format)
    body = "What the plan says here."


class AchievementFactory(PlanRecordFactory):
    class Meta:
        model = Achievement

    key = factory.Sequence("achievement-{}".format)
    claim = factory.Sequence("Claim {}".format)


class EventFactory(PlanRecordFactory):
    class Meta:
        model = Event

    key = factory.Sequence("event-{}".format)
    title = factory.Sequence("Inspection {}".format)


class MilestoneFactory(PlanRecordFactory):
    class Meta:
        model = Milestone

    key = factory.Sequence("milestone-{}".format)
    title = factory.Sequence("Milestone {}".format)


class SourceFactory(PlanRecordFactory):
    class Meta:
        model = Source

    key = factory.Sequence("source-{}".format)
    kind = Source.Kind.INSPECTION
    title = factory.Sequence("Source {}".format)


class FindingFactory(PlanRecordFactory):
    class Meta:
        model = Finding

    source = factory.SubFactory(SourceFactory, plan=factory.SelfAttribute("..plan"))
    key = factory.Sequence("finding-{}".format)
    ref = factory.Sequence("AOI{}".format)
    title = factory.Sequence("Finding title {}".format)


class ConsultationFactory(PlanRecordFactory):
    class Meta:
        model = Consultation

    key = factory.Sequence("consultation-{}".format)
    name = factory.Sequence("Consulted {}".format)


class DataQualityNoteFactory(PlanRecordFactory):
    """A note on the plan itself, unless `record_kind` and `record_key` name another record."""

    class Meta:
        model = DataQualityNote

    key = factory.Sequence("note-{}".format)
    record_kind = DataQualityNote.RecordKind.PLAN
    record_key = factory.SelfAttribute("plan.slug")
    field = "Title"
    printed = "Se Value for money"
    understood = "See Value for money"
    why = "A letter is missing."
