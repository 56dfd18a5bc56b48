"""What the database's constraints say of many records at once is what they say of each."""

from datetime import date
from decimal import Decimal
from itertools import product

import pytest

from finance.models import SavingYear
from lambeth_plans import periods
from lambeth_plans.imports.workbook.checks import _checks, _hold
from risks.models import RiskScore

AMOUNTS = (None, Decimal(3), Decimal(-1))
DAYS = (None, date(2021, 3, 31))


def saving_years():
    for planned, delivered, slipped, year in product(AMOUNTS, AMOUNTS, (None, Decimal(0)), ("", "2020/21")):
        yield SavingYear(
            period=periods.parse("2019/20"), planned=planned, delivered=delivered, slipped=slipped, slipped_to=year
        )


def scores():
    for likelihood, impact, score, due in product((None, 2), (None, 4), (8, 6), DAYS):
        yield RiskScore(kind="current", likelihood=likelihood, impact=impact, score=score, matrix_id=1, due_date=due)


@pytest.mark.django_db
@pytest.mark.parametrize("made", [saving_years, scores])
def test_many_records_are_told_the_same_as_each_by_itself(made, django_assert_num_queries):
    records = list(made())
    checks = _checks(type(records[0]))
    singly = [
        all(each.condition.check(record._get_field_expression_map(meta=record._meta)) for each in checks)
        for record in records
    ]
    with django_assert_num_queries(3):  # with a savepoint around it
        assert _hold(checks, records) == singly
    assert {True, False} == set(singly)
