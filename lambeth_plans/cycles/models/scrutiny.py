"""What members ask on the record, what officers answer, and what a member follows up for herself."""

from django.db import models
from simple_history.models import HistoricalRecords

from lambeth_plans.accounts.access import of_visible_councils
from lambeth_plans.accounts.models import Board, User
from lambeth_plans.cycles.models.publications import Publication
from lambeth_plans.history import HistoryEntry, Recorded, Versioned, VersionedQuerySet
from objectives.models import DataQualityNote, Finding, Plan, PlanRecord

RecordKind = DataQualityNote.RecordKind


class Question(PlanRecord):
    """What a member asks about a plan or a record of it. Nobody changes it; it is answered by `answers`.

    `about` is what the record was called where she saw it: what it is called in a draft is not told here. Until it is
    answered it stands on the agenda of every meeting of its board (lambeth_plans/cycles/agenda.py).
    """

    record_kind = models.CharField(max_length=15, choices=RecordKind.choices)
    record_key = models.SlugField(max_length=80)
    about = models.CharField(max_length=800)
    text = models.TextField("question")
    board = models.ForeignKey(Board, on_delete=models.PROTECT, null=True, blank=True, related_name="questions")
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="questions")
    asked_by_name = models.CharField(max_length=200)
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField("first answered", null=True, blank=True)
    finding = models.ForeignKey(
        Finding,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="questions",
        verbose_name="recommendation that came of it",
    )

    class Meta(PlanRecord.Meta):
        ordering = ["plan", "-order"]

    def __str__(self) -> str:
        return f"Question {self.order}"


class AnswerQuerySet(VersionedQuerySet):
    def visible_to(self, user):
        return self.filter(of_visible_councils(user, "question__plan__council"))


class Answer(Recorded):
    """The answer to a question, and what was added to it later. Nobody changes one."""

    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="answers")
    number = models.PositiveSmallIntegerField()
    text = models.TextField("answer")
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="answers")
    answered_by_name = models.CharField(max_length=200)
    answered_at = models.DateTimeField()

    objects = AnswerQuerySet.as_manager()

    class Meta:
        ordering = ["question", "number"]
        constraints = [models.UniqueConstraint(fields=["question", "number"], name="cycles_answer_number")]

    def __str__(self) -> str:
        return f"Answer to {self.question}" if self.number == 1 else f"Addition {self.number - 1} to {self.question}"


class FollowUp(Versioned):
    """A record that a member wants to come back to, with a note to herself.

    `publication` is what she saw when she put it there. Her note is nobody else's business: no history keeps it.
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="follow_ups")
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="follow_ups")
    record_kind = models.CharField(max_length=15, choices=RecordKind.choices)
    record_key = models.SlugField(max_length=80)
    note = models.TextField("note to yourself")
    added_at = models.DateTimeField()
    publication = models.ForeignKey(
        Publication, on_delete=models.PROTECT, null=True, blank=True, related_name="follow_ups"
    )

    history = HistoricalRecords(bases=[HistoryEntry], excluded_fields=["note"])

    objects = VersionedQuerySet.as_manager()

    class Meta:
        ordering = ["user", "plan", "-added_at"]
        constraints = [
            models.UniqueConstraint(fields=["user", "plan", "record_kind", "record_key"], name="cycles_follow_up_once")
        ]

    def __str__(self) -> str:
        return f"{self.get_record_kind_display()} {self.record_key}"
