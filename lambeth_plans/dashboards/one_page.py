"""A plan on one page: one screen, or one side of A4, for somebody with a minute before the meeting."""

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.defaultfilters import pluralize
from django.urls import reverse
from django.utils.text import Truncator, capfirst

from finance.models import BudgetLine, PrintedTotal, Saving, WorkforceBand
from lambeth_plans.accounts.guards import reads
from lambeth_plans.charts import TimelineLook
from lambeth_plans.dashboards.budget_outlook import FundOutlook, outlook_of
from lambeth_plans.dashboards.budgets import lines_by_year
from lambeth_plans.dashboards.dated import dated_items, in_time
from lambeth_plans.dashboards.facts import BudgetMonitorFact, RiskFact
from lambeth_plans.dashboards.facts.money import stated_sum
from lambeth_plans.dashboards.pages import plan_context, visible_state
from lambeth_plans.dashboards.reconciliation import budget_total, reconcile
from lambeth_plans.dashboards.savings import Tracker
from lambeth_plans.dashboards.state import PlanState
from lambeth_plans.dashboards.summary import Summary
from lambeth_plans.dashboards.timeline import READ
from lambeth_plans.rag import Rag, RollUp, SavingStatus
from lambeth_plans.templatetags.plans import pounds

#: How many lines a part of the page has before it leads to the whole: what one side of A4 holds.
SHORT = 3
#: What is told of all savings together, where any states it.
SUMS = {"planned": "planned", "delivered": "delivered", "forecast": "to come", "slipped": "slipped"}
SUMS |= {"undeliverable": "not deliverable"}
MOST_OBJECTIVES = 6
LONGEST_NAME = 52


@dataclass(frozen=True)
class Line:
    """One thing: its name, where it leads, its rating if it has one, and a few words."""

    name: str
    url: str
    words: str = ""
    rag: Rag | SavingStatus | None = None


@dataclass(frozen=True)
class Part:
    """A part of the page: what it says first, its foremost lines, and how many more there are where."""

    heading: str
    key: str
    lead: str
    lines: tuple[Line, ...]
    more: int
    more_words: str
    url: str


