"""Risks with their scores and what keeps them down."""

from collections import defaultdict
from functools import cached_property
from itertools import chain

from activities.challenge import is_overdue
from activities.models import Activity
from lambeth_plans.dashboards import facts
from lambeth_plans.dashboards.parts.activities import Activities
from lambeth_plans.dashboards.parts.spine import natural_order
from lambeth_plans.fields import PartialDate
from lambeth_plans.rag import Rag, Standing
from objectives.models import Plan
from risks.models import Mitigation, Risk, RiskBand, RiskMatrix, RiskScore, RiskStep
from risks.scoring import ESCALATE_AFTER, Dated, edition_label, movement, worse_running

PROXIMITIES = dict(Risk.Proximity.choices)
KINDS = dict(Mitigation.Kind.choices)


class Risks(Activities):
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
        """The matrices that some risks and scores name, and the bands of those that colour. Now each row carries its
        matrix."""
        if self.at is None:
            matrices = {row.matrix_id: row.matrix for row in naming}
        else:
            matrices = {row.id: row for row in self._rows(RiskMatrix, council_id=self.plan.council_id)}
        return matrices, {
            pk: bands for pk, bands in self._risk_bands.items() if pk in matrices and _colours(matrices[pk])
        }

    @cached_property
    def _risk_bands(self) -> dict[int, tuple[facts.BandFact, ...]]:
        """Matrix → its bands, the lowest first. One query."""
        found = defaultdict(list)
        for row in self._rows(RiskBand, matrix__council_id=self.plan.council_id):
            found[row.matrix_id].append(facts.BandFact(row.lowest_score, row.rag, row.name))
        return {pk: tuple(sorted(bands, key=lambda band: band.lowest_score)) for pk, bands in found.items()}

    def _risk(self, row, scores, matrices) -> facts.RiskFact:
        scores.sort(key=lambda score: score.scored_date)
        by_kind = defaultdict(list)
        for score in scores:
            by_kind[score.kind].append(score)
        current, previous = ([None, None, *by_kind["current"]][place] for place in (-1, -2))
        target = ([None, *by_kind["target"]])[-1]
        dated = [Dated(score.scored_date, score.score, score.matrix_id) for score in by_kind["current"]]
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
            is_review_overdue=self._is_over(row.review_date),
            is_target_late=bool(current and current.is_above(target) and self._is_over(target.due_date)),
            proximity=PROXIMITIES.get(row.proximity, ""),
            matrix_id=row.matrix_id,
            matrix_name=matrix.name if matrix else "",
            matrix_standing=matrix.standing if matrix else "",
            appetite=_appetite(matrix),
            escalate_after=matrix.escalate_after if matrix else ESCALATE_AFTER,
            inherent=([None, *by_kind["inherent"]])[-1],
            current=current,
            target=target,
            previous=previous,
            movement=movement(dated[-2] if previous else None, dated[-1]) if current else None,
            worse_running=worse_running(dated),
            scores=tuple(scores),
            notes=self._notes("risk", row.key),
            version=row.version,
        )

    def _is_over(self, day: PartialDate | None) -> bool:
        """Whether a day has passed; of a closed plan nothing is overdue."""
        return bool(day and not self.plan.is_closed and day.latest < self.as_of)

    @cached_property
    def risk_matrices(self) -> tuple[facts.MatrixFact, ...]:
        """Every matrix of the council with its steps and bands, by name and edition. Three queries, of which one is
        that of `risks`."""
        steps = defaultdict(list)
        for row in self._rows(RiskStep, matrix__council_id=self.plan.council_id):
            steps[row.matrix_id, row.axis].append(facts.StepFact(row.weight, row.word, row.description))
        rows = self._rows(RiskMatrix, council_id=self.plan.council_id)
        return tuple(
            facts.MatrixFact(
                id=row.id,
                key=row.key,
                name=row.name,
                edition=row.edition,
                standing=row.standing,
                agreed_by=row.agreed_by,
                agreed_date=row.agreed_date,
                **{
                    axis: tuple(sorted(steps[row.id, axis], key=lambda step: step.weight))
                    for axis in RiskStep.Axis.values
                },
                bands=self._risk_bands.get(row.id, ()) if _colours(row) else (),
                appetite=_appetite(row),
                escalate_after=row.escalate_after,
                replaces_id=row.replaces_id,
            )
            for row in sorted(rows, key=lambda row: (row.name, row.edition, row.key))
        )

    def risks_to_indicator(self, place: int) -> list[facts.NameFact]:
        """The risks that name an indicator as what they may hurt, by its place in the plan. Two queries, or at a past
        moment one: this page follows no other links."""
        rows = self._plan_rows(Risk)
        links = self._links_of(Risk, rows)
        return [facts.NameFact(row.key, row.ref, row.title) for row in rows if place in links[row.id]["indicators"]]

    def plans_named(self, pks) -> list[facts.NameFact]:
        """The names of further plans that a risk threatens; none to readers of publications, who do not see drafts. One
        query where there are any."""
        if not pks or not self.sees_drafts:
            return []
        rows = self._rows(Plan, council_id=self.plan.council_id)
        return [facts.NameFact(row.slug, "", row.title) for row in rows if row.id in pks]

    @cached_property
    def risks_of_others(self) -> tuple[facts.RiskOfAnother, ...]:
        """The risks of other plans that name this one as threatened; none where a publication is shown, which holds
        its own plan only. One query, or at a past moment two."""
        if not self.sees_drafts or self.publications:
            return ()
        if self.at is None:
            rows = self._rows(Risk, "plan", plans=self.plan.pk)
            plans = {row.plan_id: row.plan for row in rows}
        else:
            plans = {row.id: row for row in self._rows(Plan, council_id=self.plan.council_id)}
            threatening = self._rows(Risk, plan_id__in=list(plans))
            rows = [row for row in threatening if self.plan.pk in row.links.get("plans", ())]
        found = [
            facts.RiskOfAnother(
                facts.NameFact(plans[row.plan_id].slug, "", plans[row.plan_id].title),
                facts.NameFact(row.key, row.ref, row.title),
            )
            for row in rows
            if row.plan_id != self.plan.pk
        ]
        return tuple(sorted(found, key=lambda each: (each.plan.title, natural_order(each.risk.key))))

    @cached_property
    def mitigations(self) -> dict[int, tuple[facts.MitigationFact, ...]]:
        """Risk → what keeps it down, in order. One query."""
        found = defaultdict(list)
        rows = sorted(self._rows(Mitigation, risk__plan_id=self.plan.pk), key=lambda row: row.order)
        for row in rows:
            fact = facts.MitigationFact(row.text, row.activity_id, row.kind, KINDS.get(row.kind, ""))
            found[row.risk_id].append(fact)
        return {risk: tuple(mitigations) for risk, mitigations in found.items()}

    @cached_property
    def answers(self) -> dict[int, tuple[facts.AnswerFact, ...]]:
        """Risk → what keeps it down, with how the activities among it stand. The mitigations, and two queries where
        one is an activity: those, and what was reported on them."""
        if not any(each.activity_id for each in chain(*self.mitigations.values())):
            return {
                risk: tuple(facts.AnswerFact(each, None) for each in all_) for risk, all_ in self.mitigations.items()
            }
        names, dues = self.names(Activity), self.column(Activity, "due_date")
        return {
            risk: tuple(self._answer(each, names, dues) for each in mitigations)
            for risk, mitigations in self.mitigations.items()
        }

    def _answer(self, mitigation, names, dues) -> facts.AnswerFact:
        pk = mitigation.activity_id
        if pk not in names:
            return facts.AnswerFact(mitigation, None)
        updates = self.updates.get(pk, ())
        rag = updates[0].rag if updates else Rag.NOT_REPORTED
        late = is_overdue(dues[pk], rag, on=self.as_of) and bool(updates or not self.plan.is_closed)
        return facts.AnswerFact(mitigation, names[pk], rag, dues[pk], late)


def _colours(matrix) -> bool:
    return matrix.standing != Standing.ASSUMED.value


def _appetite(matrix) -> int | None:
    return matrix.appetite if matrix and _colours(matrix) else None


def _score(row, matrices, bands) -> facts.ScoreFact:
    """A score is coloured only by an agreed or stated matrix."""
    matrix = matrices.get(row.matrix_id)
    reached = [band for band in bands.get(row.matrix_id, ()) if row.score >= band.lowest_score]
    return facts.ScoreFact(
        kind=row.kind,
        scored_date=row.scored_date,
        score=row.score,
        text=row.score_as_stated or str(row.score),
        likelihood=row.likelihood,
        impact=row.impact,
        rag=reached[-1].rag if reached else None,
        reason=row.reason,
        matrix_id=row.matrix_id,
        due_date=row.due_date,
        band=reached[-1].name if reached else "",
        matrix_key=matrix.key if matrix else "",
        matrix_label=edition_label(matrix.name, matrix.edition) if matrix else "",
        appetite=_appetite(matrix),
    )
