"""What may be in a row of an indicator."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from kpis.models import IndicatorCode, Outturn
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "fields",
    [
        {"rule_kind": "points", "value": None},
        {"rule_kind": "points", "amber": None},
        {"rule_kind": "points", "amber": Decimal(-1)},
        {"rule_kind": "percent", "value": Decimal(0)},
        {"rule_kind": "bounds", "value": None},
        {"rule_kind": "band", "lower": Decimal(1), "upper": None},
        {"rule_kind": "band", "lower": None, "upper": Decimal(1)},
        {"rule_kind": "band", "lower": Decimal(2), "upper": Decimal(1)},
    ],
)
def test_a_rule_that_cannot_judge_is_not_kept(fields):
    with pytest.raises(IntegrityError):
        factories.TargetFactory(**fields)


@pytest.mark.parametrize(
    "fields",
    [
        {"rule_kind": "", "amber": None},
        {"rule_kind": "none", "value": None, "amber": None},
        {"rule_kind": "points", "amber": Decimal(0)},
        {"rule_kind": "bounds", "value": Decimal(-5), "amber": Decimal(-7)},
        {"rule_kind": "band", "value": None, "lower": Decimal(1), "upper": Decimal(1)},
    ],
)
def test_a_rule_that_can_judge_or_says_that_it_does_not_is_kept(fields):
    assert factories.TargetFactory(**fields).pk


def test_a_code_without_letters_and_digits_is_refused(borough):
    indicator = factories.IndicatorFactory(council=borough)
    with pytest.raises(ValidationError, match="a letter or a digit"):
        IndicatorCode(council=borough, indicator=indicator, code="–").full_clean()


@pytest.mark.parametrize(
    ("kind", "start", "end", "words"),
    [
        ("month", date(9999, 12, 1), date(9999, 12, 31), "from 1990 to 2100"),
        ("year", date(1066, 4, 1), date(1067, 3, 31), "from 1990 to 2100"),
        ("month", date(2020, 1, 15), date(2020, 1, 31), "Jan 2020 is 1 January 2020 to 31 January 2020"),
        ("year", date(2019, 4, 1), date(2019, 12, 31), "2019/20 is 1 April 2019 to 31 March 2020"),
        ("snapshot", date(2020, 1, 1), date(2020, 1, 2), "1 Jan 2020 is 1 January 2020 to 1 January 2020"),
    ],
)
def test_days_that_are_no_period_are_refused(borough, kind, start, end, words):
    indicator = factories.IndicatorFactory(council=borough)
    outturn = Outturn(
        indicator=indicator, value=Decimal(1), period_kind=kind, period_start=start, period_end=end, version=1
    )
    with pytest.raises(ValidationError, match=words):
        outturn.full_clean()
    outturn.period = "2019/20"
    outturn.full_clean()
