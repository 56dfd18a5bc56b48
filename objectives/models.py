"""The spine of every plan: plans, goals, objectives, narrative and data-quality notes."""

from datetime import date

from django.db import models

from lambeth_plans import periods
from lambeth_plans.accounts.access import of_visible_councils
from lambeth_plans.accounts.models import Board, Council, Division, Officer
from lambeth_plans.fields import AsStatedField, PartialDateField
from lambeth_plans.history import Recorded, VersionedQuerySet
from lambeth_plans.periods import Period


class PlanQuerySet(VersionedQuerySet):
    def visible_to(self, user):
        return self.filter(of_visible_councils(user, "council"))

    def get_by_natural_key(self, slug: str) -> "Plan":
        return self.get(slug=slug)


class Plan(Recorded):
    """A council's plan for a period, in its own words for its levels.

    A closed plan is read as at its end: nothing of it is overdue or about to expire today.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        CURRENT = "current", "Current"
        CLOSED = "closed", "Closed"
        SUPERSEDED = "superseded", "Superseded"

    slug = models.SlugField(unique=True, max_length=80)
    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="plans")
    title = models.CharField(max_length=200)
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.DRAFT)
    edition = models.CharField("version of the document", max_length=50, blank=True, default="")
    start_date = models.DateField()
    end_date = models.DateField()
    published_date = PartialDateField()
    source_document = models.CharField(max_length=200, blank=True, default="")
    vision = models.TextField(blank=True, default="")
    objective_word = models.CharField(max_length=40, default="objective")
    objectives_word = models.CharField(max_length=40, default="objectives")
    activity_word = models.CharField(max_length=40, default="activity")
    activities_word = models.CharField(max_length=40, default="activities")
    objective_code_name = models.CharField(max_length=40, blank=True, default="")
    # A plan of two levels: what it calls the outer one ("outcome area" over "priority"). Empty: there is one level.
    outer_objective_word = models.CharField(max_length=40, blank=True, default="")
    outer_objectives_word = models.CharField(max_length=40, blank=True, default="")
    goals_edition = models.CharField("edition of the borough plan it serves", max_length=80, blank=True, default="")
    divisions = models.ManyToManyField(Division, blank=True, related_name="plans")
    boards = models.ManyToManyField(Board, blank=True, related_name="plans")
    follows = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="followed_by")
    # Document control, as the document prints it.
    purpose = models.TextField(blank=True, default="")
    status_as_stated = AsStatedField()
    updated_by_as_stated = AsStatedField()
    approved_by_as_stated = AsStatedField()
    implementation_as_stated = AsStatedField()
    review_date = PartialDateField()

    objects = PlanQuerySet.as_manager()

    class Meta:
        ordering = ["council", "-start_date"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(end_date__gt=models.F("start_date")),
                name="objectives_plan_ends_after_start",
                violation_error_message="A plan ends after it starts.",
            )
        ]

    def __str__(self) -> str:
        return self.title

    def natural_key(self) -> tuple[str]:
        return (self.slug,)

    natural_key.dependencies = ["accounts.council"]

    @property
    def is_closed(self) -> bool:
        return self.status in (self.Status.CLOSED, self.Status.SUPERSEDED)

    def level_word(self, *, is_outer: bool) -> str:
        """What the plan calls an objective of a level; a plan of one level has one word."""
        return (is_outer and self.outer_objective_word) or self.objective_word

    def read_as_at(self, today: date) -> date:
        """The day as of which dates are judged: today, or the last day of a closed plan."""
        return min(today, self.end_date) if self.is_closed else today

    def reporting_month(self, today: date) -> Period:
        """The month a progress report belongs to: this month, or the last month of a plan that is over.

        What is reported after its end, closed or not yet, is its closing position: no report is on a later month, which
        would then stand before the closing one.
        """
        return periods.month_of(min(today, self.end_date))


class PlanRecordQuerySet(VersionedQuerySet):
    """Rows that belong to a plan and are found there by their key."""

    def visible_to(self, user):
        return self.filter(of_visible_councils(user, "plan__council"))

    def get_by_natural_key(self, plan: str, key: str):
        return self.get(plan__slug=plan, key=key)


class PlanRecord(Recorded):
    """A row of a plan. `ref` is what the document prints and may be missing; `key` is stable and stands in the URL."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="%(class)s_set")
    key = models.SlugField(max_length=80)
    order = models.PositiveSmallIntegerField(default=0)

    objects = PlanRecordQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["plan", "order", "key"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "key"],
                name="%(app_label)s_%(class)s_unique_key",
                violation_error_message="This plan already has a record with this key.",
            )
        ]

    def natural_key(self) -> tuple[str, str]:
        return (self.plan.slug, self.key)

    natural_key.dependencies = ["objectives.plan"]


