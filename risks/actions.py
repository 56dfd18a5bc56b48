"""Changing a risk and scoring it anew."""

from django.core.exceptions import ValidationError
from django.db import transaction

from lambeth_plans import history
from lambeth_plans.accounts.models import User
from risks.models import Risk, RiskScore


@transaction.atomic
def revise_risk(*, risk: Risk, score: RiskScore | None, by: User, reason: str) -> Risk:
    """Saves a risk, which carries the version its form was opened on, and adds a dated score if one is given.

    Scores are never changed: the earlier ones stay as the risk's story. Raises StaleRecord where somebody else
    changed the risk, and ValidationError where it was scored for this day already; nothing is then written.
    """
    history.save(risk, by=by, reason=reason)  # locks the risk, changed or not
    if score:
        same_day = RiskScore.objects.filter(risk=risk, kind=score.kind, scored_date=score.scored_date).first()
        if same_day:
            day = f"{score.scored_date.day} {score.scored_date:%B %Y}"
            raise ValidationError(
                f"{risk} has a {score.get_kind_display().lower()} score of {same_day.score} on {day} already. "
                "Give another date."
            )
        history.save(score, by=by, reason=reason)
    return risk
