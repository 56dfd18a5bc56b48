"""Who works in the directorate, and how many cases they hold; sums and shares are computed."""

from collections import defaultdict
from decimal import Decimal
from functools import cached_property

from finance.models import TeamCaseload, WorkforceBand, WorkforceSnapshot
from lambeth_plans.dashboards import facts
from lambeth_plans.dashboards.parts.spine import Spine


class Workforce(Spine):
    @cached_property
    def _bands(self) -> dict[int, list]:
        """Snapshot → its bands in order. One query; now each band carries its snapshot."""
        bands = defaultdict(list)
        rows = self._rows(WorkforceBand, "snapshot", snapshot__plan_id=self.plan.pk)
        for row in sorted(rows, key=lambda row: row.order):
            bands[row.snapshot_id].append(row)
        return bands

    @cached_property
    def _caseloads(self) -> dict[int, list]:
        """Snapshot → the caseloads of its teams, in order. One query."""
        caseloads = defaultdict(list)
        rows = self._rows(TeamCaseload, snapshot__plan_id=self.plan.pk)
        for row in sorted(rows, key=lambda row: row.order):
            caseloads[row.snapshot_id].append(row)
        return caseloads

    @cached_property
    def people_counted(self) -> dict[str, int]:
        """Snapshot key → its bands added up. One query (two at a past moment), shared with `workforce`."""
        if self.at is None:
            keys = {pk: bands[0].snapshot.key for pk, bands in self._bands.items()}
        else:
            keys = {row.id: row.key for row in self._plan_rows(WorkforceSnapshot)}
        return {keys[pk]: sum(band.number for band in bands) for pk, bands in self._bands.items() if pk in keys}

    @cached_property
    def workforce(self) -> tuple[facts.WorkforceFact, ...]:
        """Three queries (snapshots, bands, caseloads), and the notes; the latest snapshot first."""
        rows = sorted(self._plan_rows(WorkforceSnapshot), key=lambda row: row.snapshot_date.iso, reverse=True)
        return tuple(
            facts.WorkforceFact(
                key=row.key,
                title=row.title,
                snapshot_date=row.snapshot_date,
                headcount=row.headcount,
                average_sickness_days=row.average_sickness_days,
                turnover=row.turnover,
                turnover_as_stated=row.turnover_as_stated,
                difference_reason=row.difference_reason,
                bands=tuple(_band(band, row.headcount) for band in self._bands.get(row.id, ())),
                caseloads=tuple(
                    facts.CaseloadFact(each.team, each.target, each.actual) for each in self._caseloads.get(row.id, ())
                ),
                notes=self._notes("workforce", row.key),
            )
            for row in rows
        )


def _band(row, headcount: int | None) -> facts.WorkforceBandFact:
    share = (Decimal(row.number) * 100 / headcount).quantize(Decimal("0.01")) if headcount else None
    return facts.WorkforceBandFact(row.kind, row.label, row.number, row.share_as_stated, share)
