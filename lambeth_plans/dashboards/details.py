"""The pages of one objective, activity, saving or contract, each with its links and its history in words; a risk:
risks.py."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from activities.models import Activity
from finance.models import Contract, Saving, SavingYear
from kpis.models import PlanIndicator
from lambeth_plans.accounts.access import Permission, may
from lambeth_plans.accounts.guards import reads
from lambeth_plans.dashboards.facts import ActivityFact, NoteFact, ObjectiveFact, OutputFact, SavingFact
from lambeth_plans.dashboards.indicator_lines import coverage
from lambeth_plans.dashboards.monthly import months_asked
from lambeth_plans.dashboards.pages import about, found, plan_context, visible_state
from lambeth_plans.dashboards.parts.spine import period_of
from lambeth_plans.dashboards.reporting import update_lines
from lambeth_plans.dashboards.standing import standing
from lambeth_plans.dashboards.state import PlanState
from lambeth_plans.dashboards.trail import Entry, newest_first, trail
from lambeth_plans.rag import plain, roll_up
from objectives.models import BoroughGoal, DataQualityNote, Objective
from risks.models import Risk

Kind = DataQualityNote.RecordKind
EDIT, ASK = Permission.EDIT_REGISTERS, Permission.ASK_QUESTIONS


def _allowed(request: HttpRequest, **permissions: Permission) -> dict[str, bool]:
    """What a page offers, by its name in the template: whether the person may do it."""
    return {name: may(request.user, permission) for name, permission in permissions.items()}


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
        may_add=may(request.user, Permission.EDIT_REGISTERS),
        entries=trail(Objective, lambda row: "", {"goals": _labels(state)}, until=state.at, id=objective.id),
    )
    return render(request, "details/objective.html", context)


def _thread(state: PlanState, objective: ObjectiveFact) -> dict:
    """What hangs on an objective, from the goals it serves to the money it saves. What hangs on its parts hangs on
    the whole."""
    family = {objective.id, *(pk for pk, part in state.objectives.items() if part.parent_id == objective.id)}
    activities = [each for each in state.activities if each.objective and each.objective.id in family]
    aimed_at = {pk for activity in activities for pk in state.linking(PlanIndicator, "activities", activity.id)}
    indicators = [
        each
        for each in state.indicators
        if (each.objective and each.objective.id in family) or each.place_id in aimed_at
    ]
    linked = {
        model: {pk for part in family for pk in state.linking(model, "objectives", part)}
        for model in (Risk, Saving, Contract)
    }
    return {
        "goals": state.objective_goals[objective.id],
        "activities": activities,
        "further_activities": [each for each in state.activities if objective in each.further_objectives],
        "roll_up": roll_up(activity.rag for activity in activities),
        "indicators": indicators,
        "indicator_coverage": coverage(indicators),
        "risks": state.named(Kind.RISK, linked[Risk]),
        "savings": state.named(Kind.SAVING, linked[Saving]),
        "contracts": state.named(Kind.CONTRACT, linked[Contract]),
        "milestones": [each for each in state.milestones if each.objective_id in family],
        "evidence": [each for each in state.evidence if family & set(each.objective_ids)],
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
        entries=trail(BoroughGoal, lambda row: "", {"parent": _labels(state)}, until=state.at, id=goal.id),
    )
    return render(request, "details/goal.html", context)


@reads()
def activity_detail(request: HttpRequest, plan: str, key: str) -> HttpResponse:
    state = visible_state(request, plan)
    activity = found(state.activities, key)
    lines, outputs = update_lines(activity.updates), state.outputs.get(activity.id, ())
    indicators = state.linking(PlanIndicator, "activities", activity.id)
    evidence = tuple(each for each in state.evidence if activity.id in each.activity_ids)
    context = plan_context(
        state,
        "activity_list",
        (activity.name, ""),
        activity=activity,
        disagreement=next((each for each in state.disagreements if each.id == activity.id), None),
        lines=lines,
        notes=[*activity.notes, *_notes_on(outputs)],
        indicators=[indicator for indicator in state.indicators if indicator.place_id in indicators],
        risks=state.named(Kind.RISK, _kept_down_by(state, activity)),
        savings=state.named(Kind.SAVING, state.linking(Saving, "activities", activity.id)),
        **_identified(state, activity),
        outputs=outputs,
        evidence=evidence,
        standing=standing(state, activity, outputs, evidence),
        may_report=_may_report(request, activity),
        **_allowed(request, may_add=EDIT, may_set_up=Permission.SET_UP_PLANS, may_ask=ASK),
        entries=newest_first((line.entry for line in lines), _activity_trail(state, activity)),
    )
    return render(request, "details/activity.html", context)


def _kept_down_by(state: PlanState, activity: ActivityFact) -> set[int]:
    """The risks that an activity mitigates."""
    return {
        risk
        for risk, mitigations in state.mitigations.items()
        if any(mitigation.activity_id == activity.id for mitigation in mitigations)
    }


def _notes_on(outputs: tuple[OutputFact, ...]) -> list[NoteFact]:
    return [about(output.title, note) for output in outputs for note in output.notes]


def _identified(state: PlanState, activity: ActivityFact) -> dict:
    """Where the need for an activity was identified, where else to look, and which boards it reports to."""
    seen_from = [each for each in state.activities if activity.id in each.see_also_ids]
    return {
        "findings": state.named(Kind.FINDING, activity.finding_ids),
        "sources": state.named(Kind.SOURCE, activity.source_ids),
        "see_also": [each for each in state.activities if each.id in activity.see_also_ids],
        "seen_from": seen_from,
        "boards": [name for pk, name in state.board_names.items() if pk in activity.board_ids],
    }


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
        "findings": state.names_by_id(Kind.FINDING),
        "sources": state.names_by_id(Kind.SOURCE),
        "see_also": state.names_by_id(Kind.ACTIVITY),
        "boards": state.board_names,
        "further_objectives": {pk: objective.ref or objective.title for pk, objective in state.objectives.items()},
    }
    told = {update.reported_at for update in activity.updates}
    entries = trail(Activity, lambda row: "", names, until=state.at, id=activity.id)
    return [entry for entry in entries if entry.when not in told]


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
        years=[(year, saving.slipped_into.get(str(year.period), [])) for year in saving.years],
        **_linked_to(state, saving),
        may_edit=may(request.user, Permission.EDIT_REGISTERS),
        may_report=_is_asked(request, state, saving),
        entries=_saving_trail(state, saving),
    )
    return render(request, "details/saving.html", context)


def _linked_to(state: PlanState, saving: SavingFact) -> dict:
    """What a saving serves, what delivers it and what it may hurt."""
    return {
        "objectives": [o for pk, o in state.objectives.items() if pk in state.linked(Saving, "objectives", saving.id)],
        "activities": _named(state, Activity, state.linked(Saving, "activities", saving.id)),
        "indicators": state.named(Kind.INDICATOR, state.linked(Saving, "indicators", saving.id)),
        "risks": state.named(Kind.RISK, state.linking(Risk, "savings", saving.id)),
        "contracts": state.named(Kind.CONTRACT, state.linking(Contract, "savings", saving.id)),
    }


def _saving_trail(state: PlanState, saving: SavingFact) -> list[Entry]:
    names = {
        "owner": state.officers,
        "division": {pk: division.name for pk, division in state.divisions.items()},
        "objectives": state.names(Objective),
        "activities": state.names(Activity),
        "indicators": state.names_by_id(Kind.INDICATOR),
    }
    return newest_first(
        trail(Saving, lambda row: "", names, until=state.at, id=saving.id),
        trail(SavingYear, _year_name, added=_year_added, until=state.at, saving_id=saving.id),
    )


def _is_asked(request: HttpRequest, state: PlanState, saving: SavingFact) -> bool:
    """Whether the monthly sheet asks this person what becomes of the saving."""
    if state.at or not may(request.user, Permission.REPORT_PROGRESS):
        return False
    month, _ = months_asked([state.plan], timezone.localdate())[state.plan.pk]
    return Saving.objects.answerable_to(request.user).reportable(month.start).filter(pk=saving.id).exists()


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
        risks=state.named(Kind.RISK, state.linking(Risk, "contracts", contract.id)),
        objectives=[o for pk, o in state.objectives.items() if pk in state.linked(Contract, "objectives", contract.id)],
        savings=state.named(Kind.SAVING, state.linked(Contract, "savings", contract.id)),
        may_edit=may(request.user, Permission.EDIT_REGISTERS),
        entries=trail(
            Contract,
            lambda row: "",
            {"director": state.officers, "further_directors": state.officers},
            until=state.at,
            id=contract.id,
        ),
    )
    return render(request, "details/contract.html", context)
