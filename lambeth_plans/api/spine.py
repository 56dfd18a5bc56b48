"""Councils, plans, goals, objectives, people and boards, and data-quality notes."""

from collections.abc import Iterator

from django.urls import reverse
from ninja import Field

from lambeth_plans.api.items import Day, Item, day, identity, key, name, names, ref, said
from lambeth_plans.api.reading import Reading
from lambeth_plans.dashboards.data_quality import record_url
from lambeth_plans.dashboards.state import PlanState
from objectives.models import BoroughGoal, Plan


class CouncilItem(Item):
    name: str
    is_invented: bool


class PlanItem(Item):
    title: str
    council: str = Field(description="The council's key.")
    council_name: str
    is_invented: bool
    status: str
    edition: str | None
    start_date: Day
    end_date: Day
    published_date: Day | None
    review_date: Day | None
    follows: str | None = Field(description="The slug of the plan before it.")
    vision: str | None
    purpose: str | None
    goals_edition: str | None
    objective_word: str
    objectives_word: str
    outer_objective_word: str | None
    activity_word: str
    activities_word: str
    source_document: str | None
    status_as_stated: str | None
    updated_by_as_stated: str | None
    approved_by_as_stated: str | None
    implementation_as_stated: str | None


class GoalItem(Item):
    label: str
    title: str | None
    kind: str
    council: str
    parent: str | None = Field(description="The label of what it belongs to.")
    parent_key: str | None


class ObjectiveItem(Item):
    title: str
    parent: str | None
    parent_key: str | None
    goals: list[str] = Field(description="Labels of the goals it serves.")
    goals_as_stated: str | None
    rationale: str | None
    how_we_will_know: str | None


class DivisionItem(Item):
    name: str
    council: str
    purpose: str | None
    director: str | None
    director_key: str | None


class OfficerItem(Item):
    name: str
    council: str
    post: str | None
    kind: str
    division: str | None
    division_key: str | None


class BoardItem(Item):
    name: str
    council: str
    purpose: str | None
    rhythm: str | None
    chair: str | None
    chair_key: str | None
    chair_as_stated: str | None
    members: list[str]
    reports_to: list[str]


class NoteItem(Item):
    record_kind: str
    record_key: str
    field: str
    printed: str
    understood: str
    why: str


def councils(reading: Reading) -> Iterator[CouncilItem]:
    for council in reading.councils:
        yield CouncilItem(
            ref=None,
            key=council.slug,
            plan=None,
            url=reverse("plan_list"),
            name=council.name,
            is_invented=council.is_invented,
        )


def plans(reading: Reading) -> Iterator[PlanItem]:
    return map(plan_item, reading.plans)


def plan_item(plan: Plan) -> PlanItem:
    follows = plan.follows if plan.follows and plan.follows.council_id == plan.council_id else None
    return PlanItem(
        ref=None,
        key=plan.slug,
        plan=plan.slug,
        url=reverse("plan_dashboard", args=[plan.slug]),
        title=plan.title,
        council=plan.council.slug,
        council_name=plan.council.name,
        is_invented=plan.council.is_invented,
        status=plan.get_status_display(),
        edition=said(plan.edition),
        start_date=plan.start_date.isoformat(),
        end_date=plan.end_date.isoformat(),
        published_date=day(plan.published_date),
        review_date=day(plan.review_date),
        follows=follows.slug if follows else None,
        vision=said(plan.vision),
        purpose=said(plan.purpose),
        goals_edition=said(plan.goals_edition),
        objective_word=plan.objective_word,
        objectives_word=plan.objectives_word,
        outer_objective_word=said(plan.outer_objective_word),
        activity_word=plan.activity_word,
        activities_word=plan.activities_word,
        source_document=said(plan.source_document),
        status_as_stated=said(plan.status_as_stated),
        updated_by_as_stated=said(plan.updated_by_as_stated),
        approved_by_as_stated=said(plan.approved_by_as_stated),
        implementation_as_stated=said(plan.implementation_as_stated),
    )


def goals(state: PlanState) -> Iterator[GoalItem]:
    """Of the council: its plans share them. `url` leads to the first plan read."""
    kinds = dict(BoroughGoal.Kind.choices)
    for goal in state.goals.values():
        parent = state.goals.get(goal.parent_id)
        yield GoalItem(
            ref=None,
            key=goal.key,
            plan=None,
            url=reverse("goal_detail", args=[state.plan.slug, goal.key]),
            label=goal.label,
            title=said(goal.title),
            kind=kinds[goal.kind],
            council=state.plan.council.slug,
            parent=name(parent),
            parent_key=key(parent),
        )


def objectives(state: PlanState) -> Iterator[ObjectiveItem]:
    for objective in state.objectives.values():
        parent = state.objectives.get(objective.parent_id)
        yield ObjectiveItem(
            **identity(state, "objective", objective),
            title=objective.title,
            parent=ref(parent),
            parent_key=key(parent),
            goals=names(state.objective_goals[objective.id]),
            goals_as_stated=said(objective.goals_as_stated),
            rationale=said(objective.rationale),
            how_we_will_know=said(objective.how_we_will_know),
        )


def _of_council(state: PlanState, key: str, url: str) -> dict[str, str | None]:
    return {"ref": None, "key": key, "plan": None, "url": url, "council": state.plan.council.slug}


def divisions(state: PlanState) -> Iterator[DivisionItem]:
    for division in state.divisions.values():
        yield DivisionItem(
            **_of_council(state, division.key, reverse("plan_dashboard", args=[state.plan.slug])),
            name=division.name,
            purpose=said(division.purpose),
            director=name(division.director),
            director_key=key(division.director),
        )


def officers(state: PlanState) -> Iterator[OfficerItem]:
    for officer in sorted(state.officers.values(), key=lambda each: each.key):
        division = state.divisions.get(officer.division_id)
        url = reverse("officer_detail", args=[state.plan.council.slug, officer.key])
        yield OfficerItem(
            **_of_council(state, officer.key, url),
            name=officer.name,
            post=said(officer.post),
            kind=officer.kind,
            division=division.name if division else None,
            division_key=key(division),
        )


def boards(state: PlanState) -> Iterator[BoardItem]:
    for board in state.boards.values():
        yield BoardItem(
            **_of_council(state, board.key, reverse("board_detail", args=[state.plan.council.slug, board.key])),
            name=board.name,
            purpose=said(board.purpose),
            rhythm=said(board.rhythm),
            chair=name(board.chair),
            chair_key=key(board.chair),
            chair_as_stated=said(board.chair_as_stated),
            members=names(board.members),
            reports_to=names(state.boards.get(pk) for pk in board.reports_to_ids),
        )


def notes(state: PlanState) -> Iterator[NoteItem]:
    for (kind, record), found in state.notes.items():
        for number, note in enumerate(found, 1):
            yield NoteItem(
                ref=None,
                key=f"{kind}-{record}-{number}",
                plan=state.plan.slug,
                url=record_url(state, kind, record),
                record_kind=kind,
                record_key=record,
                field=note.field,
                printed=note.printed,
                understood=note.understood,
                why=note.why,
            )
