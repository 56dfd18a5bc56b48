"""Confirmations that meet: one after the other, whatever the database."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from kpis.models import Outturn
from lambeth_plans.imports.actions import Conflicts, confirm_batch, upload_figures
from lambeth_plans.imports.audit import audit
from lambeth_plans.imports.models import ImportBatch
from tests import factories

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.campaign]

YEARS = [f"{start}/{(start + 1) % 100:02d}" for start in range(1995, 2015)]


def upload(council, user, rows, value):
    content = "\n".join(["Indicator,Period,Value", *(f"assessments,{year},{value}" for year in rows)]).encode()
    return upload_figures(council=council, file_name="figures.csv", content=content, sheet="", reason="", by=user)


def at_once(*confirmations):
    """Confirms (batch, user) pairs from threads that start together; each answers with its state or its refusal."""
    start = Barrier(len(confirmations))

    def confirm(batch, user):
        try:
            start.wait(10)
            return confirm_batch(batch=batch, by=user).state
        except Conflicts:
            return "conflict"
        finally:
            connection.close()

    with ThreadPoolExecutor(len(confirmations)) as threads:
        return sorted(future.result() for future in [threads.submit(confirm, *pair) for pair in confirmations])


@pytest.fixture
def indicator(borough):
    return factories.IndicatorFactory(council=borough, key="assessments")


def test_a_double_click_applies_once(borough, analyst, indicator, rounds):
    for number in range(rounds(3, 25)):
        batch = upload(borough, analyst, YEARS, value=number + 10)
        assert at_once((batch, analyst), (batch, analyst)) == ["applied", "applied"]
        assert Outturn.history.filter(batch=batch.number).count() == len(YEARS)
        assert ImportBatch.history.filter(id=batch.pk).count() == 2


def test_two_analysts_with_the_same_figures_in_opposite_order_get_one_winner(borough, analyst, indicator, rounds):
    """Nobody sees a deadlock, which would be another exception, and what is held then is one of the files, whole."""
    colleague = factories.UserFactory(role="analyst", councils=[borough])
    for number in range(rounds(8, 50)):
        years = YEARS[: 6 + number % 14]  # the files grow: each adds a figure and changes the others
        ours = upload(borough, analyst, years, value=number + 10)
        theirs = upload(borough, colleague, years[::-1], value=number + 500)
        assert at_once((ours, analyst), (theirs, colleague)) == ["applied", "conflict"]
        (winner,) = ImportBatch.objects.filter(pk__in=(ours.pk, theirs.pk), state=ImportBatch.State.APPLIED)
        figures = {outturn.period.label: outturn.value for outturn in Outturn.objects.all()}
        value = number + (10 if winner.pk == ours.pk else 500)
        assert {year: figures[year] for year in years} == dict.fromkeys(years, value)
        assert Outturn.objects.count() == len(figures)
        assert Outturn.history.filter(batch=winner.number).count() == len(years)
    assert audit((Outturn, ImportBatch)).differences == ()
