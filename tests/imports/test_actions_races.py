"""Confirmations that meet: one after the other, whatever the database."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier

import pytest
from django.db import connection

from kpis.models import Outturn
from lambeth_plans.imports.actions import Conflicts, confirm_batch, upload_figures
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


def test_two_analysts_with_the_same_figures_get_one_winner(borough, analyst, indicator, rounds):
    colleague = factories.UserFactory(role="analyst", councils=[borough])
    for number in range(rounds(3, 25)):
        ours = upload(borough, analyst, YEARS, value=number + 10)
        theirs = upload(borough, colleague, YEARS[::-1], value=number + 50)
        assert at_once((ours, analyst), (theirs, colleague)) == ["applied", "conflict"]
        values = set(Outturn.objects.values_list("value", flat=True))
        assert values in ({Decimal(number + 10)}, {Decimal(number + 50)})
        assert Outturn.objects.count() == len(YEARS)
