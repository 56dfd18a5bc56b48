"""Logging in and out, passwords, lock-out."""

import re
from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.core import mail
from django.test import Client
from django.urls import reverse

from lambeth_plans import history
from lambeth_plans.accounts.models import User
from tests import factories
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db

NEW = "quite-another-password-7"
REFUSED = "The user name or the password is not right."


def log_in(client, username="director", password=PASSWORD, **extra):
    return client.post("/accounts/login/", {"username": username, "password": password}, **extra)


def is_logged_in(client):
    return client.get("/roles/").status_code == 200


def test_a_person_logs_in_and_starts_at_home(client, director):
    response = log_in(client)
    assert (response.status_code, response.url) == (302, "/")
    assert is_logged_in(client)


def test_the_session_gets_a_new_id_at_log_in(client, director):
    client.session.save()
    session = client.session
    session["before"] = True
    session.save()
    before = session.session_key
    client.cookies["sessionid"] = before
    log_in(client)
    assert client.cookies["sessionid"].value != before


@pytest.mark.parametrize(
    ("onwards", "expected"),
    [
        ("/roles/", "/roles/"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("https:evil.example", "/"),
        ("javascript:alert(1)", "/"),
    ],
)
def test_the_next_page_is_followed_within_this_site_only(client, director, onwards, expected):
    response = client.post(
        "/accounts/login/", {"username": "director", "password": PASSWORD, "next": onwards}, follow=False
    )
    assert response.url == expected


def test_a_page_that_needs_a_log_in_leads_to_it_and_back(client, director):
    response = client.get("/roles/?a=1")
    assert response.url == "/accounts/login/?next=/roles/%3Fa%3D1"


def test_whoever_is_logged_in_is_led_on_from_the_log_in_page(client, director):
    client.force_login(director)
    assert client.get("/accounts/login/").url == "/"


def without_token(response):
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", response.content.decode())


def test_a_wrong_password_and_an_unknown_user_and_a_closed_account_are_answered_alike(client, director):
    factories.UserFactory(username="leaver00", is_active=False)
    answers = []
    for username in ("director", "stranger", "leaver00"):
        response = log_in(client, username, "wrong")
        assert response.status_code == 200
        assert REFUSED in response.content.decode()
        answers.append(without_token(response).replace(username, "someone"))
    assert answers[0] == answers[1] == answers[2]


def test_the_right_password_of_a_closed_account_is_refused_in_the_same_words(client):
    factories.UserFactory(username="leaver", is_active=False)
    assert REFUSED in log_in(client, "leaver").content.decode()
    assert not is_logged_in(client)


def fail_ten_times(client, username, **extra):
    return [log_in(client, username, "wrong", **extra).status_code for _ in range(10)]


def test_ten_wrong_passwords_lock_out_even_the_right_one(client, director):
    assert fail_ten_times(client, "director") == [200] * 9 + [429]
    response = log_in(client)
    assert response.status_code == 429
    assert "Wait 15 minutes" in response.content.decode()
    assert not is_logged_in(client)


def test_an_unknown_user_name_is_locked_out_alike(client, director):
    assert fail_ten_times(client, "nobody-at-all") == fail_ten_times(client, "director", REMOTE_ADDR="10.0.0.9")
    known, unknown = (log_in(client, "director", REMOTE_ADDR="10.0.0.9"), log_in(client, "nobody-at-all"))
    assert known.status_code == unknown.status_code == 429
    assert known.content == unknown.content


def test_a_stranger_elsewhere_cannot_lock_a_director_out(client, director):
    fail_ten_times(client, "director", REMOTE_ADDR="203.0.113.7")
    assert log_in(client, REMOTE_ADDR="10.0.0.1").status_code == 302


def test_a_forged_forwarded_header_does_not_escape_the_lock_out(client, director):
    for number in range(10):
        log_in(client, "director", "wrong", HTTP_X_FORWARDED_FOR=f"198.51.100.{number}")
    assert log_in(client, HTTP_X_FORWARDED_FOR="198.51.100.99").status_code == 429


def test_the_lock_out_ends_after_fifteen_minutes(client, director):
    fail_ten_times(client, "director")
    assert log_in(client).status_code == 429
    attempt = AccessAttempt.objects.get(username="director")
    attempt.attempt_time -= timedelta(minutes=16)
    attempt.save()
    assert log_in(client).status_code == 302


def test_nine_wrong_passwords_are_forgiven_after_a_right_one(client, director):
    for _ in range(9):
        log_in(client, "director", "wrong")
    assert log_in(client).status_code == 302
    assert [log_in(Client(), "director", "wrong").status_code for _ in range(9)] == [200] * 9


def test_logging_out_ends_the_session(client, director):
    client.force_login(director)
    assert client.post("/accounts/logout/").url == "/accounts/login/"
    assert not is_logged_in(client)


def test_logging_out_needs_a_post(client, director):
    client.force_login(director)
    assert client.get("/accounts/logout/").status_code == 405
    assert is_logged_in(client)


def test_logging_in_is_no_change_of_the_account(client, director):
    log_in(client)
    director.refresh_from_db()
    assert director.last_login is not None
    assert (director.version, director.history.count()) == (1, 1)


# Changing and choosing a password


def change_password(client, **changes):
    fields = {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW, **changes}
    return client.post("/accounts/password-change/", fields, follow=True)


def test_a_changed_password_ends_every_other_session(client, director):
    elsewhere = Client()
    log_in(elsewhere)
    log_in(client)
    change_password(client)
    assert is_logged_in(client)
    assert not is_logged_in(elsewhere)
    assert log_in(elsewhere).status_code == 200
    assert log_in(elsewhere, password=NEW).status_code == 302


def test_a_changed_password_leaves_one_history_row_and_no_hash(client, director):
    log_in(client)
    change_password(client)
    director.refresh_from_db()
    rows = list(director.history.order_by("history_id"))
    assert [row.history_change_reason for row in rows] == ["", "Password changed."]
    assert rows[-1].history_user_id == director.pk
    assert rows[-1].version == director.version == 2
    assert not hasattr(rows[-1], "password")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"old_password": "wrong"}, "The old password is not right."),
        ({"new_password2": "something-else-7"}, "The two passwords differ."),
        ({"new_password1": "short", "new_password2": "short"}, "too short"),
        ({"new_password1": "", "new_password2": ""}, "Enter a new password."),
    ],
)
def test_a_password_that_will_not_do_changes_nothing(client, director, changes, words):
    log_in(client)
    response = change_password(client, **changes)
    assert words in response.content.decode()
    assert User.objects.get(pk=director.pk).check_password(PASSWORD)
    assert director.history.count() == 1


