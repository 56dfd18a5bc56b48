from datetime import date, timedelta
from decimal import Decimal

import pytest

from kpis.models import Indicator
from kpis.spc import Assurance, Flag, Stage, Variation
from lambeth_plans import periods
from lambeth_plans.dashboards.analysis import analyse, comparisons, due_dates
from lambeth_plans.dashboards.state import plan_state
from lambeth_plans.periods import PeriodKind
from tests import factories

pytestmark = pytest.mark.django_db
FIRST = periods.month(2024, 4)
CALM = (80, 82, 81, 83, 80, 82, 81, 82, 80, 81, 83, 82)


def place_of(council, **fields):
    fields = {"unit": "%", "frequency": "month", "data_due_lag_days": 10, **fields}
    indicator = factories.IndicatorFactory(council=council, **fields)
    return factories.PlanIndicatorFactory(plan=factories.PlanFactory(council=council), indicator=indicator)


@pytest.fixture
def place(borough):
    return place_of(borough)


def months(indicator, values, first=FIRST, **fields):
    period = first
    for value in values:
        if value is not None:
            factories.OutturnFactory(indicator=indicator, period=period, value=Decimal(value), **fields)
        period = periods.following(period)
    return period


def fact_of(place):
    state = plan_state(place.plan)
    return state.indicators[0], state


def analysis_of(place, kind=None):
    fact, state = fact_of(place)
    return analyse(fact, state.rebases.get(fact.id, ()), kind)


def test_twelve_calm_months_under_their_target_consistently_fail(place):
    after = months(place.indicator, CALM)
    last = periods.previous_month(after)
    factories.TargetFactory(indicator=place.indicator, period=last, value=Decimal(95))
    found = analysis_of(place)
    assert (found.is_full, found.variation, found.assurance) == (True, Variation.COMMON, Assurance.FAILS)
    assert found.no_chart == ""


def test_an_assumed_target_assures_of_nothing(place):
    last = periods.previous_month(months(place.indicator, CALM))
    factories.TargetFactory(indicator=place.indicator, period=last, value=Decimal(95), standing="assumed")
    assert analysis_of(place).assurance is None


def test_an_assumed_direction_makes_no_verdict(borough):
    place = place_of(borough, polarity_standing="assumed")
    months(place.indicator, [*CALM, 95])
    found = analysis_of(place)
    assert (found.latest_flag, found.variation) == (Flag.OUTSIDE, Variation.CHANGE)
    assert found.directions.short.verdict is None


def test_a_month_without_a_row_is_a_gap(place):
    months(place.indicator, [80, None, 82, 81, 80, 81, 82, 80])
    found = analysis_of(place)
    assert len(found.line.periods) == 8
    assert found.line.outturns[1] is None
    assert found.chart.points[1].value is None
    assert found.chart.stage is Stage.TRIAL


def test_a_provisional_figure_is_shown_and_is_a_gap_to_the_rules(place):
    after = months(place.indicator, CALM)
    factories.OutturnFactory(indicator=place.indicator, period=after, value=Decimal(99), status="provisional")
    found = analysis_of(place)
    assert found.line.latest.value == 99
    assert (found.chart.points[-1].value, found.latest_flag) == (None, None)


def test_a_rebase_gives_the_chart_limits_of_its_own(place):
    after = months(place.indicator, CALM)
    months(place.indicator, [value + 10 for value in CALM], first=after)
    factories.RebaseFactory(indicator=place.indicator, period=after)
    found = analysis_of(place)
    assert [segment.start for segment in found.chart.segments] == [0, 12]
    assert found.chart.points[0].mean < found.chart.points[-1].mean
    assert found.latest_flag is None


def test_figures_that_count_up_through_the_year_make_no_control_chart(borough):
    place = place_of(borough, is_cumulative=True)
    months(place.indicator, CALM)
    found = analysis_of(place)
    assert found.chart is None
    assert found.no_chart == "It counts up through the year, so a control chart would mislead."


def test_few_figures_say_how_many_limits_need(place):
    months(place.indicator, [80])
    assert analysis_of(place).no_chart == "1 figure: limits need at least 7."


def test_years_beside_months_are_another_line(place):
    factories.OutturnFactory(indicator=place.indicator, period=periods.financial_year(2023), value=Decimal(70))
    months(place.indicator, [80, 81])
    assert len(analysis_of(place).line.periods) == 2
    years = analysis_of(place, PeriodKind.YEAR)
    assert [outturn.value for outturn in years.line.outturns] == [70]


def test_an_indicator_without_figures_is_analysed_all_the_same(place):
    found = analysis_of(place)
    assert (found.line.periods, found.chart, found.directions.latest) == ((), None, None)


def test_a_neighbour_without_a_figure_is_named_and_ours_is_ranked_in_its_period(place):
    year = periods.financial_year(2023)
    group = factories.ComparatorGroupFactory(
        council=place.indicator.council, name="Statistical neighbours", vintage="2023", members=["A", "B", "C", "D"]
    )
    for area, value in (("A", 70), ("B", 75), ("C", 90)):
        factories.BenchmarkFactory(indicator=place.indicator, group=group, area=area, period=year, value=Decimal(value))
    factories.OutturnFactory(indicator=place.indicator, period=year, value=Decimal(80))
    months(place.indicator, [99])
    found = comparisons(*fact_of(place))
    assert [(each.group, each.vintage, each.rank, each.of) for each in found] == [
        ("Statistical neighbours", "2023", 2, 4)
    ]
    assert [each.area for each in found[0].missing] == ["D"]
    assert found[0].ours.value == 80


def test_an_area_without_a_group_is_compared_alone_and_gets_no_rank(place):
    year = periods.financial_year(2023)
    factories.BenchmarkFactory(indicator=place.indicator, group=None, area="England", period=year, value=Decimal(70))
    factories.OutturnFactory(indicator=place.indicator, period=year, value=Decimal(80))
    found = comparisons(*fact_of(place))
    assert [(each.group, each.rank) for each in found] == [("England", None)]
    assert found[0].sentence


def test_what_is_late_is_told_before_what_is_not_due(place):
    other = factories.PlanIndicatorFactory(
        plan=place.plan,
        indicator=factories.IndicatorFactory(
            council=place.plan.council, frequency=Indicator.Frequency.MONTH, data_due_lag_days=10
        ),
    )
    months(place.indicator, [80])
    months(other.indicator, [80, 80])
    on = periods.following(FIRST).end + timedelta(days=11)
    found = due_dates(plan_state(place.plan).indicators, on)
    assert [entry.key for entry in found] == [place.key, other.key]
    assert found[0].late[0].days_late == 1
    assert found[1].late == ()
    assert date(2024, 6, 11) == on
