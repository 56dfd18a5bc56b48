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


# Rolling forward

ROLL = "/set-up/plans/borough-plan/roll-forward/"


def rolled(client, **answers):
    data = Page.of(client.get(ROLL)).form_to(ROLL).as_it_stands()
    return client.post(ROLL, {**data, "title": "Plan of next year", "reason": "A new year.", **answers})


@pytest.fixture
def place(plan):
    return factories.PlanIndicatorFactory(plan=plan, key="in1", code="IN.1")


def test_what_would_go_along_is_shown_before_anything_is_made(administrator_client, plan, activity, other_activity):
    factories.ProgressUpdateFactory(activity=other_activity, rag="blue")
    response = rolled(administrator_client)
    assert response.status_code == 200
    assert "Activities: 1 carried over, 1 retired" in response.content.decode()
    assert plan.followed_by.count() == 0


def test_once_confirmed_the_next_plan_is_made(administrator_client, plan, activity, place):
    start = plan.end_date.year
    response = rolled(administrator_client, confirm="yes", **{"target-in1": "85%"})
    new = plan.followed_by.get()
    assert response.url == reverse("plan_edit", args=[new.slug])
    assert (new.status, new.slug) == ("draft", f"borough-plan-of-next-year-{start}")
    assert [target.value for target in place.indicator.targets.all()] == [85]
    assert [each.key for each in new.activity_set.all()] == ["ka1"]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"title": ""}, "Enter the title of the next plan."),
        ({"reason": ""}, "Say why, for the history."),
        ({"start_date": "soon"}, "Write the day like 31/03/2021."),
        ({"end_date": "1/1/2001"}, "A plan ends after it starts."),
        ({"start_date": "1/1/2001"}, "The next plan begins after"),
        ({"target-in1": "many"}, "“many” is not a figure."),
        ({"target-in1": "TBC"}, "“TBC” is no target."),
        ({"target-in1": "£5"}, "is in pounds"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(administrator_client, plan, activity, place, change, told):
    response = rolled(administrator_client, confirm="yes", carry=["indicator/in1"], **change)
    html = response.content.decode()
    assert response.status_code == 200
    assert told in html
    again = Page.of(response).form_to(ROLL).as_it_stands()
    assert again["carry"] == ["indicator/in1"]
    assert all(again[name] == [value] for name, value in change.items())
    assert plan.followed_by.count() == 0


def test_a_record_that_was_added_meanwhile_is_told_and_the_choice_is_kept(administrator_client, plan, activity, place):
    data = Page.of(administrator_client.get(ROLL)).form_to(ROLL).as_it_stands()
    factories.RiskFactory(plan=plan, key="r9", title="A new risk")
    data |= {"title": "Next", "reason": "A new year.", "carry": ["activity/ka1"], "confirm": "yes"}
    response = administrator_client.post(ROLL, data)
    assert response.status_code == 409
    assert "A new risk" in response.content.decode()
    again = Page.of(response).form_to(ROLL).as_it_stands()
    assert again["carry"] == ["activity/ka1"]
    assert administrator_client.post(ROLL, {**again, "confirm": "yes"}).status_code == 302
    assert plan.followed_by.get().risk_set.count() == 0


def test_a_plan_that_is_followed_already_says_so(administrator_client, plan):
    factories.PlanFactory(council=plan.council, follows=plan, title="Next Plan")
    assert "It is followed already by" in administrator_client.get(ROLL).content.decode()
