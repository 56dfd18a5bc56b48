import re
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambeth_plans.rag import (
    Polarity,
    Rag,
    Rule,
    RuleKind,
    Standing,
    apart,
    cautions,
    judge,
    plain,
    rate,
    roll_up,
    step,
    turn_of,
    with_unit,
)

D = Decimal
AWAY = " 80% is 10 points below the target of 90%."


def points(target, amber, polarity=Polarity.HIGHER, **fields):
    return Rule(RuleKind.POINTS, polarity, target=D(target), amber=D(amber), **fields)


def test_every_rating_has_a_word_a_letter_a_shape_and_a_colour_of_its_own():
    for attribute in ("word", "letter", "shape", "colour"):
        assert len({getattr(rating, attribute) for rating in Rag}) == len(Rag)


def test_a_rating_read_from_its_value_keeps_its_word():
    assert Rag("amber").word == "Amber"
    assert Rag("blue").word == "Complete"


@pytest.mark.parametrize(
    ("value", "rule", "expected"),
    [
        ("90", points(90, 5), Rag.GREEN),  # on the target: the better colour
        ("89.999999", points(90, 5), Rag.AMBER),
        ("85", points(90, 5), Rag.AMBER),  # on the boundary: the better colour
        ("84.999999", points(90, 5), Rag.RED),
        ("91", points(90, 5), Rag.GREEN),
        ("10", points(10, 2, Polarity.LOWER), Rag.GREEN),
        ("10.1", points(10, 2, Polarity.LOWER), Rag.AMBER),
        ("12", points(10, 2, Polarity.LOWER), Rag.AMBER),
        ("12.1", points(10, 2, Polarity.LOWER), Rag.RED),
        ("0", points(0, 1, Polarity.LOWER), Rag.GREEN),  # a zero target works in points
        ("90", Rule(RuleKind.PERCENT, Polarity.HIGHER, target=D(100), amber=D(10)), Rag.AMBER),
        ("89.9", Rule(RuleKind.PERCENT, Polarity.HIGHER, target=D(100), amber=D(10)), Rag.RED),
        ("-15", Rule(RuleKind.PERCENT, Polarity.LOWER, target=D(-15), amber=D(10)), Rag.GREEN),
        ("-13.5", Rule(RuleKind.PERCENT, Polarity.LOWER, target=D(-15), amber=D(10)), Rag.AMBER),
        ("75", Rule(RuleKind.BOUNDS, Polarity.HIGHER, target=D(80), amber=D(75)), Rag.AMBER),
        ("74.9", Rule(RuleKind.BOUNDS, Polarity.HIGHER, target=D(80), amber=D(75)), Rag.RED),
        ("16", Rule(RuleKind.BOUNDS, Polarity.LOWER, target=D(15), amber=D(16)), Rag.AMBER),
        ("40", Rule(RuleKind.BAND, Polarity.BAND, lower=D(40), upper=D(60), amber=D(5)), Rag.GREEN),
        ("65", Rule(RuleKind.BAND, Polarity.BAND, lower=D(40), upper=D(60), amber=D(5)), Rag.AMBER),
        ("34", Rule(RuleKind.BAND, Polarity.BAND, lower=D(40), upper=D(60), amber=D(5)), Rag.RED),
    ],
)
def test_a_figure_is_judged_by_its_rule_and_a_boundary_gets_the_better_colour(value, rule, expected):
    judgement = judge(D(value), rule, unit="%")
    assert judgement.rag is expected
    assert judgement.reason.startswith(f"{expected.word}: ")


def test_the_sentence_says_distance_target_tolerance_who_agreed_and_which_way_is_better():
    rule = points("90", "5", standing=Standing.AGREED, agreed_by="agreed by the performance board, April 2026")
    assert judge(D("86.2"), rule, unit="%").reason == (
        "Amber: 86.2% is 3.8 points below the 90% target; amber is within 5 points "
        "(agreed by the performance board, April 2026). Higher is better."
    )


