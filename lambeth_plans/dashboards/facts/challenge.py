"""Where a rating is better than what is known allows."""

from dataclasses import dataclass

from activities.challenge import Floor, gap
from lambeth_plans.dashboards.facts.activities import UpdateFact
from lambeth_plans.dashboards.facts.spine import OfficerFact
from lambeth_plans.rag import Rag


@dataclass(frozen=True)
class DisagreementFact:
    """An activity that is rated better than its floor, with both."""

    id: int
    key: str
    ref: str
    title: str
    owner: OfficerFact | None
    further_owners: tuple[OfficerFact, ...]
    latest: UpdateFact
    floor: Floor

    @property
    def rag(self) -> Rag:
        return self.latest.rag

    @property
    def gap(self) -> int:
        """1 or 2 steps of Red, Amber, better."""
        return gap(self.rag, self.floor.rag)

    @property
    def reason(self) -> str:
        """Why the director rates it so all the same, as reported last; empty where nobody was asked."""
        return self.latest.rosier_reason
