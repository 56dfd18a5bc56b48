"""The health of a plan's golden thread: what hangs loose, counted, listed, and mended in place by who may."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from finance.models import Saving
from kpis.models import PlanIndicator
from lambeth_plans.accounts.access import Permission, may
from lambeth_plans.accounts.guards import reads
from lambeth_plans.dashboards.facts import ActivityFact, GoalFact, NameFact, RiskFact
from lambeth_plans.dashboards.filters import HealthFilter
from lambeth_plans.dashboards.findings import Traceability
from lambeth_plans.dashboards.lists import PAGE_SIZE
from lambeth_plans.dashboards.pages import plan_context, visible_state
from lambeth_plans.dashboards.state import PlanState
from lambeth_plans.rag import Rag
from objectives.models import BoroughGoal


@dataclass(frozen=True)
class Loose:
    """A record that hangs loose: where it is seen, and what there is to say of it."""

    page: str
    key: str
    ref: str
    title: str
    note: str = ""


@dataclass(frozen=True)
class Check:
    """One question put to the thread. `mend` is the name and query of the table that mends its answers, if any."""

    key: str
    words: str
    rows: list[Loose]
    of: int
    mend: tuple[str, str] = ("", "")

    @property
    def count(self) -> int:
        return len(self.rows)


@dataclass(frozen=True)
class Health:
    """Every check of a plan. Those that ask about today are left out of a plan that is over."""

    state: PlanState
    days: int

    @cached_property
    def checks(self) -> list[Check]:
        of_today = [] if self.state.plan.is_closed else [self._red_risks, self._left, self._untouched]
        always = [self._objectives, self._goalless, *self._activities, self._indicators, self._goals, self._findings]
        return [*always, *of_today]

    @property
    def loose(self) -> int:
        return sum(check.count for check in self.checks)

    def check(self, key: str) -> Check | None:
        return next((check for check in self.checks if check.key == key), None)

    @property
    def _objectives(self) -> Check:
        """An objective is led by its activities or by those of its parts."""
        plan, state = self.state.plan, self.state
        served = {o.id for a in state.activities for o in (a.objective, *a.further_objectives) if o}
        served |= {each.parent_id for each in state.objectives.values() if each.id in served}
        rows = [_named("objective_detail", each) for pk, each in state.objectives.items() if pk not in served]
        words = f"{plan.objectives_word} without {plan.activities_word}"
        mend = ("activity_table", "")
        return Check("objectives-without-activities", words, rows, len(state.objectives), mend)

    @property
    def _goalless(self) -> Check:
        """A part serves the goals of its whole."""
        plan, state = self.state.plan, self.state
        tied = {pk for pk, goals in state.objective_goals.items() if goals}
        rows = [
            _named("objective_detail", each)
            for pk, each in state.objectives.items()
            if pk not in tied and each.parent_id not in tied
        ]
        words = f"{plan.objectives_word} that serve no stated goal"
        return Check("objectives-without-goals", words, rows, len(state.objectives), ("objective_table", "goals"))

    @property
    def _activities(self) -> list[Check]:
        word, objective = self.state.plan.activities_word, self.state.plan.objective_word
        aimed = {pk for links in self._aims.values() for pk in links}
        lacking: tuple[tuple[str, str, Callable[[ActivityFact], bool], tuple[str, str]], ...] = (
            (
                "objective",
                f"a stated {objective}",
                lambda a: a.objective is None,
                _of("objective"),
            ),
            ("owner", "an owner", lambda a: a.owner is None, _of("owner")),
            ("indicator", "an indicator", lambda a: a.id not in aimed, ("indicator_table", "")),
            ("outcome", "an intended outcome", lambda a: not a.intended_outcome, _of("outcome")),
            ("date", "a due date", lambda a: a.due_date is None, _of("date")),
        )
        return [
            Check(
                f"activities-without-{key}",
                f"{word} without {words}",
                [_named("activity_detail", each) for each in self.state.activities if lacks(each)],
                len(self.state.activities),
                mend,
            )
            for key, words, lacks, mend in lacking
        ]

    @cached_property
    def _aims(self) -> dict[int, tuple[int, ...]]:
        """Place of an indicator → the activities that aim at it."""
        return {
            place: self.state.linked(PlanIndicator, "activities", place) for place in self.state.names(PlanIndicator)
        }

    @property
    def _indicators(self) -> Check:
        word = self.state.plan.activity_word
        names = self.state.names(PlanIndicator)
        rows = [_named("indicator_detail", name) for place, name in names.items() if not self._aims[place]]
        mend = ("indicator_table", "activities")
        return Check("indicators-without-activities", f"indicators no {word} aims at", rows, len(names), mend)

    @property
    def _goals(self) -> Check:
        goals = self._goals_of_the_plan
        rows = [Loose("goal_detail", each.key, each.label, each.title) for each in goals if each.id not in self._served]
        return Check("goals-without-service", "goals nothing serves", rows, len(goals), ("objective_table", ""))

    @cached_property
    def _served(self) -> set[int]:
        """The goals that anything of the plan serves."""
        state = self.state
        served = {goal.id for goals in state.objective_goals.values() for goal in goals}
        served |= {goal.id for a in state.activities for goal in (a.goal, *a.further_goals) if goal}
        return served | {pk for pk in state.column(PlanIndicator, "goal_id").values() if pk}

    @property
    def _goals_of_the_plan(self) -> list[GoalFact]:
        """Goals and ambitions of the edition the plan names, or of those it refers to."""
        goals = [goal for goal in self.state.goals.values() if goal.kind in BoroughGoal.TO_SERVE]
        named = {self.state.plan.goals_edition} - {""}
        editions = named or {goal.edition for pk, goal in self.state.goals.items() if pk in self._served}
        return [goal for goal in goals if goal.edition in editions]

    @property
    def _findings(self) -> Check:
        matrix = Traceability(self.state)
        rows = [
            Loose("finding_detail", each.finding.key, each.finding.ref, each.finding.title, str(each.finding.source))
            for each in matrix.unanswered
        ]
        mend = ("activity_table", "source")
        return Check("findings-without-answer", "findings nothing answers", rows, len(matrix.lines), mend)

    @property
    def _red_risks(self) -> Check:
        done = {activity.id for activity in self.state.activities if activity.rag is Rag.BLUE}
        mitigations = self.state.mitigations

        def is_open(risk: RiskFact) -> bool:
            return any(each.activity_id not in done for each in mitigations.get(risk.id, ()))

        risks = [risk for risk in self.state.risks if risk.current and risk.current.rag is Rag.RED]
        rows = [_named("risk_detail", risk) for risk in risks if not is_open(risk)]
        return Check("red-risks-without-mitigation", f"{Rag.RED.word} risks without open mitigation", rows, len(risks))

    @property
    def _left(self) -> Check:
        """What is owned by somebody who has left."""
        state, rows = self.state, []
        for activity in state.activities:
            rows += self._if_left("activity_detail", activity, activity.owner)
        for risk in state.risks:
            rows += self._if_left("risk_detail", risk, risk.owner)
        for model, page in ((PlanIndicator, "indicator_detail"), (Saving, "saving_detail")):
            owners = state.column(model, "owner_id")
            for pk, name in state.names(model).items():
                rows += self._if_left(page, name, state.officers.get(owners[pk]))
        of = len(state.activities) + len(state.risks) + len(state.names(PlanIndicator)) + len(state.names(Saving))
        return Check("owners-who-left", "records whose owner has left", rows, of, _of("left"))

    def _if_left(self, page: str, record, owner) -> list[Loose]:
        has_left = owner is not None and owner.has_left(self.state.as_of)
        return [_named(page, record, f"{owner.name} left on {owner.left_date:%-d %B %Y}")] if has_left else []

    @property
    def _untouched(self) -> Check:
        """Activities nobody has reported on, and risks nobody has scored, for so many days; what is complete rests."""
        since = self.state.as_of - timedelta(days=self.days)
        live = [activity for activity in self.state.activities if activity.rag is not Rag.BLUE]
        rows = []
        for activity in live:
            last = timezone.localdate(activity.latest.reported_at) if activity.latest else None
            if last is None or last < since:
                rows.append(_named("activity_detail", activity, _last("reported on", last)))
        for risk in self.state.risks:
            last = max((score.scored_date for score in risk.scores), default=None)
            if last is None or last < since:
                rows.append(_named("risk_detail", risk, _last("scored", last)))
        words = f"records not touched for {self.days} days"
        return Check("not-touched", words, rows, len(live) + len(self.state.risks))


def _of(missing: str) -> tuple[str, str]:
    return "activity_table", missing


def _named(page: str, record: ActivityFact | RiskFact | NameFact, note: str = "") -> Loose:
    return Loose(page, record.key, record.ref, record.title, note)


def _last(done: str, day) -> str:
    return f"last {done} {day:%-d %B %Y}" if day else f"never {done}"


@reads()
def thread_health(request: HttpRequest, plan: str) -> HttpResponse:
    state = visible_state(request, plan)
    form = HealthFilter({"days": HealthFilter.DEFAULT, **request.GET.dict()})
    form.full_clean()
    health = Health(state, form.cleaned_data.get("days") or HealthFilter.DEFAULT)
    check = health.check(request.GET.get("check", ""))
    context = plan_context(
        state,
        "thread_health",
        ("Thread health", reverse("thread_health", args=[plan]) if check else ""),
        form=form,
        health=health,
        check=check,
        page=Paginator(check.rows, PAGE_SIZE).get_page(request.GET.get("page")) if check else None,
        mend=mending(check, plan) if check and may(request.user, Permission.SET_UP_PLANS) else "",
    )
    return render(request, "dashboards/thread_health.html", context)


def mending(check: Check, plan: str) -> str:
    """The address of the table that holds exactly what a check found, or all that may mend it; "" where none is."""
    page, missing = check.mend
    return reverse(page, args=[plan], query={"without": missing} if missing else None) if page and check.rows else ""
