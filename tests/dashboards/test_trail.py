import pytest

from activities.models import Activity
from lambeth_plans import history
from lambeth_plans.dashboards.trail import newest_first, trail
from objectives.models import Objective
from tests import factories

pytestmark = pytest.mark.django_db


def sentences(entries):
    return [entry.sentence for entry in entries]


def test_the_first_row_says_that_a_record_was_added(objective):
    assert sentences(trail(Objective, lambda row: "OB1", id=objective.pk)) == ["OB1 was added."]
    assert sentences(trail(Objective, lambda row: "", added=lambda row: "Begun.", id=objective.pk)) == ["Begun."]


def test_a_change_says_old_and_new_who_and_why(activity, administrator, other_post):
    activity.due_date = "March 2021"
    activity.owner = other_post
    history.save(activity, by=administrator, reason="New structure.")
    names = {"owner": {other_post.pk: "Director of Learning", activity.history.last().owner_id: "Director of Care"}}
    entry = trail(Activity, lambda row: "", names, id=activity.pk)[0]
    assert entry.sentence == "Owner Director of Care → Director of Learning; due date not stated → March 2021."
    assert (entry.who, entry.reason) == ("Administrator", "New structure.")


def test_links_that_changed_are_named(activity, administrator, other_post):
    history.save(activity, by=administrator, links={"further_owners": [other_post]})
    known = {"further_owners": {other_post.pk: "Director of Learning"}}
    assert sentences(trail(Activity, lambda row: "", known, id=activity.pk))[0] == (
        "Further owners added: Director of Learning."
    )
    assert sentences(trail(Activity, lambda row: "", id=activity.pk))[0] == "Further owners changed."


def test_a_removal_is_told(plan, administrator):
    objective = factories.ObjectiveFactory(plan=plan)
    pk = objective.pk
    history.remove(objective, by=administrator, reason="Twice.")
    assert sentences(trail(Objective, lambda row: "", id=pk)) == ["The record was removed.", "The record was added."]


def test_trails_are_merged_newest_first(objective, activity):
    entries = newest_first(trail(Objective, lambda row: "O", id=objective.pk), trail(Activity, lambda row: "A"))
    assert [entry.when for entry in entries] == sorted((entry.when for entry in entries), reverse=True)
    assert len(entries) == 2
