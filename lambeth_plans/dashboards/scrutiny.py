"""The page of a scrutiny member: each current plan's month in five sentences, what is most worth asking, what she
follows up, and the questions that were asked."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from lambeth_plans.accounts.access import Permission
from lambeth_plans.accounts.guards import reads
from lambeth_plans.cycles.models import FollowUp, Question
from lambeth_plans.dashboards.between import Comparison
from lambeth_plans.dashboards.earlier import Followed, Then, since_words, state_before
from lambeth_plans.dashboards.month import Month
from lambeth_plans.dashboards.published import published_states
from lambeth_plans.dashboards.state import PlanState
from lambeth_plans.dashboards.subjects import Kind, Subject, subject_of, subject_url
from objectives.models import Plan

#: So many questions are shown for a plan before the rest is one click away.
SHOWN = 5


@dataclass(frozen=True)
class Section:
    """A plan on the page. The number of queries is the same for every plan, however much there is of it: those of both
    states, and of at most `earlier.FURTHER` more for what is followed up."""

    state: PlanState
    entries: tuple[FollowUp, ...]
    questions: tuple[Question, ...]

    @property
    def plan(self) -> Plan:
        return self.state.plan

    @cached_property
    def month(self) -> Month:
        return Month(self.state, state_before(self.state))

    @cached_property
    def followed(self) -> list[Followed]:
        """The newest first."""
        then = Then(self.state, self.month.was)
        return [self._followed(entry, then) for entry in self.entries]

    def _followed(self, entry: FollowUp, then: Then) -> Followed:
        subject = subject_of(self.state, entry.record_kind, entry.record_key)
        if subject is None:
            url = subject_url(self.plan.slug, entry.record_kind, entry.record_key)
            name = f"{entry.get_record_kind_display()} {entry.record_key}"
            return Followed(entry, name, url, since_words(entry), is_gone=True)
        comparison = then.comparison(entry)
        return Followed(
            entry,
            subject.name,
            subject.url,
            since_words(entry),
            changes_of(comparison, subject),
            is_compared=comparison is not None,
        )


def changes_of(comparison: Comparison | None, subject: Subject) -> tuple[str, ...]:
    """What a comparison tells of one record, in sentences; of a plan, its first sentence."""
    if comparison is None or not comparison.groups:
        return ()
    if subject.kind == Kind.PLAN:
        return (comparison.words,)
    lines = [line for group in comparison.groups for line in group.lines]
    return tuple(line.sentence for line in lines if line.url.partition("?")[0] == subject.url)


@reads(Permission.ASK_QUESTIONS)
def scrutiny(request: HttpRequest) -> HttpResponse:
    published = {state.plan.pk: state for state in published_states(request.user)}
    states = [state for state in published.values() if state.plan.status == Plan.Status.CURRENT]
    states.sort(key=lambda state: (-state.plan.start_date.toordinal(), state.plan.title))
    own = FollowUp.objects.filter(user=request.user, plan__in=published).select_related("publication")
    followed = _by_plan(own.order_by("-added_at"))
    asked = _by_plan(Question.objects.filter(plan__in=[state.plan.pk for state in states]).order_by("-order"))
    sections = [
        Section(state, tuple(followed.pop(state.plan.pk, ())), tuple(asked[state.plan.pk][:SHOWN])) for state in states
    ]
    others = [(published[pk].plan, entry) for pk, entries in followed.items() for entry in entries]
    context = {"sections": sections, "others": others}
    return render(request, "dashboards/scrutiny.html", context)


def _by_plan(rows: Iterable) -> dict[int, list]:
    found = defaultdict(list)
    for row in rows:
        found[row.plan_id].append(row)
    return found
