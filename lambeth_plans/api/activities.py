"""Activities, their outputs and reports; where they were identified, and the evidence beside the figures."""

from collections.abc import Iterator

from django.urls import reverse
from ninja import Field, Schema

from lambeth_plans.api.items import (
    Day,
    Item,
    RagWord,
    day,
    identity,
    key,
    name,
    names,
    rated,
    ref,
    refs,
    said,
)
from lambeth_plans.dashboards.facts import ActivityFact, EvidenceFact, EvidenceFileFact
from lambeth_plans.dashboards.state import PlanState


class ActivityItem(Item):
    title: str
    objective: str | None = Field(description="The lead objective's reference, or its key where it has none.")
    objective_key: str | None
    further_objectives: list[str]
    objective_as_stated: str | None
    owner: str | None = Field(description="The name of who answers for it.")
    owner_key: str | None
    further_owners: list[str]
    owner_as_stated: str | None
    lead_members: list[str]
    goal: str | None = Field(description="The label of the borough plan's goal it serves.")
    goal_key: str | None
    further_goals: list[str]
    goal_as_stated: str | None
    programme: str | None
    intended_outcome: str | None
    findings: list[str] = Field(description="References of the findings it answers.")
    sources: list[str] = Field(description="Titles of the sources it answers as a whole.")
    identified_as_stated: str | None
    stage_as_stated: str | None
    see_also: list[str]
    boards: list[str]
    original_due_date: Day | None
    due_date: Day | None
    due_date_as_stated: str | None
    is_overdue: bool
    rag: RagWord = Field(description="Of the latest report.")
    forecast_rag: RagWord | None
    reported_period: str | None = Field(description="The period of the latest report, for example “Apr 2019”.")
    what_happened: str | None
    path_to_green: str | None
    floor: RagWord | None = Field(description="The best rating that what is known allows; null where nothing is known.")
    floor_reasons: list[str] = Field(description="What is known, in sentences; the worst first.")
    rosier_reason: str | None = Field(description="Why the latest report rates it better than was then known to hold.")


class OutputItem(Item):
    title: str
    activity: str | None = Field(description="The activity's reference, or its key where it has none.")
    activity_key: str | None
    due_date: Day | None
    done_date: Day | None


class ReportItem(Item):
    activity: str
    activity_key: str
    period: str
    period_start: Day
    period_end: Day
    revision: int = Field(description="Of several revisions of a period the highest holds.")
    rag: RagWord
    forecast_rag: RagWord | None
    what_happened: str | None
    is_unchanged: bool
    path_to_green: str | None
    previous_due_date: Day | None
    new_due_date: Day | None
    due_date_reason: str | None
    floor: RagWord | None = Field(description="The best rating that was then known to hold.")
    floor_because: str | None
    rosier_reason: str | None = Field(description="Why it was rated better.")
    reported_by: str


class SourceItem(Item):
    title: str
    kind: str
    body: str | None = Field(description="Who it comes from.")
    source_date: Day | None
    event: str | None
    event_key: str | None


class FindingItem(Item):
    title: str | None
    source: str = Field(description="The title of what it stands in.")
    source_key: str
    parent: str | None
    parent_key: str | None
    activities: list[str] = Field(description="References of the activities that answer it.")


class EvidenceFileItem(Schema):
    """A file that whoever asks may open; what is in it is fetched from its address, with a session."""

    number: int
    file_name: str
    kind: str
    size: int = Field(description="In bytes.")
    sha256: str
    may_be_published: bool
    url: str


class EvidenceItem(Item):
    title: str
    kind: str
    evidence_date: Day | None
    sample: str | None
    grade: str | None
    theme: str | None
    summary: str | None
    findings: list[str]
    objectives: list[str]
    activities: list[str]
    files: list[EvidenceFileItem]
    closed_files: int = Field(description="How many further files there are that whoever asks may not open.")


def _by_id(state: PlanState) -> dict[int, ActivityFact]:
    return {activity.id: activity for activity in state.activities}


def activities(state: PlanState) -> Iterator[ActivityItem]:
    by_id = _by_id(state)
    for activity in state.activities:
        latest = activity.latest
        yield ActivityItem(
            **identity(state, "activity", activity),
            title=activity.title,
            objective=ref(activity.objective),
            objective_key=key(activity.objective),
            further_objectives=refs(activity.further_objectives),
            objective_as_stated=said(activity.objective_as_stated),
            owner=name(activity.owner),
            owner_key=key(activity.owner),
            further_owners=names(activity.further_owners),
            owner_as_stated=said(activity.owner_as_stated),
            lead_members=names(activity.lead_members),
            goal=name(activity.goal),
            goal_key=key(activity.goal),
            further_goals=names(activity.further_goals),
            goal_as_stated=said(activity.goal_as_stated),
            programme=said(activity.programme),
            intended_outcome=said(activity.intended_outcome),
            findings=refs(state.findings.get(pk) for pk in activity.finding_ids),
            sources=names(state.sources.get(pk) for pk in activity.source_ids),
            identified_as_stated=said(activity.identified_as_stated),
            stage_as_stated=said(activity.stage_as_stated),
            see_also=refs(by_id.get(pk) for pk in activity.see_also_ids),
            boards=names(state.boards.get(pk) for pk in activity.board_ids),
            original_due_date=day(activity.original_due_date),
            due_date=day(activity.due_date),
            due_date_as_stated=said(activity.due_date_as_stated),
            is_overdue=activity.is_overdue,
            rag=rated(activity.rag),
            forecast_rag=rated(activity.forecast_rag),
            reported_period=name(latest and latest.period),
            what_happened=said(latest.what_happened) if latest else None,
            path_to_green=said(latest.path_to_green) if latest else None,
            floor=rated(state.floors[activity.id].rag),
            floor_reasons=list(state.floors[activity.id].reasons),
            rosier_reason=said(latest.rosier_reason) if latest else None,
        )


