"""What the parts of a pack are written from: the state, what is compared with it, and the dashboards' judgements."""

from dataclasses import dataclass
from functools import cached_property

from django.urls import reverse

from lambeth_plans.cycles.parts import Part
from lambeth_plans.dashboards.between import Comparison, compare
from lambeth_plans.dashboards.facts import ActivityFact, OfficerFact
from lambeth_plans.dashboards.indicator_lines import IndicatorLine, in_order, indicator_lines
from lambeth_plans.dashboards.state import PlanState
from lambeth_plans.dashboards.summary import Summary
from lambeth_plans.reports.blocks import Cell

NOT_STATED = "not stated"
#: What the registers' addresses begin with, and the part that tells of them.
ABOUT = {
    "indicators": Part.INDICATORS,
    "risks": Part.RISKS,
    "savings": Part.MONEY,
    "budget": Part.MONEY,
    "contracts": Part.CONTRACTS,
    "workforce": Part.WORKFORCE,
}


@dataclass(frozen=True)
class Source:
    state: PlanState
    since: PlanState | None
    decisions_asked: str
    board: str
    since_words: str

    @cached_property
    def comparison(self) -> Comparison | None:
        return compare(self.since, self.state) if self.since else None

    @cached_property
    def summary(self) -> Summary:
        return Summary(self.state)

    @cached_property
    def lines(self) -> list[IndicatorLine]:
        """Every indicator, what needs attention first."""
        return in_order(indicator_lines(self.state), "attention")

    @cached_property
    def attention(self) -> list[ActivityFact]:
        """What is rated Red or Amber, the worst and the longest overdue first."""
        rated = [activity for activity in self.state.activities if activity.rag.needs_path_to_green]
        return sorted(rated, key=lambda each: (each.rag.severity, not each.is_overdue))

    @cached_property
    def _attention_urls(self) -> frozenset[str]:
        return frozenset(self.url("activity_detail", activity.key) for activity in self.attention)

    def url(self, page: str, *keys: str) -> str:
        return reverse(page, args=[self.state.plan.slug, *keys])

    def parts_of(self, url: str) -> frozenset[Part]:
        """The part of the pack that tells of the record at an address; none for most activities and objectives."""
        path = url.partition("?")[0].partition("#")[0]
        register = path.removeprefix(self.url("plan_dashboard")).partition("/")[0]
        if path in self._attention_urls:
            return frozenset({Part.ATTENTION})
        return frozenset({ABOUT[register]} if register in ABOUT else ())

    @property
    def has_withheld(self) -> bool:
        return any(indicator.has_withheld for indicator in self.state.indicators)


def named(ref: str, title: str, url: str = "") -> Cell:
    """The cell of a record's name: "CSKA08 Recruit carers"; what has no reference goes by its title."""
    return Cell(f"{ref} {title}".strip() if ref != title else title, url=url)


def stated(value: object) -> Cell:
    """What a document states, or that it does not."""
    return Cell(str(value)) if value not in (None, "") else Cell(NOT_STATED, is_missing=True)


def owner(officers: tuple[OfficerFact | None, ...]) -> Cell:
    return stated(", ".join(str(officer) for officer in officers if officer))


def counted(number: int, noun: str, nouns: str = "") -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {nouns or f'{noun}s'}"
