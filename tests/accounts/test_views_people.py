"""Set-up pages of a council's people, divisions and accounts."""

import pytest
from django.core import mail

from lambeth_plans import history
from lambeth_plans.accounts.models import Board, Division, Officer, User
from tests import factories
from tests.as_posted import form, table, text

pytestmark = pytest.mark.django_db

PEOPLE = "/set-up/councils/borough/people/"


@pytest.fixture
def administrator_client(client, administrator):
    client.force_login(administrator)
    return client


# People


def test_an_administrator_changes_and_adds_post_holders_at_once(administrator_client, administrator, post, division):
    fields = table(administrator_client.get(PEOPLE))
    fields |= {
        "row-director-of-care-post": "Director, Care",
        "row-director-of-care-left_date": "31/3/2021",
        "new-2-name": "Zoë Quill",
        "new-2-kind": "member",
        "new-2-division": "care",
        "new-2-user": administrator.username,
        "reason": "New year.",
    }
    response = administrator_client.post(PEOPLE, fields, follow=True)
    assert "Director of Care and Zoë Quill are saved." in text(response)
    post.refresh_from_db()
    assert (post.post, str(post.left_date)) == ("Director, Care", "2021-03-31")
    added = Officer.objects.get(key="zoe-quill")
    assert (added.kind, added.division, added.user) == ("member", division, administrator)
    for officer in (post, added):
        row = officer.history.order_by("history_id").last()
        assert (row.history_user_id, row.history_change_reason) == (administrator.pk, "New year.")
    assert (post.history.count(), added.history.count()) == (2, 1)


def test_saving_an_untouched_table_writes_nothing(administrator_client, post):
    response = administrator_client.post(PEOPLE, table(administrator_client.get(PEOPLE)), follow=True)
    assert "Nothing was changed" in text(response)
    assert post.history.count() == 1


def test_every_mistake_is_shown_at_its_row_and_nothing_is_lost(administrator_client, post, other_post):
    fields = table(administrator_client.get(PEOPLE))
    fields |= {
        "row-director-of-care-name": "",
        "row-director-of-care-post": "Typed post",
        "row-director-of-learning-left_date": "soon",
        "new-1-post": "No name yet",
    }
    response = administrator_client.post(PEOPLE, fields)
    page = text(response)
    assert response.status_code == 200
    assert "Director of Care: Enter the name." in page
    assert "Director of Learning: Write the day like 31/03/2021." in page
    assert "New post holder 1: Enter the name." in page
    assert "Say why, for the history." in page
    for typed in ("Typed post", "soon", "No name yet"):
        assert f'value="{typed}"' in page
    assert Officer.objects.count() == 2
    assert post.history.count() == other_post.history.count() == 1


def test_a_row_someone_else_changed_is_answered_with_both_texts(administrator_client, administrator, analyst, post):
    fields = table(administrator_client.get(PEOPLE))
    post.post = "Newer post"
    history.save(post, by=analyst, reason="Renamed.")
    fields |= {"row-director-of-care-post": "Typed post", "new-1-name": "Also typed", "reason": "Mine."}
    response = administrator_client.post(PEOPLE, fields)
    page = text(response)
    assert response.status_code == 409
    assert "Analyst changed this on" in page
    assert "because: Renamed." in page
    assert 'data-label="What is saved now">Newer post' in page
    assert 'value="Typed post"' in page
    assert 'value="Also typed"' in page
    post.refresh_from_db()
    assert post.post == "Newer post"
    assert not Officer.objects.filter(name="Also typed").exists()

    again = administrator_client.post(PEOPLE, table(response) | {"reason": "Mine."}, follow=True)
    assert "are saved." in text(again)
    post.refresh_from_db()
    assert post.post == "Typed post"
    assert post.history.count() == 3


def test_a_row_someone_else_changed_but_nobody_touched_here_stays_theirs(administrator_client, analyst, post):
    fields = table(administrator_client.get(PEOPLE))
    post.post = "Newer post"
    history.save(post, by=analyst, reason="Renamed.")
    response = administrator_client.post(PEOPLE, fields | {"new-1-name": "Ann Archer", "reason": "Mine."}, follow=True)
    assert "Ann Archer is saved." in text(response)
    post.refresh_from_db()
    assert post.post == "Newer post"
    assert post.history.count() == 2


