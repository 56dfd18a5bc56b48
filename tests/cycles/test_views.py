import pytest
from django.urls import reverse

from lambeth_plans import history
from tests import factories
from tests.html import Page

pytestmark = pytest.mark.django_db

PATH = "/set-up/councils/borough/people/director-of-care/hand-over/"


@pytest.fixture
def administrator_client(client, administrator):
    client.force_login(administrator)
    return client


def filled(client, **answers):
    """What a browser would post of the page, with some answers."""
    return {**Page.of(client.get(PATH)).form_to(PATH).as_it_stands(), **answers}


def answers(**more):
    return {"successor": "director-of-learning", "reason": "A new head.", **more}


def test_what_would_be_handed_over_is_shown_before_it_is(administrator_client, activity, post, other_post):
    response = administrator_client.post(PATH, filled(administrator_client, **answers()))
    html = response.content.decode()
    assert response.status_code == 200
    assert "To Director of Learning would go: 1 activity, 1 division." in html
    activity.refresh_from_db()
    assert activity.owner == post


def test_once_confirmed_it_is_handed_over_and_said(administrator_client, activity, post, other_post):
    data = filled(administrator_client, **answers(confirm="yes", left_date="1/4/2026"))
    response = administrator_client.post(PATH, data, follow=True)
    assert response.redirect_chain[0][0] == reverse("officer_detail", args=["borough", post.key])
    assert "Handed over from Director of Care to Director of Learning: 1 activity, 1 division." in (
        response.content.decode()
    )
    activity.refresh_from_db()
    post.refresh_from_db()
    assert activity.owner == other_post
    assert str(post.left_date) == "2026-04-01"


def test_items_of_plans_that_are_over_are_not_ticked_at_first(
    administrator_client, borough, activity, post, other_post
):
    over = factories.PlanFactory(council=borough, slug="over", status="closed", title="Over")
    factories.RiskFactory(plan=over, key="r1", owner=post)
    data = filled(administrator_client)
    assert not any("risk/over/r1" in value for value in data["items"])
    assert any("activity/borough-plan/ka1" in value for value in data["items"])
    html = administrator_client.post(PATH, {**data, **answers()}).content.decode()
    assert "With Director of Care would stay: 1 risk." in html


def test_a_change_of_somebody_else_is_told_and_the_choice_is_kept(
    administrator_client, activity, analyst, post, other_post, plan
):
    risk = factories.RiskFactory(plan=plan, key="r1", owner=post)
    data = filled(administrator_client, **answers(confirm="yes"))
    data["items"] = [value for value in data["items"] if not value.startswith("division")]
    risk.title = "Newer risk"
    history.save(risk, by=analyst, reason="Renamed in May.")
    response = administrator_client.post(PATH, data)
    html = response.content.decode()
    assert response.status_code == 409
    assert "Renamed in May." in html
    assert "Newer risk" in html
    again = Page.of(response).form_to(PATH).as_it_stands()
    assert again["items"] == ["activity/borough-plan/ka1/1", "risk/borough-plan/r1/2"]
    assert (again["successor"], again["reason"]) == (["director-of-learning"], ["A new head."])
    risk.refresh_from_db()
    assert risk.owner == post
    assert administrator_client.post(PATH, {**again, "confirm": "yes"}).status_code == 302
    risk.refresh_from_db()
    assert risk.owner == other_post


def test_an_item_that_was_given_away_meanwhile_is_told(administrator_client, activity, analyst, post, other_post):
    data = filled(administrator_client, **answers(confirm="yes"))
    activity.owner = other_post
    history.save(activity, by=analyst, reason="Moved.")
    response = administrator_client.post(PATH, data)
    assert response.status_code == 409
    assert "1 of the items you ticked no longer names Director of Care" in response.content.decode()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"successor": ""}, "Choose who takes over."),
        ({"reason": ""}, "Say why, for the history."),
        ({"items": []}, "Tick at least one item to hand over."),
        ({"left_date": "31/12/2099"}, "Give the day once it has come"),
        ({"successor": "director-of-care"}, "Select a valid choice"),
        ({"successor": "outsider"}, "Select a valid choice"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_handed_over(
    administrator_client, activity, post, other_post, elsewhere, change, told
):
    factories.OfficerFactory(council=elsewhere, key="outsider")
    response = administrator_client.post(PATH, filled(administrator_client, **{**answers(confirm="yes"), **change}))
    assert response.status_code == 200
    assert told in response.content.decode()
    activity.refresh_from_db()
    assert activity.owner == post


def test_what_is_no_item_of_the_leaver_is_never_handed_over(administrator_client, other_activity, post, other_post):
    data = answers(confirm="yes", items=["activity/borough-plan/ka2/1", "nonsense", "a/b/c"])
    assert administrator_client.post(PATH, data).status_code == 409
    other_activity.refresh_from_db()
    assert other_activity.history.count() == 1


def test_only_whoever_may_hand_over_is_led_to_it(client, post, scrutiny_member, administrator):
    page = reverse("officer_detail", args=["borough", post.key])
    for user, is_led in ((scrutiny_member, False), (administrator, True)):
        client.force_login(user)
        assert (PATH in client.get(page).content.decode()) == is_led
