from decimal import Decimal

import pytest

from kpis.models import Outturn, Target
from kpis.rule_changes import effects, fingerprint, periods_between, sentence
from lambeth_plans import periods
from lambeth_plans.rag import Rag
from tests import factories

MONTHS = [periods.month(2024, number) for number in (4, 5, 6, 7)]


@pytest.mark.parametrize(
    ("first", "last", "wrong"),
    [
        ("Apr 2024", "2024/25", "different kinds"),
        ("May 2024", "Apr 2024", "comes before"),
        ("31 Dec 2023", "31 Dec 2024", "one day at a time"),
        ("Apr 2000", "Apr 2010", "more than 120"),
    ],
)
def test_periods_that_make_no_row_are_refused(first, last, wrong):
    with pytest.raises(ValueError, match=wrong):
        periods_between(periods.parse(first), periods.parse(last))


def test_a_row_of_periods_holds_both_ends():
    assert periods_between(MONTHS[0], MONTHS[-1]) == MONTHS
    assert periods_between(MONTHS[0], MONTHS[0]) == [MONTHS[0]]


def indicator(**fields):
    return factories.IndicatorFactory.build(council=None, unit="%", **fields)


def outturn(of, period, value, **fields):
    return Outturn(indicator=of, period=period, value=Decimal(value), **fields)


def target(of, period, value, amber=5, kind="points"):
    return Target(indicator=of, period=period, value=Decimal(value), amber=Decimal(amber), rule_kind=kind)


def test_each_past_figure_is_told_as_it_is_and_as_it_would_be():
    of = indicator()
    figures = [outturn(of, month, value) for month, value in zip(MONTHS, (84, 86, 91), strict=False)]
    held = {month: target(of, month, 80) for month in MONTHS}
    wanted = {month: target(of, month, 90) for month in MONTHS[1:]}
    found = effects(of, figures, held, wanted)
    assert [(each.period, each.was.rag, each.now.rag) for each in found] == [
        (MONTHS[1], Rag.GREEN, Rag.AMBER),
        (MONTHS[2], Rag.GREEN, Rag.GREEN),
    ]
    assert sentence(found) == "This would turn 1 past period Amber; 1 stays as it is."


def test_a_rule_of_improvement_looks_at_last_year_and_a_broken_rule_is_said():
    of = indicator()
    figures = [outturn(of, periods.month(2023, 4), 70), outturn(of, MONTHS[0], 75)]
    better = {MONTHS[0]: target(of, MONTHS[0], 100, 10, "improvement")}
    assert effects(of, figures, {}, better)[0].now.rag is Rag.AMBER
    broken = {MONTHS[0]: target(of, MONTHS[0], 0, 10, "percent")}
    assert "rule cannot judge" in effects(of, figures, {}, broken)[0].now.reason


def test_the_sentence_counts_each_colour_and_what_loses_its_own():
    of = indicator()
    figures = [outturn(of, month, value) for month, value in zip(MONTHS, (70, 86, 91, 99), strict=True)]
    held = {month: target(of, month, 60) for month in MONTHS}
    harder = {month: target(of, month, 90) for month in MONTHS}
    assert sentence(effects(of, figures, held, harder)) == (
        "This would turn 1 past period Red and 1 Amber; 2 stay as they are."
    )
    assert sentence(effects(of, figures, held, held)) == "No past rating changes: 4 past periods stay as they are."
    none = {month: Target(indicator=of, period=month, rule_kind="none") for month in MONTHS}
    assert sentence(effects(of, figures, held, none)) == "This would turn 4 past periods to no colour."
    assert sentence([]) == "No figure is there for these periods, so no past rating changes."


def test_what_is_confirmed_is_what_was_seen():
    of = indicator()
    figures, held = [outturn(of, MONTHS[0], 80, version=1)], {MONTHS[0]: target(of, MONTHS[0], 80)}
    wanted = {MONTHS[0]: target(of, MONTHS[0], 90)}
    seen = fingerprint(figures, held, wanted)
    assert fingerprint(figures, held, wanted) == seen
    assert fingerprint(figures, held, {MONTHS[0]: target(of, MONTHS[0], 91)}) != seen
    assert fingerprint([outturn(of, MONTHS[0], 80, version=2)], held, wanted) != seen
    assert fingerprint(figures, {}, wanted) != seen