def test_only_declared_fields_of_a_row_can_be_posted(administrator_client, elsewhere, post):
    fields = table(administrator_client.get(PEOPLE))
    outsider = factories.UserFactory(username="outsider", councils=[elsewhere])
    before = (post.council_id, post.key, post.user_id)
    fields |= {
        "row-director-of-care-council": elsewhere.pk,
        "row-director-of-care-key": "hacked",
        "row-director-of-care-id": "1",
        "row-director-of-care-user_id": outsider.pk,
        "row-director-of-care-history_user": outsider.pk,
        "row-director-of-care-post": "Director, Care",
        "reason": "Renamed.",
    }
    assert administrator_client.post(PEOPLE, fields).status_code == 302
    post.refresh_from_db()
    assert post.post == "Director, Care"
    assert (post.council_id, post.key, post.user_id) == before
    assert post.version == 2


def test_a_log_in_of_another_council_cannot_be_given_a_post(administrator_client, elsewhere, post):
    factories.UserFactory(username="outsider", councils=[elsewhere])
    fields = table(administrator_client.get(PEOPLE)) | {"row-director-of-care-user": "outsider", "reason": "Hm."}
    assert "Select a valid choice" in text(administrator_client.post(PEOPLE, fields))
    assert post.history.count() == 1


def test_a_log_in_that_is_no_longer_offered_stays_with_the_post(administrator_client, borough, elsewhere):
    moved = factories.UserFactory(username="moved", councils=[elsewhere])
    post = factories.OfficerFactory(council=borough, key="post", name="Post", user=moved)
    fields = table(administrator_client.get(PEOPLE)) | {"row-post-post": "Changed", "reason": "Renamed."}
    administrator_client.post(PEOPLE, fields)
    post.refresh_from_db()
    assert (post.post, post.user) == ("Changed", moved)


def test_deputies_are_chosen_on_the_page_of_a_post(administrator_client, administrator, post, other_post):
    path = f"{PEOPLE}director-of-care/"
    fields = form(administrator_client.get(path))
    response = administrator_client.post(path, fields | {"deputies": ["director-of-learning"], "reason": "Leave."})
    assert response.url == PEOPLE
    assert list(post.deputies.all()) == [other_post]
    row = post.history.order_by("history_id").last()
    assert (row.links, row.history_user_id) == ({"deputies": [other_post.pk]}, administrator.pk)
    assert post.history.count() == 2


def test_nobody_deputises_for_themselves(administrator_client, post):
    path = f"{PEOPLE}director-of-care/"
    fields = form(administrator_client.get(path)) | {"deputies": ["director-of-care"], "reason": "Hm."}
    assert "Select a valid choice" in text(administrator_client.post(path, fields))


def test_one_post_changed_twice_at_once_keeps_both_texts(administrator_client, analyst, post):
    path = f"{PEOPLE}director-of-care/"
    fields = form(administrator_client.get(path))
    post.post = "Newer post"
    history.save(post, by=analyst, reason="Renamed.")
    untouched = administrator_client.post(path, fields, follow=True)
    assert "Nothing was changed" in text(untouched)
    response = administrator_client.post(path, fields | {"post": "Typed post", "reason": "Mine."})
    assert response.status_code == 409
    assert "Newer post" in text(response)
    assert 'value="Typed post"' in text(response)
    post.refresh_from_db()
    assert post.post == "Newer post"
    administrator_client.post(path, form(response))
    post.refresh_from_db()
    assert post.post == "Typed post"


def test_the_table_of_people_takes_few_queries_however_many_there_are(
    administrator_client, borough, django_assert_max_num_queries
):
    with django_assert_max_num_queries(10):
        administrator_client.get(PEOPLE)
    factories.OfficerFactory.create_batch(20, council=borough)
    with django_assert_max_num_queries(10):
        administrator_client.get(PEOPLE)


# Divisions


