from datetime import datetime, timedelta
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from lambeth_plans.accounts.models import User
from lambeth_plans.dashboards.actions import publish
from lambeth_plans.dashboards.as_at import first_day
from objectives.models import Plan

#: How many months of an invented plan are published, each at its end, before the plan as it is now.
MONTHS = 3


class Command(BaseCommand):
    help = (
        "Publishes each plan that was never published and is no draft, so that members of its council see it. "
        "Run it once after an upgrade from a version without publications."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        plans = Plan.objects.exclude(status=Plan.Status.DRAFT).filter(publications=None).select_related("council")
        for plan in plans.order_by("council", "start_date", "pk"):
            number = 0
            for moment, note in [
                *(_past_months(plan) if plan.council.is_invented else ()),
                (None, "The plan as it stood when it was first shown to members."),
            ]:
                made = publish(plan=plan, after=number, note=note, at=moment, by=User.objects.system())
                number = made.number
            self.stdout.write(f"{plan.council}: {plan} is published.")


def _past_months(plan: Plan) -> list[tuple[datetime, str]]:
    """The ends of the last months of an invented plan's history, the oldest first."""
    first, ends = first_day(plan), []
    day = timezone.localdate().replace(day=1) - timedelta(days=1)
    while len(ends) < MONTHS and day >= first:
        moment = timezone.make_aware(datetime(day.year, day.month, day.day, 17))
        ends.append((moment, f"Position at the end of {day:%B %Y}."))
        day = day.replace(day=1) - timedelta(days=1)
    return ends[::-1]
