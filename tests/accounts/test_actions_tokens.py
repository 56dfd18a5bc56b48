"""When tokens stop working."""

import pytest
from django.core.exceptions import ValidationError

from lambeth_plans.accounts.actions import change_password, issue_token, save_user
from lambeth_plans.accounts.models import ApiToken, User
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def secret(scrutiny_member, administrator):
    return issue_token(user=scrutiny_member, by=administrator, reason="For the dashboard.")


def test_a_token_opens_for_its_holder(secret, scrutiny_member):
    assert ApiToken.objects.holder_of(secret) == scrutiny_member
    assert ApiToken.objects.holder_of(secret + "x") is None
    assert ApiToken.objects.holder_of("") is None


def test_using_a_token_writes_nothing(secret, django_assert_num_queries):
    with django_assert_num_queries(1):
        ApiToken.objects.holder_of(secret)
    assert ApiToken.objects.get().version == 1


def test_a_changed_password_takes_the_tokens_back_and_the_trail_says_who_and_why(secret, scrutiny_member):
    change_password(user=scrutiny_member, raw_password="plums-and-custard", by=scrutiny_member)
    assert ApiToken.objects.holder_of(secret) is None
    entry = ApiToken.objects.get().history.first()
    assert (entry.actor, entry.history_change_reason) == ("Scrutiny member", "Password changed.")
    assert entry.revoked_at


def test_somebody_who_is_shut_out_gets_no_token_back_when_let_in_again(secret, scrutiny_member, administrator, borough):
    for may_log_in in (False, True):
        user = User.objects.get(pk=scrutiny_member.pk)
        user.is_active = may_log_in
        save_user(user=user, councils=[borough], by=administrator, reason="On leave.")
        assert ApiToken.objects.holder_of(secret) is None


def test_a_token_of_somebody_shut_out_by_other_means_opens_nothing():
    user = factories.UserFactory(is_active=False)
    factories.ApiTokenFactory(user=user, secret="lp_known")
    assert ApiToken.objects.holder_of("lp_known") is None
    with pytest.raises(ValidationError, match="may not log in"):
        issue_token(user=user, by=user, reason="For the dashboard.")


def test_a_change_that_is_no_shutting_out_leaves_tokens_alone(secret, scrutiny_member, administrator, borough):
    user = User.objects.get(pk=scrutiny_member.pk)
    user.name = "Another name"
    save_user(user=user, councils=[borough], by=administrator, reason="Married.")
    assert ApiToken.objects.holder_of(secret) == scrutiny_member
