import pytest
from django.urls import reverse

from lambeth_plans import history
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def cabinet(borough):
    return factories.BoardFactory(council=borough, key="cabinet", name="Cabinet")


@pytest.fixture
def panel(borough, cabinet, post, other_post):
    return factories.BoardFactory(
        council=borough,
        key="panel",
        name="Corporate Parenting Panel",
        purpose="Looks after those the council cares for.",
        rhythm="quarterly",
        chair=post,
        members=[other_post],
        reports_to=[cabinet],
    )


def page(client, name, *args):
    response = client.get(reverse(name, args=args))
    assert response.status_code == 200
    return response.content.decode()


def test_the_list_says_who_reports_to_whom(reader, borough, panel):
    html = page(reader, "board_list", "borough")
    assert "Which board reports to which" in html
    assert html.count(reverse("board_detail", args=["borough", "cabinet"])) >= 2
    assert "quarterly" in html


def test_without_a_stated_link_there_is_no_picture(reader, cabinet):
    html = page(reader, "board_list", "borough")
    assert "No plan states which of these boards reports to which." in html
    assert "<svg" not in html
    assert html.count("not stated") >= 5


def test_a_council_without_boards_says_so(reader, borough):
    assert "No plan of this council names a board." in page(reader, "board_list", "borough")


def test_a_board_says_what_it_is_for_and_what_reports_to_it(reader, panel, plan, activity, administrator):
    history.save(plan, by=administrator, reason="Stated.", links={"boards": [panel]})
    history.save(activity, by=administrator, reason="Stated.", links={"boards": [panel]})
    html = page(reader, "board_detail", "borough", "panel")
    for told in ("Looks after those", "quarterly", "Director of Care", "Director of Learning", "Cabinet"):
        assert told in html
    assert reverse("plan_dashboard", args=[plan.slug]) in html
    assert reverse("activity_detail", args=[plan.slug, activity.key]) in html
    assert "1 activity" in html
    assert "Corporate Parenting Panel" in page(reader, "board_detail", "borough", "cabinet")


def test_what_a_board_does_not_state_reads_not_stated(reader, cabinet):
    html = page(reader, "board_detail", "borough", "cabinet")
    assert html.count("not stated") >= 7
    assert "No plan states an activity" in html


def test_a_chair_who_is_only_printed_is_told_as_printed(reader, borough):
    factories.BoardFactory(council=borough, key="trust", chair_as_stated="The Lead Member")
    assert "The Lead Member" in page(reader, "board_detail", "borough", "trust")


def test_a_board_tells_its_history_in_words(reader, panel, post, other_post, administrator):
    panel.chair, panel.rhythm = other_post, "monthly"
    history.save(panel, by=administrator, reason="Agreed in May.", links={"members": [post]})
    html = page(reader, "board_detail", "borough", "panel")
    assert "chair Director of Care → Director of Learning" in html
    assert "How often it meets quarterly → monthly" in html
    assert "members added: Director of Care" in html
    assert "Because: Agreed in May." in html


def test_only_administrators_are_led_to_the_set_up(reader, client, cabinet, administrator):
    path = reverse("board_table", args=["borough"])
    assert path not in page(reader, "board_list", "borough")
    client.force_login(administrator)
    assert path in page(client, "board_list", "borough")


@pytest.mark.parametrize("name", ["board_list", "officer_list"])
def test_the_boards_and_people_of_another_council_do_not_exist(client, stranger, cabinet, name):
    client.force_login(stranger)
    assert client.get(reverse(name, args=["borough"])).status_code == 404
    assert client.get(reverse("board_detail", args=["borough", "cabinet"])).status_code == 404
    assert client.get(reverse("board_detail", args=["elsewhere", "cabinet"])).status_code == 404
