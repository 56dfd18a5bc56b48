"""Where things to be improved were identified, what was found, what is delivered for it, and the evidence."""

from collections import defaultdict
from functools import cached_property

from activities.models import Evidence, EvidenceFile, Output
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
        """One query with the files, and the links and notes."""
        if Evidence not in self._read and Evidence not in self._ahead:
            self.read_ahead(Evidence, EvidenceFile)
        kinds, files = dict(Evidence.Kind.choices), self._files
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
                files=tuple(file for file in files.get(row.id, ()) if self._may_open(file)),
                closed_files=sum(not self._may_open(file) for file in files.get(row.id, ())),
                notes=self._notes("evidence", row.key),
                version=row.version,
            )
            for row in self._plan_rows(Evidence)
        )

    @property
    def sees_files(self) -> bool:
        """Whether every file is this reader's to open. One may hold drafts, names and small counts alike."""
        return self.sees_drafts and self.sees_small_counts

    def _may_open(self, file: facts.EvidenceFileFact) -> bool:
        """Also of a past moment it must be one that may be opened now: what is withdrawn is not even named any more."""
        if self.sees_files:
            return True
        return file.may_be_published and (self.at is None or file.id in self._still_open)

    @cached_property
    def _still_open(self) -> frozenset[int]:
        """The files that members may open, as it is now. One query; only where a file was open at a past moment."""
        files = EvidenceFile.objects.filter(plan=self.plan.pk, may_be_published=True)
        return frozenset(files.order_by().values_list("pk", flat=True))

    @cached_property
    def _opened(self) -> frozenset[int]:
        return frozenset(file.id for files in self._files.values() for file in files if self._may_open(file))

    def opens_file(self, pk: int) -> bool:
        """Whether a file is this reader's to open. Of any other, neither names nor reasons are told: they may say what
        is in it."""
        return self.sees_files or pk in self._opened

    @cached_property
    def _files(self) -> dict[int, list[facts.EvidenceFileFact]]:
        """Evidence → its files, in order. One query."""
        kinds = dict(EvidenceFile._meta.get_field("kind").choices)
        found = defaultdict(list)
        for row in sorted(self._all(EvidenceFile), key=lambda row: row.number):
            file = facts.EvidenceFileFact(
                id=row.id,
                number=row.number,
                file_name=row.file_name,
                kind=row.kind,
                kind_words=kinds[row.kind],
                size=row.size,
                sha256=row.sha256,
                may_be_published=row.may_be_published,
            )
            found[row.evidence_id].append(file)
        return dict(found)
