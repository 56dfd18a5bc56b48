"""The summary of a plan: one page for somebody who has to ask the right questions."""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import capfirst

from finance.ending import TOLD
from finance.models import Saving
from lambeth_plans.accounts.guards import reads
from lambeth_plans.accounts.models import Officer
from lambeth_plans.charts import RagBars, RagRow, rag_bars
from lambeth_plans.dashboards.facts import ActivityFact, ContractFact, IndicatorFact, RiskFact
from lambeth_plans.dashboards.filters import NOT_STATED, OVERDUE
from lambeth_plans.dashboards.indicator_lines import Coverage, coverage
from lambeth_plans.dashboards.lists import by_score
from lambeth_plans.dashboards.objectives import ObjectiveLine, objective_lines
from lambeth_plans.dashboards.pages import plan_context, visible_state
from lambeth_plans.dashboards.published import neighbours_of
from lambeth_plans.dashboards.recent_changes import changes
from lambeth_plans.dashboards.savings import savings_chart
from lambeth_plans.dashboards.state import PlanState
from lambeth_plans.periods import PeriodKind
from lambeth_plans.rag import Rag, RollUp, roll_up
from lambeth_plans.templatetags.plans import pounds
from objectives.models import BoroughGoal, DataQualityNote, Objective, Plan

#: How many lines of a register the summary shows before it leads to the whole.
SHORT = 5
DAYS = 30


@dataclass(frozen=True)
class Stat:
    """A key figure, linked to the thing behind it."""

    figure: str
    label: str
    url: str
    note: str = ""


