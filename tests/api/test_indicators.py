"""Indicators and their figures."""

from datetime import date
from decimal import Decimal

import pytest

from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def place(plan, borough):
    indicator = factories.IndicatorFactory(
        council=borough, key="lc06", title="Care leavers", unit="%", polarity="higher", polarity_standing="stated"
    )
    return factories.PlanIndicatorFactory(
        plan=plan, indicator=indicator, key="lc06", code="LC.06", title="Care leavers"
    )


def test_a_figure_is_called_by_its_code_in_that_plan_and_its_period(program, place):
    for period, value in (("2019/20", "48.4"), ("Q1 2020/21", "-6.6"), ("Apr 2019", "50")):
        factories.OutturnFactory(indicator=place.indicator, period=period, value=Decimal(value))
    items = program.items("outturns")
    assert {(item["indicator"], item["period"], item["value"], item["reason"]) for item in items} == {
        ("LC.06", "2019/20", "48.4", None),
        ("LC.06", "Q1 2020/21", "-6.6", None),
        ("LC.06", "Apr 2019", "50", None),
    }
    assert len({item["key"] for item in items}) == 3
    assert {item["url"] for item in items} == {"/plans/borough-plan/indicators/lc06/"}


def test_the_same_measure_has_another_code_in_another_plan(program, place, borough):
    other = factories.PlanFactory(council=borough, slug="other-plan", around=date(2030, 5, 5))
    factories.PlanIndicatorFactory(plan=other, indicator=place.indicator, code="LC06")
    factories.OutturnFactory(indicator=place.indicator, period="2019/20")
    assert {item["plan"]: item["indicator"] for item in program.items("outturns")} == {
        "borough-plan": "LC.06",
        "other-plan": "LC06",
    }


def test_a_measure_without_a_code_is_called_by_its_key(program, plan):
    place = factories.PlanIndicatorFactory(plan=plan, key="attendance", code="")
    factories.OutturnFactory(indicator=place.indicator)
    assert program.only("indicators")["ref"] is None
    assert program.only("outturns")["indicator"] == "attendance"


def test_a_missing_figure_has_its_reason(program, place):
    factories.OutturnFactory(indicator=place.indicator, period="2019/20", reason="new_indicator")
    item = program.only("outturns")
    assert (item["value"], item["reason"]) == (None, "New indicator")
    assert item["judgement"] == {"rag": None, "reason": "No figure to judge."}
    indicator = program.only("indicators")
    assert (indicator["period"], indicator["value"], indicator["reason"]) == ("2019/20", None, "New indicator")


def test_a_figure_is_judged_in_words_and_coloured_only_where_it_may_be(program, place):
    factories.TargetFactory(indicator=place.indicator, period="2019/20", value=Decimal(90), amber=Decimal(5))
    factories.OutturnFactory(indicator=place.indicator, period="2019/20", value=Decimal(80))
    factories.OutturnFactory(indicator=place.indicator, period="2018/19", value=Decimal(80))
    judged = {item["period"]: item for item in program.items("outturns")}
    assert judged["2019/20"]["target"] == "90"
    assert judged["2019/20"]["judgement"]["rag"] == "Red"
    assert "10 points below the 90% target" in judged["2019/20"]["judgement"]["reason"]
    assert judged["2018/19"]["judgement"] == {
        "rag": None,
        "reason": "No target is stated for 2018/19, so no colour. 80% is 10 points below the 2019/20 target of 90%.",
    }
    assert program.only("indicators")["judgement"]["rag"] == "Red"


def test_a_target_is_listed_also_where_there_is_no_figure_yet(program, place):
    factories.TargetFactory(indicator=place.indicator, period="2030/31", value=Decimal("92.5"), value_as_stated="92.5%")
    item = program.only("targets")
    assert (item["indicator"], item["period"], item["value"]) == ("LC.06", "2030/31", "92.5")
    assert (item["amber"], item["rule"], item["standing"]) == ("5", "points", "stated")
    assert item["value_as_stated"] == "92.5%"


def test_a_closed_plan_tells_no_figures_and_targets_after_its_end(program, borough):
    plan = factories.PlanFactory(council=borough, status="closed", around=date(2015, 5, 5))
    indicator = factories.PlanIndicatorFactory(plan=plan).indicator
    for period in ("2015/16", "2017/18"):
        factories.TargetFactory(indicator=indicator, period=period)
        factories.OutturnFactory(indicator=indicator, period=period)
    for name in ("targets", "outturns"):
        assert [item["period"] for item in program.items(name)] == ["2015/16"]


def test_another_areas_figure_is_a_benchmark(program, place, borough):
    group = factories.ComparatorGroupFactory(council=borough, name="Inner London")
    factories.BenchmarkFactory(
        indicator=place.indicator, area="Camden", group=group, period="2016/17", value=Decimal("123.45")
    )
    item = program.only("benchmarks")
    assert (item["indicator"], item["area"], item["group"]) == ("LC.06", "Camden", "Inner London")
    assert (item["period"], item["value"], item["reason"]) == ("2016/17", "123.45", None)
