"""What a plan says beside its tables: its sections, divisions, boards, achievements, events and commitments."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from lambeth_plans.accounts.guards import reads
from lambeth_plans.dashboards.facts import AchievementFact, BoardFact, EventFact, MilestoneFact, NoteFact
from lambeth_plans.dashboards.pages import about, plan_context, visible_state
from lambeth_plans.dashboards.state import PlanState


@dataclass(frozen=True)
class EventLine:
    """An event with what is to be so by then."""

    event: EventFact
    milestones: tuple[MilestoneFact, ...]


@dataclass(frozen=True)
class BoardLine:
    """A board and the boards it reports to."""

    board: BoardFact
    reports_to: tuple[BoardFact, ...]


@reads()
def narrative(request: HttpRequest, plan: str) -> HttpResponse:
    state = visible_state(request, plan)
    milestones = by_date(state.milestones)
    context = plan_context(
        state,
        "narrative",
        ("The plan in words", ""),
        sections=state.sections,
        notes=_notes(state),
        divisions=_divisions(state),
        boards=_boards(state),
        achievements=_by_group(state.achievements),
        events=_events(state, milestones),
        milestones=[each for each in milestones if each.event_id is None],
        objectives=state.objectives,
        consultations=state.consultations,
    )
    return render(request, "dashboards/narrative.html", context)


def by_date(milestones: Iterable[MilestoneFact]) -> list[MilestoneFact]:
    """The earliest first; those without a date last, in the order of the document."""
    return sorted(milestones, key=lambda each: each.due_date.iso if each.due_date else "9999")


def _divisions(state: PlanState) -> list:
    """The divisions the plan names; all of the council's where it names none of them."""
    named = state.plan_links["divisions"]
    return [division for pk, division in state.divisions.items() if pk in named or not named]


def _boards(state: PlanState) -> list[BoardLine]:
    named = state.plan_links["boards"]
    return [
        BoardLine(board, tuple(state.boards[above] for above in board.reports_to_ids if above in state.boards))
        for pk, board in state.boards.items()
        if pk in named
    ]


def _by_group(achievements: tuple[AchievementFact, ...]) -> list[tuple[str, list[AchievementFact]]]:
    """The achievements under the headings of the document, those without a heading together."""
    groups = list(dict.fromkeys(each.group for each in achievements))
    ordered = sorted(achievements, key=lambda each: groups.index(each.group))
    return [(group, list(found)) for group, found in groupby(ordered, key=lambda each: each.group)]


def _events(state: PlanState, milestones: list[MilestoneFact]) -> list[EventLine]:
    at = defaultdict(list)
    for milestone in milestones:
        at[milestone.event_id].append(milestone)
    return [EventLine(event, tuple(at[event.id])) for event in state.events]


def _notes(state: PlanState) -> list[NoteFact]:
    """The notes on everything this page shows, each with the name of its record."""
    noted = [("section", each.key, each.title) for each in state.sections]
    noted += [("achievement", each.key, each.claim) for each in state.achievements]
    noted += [("event", each.key, each.title) for each in state.events]
    noted += [("milestone", each.key, each.title) for each in state.milestones]
    noted += [("consultation", each.key, each.name) for each in state.consultations]
    return [about(title, note) for kind, key, title in noted for note in state.notes.get((kind, key), ())]
