"""The same plan as it was before: at the publication before the one that is shown, or a month ago; and as it was seen
when somebody put a record of it on their list."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone
from django.utils.formats import date_format

from lambeth_plans.cycles.models import FollowUp, Publication
from lambeth_plans.dashboards.as_at import DayNotShown, moment_of
from lambeth_plans.dashboards.between import Comparison, compare
from lambeth_plans.dashboards.pages import state_on
from lambeth_plans.dashboards.published import published_state
from lambeth_plans.dashboards.state import PlanState

#: Days back, where a plan is not shown as it was published.
MONTH = 30
#: So many states beside those of this month are read for what somebody follows up in one plan; each takes some twenty
#: queries. What was put on the list at another time is looked at on its own page.
FURTHER = 2


def state_at(state: PlanState, seen: Publication | date) -> PlanState | None:
    """The same plan, as the same person may see it, at an earlier publication or at the end of a past day; None where
    there was none of it yet. One query."""
    if isinstance(seen, Publication):
        so_far = [publication for publication in state.publications if publication.number <= seen.number]
        return _published(state, so_far) if so_far else None
    try:
        return state_on(state, seen)
    except DayNotShown:
        return None


def _published(state: PlanState, publications: Sequence[Publication]) -> PlanState:
    return published_state(publications, shows_latest=False, sees_small_counts=state.sees_small_counts)


def state_before(state: PlanState) -> PlanState | None:
    """What this month is set against: the publication before, leaving out those that were corrected since; for a plan
    that is not shown as published, a month ago. None where there is none. One query at most."""
    if not state.publications:
        return state_at(state, timezone.localdate(state.moment) - timedelta(days=MONTH))
    corrected = {publication.corrects_id for publication in state.publications}
    earlier = list(state.publications[:-1])
    while earlier and earlier[-1].pk in corrected:
        earlier.pop()
    return _published(state, earlier) if earlier else None


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
        if self._is_shown(seen):
            return Comparison(())
        if self.known and self.known.publication == seen:
            return compare(self.known, self.now)
        if not self.allowed:
            return None
        self.allowed -= 1
        was = state_at(self.now, seen)
        return compare(was, self.now) if was else Comparison(())

    def _is_shown(self, seen: Publication | date) -> bool:
        """Whether what was seen is what is shown, or came after it."""
        if isinstance(seen, Publication):
            return bool(self.now.publication and seen.number >= self.now.publication.number)
        return moment_of(seen) is None or seen >= timezone.localdate(self.now.moment)