@pytest.mark.parametrize(
    ("value", "rule", "provisional", "words"),
    [
        (None, points(90, 5), False, "No figure to judge."),
        (D(80), None, False, "No target is stated, so no colour."),
        (D(80), Rule(RuleKind.NONE, Polarity.HIGHER), False, "No target is stated, so no colour."),
        (
            D(80),
            points(90, 5, None),
            False,
            "Which way is better is not stated, so no colour." + AWAY,
        ),
        (
            D(80),
            Rule(RuleKind.NONE, Polarity.HIGHER, target=D(90)),
            False,
            "The target has no rule that says what is Red, so no colour." + AWAY,
        ),
        (
            D(80),
            points(90, 5, Polarity.NONE),
            False,
            "Neither higher nor lower is better, so no colour." + AWAY,
        ),
        (
            D(80),
            points(90, 5),
            True,
            "The figure is provisional, so no colour yet. It is 10 points below the 90% target.",
        ),
        (
            D(80),
            points(90, 5, standing=Standing.ASSUMED),
            False,
            "What counts as good is assumed, not agreed, so no colour. It is 10 points below the 90% target.",
        ),
        (
            D(80),
            points(90, 5, standing=Standing.ASSUMED, assumed=("which way is better", "the tolerance")),
            False,
            (
                "Which way is better and the tolerance are assumed, not agreed, so no colour. "
                "It is 10 points below the 90% target."
            ),
        ),
        (
            D(80),
            Rule(RuleKind.IMPROVEMENT, Polarity.HIGHER, target=D(100), amber=D(10)),
            False,
            (
                "No figure of the same period last year to compare with, so no colour. "
                "It is 20 points below the 100% target."
            ),
        ),
    ],
)
def test_what_may_not_be_coloured_is_said_in_words(value, rule, provisional, words):
    judgement = judge(value, rule, unit="%", provisional=provisional)
    assert judgement.rag is None
    assert judgement.reason == words


@pytest.mark.parametrize(
    "rule",
    [
        Rule(RuleKind.PERCENT, Polarity.HIGHER, target=D(0), amber=D(10)),
        Rule(RuleKind.POINTS, Polarity.HIGHER, target=D(5)),
        Rule(RuleKind.POINTS, Polarity.HIGHER, amber=D(5)),
        Rule(RuleKind.BAND, Polarity.BAND, lower=D(1), amber=D(5)),
        Rule(RuleKind.BOUNDS, Polarity.HIGHER, target=D(80), amber=D(85)),
        Rule(RuleKind.BOUNDS, Polarity.LOWER, target=D(15), amber=D(14)),
    ],
)
def test_a_rule_that_cannot_judge_is_refused(rule):
    with pytest.raises(ValueError, match="needs"):
        judge(D(-1), rule)


figures = st.decimals(min_value=-1000, max_value=1000, places=3)
tolerances = st.decimals(min_value=0, max_value=100, places=3)


@given(figures, figures, figures, tolerances)
def test_the_colour_never_improves_when_the_figure_worsens(target, value, other, amber):
    better, worse = max(value, other), min(value, other)
    rule = points(target, amber)
    assert judge(worse, rule).rag.severity <= judge(better, rule).rag.severity


@given(figures, figures, tolerances)
def test_mirrored_polarity_mirrors_the_colour(target, value, amber):
    mirrored = points(-target, amber, Polarity.LOWER)
    assert judge(value, points(target, amber)).rag is judge(-value, mirrored).rag


@pytest.mark.parametrize(
    ("value", "last_year", "polarity", "expected"),
    [
        ("90", None, Polarity.HIGHER, Rag.GREEN),  # on the tolerance: the better colour
        ("89.9", "89.9", Polarity.HIGHER, Rag.AMBER),  # kept
        ("89.9", "80", Polarity.HIGHER, Rag.AMBER),
        ("89.9", "90", Polarity.HIGHER, Rag.RED),
        ("110", None, Polarity.LOWER, Rag.GREEN),
        ("111", "112", Polarity.LOWER, Rag.AMBER),
        ("111", "110", Polarity.LOWER, Rag.RED),
    ],
)
def test_beyond_its_tolerance_an_improvement_is_amber_and_a_decline_is_red(value, last_year, polarity, expected):
    rule = Rule(RuleKind.IMPROVEMENT, polarity, target=D(100), amber=D(10))
    before = None if last_year is None else D(last_year)
    assert rate(D(value), rule, last_year=before) is expected
    assert judge(D(value), rule, last_year=before).rag is expected


def test_the_sentence_of_an_improvement_names_the_figure_of_last_year():
    rule = Rule(RuleKind.IMPROVEMENT, Polarity.HIGHER, target=D(100), amber=D(10))
    assert judge(D(85), rule, unit="days", last_year=D(80)).reason == (
        "Amber: 85 days is 15 days below the 100 days target; green is within 10% of the target, amber beyond it but "
        "no worse than the same period last year (80 days). Higher is better."
    )


