"""What changed between publications, meetings and days, for officers."""

from datetime import timedelta

import pytest
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from lambeth_plans import history
from tests import factories
from tests.html import Page
from tests.published import publish

pytestmark = pytest.mark.django_db


def days_ago(days):
    return timezone.localdate() - timedelta(days=days)


def report(activity, rag, period):
    factories.ProgressUpdateFactory(activity=activity, rag=rag, period=period)


@pytest.fixture
def ten_days(plan, activity):
    """The plan as it was ten days ago: Green. Published; Red since, published; then done."""
    report(activity, "green", "Apr 2026")
    for model in history.recorded_models():
        model.history.update(history_date=F("history_date") - timedelta(days=10))
    publish(plan)
    report(activity, "red", "May 2026")
    publish(plan)
    report(activity, "blue", "Jun 2026")


@pytest.fixture
def meeting(plan, borough, administrator):
    board = factories.BoardFactory(council=borough, name="Improvement Board")
    history.save(plan, by=administrator, links={"boards": [board]})
    factories.MeetingFactory(council=borough, board=board, meeting_date=days_ago(400), key="before-the-plan")
    return factories.MeetingFactory(council=borough, board=board, meeting_date=days_ago(4))


@pytest.fixture
def page(read):
    return lambda **query: " ".join(read("change_between", **query).content.decode().split())


def test_publications_and_meetings_are_offered_beside_the_days(read, ten_days, meeting):
    _, *groups = read("change_between").context["form"].fields["from_is"].choices
    offered = {name: [code for code, _ in options] for name, options in groups}
    assert offered == {"Publications": ["publication-2", "publication-1"], "Meetings": [meeting.key]}


def test_two_publications_are_compared_and_their_links_keep_the_second(read, page, ten_days):
    html = page(from_is="publication-1", to_is="publication-2", to="nonsense")
    assert "What changed from publication 1 (" in html
    assert "1 rating got worse and none got better" in html
    assert "Complete" not in html
    links = Page(read("change_between", from_is="publication-1", to_is="publication-2").content.decode(), "/").links
    assert f"{reverse('activity_detail', args=['borough-plan', 'ka1'])}?as_at=publication-2" in links


def test_a_meeting_is_compared_with_a_publication_and_with_now(page, ten_days, meeting):
    assert "from the meeting of Improvement Board" in page(from_is=meeting.key)
    assert "No rating got worse and 1 got better" in page(from_is=meeting.key)
    assert "1 rating got worse and none got better" in page(from_is=meeting.key, to_is="publication-2")


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"from_is": "publication-2", "to_is": "publication-1"}, "The first moment must come before the second."),
        ({"from_is": "publication-1", "to_is": "publication-1"}, "Both are the same publication"),
        ({"from_is": "publication-99"}, "Choose one of the list, or write a day."),
    ],
)
def test_what_cannot_be_compared_is_said(page, ten_days, query, words):
    assert words in page(**query)


def test_a_page_as_at_a_day_offers_nothing_that_came_after_it(read, ten_days):
    assert "from_is" not in read("change_between", as_at=str(days_ago(2))).context["form"].fields


def test_members_compare_days_of_what_is_published(client, scrutiny_member, plan, ten_days):
    client.force_login(scrutiny_member)
    form = client.get(reverse("change_between", args=[plan.slug])).context["form"]
    assert set(form.fields) == {"from", "to"}
