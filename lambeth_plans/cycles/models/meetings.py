"""Meetings of boards."""

from django.db import models

from lambeth_plans.accounts.models import Board, CouncilRecord


class Meeting(CouncilRecord):
    """A board meets on a day. Its key is that of the board with the day: "improvement-board-2026-11-30"; it stays when
    the meeting moves. One that is cancelled stays on the calendar, with the reason."""

    board = models.ForeignKey(Board, on_delete=models.PROTECT, related_name="meetings")
    meeting_date = models.DateField("day of the meeting")
    starts_at = models.TimeField("begins at", null=True, blank=True)
    place = models.CharField(max_length=200, blank=True, default="")
    note = models.TextField(blank=True, default="")
    cancelled_because = models.TextField(blank=True, default="")

    class Meta(CouncilRecord.Meta):
        ordering = ["board", "meeting_date"]
        constraints = [
            *CouncilRecord.Meta.constraints,
            models.UniqueConstraint(
                fields=["board", "meeting_date"],
                name="cycles_meeting_once_a_day",
                violation_error_message="This board already meets on that day.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.board}, {self.meeting_date.day} {self.meeting_date:%B %Y}"

    @property
    def is_cancelled(self) -> bool:
        return bool(self.cancelled_because)