class ChildQuerySet(VersionedQuerySet):
    """Rows that belong to a plan through their parent; `parent_path` leads to it, `natural_fields` tell them apart."""

    def get_by_natural_key(self, *values):
        return self.get(**dict(zip(self.model.natural_fields, values, strict=True)))


class BoroughGoalQuerySet(VersionedQuerySet):
    def visible_to(self, user):
        return self.filter(of_visible_councils(user, "council"))

    def get_by_natural_key(self, council: str, edition: str, key: str):
        return self.get(council__slug=council, edition=edition, key=key)


class BoroughGoal(Recorded):
    """A pillar, goal, value or ambition of one edition of the borough plan, as a tree.

    A plan that only refers to "Goal 2.4" leaves the title empty: it reads "not stated".
    """

    class Kind(models.TextChoices):
        PILLAR = "pillar", "Pillar"
        GOAL = "goal", "Goal"
        VALUE = "value", "Value"
        AMBITION = "ambition", "Ambition"

    #: What a plan is there to serve; pillars only group them, and values say how.
    TO_SERVE = (Kind.GOAL, Kind.AMBITION)

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="goals")
    edition = models.CharField(max_length=80)
    key = models.SlugField(max_length=60)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    number = models.CharField(max_length=10, blank=True, default="")
    title = models.CharField(max_length=250, blank=True, default="")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    order = models.PositiveSmallIntegerField(default=0)

    objects = BoroughGoalQuerySet.as_manager()

    class Meta:
        ordering = ["council", "edition", "order", "key"]
        constraints = [
            models.UniqueConstraint(fields=["council", "edition", "key"], name="objectives_boroughgoal_unique_key"),
            models.CheckConstraint(
                condition=~models.Q(number="", title=""),
                name="objectives_boroughgoal_named",
                violation_error_message="A goal needs a number or a title.",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """ "Goal 2.4", "Pillar 3" or, for values, the title alone."""
        return f"{self.get_kind_display()} {self.number}" if self.number else self.title

    def natural_key(self) -> tuple[str, str, str]:
        return (self.council.slug, self.edition, self.key)

    natural_key.dependencies = ["accounts.council"]


class Objective(PlanRecord):
    """What the plan wants to achieve. The 2007 plan has two levels, hence the parent."""

    ref = models.CharField(max_length=30, blank=True, default="")
    title = models.CharField(max_length=500)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    goals = models.ManyToManyField(BoroughGoal, blank=True, related_name="objectives")
    goals_as_stated = AsStatedField()
    rationale = models.TextField(blank=True, default="")
    how_we_will_know = models.TextField(blank=True, default="")

    def __str__(self) -> str:
        return f"{self.ref} {self.title}".strip()


class Section(PlanRecord):
    """A piece of the plan's narrative, in order, condensed in our own words."""

    ref = models.CharField("paragraph", max_length=30, blank=True, default="")
    title = models.CharField(max_length=200)
    body = models.TextField(blank=True, default="")
    author = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, blank=True, related_name="sections")

    def __str__(self) -> str:
        return self.title


class Achievement(PlanRecord):
    """Something the document claims: the claim, its figure, the period it is for and the source it names.

    `group` is the heading it stands under in the document ("Key performance results in 2006-07").
    """

    group = models.CharField(max_length=150, blank=True, default="")
    claim = models.CharField(max_length=500)
    figure = AsStatedField()
    period = models.CharField(max_length=60, blank=True, default="")
    source = models.CharField(max_length=200, blank=True, default="")

    def __str__(self) -> str:
        return self.claim


class Event(PlanRecord):
    """An inspection, visit, notice, review or decision that the document names, and what it expects next."""

    class Kind(models.TextChoices):
        INSPECTION = "inspection", "Inspection"
        VISIT = "visit", "Visit"
        NOTICE = "notice", "Notice"
        REVIEW = "review", "Review"
        MEETING = "meeting", "Meeting"
        DECISION = "decision", "Decision"
        OTHER = "other", "Other"

    kind = models.CharField(max_length=12, choices=Kind.choices, blank=True, default="")
    title = models.CharField(max_length=250)
    event_date = PartialDateField()
    body = models.CharField("who held it", max_length=150, blank=True, default="")
    judgement = models.CharField(max_length=500, blank=True, default="")
    expects_next = models.TextField(blank=True, default="")

    def __str__(self) -> str:
        return self.title


class Milestone(PlanRecord):
    """A dated commitment: what should be so by when, and the event at which it will be looked for."""

    ref = models.CharField("paragraph", max_length=30, blank=True, default="")
    title = models.CharField(max_length=700)
    due_date = PartialDateField()
    due_date_as_stated = AsStatedField()
    event = models.ForeignKey(Event, on_delete=models.PROTECT, null=True, blank=True, related_name="milestones")
    objective = models.ForeignKey(Objective, on_delete=models.PROTECT, null=True, blank=True, related_name="milestones")

    def __str__(self) -> str:
        return self.title


class Source(PlanRecord):
    """Where something to be improved was identified: an inspection, review, audit, strategy or complaint."""

    class Kind(models.TextChoices):
        INSPECTION = "inspection", "Inspection"
        REVIEW = "review", "Review"
        AUDIT = "audit", "Audit"
        STRATEGY = "strategy", "Strategy or plan"
        FEEDBACK = "feedback", "Complaints and feedback"
        SELF_EVALUATION = "self_evaluation", "Self-evaluation"

    kind = models.CharField(max_length=15, choices=Kind.choices)
    title = models.CharField(max_length=250)
    body = models.CharField("who it comes from", max_length=150, blank=True, default="")
    source_date = PartialDateField()
    event = models.ForeignKey(Event, on_delete=models.PROTECT, null=True, blank=True, related_name="sources")

    def __str__(self) -> str:
        return self.title


class Finding(PlanRecord):
    """Something a source asked for ("Ofsted AOI 1.5"), in a tree. A title the document does not give stays empty."""

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="findings")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    ref = models.CharField(max_length=30, blank=True, default="")
    title = models.CharField(max_length=500, blank=True, default="")

    class Meta(PlanRecord.Meta):
        constraints = [
            *PlanRecord.Meta.constraints,
            models.CheckConstraint(
                condition=~models.Q(ref="", title=""),
                name="objectives_finding_named",
                violation_error_message="A finding needs a reference or a title.",
            ),
        ]

    def __str__(self) -> str:
        return self.ref or self.title