def link_in_mail():
    return re.search(r"http://testserver(/\S+)", mail.outbox[-1].body)[1]


def choose_password(client, link, password=NEW):
    form = client.get(link, follow=True)
    path = form.redirect_chain[-1][0] if form.redirect_chain else link
    return client.post(path, {"new_password1": password, "new_password2": password}, follow=True)


def test_a_forgotten_password_is_replaced_through_a_link(client, director):
    elsewhere = Client()
    elsewhere.force_login(director)
    client.post("/accounts/password-reset/", {"email": "Director@council.example"})
    assert mail.outbox[-1].to == ["director@council.example"]
    assert "<" not in mail.outbox[-1].body
    response = choose_password(client, link_in_mail())
    assert "Your password is chosen" in response.content.decode()
    assert not is_logged_in(elsewhere)
    assert log_in(client, password=NEW).status_code == 302
    last = director.history.order_by("history_id").last()
    assert (last.history_change_reason, last.history_user_id) == (
        "Password chosen through a link sent by e-mail.",
        director.pk,
    )
    assert director.history.count() == 2


def test_a_link_works_once(client, director):
    client.post("/accounts/password-reset/", {"email": director.email})
    link = link_in_mail()
    choose_password(client, link)
    response = client.get(link, follow=True)
    assert "This link does not work any more" in response.content.decode()


def test_an_unknown_address_is_answered_like_a_known_one_and_gets_nothing(client, director):
    factories.UserFactory(username="leaver", is_active=False)
    known = client.post("/accounts/password-reset/", {"email": director.email})
    unknown = client.post("/accounts/password-reset/", {"email": "who@council.example"})
    closed = client.post("/accounts/password-reset/", {"email": "leaver@council.example"})
    assert known.url == unknown.url == closed.url == reverse("password_reset_done")
    assert len(mail.outbox) == 1
    assert "If somebody who may log in has that address" in client.get(known.url).content.decode()


def test_a_new_person_without_a_password_can_ask_for_a_link(client, borough):
    user = factories.UserFactory(username="starter", password="!", councils=[borough])
    client.post("/accounts/password-reset/", {"email": user.email})
    choose_password(client, link_in_mail())
    assert log_in(client, "starter", NEW).status_code == 302


def test_choosing_a_password_ends_the_lock_out(client, director):
    fail_ten_times(client, "director")
    client.post("/accounts/password-reset/", {"email": director.email})
    choose_password(client, link_in_mail())
    assert log_in(client, password=NEW).status_code == 302


def test_a_deactivated_person_is_logged_out_at_the_next_request(client, director, administrator):
    log_in(client)
    assert is_logged_in(client)
    director = User.objects.get(pk=director.pk)
    director.is_active = False
    history.save(director, by=administrator, reason="Left the council.")
    assert not is_logged_in(client)
    assert log_in(client).status_code == 200


def test_behind_a_proxy_a_stranger_elsewhere_cannot_lock_a_director_out(client, director, settings):
    settings.PROXY_COUNT = 1
    fail_ten_times(client, "director", HTTP_X_FORWARDED_FOR="203.0.113.7")
    assert log_in(client, HTTP_X_FORWARDED_FOR="198.51.100.4").status_code == 302
