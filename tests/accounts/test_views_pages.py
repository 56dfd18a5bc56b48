"""Home, pages about the service, and what was typed when it could not be saved."""

import pytest
from django.db import InterfaceError, OperationalError
from django.test import Client

from lambeth_plans.accounts.access import PERMISSION_WORDS, ROLES
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("role", "page"),
    [
        ("administrator", "/set-up/"),
        ("director", "/my-updates/"),
        ("analyst", "/imports/"),
        ("lead_member", "/scrutiny/"),
        ("scrutiny_member", "/scrutiny/"),
    ],
)
def test_home_is_where_the_work_of_a_role_begins(client, borough, role, page):
    client.force_login(factories.UserFactory(role=role, councils=[borough]))
    assert client.get("/").url == page


def test_a_person_without_a_role_learns_whom_to_ask(client, nobody):
    client.force_login(nobody)
    response = client.get("/")
    assert response.status_code == 200
    assert "Ask an administrator" in response.content.decode()
    assert response.context["navigation"] == []


def test_a_person_without_a_council_learns_whom_to_ask(client):
    client.force_login(factories.UserFactory(role="director"))
    assert "Ask an administrator" in client.get("/").content.decode()


@pytest.mark.parametrize("path", ["/glossary/", "/accessibility/", "/accounts/login/", "/accounts/password-reset/"])
def test_pages_about_the_service_need_no_log_in(client, path):
    assert client.get(path).status_code == 200


@pytest.mark.parametrize("path", ["/", "/roles/", "/set-up/", "/accounts/password-change/"])
def test_every_other_page_needs_a_log_in(client, path):
    assert client.get(path).url == f"/accounts/login/?next={path}"


def test_the_page_of_roles_says_every_role_and_permission(client, scrutiny_member):
    client.force_login(scrutiny_member)
    page = client.get("/roles/").content.decode()
    for role in ROLES.values():
        assert role.label in page
        assert role.description in page
    for words in PERMISSION_WORDS.values():
        assert words in page


# What was typed


def test_an_old_token_gives_back_what_was_typed_but_no_password(director):
    client = Client(enforce_csrf_checks=True)
    client.force_login(director)
    response = client.post(
        "/accounts/password-change/",
        {"row-ka1-what_happened": "Two <b>cases</b>\nclosed", "old_password": "very-secret", "version": "3"},
    )
    page = response.content.decode()
    assert response.status_code == 403
    assert "nothing was saved" in page
    assert "Two &lt;b&gt;cases&lt;/b&gt;\nclosed</textarea>" in page
    assert "Ka1 what happened" in page
    assert "very-secret" not in page
    assert ">3</textarea>" not in page


def test_an_old_token_without_typed_text_says_what_to_do(director):
    client = Client(enforce_csrf_checks=True)
    client.force_login(director)
    assert "reload the page" in client.post("/accounts/password-change/").content.decode()


def test_an_ended_session_gives_back_what_was_typed(client):
    response = client.post(
        "/set-up/councils/borough/people/",
        {"row-a-name": "Ann Archer", "csrfmiddlewaretoken": "abc"},
        HTTP_REFERER="http://testserver/set-up/councils/borough/people/",
    )
    page = response.content.decode()
    assert response.status_code == 403
    assert "Ann Archer</textarea>" in page
    assert "/accounts/login/?next=http%3A//testserver/set-up/councils/borough/people/" in page
    assert "abc" not in page


def test_an_ended_session_leads_back_within_this_site_only(client):
    response = client.post("/set-up/", {"a": "text"}, HTTP_REFERER="https://evil.example/")
    assert "evil.example" not in response.content.decode()


def test_an_ended_session_with_nothing_typed_leads_to_the_log_in_page(client):
    assert client.post("/set-up/").url == "/accounts/login/?next=/set-up/"


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        (OperationalError("down"), 503, "Lambeth Plans is not available"),
        (InterfaceError("down"), 503, "Lambeth Plans is not available"),
        (ZeroDivisionError("secret detail"), 500, "Sorry, something went wrong"),
    ],
)
def test_a_fault_gives_back_what_was_typed_and_tells_nobody_why(
    client, administrator, monkeypatch, error, status, words
):
    def fail(**facts):
        raise error

    monkeypatch.setattr("lambeth_plans.accounts.actions.save_user", fail)
    client.force_login(administrator)
    client.raise_request_exception = False
    fields = {
        "username": "ann",
        "name": "Ann",
        "email": "ann@council.example",
        "role": "analyst",
        "reason": "Joins us.",
    }
    response = client.post("/set-up/users/new/", fields | {"councils": ["borough"]})
    assert response.status_code == status
    page = response.content.decode()
    assert words in page
    assert "Joins us." in page
    assert "secret" not in page


def test_the_abbreviations_are_shown_letter_by_letter(client):
    everything = client.get("/glossary/").content.decode()
    assert "Area of improvement" in everything
    assert "Child in need" in everything
    letter = client.get("/glossary/?letter=c").content.decode()
    assert "Child in need" in letter
    assert "Area of improvement" not in letter
    for odd in ("?letter=%00", "?letter=CC", "?letter=1"):
        assert client.get(f"/glossary/{odd}").content.decode().count("<dt") == everything.count("<dt")
