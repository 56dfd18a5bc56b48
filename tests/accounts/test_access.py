"""Roles, and what follows from them."""

import pytest
from django.contrib.auth.models import Group

from lambeth_plans import history
from lambeth_plans.accounts.access import PERMISSION_WORDS, ROLES, Permission, may, sync_roles
from lambeth_plans.accounts.models import Council, Officer
from tests import factories

pytestmark = pytest.mark.django_db


def groups():
    return {
        group.name: {f"{p.content_type.app_label}.{p.codename}" for p in group.permissions.all()}
        for group in Group.objects.all()
    }


def declared():
    return {role.name: {permission.value for permission in role.permissions} for role in ROLES.values()}


def test_the_groups_after_migrate_are_exactly_the_roles():
    assert groups() == declared()


def test_syncing_mends_a_group_that_was_tampered_with():
    group = Group.objects.get(name="scrutiny_member")
    group.permissions.set(Group.objects.get(name="administrator").permissions.all())
    Group.objects.create(name="superhero")
    Group.objects.filter(name="analyst").delete()
    sync_roles()
    assert groups() == declared()


def test_every_permission_is_said_in_words_and_held_by_some_role():
    assert set(PERMISSION_WORDS) == set(Permission)
    assert set().union(*(role.permissions for role in ROLES.values())) == set(Permission)


@pytest.mark.parametrize("role", [*ROLES, ""])
def test_has_perm_agrees_with_may_for_every_permission(role):
    user = factories.UserFactory(role=role)
    for permission in Permission:
        assert user.has_perm(permission.value) is may(user, permission), permission
    expected = {permission.value for permission in ROLES[role].permissions} if role else set()
    assert user.get_all_permissions() == expected


@pytest.mark.parametrize("role", ROLES)
def test_a_deactivated_person_may_nothing(role):
    user = factories.UserFactory(role=role, is_active=False)
    for permission in Permission:
        assert not may(user, permission)
        assert not user.has_perm(permission.value)


def test_a_person_sees_the_councils_they_belong_to(administrator, borough, elsewhere):
    assert list(Council.objects.visible_to(administrator)) == [borough]


def test_a_person_without_a_role_sees_no_council(nobody):
    assert not Council.objects.visible_to(nobody).exists()


def test_a_director_answers_for_their_post_and_their_division(director, post, other_post):
    colleague = factories.OfficerFactory(division=post.division)
    assert set(Officer.objects.answerable_to(director)) == {post, colleague}


def test_a_deputy_answers_for_the_post_and_the_division_of_their_principal(deputy, post, other_post):
    own = factories.OfficerFactory(council=post.council, user=deputy)
    colleague = factories.OfficerFactory(division=post.division)
    assert set(Officer.objects.answerable_to(deputy)) == {own}
    history.save(post, by=deputy, reason="Leave.", links={"deputies": [own]})
    assert set(Officer.objects.answerable_to(deputy)) == {own, post, colleague}


def test_a_person_who_has_left_a_post_answers_for_nothing_of_it(director, post, today):
    post.left_date = today
    history.save(post, by=director, reason="Left.")
    assert not Officer.objects.answerable_to(director).exists()


def test_a_deputy_who_has_left_answers_for_nobody(deputy, post, today):
    own = factories.OfficerFactory(council=post.council, user=deputy)
    history.save(post, by=deputy, reason="Leave.", links={"deputies": [own]})
    own.left_date = today
    history.save(own, by=deputy, reason="Left.")
    assert not Officer.objects.answerable_to(deputy).exists()
