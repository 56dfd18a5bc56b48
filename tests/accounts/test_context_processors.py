"""The menu of each role."""

import pytest

from lambeth_plans.accounts.context_processors import menu, navigation
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("role", "labels"),
    [
        ("administrator", ["Set up", "Plans"]),
        ("director", ["My updates", "Plans"]),
        ("analyst", ["Imports", "Plans"]),
        ("lead_member", ["Scrutiny", "Plans"]),
        ("scrutiny_member", ["Scrutiny", "Plans"]),
        ("", []),
    ],
)
def test_the_menu_of_each_role_begins_with_its_work(role, labels):
    assert [item.label for item in menu(factories.UserFactory(role=role))] == labels


def test_the_menu_marks_the_part_one_is_in(rf, administrator):
    request = rf.get("/set-up/users/")
    request.user = administrator
    assert [item.is_current for item in navigation(request)["navigation"]] == [True, False]


def test_the_menu_makes_no_query(rf, administrator, django_assert_num_queries):
    request = rf.get("/")
    request.user = administrator
    with django_assert_num_queries(0):
        context = navigation(request)
    assert (context["council"], context["plan"], context["breadcrumbs"]) == (None, None, [])


def test_a_request_without_a_user_has_no_menu(rf):
    assert navigation(rf.get("/"))["navigation"] == []
