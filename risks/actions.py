"""Changing a risk, what keeps it down, and scoring it anew."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction

from lambeth_plans import history
from lambeth_plans.accounts.actions import Links, in_one_order
from lambeth_plans.accounts.models import User
from lambeth_plans.fields import PartialDate
from risks.models import Mitigation, Risk, RiskMatrix, RiskScore


@transaction.atomic
def revise_risk(*, risk: Risk, score: RiskScore | None, by: User, reason: str, links: Links | None = None) -> Risk:
    """Saves a risk, which carries the version its form was opened on, and adds a dated score if one is given.

    Scores are never changed: the earlier ones stay as the risk's story. Raises StaleRecord where somebody else
    changed the risk, and ValidationError where it was scored for this day already, or its matrix cannot give the score
    (any more); nothing is then written.
    """
    hold_matrices(risk.matrix_id)
    history.save(risk, by=by, reason=reason, links=links)  # locks the risk, changed or not
    if score:
        same_day = RiskScore.objects.filter(risk=risk, kind=score.kind, scored_date=score.scored_date).first()
        if same_day:
            raise ValidationError(
                f"{risk} has a {score.get_kind_display().lower()} score of {same_day.score} on "
                f"{PartialDate.of(score.scored_date)} already. Give another date."
            )
        history.save(score, by=by, reason=reason)
    return risk


def mark_of(score: RiskScore | None) -> str:
    """Which score this is, in which version: tells whether a risk was scored since somebody looked."""
    return f"{score.scored_date.isoformat()}-{score.score}-{score.version}" if score else ""


@transaction.atomic
def score_risk(*, risk: Risk, score: RiskScore, seen: str, by: User, reason: str) -> RiskScore:
    """What the owner of a risk scores on a day. A second score of the same day corrects the first one, which the
    history keeps. `seen` is the mark of the newest score of that kind when its form was opened.

    Raises StaleRecord and ValidationError like `revise_risk`; StaleRecord too where it was scored meanwhile.
    """
    hold_matrices(risk.matrix_id)
    history.save(risk, by=by, reason=reason)
    newest = RiskScore.objects.filter(risk=risk, kind=score.kind).order_by("scored_date").last()
    if mark_of(newest) != seen:
        raise history.StaleRecord(risk)
    same_day = RiskScore.objects.filter(risk=risk, kind=score.kind, scored_date=score.scored_date).first()
    if same_day:
        score.pk, score.version, score.due_date = same_day.pk, same_day.version, same_day.due_date
        score._state.adding = False
    return history.save(score, by=by, reason=reason)


def hold_matrices(*matrices: int | None) -> None:
    """Holds some matrices until the end of the transaction, always before a risk: who changes their steps waits, or is
    waited for."""
    list(RiskMatrix.objects.select_for_update().filter(pk__in=[pk for pk in matrices if pk]).order_by("pk"))


@transaction.atomic
def save_mitigations(
    *, risk: Risk, mitigations: Sequence[tuple[Mitigation, Links]], by: User, reason: str
) -> list[Mitigation]:
    """Saves new and changed mitigations of a risk together, or none of them; new ones come last."""
    Risk.objects.select_for_update().get(pk=risk.pk)
    last = max(Mitigation.objects.filter(risk=risk).values_list("order", flat=True), default=0)
    for mitigation, _ in mitigations:
        if mitigation.order is None:
            last += 1
            mitigation.order = last
    return [history.save(each, by=by, reason=reason, links=links) for each, links in in_one_order(mitigations)]
