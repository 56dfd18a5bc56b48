"""Risks with their scores and what keeps them down."""

from collections import defaultdict
from functools import cached_property
from itertools import chain

from lambeth_plans.dashboards import facts
from lambeth_plans.dashboards.parts.spine import Spine
from lambeth_plans.rag import Standing
from risks.models import Mitigation, Risk, RiskBand, RiskMatrix, RiskScore, RiskStep


class Risks(Spine):
    @cached_property
    def risks(self) -> tuple[facts.RiskFact, ...]:
        """Two queries (risks, scores) or three (bands, where one names a matrix; four at a past moment), and the
        officers and notes."""
        rows = self._plan_rows(Risk)
        scores = defaultdict(list)
        for row in self._rows(RiskScore, "matrix", risk__plan_id=self.plan.pk):
            if not self.plan.is_closed or row.scored_date <= self.as_of:
                scores[row.risk_id].append(row)
        naming = [row for row in (*rows, *chain(*scores.values())) if row.matrix_id]
        matrices, bands = self._matrices(naming) if naming else ({}, {})
        return tuple(
            self._risk(row, [_score(score, matrices, bands) for score in scores[row.id]], matrices) for row in rows
        )

    def _matrices(self, naming):
        """The matrices that some risks and scores name, and their bands. Now each row carries its matrix."""
        if self.at is None:
            matrices = {row.matrix_id: row.matrix for row in naming}
        else:
            matrices = {row.id: row for row in self._rows(RiskMatrix, council_id=self.plan.council_id)}
        bands = defaultdict(list)
        for row in self._rows(RiskBand, matrix__council_id=self.plan.council_id):
            bands[row.matrix_id].append((row.lowest_score, row.rag))
        return matrices, {matrix: sorted(steps) for matrix, steps in bands.items()}

    def _risk(self, row, scores, matrices) -> facts.RiskFact:
        scores.sort(key=lambda score: score.scored_date)
        latest = {score.kind: score for score in scores}
        matrix = matrices.get(row.matrix_id)
        return facts.RiskFact(
            id=row.id,
            key=row.key,
            ref=row.ref,
            title=row.title,
            cause=row.cause,
            event=row.event,
            effect=row.effect,
            owner=self.officers.get(row.owner_id),
            review_date=row.review_date,
            matrix_name=matrix.name if matrix else "",
            matrix_standing=matrix.standing if matrix else "",
            current=latest.get("current"),
            target=latest.get("target"),
            scores=tuple(scores),
            notes=self._notes("risk", row.key),
            version=row.version,
        )

    @cached_property
    def risk_matrices(self) -> tuple[facts.MatrixFact, ...]:
        """Every matrix of the council with its steps and bands, by name. Three queries."""
        bands, steps = defaultdict(list), defaultdict(list)
        for row in self._rows(RiskBand, matrix__council_id=self.plan.council_id):
            bands[row.matrix_id].append((row.lowest_score, row.rag))
        for row in self._rows(RiskStep, matrix__council_id=self.plan.council_id):
            steps[row.matrix_id, row.axis].append(facts.StepFact(row.weight, row.word))
        rows = sorted(self._rows(RiskMatrix, council_id=self.plan.council_id), key=lambda row: (row.name, row.key))
        return tuple(
            facts.MatrixFact(
                row.id,
                row.name,
                row.standing,
                *(
                    tuple(sorted(steps[row.id, axis], key=lambda step: step.weight))
                    for axis in (RiskStep.Axis.LIKELIHOOD, RiskStep.Axis.IMPACT)
                ),
                tuple(sorted(bands[row.id])) if row.standing != Standing.ASSUMED.value else (),
            )
            for row in rows
        )

    @cached_property
    def mitigations(self) -> dict[int, tuple[facts.MitigationFact, ...]]:
        """Risk → what keeps it down, in order. One query."""
        found = defaultdict(list)
        rows = sorted(self._rows(Mitigation, risk__plan_id=self.plan.pk), key=lambda row: row.order)
        for row in rows:
            found[row.risk_id].append(facts.MitigationFact(row.text, row.activity_id))
        return {risk: tuple(mitigations) for risk, mitigations in found.items()}


def _score(row, matrices, bands) -> facts.ScoreFact:
    """A score is coloured only by an agreed or stated matrix."""
    matrix = matrices.get(row.matrix_id)
    rag = None
    if matrix and matrix.standing != Standing.ASSUMED.value:
        reached = [rating for lowest, rating in bands.get(row.matrix_id, []) if row.score >= lowest]
        rag = reached[-1] if reached else None
    return facts.ScoreFact(
        kind=row.kind,
        scored_date=row.scored_date,
        score=row.score,
        text=row.score_as_stated or str(row.score),
        likelihood=row.likelihood,
        impact=row.impact,
        rag=rag,
        reason=row.reason,
        matrix_id=row.matrix_id,
    )