class Consultation(PlanRecord):
    """Who was asked about a report, when it was sent and answered, and where the comments went."""

    name = models.CharField(max_length=150)
    position = models.CharField(max_length=200, blank=True, default="")
    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, blank=True, related_name="consultations")
    sent_date = PartialDateField()
    received_date = PartialDateField()
    comments = models.CharField("comments in paragraph", max_length=200, blank=True, default="")

    def __str__(self) -> str:
        return self.name


class DataQualityNote(PlanRecord):
    """A slip of the document that stays visible on its record: what is printed, what we understood, and why.

    The record is named by kind and key, as in its URL; `tests/` prove that each one exists.
    """

    class RecordKind(models.TextChoices):
        PLAN = "plan", "Plan"
        OBJECTIVE = "objective", "Objective"
        ACTIVITY = "activity", "Activity"
        INDICATOR = "indicator", "Indicator"
        RISK = "risk", "Risk"
        SAVING = "saving", "Saving"
        CONTRACT = "contract", "Contract"
        BUDGET_LINE = "budget_line", "Budget line"
        WORKFORCE = "workforce", "Workforce"
        SECTION = "section", "Section"
        ACHIEVEMENT = "achievement", "Achievement"
        EVENT = "event", "Event"
        MILESTONE = "milestone", "Milestone"
        SOURCE = "source", "Source"
        FINDING = "finding", "Finding"
        OUTPUT = "output", "Output"
        EVIDENCE = "evidence", "Evidence"
        CONSULTATION = "consultation", "Consultation"
        BUDGET_FIGURE = "budget_figure", "Budget figure"
        PRINTED_TOTAL = "printed_total", "Printed total"

    record_kind = models.CharField(max_length=15, choices=RecordKind.choices)
    record_key = models.SlugField(max_length=80)
    field = models.CharField("what it is about", max_length=100)
    printed = models.CharField(max_length=500)
    understood = models.CharField(max_length=500)
    why = models.CharField(max_length=500)

    class Meta(PlanRecord.Meta):
        indexes = [models.Index(fields=["plan", "record_kind", "record_key"], name="objectives_note_of_record")]

    def __str__(self) -> str:
        return f"{self.field}: “{self.printed}”"