@pytest.mark.parametrize(
    ("rule", "before", "told"),
    [
        (points(90, 5), D(90), ("An easy target: the figure before it, 90%, had met 90% already.",)),
        (points(90, 5, Polarity.LOWER), D(89), ("An easy target: the figure before it, 89%, had met 90% already.",)),
        (points(90, 5), D("89.9"), ()),
        (points(90, 5), None, ()),
        (points(0, 5), None, ("The target is 0 although higher is better: it may mean that none was set.",)),
        (points(0, 5, Polarity.LOWER), D(3), ()),
        (points(90, 5, None), D(95), ()),
        (None, D(95), ()),
    ],
)
def test_an_easy_target_and_a_zero_that_may_mean_none_are_pointed_out(rule, before, told):
    assert cautions(rule, before, "%") == told


def test_a_distance_to_the_target_of_another_period_says_nothing_of_better():
    assert apart(D(86), D(90), "%", "the 2007/08 target of 90%") == "86% is 4 points below the 2007/08 target of 90%."
    assert apart(D(90), D(90), "", "the 2007/08 target of 90") == "90 is exactly the 2007/08 target of 90."


@pytest.mark.parametrize(
    ("was", "now", "turn"),
    [
        (Rag.GREEN, Rag.AMBER, -1),
        (Rag.AMBER, Rag.RED, -1),
        (Rag.NOT_STARTED, Rag.AMBER, -1),
        (Rag.BLUE, Rag.GREEN, -1),
        (Rag.GREEN, Rag.NOT_STARTED, 0),
        (Rag.NOT_REPORTED, Rag.RED, 0),
        (Rag.RED, Rag.RED, 0),
        (None, Rag.RED, 0),
    ],
)
def test_a_rating_turns_for_the_worse_and_the_other_way_round_for_the_better(was, now, turn):
    assert (turn_of(was, now), turn_of(now, was)) == (turn, -turn)


def test_one_red_among_nine_greens_reads_red():
    rolled = roll_up([Rag.GREEN] * 9 + [Rag.RED])
    assert rolled.worst is Rag.RED
    assert [(each.rag, each.count) for each in rolled.counts] == [(Rag.RED, 1), (Rag.GREEN, 9)]


def test_what_has_not_started_keeps_a_group_from_reading_complete():
    assert roll_up([Rag.BLUE, Rag.NOT_STARTED, Rag.BLUE]).worst is Rag.NOT_STARTED


def test_what_was_not_reported_is_counted_but_never_the_worst():
    rolled = roll_up([Rag.NOT_REPORTED, Rag.GREEN])
    assert (rolled.worst, rolled.reported, rolled.total) == (Rag.GREEN, 1, 2)
    assert roll_up([Rag.NOT_REPORTED]).worst is Rag.NOT_REPORTED
    assert roll_up([]).total == 0


@pytest.mark.parametrize(
    ("number", "text"),
    [("1161", "1,161"), ("86.220000", "86.22"), ("-6.6", "−6.6"), ("0", "0"), ("1E+3", "1,000"), ("0.060", "0.06")],
)
def test_a_number_is_written_as_people_write_it(number, text):
    assert plain(D(number)) == text


@pytest.mark.parametrize(
    ("number", "unit", "text"),
    [
        ("47.5", "%", "47.5%"),
        ("1,200", "£", "£1,200"),
        ("−5", "£", "−£5"),
        ("12", "days", "12 days"),
        ("12", "number", "12"),
        ("12", "", "12"),
    ],
)
def test_a_unit_stands_where_people_write_it(number, unit, text):
    assert with_unit(number, unit) == text


@pytest.mark.parametrize(
    ("number", "unit", "text"),
    [
        ("3.8", "%", "3.8 points"),
        ("1.0", "%", "1 point"),
        ("1", "days", "1 day"),
        ("2", "days", "2 days"),
        ("1200", "£", "£1,200"),
        ("1", "number", "1"),
    ],
)
def test_a_distance_in_percent_is_said_in_points(number, unit, text):
    assert step(D(number), unit) == text


def test_a_rating_has_on_paper_the_pale_colour_that_it_has_on_the_page():
    styles = (Path(__file__).parent.parent / "frontend/src/styles/_rag.scss").read_text()
    pale = dict(re.findall(r'"(\w+)": \([^)]*pale: #([0-9a-f]{6})', styles))
    assert {rating.colour: rating.paper for rating in Rag} == {rating.colour: pale[rating.colour] for rating in Rag}