def outputs(state: PlanState) -> Iterator[OutputItem]:
    """In the order of their activities; seen on the activity's page."""
    by_id = _by_id(state)
    for found in state.outputs.values():
        for output in found:
            activity = by_id.get(output.activity_id)
            page = (
                ("activity_detail", [state.plan.slug, activity.key])
                if activity
                else ("activity_list", [state.plan.slug])
            )
            yield OutputItem(
                ref=None,
                key=output.key,
                plan=state.plan.slug,
                url=f"{reverse(page[0], args=page[1])}#output-{output.key}",
                title=output.title,
                activity=ref(activity),
                activity_key=key(activity),
                due_date=day(output.due_date),
                done_date=day(output.done_date),
            )


def reports(state: PlanState) -> Iterator[ReportItem]:
    """Every report on every activity, oldest first."""
    for activity in state.activities:
        for update in reversed(activity.updates):
            yield ReportItem(
                **{
                    **identity(state, "activity", activity),
                    "ref": None,
                    "key": f"{activity.key}-{update.period.start.isoformat()}-{update.revision}",
                },
                activity=ref(activity),
                activity_key=activity.key,
                period=update.period.label,
                period_start=update.period.start.isoformat(),
                period_end=update.period.end.isoformat(),
                revision=update.revision,
                rag=rated(update.rag),
                forecast_rag=rated(update.forecast_rag),
                what_happened=said(update.what_happened),
                is_unchanged=update.is_unchanged,
                path_to_green=said(update.path_to_green),
                previous_due_date=day(update.previous_due_date),
                new_due_date=day(update.new_due_date),
                due_date_reason=said(update.due_date_reason),
                floor=rated(update.floor),
                floor_because=said(update.floor_because),
                rosier_reason=said(update.rosier_reason),
                reported_by=update.reported_by_name,
            )


def sources(state: PlanState) -> Iterator[SourceItem]:
    events = {event.id: event for event in state.events}
    for source in state.sources.values():
        event = events.get(source.event_id)
        yield SourceItem(
            **identity(state, "source", source),
            title=source.title,
            kind=source.kind,
            body=said(source.body),
            source_date=day(source.source_date),
            event=event.title if event else None,
            event_key=key(event),
        )


def findings(state: PlanState) -> Iterator[FindingItem]:
    answering: dict[int, list[ActivityFact]] = {}
    for activity in state.activities:
        for pk in activity.finding_ids:
            answering.setdefault(pk, []).append(activity)
    for finding in state.findings.values():
        parent = state.findings.get(finding.parent_id)
        yield FindingItem(
            **identity(state, "finding", finding),
            title=said(finding.title),
            source=finding.source.title,
            source_key=finding.source.key,
            parent=ref(parent),
            parent_key=key(parent),
            activities=refs(answering.get(finding.id, ())),
        )


def evidence(state: PlanState) -> Iterator[EvidenceItem]:
    by_id = _by_id(state)
    for entry in state.evidence:
        yield EvidenceItem(
            **identity(state, "evidence", entry),
            title=entry.title,
            kind=entry.kind_words,
            evidence_date=day(entry.evidence_date),
            sample=said(entry.sample),
            grade=said(entry.grade),
            theme=said(entry.theme),
            summary=said(entry.summary),
            findings=refs(state.findings.get(pk) for pk in entry.finding_ids),
            objectives=refs(state.objectives.get(pk) for pk in entry.objective_ids),
            activities=refs(by_id.get(pk) for pk in entry.activity_ids),
            files=[_file(state, entry, file) for file in entry.files],
            closed_files=entry.closed_files,
        )


def _file(state: PlanState, entry: EvidenceFact, file: EvidenceFileFact) -> EvidenceFileItem:
    return EvidenceFileItem(
        number=file.number,
        file_name=file.file_name,
        kind=file.kind_words,
        size=file.size,
        sha256=file.sha256,
        may_be_published=file.may_be_published,
        url=reverse("evidence_file", args=[state.plan.slug, entry.key, file.number]),
    )
