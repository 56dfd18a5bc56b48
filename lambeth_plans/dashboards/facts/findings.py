"""Where things to be improved were identified, what was found there, and the evidence beside the figures."""

from dataclasses import dataclass

from lambeth_plans.dashboards.facts.spine import NoteFact
from lambeth_plans.fields import PartialDate


@dataclass(frozen=True)
class SourceFact:
    id: int
    key: str
    kind: str  # in words
    title: str
    body: str
    source_date: PartialDate | None
    event_id: int | None
    notes: tuple[NoteFact, ...]

    def __str__(self) -> str:
        return self.title


@dataclass(frozen=True)
class FindingFact:
    """`title` is empty where the document gives a reference only."""

    id: int
    key: str
    ref: str
    title: str
    source: SourceFact
    parent_id: int | None
    notes: tuple[NoteFact, ...]

    @property
    def name(self) -> str:
        return self.ref or self.title

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class OutputFact:
    id: int
    key: str
    title: str
    activity_id: int
    due_date: PartialDate | None
    done_date: PartialDate | None
    notes: tuple[NoteFact, ...]


@dataclass(frozen=True)
class EvidenceFileFact:
    """A file that the reader may open. What is in it is no part of the state."""

    id: int
    number: int
    file_name: str
    kind: str
    kind_words: str
    size: int
    sha256: str
    may_be_published: bool


@dataclass(frozen=True)
class EvidenceFact:
    """`files` are those that the reader may open; of the others only how many there are is told (`closed_files`)."""

    id: int
    key: str
    kind: str
    kind_words: str
    title: str
    evidence_date: PartialDate | None
    sample: str
    grade: str
    theme: str
    summary: str
    finding_ids: tuple[int, ...]
    objective_ids: tuple[int, ...]
    activity_ids: tuple[int, ...]
    files: tuple[EvidenceFileFact, ...]
    closed_files: int
    notes: tuple[NoteFact, ...]
    version: int

    def __str__(self) -> str:
        return self.title

    @property
    def file_count(self) -> int:
        return len(self.files) + self.closed_files
