"""The cast: two councils and everyone who meets in the tests.

`borough` has a plan with two divisions; the director directs the first, the other director the second. The stranger
belongs to another council; nobody has no role.
"""

from datetime import date
from unittest import mock

import pytest
from django.db import connection

from kpis.models import Outturn
from lambeth_plans.accounts.models import User
from lambeth_plans.staging import prepare
from tests import factories
from tests.bare import store_the_first


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """The product's own user is there from the beginning, as it is in every database that is in use. So is the
    temporary table of figures on SQLite: made within a test, it would make each savepoint of that test slow."""
    with django_db_blocker.unblock():
        User.objects.system()
        if connection.vendor == "sqlite":
            prepare(Outturn)


@pytest.fixture(scope="session", autouse=True)
def _one_context_for_a_page():
    with mock.patch("django.test.client.store_rendered_templates", store_the_first):
        yield


@pytest.fixture
def today():
    return date.today()


@pytest.fixture
def borough(db):
    return factories.CouncilFactory(slug="borough", name="The Borough")


@pytest.fixture
def elsewhere(db):
    return factories.CouncilFactory(slug="elsewhere", name="Elsewhere")


def _person(role, council, **fields):
    username = fields.pop("username", role or "nobody")
    return factories.UserFactory(
        username=username, name=username.replace("_", " ").capitalize(), role=role, councils=[council], **fields
    )


@pytest.fixture
def administrator(borough):
    return _person("administrator", borough)


@pytest.fixture
def director(borough):
    return _person("director", borough)


@pytest.fixture
def other_director(borough):
    return _person("director", borough, username="other_director")


@pytest.fixture
def deputy(borough):
    return _person("director", borough, username="deputy")


@pytest.fixture
def analyst(borough):
    return _person("analyst", borough)


@pytest.fixture
def lead_member(borough):
    return _person("lead_member", borough)


@pytest.fixture
def scrutiny_member(borough):
    return _person("scrutiny_member", borough)


@pytest.fixture
def onlooker(borough):
    """A director who holds no post: sees every plan as it is now, and answers for nothing."""
    return _person("director", borough, username="onlooker")


@pytest.fixture
def nobody(borough):
    return _person("", borough)


@pytest.fixture
def stranger(elsewhere):
    """A director of another council."""
    return _person("director", elsewhere, username="stranger")


@pytest.fixture
def division(borough):
    return factories.DivisionFactory(council=borough, key="care", name="Care")


@pytest.fixture
def other_division(borough):
    return factories.DivisionFactory(council=borough, key="learning", name="Learning")


def _directs(division, user, key):
    from lambeth_plans import history

    officer = factories.OfficerFactory(
        council=division.council, division=division, user=user, key=key, name=f"Director of {division.name}"
    )
    division.director = officer
    history.save(division, by=user, reason="Appointed.")
    return officer


@pytest.fixture
def post(division, director):
    """The director's post."""
    return _directs(division, director, "director-of-care")


@pytest.fixture
def other_post(other_division, other_director):
    return _directs(other_division, other_director, "director-of-learning")


@pytest.fixture
def plan(borough):
    return factories.PlanFactory(council=borough, slug="borough-plan", title="The Borough's Plan", status="current")


@pytest.fixture
def objective(plan):
    return factories.ObjectiveFactory(plan=plan, key="ob1", ref="OB1", title="Keep children safe")


@pytest.fixture
def activity(plan, objective, post):
    """The director's own activity."""
    return factories.ActivityFactory(
        plan=plan, key="ka1", ref="KA1", title="Refresh the early help offer", objective=objective, owner=post
    )


@pytest.fixture
def other_activity(plan, objective, other_post):
    return factories.ActivityFactory(
        plan=plan, key="ka2", ref="KA2", title="Raise attendance", objective=objective, owner=other_post
    )
