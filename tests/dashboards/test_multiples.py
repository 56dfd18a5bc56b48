from decimal import Decimal

import pytest

from lambeth_plans import periods
from tests import factories
from tests.dashboards.lines import CALM

pytestmark = pytest.mark.django_db


def test_each_indicator_has_a_small_chart_in_its_group_and_a_row_of_the_table(read, plan):
    place = factories.PlanIndicatorFactory(plan=plan, code="K1", group="Care")
    factories.PlanIndicatorFactory(plan=plan, code="K2", group="School")
    period = periods.month(2025, 4)
    for value in (*CALM, 60):
        factories.OutturnFactory(indicator=place.indicator, period=period, value=Decimal(value))
        period = periods.following(period)
    response = read("indicator_multiples")
    assert [(group, len(lines)) for group, lines in response.context["groups"]] == [("Care", 1), ("School", 1)]
    html = response.content.decode()
    assert html.count('class="app-small__svg"') == 1
    assert html.count("app-mark--concern") == 1
    assert "No figure to draw." in html
    assert 'aria-label="Figures of K1"' in html
    for cell in ("79.8%", "75.4%", "84.1%"):  # the mean and both limits
        assert f'numeric">{cell}</td>' in html
