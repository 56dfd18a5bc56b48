from decimal import Decimal

import pytest

from lambeth_plans import periods
from tests import factories

pytestmark = pytest.mark.django_db
CALM = (80, 82, 81, 83, 80, 82, 81, 82, 80, 81, 83, 82)


@pytest.fixture
def place(plan, borough):
    indicator = factories.IndicatorFactory(council=borough, key="lc06", unit="%", frequency="month")
    factories.IndicatorCodeFactory(indicator=indicator, code="LC.06")
    return factories.PlanIndicatorFactory(plan=plan, indicator=indicator, key="lc06", code="LC.06")


def months(indicator, values):
    period = periods.month(2024, 4)
    for value in values:
        factories.OutturnFactory(indicator=indicator, period=period, value=Decimal(value))
        last, period = period, periods.following(period)
    return last


def ask(program, ref="LC.06", **query):
    response = program.get(f"indicators/{ref}/analysis", **{"plan": "borough-plan", **query})
    assert response.status_code == 200, response.content
    return response.json()


def test_a_full_chart_is_told_with_its_limits_flags_and_colour(program, place):
    last = months(place.indicator, [*CALM, 95])
    factories.TargetFactory(indicator=place.indicator, period=last)
    found = ask(program)
    assert (found["indicator"], found["plan"], found["frequency"]) == ("LC.06", "borough-plan", "month")
    assert Decimal(found["lower_limit"]) < Decimal(found["near_lower"]) < Decimal(found["mean"])
    assert Decimal(found["mean"]) < Decimal(found["near_upper"]) < Decimal(found["upper_limit"])
    assert found["screened"] is True
    assert found["points"][-1] == {
        "period": "Apr 2025",
        "value": "95",
        "flag": "outside limit",
        "judgement": "improvement",
    }
    assert (found["variation"], found["assurance"], found["chart_reason"]) == (
        "improvement",
        "consistently fails",
        None,
    )
    assert (found["rag"], found["rag_reason"][:6]) == ("Green", "Green:")
    assert found["direction"]["short"]["verdict"] == "better"
    assert found["direction"]["long"]["before"] == "Apr 2024"


@pytest.mark.parametrize("ref", ["lc06", "LC06", "lc 06", "LC.06"])
def test_an_indicator_is_found_by_its_code_however_it_is_written(program, place, ref):
    assert ask(program, ref)["indicator"] == "LC.06"


def test_what_may_not_be_said_is_null_with_its_reason(program, place):
    months(place.indicator, [80])
    found = ask(program)
    assert [found[name] for name in ("mean", "upper_limit", "variation", "assurance", "rag", "screened")] == [None] * 6
    assert found["chart_reason"] == "1 figure: limits need at least 7."
    assert found["rag_reason"] == "No target is stated, so no colour."
    assert found["direction"]["short"] is None
    assert found["direction"]["short_reason"]
    assert found["comparators"] == []


def test_one_of_several_frequencies_is_chosen(program, place):
    months(place.indicator, [80, 81])
    factories.OutturnFactory(indicator=place.indicator, period="2022/23", value=Decimal(70))
    assert [point["period"] for point in ask(program)["points"]] == ["Apr 2024", "May 2024"]
    years = ask(program, frequency="year")
    assert (years["frequency"], [point["value"] for point in years["points"]]) == ("year", ["70"])
    assert ask(program, frequency="quarter")["points"] == []
    assert program.get("indicators/LC.06/analysis", plan="borough-plan", frequency="week").status_code == 422


def test_other_areas_are_told_with_their_period_and_who_is_missing(program, place):
    group = factories.ComparatorGroupFactory(council=place.plan.council, name="Neighbours", members=["A", "B", "C"])
    for area, value in (("A", 70), ("B", 90)):
        factories.BenchmarkFactory(
            indicator=place.indicator, group=group, area=area, period="2022/23", value=Decimal(value)
        )
    factories.OutturnFactory(indicator=place.indicator, period="2022/23", value=Decimal(80))
    (found,) = ask(program)["comparators"]
    assert (found["group"], found["period"], found["value"]) == ("Neighbours", "2022/23", "80")
    assert (found["mean"], found["median"], found["rank"], found["of"]) == ("80", "80", 2, 3)
    assert found["missing"] == ["C"]


def test_a_plan_must_be_named_and_an_unknown_indicator_is_not_there(program, place):
    assert program.get("indicators/LC.06/analysis").status_code == 422
    assert program.get("indicators/LC.07/analysis", plan="borough-plan").status_code == 404
    assert program.get("indicators/LC.06/analysis", plan="another-plan").status_code == 404