@dataclass(frozen=True)
class OnePage:
    state: PlanState

    @cached_property
    def summary(self) -> Summary:
        return Summary(self.state)

    def _url(self, page: str, *keys: str, **query: str) -> str:
        return reverse(page, args=[self.state.plan.slug, *keys], query=query or None)

    @property
    def parts(self) -> list[Part]:
        """In an order in which a full plan fills four columns about evenly."""
        return [
            self.objectives,
            self.milestones,
            self.indicators,
            self.risks,
            self.savings,
            self.contracts,
            self.budget,
            self.workforce,
            self.data_quality,
        ]

    # What it is to do

    @property
    def objectives(self) -> Part:
        lines = self.summary.outer_lines
        ratings = self.summary.ratings
        judged = f"{ratings.reported} of {ratings.total} {self.state.plan.activities_word} have a report."
        return Part(
            heading=capfirst(self.state.plan.objectives_word),
            key="objectives",
            lead=f"{judged} The worst rating of each, and how many:" if ratings.total else "None stated.",
            lines=tuple(
                Line(
                    _short(f"{line.objective.ref} {line.objective.title}")
                    if line.objective
                    else f"{capfirst(line.word)} not stated",
                    self._url("objective_detail", line.objective.key)
                    if line.objective
                    else self._url("activity_list", objective="none"),
                    _ratings(line.roll_up),
                    line.roll_up.worst if line.roll_up.total else None,
                )
                for line in lines[:MOST_OBJECTIVES]
            ),
            more=len(lines) - MOST_OBJECTIVES,
            more_words=f"All {self.state.plan.objectives_word}",
            url=self._url("objective_list"),
        )

    @property
    def milestones(self) -> Part:
        items = dated_items(self.state)
        late = sum(1 for item in items if item.days_late)
        coming = sorted((item for item in items if item.due and item.look is TimelineLook.TO_COME), key=in_time)
        if self.state.plan.is_closed:
            coming, lead = [], "The plan is over: nothing of it is due."
        else:
            lead = f"{late} overdue, {len(coming)} to come."
        return Part(
            heading="Next milestones",
            key="milestones",
            lead=lead,
            lines=tuple(
                Line(_short(f"{item.ref} {item.title}"), item.url, f"{item.due}, {item.kind}")
                for item in coming[:SHORT]
            ),
            more=len(coming) - SHORT,
            more_words="The timeline",
            url=self._url("timeline"),
        )

    # What it comes to

    @property
    def indicators(self) -> Part:
        found = self.summary.attention
        return Part(
            heading="Indicators needing attention",
            key="indicators",
            lead=f"{len(found)} of {len(self.summary.coloured)} judged miss their target."
            if self.summary.coloured
            else self.summary.coverage.words,
            lines=tuple(
                Line(
                    _short(f"{each.code} {each.title}"),
                    self._url("indicator_detail", each.key),
                    # What allows which colour stands on its page; here the distance is enough.
                    f"{each.reason.partition(';')[0].rstrip('.')}, {each.latest.period}.",
                    each.rag,
                )
                for each in found[:SHORT]
            ),
            more=len(found) - SHORT,
            more_words="All indicators",
            url=self._url("indicator_list"),
        )

    @property
    def risks(self) -> Part:
        scored = self.summary.risks
        return Part(
            heading="Top risks",
            key="risks",
            lead=f"{len(scored)} of {len(self.state.risks)} have a score."
            if self.state.risks
            else "The plan states no risks.",
            lines=tuple(
                Line(
                    _short(f"{risk.ref} {risk.title}"),
                    self._url("risk_detail", risk.key),
                    _scores(risk),
                    risk.current.rag,
                )
                for risk in scored[:SHORT]
            ),
            more=len(scored) - SHORT,
            more_words="All risks",
            url=self._url("risk_list"),
        )

    # Money and people

    @property
    def savings(self) -> Part:
        """What came and is expected beside the plan, and the biggest gaps; cost avoidance is no cash."""
        state, tracker = self.state, Tracker(self.state)
        sums = {name: stated_sum(getattr(each.year, name) for each in tracker.told) for name in SUMS}
        told = [f"{pounds(amount)} {SUMS[name]}" for name, amount in sums.items() if amount is not None]
        lines = [
            Line(
                _short(f"{each.saving.ref} {each.saving.title}"),
                self._url("saving_detail", each.saving.key),
                f"{each.year.period}: {pounds(each.gap)} of {pounds(each.year.planned)} missing",
                each.year.status,
            )
            for each in tracker.gaps
        ] or [
            Line(
                _short(f"{saving.ref} {saving.title}"),
                self._url("saving_detail", saving.key),
                f"{_pounds(saving.planned_total)} planned",
            )
            for saving in sorted(state.cash_savings, key=lambda saving: -(saving.planned_total or 0))
        ]
        return Part(
            heading="Savings against plan",
            key="savings",
            lead=f"{', '.join(told) or 'No amount is stated'}." if state.savings else "The plan states no savings.",
            lines=tuple(lines[:SHORT]),
            more=len(state.savings) - len({line.name for line in lines[:SHORT]}),
            more_words="All savings",
            url=self._url("saving_list"),
        )

    @property
    def budget(self) -> Part:
        """The year that the day shown is in, or else the newest: what it comes to, and the lines that differ most from
        what is expected of them."""
        years = lines_by_year(self.state)
        running = [each for each in years if each[0].start <= self.state.as_of <= each[0].end]
        year, lines = (running or years or [(None, [])])[-1]
        outlook = outlook_of(lines)
        if not lines:
            lead = "The plan states no budget by line."
        elif outlook is None:
            lead = f"{year}: {pounds(budget_total(lines, 'net_expenditure'))} net. No forecast is stated."
        else:
            names = [f"{fund.name} " if outlook.is_of_both else "" for fund in outlook.by_fund]
            each_fund = "; ".join(
                f"{name}{pounds(fund.budget)} net, {outlook.noun} {_variance(fund)}"
                for name, fund in zip(names, outlook.by_fund, strict=True)
            )
            lead = f"{year}: {each_fund}, in {outlook.month}."
            if outlook.missing:
                lead += f" Not counted: {len(outlook.missing)} without a forecast."
        told = [(line.title, f"{pounds(line.net_expenditure)} net") for line in lines]
        if outlook:
            largest = sorted(outlook.seen, key=lambda each: abs(each.monitor.variance), reverse=True)
            told = [(each.name, _variance(each.monitor)) for each in largest]
        return Part(
            heading="Budget",
            key="budget",
            lead=lead,
            lines=tuple(Line(_short(title), self._url("budget"), words) for title, words in told[:SHORT]),
            more=len(lines) - SHORT,
            more_words="The budget",
            url=self._url("budget"),
        )

    @property
    def contracts(self) -> Part:
        state, ending = self.state, self.summary.ending
        unknown = sum(1 for contract in state.contracts if contract.end_date is None)
        if not state.contracts:
            lead = "The plan states no contracts."
        elif state.plan.is_closed:
            lead = f"{_counted(len(state.contracts), 'contract')}. The plan is over: none is about to end."
        else:
            lead = f"{len(ending)} of {len(state.contracts)} end or need notice within 12 months."
        if unknown:
            lead += f" End date of {unknown} not stated."
        return Part(
            heading="Contracts ending",
            key="contracts",
            lead=lead,
            lines=tuple(
                Line(
                    _short(contract.title),
                    self._url("contract_detail", contract.key),
                    f"{contract.deadline_words}, {_pounds(contract.annual_value)} a year",
                )
                for contract in ending[:SHORT]
            ),
            more=len(ending) - SHORT,
            more_words="All contracts",
            url=self._url("contract_list"),
        )

    @property
    def workforce(self) -> Part:
        counted = (fact for fact in self.state.workforce if fact.bands or fact.headcount is not None)
        newest = next(counted, None)  # a snapshot may state no more than turnover or caseloads
        lines = []
        if newest:
            agency = newest.of_kind(WorkforceBand.Kind.AGENCY)
            page = self._url("workforce")
            if agency:
                lines.append(Line("Agency staff", page, f"{agency:,} of {newest.headcount or newest.counted:,}"))
            if newest.average_sickness_days is not None:
                lines.append(Line("Sickness", page, f"{newest.average_sickness_days} days on average"))
        return Part(
            heading="Workforce",
            key="workforce",
            lead=f"{newest.headcount or newest.counted:,} people, {newest.snapshot_date}."
            if newest
            else "The plan states no headcount.",
            lines=tuple(lines),
            more=0,
            more_words="The workforce",
            url=self._url("workforce"),
        )

    # How far to trust it

    @property
    def data_quality(self) -> Part:
        totals = reconcile(self.state)
        page = self._url("data_quality")
        lines = []
        if totals.rows:
            words = f"{totals.agreeing} of {len(totals.rows)} equal what we compute"
            lines.append(Line("Printed totals", page, words))
        if self.summary.undated:
            undated = f"{self.summary.undated} of {self.summary.ratings.total}"
            lines.append(Line("Due dates", self._url("timeline"), f"{undated} not stated"))
        if self.summary.disagreements:
            lines.append(
                Line(
                    "Disagreements",
                    self._url("disagreement_list"),
                    f"{self.summary.disagreements} rated better than what is known allows",
                )
            )
        return Part(
            heading="Data quality",
            key="data-quality",
            lead=f"{_counted(self.summary.notes, 'note')} on what the document prints."
            if self.summary.notes
            else "No notes.",
            lines=tuple(lines),
            more=0,
            more_words="Data quality",
            url=page,
        )


