"""An upgrade of the product changes no digest of what was published before it."""

from importlib import import_module
from pathlib import Path

import pytest
from django.conf import settings
from django.db.migrations import AddField
from django.db.models import NOT_PROVIDED

from lambeth_plans.cycles import digest
from lambeth_plans.dashboards.actions import has_moved, publish
from tests import factories

#: It came before there were publications.
FROM_THE_START = {("kpis.Indicator", "is_screened")}


def added_with_a_default():
    """The columns that migrations added to the history of what is published, with a default that says something."""
    published = {model._meta.label_lower: model._meta.label for model in digest.published_models()}
    for path in sorted(Path(settings.BASE_DIR).glob("**/migrations/[0-9]*.py")):
        folders = path.relative_to(settings.BASE_DIR).with_suffix("").parts
        if folders[0] not in digest_code():
            continue
        for operation in import_module(".".join(folders)).Migration.operations:
            if not isinstance(operation, AddField) or operation.field.default is NOT_PROVIDED:
                continue
            default = operation.field.default() if callable(operation.field.default) else operation.field.default
            model = f"{folders[-3]}.{operation.model_name.removeprefix('historical').lower()}"
            if model in published and default not in digest.EMPTY:
                yield published[model], operation.name, default


def digest_code():
    return {model.__module__.partition(".")[0] for model in digest.published_models()}


def test_what_a_migration_adds_with_a_default_is_left_out_of_old_digests():
    found = {(model, name): default for model, name, default in added_with_a_default()}
    known = {(model, name): default for model, names in digest.ADDED.items() for name, default in names.items()}
    assert {key: default for key, default in found.items() if key not in FROM_THE_START} == known
    assert set(found) >= FROM_THE_START


@pytest.mark.django_db
def test_a_matrix_from_before_has_the_digest_it_had(plan, analyst):
    matrix = factories.RiskMatrixFactory(council=plan.council)
    sealed = publish(plan=plan, after=0, by=analyst)
    (line,) = digest._lines(type(matrix), plan, sealed.moment)
    assert "escalate_after" not in line
    assert '"version": 1' in line  # a default that was always part of it
    matrix.history.update(escalate_after=4)
    assert has_moved(sealed)


@pytest.mark.django_db
def test_a_year_that_an_upgrade_marks_has_not_moved(plan, analyst):
    year = factories.SavingYearFactory(saving=factories.SavingFactory(plan=plan))
    sealed = publish(plan=plan, after=0, by=analyst)
    year.history.update(is_from_before=True)
    assert not has_moved(sealed)
    year.history.update(planned=1)
    assert has_moved(sealed)


def test_the_order_of_the_code_is_not_that_of_a_digest(monkeypatch):
    labels = [model._meta.label for model in digest.published_models()]
    assert labels[: len(digest.ORDER)] == list(digest.ORDER)
    assert labels[len(digest.ORDER) :] == sorted(labels[len(digest.ORDER) :])
    turned = list(reversed(digest.history.recorded_models()))
    monkeypatch.setattr(digest.history, "recorded_models", lambda: turned)
    assert [model._meta.label for model in digest.published_models()] == labels
