"""The tests make their tables from the models, which is quick; here the migrations prove that they make the same."""

import os
import subprocess
import sys
from contextlib import closing
from datetime import date
from decimal import Decimal
from importlib import import_module
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.conf import settings
from django.db import connection, connections
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from hypothesis import given
from hypothesis import strategies as st

from finance import adding_up
from finance.models import SavingYear


@pytest.fixture
def empty_database(tmp_path, db):
    """The address of a database with nothing in it, of the kind the tests run on."""
    if connection.vendor == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.sqlite3'}"
        return
    name = f"{connection.settings_dict['NAME']}_migrated"
    with connections["default"]._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
        cursor.execute(f'CREATE DATABASE "{name}"')
    yield urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}"))
    with connections["default"]._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE "{name}"')


def is_ours(table: str) -> bool:
    """Django's own tables keep the kind of key they were made with."""
    return not table.startswith(("auth_", "axes_", "django_"))


def shape(of) -> dict[str, set[tuple]]:
    """Each table with its columns (name, type, whether it may be empty) and its constraints and indexes by columns."""
    found = {}
    with of.cursor() as cursor:
        for table in filter(is_ours, of.introspection.table_names(cursor)):
            columns = of.introspection.get_table_description(cursor, table)
            constraints = of.introspection.get_constraints(cursor, table).values()
            found[table] = {(column.name, str(column.type_code), column.null_ok) for column in columns} | {
                (tuple(each["columns"] or ()), each["unique"], each["check"], each["index"]) for each in constraints
            }
    return found


def test_migrations_from_nothing_make_what_the_models_say(empty_database):
    environment = {**os.environ, "DATABASE_URL": empty_database}
    command = [sys.executable, "manage.py", "migrate", "--no-input", "--verbosity", "0"]
    subprocess.run(command, cwd=settings.BASE_DIR, env=environment, check=True, timeout=500)
    migrated = connections.create_connection("default")
    migrated.settings_dict = {
        **migrated.settings_dict,
        "NAME": empty_database.removeprefix("sqlite:///")
        if connection.vendor == "sqlite"
        else urlsplit(empty_database).path.removeprefix("/"),
    }
    with closing(migrated):
        told = shape(migrated)
    models = shape(connection)
    assert told
    assert told.keys() == models.keys()
    assert {table: columns ^ models[table] for table, columns in told.items() if columns != models[table]} == {}


def test_one_step_for_an_empty_database_leads_where_the_many_steps_of_one_in_use_lead(settings):
    settings.MIGRATION_MODULES = {}  # the rest of the tests run without migrations
    in_one_step = MigrationLoader(None)
    step_by_step = MigrationLoader(None, replace_migrations=False)
    assert ("activities", "0001_version_0_2_0") in in_one_step.graph.nodes
    assert ("activities", "0004_the_other_plans") not in in_one_step.graph.nodes
    assert ("activities", "0004_the_other_plans") in step_by_step.graph.nodes
    # What was added after the one step comes after the many, whichever app asks for it first.
    replaced = {node for each in step_by_step.disk_migrations.values() for node in each.replaces}
    steps = sorted(step_by_step.graph.leaf_nodes(), key=lambda node: node not in replaced)
    between = MigrationAutodetector(step_by_step.project_state(steps), in_one_step.project_state())
    assert between.changes(in_one_step.graph) == {}


@given(
    st.lists(st.sampled_from([None, "0", "0.10", "0.20", "0.30", "-0.10"]), min_size=5, max_size=5),
)
def test_years_of_savings_from_before_the_rule_are_marked_exactly_where_they_break_it(texts):
    marks = import_module("finance.migrations.0006_years_from_before_the_rule")
    amounts = [None if text is None else Decimal(text) for text in texts]
    year = SavingYear(**dict(zip(marks.AMOUNTS, amounts, strict=True)))
    assert marks.adds_up(*amounts) == (adding_up.adds_up(year) and not adding_up.what_is_negative(year))


@given(
    st.sampled_from(["", "2019/20", "2020/21", "2021/22", "after 31 Mar 2019", "after 1 Jan 2021", "soon", "2021-22"]),
    st.sampled_from([date(2020, 4, 1), date(2020, 1, 30)]),
)
def test_years_that_slip_nowhere_are_marked_wherever_the_rule_refuses_them(text, start):
    marks = import_module("finance.migrations.0011_slips_from_before_the_rule")
    is_label = text and later_or_none(text, start) == text
    assert marks.is_later(text, start) == bool(is_label) or text == ""


def later_or_none(text, start):
    try:
        return adding_up.later_year(text, start)
    except ValueError:
        return None
