"""What somebody said of a contract's use after its end was said of that end."""

import pytest

from lambeth_plans.fields import PartialDate
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def meals(plan):
    return factories.ContractFactory(plan=plan, title="Meals", end_date="2026-03-31", is_still_in_use=True)


@pytest.mark.parametrize(
    ("changed", "left"),
    [
        ({"end_date": PartialDate("2027-03-31")}, None),
        ({"end_date": None}, None),
        ({"end_date": PartialDate("2027-03-31"), "is_still_in_use": False}, False),
        ({"note": "By the month."}, True),
    ],
)
def test_whether_it_is_still_in_use_is_forgotten_when_its_end_moves(meals, changed, left):
    meals.refresh_from_db()
    for name, value in changed.items():
        setattr(meals, name, value)
    meals.clean()
    assert meals.is_still_in_use is left


def test_a_new_contract_keeps_what_is_said_of_it(plan):
    contract = factories.ContractFactory.build(plan=plan, end_date=PartialDate("2026-03-31"), is_still_in_use=True)
    contract.clean()
    assert contract.is_still_in_use is True
