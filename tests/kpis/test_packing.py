"""What a batch keeps of a sheet of figures, and what a page makes of it again."""

import json
from datetime import date
from decimal import Decimal

import pytest

from kpis.held import NOTHING, FigureFacts, held_versions
from kpis.packing import Unpacked, changes_rating, corrects_final, is_unusual, was_there
from kpis.proposals import propose
from kpis.reading import FigureTable
from lambeth_plans import history
from tests import factories

FIGURES = FigureTable(
    (2, 3, 4, 5),
    ["LC.06"] * 4,
    ("2017/18", "2018/19", "Apr 2019", ""),
    ("51.25%", "47.50", "TBC", " "),  # the last row is as it stands in a template
    {
        "numerator": ("20.5", "", "", ""),
        "denominator": ("40", "", "", ""),
        "note": ("Nöte", "", "", " "),
        "why": ("Counted twice", "", "", ""),
    },
)


@pytest.fixture
def indicator(borough):
    indicator = factories.IndicatorFactory(council=borough, key="assessments")
    factories.IndicatorCodeFactory(indicator=indicator, code="LC.06")
    for period, value in (("2018/19", "47.5"), ("2017/18", "50")):
        factories.OutturnFactory(indicator=indicator, period=period, value=Decimal(value))
    return indicator


@pytest.fixture
def unpacked(borough, indicator):
    packed, errors = propose(borough, FIGURES, today=date(2021, 5, 17))
    assert errors == []
    return Unpacked(json.loads(json.dumps(packed)))


def test_a_proposal_comes_back_from_what_a_batch_keeps(unpacked, indicator):
    changed, unchanged, new = unpacked
    assert (changed.row, changed.code, changed.indicator_pk, changed.title) == (
        2,
        "LC.06",
        indicator.pk,
        indicator.title,
    )
    assert changed.new == (Decimal("51.25"), "", Decimal("20.5"), Decimal(40), "Nöte", "final")
    assert changed.old == FigureFacts(Decimal(50), status="final")
    assert (changed.action, changed.version, changed.stated, changed.why) == ("changed", 1, "51.25%", "Counted twice")
    assert (unchanged.action, unchanged.new.value, unchanged.version) == ("unchanged", Decimal("47.5"), 1)
    assert (new.action, new.new_words, new.old, new.period.label) == ("new", "To be confirmed", NOTHING, "Apr 2019")


def test_rows_are_counted_and_chosen_as_they_are_packed(unpacked):
    assert unpacked.counts == {"changed": 1, "unchanged": 1, "new": 1}
    assert [row.row for row in unpacked.moving] == [2, 4]
    assert [row.row for row in unpacked.moving.having(was_there)] == [2]
    assert not unpacked.moving.having(changes_rating)
    assert not unpacked.moving.having(is_unusual)
    assert [row.row for row in unpacked.unchanged[:1]] == [unpacked.unchanged[0].row] == [3]


def test_a_final_figure_corrected_without_a_reason_stands_out(borough, indicator):
    table = FigureTable((2, 3), ["LC.06"] * 2, ("2017/18", "2018/19"), ("51", "48"), {"why": ("", "Counted twice")})
    packed, _ = propose(borough, table, today=date(2021, 5, 17))
    assert [row.row for row in Unpacked(packed).moving.having(corrects_final)] == [2]


def test_a_figure_that_moved_since_is_found_by_its_version(borough, indicator, unpacked, analyst):
    def moved():
        return [row.row for row in unpacked.moved(held_versions(borough, unpacked.indicators))]

    assert moved() == []
    outturn = indicator.outturns.get(period_start="2018-04-01")
    outturn.note = "Counted again"
    history.save(outturn, by=analyst)
    factories.OutturnFactory(indicator=indicator, period="Apr 2019", value=Decimal(1))
    assert moved() == [3, 4]


def test_a_batch_without_rows_is_empty():
    assert list(Unpacked([])) == []
