"""The forty indicators of Example Borough show everything the rules know, whatever day it is made on."""

from collections import Counter
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.db import transaction

from kpis import spc
from kpis.due import DueState
from kpis.models import Indicator, Outturn, Reason, Rebase, Target
from lambeth_plans.accounts.models import User
from lambeth_plans.dashboards.analysis import analyse, comparisons, due_dates
from lambeth_plans.dashboards.state import plan_state
from lambeth_plans.imports import example_borough
from lambeth_plans.imports.example_borough import figures
from lambeth_plans.imports.example_borough.chronicle import Chronicle
from lambeth_plans.imports.example_borough.indicators import MEASURES
from lambeth_plans.periods import PeriodKind
from lambeth_plans.rag import Rag, RuleKind
from objectives.models import Plan
from tests.environment import SOAK

#: A first and a last day, days on which the newest figure is of August and of March, and a leap day.
DAYS = [
    date(2026, 9, 20),
    *([date(2026, 1, 1), date(2026, 4, 13), date(2026, 6, 30), date(2028, 2, 29)] if SOAK else []),
]


@pytest.fixture(scope="module", params=DAYS, ids=str)
def shown(request, django_db_setup, django_db_blocker):
    """What the pages of the indicators say, on the morning of a day."""
    today = request.param
    with django_db_blocker.unblock(), transaction.atomic():
        example_borough.make(today)
        state = plan_state(Plan.objects.get(slug="example-borough"))
        yield SimpleNamespace(
            indicators=state.indicators,
            by_key={indicator.key: indicator for indicator in state.indicators},
            analyses={each.key: analyse(each, state.rebases.get(each.id, ())) for each in state.indicators},
            comparisons={each.key: comparisons(each, state) for each in state.indicators},
            calendar=due_dates(state.indicators, today),
            state=state,
        )
        transaction.set_rollback(True)


def test_forty_indicators_have_months_and_some_have_quarters_and_years(shown, db):
    counted = Counter((each.key, outturn.period.kind) for each in shown.indicators for outturn in each.outturns)
    kinds = Counter(kind for _, kind in counted)
    assert len(shown.indicators) == 40
    assert kinds == {
        PeriodKind.MONTH: 33,
        PeriodKind.QUARTER: 4,
        PeriodKind.YEAR: 13,
        PeriodKind.ACADEMIC_YEAR: 1,
        PeriodKind.TO_DATE: 1,
    }
    whole = [key for (key, kind), count in counted.items() if (kind, count) == (PeriodKind.MONTH, 36)]
    assert len(whole) == 26
    assert [counted[key, PeriodKind.MONTH] for key in ("eb11", "eb31", "eb38")] == [34, 9, 5]


def test_every_flag_variation_assurance_and_stage_shows(shown, db):
    analyses = shown.analyses.values()
    assert {each.latest_flag for each in analyses} == {None, *spc.Flag}
    assert {each.variation for each in analyses} == {None, *spc.Variation}
    assert {each.assurance for each in analyses} == {None, *spc.Assurance}
    assert {each.chart.stage for each in analyses if each.chart} == set(spc.Stage)
    assert {each.no_chart[:9] for each in analyses} == {"", "It counts", "3 figures", "5 figures"}
    assert {each.chart.lower_limit == each.chart.upper_limit for each in analyses if each.is_full} == {True, False}
    assert {len(each.chart.segments) for each in analyses if each.chart} == {1, 2, 3}


def test_an_indicator_shows_the_flag_it_was_made_for(shown, db):
    """A hand-made run is not at the mercy of chance."""
    flags = {key: shown.analyses[key].latest_flag for key in ("eb13", "eb17", "eb18", "eb20", "eb21")}
    assert list(flags.values()) == [None, spc.Flag.OUTSIDE, spc.Flag.TWO_OF_THREE, spc.Flag.TREND, spc.Flag.SHIFT]


@pytest.mark.parametrize(
    "words",
    [
        "amber is within 3 points",
        "amber is within 10% of the target",
        "amber is as far as",
        "no worse than the same period last year (",
        "Inside the band is better.",
        "The figure is provisional",
        "Which way is better is assumed",
        "The tolerance is assumed",
        "Which way is better is not stated",
        "Neither higher nor lower is better",
        "No target is stated",
        "No figure to judge.",
    ],
)
def test_every_reason_of_a_colour_or_of_none_is_said(shown, db, words):
    assert any(words in indicator.reason for indicator in shown.indicators)


def test_every_colour_and_both_doubts_about_a_target_show(shown, db):
    assert {indicator.rag for indicator in shown.indicators} == {Rag.RED, Rag.AMBER, Rag.GREEN, None}
    assert [words[:8] for key in ("eb25", "eb26") for words in shown.by_key[key].latest.cautions] == [
        "An easy ",
        "The targ",
    ]
    assert set(Target.objects.values_list("rule_kind", flat=True)) == set(RuleKind)


