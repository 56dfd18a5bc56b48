"""Choices of columns that meet: one after the other, whatever the database."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from lambeth_plans.imports.doors import FIGURES
from lambeth_plans.imports.mappings import choose_columns, take_file
from lambeth_plans.imports.models import ColumnMapping
from tests import factories


@pytest.mark.django_db(transaction=True)
def test_two_who_choose_for_the_same_shape_at_once_leave_one_choice_with_the_trail_of_both(borough, analyst):
    factories.IndicatorFactory(council=borough, key="assessments")
    colleague = factories.UserFactory(role="analyst", councils=[borough])
    content = b"Nr,When,First,Second\nassessments,2019/20,1,2\n"
    start = Barrier(2)

    def choose(by, columns):
        try:
            batch = take_file(door=FIGURES, council=borough, file_name="a.csv", content=content, reason="", by=by)
            start.wait(10)
            return choose_columns(batch=batch, sheet="", header=1, chosen=columns, by=by).state
        finally:
            connection.close()

    choices = [(analyst, ("code", "period", "value", "")), (colleague, ("code", "period", "", "value"))]
    with ThreadPoolExecutor(2) as threads:
        states = [future.result() for future in [threads.submit(choose, *each) for each in choices]]
    assert states == ["previewed", "previewed"]
    mapping = ColumnMapping.objects.get()
    entries = mapping.history.order_by("history_id")
    assert [(entry.history_type, entry.version) for entry in entries] == [("+", 1), ("~", 2)]
    assert {entry.history_user_id for entry in entries} == {analyst.pk, colleague.pk}
    assert entries[1].columns == mapping.columns
