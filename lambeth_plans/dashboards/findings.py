"""Traceability: what was found where, and what was done about it. Findings → activities → outputs → indicators →
evidence, for a whole plan and for one finding; what nothing answers comes first."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from kpis.models import PlanIndicator
from lambeth_plans.accounts.access import Permission, may
from lambeth_plans.accounts.guards import reads
from lambeth_plans.cycles.models import Question
from lambeth_plans.dashboards.facts import ActivityFact, EvidenceFact, FindingFact, NameFact, OutputFact, SourceFact
from lambeth_plans.dashboards.filters import FindingFilter
from lambeth_plans.dashboards.lists import PAGE_SIZE, shown_of
from lambeth_plans.dashboards.pages import about, found, plan_context, visible_state
from lambeth_plans.dashboards.state import PlanState
from lambeth_plans.dashboards.trail import trail
from objectives.models import Finding


@dataclass(frozen=True)
class FindingLine:
    """A finding with what answers it. `activities` name it themselves; `through` says what else answers it."""

    finding: FindingFact
    depth: int
    activities: tuple[ActivityFact, ...]
    outputs: tuple[OutputFact, ...]
    indicators: tuple[NameFact, ...]
    evidence: tuple[EvidenceFact, ...]
    through: str  # "its parts", the name of the finding it is part of, or ""

    @property
    def is_answered(self) -> bool:
        return bool(self.activities or self.through)


@dataclass(frozen=True)
class SourceLine:
    """A source that is named as a whole, and the activities it led to."""

    source: SourceFact
    activities: tuple[ActivityFact, ...]


@dataclass(frozen=True)
class Traceability:
    """The findings of a plan as a tree under their sources, each with what answers it."""

    state: PlanState

    @cached_property
    def children(self) -> dict[int | None, list[FindingFact]]:
        """Finding → its parts in order; None → those at the top."""
        children = defaultdict(list)
        for finding in self.state.findings.values():
            children[finding.parent_id].append(finding)
        return children

    @cached_property
    def _activities(self) -> dict[int, list[ActivityFact]]:
        """Finding → the activities that name it themselves."""
        answering = defaultdict(list)
        for activity in self.state.activities:
            for pk in activity.finding_ids:
                answering[pk].append(activity)
        return answering

    @cached_property
    def _indicators(self) -> dict[int, list[int]]:
        """Activity → the places of the indicators it aims at."""
        aimed_at = defaultdict(list)
        for place in self.state.names(PlanIndicator):
            for activity in self.state.linked(PlanIndicator, "activities", place):
                aimed_at[activity].append(place)
        return aimed_at

    @cached_property
    def _evidence(self) -> dict[int, list[EvidenceFact]]:
        evidence = defaultdict(list)
        for each in self.state.evidence:
            for pk in each.finding_ids:
                evidence[pk].append(each)
        return evidence

    def places(self, activities: Iterable[ActivityFact]) -> set[int]:
        """The places of the indicators that some activities aim at."""
        return {place for activity in activities for place in self._indicators[activity.id]}

    def whole_and_parts(self, finding: FindingFact) -> list[FindingFact]:
        return [finding, *(each for child in self.children[finding.id] for each in self.whole_and_parts(child))]

    def _through(self, finding: FindingFact) -> str:
        if any(self._activities[part.id] for part in self.whole_and_parts(finding)[1:]):
            return "its parts"
        whole = self.state.findings.get(finding.parent_id)
        while whole:
            if self._activities[whole.id]:
                return whole.name
            whole = self.state.findings.get(whole.parent_id)
        return ""

    def line(self, finding: FindingFact, depth: int = 0) -> FindingLine:
        activities = tuple(self._activities[finding.id])
        places = self.places(activities)
        return FindingLine(
            finding=finding,
            depth=depth,
            activities=activities,
            outputs=tuple(output for each in activities for output in self.state.outputs.get(each.id, ())),
            indicators=tuple(name for place, name in self.state.names(PlanIndicator).items() if place in places),
            evidence=tuple(self._evidence[finding.id]),
            through=self._through(finding),
        )

    def _lines_under(self, finding: FindingFact, depth: int) -> list[FindingLine]:
        parts = [line for child in self.children[finding.id] for line in self._lines_under(child, depth + 1)]
        return [self.line(finding, depth), *parts]

    @cached_property
    def lines(self) -> list[FindingLine]:
        """Every finding, the parts after their whole, the sources in their order."""
        tops = sorted(self.children[None], key=lambda finding: list(self.state.sources).index(finding.source.id))
        return [line for finding in tops for line in self._lines_under(finding, 0)]

    @cached_property
    def sources(self) -> list[SourceLine]:
        """Sources that are named as a whole: by an activity, or without any finding."""
        naming = defaultdict(list)
        for activity in self.state.activities:
            for pk in activity.source_ids:
                naming[pk].append(activity)
        with_findings = {finding.source.id for finding in self.state.findings.values()}
        return [
            SourceLine(source, tuple(naming[pk]))
            for pk, source in self.state.sources.items()
            if naming[pk] or pk not in with_findings
        ]

    @property
    def unanswered(self) -> list[FindingLine]:
        return [line for line in self.lines if not line.is_answered]


@reads()
def finding_list(request: HttpRequest, plan: str) -> HttpResponse:
    state = visible_state(request, plan)
    matrix = Traceability(state)
    form = FindingFilter(request.GET or None, matrix.lines)
    lines = form.narrowed()
    page = Paginator(lines, PAGE_SIZE).get_page(request.GET.get("page"))
    is_whole = page.number == 1 and len(lines) == len(matrix.lines)
    context = plan_context(
        state,
        "finding_list",
        ("Findings", ""),
        form=form,
        page=page,
        groups=[(source, list(each)) for source, each in groupby(page, key=lambda line: line.finding.source)],
        summary=shown_of(lines, matrix.lines, "findings"),
        total=len(matrix.lines),
        unanswered=matrix.unanswered,
        shows_unanswered=is_whole,
        sources=matrix.sources if is_whole else [],
        notes=[about(source.title, note) for source in state.sources.values() for note in source.notes],
    )
    return render(request, "dashboards/finding_list.html", context)


@dataclass(frozen=True)
class Answer:
    """An activity that answers a finding or its parts, and which of them it names."""

    activity: ActivityFact
    named: tuple[FindingFact, ...]
    outputs: tuple[OutputFact, ...]


@reads()
def finding_detail(request: HttpRequest, plan: str, key: str) -> HttpResponse:
    """What an inspector asks of one finding: what was done about it and its parts, and how anybody can tell."""
    state = visible_state(request, plan)
    matrix = Traceability(state)
    finding = found(state.findings.values(), key)
    family = {each.id: each for each in matrix.whole_and_parts(finding)}
    answers = _answers(state, family)
    places = matrix.places(answer.activity for answer in answers)
    context = plan_context(
        state,
        "finding_list",
        (finding.name, ""),
        finding=finding,
        line=matrix.line(finding),
        whole=state.findings.get(finding.parent_id),
        parts=[matrix.line(part) for part in matrix.children[finding.id]],
        answers=answers,
        outputs=sum(len(answer.outputs) for answer in answers),
        indicators=[indicator for indicator in state.indicators if indicator.place_id in places],
        evidence=[each for each in state.evidence if family.keys() & set(each.finding_ids)],
        questions=list(Question.objects.filter(finding_id=finding.id).order_by("order")),
        may_add=may(request.user, Permission.EDIT_REGISTERS),
        entries=trail(
            Finding, lambda row: "", {"source": state.sources, "parent": state.findings}, until=state.at, id=finding.id
        ),
    )
    return render(request, "details/finding.html", context)


def _answers(state: PlanState, family: dict[int, FindingFact]) -> list[Answer]:
    return [
        Answer(activity, tuple(family[pk] for pk in family if pk in named), state.outputs.get(activity.id, ()))
        for activity in state.activities
        if (named := family.keys() & set(activity.finding_ids))
    ]
