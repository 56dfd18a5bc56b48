"""From a plan's workbook alone, the same plan stands in an empty database."""

from datetime import date

import pytest
from django.db import transaction

from lambeth_plans import history
from lambeth_plans.accounts.models import Council, Officer, User
from lambeth_plans.imports import example_borough
from lambeth_plans.imports.audit import audit
from lambeth_plans.imports.models import ImportBatch
from lambeth_plans.imports.published import PUBLISHED_PLANS, load_published_plan
from lambeth_plans.imports.workbook.actions import confirm_plan
from objectives.models import Plan
from tests import factories
from tests.environment import is_in_full
from tests.imports.workbooks import cells_of, upload, workbook_of

PLANS = [*PUBLISHED_PLANS, example_borough.SLUG]


def _workbook_from_elsewhere(slug: str) -> bytes:
    """A plan's workbook, written where the plan is the only one; afterwards it is gone again."""
    with transaction.atomic():
        if slug in PUBLISHED_PLANS:
            load_published_plan(slug, by=User.objects.system())
        else:
            example_borough.make(date(2026, 3, 31))
        content = workbook_of(slug)
        transaction.set_rollback(True)
    return content


@pytest.mark.campaign
@pytest.mark.parametrize("slug", PLANS if is_in_full() else PLANS[:1])
def test_an_empty_database_gets_the_plan_from_its_workbook_alone(db, slug):
    content = _workbook_from_elsewhere(slug)
    assert not Plan.objects.exists()
    assert not Council.objects.exists()
    boss = factories.UserFactory(username="boss", role="administrator", councils=[])
    batch = upload(content, boss)
    assert batch.errors == []
    assert batch.council is None
    batch = confirm_plan(batch=batch, by=boss)
    assert batch.is_applied
    assert batch.council == Plan.objects.get(slug=slug).council
    assert list(boss.councils.all()) == [batch.council]
    assert cells_of(workbook_of(slug)) == cells_of(content)
    assert audit().differences == ()
    assert not Officer.objects.exclude(user=None).exists()
    for model in history.recorded_models():
        if model not in (User, ImportBatch):
            entries = model.history.all()
            assert entries.count() == model._default_manager.count(), model
            assert {entry.batch for entry in entries} <= {batch.number}
            assert {entry.actor for entry in entries} <= {boss.name}
            assert all(batch.number in entry.history_change_reason for entry in entries)
