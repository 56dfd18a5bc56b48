"""The moment of a publication: writers are kept out, and a database that tidies up is no writer."""

import threading
import time
from contextlib import contextmanager

import pytest
from django.db import connection, transaction

from activities.models import Activity
from lambeth_plans import sealing
from lambeth_plans.history import entry_model
from lambeth_plans.sealing import NeverQuiet, seal

pytestmark = pytest.mark.django_db

TIDIES, SAVES = "SHARE UPDATE EXCLUSIVE", "ROW EXCLUSIVE"  # what VACUUM and ANALYZE lock with, and what a writer does


@contextmanager
def somebody_else(mode):
    """Another connection that has locked the trail of the activities until the end; nothing on SQLite, where the one
    who publishes is the only writer."""
    if connection.vendor == "sqlite":
        yield threading.Event()
        return
    other = connection.copy()
    other.inc_thread_sharing()
    other.set_autocommit(False)
    with other.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {entry_model(Activity)._meta.db_table} IN {mode} MODE")
    ended = threading.Event()

    def hold():
        ended.wait(timeout=30)
        other.rollback()
        other.close()

    holder = threading.Thread(target=hold, daemon=True)
    holder.start()
    try:
        yield ended
    finally:
        ended.set()
        holder.join(timeout=30)


@pytest.fixture
def little_patience(monkeypatch):
    monkeypatch.setattr(sealing, "PATIENCE", 0.2)


def test_each_history_is_sealed_with_its_last_row(activity):
    moment = seal([Activity])
    assert dict(moment.marks) == {"activities.Activity": Activity.history.latest("history_id").history_id}


def test_a_database_that_tidies_up_its_tables_is_waited_for_and_ends(activity, little_patience):
    with somebody_else(TIDIES) as ended:
        threading.Timer(1, ended.set).start()
        assert seal([Activity]).marks


def test_whoever_saves_meanwhile_does_not_wait_for_one_who_waits_for_the_tidying(activity, monkeypatch):
    seconds = []

    def save():
        with somebody_else(SAVES):
            seconds.append(time.monotonic() - start)

    with somebody_else(TIDIES) as ended:
        start = time.monotonic()
        threading.Timer(0.2, save).start()
        threading.Timer(1.5, ended.set).start()
        seal([Activity])
    assert seconds or connection.vendor == "sqlite"
    assert all(each < 1.4 for each in seconds)


def test_whoever_saves_all_the_time_is_told_of_and_the_transaction_goes_on(activity, little_patience):
    with somebody_else(SAVES):
        if connection.vendor == "sqlite":
            assert seal([Activity]).marks
        else:
            with pytest.raises(NeverQuiet, match="Somebody is saving all the time"):
                seal([Activity])
    assert Activity.objects.count() == 1


@pytest.mark.parametrize("limit", ["lock_timeout", "statement_timeout"])
def test_tidying_that_never_ends_is_told_of_too(activity, limit):
    with connection.cursor() as cursor, transaction.atomic(), somebody_else(TIDIES):
        if connection.vendor == "sqlite":
            assert seal([Activity]).marks
            return
        cursor.execute(f"SET LOCAL {limit} = '300ms'")
        with pytest.raises(NeverQuiet):
            seal([Activity])
    assert Activity.objects.count() == 1
