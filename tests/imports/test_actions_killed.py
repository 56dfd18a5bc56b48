"""A process that is killed in the middle of a confirmation or an undoing leaves nothing half done (bad inputs, 58)."""

import random
from collections import Counter

import pytest

from kpis.models import Outturn
from lambeth_plans.imports.actions import confirm_batch, undo_batch, upload_figures
from lambeth_plans.imports.audit import audit
from lambeth_plans.imports.models import ImportBatch
from tests import factories
from tests.killing import killed, lasting

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.campaign]

YEARS = range(2005, 2015)
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@pytest.fixture
def upload(borough, analyst):
    """Uploads 120 figures for each of some indicators."""
    for key in ("one", "two"):
        factories.IndicatorFactory(council=borough, key=key)

    def uploaded(keys, value):
        lines = [f"{key},{month} {year},{value}" for key in keys for year in YEARS for month in MONTHS]
        content = "\n".join(["Indicator,Period,Value", *lines]).encode()
        return upload_figures(council=borough, file_name="a.csv", content=content, sheet="", reason="", by=analyst)

    return uploaded


def held() -> dict[int, int]:
    """How many figures there are of each value."""
    return Counter(map(int, Outturn.objects.values_list("value", flat=True)))


def test_a_kill_at_any_moment_leaves_all_or_nothing(analyst, upload, rounds):
    confirm_batch(batch=upload(("one",), 5), by=analyst)
    before, after = {5: 120}, {7: 240}
    chance = random.Random(58)
    interrupted = 0
    confirming = undoing = 0.5  # seconds, as long as none was measured
    for _ in range(rounds(5, 50)):
        batch = upload(("one", "two"), 7)

        def confirm(batch=batch):
            confirm_batch(batch=batch, by=analyst)

        def undo(batch=batch):
            undo_batch(batch=batch, by=analyst, reason="Wrong file.")

        killed(confirm, chance.uniform(0, 1.2 * confirming))
        batch = ImportBatch.objects.get(pk=batch.pk)
        interrupted += batch.is_waiting
        assert held() == (after if batch.is_applied else before)
        assert audit().differences == ()
        if not batch.is_applied:
            confirming = lasting(confirm)
        assert held() == after

        killed(undo, chance.uniform(0, 1.2 * undoing))
        batch = ImportBatch.objects.get(pk=batch.pk)
        interrupted += batch.is_applied
        assert held() == (before if batch.is_undone else after)
        assert audit().differences == ()
        if not batch.is_undone:
            undoing = lasting(undo)
        assert held() == before
    assert interrupted
