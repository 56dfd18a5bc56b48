"""The golden thread of a plan on one page: goal ↔ objective ↔ activity ↔ indicator ↔ risk ↔ saving, from both ends."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from finance.models import Saving
from kpis.models import PlanIndicator
from lambeth_plans.accounts.guards import reads
from lambeth_plans.charts import BarRow, Bars, bar_chart
from lambeth_plans.dashboards.facts import ActivityFact, GoalFact, NameFact, ObjectiveFact
from lambeth_plans.dashboards.pages import Link, plan_context, visible_state
from lambeth_plans.dashboards.state import PlanState
from lambeth_plans.rag import plain
from objectives.models import BoroughGoal
from risks.models import Risk

GOALS, MEASURES = "goals", "measures"


@dataclass(frozen=True)
class Strand:
    """One objective with everything that hangs on it. None: activities whose objective is not stated."""

    objective: ObjectiveFact | None
    activities: tuple[ActivityFact, ...]
    indicators: tuple[NameFact, ...]
    risks: tuple[NameFact, ...]
    savings: tuple[NameFact, ...]


@dataclass(frozen=True)
class GoalLine:
    """A goal with the strands that serve it, and the activities that name it although their objective does not."""

    goal: GoalFact | None
    whole: GoalFact | None
    strands: tuple[Strand, ...]
    activities: tuple[ActivityFact, ...]

    @property
    def is_served(self) -> bool:
        return bool(self.strands or self.activities)


@dataclass(frozen=True)
class Measure:
    """An indicator, a risk or a saving, read upwards."""

    name: NameFact
    activities: tuple[ActivityFact, ...]
    objectives: tuple[ObjectiveFact, ...]
    goals: tuple[GoalFact, ...]


@dataclass(frozen=True)
class Thread:
    state: PlanState

    @cached_property
    def strands(self) -> list[Strand]:
        """Every objective of the plan in order, then what states none."""
        strands = [self._strand(objective) for objective in self.state.objectives.values()]
        loose = tuple(activity for activity in self.state.activities if activity.objective is None)
        return [*strands, *([Strand(None, loose, *self._hanging_on(loose, None))] if loose else [])]

    def _strand(self, objective: ObjectiveFact) -> Strand:
        activities = tuple(
            activity
            for activity in self.state.activities
            if objective == activity.objective or objective in activity.further_objectives
        )
        return Strand(objective, activities, *self._hanging_on(activities, objective.id))

    def _hanging_on(
        self, activities: Iterable[ActivityFact], objective: int | None
    ) -> tuple[tuple[NameFact, ...], ...]:
        """Indicators, risks and savings tied to some activities or to an objective itself."""
        pks = {activity.id for activity in activities}
        found = []
        for model, objectives in (
            (PlanIndicator, self._indicator_objectives),
            (Risk, self._objectives_of(Risk)),
            (Saving, self._objectives_of(Saving)),
        ):
            found.append(
                tuple(
                    name
                    for pk, name in self.state.names(model).items()
                    if pks & self.aims(model)[pk] or (objective and objective in objectives[pk])
                )
            )
        return found

    @cached_property
    def _indicator_objectives(self) -> dict[int, set[int]]:
        return {pk: {own} - {None} for pk, own in self.state.column(PlanIndicator, "objective_id").items()}

    def _objectives_of(self, model: type) -> dict[int, set[int]]:
        return {pk: set(self.state.linked(model, "objectives", pk)) for pk in self.state.names(model)}

    def aims(self, model: type) -> dict[int, set[int]]:
        """Record → the activities it is tied to; a risk is tied to those that keep it down."""
        return self._aims[model]

    @cached_property
    def _aims(self) -> dict[type, dict[int, set[int]]]:
        state = self.state
        return {
            PlanIndicator: {
                pk: set(state.linked(PlanIndicator, "activities", pk)) for pk in state.names(PlanIndicator)
            },
            Saving: {pk: set(state.linked(Saving, "activities", pk)) for pk in state.names(Saving)},
            Risk: {
                pk: {each.activity_id for each in state.mitigations.get(pk, ()) if each.activity_id}
                for pk in state.names(Risk)
            },
        }

    @cached_property
    def goals(self) -> list[GoalLine]:
        """The goals of the plan's edition in order, those of no other; then what serves none that is stated."""
        state = self.state
        lines = [self._goal_line(goal) for goal in self.goals_of_the_plan]
        without = tuple(
            each for each in self.strands if each.objective is None or not state.objective_goals[each.objective.id]
        )
        return [*lines, *([GoalLine(None, None, without, ())] if without else [])]

    def _goal_line(self, goal: GoalFact) -> GoalLine:
        served = [each for each in self.strands if each.objective and self._serves(each.objective, goal)]
        within = {activity.id for strand in served for activity in strand.activities}
        named = tuple(
            activity
            for activity in self.state.activities
            if goal in (activity.goal, *activity.further_goals) and activity.id not in within
        )
        return GoalLine(goal, self.state.goals.get(goal.parent_id), tuple(served), named)

    def _serves(self, objective: ObjectiveFact, goal: GoalFact) -> bool:
        return goal in self.state.objective_goals[objective.id]

    @cached_property
    def goals_of_the_plan(self) -> list[GoalFact]:
        """The goals of the edition the plan names, and whatever else of the borough plan it refers to."""
        state = self.state
        named = {goal for goals in state.objective_goals.values() for goal in goals}
        named |= {goal for each in state.activities for goal in (each.goal, *each.further_goals) if goal}
        named |= {state.goals[pk] for pk in state.column(PlanIndicator, "goal_id").values() if pk in state.goals}
        editions = {state.plan.goals_edition} - {""} or {goal.edition for goal in named}
        goals = {goal for goal in state.goals.values() if goal.kind in BoroughGoal.TO_SERVE}
        of_edition = {goal for goal in goals if goal.edition in editions}
        return [goal for goal in state.goals.values() if goal in of_edition | named]

    def measures(self, model: type) -> list[Measure]:
        """Indicators, risks or savings, each with what it hangs on up to the goals."""
        own = self._indicator_objectives if model is PlanIndicator else self._objectives_of(model)
        goal_of = self.state.column(PlanIndicator, "goal_id") if model is PlanIndicator else {}
        return [
            self._measure(name, self.aims(model)[pk], own[pk], goal_of.get(pk))
            for pk, name in self.state.names(model).items()
        ]

    def _measure(self, name: NameFact, aims: set[int], own: set[int], goal: int | None) -> Measure:
        state = self.state
        activities = tuple(activity for activity in state.activities if activity.id in aims)
        objectives = own | {each.objective.id for each in activities if each.objective}
        goals = {each.id for pk in objectives for each in state.objective_goals[pk]} | {goal}
        goals |= {each.goal.id for each in activities if each.goal}
        return Measure(
            name,
            activities,
            tuple(each for pk, each in state.objectives.items() if pk in objectives),
            tuple(each for pk, each in state.goals.items() if pk in goals),
        )

    @cached_property
    def chart(self) -> Bars:
        """How much of each register is tied to the next."""
        state, plan = self.state, self.state.plan
        with_objective = [activity.objective is not None for activity in state.activities]
        shares = [
            (f"{plan.objectives_word} serve a goal", [bool(goals) for goals in state.objective_goals.values()]),
            (f"{plan.activities_word} have a stated {plan.objective_word}", with_objective),
            ("indicators hang on the thread", self._tied(PlanIndicator)),
            ("risks hang on the thread", self._tied(Risk)),
            ("savings hang on the thread", self._tied(Saving)),
        ]
        rows = [
            BarRow(f"{sum(tied)} of {len(tied)} {label}", Decimal(100 * sum(tied)) / len(tied))
            for label, tied in shares
            if tied
        ]
        return bar_chart(
            title="How much of the thread is tied",
            source=f"the links stated in {plan.title}",
            rows=rows,
            heading="Share",
            description=f"{'; '.join(row.label for row in rows)}." if rows else "The plan has nothing to tie.",
            show=lambda value: f"{plain(value.quantize(Decimal(1)))}%",
        )

    def _tied(self, model: type) -> list[bool]:
        return [bool(measure.activities or measure.objectives) for measure in self.measures(model)]


@reads()
def golden_thread(request: HttpRequest, plan: str) -> HttpResponse:
    """`?from=measures` reads it upwards: from indicators, risks and savings to goals."""
    state = visible_state(request, plan)
    thread = Thread(state)
    end = MEASURES if request.GET.get("from") == MEASURES else GOALS
    here = reverse("golden_thread", args=[plan])
    context = plan_context(
        state,
        "golden_thread",
        ("From goals to savings", ""),
        thread=thread,
        ends=[
            Link("From the goals down", here, end == GOALS),
            Link("From indicators, risks and savings up", f"{here}?from={MEASURES}", end == MEASURES),
        ],
        goals=thread.goals if end == GOALS else [],
        registers=[
            (label, page, thread.measures(model))
            for label, page, model in (
                ("Indicators", "indicator_detail", PlanIndicator),
                ("Risks", "risk_detail", Risk),
                ("Savings", "saving_detail", Saving),
            )
        ]
        if end == MEASURES
        else [],
    )
    return render(request, "dashboards/golden_thread.html", context)
