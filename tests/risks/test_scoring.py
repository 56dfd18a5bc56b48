"""What a score may be and how it moves, without a database."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambeth_plans.rag import Rag
from risks.scoring import (
    STARTS,
    Band,
    Dated,
    Movement,
    Step,
    Weights,
    broken,
    listed,
    movement,
    proposed,
    refusal,
    worse_running,
)

LAMBETH = Weights((1, 2, 3, 4), (1, 2, 4, 8))
FIVE = Weights((1, 2, 3, 4, 5), (1, 2, 3, 4, 5))
weights = st.builds(
    Weights,
    st.lists(st.integers(1, 100), min_size=1, max_size=6, unique=True).map(tuple),
    st.lists(st.integers(1, 100), min_size=1, max_size=6, unique=True).map(tuple),
)


def test_lambeths_printed_scores_fit_its_assumed_matrix_and_no_square_one():
    assert LAMBETH.products == (1, 2, 3, 4, 6, 8, 12, 16, 24, 32)
    assert {4, 6, 8, 12, 16, 32} <= set(LAMBETH.products)
    assert 32 not in FIVE.products


@pytest.mark.parametrize(
    ("score", "likelihood", "impact", "said"),
    [
        (12, 3, 4, ""),
        (12, None, None, ""),
        (15, None, None, "15 is no score of this matrix. Possible are 1, 2, 3, 4, 6, 8, 12, 16, 24 and 32."),
        (12, 3, 3, "3 is no step of impact of this matrix. The steps are 1, 2, 4 and 8."),
        (10, 5, 2, "5 is no step of likelihood of this matrix. The steps are 1, 2, 3 and 4."),
        (11, 3, 4, "A score is its likelihood times its impact: 3 × 4 is 12, not 11."),
    ],
)
def test_an_impossible_score_is_refused_in_words_that_say_what_is_possible(score, likelihood, impact, said):
    assert refusal(LAMBETH, score=score, likelihood=likelihood, impact=impact) == said


def test_on_a_matrix_without_steps_nothing_can_be_scored():
    assert refusal(Weights((), (1, 2)), score=2) == "2 is no score of this matrix. Possible are none."
    assert listed([]) == "none"


@given(weights, st.integers(1, 10_000))
def test_a_total_is_possible_exactly_where_two_steps_make_it(matrix, score):
    made = any(one * other == score for one in matrix.likelihood for other in matrix.impact)
    assert (refusal(matrix, score=score) == "") is made


@given(weights, st.data())
def test_what_is_proposed_is_always_possible_on_the_new_matrix(matrix, data):
    likelihood, impact = data.draw(st.integers(1, 100)), data.draw(st.integers(1, 100))
    found = proposed(matrix, likelihood=likelihood, impact=impact)
    if found.score is None:
        assert likelihood not in matrix.likelihood or impact not in matrix.impact
    else:
        assert refusal(matrix, score=found.score, likelihood=found.likelihood, impact=found.impact) == ""


def test_a_total_alone_is_never_proposed():
    assert proposed(FIVE, likelihood=None, impact=None).score is None


def test_a_step_with_the_same_weight_and_another_word_shows_both():
    odd, square = STARTS["4x8"], STARTS["4x4"]
    words = [{("likelihood", step.weight): step.word for step in start.likelihood} for start in (odd, square)]
    for start, found in zip((odd, square), words, strict=True):
        found |= {("impact", step.weight): step.word for step in start.impact}
    weights = Weights((1, 2, 3, 4), (1, 2, 3, 4))
    moved = proposed(weights, likelihood=3, impact=4, was=words[0], now=words[1])
    assert (moved.score, moved.reworded) == (12, ("impact “4 Large” is “4 Very large”",))
    assert proposed(weights, likelihood=3, impact=2, was=words[0], now=words[1]).reworded == ()
    assert proposed(weights, likelihood=3, impact=8, was=words[0], now=words[1]).reworded == ()
    bare = {("impact", 2): "medium "}
    assert proposed(weights, likelihood=3, impact=2, was=bare, now=words[1]).reworded == (
        "likelihood “3” is “3 Likely”",
    )


def course(*scores, days=30, matrix=None):
    first = date(2026, 1, 10)
    return [Dated(first + timedelta(days=days * number), score, matrix) for number, score in enumerate(scores)]


@pytest.mark.parametrize(
    ("scores", "running"),
    [
        ((), 0),
        ((8,), 0),
        ((8, 12, 16), 2),
        ((8, 9, 12, 16), 3),
        ((12, 8, 9, 12, 16), 3),
        ((8, 9, 9, 12), 1),
        ((8, 12, 16, 12), 0),
    ],
)
def test_periods_of_getting_worse_are_counted_back_from_the_last(scores, running):
    assert worse_running(course(*scores)) == running


def test_of_several_scores_in_a_month_the_last_counts():
    rising = course(8, 9, 12, 16, days=5)
    assert worse_running(rising) == 0
    assert worse_running([*rising, Dated(date(2026, 2, 20), 20)]) == 1


def test_scores_on_different_matrices_are_not_compared():
    moved = [*course(8, 9, 12), Dated(date(2026, 5, 1), 20, matrix=1)]
    assert worse_running(moved) == 0
    assert movement(moved[-2], moved[-1]) is Movement.NEW_MATRIX


@pytest.mark.parametrize(
    ("was", "now", "expected"), [(8, 12, Movement.WORSE), (12, 8, Movement.BETTER), (8, 8, Movement.SAME)]
)
def test_a_higher_score_is_worse(was, now, expected):
    assert movement(*course(was, now)) is expected


def test_the_first_score_moved_from_nowhere():
    assert movement(None, Dated(date(2026, 1, 1), 8)) is Movement.FIRST


@pytest.mark.parametrize("start", STARTS.values(), ids=list(STARTS))
def test_nothing_is_wrong_with_a_ready_made_start(start):
    assert broken(start.likelihood, start.impact, start.bands, None) == []


TWO = (Step(1, "Low"), Step(2, "High"))


@pytest.mark.parametrize(
    ("likelihood", "impact", "bands", "appetite", "said"),
    [
        ((Step(1),), TWO, (), None, "Likelihood and impact need two steps or more; likelihood has 1."),
        ((*TWO, Step(2)), TWO, (), None, "Likelihood has the weight 2 twice."),
        (TWO, TWO, (Band(2, Rag.AMBER),), None, "The lowest band begins at 2, but a score may be 1"),
        (TWO, TWO, (Band(1, Rag.GREEN), Band(9, Rag.RED)), None, "No score reaches 9: the highest is 4."),
        (TWO, TWO, (Band(1, Rag.RED), Band(3, Rag.GREEN)), None, "a higher score must be worse"),
        (TWO, TWO, (Band(1, Rag.GREEN), Band(1, Rag.RED)), None, "Two bands begin at 1."),
        (TWO, TWO, (), 4, "The appetite 4 accepts every score: the highest is 4."),
    ],
)
def test_what_is_wrong_with_a_matrix_is_said_with_the_value(likelihood, impact, bands, appetite, said):
    assert any(said in sentence for sentence in broken(likelihood, impact, bands, appetite))
