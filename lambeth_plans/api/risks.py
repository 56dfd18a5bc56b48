"""Risks with their current and target scores."""

from collections.abc import Iterator

from ninja import Field

from activities.models import Activity
from lambeth_plans.api.items import Day, Item, RagWord, day, identity, key, name, rated, refs, said
from lambeth_plans.dashboards.facts import MitigationFact, RiskFact
from lambeth_plans.dashboards.state import PlanState
from objectives.models import DataQualityNote
from risks.models import Risk

Kind = DataQualityNote.RecordKind


class RiskItem(Item):
    title: str
    cause: str | None
    event: str | None
    effect: str | None
    owner: str | None
    owner_key: str | None
    objectives: list[str]
    score: int | None = Field(description="The current score.")
    score_as_stated: str | None
    likelihood: int | None
    impact: int | None
    rag: RagWord | None = Field(description="Null where no agreed matrix says what the score means.")
    scored_date: Day | None
    previous_score: int | None = Field(description="The current score before that.")
    movement: str | None = Field(description="How the score stands to the one before: worse, better, the same.")
    worse_periods_running: int = Field(description="In how many months that were scored it got worse without a break.")
    inherent_score: int | None = Field(description="If nothing were done.")
    target_score: int | None
    target_score_as_stated: str | None
    target_likelihood: int | None
    target_impact: int | None
    target_due: Day | None = Field(description="By when the target is to be reached.")
    matrix: str | None
    matrix_standing: str | None
    matrix_edition: int | None = Field(description="Of the matrix of the current score.")
    appetite: int | None = Field(
        description="What the matrix of the current score accepts at most; null if not agreed."
    )
    review_date: Day | None
    proximity: str | None = Field(description="How soon it may happen.")
    indicators: list[str] = Field(description="What it may hurt, by their codes.")
    savings: list[str]
    contracts: list[str]
    mitigations: list[str] = Field(description="What keeps it down; an activity of the plan by its reference.")


def risks(state: PlanState) -> Iterator[RiskItem]:
    editions = {matrix.id: matrix.edition for matrix in state.risk_matrices}
    for risk in state.risks:
        current, target = risk.current, risk.target
        yield RiskItem(
            **identity(state, "risk", risk),
            title=risk.title,
            cause=said(risk.cause),
            event=said(risk.event),
            effect=said(risk.effect),
            owner=name(risk.owner),
            owner_key=key(risk.owner),
            objectives=refs(state.objectives.get(pk) for pk in state.linked(Risk, "objectives", risk.id)),
            score=current.score if current else None,
            score_as_stated=said(current.text) if current else None,
            likelihood=current.likelihood if current else None,
            impact=current.impact if current else None,
            rag=rated(current.rag) if current else None,
            scored_date=current.scored_date.isoformat() if current else None,
            previous_score=risk.previous.score if risk.previous else None,
            movement=said(str(risk.movement or "")),
            worse_periods_running=risk.worse_running,
            inherent_score=risk.inherent.score if risk.inherent else None,
            target_score=target.score if target else None,
            target_score_as_stated=said(target.text) if target else None,
            target_likelihood=target.likelihood if target else None,
            target_impact=target.impact if target else None,
            target_due=day(target.due_date) if target else None,
            matrix=said(risk.matrix_name),
            matrix_standing=said(risk.matrix_standing),
            matrix_edition=editions.get(current.matrix_id) if current else None,
            appetite=current.appetite if current else risk.appetite,
            review_date=day(risk.review_date),
            proximity=said(risk.proximity),
            indicators=_linked(state, risk, "indicators", Kind.INDICATOR),
            savings=_linked(state, risk, "savings", Kind.SAVING),
            contracts=_linked(state, risk, "contracts", Kind.CONTRACT),
            mitigations=[_words(state, mitigation) for mitigation in state.mitigations.get(risk.id, ())],
        )


def _linked(state: PlanState, risk: RiskFact, field: str, kind: str) -> list[str]:
    return refs(state.named(kind, state.linked(Risk, field, risk.id)))


def _words(state: PlanState, mitigation: MitigationFact) -> str:
    activity = state.names(Activity).get(mitigation.activity_id) if mitigation.activity_id else None
    return f"{mitigation.text} ({activity.ref or activity.key})" if activity else mitigation.text
