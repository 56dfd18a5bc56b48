"""Many records written at once: what cannot be told by an import, for it never asks for it."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, connection

from kpis.actions import UNIQUE, WRITTEN
from kpis.models import Outturn
from lambeth_plans import history, staging
from tests import factories


@pytest.fixture
def figures(borough):
    indicator = factories.IndicatorFactory(council=borough)
    return [
        factories.OutturnFactory(indicator=indicator, period=year, value=Decimal(5)) for year in ("2017/18", "2018/19")
    ]


def row_of(figure, *, value="6", **options):
    day = connection.ops.adapt_datefield_value
    which = (figure.indicator_id, figure.period_kind, day(figure.period_start), day(figure.period_end))
    key = (options.get("pk", figure.pk), options.get("version", figure.version))
    return (*key, *which, value, value or "", "", None, None, "", "", "")


def merge(rows, analyst):
    staging.merge(Outturn, WRITTEN, rows, unique=UNIQUE, by=analyst, reason="Why.")


def test_the_figure_that_somebody_else_changed_is_named_and_none_is_written(figures, analyst):
    figures[1].note = "Meanwhile."
    read = [row_of(figure) for figure in figures]
    history.save(figures[1], by=analyst)
    with pytest.raises(history.StaleRecord) as caught:
        merge(read, analyst)
    assert caught.value.current == figures[1]
    assert [each.value for each in Outturn.objects.all()] == [5, 5]


def test_two_rows_for_one_record_are_refused_before_one_of_them_wins(figures, analyst):
    with pytest.raises(RuntimeError, match="name the same record"):
        merge([row_of(figures[0], value="6"), row_of(figures[0], value="7")], analyst)
    assert not Outturn.history.filter(history_change_reason="Why.").exists()


@pytest.mark.parametrize("wrong", [{"pk": None}, {"value": None}, {"version": 9}])
def test_what_fails_leaves_nothing_behind_that_stands_in_the_way(figures, analyst, wrong):
    with pytest.raises((IntegrityError, history.StaleRecord)):
        merge([row_of(figures[0], **wrong)], analyst)
    merge([row_of(figures[0])], analyst)
    assert Outturn.objects.get(pk=figures[0].pk).value == 6
