"""Batches that were kept row by row before `kpis/packing.py` can still be read, and taken back."""

from decimal import Decimal
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection

from kpis.models import Outturn
from kpis.packing import Unpacked
from lambeth_plans import history
from lambeth_plans.imports.actions import Conflicts, confirm_batch, undo_batch, upload_figures
from lambeth_plans.imports.models import ImportBatch
from tests import factories

FACTS = ("value", "reason", "numerator", "denominator", "note")


def as_it_was_kept(proposal):
    facts = {}
    for name in ("new", "old"):
        held = getattr(proposal, name)._asdict()
        facts[name] = {key: str(held[key]) if isinstance(held[key], Decimal) else held[key] for key in FACTS}
    return {
        **facts,
        "row": proposal.row,
        "code": proposal.code,
        "indicator": proposal.indicator,
        "title": proposal.title,
        "unit": proposal.unit,
        "period": "2018-19" if proposal.period.label == "2018/19" else "2019-20",
        "stated": proposal.stated,
        "version": proposal.version,
        "action": proposal.action,
    }


def test_a_batch_kept_row_by_row_is_packed_and_can_be_undone(borough, analyst):
    indicator = factories.IndicatorFactory(council=borough, key="assessments")
    factories.OutturnFactory(indicator=indicator, period="2018/19", value=Decimal(40))
    content = b"Indicator,Period,Value\nassessments,2018/19,41\nassessments,2019/20,TBC\n"
    batch = upload_figures(council=borough, file_name="a.csv", content=content, sheet="", reason="Year end", by=analyst)
    before = list(Unpacked(batch.rows))
    old = [as_it_was_kept(proposal) for proposal in before]
    old.append({**old[0], "row": 4, "old": old[0]["new"], "action": "unchanged", "period": "2017-18"})
    batch = confirm_batch(batch=batch, by=analyst)
    batch.rows = old
    batch.save(update_fields=["rows"])
    migration = import_module("lambeth_plans.imports.migrations.0005_packed_figures")
    migration.pack(apps, connection.schema_editor)
    unpacked = Unpacked(ImportBatch.objects.get(pk=batch.pk).rows)
    assert unpacked.counts == {"new": 1, "changed": 1, "unchanged": 1}
    assert [(row.row, row.action, row.new_words) for row in unpacked] == [
        (2, "changed", "41%"),
        (3, "new", "To be confirmed"),
        (4, "unchanged", "41%"),
    ]
    undo_batch(batch=batch, by=analyst, reason="Wrong file.")
    assert [outturn.value for outturn in Outturn.objects.all()] == [Decimal(40)]


def test_a_figure_that_is_gone_stays_in_the_way_of_a_batch_kept_row_by_row(borough, analyst):
    indicator = factories.IndicatorFactory(council=borough, key="assessments")
    for year in ("2018/19", "2019/20"):
        factories.OutturnFactory(indicator=indicator, period=year, value=Decimal(40))
    content = b"Indicator,Period,Value\nassessments,2018/19,41\nassessments,2019/20,40\n"
    batch = upload_figures(council=borough, file_name="a.csv", content=content, sheet="", reason="", by=analyst)
    batch.rows = [as_it_was_kept(proposal) for proposal in Unpacked(batch.rows)]
    batch.save(update_fields=["rows"])
    history.remove_all(Outturn.objects.all(), by=analyst, reason="Meanwhile.")
    import_module("lambeth_plans.imports.migrations.0005_packed_figures").pack(apps, connection.schema_editor)
    with pytest.raises(Conflicts) as caught:
        confirm_batch(batch=batch, by=analyst)
    assert [conflict.proposal.row for conflict in caught.value.conflicts] == [2, 3]
