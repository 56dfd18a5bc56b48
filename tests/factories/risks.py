"""Risk matrices, risks, scores and mitigations."""

import factory
from django.utils import timezone

from lambeth_plans.rag import Rag, Standing
from risks.models import Mitigation, Risk, RiskBand, RiskMatrix, RiskScore, RiskStep
from tests.factories.accounts import CouncilFactory
from tests.factories.objectives import PlanRecordFactory
from tests.factories.record import RecordFactory


class RiskMatrixFactory(RecordFactory):
    """An agreed 5 × 5 matrix of a new council with its steps and bands (Green from 1, Amber from 8, Red from 15)."""

    class Meta:
        model = RiskMatrix
        skip_postgeneration_save = True

    council = factory.SubFactory(CouncilFactory)
    key = factory.Sequence("matrix-{}".format)
    name = factory.Sequence("Risk matrix {}".format)
    standing = Standing.AGREED.value
    agreed_by = "Corporate board, April 2020"

    @factory.post_generation
    def steps(self, create, extracted, **kwargs):
        words = ("Very low", "Low", "Medium", "High", "Very high") if extracted is None else extracted
        for axis in RiskStep.Axis.values:
            for weight, word in enumerate(words, start=1):
                RiskStepFactory(matrix=self, axis=axis, weight=weight, word=word)

    @factory.post_generation
    def bands(self, create, extracted, **kwargs):
        for lowest, rag in ((1, Rag.GREEN), (8, Rag.AMBER), (15, Rag.RED)) if extracted is None else extracted:
            RiskBandFactory(matrix=self, lowest_score=lowest, rag=rag)


class RiskStepFactory(RecordFactory):
    class Meta:
        model = RiskStep

    matrix = factory.SubFactory(RiskMatrixFactory, steps=())
    axis = RiskStep.Axis.LIKELIHOOD
    weight = 1
    word = "Very low"


class RiskBandFactory(RecordFactory):
    class Meta:
        model = RiskBand

    matrix = factory.SubFactory(RiskMatrixFactory, bands=())
    lowest_score = 1
    rag = Rag.GREEN


class RiskFactory(PlanRecordFactory):
    class Meta:
        model = Risk

    key = factory.Sequence("risk-{}".format)
    ref = factory.Sequence("RI{}".format)
    title = factory.Sequence("Risk title {}".format)


class RiskScoreFactory(RecordFactory):
    """A total alone, 12, today; `likelihood`, `impact` and `matrix` together make the score their product."""

    class Meta:
        model = RiskScore

    risk = factory.SubFactory(RiskFactory)
    kind = RiskScore.Kind.CURRENT
    scored_date = factory.LazyFunction(timezone.localdate)
    likelihood = None
    impact = None
    matrix = factory.LazyAttribute(lambda score: score.risk.matrix if score.likelihood else None)
    score = factory.LazyAttribute(lambda score: score.likelihood * score.impact if score.likelihood else 12)


class MitigationFactory(RecordFactory):
    class Meta:
        model = Mitigation

    risk = factory.SubFactory(RiskFactory)
    order = factory.Sequence(lambda number: number + 1)
    text = factory.Sequence("Mitigation {}".format)
