"""What a plan tells beside its tables."""

from functools import cached_property

from lambeth_plans.accounts.models import Board
from lambeth_plans.dashboards import facts
from lambeth_plans.dashboards.parts.spine import Spine
from objectives.models import Achievement, Consultation, Event, Milestone, Section


class Narrative(Spine):
    @cached_property
    def sections(self) -> tuple[facts.SectionFact, ...]:
        """One query, and the officers."""
        return tuple(
            facts.SectionFact(row.key, row.ref, row.title, row.body, self.officers.get(row.author_id))
            for row in self._plan_rows(Section)
        )

    @cached_property
    def achievements(self) -> tuple[facts.AchievementFact, ...]:
        """One query."""
        return tuple(
            facts.AchievementFact(row.key, row.group, row.claim, row.figure, row.period, row.source)
            for row in self._plan_rows(Achievement)
        )

    @cached_property
    def events(self) -> tuple[facts.EventFact, ...]:
        """One query, and the notes."""
        kinds = dict(Event.Kind.choices)
        return tuple(
            facts.EventFact(
                id=row.id,
                key=row.key,
                kind=kinds.get(row.kind, ""),
                title=row.title,
                event_date=row.event_date,
                body=row.body,
                judgement=row.judgement,
                expects_next=row.expects_next,
                notes=self._notes("event", row.key),
            )
            for row in self._plan_rows(Event)
        )

    @cached_property
    def milestones(self) -> tuple[facts.MilestoneFact, ...]:
        """In the order of the document. One query, and the notes."""
        return tuple(
            facts.MilestoneFact(
                id=row.id,
                key=row.key,
                ref=row.ref,
                title=row.title,
                due_date=row.due_date,
                due_date_as_stated=row.due_date_as_stated,
                event_id=row.event_id,
                objective_id=row.objective_id,
                is_past=bool(row.due_date and row.due_date.latest < self.as_of),
                notes=self._notes("milestone", row.key),
            )
            for row in self._plan_rows(Milestone)
        )

    @cached_property
    def consultations(self) -> tuple[facts.ConsultationFact, ...]:
        """One query, and the officers and notes."""
        return tuple(
            facts.ConsultationFact(
                key=row.key,
                name=row.name,
                position=row.position,
                officer=self.officers.get(row.officer_id),
                sent_date=row.sent_date,
                received_date=row.received_date,
                comments=row.comments,
                notes=self._notes("consultation", row.key),
            )
            for row in self._plan_rows(Consultation)
        )

    @cached_property
    def boards(self) -> dict[int, facts.BoardFact]:
        """Every board of the council, in order. One query and two for their links (none at a past moment), and the
        officers."""
        rows = sorted(self._rows(Board, council_id=self.plan.council_id), key=lambda row: (row.order, row.name))
        links = self._links_of(Board, rows)
        return {
            row.id: facts.BoardFact(
                id=row.id,
                key=row.key,
                name=row.name,
                purpose=row.purpose,
                rhythm=row.rhythm,
                chair=self.officers.get(row.chair_id),
                chair_as_stated=row.chair_as_stated,
                members=self._known(self.officers, links[row.id]["members"]),
                reports_to_ids=tuple(links[row.id]["reports_to"]),
            )
            for row in rows
        }

    @cached_property
    def board_names(self) -> dict[int, str]:
        """Every board of the council by its name alone. One query."""
        rows = sorted(self._rows(Board, council_id=self.plan.council_id), key=lambda row: (row.order, row.name))
        return {row.id: row.name for row in rows}

    @cached_property
    def plan_links(self) -> dict[str, tuple[int, ...]]:
        """The divisions and boards the plan names, by primary key. Two queries (one at a past moment)."""
        row = next(iter(self._rows(type(self.plan), id=self.plan.pk)), self.plan)
        links = self._links_of(type(self.plan), [row])[row.id]
        return {name: tuple(pks) for name, pks in links.items()}
