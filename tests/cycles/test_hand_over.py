from datetime import date

import pytest
from django.core.exceptions import ValidationError

from lambeth_plans import history
from lambeth_plans.cycles.hand_over import StaleItems, hand_over, in_words, items_of
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def held(borough, plan, objective, activity, post, other_post):
    """The director's post holds or shares one of everything."""
    shared = factories.ActivityFactory(
        plan=plan, key="shared", objective=objective, owner=other_post, further_owners=[post], lead_members=[post]
    )
    return {
        "activity": activity,
        "shared": shared,
        "indicator": factories.PlanIndicatorFactory(plan=plan, owner=post),
        "risk": factories.RiskFactory(plan=plan, owner=post),
        "saving": factories.SavingFactory(plan=plan, owner=post),
        "contract": factories.ContractFactory(plan=plan, director=other_post, further_directors=[post]),
        "board": factories.BoardFactory(council=borough, chair=post, members=[post, other_post]),
        "principal": factories.OfficerFactory(council=borough, key="principal", deputies=[post]),
    }


def given(leaver, successor, by, items=None, left_date=None):
    found = items_of(leaver) if items is None else items
    return hand_over(leaver=leaver, successor=successor, items=found, left_date=left_date, by=by, reason="A new head.")


def test_everything_that_names_an_officer_is_an_item(held, post):
    assert in_words(items_of(post)) == [
        "2 activities",
        "1 indicator",
        "1 risk",
        "1 saving",
        "1 contract",
        "1 division",
        "1 board",
        "1 person they deputise for",
    ]
    roles = {item.record.key: item.roles for item in items_of(post)}
    assert roles["ka1"] == ("owner",)
    assert roles["shared"] == ("further owner", "lead member")
    assert roles[held["board"].key] == ("chair", "member")


def test_the_successor_stands_everywhere_in_the_leavers_place(held, post, borough, administrator):
    successor = factories.OfficerFactory(council=borough, key="new")
    changed = given(post, successor, administrator)
    assert len(changed) == 9
    assert items_of(post) == []
    assert in_words(items_of(successor)) == [
        "2 activities",
        "1 indicator",
        "1 risk",
        "1 saving",
        "1 contract",
        "1 division",
        "1 board",
        "1 person they deputise for",
    ]


def test_one_history_row_for_each_changed_record_with_who_and_why(held, post, borough, administrator):
    successor = factories.OfficerFactory(council=borough, key="new")
    before = {record: record.history.count() for record in held.values()}
    given(post, successor, administrator)
    for record, count in before.items():
        assert record.history.count() == count + 1
        row = record.history.order_by("history_id").last()
        assert (row.history_user_id, row.history_change_reason) == (administrator.pk, "A new head.")
    board = held["board"].history.order_by("history_id").last()
    assert board.chair_id == successor.pk
    assert successor.pk in board.links["members"]
    assert post.pk not in board.links["members"]


def test_whoever_shares_already_owns_alone_afterwards(plan, objective, post, other_post, administrator):
    activity = factories.ActivityFactory(plan=plan, objective=objective, owner=post, further_owners=[other_post])
    given(post, other_post, administrator)
    activity.refresh_from_db()
    assert (activity.owner, list(activity.further_owners.all())) == (other_post, [])


def test_whoever_owns_already_does_not_share_with_themselves(plan, objective, post, other_post, administrator):
    activity = factories.ActivityFactory(plan=plan, objective=objective, owner=other_post, further_owners=[post])
    given(post, other_post, administrator)
    activity.refresh_from_db()
    assert (activity.owner, list(activity.further_owners.all())) == (other_post, [])


def test_nobody_becomes_their_own_deputy(post, other_post, administrator):
    history.save(other_post, by=administrator, reason="Leave.", links={"deputies": [post]})
    given(post, other_post, administrator)
    assert list(other_post.deputies.all()) == []


def test_what_is_not_chosen_stays(held, post, other_post, administrator):
    chosen = [item for item in items_of(post) if item.register.name == "risk"]
    assert given(post, other_post, administrator, chosen) == [held["risk"]]
    held["activity"].refresh_from_db()
    assert held["activity"].owner == post


def test_items_of_plans_that_are_over_are_history(borough, post):
    plan = factories.PlanFactory(council=borough, status="closed")
    factories.RiskFactory(plan=plan, owner=post)
    assert [item.is_history for item in items_of(post) if item.register.name == "risk"] == [True]


def test_the_day_of_leaving_is_noted_in_the_same_step(activity, post, other_post, administrator):
    given(post, other_post, administrator, left_date=date(2026, 3, 31))
    post.refresh_from_db()
    assert post.left_date == date(2026, 3, 31)
    assert post.history.count() == 2


def test_an_item_that_somebody_changed_meanwhile_stops_everything(held, post, other_post, administrator, analyst):
    items = items_of(post)
    held["risk"].title = "Newer"
    history.save(held["risk"], by=analyst, reason="Renamed.")
    with pytest.raises(StaleItems) as caught:
        given(post, other_post, administrator, items)
    assert caught.value.records == [held["risk"]]
    held["activity"].refresh_from_db()
    assert held["activity"].owner == post
    assert held["activity"].history.count() == 1


def test_a_leaver_who_was_changed_meanwhile_stops_everything(activity, post, other_post, administrator):
    items = items_of(post)
    stale = type(post).objects.get(pk=post.pk)
    post.post = "Newer"
    history.save(post, by=administrator, reason="Renamed.")
    with pytest.raises(StaleItems):
        given(stale, other_post, administrator, items, date(2026, 3, 31))
    activity.refresh_from_db()
    assert activity.owner == stale


@pytest.mark.parametrize("who", ["themselves", "somebody elsewhere", "somebody who has left"])
def test_only_somebody_of_the_council_who_is_there_can_follow(who, activity, post, elsewhere, borough, administrator):
    successor = {
        "themselves": post,
        "somebody elsewhere": factories.OfficerFactory(council=elsewhere),
        "somebody who has left": factories.OfficerFactory(council=borough, left_date=date(2020, 1, 1)),
    }[who]
    with pytest.raises(ValidationError):
        given(post, successor, administrator)


def test_the_items_take_as_many_queries_for_ten_as_for_one(held, plan, post, django_assert_max_num_queries):
    factories.RiskFactory.create_batch(10, plan=plan, owner=post)
    factories.ActivityFactory.create_batch(10, plan=plan, owner=post, objective=None)
    with django_assert_max_num_queries(14):
        items_of(post)
