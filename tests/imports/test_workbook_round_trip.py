"""Out and in again: nothing changes."""

from datetime import date

import pytest
from django.db import transaction

from lambeth_plans.accounts.models import Council, User
from lambeth_plans.imports import example_borough
from lambeth_plans.imports.models import ImportBatch
from lambeth_plans.imports.published import PUBLISHED_PLANS, load_published_plan
from tests import factories
from tests.environment import is_in_full
from tests.imports.workbooks import cells_of, upload, workbook_of

#: On the second database one published plan, and the one that has something of every kind.
PUBLISHED = list(PUBLISHED_PLANS) if is_in_full() else ["lewisham-roadmap-2018"]
PLANS = [*PUBLISHED, example_borough.SLUG]


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker):
    """The plans side by side, an administrator of all councils, and each plan's workbook."""
    with django_db_blocker.unblock(), transaction.atomic():
        for slug in PUBLISHED:
            load_published_plan(slug, by=User.objects.system())
        example_borough.make(date(2026, 3, 31))
        boss = factories.UserFactory(username="boss", role="administrator", councils=list(Council.objects.all()))
        yield boss, {slug: workbook_of(slug) for slug in PLANS}
        transaction.set_rollback(True)


@pytest.mark.parametrize("slug", PLANS)
def test_a_workbook_that_comes_back_changes_nothing_and_is_written_alike(loaded, db, slug):
    boss, workbooks = loaded
    batch = upload(workbooks[slug], boss)
    assert batch.errors == []
    assert (batch.state, batch.new_count, batch.changed_count) == (ImportBatch.State.UNCHANGED, 0, 0)
    cells = cells_of(workbooks[slug])
    assert batch.unchanged_count == sum(len(rows) - 1 for name, rows in cells.items() if name != "Lists")
    assert workbook_of(slug) == workbooks[slug]
    kinds = {kind for rows in cells.values() for row in rows for _, kind in row}
    assert kinds <= {"s", "n", "inlineStr"}  # neither a formula nor an error
