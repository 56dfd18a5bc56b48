from datetime import date

import pytest
from django.core import serializers
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone

from activities.models import Activity
from lambeth_plans import history
from lambeth_plans.accounts.models import Council, User
from lambeth_plans.imports import example_borough
from tests.stage import held

DAY = date(2026, 3, 31)


def told():
    """What the records and their history say, without primary keys and the time of writing."""
    models = [model for model in history.recorded_models() if model != User]
    live = [
        serializers.serialize("json", rows, use_natural_foreign_keys=True, use_natural_primary_keys=True)
        for rows in (model._default_manager.order_by("pk").select_related() for model in models)
    ]
    trail = []
    for model in models:
        fields = [field.attname for field in model.history.model.tracked_fields if not field.is_relation]
        fields.remove("id")
        trail.append([model.__name__, *model.history.order_by("history_id").values_list("history_date", *fields)])
    return live, trail


@pytest.mark.parametrize("text", ["31/03/2026", "2026-02-30", "0001-01-01"])
def test_a_day_that_cannot_be_is_refused(db, text):
    with pytest.raises(CommandError):
        call_command("make_example_borough", "--today", text)
    assert not Council.objects.exists()


def test_without_a_day_it_stands_on_today(monkeypatch, capsys):
    asked = []
    monkeypatch.setattr(example_borough, "make", lambda today: asked.append(today) or True)
    call_command("make_example_borough")
    assert asked == [timezone.localdate()]
    assert "Example Borough is there." in capsys.readouterr().out


@pytest.fixture(scope="module")
def runs(django_db_setup, django_db_blocker):
    """What two runs told, each in an empty database. What the second one made stays for the tests of this module."""
    found = []
    with held(django_db_blocker):
        with transaction.atomic():
            assert example_borough.make(DAY)
            found.append(told())
            transaction.set_rollback(True)
        assert example_borough.make(DAY)
        found.append(told())
        yield found


@pytest.mark.once
def test_the_same_day_gives_the_same_borough_twice(runs, db):
    assert runs[0] == runs[1]


def test_a_second_run_keeps_what_people_entered(runs, db, capsys):
    activity = Activity.objects.get(key="eba01")
    activity.title = "What somebody typed"
    history.save(activity, by=User.objects.system())
    before = told()
    call_command("make_example_borough")
    assert "nothing was changed" in capsys.readouterr().out
    assert told() == before
