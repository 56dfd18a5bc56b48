"""Set-up pages of those who log in."""

import pytest
from django.core import mail

from lambeth_plans.accounts.models import User
from lambeth_plans.accounts.views import people
from tests import factories
from tests.as_posted import form, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator_client(client, administrator):
    client.force_login(administrator)
    return client


NEW_USER = {
    "username": "ann",
    "name": "Ann Archer",
    "email": "ann@council.example",
    "role": "analyst",
    "councils": ["borough"],
    "reason": "Joins the data team.",
}


def test_a_new_person_gets_a_link_and_no_password(administrator_client, administrator, borough):
    response = administrator_client.post("/set-up/users/new/", NEW_USER, follow=True)
    assert "Ann Archer is added with the user name ann." in text(response)
    assert "A link to choose a password is on its way to ann@council.example." in text(response)
    ann = User.objects.get(username="ann")
    assert (ann.role, ann.name, ann.is_active, ann.has_usable_password()) == ("analyst", "Ann Archer", True, False)
    assert list(ann.councils.all()) == [borough]
    assert mail.outbox[0].to == ["ann@council.example"]
    assert "user name is ann" in mail.outbox[0].body
    row = ann.history.get()
    assert (row.history_user_id, row.history_change_reason) == (administrator.pk, "Joins the data team.")
    assert row.links["councils"] == [borough.pk]


def test_only_declared_fields_of_an_account_can_be_posted(administrator_client, elsewhere):
    administrator_client.post(
        "/set-up/users/new/",
        NEW_USER
        | {
            "is_superuser": "on",
            "is_staff": "on",
            "is_demo": "on",
            "password": "known",
            "version": "7",
            "groups": "1",
            "user_permissions": "1",
            "history_user": "1",
        },
    )
    ann = User.objects.get(username="ann")
    assert (ann.is_superuser, ann.is_staff, ann.is_demo, ann.version) == (False, False, False, 1)
    assert not ann.has_usable_password()
    assert not ann.groups.exists()
    assert not ann.user_permissions.exists()


def test_an_administrator_grants_only_their_own_councils(administrator_client, elsewhere):
    response = administrator_client.post("/set-up/users/new/", NEW_USER | {"councils": ["borough", "elsewhere"]})
    assert "Select a valid choice" in text(response)
    assert not User.objects.filter(username="ann").exists()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"username": "administrator"}, "Somebody already has this user name."),
        ({"username": "New"}, "Choose another user name."),
        ({"email": ""}, "Enter the e-mail address."),
        ({"role": ""}, "Choose a role."),
        ({"role": "superhero"}, "Select a valid choice"),
        ({"councils": []}, "Choose at least one council."),
        ({"reason": ""}, "Say why, for the history."),
    ],
)
def test_an_account_that_will_not_do_is_not_made(administrator_client, change, words):
    before = User.objects.count()
    response = administrator_client.post("/set-up/users/new/", NEW_USER | change)
    assert words in text(response)
    assert 'value="Ann Archer"' in text(response)
    assert User.objects.count() == before
    assert mail.outbox == []


def test_a_person_is_deactivated_and_stays_in_the_history(administrator_client, administrator, director):
    fields = form(administrator_client.get("/set-up/users/director/"))
    del fields["is_active"]
    response = administrator_client.post("/set-up/users/director/", fields | {"reason": "Left."}, follow=True)
    assert "Director can no longer log in." in text(response)
    assert "(may not log in)" in text(response)
    director.refresh_from_db()
    assert not director.is_active
    row = director.history.order_by("history_id").last()
    assert (row.history_user_id, row.history_change_reason, director.history.count()) == (administrator.pk, "Left.", 2)


def test_a_council_keeps_an_administrator(administrator_client, administrator, borough):
    path = "/set-up/users/administrator/"
    fields = form(administrator_client.get(path)) | {"reason": "Tired."}
    for change in ({"role": "director"}, {"is_active": ""}):
        response = administrator_client.post(path, {**fields, **change})
        assert "The Borough would be left without an administrator." in text(response)
    administrator.refresh_from_db()
    assert (administrator.role, administrator.is_active, administrator.history.count()) == ("administrator", True, 1)

    factories.UserFactory(role="administrator", councils=[borough])
    assert administrator_client.post(path, fields | {"role": "director"}).status_code == 302
    assert administrator_client.get("/set-up/").status_code == 403


