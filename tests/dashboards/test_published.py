from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from activities.models import Activity
from lambeth_plans import history
from lambeth_plans.cycles.models import Publication
from lambeth_plans.dashboards.trail import trail
from tests import factories
from tests.published import publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def member(client, scrutiny_member):
    client.force_login(scrutiny_member)
    return client


@pytest.fixture
def read(member, plan):
    def page(name, *keys, **asked):
        response = member.get(reverse(name, args=[plan.slug, *keys]), asked)
        return response.status_code, response.content.decode()

    return page


def retitle(activity, title):
    activity.refresh_from_db()
    activity.title = title
    history.save(activity, by=activity.owner.user, reason=f"Now {title}.")


def test_a_plan_that_was_never_published_is_not_there_for_members(read, member, plan, activity):
    assert read("plan_dashboard")[0] == 404
    assert escape(plan.title) not in member.get(reverse("plan_list")).content.decode()
    publish(plan)
    assert read("plan_dashboard")[0] == 200
    assert escape(plan.title) in member.get(reverse("plan_list")).content.decode()


def test_members_see_the_latest_publication_and_not_what_was_written_since(read, plan, activity):
    publish(plan)
    retitle(activity, "A draft")
    status, html = read("activity_detail", "ka1")
    assert status == 200
    assert "Refresh the early help offer" in html
    assert "A draft" not in html
    publish(plan)
    assert "A draft" in read("activity_detail", "ka1")[1]


def test_nothing_is_told_of_what_came_between_two_publications(read, plan, activity):
    publish(plan)
    retitle(activity, "Not this")
    retitle(activity, "But this")
    publish(plan)
    html = read("activity_detail", "ka1", history="all")[1]
    assert "But this" in html
    assert "Not this" not in html
    assert "Not this" not in read("change_list")[1]
    seen = [entry.sentence for entry in trail(Activity, lambda row: "", id=activity.pk)]
    assert any("Not this" in sentence for sentence in seen)  # for those who see drafts it is in the trail


def test_a_report_that_was_corrected_before_it_was_published_is_not_shown(read, plan, activity):
    for revision, text in enumerate(("First thought", "Second thought"), 1):
        factories.ProgressUpdateFactory(activity=activity, period="Apr 2020", revision=revision, what_happened=text)
    publish(plan)
    factories.ProgressUpdateFactory(activity=activity, period="Apr 2020", revision=3, what_happened="Third thought")
    publish(plan)
    html = read("activity_detail", "ka1")[1]
    assert [text in html for text in ("First thought", "Second thought", "Third thought")] == [False, True, True]


def test_a_past_day_and_a_number_show_what_was_published_then(read, plan, activity, director, client):
    first = publish(plan)
    Publication.history.all().delete()
    retitle(activity, "A second version")
    publish(plan)
    for asked in ("publication-1",):
        html = read("activity_detail", "ka1", as_at=asked)[1]
        assert "Refresh the early help offer" in html
        assert "Show the latest publication" in html
        assert f"as_at={asked}" in html  # links keep it
    assert read("activity_detail", "ka1", as_at="publication-3")[0] == 404
    assert read("plan_dashboard", as_at=timezone.localdate() - timedelta(days=1))[0] == 404
    client.force_login(director)
    html = read("activity_detail", "ka1", as_at="publication-1")[1]
    assert first.words.split(".")[0] in html
    assert "Show it as it is now" in html


def test_members_find_what_is_published_and_no_draft(member, plan, activity, post):
    publish(plan)
    retitle(activity, "Quagga")

    def found(words, **asked):
        return member.get(reverse("search"), {"q": words, **asked}).content.decode()

    assert "/activities/ka1/" in found("early help")
    assert "/activities/ka1/" in found("KA 1", kind="activity", plan=plan.slug)
    assert "/activities/ka1/" not in found("Quagga")
    assert reverse("officer_detail", args=["borough", post.key]) in found("Director of Care")
    assert "/activities/ka1/" not in found("early help", kind="risk")


def test_people_and_boards_are_as_they_were_published(member, plan, activity, post, division):
    board = factories.BoardFactory(council=plan.council, key="board", name="The board", chair=post, members=[post])
    factories.BoardFactory(council=plan.council, key="lower", name="Lower board", reports_to=[board])
    history.save(plan, by=post.user, links={"boards": [board]})
    history.save(activity, by=post.user, links={"boards": [board]})
    publish(plan)
    post.name, board.name = "Somebody new", "Another board"
    history.save(post, by=post.user)
    history.save(board, by=post.user)
    factories.OfficerFactory(council=plan.council, key="newcomer", name="A newcomer")
    slug = plan.council.slug

    def page(name, *keys):
        return member.get(reverse(name, args=[slug, *keys])).content.decode()

    people, person = page("officer_list"), page("officer_detail", post.key)
    assert "Somebody new" not in people + person
    assert "A newcomer" not in people
    assert "1 activity" in people
    assert "1 division directed" in people
    assert "/activities/ka1/" in person
    boards, one = page("board_list"), page("board_detail", "board")
    assert "Another board" not in boards + one
    assert "Lower board" in boards
    assert "/activities/ka1/" in one
    assert escape(plan.title) in one
    assert member.get(reverse("officer_detail", args=[slug, "newcomer"])).status_code == 404


def test_neighbours_are_named_where_they_are_published_too(read, plan, borough):
    before = factories.PlanFactory(council=borough, title="The plan before")
    plan.follows = before
    history.save(plan, by=publish(before).published_by)
    factories.PlanFactory(council=borough, title="The plan to come", follows=plan)
    publish(plan)
    html = read("plan_dashboard")[1]
    assert "The plan before" in html
    assert "The plan to come" not in html
