"""Activities and progress updates."""

import hashlib

import factory

from activities.models import Activity, Evidence, EvidenceContent, EvidenceFile, Output, ProgressUpdate
from lambeth_plans.accounts.models import User
from lambeth_plans.rag import Rag
from tests.factories.objectives import ObjectiveFactory, PlanRecordFactory
from tests.factories.record import RecordFactory, this_month


class ActivityFactory(PlanRecordFactory):
    """An activity of an objective of the plan, without owner, goal or date until they are given."""

    class Meta:
        model = Activity

    objective = factory.SubFactory(ObjectiveFactory, plan=factory.SelfAttribute("..plan"))
    key = factory.Sequence("activity-{}".format)
    ref = factory.Sequence("AC{}".format)
    title = factory.Sequence("Activity title {}".format)


class OutputFactory(PlanRecordFactory):
    class Meta:
        model = Output

    activity = factory.SubFactory(ActivityFactory, plan=factory.SelfAttribute("..plan"))
    key = factory.Sequence("output-{}".format)
    title = factory.Sequence("Output title {}".format)


class EvidenceFactory(PlanRecordFactory):
    class Meta:
        model = Evidence

    key = factory.Sequence("evidence-{}".format)
    kind = Evidence.Kind.AUDIT
    title = factory.Sequence("Audit {}".format)


class EvidenceFileFactory(RecordFactory):
    """A text file with what is in it, for officers only until it is told otherwise."""

    class Meta:
        model = EvidenceFile

    evidence = factory.SubFactory(EvidenceFactory)
    content = factory.Sequence("What families say, {}.\n".format)
    plan = factory.SelfAttribute("evidence.plan")
    number = factory.LazyAttribute(lambda file: file.evidence.files.count() + 1)
    file_name = factory.Sequence("what-families-say-{}.txt".format)
    kind = "txt"
    size = factory.LazyAttribute(lambda file: len(file.content.encode()))
    sha256 = factory.LazyAttribute(lambda file: hashlib.sha256(file.content.encode()).hexdigest())

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        content = kwargs.pop("content")
        file = super()._create(model_class, *args, **kwargs)
        EvidenceContent(file=file, content=content.encode()).save(force_insert=True)
        return file


class ProgressUpdateFactory(RecordFactory):
    """A report, Green and for this month unless told otherwise, written by the one who reports."""

    class Meta:
        model = ProgressUpdate

    activity = factory.SubFactory(ActivityFactory)
    period = factory.LazyFunction(this_month)
    rag = Rag.GREEN
    what_happened = "Work went on as planned."
    path_to_green = factory.LazyAttribute(
        lambda update: "Two more people start next month." if Rag(update.rag).needs_path_to_green else ""
    )
    reported_by = factory.LazyFunction(lambda: User.objects.system())
    reported_by_name = factory.LazyAttribute(lambda update: update.reported_by.get_full_name())
    by = factory.SelfAttribute("reported_by")
