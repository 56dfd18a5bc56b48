"""Cells: what is written comes back as it was."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import models
from hypothesis import given
from hypothesis import strategies as st

from activities.models import Activity, ProgressUpdate
from kpis.models import ComparatorGroup, Indicator, Outturn
from lambeth_plans.accounts.cell_widgets import widget_for
from lambeth_plans.fields import PartialDate
from lambeth_plans.rag import Rag
from lambeth_plans.spreadsheets import Cell
from objectives.models import Plan


def there_and_back(model, name, value):
    widget = widget_for(model._meta.get_field(name))
    content = widget.render(value)
    text = f"{content:f}" if isinstance(content, Decimal) else str(content)
    return widget.clean(Cell(text, is_number=isinstance(content, Decimal)))


@pytest.mark.parametrize(
    ("model", "name", "value"),
    [
        (Plan, "start_date", date(2021, 3, 31)),
        (Plan, "status", "closed"),
        (Activity, "due_date", PartialDate("2021")),
        (Activity, "due_date", PartialDate("2021-03")),
        (Activity, "due_date", None),
        (Activity, "title", " 1.10\n"),
        (Activity, "further_objectives", ("ob1", "ob10")),
        (Activity, "further_goals", ("goal-1 (A; B)",)),
        (ProgressUpdate, "rag", Rag.NOT_STARTED),
        (ProgressUpdate, "forecast_rag", None),
        (ProgressUpdate, "is_unchanged", True),
        (ProgressUpdate, "reported_at", datetime(2025, 10, 26, 0, 30, 1, 5, tzinfo=UTC)),
        (ProgressUpdate, "revision", 32_767),
        (Indicator, "counts_people", None),
        (Indicator, "counts_people", False),
        (ComparatorGroup, "members", ["Camden", " Hackney"]),
        (ComparatorGroup, "members", []),
    ],
)
def test_what_is_written_comes_back(model, name, value):
    assert there_and_back(model, name, value) == value


@given(st.decimals(min_value=-999_999_999, max_value=999_999_999, places=6))
def test_every_figure_comes_back_exactly(value):
    assert there_and_back(Outturn, "value", value) == value


def test_a_kind_of_field_that_no_sheet_has_is_told():
    with pytest.raises(TypeError, match="No sheet holds a BinaryField yet"):
        widget_for(models.BinaryField())