def _short(name: str) -> str:
    return Truncator(name.strip()).chars(LONGEST_NAME)


def _scores(risk: RiskFact) -> str:
    """ "score 20, worse, target 8"; how it moved only where there was a score before."""
    moved = f", {risk.movement.lower()}" if risk.previous else ""
    target = f", target {risk.target.text}" if risk.target else ""
    return f"score {risk.current.text}{moved}{target}"


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{pluralize(number)}"


def _pounds(amount: Decimal | None) -> str:
    return "an amount not stated" if amount is None else pounds(amount)


def _ratings(ratings: RollUp) -> str:
    """ "2 Red, 3 Green"; "all 9" where they are alike, for the rating stands beside it."""
    if len(ratings.counts) == 1:
        return f"all {ratings.total}" if ratings.total > 1 else "the only one"
    return ", ".join(f"{each.count} {each.rag.word}" for each in ratings.counts)


@reads()
def plan_one_page(request: HttpRequest, plan: str) -> HttpResponse:
    state = visible_state(request, plan)
    state.read_ahead(*READ, Saving, BudgetLine, PrintedTotal)
    context = plan_context(state, "plan_one_page", ("On a page", ""), one_page=OnePage(state))
    return render(request, "dashboards/one_page.html", context)


def _variance(seen: FundOutlook | BudgetMonitorFact) -> str:
    """ "a pressure of £50,000", or "on budget"."""
    if not seen.variance:
        return "on budget"
    article = "an" if seen.variance < 0 else "a"
    return f"{article} {seen.variance_words.lower()} of {_pounds(abs(seen.variance))}"
