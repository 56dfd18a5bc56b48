"""The risks of a stage, and the matrices they are scored on."""

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from tests import factories

if TYPE_CHECKING:
    from tests.stage import Stage


def set_risks(stage: "Stage", times: int, words: str) -> tuple[list, list]:
    """Risks on a matrix, and that matrix with its next edition, on which nobody has scored yet."""
    matrix = factories.RiskMatrixFactory(council=stage.council, key="matrix", name=f"Matrix{words}")
    today = timezone.localdate()
    risks = []
    for number in range(2 * times):
        risk = factories.RiskFactory(
            plan=stage.plan,
            key=f"ri{number + 1}",
            ref=f"RI{number + 1}",
            title=f"Risk {number + 1}{words}",
            cause=f"A cause.{words}",
            matrix=matrix,
            owner=(stage.records if number % 2 == 0 else stage.others)["officer"],
            objectives=[stage.records["objective"]],
            order=number,
        )
        for back in range(times + 1):
            factories.RiskScoreFactory(
                risk=risk,
                likelihood=3,
                impact=1 + (number + back) % 5,
                scored_date=today - timedelta(days=40 * back),
                reason=f"Scored.{words}",
            )
        factories.RiskScoreFactory(risk=risk, kind="target", likelihood=1, impact=4)
        factories.MitigationFactory(risk=risk, order=1, text=f"Mitigation{words}", activity=stage.records["activity"])
        factories.MitigationFactory(risk=risk, order=2, text=f"Second mitigation{words}")
        risks.append(risk)
    following = factories.RiskMatrixFactory(
        council=stage.council, key="matrix-2", name=f"Matrix{words}", edition=2, replaces=matrix
    )
    return risks, [following, matrix]
