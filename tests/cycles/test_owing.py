from datetime import date

import pytest

from activities.models import Activity
from lambeth_plans import history
from lambeth_plans.cycles.owing import owed, people_who_owe
from lambeth_plans.periods import month
from lambeth_plans.rag import Rag
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def november(plan):
    return factories.ReportingRoundFactory(plan=plan, month_date=date(2026, 11, 1))


def report(activity, number, rag=Rag.GREEN):
    return factories.ProgressUpdateFactory(activity=activity, period=month(2026, number), rag=rag)


def test_a_round_asks_for_every_activity_of_its_plan(november, activity, other_activity):
    factories.ActivityFactory()
    report(other_activity, 11)
    assert [(line.activity, line.owner.key, line.is_submitted) for line in owed(november)] == [
        (activity, "director-of-care", False),
        (other_activity, "director-of-learning", True),
    ]


def test_a_round_asks_no_more_for_what_was_complete_before_it(november, activity, other_activity):
    report(activity, 10, Rag.BLUE)
    report(other_activity, 11, Rag.BLUE)
    assert [(line.activity, line.is_submitted) for line in owed(november)] == [(other_activity, True)]
    report(activity, 11, Rag.AMBER)  # it was not complete after all
    assert len(owed(november)) == 2


def test_a_superseded_plan_owes_nothing(november, activity, plan, administrator):
    plan.status = "superseded"
    history.save(plan, by=administrator, reason="A new plan.")
    assert owed(november) == ()


def test_those_who_owe_are_those_who_answer(
    november, activity, other_activity, post, division, borough, elsewhere, administrator
):
    """The same rule as for the sheet of updates, read from the other end."""
    people = {}

    def officer(name, role="director", councils=(borough,), **fields):
        user = factories.UserFactory(username=name, name=name, role=role, councils=councils)
        people[name] = user
        return factories.OfficerFactory(council=borough, key=name, user=user, **fields)

    post.deputies.set([officer("deputy"), officer("left-deputy", left_date=date(2020, 1, 1)), officer("an", "analyst")])
    head = officer("head", division=division)
    gone = officer("gone", division=division, left_date=date(2020, 1, 1))
    outsider = officer("outsider", councils=[elsewhere])
    factories.ActivityFactory(plan=activity.plan, key="of-head", owner=head, further_owners=[outsider])
    factories.ActivityFactory(plan=activity.plan, key="of-gone", owner=gone)
    factories.ActivityFactory(plan=activity.plan, key="of-nobody")
    found = {user: {each.pk for each in open_items} for user, open_items in people_who_owe(november).items()}
    everybody = [*people.values(), post.user, other_activity.owner.user, administrator]
    expected = {
        user: set(Activity.objects.answerable_to(user).values_list("pk", flat=True))
        for user in everybody
        if user.role == "director"
    }
    assert found == {user: activities for user, activities in expected.items() if activities}
    assert {user.username for user in found} == {"director", "other_director", "deputy", "head"}


def test_who_reported_and_who_may_no_longer_log_in_owes_nothing(november, activity, other_activity, director):
    report(other_activity, 11)
    assert people_who_owe(november) == {director: [activity]}
    director.is_active = False
    history.save(director, by=director, reason="Left.")
    assert people_who_owe(november) == {}


def test_what_is_owed_takes_a_fixed_number_of_queries(november, activity, other_activity, django_assert_num_queries):
    with django_assert_num_queries(7):
        owed(november)
    for _ in range(3):
        factories.ActivityFactory(plan=activity.plan, owner=activity.owner, further_owners=[other_activity.owner])
    with django_assert_num_queries(7):
        owed(november)
