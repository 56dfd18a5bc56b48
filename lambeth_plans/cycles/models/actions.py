"""What a meeting decided that somebody does."""

from django.db import models
from django.db.models import Q

from lambeth_plans.accounts.models import CouncilRecord, Officer
from lambeth_plans.cycles.models.meetings import Meeting


class MeetingAction(CouncilRecord):
    """Something that was agreed at a meeting: who does it by when, and what came of it. It is looked at in every
    meeting of the board until it is done."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="actions")
    what = models.CharField("what is to be done", max_length=500)
    owner = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, blank=True, related_name="meeting_actions")
    due_date = models.DateField("due", null=True, blank=True)
    done_date = models.DateField("done", null=True, blank=True)
    done_note = models.TextField("what came of it", blank=True, default="")
    order = models.PositiveSmallIntegerField(default=0)

    class Meta(CouncilRecord.Meta):
        ordering = ["meeting", "order", "key"]
        constraints = [
            *CouncilRecord.Meta.constraints,
            models.CheckConstraint(
                condition=Q(done_note="") | Q(done_date__isnull=False),
                name="cycles_action_done_when",
                violation_error_message="Say on which day it was done.",
            ),
        ]

    def __str__(self) -> str:
        return self.what
