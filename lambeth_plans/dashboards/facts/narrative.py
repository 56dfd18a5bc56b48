"""What a plan tells beside its tables."""

from dataclasses import dataclass

from lambeth_plans.dashboards.facts.spine import OfficerFact
from lambeth_plans.fields import PartialDate


@dataclass(frozen=True)
class SectionFact:
    key: str
    title: str
    body: str
    author: OfficerFact | None


@dataclass(frozen=True)
class AchievementFact:
    key: str
    claim: str
    figure: str
    period: str
    source: str


@dataclass(frozen=True)
class EventFact:
    key: str
    title: str
    event_date: PartialDate | None
    body: str
    judgement: str