@dataclass(frozen=True)
class Summary:
    state: PlanState

    def _url(self, page: str, *keys: str, **query: str) -> str:
        return reverse(page, args=[self.state.plan.slug, *keys], query=query or None)

    @cached_property
    def ratings(self) -> RollUp:
        return roll_up(activity.rag for activity in self.state.activities)

    @cached_property
    def ratings_chart(self) -> RagBars:
        rows = []
        for line in self.outer_lines:
            objective = line.objective
            label = f"{objective.ref} {objective.title}".strip() if objective else f"{capfirst(line.word)} not stated"
            url = self._url("objective_detail", objective.key) if objective else ""
            worst = f" (worst: {line.roll_up.worst.word})" if line.roll_up.total else ""
            not_stated = self._url("activity_list", objective=NOT_STATED[0])
            rows.append(RagRow(f"{label}{worst}", line.roll_up.counts, url or not_stated))
        return rag_bars(
            title=f"{capfirst(self.state.plan.activities_word)} by {self.outer_word}",
            source=f"progress reports on {self.state.plan.title}",
            rows=rows,
            noun=self.state.plan.activities_word,
        )

    @cached_property
    def outer_lines(self) -> list[ObjectiveLine]:
        """The objectives at the top: all of them in a plan of one level."""
        return [line for line in objective_lines(self.state) if line.depth == 0]

    @property
    def outer_word(self) -> str:
        return self.state.plan.level_word(is_outer=True)

    @cached_property
    def overdue(self) -> list[ActivityFact]:
        """The longest overdue first."""
        overdue = [activity for activity in self.state.activities if activity.is_overdue]
        return sorted(overdue, key=lambda activity: activity.due_date.latest)

    @property
    def disagreements(self) -> int:
        return len(self.state.disagreements)

    @cached_property
    def coloured(self) -> list[IndicatorFact]:
        return [indicator for indicator in self.state.indicators if indicator.rag]

    @property
    def coverage(self) -> Coverage:
        return coverage(self.state.indicators)

    @cached_property
    def attention(self) -> list[IndicatorFact]:
        """Indicators whose latest figure misses its target, the worst first."""
        missed = [indicator for indicator in self.coloured if indicator.rag is not Rag.GREEN]
        return sorted(missed, key=lambda indicator: indicator.rag.severity)

    @cached_property
    def uncoloured(self) -> list[tuple[str, int]]:
        """Why indicators have no colour, and how many for each reason."""
        reasons = (indicator.reason.partition(". ")[0].rstrip(".") for indicator in self.state.indicators)
        without = (
            reason for indicator, reason in zip(self.state.indicators, reasons, strict=True) if not indicator.rag
        )
        return Counter(without).most_common()

    @cached_property
    def risks(self) -> list[RiskFact]:
        return by_score([risk for risk in self.state.risks if risk.current])

    @cached_property
    def escalated(self) -> list[RiskFact]:
        """The risks that got worse period after period."""
        return [risk for risk in self.risks if risk.is_escalated]

    @cached_property
    def ending(self) -> list[ContractFact]:
        """Those that end or need notice within 12 months, the next first; none of a closed plan."""
        return sorted((c for c in self.state.contracts if c.ends_soon), key=lambda contract: contract.deadline_order)

    @property
    def in_use(self) -> list[ContractFact]:
        """Contracts that are used though they have ended."""
        return [contract for contract in self.state.contracts if contract.is_expired_and_in_use]

    @property
    def contract_alerts(self) -> list[tuple[str, int, str]]:
        """Words, how many and where, the most pressing first; what is unknown comes last. None of a closed plan."""
        if self.state.plan.is_closed:
            return []
        counts = Counter(contract.alert for contract in self.state.contracts)
        asked = sum(contract.is_to_be_asked for contract in self.state.contracts)
        unknown = sum(contract.end_date is None for contract in self.state.contracts)
        page = self._url("contract_list")
        found = [
            ("expired and still in use", len(self.in_use), f"{page}#in-use"),
            ("ended, not stated whether still in use", asked, f"{page}#asked"),
            *((stage.words, counts[stage], f"{page}#{stage.value}") for stage in TOLD),
            ("without an end date", unknown, f"{page}#unknown"),
        ]
        return [line for line in found if line[1]]

    @property
    def notes(self) -> int:
        return sum(map(len, self.state.notes.values()))

    @property
    def stats(self) -> list[Stat]:
        return [self._activities, self._overdue, self._indicators, *self._highest_risk, self._savings, self._contracts]

    @property
    def _activities(self) -> Stat:
        counts = ", ".join(f"{each.count} {each.rag.word}" for each in self.ratings.counts)
        return Stat(f"{self.ratings.total}", self.state.plan.activities_word, self._url("activity_list"), counts)

    @property
    def overdue_url(self) -> str:
        return self._url("activity_list", due=OVERDUE[0])

    @property
    def undated(self) -> int:
        return sum(1 for activity in self.state.activities if activity.due_date is None)

    @property
    def _overdue(self) -> Stat:
        note = f"{self.undated} of {self.ratings.total} have no due date" if self.undated else ""
        return Stat(f"{len(self.overdue)}", "overdue", self.overdue_url, note)

    @property
    def _indicators(self) -> Stat:
        if not self.state.indicators:
            return Stat("0", "indicators", self._url("indicator_list"), "none stated")
        figure = f"{len(self.coloured)} of {len(self.state.indicators)}"
        note = f"{len(self.attention)} of them need attention" if self.coloured else "no targets to judge them by"
        return Stat(figure, "indicators have a colour", self._url("indicator_list"), note)

    @property
    def _highest_risk(self) -> list[Stat]:
        if not self.risks:
            return [Stat("0", "risks with a score", self._url("risk_list"))]
        top = self.risks[0]
        return [Stat(f"{top.current.score}", "highest risk score", self._url("risk_detail", top.key), top.name)]

    @property
    def _savings(self) -> Stat:
        years = [year for year in self.state.saving_years if year.kind is not PeriodKind.TO_DATE]
        span = f"{years[0]} to {years[-1]}" if len(years) > 1 else "".join(map(str, years))
        return Stat(str(pounds(self.state.savings_planned)), "savings planned", self._url("saving_list"), span)

    @property
    def _contracts(self) -> Stat:
        if not self.state.plan.is_closed:
            url = self._url("contract_list", status="ends-soon")
            note = f"{len(self.in_use)} expired and still in use" if self.in_use else ""
            return Stat(f"{len(self.ending)}", "contracts end or need notice within 12 months", url, note)
        ended = sum(1 for contract in self.state.contracts if contract.has_ended)
        note = f"{ended} had ended by {date_format(self.state.as_of, 'j F Y')}"
        return Stat(f"{len(self.state.contracts)}", "contracts", self._url("contract_list"), note)


@reads()
def plan_dashboard(request: HttpRequest, plan: str) -> HttpResponse:
    state = visible_state(request, plan, with_neighbours=True)
    state.read_ahead(Officer, BoroughGoal, Objective, DataQualityNote, Saving)
    # Rows of history that say nothing to a reader are left out, so a few more are read than are shown.
    recent = changes(state, days=DAYS, limit=SHORT * 4)[0] if state.sees_drafts else []
    context = plan_context(
        state,
        "plan_dashboard",
        summary=Summary(state),
        neighbours=_neighbours(state.plan) if state.sees_drafts else neighbours_of(state, request.user),
        savings_figure=savings_chart(state, state.saving_years),
        recent=recent[:SHORT],
        days=DAYS,
    )
    return render(request, "dashboards/plan_dashboard.html", context)


def _neighbours(plan: Plan) -> list[tuple[str, str, str]]:
    """The plan that this one follows and the newest that follows it: words, address, title. No query: the plan was
    read with both."""
    found = [("Follows", plan.follows.slug, plan.follows.title)] if plan.follows else []
    return [*found, *([("Followed by", plan.follower_slug, plan.follower_title)] if plan.follower_slug else [])]
