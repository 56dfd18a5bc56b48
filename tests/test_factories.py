import pytest
from django.db.models import JSONField

from lambeth_plans import history
from tests import factories

FACTORIES = [getattr(factories, name) for name in factories.__all__ if name.endswith("Factory")]


@pytest.mark.parametrize("factory", FACTORIES, ids=[factory.__name__ for factory in FACTORIES])
def test_a_factory_makes_valid_records_with_one_history_row_each(factory, db):
    for made in (factory(), factory()):
        record = type(made)._default_manager.get(pk=made.pk)
        # A list that may be empty is "blank" to Django.
        lists = [field.name for field in record._meta.fields if isinstance(field, JSONField)]
        record.full_clean(exclude=lists)
        assert record.history.count() == 1


def test_every_model_with_a_trail_has_a_factory():
    assert {factory._meta.model for factory in FACTORIES} == set(history.recorded_models())
