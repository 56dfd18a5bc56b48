"""What is known against the ratings people give: a floor for each activity, and where the two disagree."""

from collections import defaultdict
from functools import cached_property

from django.utils import timezone

from activities.challenge import STALE_AFTER, Floor, Known, is_postponed, is_rosier
from activities.known import known_outputs, outputs_done
from activities.models import Activity, Output
from kpis.models import PlanIndicator
from lambeth_plans.dashboards import facts
from lambeth_plans.dashboards.parts.activities import Activities
from lambeth_plans.dashboards.parts.indicators import Indicators
from lambeth_plans.rag import Rag


class Challenge(Activities, Indicators):
    @cached_property
    def floors(self) -> dict[int, Floor]:
        """Activity → the best rating that what is known allows. The rows of activities and places, the updates, the
        figures and the links; at a past moment one query more for the outputs."""
        return {row.id: self._known_of(row).floor(self._rag(row)) for row in self._plan_rows(Activity)}

    @cached_property
    def disagreements(self) -> tuple[facts.DisagreementFact, ...]:
        """Where a rating is better than its floor: the widest gap first, then the worst floor. The queries of
        `floors`, and the officers."""
        found = [
            facts.DisagreementFact(
                id=row.id,
                key=row.key,
                ref=row.ref,
                title=row.title,
                owner=self.officers.get(row.owner_id),
                further_owners=self._known(self.officers, self.linked(Activity, "further_owners", row.id)),
                latest=self.updates[row.id][0],
                floor=self.floors[row.id],
            )
            for row in self._plan_rows(Activity)
            if is_rosier(self._rag(row), self.floors[row.id].rag)
        ]
        return tuple(sorted(found, key=lambda each: (-each.gap, each.floor.rag.severity)))

    def _rag(self, row) -> Rag:
        updates = self.updates.get(row.id)
        return updates[0].rag if updates else Rag.NOT_REPORTED

    def _known_of(self, row) -> Known:
        updates = self.updates.get(row.id, ())
        done, total = self._outputs_done.get(row.id, (0, 0))
        return Known(
            on=self.as_of,
            start=self.plan.start_date,
            # A plan that is over and on which nobody ever reported does not say what was late.
            due=row.due_date if updates or not self.plan.is_closed else None,
            times_moved=sum(is_postponed(each.previous_due_date, each.new_due_date) for each in updates),
            linked_reds=tuple(self._linked_reds.get(row.id, ())),
            outputs_done=done,
            outputs_total=total,
            days_since_update=(self.as_of - timezone.localdate(updates[0].reported_at)).days if updates else None,
            # A plan that is over is read as at its end, when its last reports were still to come.
            stale_after=None if self.plan.is_closed else STALE_AFTER,
        )

    @cached_property
    def _outputs_done(self) -> dict[int, tuple[int, int]]:
        """Now each activity carries what is done of its outputs; at a past moment one query."""
        if self.at is None:
            return known_outputs({row.id: (row.outputs_done, row.outputs_total) for row in self._plan_rows(Activity)})
        outputs = [(row.activity_id, row.done_date) for row in self._plan_rows(Output)]
        return outputs_done(outputs, on=self.as_of)

    @cached_property
    def _linked_reds(self) -> dict[int, list[str]]:
        """Activity → the names of the Red indicators it aims at, in the order of the plan."""
        found = defaultdict(list)
        for place in self._plan_rows(PlanIndicator):
            figures = self.figures.get(place.indicator_id, ())
            if figures and figures[-1].judgement.rag is Rag.RED:
                for activity in self.linked(PlanIndicator, "activities", place.id):
                    found[activity].append(place.code or place.title)
        return found
