import pytest

from kpis.spc import Variation
from lambeth_plans.dashboards.indicator_lines import coverage, in_order, variations
from tests.dashboards.lines import CALM, indicator_of, line_of

CASES = {
    "K1": line_of((*CALM, 84), code="K1", number=0),
    "K10": line_of((82, 70), targets=(80, 80), code="K10", number=1),
    "K2": line_of((*CALM, 60), code="K2", number=2),
    "K3": line_of((80,), code="K3", number=3),
    "K4": line_of((80, 80), code="K4", number=4),
}


@pytest.mark.parametrize(
    ("order", "codes"),
    [
        ("", "K2 K10 K1 K3 K4"),
        ("attention", "K2 K10 K1 K3 K4"),
        ("nonsense", "K2 K10 K1 K3 K4"),
        ("plan", "K1 K10 K2 K3 K4"),
        ("name", "K1 K2 K3 K4 K10"),
        ("change", "K10 K2 K4 K1 K3"),
    ],
)
def test_lines_are_put_in_order(order, codes):
    assert [line.indicator.code for line in in_order(CASES.values(), order)] == codes.split()


def test_a_course_marks_what_is_unusual_and_a_small_chart_has_limits_within_what_is_possible():
    line = line_of((*CALM, 60))
    assert [mark.kind for mark in line.course.marks] == ["improvement"] * 12 + ["concern"]  # a shift, then below
    assert line.control.marks[-1].label == "Apr 2026: 60.0%, concern"
    assert line.control.limits.count("M") == 2
    assert line.limits == ("79.8%", "75.4%", "84.1%")


def test_one_figure_makes_no_course():
    line = line_of((80,))
    assert (line.course, line.control, line.limits) == (None, None, ())


@pytest.mark.parametrize(
    ("cases", "words"),
    [
        ([], "There are no indicators."),
        ([((80,), ())], "No indicator has a judgement."),
        ([((80,), (80,))], "1 of 1 indicator has a judgement."),
        ([((80,), (80,)), ((70,), (80,)), ((70,), ())], "2 of 3 indicators have a judgement."),
    ],
)
def test_beside_the_colours_it_is_said_of_how_many_indicators_they_tell(cases, words):
    covered = coverage([indicator_of(values, targets=targets) for values, targets in cases])
    assert covered.words == words
    assert sum(each.count for each in covered.counts) == covered.judged


def test_variations_are_counted_concern_first():
    lines = [line_of(CALM), line_of((*CALM, 60)), line_of((*CALM, 99)), line_of((80,))]
    assert variations(lines) == [(Variation.CONCERN, 1), (Variation.IMPROVEMENT, 1), (Variation.COMMON, 1)]
