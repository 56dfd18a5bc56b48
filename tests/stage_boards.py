"""The boards of a council on the stage (tests/stage.py)."""

from lambeth_plans.accounts.models import Board, Council, Officer
from tests import factories


def boards(council: Council, members: tuple[Officer, ...], times: int, words: str) -> list[Board]:
    """Twice `times` boards: the first member chairs each of them, and each but the first reports to the first."""
    made: list[Board] = []
    for number in range(2 * times):
        made.append(
            factories.BoardFactory(
                council=council,
                key=f"board-{number}",
                name=f"Board {number}{words}",
                purpose=f"To oversee.{words}",
                rhythm=f"Weekly{words}",
                chair=members[0],
                members=members,
                reports_to=made[:1],
                order=number,
            )
        )
    return made