def test_every_way_of_being_due_shows(shown, db):
    standings = Counter(standing.state for entry in shown.calendar for standing in entry.standings)
    assert set(standings) == set(DueState)
    assert len([entry for entry in shown.calendar if entry.late]) >= 3
    assert len([entry for entry in shown.calendar if entry.not_reported]) >= 3
    assert {entry.reason for entry in shown.calendar} == {
        "",
        "How often it is reported is not stated.",
        "Since when it is reported is not stated.",
    }


def test_other_areas_show_ranks_ties_gaps_and_marks(shown, db):
    told = [each for compared in shown.comparisons.values() for each in compared]
    assert {each.group for each in told} == {"Statistical neighbours", "Inner boroughs", "All boroughs"}
    assert {each.is_joint for each in told if each.rank} == {True, False}
    assert {missing.text for each in told for missing in each.missing} == {"no figure given", "Suppressed"}
    assert {bool(each.quartile) for each in told} == {True, False}
    years = [{figure.period for figure in found} for found in shown.state.benchmarks.values()]
    assert len(years) >= 12
    assert {len(found) for found in years} == {3}
    groups = {group.name: (len(group.members), bool(group.vintage)) for group in shown.state.comparator_groups}
    assert groups == {"Inner boroughs": (6, True), "Statistical neighbours": (10, True)}


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("eb24", "What counts up through the year is not compared with a whole year."),
        ("eb40", "Only periods of the same kind are compared."),
        ("eb34", "Neither higher nor lower is better, so there is no rank."),
    ],
)
def test_what_may_not_be_compared_is_not(shown, db, key, words):
    (neighbours, *_) = shown.comparisons[key]
    assert words in f"{neighbours.older} {neighbours.reason}"
    assert neighbours.rank is None


@pytest.mark.parametrize("key", ["eb29", "eb30"])
def test_a_newest_figure_of_an_earlier_year_is_compared_with_that_year(shown, db, key):
    (neighbours, *_) = shown.comparisons[key]
    assert neighbours.ours == neighbours.our_latest
    assert "the group's newest is of" in neighbours.older


def test_a_missing_figure_has_its_reason_and_small_counts_are_not_told(shown, db):
    reasons = set(Outturn.objects.values_list("reason", flat=True))
    assert reasons == {
        "",
        Reason.SUPPRESSED,
        Reason.PENDING,
        Reason.NOT_COLLECTED,
        Reason.NOT_APPLICABLE,
        Reason.NOT_AVAILABLE,
    }
    small = [outturn for key in ("eb16", "eb26") for outturn in shown.by_key[key].outturns]
    assert not [outturn.text for outturn in small if outturn.value is not None and 1 <= outturn.value <= 5]
    assert {outturn.text for outturn in small} >= {"Suppressed"}


def test_what_is_known_of_an_indicator_is_filled_in(shown, db):
    for indicator in shown.indicators:
        assert indicator.why_it_matters
        assert indicator.source
        assert indicator.owner
        assert indicator.objective
    assert {each.is_cumulative for each in shown.indicators} == {True, False, None}
    assert {each.is_screened for each in shown.indicators} == {True, False}
    assert {bool(each.last_checked_date) for each in shown.indicators} == {True, False}
    assert {bool(each.steady_gap) for each in shown.indicators} == {True, False}
    assert {bool(each.numerator_is and each.denominator_is) for each in shown.indicators} == {True, False}


def test_a_new_start_is_decided_after_three_figures_by_the_board(shown, db):
    rebases = Rebase.objects.order_by("indicator__key", "period_start")
    assert list(rebases.values_list("indicator__key", flat=True)) == ["eb13", "eb36", "eb36"]
    for rebase in rebases:
        assert rebase.decided_by == "Performance Board"
        assert timedelta(60) < rebase.decided_date - rebase.period_end < timedelta(80)


@pytest.mark.parametrize("today", [date(2026, month, 1 + 2 * month) for month in range(1, 13)], ids=str)
def test_on_any_day_of_the_year_the_charts_show_everything(today):
    """Without a database: the figures alone."""
    chronicle = Chronicle(by=User(), today=today)
    flags, variations, stages = set(), set(), set()
    for number, measure in enumerate(MEASURES, start=1):
        periods = figures.periods_of(chronicle, measure)
        series = figures.series_of(chronicle, Indicator(key=f"eb{number:02d}"), measure)
        values = {outturn.period: outturn.value for outturn in series}
        starts = sorted(len(periods) - 1 - start.ago for start in measure.new_starts)
        if not measure.is_cumulative:
            judged = spc.analyse([values.get(period) for period in periods], polarity=measure.polarity, rebases=starts)
            flags |= {point.flag for point in judged.points[-2:]}
            variations.add(judged.variation)
            stages.add(judged.stage)
    assert (flags, variations, stages) == ({None, *spc.Flag}, {None, *spc.Variation}, set(spc.Stage))
