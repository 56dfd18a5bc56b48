"""What a plan tells beside its tables."""

from functools import cached_property

from lambeth_plans.dashboards import facts
from lambeth_plans.dashboards.parts.spine import Spine
from objectives.models import Achievement, Event, Section


class Narrative(Spine):
    @cached_property
    def sections(self) -> tuple[facts.SectionFact, ...]:
        """One query, and the officers."""
        return tuple(
            facts.SectionFact(row.key, row.title, row.body, self.officers.get(row.author_id))
            for row in self._plan_rows(Section)
        )

    @cached_property
    def achievements(self) -> tuple[facts.AchievementFact, ...]:
        """One query."""
        return tuple(
            facts.AchievementFact(row.key, row.claim, row.figure, row.period, row.source)
            for row in self._plan_rows(Achievement)
        )

    @cached_property
    def events(self) -> tuple[facts.EventFact, ...]:
        """One query."""
        return tuple(
            facts.EventFact(row.key, row.title, row.event_date, row.body, row.judgement)
            for row in self._plan_rows(Event)
        )