def test_councils_an_administrator_cannot_see_stay_with_the_person(administrator_client, borough, elsewhere):
    person = factories.UserFactory(username="both", role="analyst", councils=[borough, elsewhere])
    page = administrator_client.get("/set-up/users/both/")
    assert "Elsewhere" not in text(page)
    administrator_client.post("/set-up/users/both/", form(page) | {"name": "Renamed", "reason": "Married."})
    person.refresh_from_db()
    assert person.name == "Renamed"
    assert set(person.councils.all()) == {borough, elsewhere}
    assert person.history.count() == 2


def test_the_list_of_people_shows_only_those_of_ones_councils(administrator_client, director, stranger):
    page = text(administrator_client.get("/set-up/users/"))
    assert "/set-up/users/director/" in page
    assert "stranger" not in page
    assert "lambeth-plans" not in page


def test_a_link_is_sent_again_to_somebody_active(administrator_client, director):
    response = administrator_client.post("/set-up/users/director/password-link/", follow=True)
    assert "is on its way to director@council.example" in text(response)
    assert len(mail.outbox) == 1
    assert director.history.count() == 1


def test_a_link_that_cannot_be_sent_is_said_so(administrator_client, director, settings, caplog):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    response = administrator_client.post("/set-up/users/director/password-link/", follow=True)
    assert "could not be sent to director@council.example" in text(response)


@pytest.fixture
def shared(borough, elsewhere):
    """Somebody who belongs to a council that the administrator does not belong to."""
    return factories.UserFactory(
        username="both", name="Both", email="both@council.example", role="analyst", councils=[borough, elsewhere]
    )


@pytest.mark.parametrize("change", [{"email": "mine@council.example"}, {"role": "administrator"}, {"is_active": ""}])
def test_an_account_of_further_councils_cannot_be_taken_over(administrator_client, shared, change):
    fields = form(administrator_client.get("/set-up/users/both/")) | {"reason": "Hm."}
    page = text(administrator_client.post("/set-up/users/both/", fields | change))
    assert "Both belongs to further councils." in page
    assert "Elsewhere" not in page
    shared.refresh_from_db()
    assert (shared.email, shared.role, shared.is_active) == ("both@council.example", "analyst", True)
    assert shared.history.count() == 1


def test_a_person_of_further_councils_can_leave_this_one(administrator_client, shared, elsewhere):
    fields = form(administrator_client.get("/set-up/users/both/")) | {"reason": "Works elsewhere now."}
    assert administrator_client.post("/set-up/users/both/", fields | {"councils": []}).status_code == 302
    assert list(shared.councils.all()) == [elsewhere]


def test_a_user_name_is_kept_as_the_log_in_page_reads_it(administrator_client):
    administrator_client.post("/set-up/users/new/", NEW_USER | {"username": "ﬁona"})
    assert User.objects.filter(username="fiona").exists()


def test_two_people_who_add_the_same_at_once_meet_no_fault(administrator_client, monkeypatch):
    save = people.actions.save_user

    def after_somebody_else(**facts):
        factories.UserFactory(username="ann")
        return save(**facts)

    monkeypatch.setattr(people.actions, "save_user", after_somebody_else)
    response = administrator_client.post("/set-up/users/new/", NEW_USER)
    assert response.status_code == 200
    assert "Somebody has just added the same." in text(response)
    assert 'value="Ann Archer"' in text(response)
    assert User.objects.filter(username="ann").count() == 1


@pytest.mark.parametrize("name", ["%00", "a%00b", "a%20b", "x" * 151])
def test_an_address_that_holds_no_user_name_is_not_found(administrator_client, name):
    assert administrator_client.get(f"/set-up/users/{name}/").status_code == 404
    assert administrator_client.post(f"/set-up/users/{name}/password-link/").status_code == 404
