"""The pages of one objective, activity, risk, saving or contract, each with its links and its history in words."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from activities.models import Activity
from finance.models import Contract, Saving, SavingYear
from kpis.models import PlanIndicator
from lambeth_plans.accounts.access import Permission, may
from lambeth_plans.accounts.guards import reads
from lambeth_plans.dashboards.facts import ActivityFact, ObjectiveFact
from lambeth_plans.dashboards.pages import found, plan_context, visible_state
from lambeth_plans.dashboards.parts.spine import period_of
from lambeth_plans.dashboards.reporting import update_lines
from lambeth_plans.dashboards.state import PlanState
from lambeth_plans.dashboards.trail import Entry, newest_first, trail
from lambeth_plans.rag import plain, roll_up
from objectives.models import BoroughGoal, Objective
from risks.models import Risk, RiskScore


def _linking(state: PlanState, model: type, name: str, pk: int) -> set[int]:
    """The records of a model that point at one record through a many-to-many field."""
    return {source for source in state.names(model) if pk in state.linked(model, name, source)}


def _named(state: PlanState, model: type, pks) -> list:
    return [name for pk, name in state.names(model).items() if pk in pks]


@reads()
def objective_detail(request: HttpRequest, plan: str, key: str) -> HttpResponse:
    """The golden thread of one objective: goals, activities, indicators, risks and savings."""
    state = visible_state(request, plan)
    objective = found(state.objectives.values(), key)
    context = plan_context(
        state,
        "objective_list",
        (objective.ref or objective.title, ""),
        objective=objective,
        parent=state.objectives.get(objective.parent_id),
        children=[child for child in state.objectives.values() if child.parent_id == objective.id],
        **_thread(state, objective),
        notes=state.notes.get(("objective", objective.key), ()),
        entries=trail(Objective, lambda row: "", {"goals": _labels(state)}, id=objective.id),
    )
    return render(request, "details/objective.html", context)


def _thread(state: PlanState, objective: ObjectiveFact) -> dict:
    """What hangs on an objective, from the goals it serves to the money it saves."""
    activities = [activity for activity in state.activities if activity.objective == objective]
    aimed_at = {pk for activity in activities for pk in _linking(state, PlanIndicator, "activities", activity.id)}
    return {
        "goals": state.objective_goals[objective.id],
        "activities": activities,
        "further_activities": [each for each in state.activities if objective in each.further_objectives],
        "roll_up": roll_up(activity.rag for activity in activities),
        "indicators": [each for each in state.indicators if each.objective == objective or each.place_id in aimed_at],
        "risks": [each for each in state.risks if objective.id in state.linked(Risk, "objectives", each.id)],
        "savings": [each for each in state.savings if objective.id in state.linked(Saving, "objectives", each.id)],
        "contracts": _named(state, Contract, _linking(state, Contract, "objectives", objective.id)),
    }


def _labels(state: PlanState) -> dict[int, str]:
    return {pk: goal.label for pk, goal in state.goals.items()}


@reads()
def goal_detail(request: HttpRequest, plan: str, key: str) -> HttpResponse:
    """One goal of the borough plan from its end of the thread: what this plan does for it."""
    state = visible_state(request, plan)
    goal = found(state.goals.values(), key)
    served = [o for o in state.objectives.values() if goal in state.objective_goals[o.id]]
    context = plan_context(
        state,
        "objective_list",
        (goal.label, ""),
        goal=goal,
        parent=state.goals.get(goal.parent_id),
        children=[child for child in state.goals.values() if child.parent_id == goal.id],
        objectives=served,
        activities=[activity for activity in state.activities if goal in (activity.goal, *activity.further_goals)],
        indicators=[indicator for indicator in state.indicators if indicator.goal == goal],
        entries=trail(BoroughGoal, lambda row: "", {"parent": _labels(state)}, id=goal.id),
    )
    return render(request, "details/goal.html", context)


@reads()
def activity_detail(request: HttpRequest, plan: str, key: str) -> HttpResponse:
    state = visible_state(request, plan)
    activity = found(state.activities, key)
    lines = update_lines(activity.updates)
    indicators = _linking(state, PlanIndicator, "activities", activity.id)
    risks = {
        risk
        for risk, mitigations in state.mitigations.items()
        if any(mitigation.activity_id == activity.id for mitigation in mitigations)
    }
    context = plan_context(
        state,
        "activity_list",
        (activity.name, ""),
        activity=activity,
        lines=lines,
        indicators=[indicator for indicator in state.indicators if indicator.place_id in indicators],
        risks=_named(state, Risk, risks),
        savings=_named(state, Saving, _linking(state, Saving, "activities", activity.id)),
        may_report=_may_report(request, activity),
        may_set_up=may(request.user, Permission.SET_UP_PLANS),
        entries=newest_first((line.entry for line in lines), _activity_trail(state, activity)),
    )
    return render(request, "details/activity.html", context)


def _may_report(request: HttpRequest, activity: ActivityFact) -> bool:
    if not may(request.user, Permission.REPORT_PROGRESS):
        return False
    return Activity.objects.answerable_to(request.user).reportable().filter(pk=activity.id).exists()


def _activity_trail(state: PlanState, activity: ActivityFact) -> list[Entry]:
    """Changes to the activity itself; a due date moved by a report is told with the report."""
    names = {
        "owner": state.officers,
        "objective": {pk: objective.ref or objective.title for pk, objective in state.objectives.items()},
        "goal": _labels(state),
        "further_owners": state.officers,
        "lead_members": state.officers,
        "further_goals": _labels(state),
        "further_objectives": {pk: objective.ref or objective.title for pk, objective in state.objectives.items()},
    }
    told = {update.reported_at for update in activity.updates}
    entries = trail(Activity, lambda row: "", names, id=activity.id)
    return [entry for entry in entries if entry.when not in told]


@reads()
def risk_detail(request: HttpRequest, plan: str, key: str) -> HttpResponse:
    state = visible_state(request, plan)
    risk = found(state.risks, key)
    activities = state.names(Activity)
    context = plan_context(
        state,
        "risk_list",
        (risk.name, ""),
        risk=risk,
        mitigations=[(m.text, activities.get(m.activity_id)) for m in state.mitigations.get(risk.id, ())],
        objectives=[o for pk, o in state.objectives.items() if pk in state.linked(Risk, "objectives", risk.id)],
        may_edit=may(request.user, Permission.EDIT_REGISTERS),
        entries=newest_first(
            trail(Risk, lambda row: "", {"owner": state.officers, "objectives": state.names(Objective)}, id=risk.id),
            trail(RiskScore, lambda row: f"{row.get_kind_display()} score", added=_score_added, risk_id=risk.id),
        ),
    )
    return render(request, "details/risk.html", context)


def _score_added(row) -> str:
    return f"{row.get_kind_display()} score {row.score_as_stated or row.score}."


@reads()
def saving_detail(request: HttpRequest, plan: str, key: str) -> HttpResponse:
    state = visible_state(request, plan)
    saving = found(state.savings, key)
    context = plan_context(
        state,
        "saving_list",
        (saving.name, ""),
        saving=saving,
        division=state.divisions.get(saving.division_id),
        objectives=[o for pk, o in state.objectives.items() if pk in state.linked(Saving, "objectives", saving.id)],
        activities=_named(state, Activity, state.linked(Saving, "activities", saving.id)),
        may_edit=may(request.user, Permission.EDIT_REGISTERS),
        entries=newest_first(
            trail(Saving, lambda row: "", {"owner": state.officers}, id=saving.id),
            trail(SavingYear, _year_name, added=_year_added, saving_id=saving.id),
        ),
    )
    return render(request, "details/saving.html", context)


def _year_name(row) -> str:
    return period_of(row).label


def _year_added(row) -> str:
    planned = "not stated" if row.planned is None else f"£{plain(row.planned)}"
    return f"{_year_name(row)}: planned {planned}."


@reads()
def contract_detail(request: HttpRequest, plan: str, key: str) -> HttpResponse:
    state = visible_state(request, plan)
    contract = found(state.contracts, key)
    context = plan_context(
        state,
        "contract_list",
        (contract.title, ""),
        contract=contract,
        division=state.divisions.get(contract.division_id),
        objectives=[o for pk, o in state.objectives.items() if pk in state.linked(Contract, "objectives", contract.id)],
        may_edit=may(request.user, Permission.EDIT_REGISTERS),
        entries=trail(
            Contract, lambda row: "", {"director": state.officers, "further_directors": state.officers}, id=contract.id
        ),
    )
    return render(request, "details/contract.html", context)
