"""Writing figures."""

from decimal import Decimal

import pytest

from kpis.actions import record_figure
from kpis.held import FigureFacts
from kpis.models import Outturn
from lambeth_plans import periods
from lambeth_plans.history import StaleRecord
from tests import factories


@pytest.fixture
def indicator(borough):
    return factories.IndicatorFactory(council=borough)


def record(indicator, analyst, value, outturn=None):
    return record_figure(
        indicator=indicator,
        period=periods.financial_year(2019),
        outturn=outturn,
        facts=FigureFacts(Decimal(value)),
        stated=value,
        by=analyst,
        reason="Counted.",
    )


def test_a_figure_that_somebody_added_meanwhile_is_not_added_twice(indicator, analyst):
    record(indicator, analyst, "40")
    with pytest.raises(StaleRecord) as refusal:
        record(indicator, analyst, "41")
    assert refusal.value.current.value == 40
    assert Outturn.objects.count() == 1


def test_what_was_written_stays_as_long_as_its_meaning_holds(indicator, analyst):
    outturn = factories.OutturnFactory(
        indicator=indicator, period="2019/20", value=Decimal(40), value_as_stated="c. 40", status=""
    )
    assert record(indicator, analyst, "40", outturn).value_as_stated == "c. 40"
    assert record(indicator, analyst, "41", outturn).value_as_stated == "41"
