"""The state of a plan, now or at a past moment: the one reader behind every page, pack and answer about a plan.

`plan_state(plan, at=None, sees_small_counts=True)` gives a frozen PlanState whose parts are read when first asked for,
each with a fixed number of queries whatever the amount of data (the number stands in each part's docstring). At a past
moment the same parts come from the history tables (`history.rows`), so "as at" is one parameter and not a second set of
pages; so is what somebody who does not see small counts is not shown.
"""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format

from lambeth_plans.cycles.models import Publication
from lambeth_plans.dashboards.parts.budgets import Budgets
from lambeth_plans.dashboards.parts.challenge import Challenge
from lambeth_plans.dashboards.parts.contracts import Contracts
from lambeth_plans.dashboards.parts.findings import Findings
from lambeth_plans.dashboards.parts.money import Money
from lambeth_plans.dashboards.parts.names import Names
from lambeth_plans.dashboards.parts.narrative import Narrative
from lambeth_plans.dashboards.parts.risks import Risks
from lambeth_plans.dashboards.parts.workforce import Workforce
from objectives.models import Plan


@dataclass(frozen=True)
class PlanState(Challenge, Findings, Risks, Contracts, Money, Budgets, Workforce, Narrative, Names):
    """`as_of` is the day dates are judged by: the day shown, or the last day of a closed plan."""

    @property
    def moment(self) -> datetime:
        """The moment shown."""
        return self.at or timezone.now()

    @property
    def publication(self) -> Publication | None:
        """The publication that is shown, if one is."""
        return self.publications[-1] if self.publications else None

    @property
    def is_past(self) -> bool:
        """Whether there is something newer that the same person may see."""
        return self.at is not None and not self.shows_latest

    @property
    def as_at_words(self) -> str:
        """The line over every page of the plan: what day it is read at, and why."""
        plan = self.plan
        day = date_format(self.as_of, "j F Y")
        if self.publication:
            ended = f" The plan had ended on {day}." if self.as_of < timezone.localdate(self.at) else ""
            return f"{self.publication.words}{ended}"
        if self.at:
            shown = date_format(timezone.localtime(self.at), "j F Y")
            ended = f" It had ended on {day}." if self.as_of < timezone.localdate(self.at) else ""
            return f"As the plan stood at the end of {shown}.{ended}"
        if plan.is_closed and self.as_of == plan.end_date:
            return f"This plan ended on {day}; it is shown as at its end."
        if plan.status == Plan.Status.SUPERSEDED:
            return f"This plan has been superseded. As at {day}."
        if plan.status == Plan.Status.DRAFT:
            return f"This plan is a draft. As at {day}."
        return f"As at {day}."


def plan_state(
    plan: Plan,
    at: datetime | None = None,
    *,
    sees_small_counts: bool = True,
    publications: tuple[Publication, ...] = (),
    sees_drafts: bool = True,
    shows_latest: bool = False,
) -> PlanState:
    """The plan's state now (`at` None) or as it stood at a moment. Reads nothing until a part is asked for."""
    moment = at or timezone.now()
    as_of = plan.read_as_at(timezone.localdate(moment))
    return PlanState(
        plan=plan,
        at=at,
        as_of=as_of,
        sees_small_counts=sees_small_counts,
        publications=publications,
        sees_drafts=sees_drafts,
        shows_latest=shows_latest,
    )
