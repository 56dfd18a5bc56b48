from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from activities.models import ProgressUpdate
from lambeth_plans import history
from lambeth_plans.cycles.models import Publication, PublishedText
from lambeth_plans.dashboards.actions import NotTheLatest, has_moved, publish
from lambeth_plans.dashboards.state import plan_state
from lambeth_plans.imports.audit import audit
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def published(plan, activity, analyst):
    return publish(plan=plan, after=0, note="For the board.", by=analyst)


def retitled(activity, by, title="Something else"):
    activity.refresh_from_db()
    activity.title = title
    return history.save(activity, by=by, reason="Reworded.")


def test_a_publication_leaves_one_row_of_history_that_says_who_and_why(published, plan, analyst):
    entry = published.history.get()
    assert (entry.actor, entry.history_change_reason) == ("Analyst", "For the board.")
    assert (published.number, published.published_by, len(published.digest)) == (1, analyst, 64)
    assert audit().differences == ()


def test_what_is_written_afterwards_is_not_part_of_it_even_where_it_holds_from_earlier(published, plan, activity):
    """A clock that is slow, or a change that waited for its turn while the plan was published."""
    before = published.published_at - timedelta(seconds=5)
    activity.title = "Written later"
    history.save(activity, by=published.published_by, at=before)
    factories.ObjectiveFactory(plan=plan, title="New, later", at=before)
    then = plan_state(plan, published.moment)
    assert [each.title for each in then.activities] == ["Refresh the early help offer"]
    assert len(then.objectives) == 1
    assert not has_moved(published)


@pytest.mark.parametrize("tampered", ["title", "actor", "gone", "added"])
def test_the_digest_tells_whatever_is_done_to_the_history(published, activity, tampered):
    entries = activity.history
    if tampered == "gone":
        entries.all().delete()
    elif tampered == "added":
        entry = entries.latest("history_id")
        entry.pk, entry.title = None, "Slipped in"
        entry.history_id = 0  # before the first row that there is
        entry.save()
    else:
        entries.update(**{tampered: "Somebody else"})
    assert has_moved(published) == (tampered != "added" or entries.latest("history_id").title == "Slipped in")


def test_somebody_who_published_meanwhile_is_told_of(published, plan, analyst, administrator):
    with pytest.raises(NotTheLatest) as error:
        publish(plan=plan, after=0, by=administrator)
    assert error.value.latest == published
    assert Publication.objects.count() == 1
    assert publish(plan=plan, after=1, by=administrator, corrects=published, note="A slip.").number == 2


@pytest.mark.parametrize("who", ["director", "scrutiny_member", "nobody", "stranger"])
def test_only_those_who_may_publish(request, plan, who):
    with pytest.raises(PermissionDenied):
        publish(plan=plan, after=0, by=request.getfixturevalue(who))
    assert not Publication.objects.exists()


def test_a_plan_of_another_council_is_not_published(elsewhere, analyst):
    with pytest.raises(PermissionDenied):
        publish(plan=factories.PlanFactory(council=elsewhere), after=0, by=analyst)


def test_each_publication_makes_the_search_anew_without_reports_that_were_corrected(plan, activity, analyst):
    for revision, text in enumerate(("Too early", "Corrected"), 1):
        factories.ProgressUpdateFactory(activity=activity, period="Apr 2020", revision=revision, what_happened=text)
    publish(plan=plan, after=0, by=analyst)
    last = publish(plan=plan, after=1, by=analyst)
    assert {text.publication for text in PublishedText.objects.all()} == {last}
    reports = PublishedText.objects.filter(kind="progress")
    assert ["Corrected" in report.text and "Too early" not in report.text for report in reports] == [True]
    assert ProgressUpdate.objects.count() == 2


def test_a_moment_in_the_past_is_never_one_to_come(plan, activity, analyst):
    ahead = publish(plan=plan, after=0, at=timezone.now() + timedelta(days=1), by=analyst)
    assert ahead.published_at <= timezone.now()
