"""Where things to be improved were identified, what was found, what is delivered for it, and the evidence."""

from collections import defaultdict
from functools import cached_property

from activities.models import Evidence, Output
from lambeth_plans.dashboards import facts
from lambeth_plans.dashboards.parts.spine import Spine
from objectives.models import Finding, Source


class Findings(Spine):
    @cached_property
    def sources(self) -> dict[int, facts.SourceFact]:
        """One query, and the notes."""
        kinds = dict(Source.Kind.choices)
        return {
            row.id: facts.SourceFact(
                id=row.id,
                key=row.key,
                kind=kinds[row.kind],
                title=row.title,
                body=row.body,
                source_date=row.source_date,
                event_id=row.event_id,
                notes=self._notes("source", row.key),
            )
            for row in self._plan_rows(Source)
        }

    @cached_property
    def findings(self) -> dict[int, facts.FindingFact]:
        """One query, and the sources and notes."""
        return {
            row.id: facts.FindingFact(
                id=row.id,
                key=row.key,
                ref=row.ref,
                title=row.title,
                source=self.sources[row.source_id],
                parent_id=row.parent_id,
                notes=self._notes("finding", row.key),
            )
            for row in self._plan_rows(Finding)
        }

    @cached_property
    def outputs(self) -> dict[int, tuple[facts.OutputFact, ...]]:
        """Activity → its outputs, in order. One query, and the notes."""
        found = defaultdict(list)
        for row in self._plan_rows(Output):
            output = facts.OutputFact(
                id=row.id,
                key=row.key,
                title=row.title,
                activity_id=row.activity_id,
                due_date=row.due_date,
                done_date=row.done_date,
                notes=self._notes("output", row.key),
            )
            found[row.activity_id].append(output)
        return {activity: tuple(outputs) for activity, outputs in found.items()}

    @cached_property
    def evidence(self) -> tuple[facts.EvidenceFact, ...]:
        """One query, and the links and notes."""
        kinds = dict(Evidence.Kind.choices)
        return tuple(
            facts.EvidenceFact(
                id=row.id,
                key=row.key,
                kind=row.kind,
                kind_words=kinds[row.kind],
                title=row.title,
                evidence_date=row.evidence_date,
                sample=row.sample,
                grade=row.grade,
                theme=row.theme,
                summary=row.summary,
                finding_ids=self.linked(Evidence, "findings", row.id),
                objective_ids=self.linked(Evidence, "objectives", row.id),
                activity_ids=self.linked(Evidence, "activities", row.id),
                notes=self._notes("evidence", row.key),
                version=row.version,
            )
            for row in self._plan_rows(Evidence)
        )
