"""The same plan as it was before: at the publication before the one that is shown, or a month ago; and as it was seen
when somebody put a record of it on their list."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone
from django.utils.formats import date_format

from lambeth_plans.cycles.models import FollowUp, Publication
from lambeth_plans.dashboards.as_at import DayNotShown, moment_of, plan_then
from lambeth_plans.dashboards.between import Comparison, compare
from lambeth_plans.dashboards.state import PlanState, plan_state
from lambeth_plans.history import Sealed

#: Days back, where a plan is not shown as it was published.
MONTH = 30
#: So many states beside those of this month are read for what somebody follows up in one plan; each takes some twenty
#: queries. What was put on the list at another time is looked at on its own page.
FURTHER = 2


def publication_shown(state: PlanState) -> Publication | None:
    """The publication that a state is of; None for the plan as it is now. One query for a published one."""
    if not isinstance(state.at, Sealed):
        return None
    return Publication.objects.filter(plan_id=state.plan.pk, published_at=state.at).first()


def state_at(state: PlanState, moment) -> PlanState | None:
    """The same plan, as the same person may see it, at another moment; None where it was not held yet. One query."""
    try:
        return plan_state(plan_then(state.plan, moment), moment, sees_small_counts=state.sees_small_counts)
    except DayNotShown:
        return None


def state_before(state: PlanState) -> PlanState | None:
    """What this month is set against: the publication before, leaving out those that were corrected since; for a plan
    that is not shown as published, a month ago. None where there is none. Two queries at most."""
    if isinstance(state.at, Sealed):
        earlier = Publication.objects.filter(plan_id=state.plan.pk, published_at__lt=state.at, corrected_by=None)
        publication = earlier.order_by("-number").first()
        return state_at(state, publication.moment) if publication else None
    return state_at(state, moment_of(timezone.localdate(state.moment) - timedelta(days=MONTH)))


@dataclass(frozen=True)
class Followed:
    """What somebody follows up, with what has changed on it since, in sentences. `is_compared` is False where that is
    told only on its own page; `is_gone` where the plan has no such record any more."""

    entry: FollowUp
    name: str
    url: str
    since: str
    changes: tuple[str, ...] = ()
    is_compared: bool = True
    is_gone: bool = False


def seen_when_added(entry: FollowUp) -> Publication | date:
    """What tells which state of the plan somebody saw when they put a record on their list."""
    return entry.publication or timezone.localdate(entry.added_at)


def since_words(entry: FollowUp) -> str:
    day = date_format(timezone.localdate(entry.added_at), "j F Y")
    return f"{day}, publication {entry.publication.number}" if entry.publication else day


@dataclass
class Then:
    """Comparisons of one plan with what it was when its records were put on a list; each earlier state is read once.

    `allowed` is how many may be read beside `known`, the one that is there already.
    """

    now: PlanState
    known: PlanState | None = None
    allowed: int = FURTHER

    def __post_init__(self) -> None:
        self._found: dict[Publication | date, Comparison | None] = {}

    def comparison(self, entry: FollowUp) -> Comparison | None:
        """What has changed in the plan since; empty where nothing can have, None where it is not read."""
        seen = seen_when_added(entry)
        if seen not in self._found:
            self._found[seen] = self._compared(seen)
        return self._found[seen]

    def _compared(self, seen: Publication | date) -> Comparison | None:
        moment = moment_of(seen) if isinstance(seen, date) else seen.moment
        if moment is None or moment == self.now.at:
            return Comparison(())
        if self.known and self.known.at == moment:
            return compare(self.known, self.now)
        if not self.allowed:
            return None
        self.allowed -= 1
        was = state_at(self.now, moment)
        return compare(was, self.now) if was else Comparison(())
