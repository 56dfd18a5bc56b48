"""What a plan tells beside its tables: sections, achievements, events, milestones and who was consulted."""

from collections.abc import Iterator

from ninja import Field

from lambeth_plans.api.items import Day, Item, day, identity, key, name, ref, said
from lambeth_plans.dashboards.state import PlanState


class SectionItem(Item):
    title: str
    body: str | None
    author: str | None
    author_key: str | None


class AchievementItem(Item):
    claim: str
    group: str | None = Field(description="The heading it stands under.")
    figure: str | None = Field(description="As it is stated.")
    period: str | None
    source: str | None


class EventItem(Item):
    title: str
    kind: str | None
    event_date: Day | None
    body: str | None = Field(description="Who held it.")
    judgement: str | None
    expects_next: str | None


class MilestoneItem(Item):
    title: str
    due_date: Day | None
    due_date_as_stated: str | None
    is_past: bool = Field(description="Whether its date has gone by; not whether it was reached.")
    event: str | None
    event_key: str | None
    objective: str | None
    objective_key: str | None


class ConsultationItem(Item):
    name: str
    position: str | None
    officer_key: str | None
    sent_date: Day | None
    received_date: Day | None
    comments: str | None


def sections(state: PlanState) -> Iterator[SectionItem]:
    for section in state.sections:
        yield SectionItem(
            **identity(state, "section", section),
            title=section.title,
            body=said(section.body),
            author=name(section.author),
            author_key=key(section.author),
        )


def achievements(state: PlanState) -> Iterator[AchievementItem]:
    for achievement in state.achievements:
        yield AchievementItem(
            **identity(state, "achievement", achievement),
            claim=achievement.claim,
            group=said(achievement.group),
            figure=said(achievement.figure),
            period=said(achievement.period),
            source=said(achievement.source),
        )


def events(state: PlanState) -> Iterator[EventItem]:
    for event in state.events:
        yield EventItem(
            **identity(state, "event", event),
            title=event.title,
            kind=said(event.kind),
            event_date=day(event.event_date),
            body=said(event.body),
            judgement=said(event.judgement),
            expects_next=said(event.expects_next),
        )


def milestones(state: PlanState) -> Iterator[MilestoneItem]:
    known = {event.id: event for event in state.events}
    for milestone in state.milestones:
        event, objective = known.get(milestone.event_id), state.objectives.get(milestone.objective_id)
        yield MilestoneItem(
            **identity(state, "milestone", milestone),
            title=milestone.title,
            due_date=day(milestone.due_date),
            due_date_as_stated=said(milestone.due_date_as_stated),
            is_past=milestone.is_past,
            event=event.title if event else None,
            event_key=key(event),
            objective=ref(objective),
            objective_key=key(objective),
        )


def consultations(state: PlanState) -> Iterator[ConsultationItem]:
    for consultation in state.consultations:
        yield ConsultationItem(
            **identity(state, "consultation", consultation),
            name=consultation.name,
            position=said(consultation.position),
            officer_key=key(consultation.officer),
            sent_date=day(consultation.sent_date),
            received_date=day(consultation.received_date),
            comments=said(consultation.comments),
        )
