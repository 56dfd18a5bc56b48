"""A plan's month in five sentences with their figures, for somebody who has ten minutes. The figures are those of the
summary, the comparison of two moments and the unusual indicators; here they are only put into words."""

from dataclasses import dataclass
from functools import cached_property

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from lambeth_plans.dashboards.between import Comparison, compare
from lambeth_plans.dashboards.state import PlanState
from lambeth_plans.dashboards.summary import Summary
from lambeth_plans.dashboards.unusual import UnusualLine, unusual_lines
from lambeth_plans.dashboards.worth_asking import FIRST, Worth, questions_worth_asking


@dataclass(frozen=True)
class Sentence:
    """One sentence, and the page on which all of it stands."""

    text: str
    url: str
    more: str


@dataclass(frozen=True)
class Month:
    """A plan as it is shown, and as it was before (None where nothing is held that it could be set against)."""

    state: PlanState
    was: PlanState | None

    @cached_property
    def comparison(self) -> Comparison | None:
        return compare(self.was, self.state) if self.was else None

    @cached_property
    def summary(self) -> Summary:
        return Summary(self.state)

    @cached_property
    def unusual(self) -> list[UnusualLine]:
        return unusual_lines(self.state)

    @cached_property
    def worth_asking(self) -> tuple[Worth, ...]:
        return questions_worth_asking(self.state, self.was, self.unusual)

    @property
    def first_worth(self) -> tuple[Worth, ...]:
        return self.worth_asking[:FIRST]

    @property
    def further_worth(self) -> tuple[Worth, ...]:
        return self.worth_asking[FIRST:]

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        return (self._ratings, self._changes, self._dates, self._indicators, self._risk_and_money)

    def _page(self, name: str) -> str:
        return reverse(name, args=[self.state.plan.slug])

    @property
    def _ratings(self) -> Sentence:
        ratings, plan = self.summary.ratings, self.state.plan
        if not ratings.total:
            text = f"The plan has no {plan.activities_word}."
        else:
            each = listed([f"{count.count} {count.rag.word}" for count in ratings.counts])
            noun = plan.activity_word if ratings.total == 1 else plan.activities_word
            text = f"Of {ratings.total} {noun}: {each}."
        return Sentence(text, self._page("activity_list"), f"All {plan.activities_word}")

    @property
    def _changes(self) -> Sentence:
        url, more = self._page("change_between"), "What changed"
        if self.was is None:
            return Sentence("There is nothing earlier to set this against yet.", url, more)
        day = date_format(timezone.localdate(self.was.moment), "j F Y")
        words = self.comparison.words
        return Sentence(f"Since {day}: {words[:1].lower()}{words[1:]}", url, more)

    @property
    def _dates(self) -> Sentence:
        overdue, undated = self.summary.overdue, self.summary.undated
        missing = f" {undated} of {self.summary.ratings.total} have no due date." if undated else ""
        if overdue:
            longest = overdue[0]
            text = f"{len(overdue)} overdue; the longest is {longest.name}, due {longest.due_date}."
        else:
            text = "Nothing is overdue."
        return Sentence(text + missing, self.summary.overdue_url, "What is overdue")

    @property
    def _indicators(self) -> Sentence:
        coloured, missed = len(self.summary.coloured), len(self.summary.attention)
        noun = "indicator" if coloured == 1 else "indicators"
        judged = f"{missed} of {coloured} {noun} with a rating miss {'its' if coloured == 1 else 'their'} target"
        unusual = len(self.unusual)
        shows = f"{unusual} show{'s' if unusual == 1 else ''} something unusual" if unusual else "none is unusual"
        text = f"{judged if coloured else 'No indicator has a target to be rated by'}; {shows}."
        return Sentence(text, self._page("indicator_exceptions"), "What is unusual")

    @property
    def _risk_and_money(self) -> Sentence:
        *_, risk, savings, _contracts = self.summary.stats
        ending = len(self.summary.ending)
        end = "contract ends or needs" if ending == 1 else "contracts end or need"
        ends = f"{ending or 'no'} {end} notice within 12 months"
        highest = f"The highest risk scores {risk.figure} ({risk.note})" if risk.note else "No risk has a score"
        span = f" ({savings.note})" if savings.note else ""
        saved = f"{savings.figure} of savings planned{span}" if self.state.savings else "no savings are stated"
        text = f"{highest}; {saved}; {ends}."
        return Sentence(text, self._page("risk_list"), "All risks")


def listed(words: list[str]) -> str:
    """ "a, b and c" """
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
