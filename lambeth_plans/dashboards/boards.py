"""The boards of a council: who chairs them, who sits on them, what they report to and what they look at."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from activities.models import Activity
from lambeth_plans.accounts.access import Permission, may
from lambeth_plans.accounts.guards import reads
from lambeth_plans.accounts.models import Board, Council, Officer
from lambeth_plans.charts import Hierarchy, Node, hierarchy
from lambeth_plans.dashboards.officers import council_context, visible_council
from lambeth_plans.dashboards.published_council import PublishedCouncil
from lambeth_plans.dashboards.trail import trail
from objectives.models import Plan


@dataclass(frozen=True)
class PlanActivities:
    """A plan with its activities that report to a board."""

    plan: Plan
    activities: tuple[Activity, ...]


@reads()
def board_list(request: HttpRequest, council: str) -> HttpResponse:
    own = visible_council(request, council)
    if may(request.user, Permission.SEE_DRAFTS):
        boards = list(_boards(own).prefetch_related("members", "reports_to", "plans"))
    else:
        boards = PublishedCouncil(request.user, own).boards
    context = council_context(
        own,
        "board_list",
        (f"Boards of {own}", ""),
        boards=boards,
        picture=_picture(own, boards),
        may_set_up=may(request.user, Permission.MANAGE_PEOPLE),
    )
    return render(request, "dashboards/board_list.html", context)


def _boards(council: Council):
    return Board.objects.filter(council=council).select_related("chair").order_by("order", "name")


def _picture(council: Council, boards: list[Board]) -> Hierarchy | None:
    """Who reports to whom; None where no board states it."""
    above = {board.key: [each.key for each in board.reports_to.all()] for board in boards}
    if not any(above.values()):
        return None
    nodes = [
        Node(board.key, board.name, tuple(above[board.key]), reverse("board_detail", args=[council.slug, board.key]))
        for board in boards
    ]
    return hierarchy(
        title="Which board reports to which",
        source=f"what the plans of {council} state",
        nodes=nodes,
        heading="Board",
        below="Reports to",
    )


@reads()
def board_detail(request: HttpRequest, council: str, key: str) -> HttpResponse:
    own = visible_council(request, council)
    if not may(request.user, Permission.SEE_DRAFTS):
        return _published_board(request, own, key)
    board = _boards(own).prefetch_related("members", "reports_to", "reported_by").filter(key=key).first()
    if board is None:
        raise Http404("This council has no such board.")
    return _board_page(
        request,
        board,
        plans=list(board.plans.order_by("-start_date", "title")),
        reporting=_reporting(board),
        may_set_up=may(request.user, Permission.MANAGE_PEOPLE),
        entries=trail(Board, lambda row: "", _names(own), id=board.pk),
    )


def _published_board(request: HttpRequest, own: Council, key: str) -> HttpResponse:
    """A board as published. Six queries."""
    council = PublishedCouncil(request.user, own)
    board = next((each for each in council.boards if each.key == key), None)
    if board is None:
        raise Http404("This council has no such board.")
    officers, boards = ({each.pk: each.name for each in found} for found in (council.officers, council.boards))
    names = {"chair": officers, "members": officers, "reports_to": boards}
    return _board_page(
        request,
        board,
        plans=board.plans.all(),
        reporting=[PlanActivities(state.plan, tuple(found)) for state, found in council.reporting_to(board)],
        entries=trail(Board, lambda row: "", names, until=council.moment, id=board.pk),
    )


def _board_page(request: HttpRequest, board: Board, **context: object) -> HttpResponse:
    own = board.council
    trail_to = ((f"Boards of {own}", reverse("board_list", args=[own.slug])), (board.name, ""))
    page = council_context(own, "board_list", *trail_to, board=board, **context)
    return render(request, "details/board.html", page)


def _reporting(board: Board) -> list[PlanActivities]:
    """The activities whose outputs report to a board, plan by plan, the newest plan first. One query."""
    found: dict[Plan, list[Activity]] = {}
    rows = board.activities.select_related("plan").order_by("-plan__start_date", "plan__title", "order", "key")
    for activity in rows:
        found.setdefault(activity.plan, []).append(activity)
    return [PlanActivities(plan, tuple(activities)) for plan, activities in found.items()]


def _names(council: Council) -> dict[str, dict[int, str]]:
    """What the history calls officers and boards. Two queries."""
    officers = dict(Officer.objects.filter(council=council).order_by().values_list("pk", "name"))
    boards = dict(Board.objects.filter(council=council).order_by().values_list("pk", "name"))
    return {"chair": officers, "members": officers, "reports_to": boards}
