"""What somebody asks for: the plans they may see, narrowed to one where they name it, now or at the end of a day."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from django.http import Http404

from lambeth_plans.accounts.access import Permission, may
from lambeth_plans.accounts.models import Council, User
from lambeth_plans.dashboards.as_at import moment_of
from lambeth_plans.dashboards.plans import line_order
from lambeth_plans.dashboards.published import published_states
from lambeth_plans.dashboards.state import PlanState, plan_state
from objectives.models import Plan

#: The order of the page of all plans, and one that never changes between two requests.
ORDER = ("council__is_invented", "council__name", "-start_date", "title", "slug")


@dataclass(frozen=True)
class Reading:
    """Who asks, for which plan ("" for all they may see), and as it stood at the end of which day (None: now)."""

    user: User
    plan: str = ""
    at: date | None = None

    @cached_property
    def plans(self) -> list[Plan]:
        """One query, two for who sees no drafts. Raises Http404 where the plan that is named is not among them."""
        if not may(self.user, Permission.SEE_DRAFTS):
            return [state.plan for state in self._published]
        visible = list(Plan.objects.visible_to(self.user).select_related("council", "follows").order_by(*ORDER))
        found = [plan for plan in visible if self.plan in ("", plan.slug)]
        if self.plan and not found:
            raise Http404("There is no such plan among those you can see.")
        return found

    @cached_property
    def _published(self) -> list[PlanState]:
        """The plans as they are published, or were on the day that is asked for."""
        named = {"plan__slug": self.plan} if self.plan else {}
        found = published_states(self.user, self.at, **named)
        if self.plan and not found:
            raise Http404("There is no such plan among those you can see.")
        return sorted(found, key=lambda state: line_order(state.plan))

    @cached_property
    def councils(self) -> list[Council]:
        """All of one's own, or that of the plan that is named. One query."""
        if self.plan:
            return [plan.council for plan in self.plans]
        return list(Council.objects.visible_to(self.user).order_by("is_invented", "name", "slug"))

    @property
    def moment(self) -> datetime | None:
        return moment_of(self.at)

    def states(self) -> Iterator[PlanState]:
        """One plan at a time, so that only one is in memory; each asks its queries when its parts are read."""
        if not may(self.user, Permission.SEE_DRAFTS):
            yield from self._published
            return
        for plan in self.plans:
            yield plan_state(plan, self.moment, sees_small_counts=may(self.user, Permission.SEE_SMALL_COUNTS))

    def states_of_councils(self) -> Iterator[PlanState]:
        """The first plan of each council: what belongs to a council is the same in all of them."""
        seen = set()
        for state in self.states():
            if state.plan.council_id not in seen:
                seen.add(state.plan.council_id)
                yield state
