"""What a risk scores now, and what every pair of steps of its matrix comes to, for the form that scores it."""

from collections.abc import Sequence
from dataclasses import dataclass

from lambeth_plans.rag import Rag
from risks.models import Risk, RiskBand, RiskScore, RiskStep


@dataclass(frozen=True)
class Product:
    """The score of two steps, and how it is rated (None: no agreed matrix says)."""

    score: int
    rag: Rag | None
    is_now: bool


@dataclass(frozen=True)
class Products:
    """The rows of the table, the highest likelihood first; none without a matrix. `now` is the risk's last score."""

    now: RiskScore | None
    likelihoods: list[RiskStep]
    impacts: list[RiskStep]
    rows: list[tuple[RiskStep, list[Product]]]

    @property
    def has_descriptions(self) -> bool:
        return any(step.description for step in (*self.likelihoods, *self.impacts))


def products_of(risk: Risk, now: RiskScore | None, steps: Sequence[RiskStep], bands: Sequence[RiskBand]) -> Products:
    """From the steps and bands of the risk's matrix, lowest first. No query where the risk comes with its matrix."""
    colours = bool(risk.matrix and risk.matrix.is_agreed)
    ratings = [(band.lowest_score, band.rag) for band in bands if colours]
    at = (now.likelihood, now.impact) if now and now.matrix_id == risk.matrix_id else None
    likelihoods, impacts = ([step for step in steps if step.axis == axis] for axis in RiskStep.Axis.values)
    rows = []
    for likely in reversed(likelihoods):
        products = []
        for impact in impacts:
            score = likely.weight * impact.weight
            reached = [rag for lowest, rag in ratings if score >= lowest]
            products.append(Product(score, reached[-1] if reached else None, (likely.weight, impact.weight) == at))
        rows.append((likely, products))
    return Products(now, likelihoods, impacts, rows)


def products_table(risk: Risk) -> Products:
    """At most three queries: the last current score, and the matrix's steps and bands."""
    now = RiskScore.objects.filter(risk=risk, kind=RiskScore.Kind.CURRENT).order_by("scored_date").last()
    if risk.matrix is None:
        return Products(now, [], [], [])
    steps = list(RiskStep.objects.filter(matrix=risk.matrix).order_by("weight"))
    return products_of(risk, now, steps, list(RiskBand.objects.filter(matrix=risk.matrix).order_by("lowest_score")))
