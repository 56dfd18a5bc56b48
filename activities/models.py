"""Activities and the progress that is reported on them."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Count, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from activities.file_kinds import KINDS
from lambeth_plans.accounts.access import answerable_officers
from lambeth_plans.accounts.models import Board, Officer, User
from lambeth_plans.fields import AsStatedField, InPeriod, PartialDateField, RagField
from lambeth_plans.history import Recorded
from lambeth_plans.rag import Rag
from objectives.models import (
    BoroughGoal,
    ChildQuerySet,
    Finding,
    Objective,
    Plan,
    PlanRecord,
    PlanRecordQuerySet,
    Source,
)


class ActivityQuerySet(PlanRecordQuerySet):
    def answerable_to(self, user):
        """Those a person answers for: owned or shared by their posts, by those they deputise for, or by an officer
        of a division they direct. Never outside the councils they belong to."""
        officers = answerable_officers(user)
        mine = Q(owner__in=officers) | Q(
            pk__in=Activity.further_owners.through.objects.filter(officer_id__in=officers).values("activity_id")
        )
        return self.visible_to(user).filter(mine)

    def reportable(self):
        """Those of plans that still take reports; a superseded plan does not."""
        return self.exclude(plan__status="superseded")

    def with_outputs_done(self, *, on: date):
        """Each with `outputs_total` and `outputs_done`: how many it has, and how many were done by a day.

        A partial date sorts by its earliest day.
        """
        outputs = Output.objects.filter(activity=OuterRef("pk")).order_by().values("activity")
        done = outputs.filter(done_date__lte=on.isoformat())
        return self.annotate(
            outputs_total=Coalesce(Subquery(outputs.values(number=Count("pk"))), 0),
            outputs_done=Coalesce(Subquery(done.values(number=Count("pk"))), 0),
        )


class Activity(PlanRecord):
    """Something the plan says will be done: its objective, its owner and its borough-plan goal."""

    ref = models.CharField(max_length=30, blank=True, default="")
    title = models.CharField(max_length=700)
    objective = models.ForeignKey(Objective, on_delete=models.PROTECT, null=True, blank=True, related_name="activities")
    further_objectives = models.ManyToManyField(Objective, blank=True, related_name="further_activities")
    objective_as_stated = AsStatedField()
    owner = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, blank=True, related_name="owned_activities")
    further_owners = models.ManyToManyField(Officer, blank=True, related_name="shared_activities")
    owner_as_stated = AsStatedField()
    lead_members = models.ManyToManyField(Officer, blank=True, related_name="led_activities")
    goal = models.ForeignKey(BoroughGoal, on_delete=models.PROTECT, null=True, blank=True, related_name="activities")
    further_goals = models.ManyToManyField(BoroughGoal, blank=True, related_name="further_activities")
    goal_as_stated = AsStatedField()
    programme = models.CharField("programme, project or saving", max_length=150, blank=True, default="")
    intended_outcome = models.TextField(blank=True, default="")
    # Where the need for it was identified: single findings, and sources that are named as a whole.
    findings = models.ManyToManyField(Finding, blank=True, related_name="activities")
    sources = models.ManyToManyField(Source, blank=True, related_name="activities")
    identified_as_stated = AsStatedField("where identified")
    # What the document says of its stage ("Undertaken", "Planned"). Not a rating: nobody has reported.
    stage_as_stated = AsStatedField("stage")
    see_also = models.ManyToManyField("self", symmetrical=False, blank=True, related_name="seen_from")
    boards = models.ManyToManyField(Board, blank=True, related_name="activities", verbose_name="boards it reports to")
    due_date_as_stated = AsStatedField()
    original_due_date = PartialDateField()
    due_date = PartialDateField()
    # Every report changes it, and with it the version: a form opened before is then seen to be stale.
    last_reported_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = ActivityQuerySet.as_manager()

    class Meta(PlanRecord.Meta):
        verbose_name_plural = "activities"

    def __str__(self) -> str:
        return self.ref or self.title

    @property
    def name_in_sentences(self) -> str:
        """What a sentence calls it: its reference, or its title where the document gives none."""
        return self.ref or f"“{self.title}”"

    def last_report(self) -> "ProgressUpdate | None":
        return ProgressUpdate.objects.filter(activity=self).latest_of_each().first()

    def keep_first_due_date(self) -> None:
        """The first due date an activity gets, whoever gives it, is its original one for good."""
        if self.original_due_date is None:
            self.original_due_date = self.due_date


class Output(PlanRecord):
    """A deliverable of an activity, each on its own even where the document has lost its bullets."""

    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="outputs")
    title = models.CharField(max_length=700)
    due_date = PartialDateField()
    done_date = PartialDateField()

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        super().clean()
        if self.activity_id and self.plan_id and self.activity.plan_id != self.plan_id:
            raise ValidationError({"activity": "An output belongs to the plan of its activity."})


class Evidence(PlanRecord):
    """What stands beside the figures: an audit, what families say, "you said, we did", what staff say.

    Grade, sample and theme stand as they are stated.
    """

    class Kind(models.TextChoices):
        AUDIT = "audit", "Audit"
        FAMILY_FEEDBACK = "family_feedback", "Feedback from children and families"
        YOU_SAID = "you_said", "You said, we did"
        STAFF_VIEWS = "staff_views", "Views of staff"
        PARTNER_VIEWS = "partner_views", "Views of partners"
        OBSERVATION = "observation", "Visit or observation"
        REVIEW = "review", "Review"

    kind = models.CharField(max_length=15, choices=Kind.choices)
    title = models.CharField(max_length=250)
    evidence_date = PartialDateField()
    sample = models.CharField(max_length=200, blank=True, default="")
    grade = models.CharField(max_length=100, blank=True, default="")
    theme = models.CharField(max_length=200, blank=True, default="")
    summary = models.TextField(blank=True, default="")
    findings = models.ManyToManyField(Finding, blank=True, related_name="evidence")
    objectives = models.ManyToManyField(Objective, blank=True, related_name="evidence")
    activities = models.ManyToManyField(Activity, blank=True, related_name="evidence")

    class Meta(PlanRecord.Meta):
        verbose_name_plural = "evidence"

    def __str__(self) -> str:
        return self.title


class EvidenceFile(Recorded):
    """A file that an entry of evidence rests on. `number` tells an entry's files apart and is never given again.

    A file may hold anything, names and small counts too; so it is for those who see drafts and small counts, unless
    somebody has looked into it and says that it `may_be_published`. What is in it stands apart (`EvidenceContent`): no
    list reads it, no history keeps it, and with the file it is gone for good.
    """

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="evidence_files")
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="files")
    number = models.PositiveSmallIntegerField()
    file_name = models.CharField(max_length=100)
    kind = models.CharField(max_length=5, choices=[(kind.key, kind.words) for kind in KINDS.values()])
    size = models.PositiveIntegerField("size in bytes")
    sha256 = models.CharField("fingerprint of the file", max_length=64)
    may_be_published = models.BooleanField("members of the council may open it", default=False)

    objects = PlanRecordQuerySet.as_manager()

    class Meta:
        ordering = ["evidence", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["evidence", "number"],
                name="activities_evidencefile_number",
                violation_error_message="This entry already has a file with this number.",
            ),
            models.UniqueConstraint(
                fields=["evidence", "sha256"],
                name="activities_evidencefile_once",
                violation_error_message="This very file is there already.",
            ),
            models.CheckConstraint(
                condition=~Q(file_name="") & Q(size__gt=0), name="activities_evidencefile_has_name_and_size"
            ),
        ]

    def __str__(self) -> str:
        return self.file_name


class EvidenceContent(models.Model):
    """The bytes of a file, served by one address alone. They have no history: who takes a file away means it."""

    file = models.OneToOneField(EvidenceFile, on_delete=models.CASCADE, primary_key=True, related_name="content")
    content = models.BinaryField(editable=False)

    def __str__(self) -> str:
        return f"Content of {self.file_id}"


class ProgressUpdateQuerySet(ChildQuerySet):
    def latest_of_each(self):
        """The last report on each activity, with `text`: what it says, or what its "no change" carries forward."""
        reports = ProgressUpdate.objects.filter(activity=OuterRef("activity")).order_by("-period_start", "-revision")
        told = reports.exclude(what_happened="")
        return self.filter(pk=Subquery(reports.values("pk")[:1])).annotate(
            text=Coalesce(Subquery(told.values("what_happened")[:1]), Value(""), output_field=models.TextField())
        )


class ProgressUpdate(InPeriod, Recorded):
    """One report on an activity for a period. Appended, never changed: a correction is the next revision."""

    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="updates")
    revision = models.PositiveSmallIntegerField(default=1)
    rag = RagField()
    forecast_rag = RagField(blank=True, default="")
    what_happened = models.TextField(blank=True, default="")
    is_unchanged = models.BooleanField("no change since the last report", default=False)
    path_to_green = models.TextField(blank=True, default="")
    previous_due_date = PartialDateField()
    new_due_date = PartialDateField()
    due_date_reason = models.TextField(blank=True, default="")
    # What was known against a good rating when it was reported (activities/challenge.py), and the answer to it.
    floor = RagField("best rating that is known to hold", blank=True, default="")
    floor_because = models.TextField("what is known against a better one", blank=True, default="")
    rosier_reason = models.TextField("why it is rated better", blank=True, default="")
    reported_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    reported_by_name = models.CharField(max_length=310)  # two posts: "Post A for Post B"
    reported_at = models.DateTimeField(default=timezone.now)

    natural_fields = ("activity__plan__slug", "activity__key", "period_start", "revision")
    objects = ProgressUpdateQuerySet.as_manager()

    class Meta:
        ordering = ["activity", "period_start", "revision"]
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "period_start", "revision"],
                name="activities_progressupdate_one_per_revision",
                violation_error_message="This period already has this revision.",
            ),
            models.CheckConstraint(
                condition=~Q(rag__in=[Rag.RED.value, Rag.AMBER.value]) | ~Q(path_to_green=""),
                name="activities_progressupdate_path_to_green",
                violation_error_message="Say how it gets back to Green.",
            ),
            models.CheckConstraint(
                condition=Q(new_due_date=None) | ~Q(due_date_reason=""),
                name="activities_progressupdate_new_date_has_reason",
                violation_error_message="Say why the due date moves.",
            ),
            models.CheckConstraint(
                condition=~Q(what_happened="") | Q(is_unchanged=True),
                name="activities_progressupdate_says_what_happened",
                violation_error_message="Say what happened, or tick “no change”.",
            ),
            models.CheckConstraint(
                condition=Q(floor="") | (Q(floor__in=[Rag.RED.value, Rag.AMBER.value]) & ~Q(floor_because="")),
                name="activities_progressupdate_floor_has_grounds",
                violation_error_message="What is known allows Red or Amber, and it says why.",
            ),
            models.CheckConstraint(
                condition=Q(floor="")
                | Q(rag=Rag.RED.value)
                | Q(rag=Rag.AMBER.value, floor=Rag.AMBER.value)
                | ~Q(rosier_reason=""),
                name="activities_progressupdate_rosier_has_reason",
                violation_error_message="Say why it is rated better than what is known allows.",
            ),
            models.CheckConstraint(
                condition=Q(period_end__gte=F("period_start")), name="activities_progressupdate_period_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.activity} {self.period}"

    def natural_key(self) -> tuple:
        return (self.activity.plan.slug, self.activity.key, self.period_start.isoformat(), self.revision)

    natural_key.dependencies = ["activities.activity", "accounts.user"]
