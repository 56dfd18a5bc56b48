"""What is known against the ratings people give: a floor for each activity, and where the two disagree."""

from collections import defaultdict
from functools import cached_property

from django.utils import timezone

from activities.challenge import STALE_AFTER, Floor, Known, is_postponed, is_rosier
from activities.known import outputs_done
from kpis.models import PlanIndicator
from lambeth_plans.dashboards import facts
from lambeth_plans.dashboards.parts.activities import Activities
from lambeth_plans.dashboards.parts.findings import Findings
from lambeth_plans.dashboards.parts.indicators import Indicators
from lambeth_plans.rag import Rag


class Challenge(Activities, Findings, Indicators):
    @cached_property
    def floors(self) -> dict[int, Floor]:
        """Activity → the best rating that what is known allows. The activities, outputs, indicators and links."""
        return {activity.id: self._known_of(activity).floor(activity.rag) for activity in self.activities}

    @cached_property
    def disagreements(self) -> tuple[facts.DisagreementFact, ...]:
        """Where a rating is better than its floor: the widest gap first, then the worst floor. Shares `floors`."""
        found = [
            facts.DisagreementFact(activity, self.floors[activity.id])
            for activity in self.activities
            if is_rosier(activity.rag, self.floors[activity.id].rag)
        ]
        return tuple(sorted(found, key=lambda each: (-each.gap, each.floor.rag.severity)))

    def _known_of(self, activity: facts.ActivityFact) -> Known:
        done, total = self._outputs_done.get(activity.id, (0, 0))
        return Known(
            on=self.as_of,
            start=self.plan.start_date,
            due=activity.due_date,
            times_moved=sum(is_postponed(each.previous_due_date, each.new_due_date) for each in activity.updates),
            linked_reds=tuple(self._linked_reds.get(activity.id, ())),
            outputs_done=done,
            outputs_total=total,
            days_since_update=self._days_since_update(activity),
            # A plan that is over is read as at its end, when its last reports were still to come.
            stale_after=None if self.plan.is_closed else STALE_AFTER,
        )

    def _days_since_update(self, activity: facts.ActivityFact) -> int | None:
        latest = activity.latest
        return (self.as_of - timezone.localdate(latest.reported_at)).days if latest else None

    @cached_property
    def _outputs_done(self) -> dict[int, tuple[int, int]]:
        outputs = (output for found in self.outputs.values() for output in found)
        return outputs_done(((output.activity_id, output.done_date) for output in outputs), on=self.as_of)

    @cached_property
    def _linked_reds(self) -> dict[int, list[str]]:
        """Activity → the names of the Red indicators it aims at, in the order of the plan."""
        found = defaultdict(list)
        for indicator in self.indicators:
            if indicator.rag is Rag.RED:
                for activity in self.linked(PlanIndicator, "activities", indicator.place_id):
                    found[activity].append(indicator.name)
        return found
