"""`manage.py api_token`."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from lambeth_plans.accounts.models import ApiToken

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("api_token", *arguments, stdout=out)
    return out.getvalue().strip()


def plans(secret: str) -> int:
    return Client().get("/api/v1/plans", headers={"Authorization": f"Bearer {secret}"}).status_code


def test_it_prints_a_token_that_works(scrutiny_member):
    secret = run("scrutiny_member")
    assert plans(secret) == 200
    assert len(secret) >= 43  # 256 bits
    assert secret != run("scrutiny_member")
    assert plans(secret) == 200


def test_only_a_hash_is_kept_and_the_trail_has_not_even_that(scrutiny_member):
    secret = run("scrutiny_member")
    token = ApiToken.objects.get()
    assert secret not in "".join(map(str, vars(token).values()))
    (entry,) = token.history.all()
    assert (entry.user_id, entry.history_change_reason) == (scrutiny_member.pk, "manage.py api_token on the server.")
    assert not hasattr(entry, "digest")
    assert entry.actor


def test_it_takes_all_tokens_of_a_person_back(scrutiny_member, director):
    secrets = [run("scrutiny_member"), run("scrutiny_member")]
    other = run("director")
    assert run("scrutiny_member", "--revoke") == "2 tokens of scrutiny_member taken back."
    assert [plans(secret) for secret in (*secrets, other)] == [401, 401, 200]
    assert run("scrutiny_member", "--revoke") == "0 tokens of scrutiny_member taken back."


def test_nobody_and_somebody_who_may_not_log_in_get_none(scrutiny_member):
    with pytest.raises(CommandError, match="Nobody has the user name “nobody-here”"):
        run("nobody-here")
    with pytest.raises(CommandError, match="may not log in"):
        run("lambeth-plans")
