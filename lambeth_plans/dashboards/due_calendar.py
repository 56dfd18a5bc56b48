"""When figures are due: what is late, what was not reported, and what is only not due yet."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from kpis.due import CalendarEntry, DueStanding, DueState
from kpis.models import Indicator
from lambeth_plans.accounts.guards import reads
from lambeth_plans.dashboards.analysis import due_dates
from lambeth_plans.dashboards.facts import IndicatorFact
from lambeth_plans.dashboards.pages import plan_context, visible_state
from lambeth_plans.periods import month_of

LATE, NOT_STATED = "Late", "Due date not stated"
#: Periods are named up to so many.
NAMED = 3


@dataclass(frozen=True)
class DueLine:
    """An indicator with where its figures stand."""

    indicator: IndicatorFact
    entry: CalendarEntry

    @property
    def frequency(self) -> str:
        return dict(Indicator.Frequency.choices).get(self.indicator.frequency, "")

    @property
    def newest(self) -> DueStanding | None:
        """The last expected period that is in."""
        return next((each for each in reversed(self.entry.standings) if each.state is DueState.IN), None)

    @property
    def missed(self) -> str:
        """The periods that were passed over, in words; empty where there is none."""
        return _named(self.entry.not_reported)

    @property
    def unknown(self) -> str:
        """The periods without a figure of which nobody says when they are due, in words."""
        return _named(self.entry.unknown)

    @property
    def heading(self) -> str:
        """What it is listed under: late, the month in which its next figure is due, or that none is stated."""
        if self.entry.late:
            return LATE
        return f"Due in {month_of(self.entry.next_due).long_label}" if self.entry.next_due else NOT_STATED


def _named(standings: Sequence[DueStanding]) -> str:
    """The newest first: "Jun 2026, May 2026, Apr 2026 and 2 before"."""
    labels = [each.period.label for each in reversed(standings)]
    further = f" and {len(labels) - NAMED} before" if len(labels) > NAMED else ""
    return f"{', '.join(labels[:NAMED])}{further}"


def by_month(lines: Iterable[DueLine]) -> list[tuple[str, list[DueLine]]]:
    """What is late, then month by month what is due next, then what has no due date. `lines` stand in the order of
    kpis.due.calendar."""
    return [(heading, list(found)) for heading, found in groupby(lines, key=lambda line: line.heading)]


@reads()
def indicator_due(request: HttpRequest, plan: str) -> HttpResponse:
    state = visible_state(request, plan)
    indicators = {indicator.key: indicator for indicator in state.indicators}
    lines = [DueLine(indicators[entry.key], entry) for entry in due_dates(state.indicators, state.as_of)]
    context = plan_context(
        state,
        "indicator_due",
        ("When figures are due", ""),
        months=by_month(lines),
        total=len(lines),
        late=sum(bool(line.entry.late) for line in lines),
        not_reported=sum(bool(line.entry.not_reported) for line in lines),
        not_due=sum(bool(line.entry.next_due and not line.entry.late) for line in lines),
        unknown=sum(not line.entry.next_due for line in lines),
    )
    return render(request, "dashboards/indicator_due.html", context)
