"""The state of a plan, now or at a past moment: the one reader behind every page, pack and answer about a plan.

`plan_state(plan, at=None)` gives a frozen PlanState whose parts are read when first asked for, each with a fixed
number of queries whatever the amount of data (the number stands in each part's docstring). At a past moment the same
parts come from the history tables (`history.rows`), so "as at" is one parameter and not a second set of pages.
"""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from lambeth_plans.dashboards.parts.activities import Activities
from lambeth_plans.dashboards.parts.indicators import Indicators
from lambeth_plans.dashboards.parts.money import Money
from lambeth_plans.dashboards.parts.narrative import Narrative
from lambeth_plans.dashboards.parts.risks import Risks
from objectives.models import Plan


@dataclass(frozen=True)
class PlanState(Activities, Indicators, Risks, Money, Narrative):
    """`as_of` is the day dates are judged by: the day shown, or the last day of a closed plan."""


def plan_state(plan: Plan, at: datetime | None = None) -> PlanState:
    """The plan's state now (`at` None) or as it stood at a moment. Reads nothing until a part is asked for."""
    moment = at or timezone.now()
    return PlanState(plan=plan, at=at, as_of=plan.read_as_at(timezone.localdate(moment)))
