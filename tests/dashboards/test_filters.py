from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from lambeth_plans.dashboards.filters import ActivityFilter, ContractFilter, IndicatorFilter
from lambeth_plans.dashboards.indicator_lines import indicator_lines
from lambeth_plans.dashboards.state import plan_state
from tests import factories

pytestmark = pytest.mark.django_db


def narrowed(form_class, rows, **data):
    return [row.ref for row in form_class(data, rows).narrowed()]


@pytest.fixture
def activities(plan, objective, post, other_post):
    goal = factories.BoroughGoalFactory(council=plan.council, key="2-4", number="2.4")
    member = factories.OfficerFactory(council=plan.council, key="cllr-a", name="Cllr A", kind="member")
    other = factories.ObjectiveFactory(plan=plan, key="ob2", ref="OB2")
    first = factories.ActivityFactory(
        plan=plan,
        ref="A1",
        order=1,
        title="Recruit foster carers",
        objective=objective,
        further_objectives=[other],
        owner=post,
        programme="Closer to Home",
        goal=goal,
        due_date="2020",
    )
    factories.ProgressUpdateFactory(activity=first, rag="red")
    factories.ActivityFactory(
        plan=plan,
        ref="A2",
        order=2,
        title="Train leads",
        objective=other,
        owner=other_post,
        further_owners=[post],
        lead_members=[member],
        due_date=timezone.localdate() + timedelta(days=40),
    )
    factories.ActivityFactory(plan=plan, ref="A3", order=3, title="Train carers", objective=None)
    return plan_state(plan).activities


@pytest.mark.parametrize(
    ("data", "refs"),
    [
        ({}, ["A1", "A2", "A3"]),
        ({"rag": "red"}, ["A1"]),
        ({"rag": "not_reported"}, ["A2", "A3"]),
        ({"rag": "blue"}, []),
        ({"due": "overdue"}, ["A1"]),
        ({"due": "stated"}, ["A1", "A2"]),
        ({"due": "none"}, ["A3"]),
        ({"objective": "ob2"}, ["A1", "A2"]),
        ({"objective": "none"}, ["A3"]),
        ({"owner": "director-of-care"}, ["A1", "A2"]),
        ({"owner": "none"}, ["A3"]),
        ({"member": "cllr-a"}, ["A2"]),
        ({"programme": "Closer to Home"}, ["A1"]),
        ({"goal": "2-4"}, ["A1"]),
        ({"text": "carers TRAIN"}, ["A3"]),
        ({"text": "a1"}, ["A1"]),
        ({"text": "train", "owner": "none"}, ["A3"]),
        ({"rag": "purple"}, ["A1", "A2", "A3"]),
        ({"text": "x" * 101}, ["A1", "A2", "A3"]),
    ],
)
def test_activities_are_narrowed_by_what_they_state(activities, data, refs):
    assert narrowed(ActivityFilter, activities, **data) == refs


def test_each_choice_says_how_many_it_leaves(activities):
    choices = dict(ActivityFilter(None, activities).fields["objective"].choices)
    assert choices == {"": "All", "ob1": "OB1 (1)", "ob2": "OB2 (2)", "none": "Not stated (1)"}


def test_a_rating_nobody_has_is_offered_all_the_same(activities):
    assert "Complete (0)" in dict(ActivityFilter(None, activities).fields["rag"].choices).values()


def test_a_choice_that_is_none_is_told(read, activities):
    assert "is not one of the available choices" in read("activity_list", owner="nobody").content.decode()


def test_indicators_are_narrowed_by_colour_group_and_verdict(plan, post):
    for code, value, group in (("K1", 95, "Care"), ("K2", 80, "Care"), ("K3", None, "School")):
        place = factories.PlanIndicatorFactory(plan=plan, code=code, group=group, owner=post if value else None)
        if value:
            factories.TargetFactory(indicator=place.indicator, period="Apr 2020")
            factories.OutturnFactory(indicator=place.indicator, period="Apr 2020", value=Decimal(value))
    lines = indicator_lines(plan_state(plan))

    def codes(**data):
        return [line.indicator.code for line in IndicatorFilter(data, lines).in_order()]

    assert codes(rag="green") == ["K1"]
    assert codes(rag="red") == ["K2"]
    assert codes(rag="none") == ["K3"]
    assert codes(group="Care", owner="director-of-care") == ["K2", "K1"]
    assert codes(text="k3") == ["K3"]
    assert codes(variation="none", assurance="none", sort="name") == ["K1", "K2", "K3"]
    assert codes(variation="concern") == []


def test_contracts_are_narrowed_by_status_and_director(plan, post, other_post):
    today = timezone.localdate()
    for ref, days in (("C1", -1), ("C2", 365), ("C3", 366), ("C4", None)):
        end = None if days is None else today + timedelta(days=days)
        factories.ContractFactory(plan=plan, ref=ref, end_date=end, director=post, further_directors=[other_post])
    contracts = plan_state(plan).contracts
    for status, ref in (("ended", "C1"), ("ends-soon", "C2"), ("running", "C3"), ("no-end-date", "C4")):
        assert narrowed(ContractFilter, contracts, status=status) == [ref]
    assert len(narrowed(ContractFilter, contracts, director="director-of-learning")) == 4
    assert narrowed(ContractFilter, contracts, director="none") == ["C1", "C2", "C3", "C4"]
