"""Who works in the directorate, and how many cases they hold."""

from dataclasses import dataclass
from decimal import Decimal

from finance.models import WorkforceBand
from finance.reconciling import bands_disagree
from lambeth_plans.dashboards.facts.spine import NoteFact
from lambeth_plans.fields import PartialDate


@dataclass(frozen=True)
class WorkforceBandFact:
    kind: str
    label: str
    number: int
    share_as_stated: str
    share: Decimal | None  # percent of headcount, two decimals; None without a headcount


@dataclass(frozen=True)
class CaseloadFact:
    """Cases for each worker of a team, on average: how many there are, and how many there should be."""

    team: str
    target: Decimal | None
    actual: Decimal | None

    @property
    def above_target(self) -> Decimal | None:
        """By how much there are more than there should be, below nought by how much fewer; None where either is not
        stated."""
        return None if self.target is None or self.actual is None else self.actual - self.target


@dataclass(frozen=True)
class WorkforceFact:
    key: str
    title: str
    snapshot_date: PartialDate
    headcount: int | None
    average_sickness_days: Decimal | None
    turnover: Decimal | None  # percent
    turnover_as_stated: str
    difference_reason: str
    bands: tuple[WorkforceBandFact, ...]
    caseloads: tuple[CaseloadFact, ...]
    notes: tuple[NoteFact, ...]

    @property
    def counted(self) -> int:
        """The bands added up, to stand beside the headcount the document prints."""
        return sum(band.number for band in self.bands)

    def of_kind(self, *kinds: str) -> int:
        return sum(band.number for band in self.bands if band.kind in kinds)

    @property
    def left_over(self) -> int | None:
        """The headcount less the bands; None where either is not stated."""
        return None if self.headcount is None or not self.bands else self.headcount - self.counted

    @property
    def disagreement(self) -> str:
        """A sentence where the bands do not add up to the headcount and nobody says why."""
        return bands_disagree(
            headcount=self.headcount, bands=[band.number for band in self.bands], why=self.difference_reason
        )

    @property
    def agency_share(self) -> Decimal | None:
        """Percent of the headcount (of the bands, where none is stated), one decimal; None without such a band."""
        whole = self.headcount or self.counted
        if not whole or not any(band.kind == WorkforceBand.Kind.AGENCY for band in self.bands):
            return None
        return (Decimal(self.of_kind(WorkforceBand.Kind.AGENCY)) * 100 / whole).quantize(Decimal("0.1"))

    def caseload_of(self, team: str) -> CaseloadFact | None:
        return next((each for each in self.caseloads if each.team == team), None)
