from datetime import timedelta

import pytest
from django.utils import timezone

from lambeth_plans.dashboards.earlier import Then, since_words, state_before
from lambeth_plans.dashboards.published import published_state
from lambeth_plans.dashboards.state import plan_state
from lambeth_plans.rag import Rag
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def publish(plan, activity):
    """`publish("red")`: rated so, and published; what is published corrects `corrects`."""

    def rate_and_publish(rag, corrects=None):
        factories.ProgressUpdateFactory(
            activity=activity, period="May 2026", revision=activity.updates.count() + 1, rag=rag, path_to_green="Hire."
        )
        return factories.PublicationFactory(plan=plan, number=plan.publications.count() + 1, corrects=corrects)

    return rate_and_publish


@pytest.fixture
def shown(plan):
    def state_of(publication):
        so_far = list(plan.publications.filter(number__lte=publication.number).order_by("number"))
        return published_state(so_far, shows_latest=True, sees_small_counts=False)

    return state_of


def test_a_publication_is_set_against_the_one_before(publish, shown):
    first, second = publish("green"), publish("red")
    was = state_before(shown(second))
    assert was.activities[0].rag is Rag.GREEN
    assert (was.at, was.sees_small_counts) == (first.moment, False)
    assert state_before(shown(first)) is None


def test_a_correction_is_set_against_what_was_right_before(publish, shown):
    first, wrong = publish("green"), publish("red")
    corrected = publish("amber", corrects=wrong)
    assert state_before(shown(corrected)).at == first.moment


def test_a_plan_that_is_not_published_is_set_against_a_month_ago(plan, activity):
    live = plan_state(plan)
    assert state_before(live) is None
    plan.history.update(history_date=timezone.now() - timedelta(days=31))
    assert (timezone.localdate() - timezone.localdate(state_before(live).at)).days == 30


def test_what_is_followed_up_is_compared_with_what_was_seen_then(plan, publish, shown, django_assert_num_queries):
    first, second = publish("green"), publish("red")
    then, now = (
        factories.FollowUpFactory(plan=plan, publication=first),
        factories.FollowUpFactory(plan=plan, publication=second),
    )
    state = shown(second)
    assert since_words(then).endswith(", publication 1")
    lines = Then(state).comparison(then).lines("worse")
    assert [line.sentence for line in lines] == ["Green → Red. Reported for May 2026."]
    with django_assert_num_queries(0):
        assert Then(state).comparison(now).groups == ()
        assert Then(state, allowed=0).comparison(then) is None
    assert Then(state, shown(first), allowed=0).comparison(then).lines("worse") == lines
