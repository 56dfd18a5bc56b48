"""The objectives of a plan in their tree, each with the ratings of everything under it."""

from collections import defaultdict
from dataclasses import dataclass

from lambeth_plans.dashboards.facts import ActivityFact, GoalFact, ObjectiveFact
from lambeth_plans.dashboards.state import PlanState
from lambeth_plans.rag import RollUp, roll_up


@dataclass(frozen=True)
class ObjectiveLine:
    """An objective with the activities it leads, those of its parts included; None stands for "not stated"."""

    objective: ObjectiveFact | None
    whole: ObjectiveFact | None
    depth: int
    goals: tuple[GoalFact, ...]
    activities: tuple[ActivityFact, ...]
    word: str

    @property
    def roll_up(self) -> RollUp:
        return roll_up(activity.rag for activity in self.activities)


def objective_lines(state: PlanState) -> list[ObjectiveLine]:
    """Every objective, the parts after their whole, then the activities whose objective is not stated."""
    children, led = defaultdict(list), defaultdict(list)
    for objective in state.objectives.values():
        children[objective.parent_id].append(objective)
    for activity in state.activities:
        led[activity.objective and activity.objective.id].append(activity)

    def under(objective: ObjectiveFact, depth: int) -> list[ObjectiveLine]:
        parts = [line for child in children[objective.id] for line in under(child, depth + 1)]
        activities = [*led[objective.id], *(a for line in parts if line.depth == depth + 1 for a in line.activities)]
        goals = state.objective_goals[objective.id]
        return [
            ObjectiveLine(
                objective, state.objectives.get(objective.parent_id), depth, goals, tuple(activities), objective.word
            ),
            *parts,
        ]

    lines = [line for objective in children[None] for line in under(objective, 0)]
    if led[None]:
        lines.append(ObjectiveLine(None, None, 0, (), tuple(led[None]), state.plan.objective_word))
    return lines
