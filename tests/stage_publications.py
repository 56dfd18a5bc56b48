"""What a plan on the stage (tests/stage.py) has published."""

from lambeth_plans.accounts.models import Board, User
from lambeth_plans.cycles.models import Publication
from objectives.models import Plan
from tests import factories


def publications(plan: Plan, board: Board, by: User, words: str) -> list[Publication]:
    """The first in the list is the second that was published, so that it has one to be compared with."""
    meeting = factories.MeetingFactory(board=board, place=f"Room{words}")
    return [
        factories.PublicationFactory(
            plan=plan,
            number=number,
            published_by=by,
            published_by_name=f"Somebody{words}",
            meeting=meeting,
            note=f"For the board.{words}",
            decisions_asked=f"That it be noted.{words}",
            exempt_parts=["contracts"],
            exempt_because=f"Paragraph 3.{words}",
        )
        for number in (1, 2)
    ][::-1]
