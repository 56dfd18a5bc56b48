"""Risks, their scores and what keeps them down."""

from dataclasses import dataclass
from datetime import date

from lambeth_plans.dashboards.facts.spine import NameFact, NoteFact, OfficerFact
from lambeth_plans.fields import PartialDate
from lambeth_plans.rag import Rag
from risks.scoring import Movement, Weights, edition_label


@dataclass(frozen=True)
class ScoreFact:
    kind: str
    scored_date: date
    score: int
    text: str
    likelihood: int | None
    impact: int | None
    rag: Rag | None  # None where no agreed matrix says what the score means
    reason: str
    matrix_id: int | None = None
    due_date: PartialDate | None = None  # by when a target is to be reached
    band: str = ""  # what the council calls the band it is in
    matrix_key: str = ""
    matrix_label: str = ""  # with its edition
    appetite: int | None = None  # of its matrix, if that is agreed

    @property
    def product(self) -> str:
        """ "4 × 3", or nothing for a total alone."""
        return f"{self.likelihood} × {self.impact}" if self.likelihood else ""

    def is_above(self, other: "ScoreFact | None") -> bool:
        """Whether it is higher than another on the same matrix; scores on different ones are not compared."""
        return other is not None and self.matrix_id == other.matrix_id and self.score > other.score


@dataclass(frozen=True)
class StepFact:
    """A step of likelihood or impact: its weight in the product and its words."""

    weight: int
    word: str
    description: str = ""

    def __str__(self) -> str:
        return f"{self.weight} {self.word}".strip()


@dataclass(frozen=True)
class BandFact:
    """From which score on a rating holds."""

    lowest_score: int
    rag: Rag
    name: str


@dataclass(frozen=True)
class MatrixFact:
    """A risk matrix with its steps, lowest first. `bands` say from which score on a rating holds; an assumed matrix
    has none. `appetite` is the highest score that is accepted, if the council has said so."""

    id: int
    key: str
    name: str
    edition: int
    standing: str
    agreed_by: str
    agreed_date: date | None
    likelihood: tuple[StepFact, ...]
    impact: tuple[StepFact, ...]
    bands: tuple[BandFact, ...]
    appetite: int | None
    escalate_after: int
    replaces_id: int | None

    @property
    def label(self) -> str:
        return edition_label(self.name, self.edition)

    @property
    def weights(self) -> Weights:
        return Weights(*(tuple(step.weight for step in steps) for steps in (self.likelihood, self.impact)))

    def band(self, score: int) -> BandFact | None:
        return next((band for band in reversed(self.bands) if score >= band.lowest_score), None)

    def rag(self, score: int) -> Rag | None:
        band = self.band(score)
        return band.rag if band else None


@dataclass(frozen=True)
class MitigationFact:
    text: str
    activity_id: int | None
    kind: str = ""  # "control" (in place), "action" (further), or empty where it is not stated
    kind_words: str = ""


@dataclass(frozen=True)
class AnswerFact:
    """What keeps a risk down, with how its activity stands: `rag` and `is_overdue` are those of the activity."""

    mitigation: MitigationFact
    activity: NameFact | None
    rag: Rag | None = None
    due_date: PartialDate | None = None
    is_overdue: bool = False

    @property
    def is_open(self) -> bool:
        """Whether something is still being done: a control in place and a complete activity change nothing more."""
        return self.mitigation.kind != "control" and self.rag is not Rag.BLUE

    @property
    def is_worrying(self) -> bool:
        return self.is_overdue or self.rag is Rag.RED


@dataclass(frozen=True)
class RiskOfAnother:
    """A risk of another plan, by its name and that of its plan (whose key is its slug)."""

    plan: NameFact
    risk: NameFact


@dataclass(frozen=True)
class RiskFact:
    id: int
    key: str
    ref: str
    title: str
    cause: str
    event: str
    effect: str
    owner: OfficerFact | None
    review_date: PartialDate | None
    is_review_overdue: bool
    is_target_late: bool  # its target's day is over and the score is above it
    proximity: str  # in words
    matrix_id: int | None
    matrix_name: str
    matrix_standing: str
    appetite: int | None  # of its matrix, if that is agreed; the matrix of its score may be another
    escalate_after: int
    inherent: ScoreFact | None
    current: ScoreFact | None
    target: ScoreFact | None
    previous: ScoreFact | None  # the current score before the one that holds
    movement: Movement | None
    worse_running: int  # in how many periods up to the last it got worse
    scores: tuple[ScoreFact, ...]  # oldest first, of every kind
    notes: tuple[NoteFact, ...]
    version: int

    @property
    def name(self) -> str:
        return self.ref or self.title

    @property
    def is_target_above_current(self) -> bool:
        return bool(self.target and self.target.is_above(self.current))

    @property
    def is_above_appetite(self) -> bool:
        """By the matrix that it is scored on."""
        now = self.current
        return bool(now and now.appetite is not None and now.score > now.appetite)

    @property
    def is_escalated(self) -> bool:
        """Whether it got worse in so many periods running that somebody has to look at it."""
        return self.worse_running >= self.escalate_after

    @property
    def is_on_the_map(self) -> bool:
        return bool(self.current and self.current.likelihood)

    @property
    def moved_words(self) -> str:
        """How the score stands to the one before: "worse, was 12"; empty for a risk without a score."""
        if self.movement is None:
            return ""
        return f"{self.movement}, was {self.previous.text}" if self.previous else str(self.movement)
