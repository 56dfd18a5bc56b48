"""Rounds of reporting: when those who answer for something are asked how it goes."""

from datetime import date, timedelta

from django.db import models
from django.db.models import F, Q

from lambeth_plans.cycles.models.meetings import Meeting
from objectives.models import PlanRecord


class ReportingRound(PlanRecord):
    """One round of a plan, on a month: it opens, is due, may be handed in late for some days of grace, and closes.

    Its key is the month ("2026-11"). Until its end a report is in time or late; afterwards it is late and has a reason.
    """

    month_date = models.DateField("first day of the month reported on")
    opens_date = models.DateField("opens on")
    due_date = models.DateField("due on")
    grace_days = models.PositiveSmallIntegerField("days of grace", default=0)
    closes_date = models.DateField("closes on")
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, null=True, blank=True, related_name="rounds")

    class Meta(PlanRecord.Meta):
        ordering = ["plan", "-month_date"]
        constraints = [
            *PlanRecord.Meta.constraints,
            models.UniqueConstraint(
                fields=["plan", "month_date"],
                name="cycles_round_one_a_month",
                violation_error_message="This plan already has a round for that month.",
            ),
            models.CheckConstraint(
                condition=Q(opens_date__lte=F("due_date")) & Q(due_date__lte=F("closes_date")),
                name="cycles_round_in_order",
                violation_error_message="A round opens, then it is due, then it closes.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month_date:%B %Y}" if self.month_date else "New round"

    @property
    def last_day_in_time(self) -> date:
        """The last day of grace: what comes later is late."""
        return self.due_date + timedelta(days=self.grace_days)
