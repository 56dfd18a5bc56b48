"""When a matrix that was agreed is agreed no more, without a database."""

from dataclasses import replace

import pytest

from lambeth_plans.rag import Rag
from risks.matrix_actions import Layout, is_agreed_no_more, layout_from
from risks.models import RiskMatrix
from risks.scoring import STARTS, Band, Step

FIVE = Layout(STARTS["5x5"].likelihood, STARTS["5x5"].impact, STARTS["5x5"].bands)


@pytest.mark.parametrize(
    ("now", "appetite"),
    [
        (replace(FIVE, likelihood=(*FIVE.likelihood[:4], Step(5, "Certain"))), None),
        (replace(FIVE, impact=(*FIVE.impact[:4], Step(5, "Very large", "More than a year"))), None),
        (replace(FIVE, impact=FIVE.impact[:4]), None),
        (replace(FIVE, bands=(*FIVE.bands, Band(20, Rag.RED))), None),
        (replace(FIVE, bands=()), None),
        (FIVE, 9),
    ],
)
def test_what_says_something_else_of_scores_is_agreed_no_more(now, appetite):
    agreed, assumed = (RiskMatrix(standing=standing) for standing in ("agreed", "assumed"))
    assert is_agreed_no_more(agreed, was=FIVE, now=now, appetite=appetite)
    assert not is_agreed_no_more(agreed, was=FIVE, now=FIVE, appetite=None)
    assert not is_agreed_no_more(assumed, was=FIVE, now=now, appetite=appetite)


def test_the_order_of_rows_says_nothing():
    steps = [
        {"axis": axis, "weight": step.weight, "word": step.word, "description": step.description}
        for axis in ("likelihood", "impact")
        for step in getattr(FIVE, axis)
    ]
    bands = [vars(band) for band in FIVE.bands]
    assert layout_from(steps[::-1], bands[::-1]) == layout_from(steps, bands) == FIVE
