import pytest

from lambeth_plans.dashboards.analysis import analyse
from lambeth_plans.dashboards.verdicts import unusual, verdict
from tests.dashboards.indicator_facts import CALM, indicator, rebase

ODD = " Its newest figure is unusual, so this may not hold."


def verdict_of(fact, rebases=()):
    return verdict(fact, analyse(fact, rebases))


@pytest.mark.parametrize(
    ("values", "fields", "sentence"),
    [
        (CALM, {}, "Nothing unusual: March 2025 is within the usual ups and downs."),
        ((*CALM, 60), {}, "April 2025 is below the lower limit."),
        ((*CALM, 99), {"polarity": ""}, "April 2025 is above the upper limit. Neither way is stated as better."),
        (CALM[:8], {}, "No verdict yet: limits are on trial until there are 12 figures."),
        (CALM[:3], {}, "No control chart. 3 figures: limits need at least 7."),
        ((*CALM, None), {}, "Nothing unusual: March 2025 is within the usual ups and downs."),
    ],
)
def test_what_is_said_of_the_newest_figure(values, fields, sentence):
    assert verdict_of(indicator(values, **fields)).variation == sentence


def test_a_rebase_with_too_few_figures_after_it_leaves_no_verdict():
    told = verdict_of(indicator((*CALM, 90, 91)), [rebase(12)])
    assert told.variation == "No verdict yet: too few figures since the limits were set anew."
    assert not told.is_known


@pytest.mark.parametrize(
    ("values", "target", "fields", "sentence"),
    [
        (CALM, 95, {}, "Left as it is, it will not meet its target of 95%: something has to change."),
        (CALM, 60, {}, "Left as it is, it can be expected to meet its target of 60% every time."),
        (CALM, 81, {}, "Its target of 81% lies within the limits: whether it is met is chance."),
        ((*CALM, 60), 95, {}, f"Left as it is, it will not meet its target of 95%: something has to change.{ODD}"),
        (CALM, None, {}, "No target is stated for its newest figure, so nothing is said about meeting one."),
        (
            CALM,
            95,
            {"last": {"target_is_assumed": True}},
            "Its target is assumed, not agreed, so nothing is said about meeting it.",
        ),
        (
            CALM,
            95,
            {"polarity_standing": "assumed"},
            "Which way is better is not agreed, so nothing is said about meeting its target.",
        ),
        (
            CALM,
            95,
            {"polarity": "none"},
            "Neither higher nor lower is better, so nothing is said about meeting its target.",
        ),
        (CALM[:8], 95, {}, "Whether it will meet its target cannot be told without full limits."),
    ],
)
def test_whether_it_will_meet_its_target_or_why_that_is_not_told(values, target, fields, sentence):
    assert verdict_of(indicator(values, target=target, **fields)).assurance == sentence


def test_what_is_unusual_about_a_figure_is_told_with_its_judgement_if_there_is_one():
    worse, changed = (analyse(indicator((*CALM, 60), polarity=way)).chart.points[-1] for way in ("higher", "none"))
    assert unusual(worse) == "below the lower limit: concern"
    assert unusual(changed) == "below the lower limit"
    assert unusual(analyse(indicator(CALM)).chart.points[-1]) == ""
    assert unusual(None) == ""