def test_divisions_and_their_directors_are_set_up(administrator_client, division, post):
    path = "/set-up/councils/borough/divisions/"
    fields = table(administrator_client.get(path))
    fields |= {"new-1-name": "Early help", "new-1-director": "director-of-care", "reason": "Reorganised."}
    response = administrator_client.post(path, fields | {"row-care-purpose": "Line one\r\nLine two"}, follow=True)
    assert "Care and Early help are saved." in text(response)
    added = Division.objects.get(key="early-help")
    assert (added.director, added.order) == (post, 1)
    division.refresh_from_db()
    assert division.purpose == "Line one\nLine two"
    again = administrator_client.post(path, table(administrator_client.get(path)), follow=True)
    assert "Nothing was changed" in text(again)


# Others


@pytest.mark.parametrize(
    "path",
    [
        "/set-up/councils/elsewhere/people/",
        "/set-up/councils/elsewhere/people/secret/",
        "/set-up/councils/elsewhere/divisions/",
        "/set-up/councils/borough/people/secret/",
        "/set-up/users/stranger/",
    ],
)
def test_another_council_does_not_exist_for_an_administrator(administrator_client, stranger, elsewhere, path):
    factories.OfficerFactory(council=elsewhere, key="secret")
    assert administrator_client.get(path).status_code == 404
    assert administrator_client.post(path, {"reason": "Hm.", "name": "Taken"}).status_code == 404
    assert administrator_client.post("/set-up/users/stranger/password-link/").status_code == 404
    assert mail.outbox == []


@pytest.mark.parametrize("role", ["director", "analyst", "lead_member", "scrutiny_member", ""])
@pytest.mark.parametrize(
    "path",
    [
        PEOPLE,
        f"{PEOPLE}director-of-care/",
        "/set-up/councils/borough/divisions/",
        "/set-up/users/",
        "/set-up/users/new/",
        "/set-up/users/director/",
    ],
)
def test_people_are_managed_by_administrators_only(client, borough, post, role, path):
    client.force_login(factories.UserFactory(role=role, councils=[borough]))
    before = (User.objects.count(), Officer.objects.count())
    assert client.get(path).status_code == 403
    assert client.post(path, {"username": "ann", "new-1-name": "Ann", "reason": "Hm."}).status_code in (403, 405)
    assert (User.objects.count(), Officer.objects.count()) == before


def test_nobody_has_left_before_the_day_has_come(administrator_client, post):
    fields = table(administrator_client.get(PEOPLE)) | {"row-director-of-care-left_date": "31/12/2099", "reason": "Hm."}
    assert "Give the day once it has come" in text(administrator_client.post(PEOPLE, fields))
    assert not Officer.objects.exclude(left_date=None).exists()


# Boards


def test_boards_are_set_up_with_their_chairs_members_and_what_they_report_to(administrator_client, borough, post):
    path = "/set-up/councils/borough/boards/"
    fields = table(administrator_client.get(path))
    fields |= {"new-1-name": "Cabinet", "new-2-name": "Panel", "new-2-rhythm": "quarterly", "reason": "Agreed."}
    response = administrator_client.post(path, fields | {"new-2-chair": "director-of-care"}, follow=True)
    assert "Cabinet and Panel are saved." in text(response)
    fields = table(administrator_client.get(path)) | {"row-panel-reports_to": ["cabinet"], "reason": "Stated."}
    administrator_client.post(path, fields | {"row-panel-members": ["director-of-care"]})
    panel = Board.objects.get(key="panel")
    assert (panel.chair, panel.rhythm, panel.order) == (post, "quarterly", 2)
    assert ([str(board) for board in panel.reports_to.all()], list(panel.members.all())) == (["Cabinet"], [post])
    assert panel.history.count() == 2


def test_no_board_reports_to_itself(administrator_client, borough):
    factories.BoardFactory(council=borough, key="panel")
    path = "/set-up/councils/borough/boards/"
    fields = table(administrator_client.get(path)) | {"row-panel-reports_to": ["panel"], "reason": "Hm."}
    assert "Select a valid choice" in text(administrator_client.post(path, fields))
