from datetime import datetime, time, timedelta
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from lambeth_plans.accounts.models import User
from lambeth_plans.cycles.models import Meeting
from lambeth_plans.dashboards.actions import publish
from lambeth_plans.dashboards.as_at import first_day
from objectives.models import Plan

#: How many months of an invented plan are published, for its meetings or each at its end, before the plan as it is now.
MONTHS = 3
#: When the papers of a meeting go out.
DAYS_BEFORE = timedelta(days=7)


class Command(BaseCommand):
    help = (
        "Publishes each plan that was never published and is no draft, so that members of its council see it. "
        "Run it once after an upgrade from a version without publications."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        plans = Plan.objects.exclude(status=Plan.Status.DRAFT).filter(publications=None).select_related("council")
        for plan in plans.order_by("council", "start_date", "pk"):
            number = 0
            invented = (_for_meetings(plan) or _past_months(plan)) if plan.council.is_invented else []
            for told in [*invented, {"note": "The plan as it stood when it was first shown to members."}]:
                number = publish(plan=plan, after=number, by=User.objects.system(), **told).number
            self.stdout.write(f"{plan.council}: {plan} is published.")


def _for_meetings(plan: Plan) -> list[dict[str, Any]]:
    """The last meetings of an invented plan's boards that are over, the oldest first: published a week before each."""
    over = Meeting.objects.filter(board__plans=plan, cancelled_because="", meeting_date__lt=timezone.localdate())
    found = []
    for meeting in over.select_related("board").order_by("-meeting_date", "pk")[:MONTHS]:
        moment = timezone.make_aware(datetime.combine(meeting.meeting_date - DAYS_BEFORE, time(17)))
        if timezone.localdate(moment) >= first_day(plan):
            found.append({"at": moment, "meeting": meeting, "note": f"Papers for the meeting of {meeting.board}."})
    return found[::-1]


def _past_months(plan: Plan) -> list[dict[str, Any]]:
    """The ends of the last months of an invented plan's history, the oldest first."""
    first, ends = first_day(plan), []
    day = timezone.localdate().replace(day=1) - timedelta(days=1)
    while len(ends) < MONTHS and day >= first:
        moment = timezone.make_aware(datetime(day.year, day.month, day.day, 17))
        ends.append({"at": moment, "note": f"Position at the end of {day:%B %Y}."})
        day = day.replace(day=1) - timedelta(days=1)
    return ends[::-1]
