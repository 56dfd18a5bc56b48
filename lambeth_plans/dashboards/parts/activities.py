"""Activities and what was reported on them."""

from collections import defaultdict
from functools import cached_property

from activities.challenge import is_overdue
from activities.models import Activity, ProgressUpdate
from lambeth_plans.dashboards import facts
from lambeth_plans.dashboards.parts.spine import Spine, period_of
from lambeth_plans.moments import was_held
from lambeth_plans.rag import Rag, roll_up


class Activities(Spine):
    @cached_property
    def _reports(self) -> list:
        """Every report; to a reader of publications only the last of each month in one of them. One query."""
        rows = self._all(ProgressUpdate)
        if self.sees_drafts:
            return rows
        told = {}
        for moment in (*self.at.earlier, self.at):
            held = (row for row in rows if was_held(ProgressUpdate, row, moment))
            last = {(row.activity_id, row.period_start): row for row in sorted(held, key=lambda row: row.revision)}
            told.update({row.id: row for row in last.values()})
        return list(told.values())

    @cached_property
    def updates(self) -> dict[int, tuple[facts.UpdateFact, ...]]:
        """Activity → its reports, newest first. One query."""
        found = defaultdict(list)
        for row in self._reports:
            # A report keeps what was known to whoever gave it, and directors see small counts: the colour of an
            # indicator that is withheld from others could be told from it, and from which of these are left out.
            knew = self.sees_small_counts
            found[row.activity_id].append(
                facts.UpdateFact(
                    id=row.id,
                    period=period_of(row),
                    revision=row.revision,
                    rag=row.rag,
                    forecast_rag=row.forecast_rag,
                    what_happened=row.what_happened,
                    is_unchanged=row.is_unchanged,
                    path_to_green=row.path_to_green,
                    previous_due_date=row.previous_due_date,
                    new_due_date=row.new_due_date,
                    due_date_reason=row.due_date_reason,
                    floor=row.floor if knew else None,
                    floor_because=row.floor_because if knew else "",
                    rosier_reason=row.rosier_reason,
                    reported_by_name=row.reported_by_name,
                    reported_at=row.reported_at,
                )
            )
        return {
            pk: tuple(sorted(updates, key=lambda update: (update.period.start, update.revision), reverse=True))
            for pk, updates in found.items()
        }

    @cached_property
    def activities(self) -> tuple[facts.ActivityFact, ...]:
        """One query, and the links, officers, goals, objectives, updates and notes."""
        return tuple(self._activity(row) for row in self._plan_rows(Activity))

    def _activity(self, row) -> facts.ActivityFact:
        updates = self.updates.get(row.id, ())
        rag = updates[0].rag if updates else Rag.NOT_REPORTED
        return facts.ActivityFact(
            id=row.id,
            key=row.key,
            ref=row.ref,
            title=row.title,
            objective=self.objectives.get(row.objective_id),
            further_objectives=self._known(self.objectives, self.linked(Activity, "further_objectives", row.id)),
            objective_as_stated=row.objective_as_stated,
            owner=self.officers.get(row.owner_id),
            further_owners=self._known(self.officers, self.linked(Activity, "further_owners", row.id)),
            owner_as_stated=row.owner_as_stated,
            lead_members=self._known(self.officers, self.linked(Activity, "lead_members", row.id)),
            goal=self.goals.get(row.goal_id),
            further_goals=self._known(self.goals, self.linked(Activity, "further_goals", row.id)),
            goal_as_stated=row.goal_as_stated,
            programme=row.programme,
            intended_outcome=row.intended_outcome,
            finding_ids=self.linked(Activity, "findings", row.id),
            source_ids=self.linked(Activity, "sources", row.id),
            identified_as_stated=row.identified_as_stated,
            stage_as_stated=row.stage_as_stated,
            see_also_ids=self.linked(Activity, "see_also", row.id),
            board_ids=self.linked(Activity, "boards", row.id),
            due_date_as_stated=row.due_date_as_stated,
            original_due_date=row.original_due_date,
            due_date=row.due_date,
            # A plan that is over and on which nobody ever reported does not say what was late.
            is_overdue=is_overdue(row.due_date, rag, on=self.as_of) and bool(updates or not self.plan.is_closed),
            updates=updates,
            notes=self._notes("activity", row.key),
            version=row.version,
        )

    @cached_property
    def activities_by_objective(self) -> tuple[facts.ObjectiveRag, ...]:
        """Every objective in order with its lead activities, then the activities whose objective is not stated."""
        grouped = defaultdict(list)
        for activity in self.activities:
            grouped[activity.objective].append(activity)
        objectives = [*self.objectives.values(), *([None] if grouped[None] else [])]
        return tuple(
            facts.ObjectiveRag(
                objective, roll_up(activity.rag for activity in grouped[objective]), tuple(grouped[objective])
            )
            for objective in objectives
        )
