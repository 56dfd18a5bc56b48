from datetime import date
from itertools import pairwise

import pytest

from kpis.spc import Assurance, Flag, Variation
from lambeth_plans.dashboards.attention import Attention, attention, attention_order, newly_missed
from lambeth_plans.rag import Rag
from tests.dashboards.lines import line_of

CONCERN = {"variation": Variation.CONCERN}

#: The most pressing first.
ORDERED = [
    {"flag": Flag.OUTSIDE, "assurance": Assurance.FAILS, "rag": Rag.RED, **CONCERN},
    {"flag": Flag.OUTSIDE, "rag": Rag.RED, **CONCERN},
    {"flag": Flag.OUTSIDE, "rag": Rag.AMBER, **CONCERN},
    {"flag": Flag.OUTSIDE, "rag": Rag.GREEN, **CONCERN},
    {"flag": Flag.TREND, **CONCERN},
    {"flag": Flag.TWO_OF_THREE, **CONCERN},
    {"flag": Flag.SHIFT, **CONCERN},
    {"rag": Rag.RED, "assurance": Assurance.FAILS},
    {"rag": Rag.RED, "is_late": True},
    {"rag": Rag.RED},
    {"assurance": Assurance.FAILS},
    {"is_late": True, "rag": Rag.AMBER},
    {"is_late": True},
    {"rag": Rag.AMBER},
    {"is_missed": True},
    {"flag": Flag.SHIFT, "variation": Variation.CHANGE},
    {"flag": Flag.OUTSIDE, "variation": Variation.IMPROVEMENT, "rag": Rag.GREEN, "assurance": Assurance.HIT_AND_MISS},
]


def test_what_presses_most_stands_first():
    keys = [attention_order(attention(**signs)) for signs in ORDERED]
    assert all(before < after for before, after in pairwise(keys))


@pytest.mark.parametrize("signs", [{}, ORDERED[-1], {"assurance": Assurance.PASSES, "variation": Variation.COMMON}])
def test_what_needs_no_attention_has_no_reason(signs):
    assert attention(**signs) == ()


def test_every_reason_is_found():
    assert {reason for signs in ORDERED for reason in attention(**signs)} == set(Attention)


@pytest.mark.parametrize(
    ("values", "on", "missed"),
    [
        ([80, 81, 82], None, []),
        ([80, "-", 82], None, ["May 2025"]),
        ([80, "-", 82, 83], None, []),  # no news any more
        ([80, 81, "-"], date(2025, 7, 15), []),  # late
        ([80, 81, "-"], date(2025, 8, 15), ["Jun 2025"]),  # July is late now
        ([80], date(2025, 9, 15), ["May 2025", "Jun 2025", "Jul 2025"]),
    ],
)
def test_a_period_that_was_passed_over_is_news_once(values, on, missed):
    assert [each.period.label for each in newly_missed(line_of(values, on=on).due)] == missed
