"""Where a rating is better than what is known allows."""

from dataclasses import dataclass

from activities.challenge import Floor, gap
from lambeth_plans.dashboards.facts.activities import ActivityFact


@dataclass(frozen=True)
class DisagreementFact:
    """An activity that is rated better than its floor, with both."""

    activity: ActivityFact
    floor: Floor

    @property
    def gap(self) -> int:
        """1 or 2 steps of Red, Amber, better."""
        return gap(self.activity.rag, self.floor.rag)

    @property
    def reason(self) -> str:
        """Why the director rates it so all the same, as reported last; empty where nobody was asked."""
        return self.activity.latest.rosier_reason
