from datetime import timedelta

import pytest
from django.http import QueryDict
from django.utils import timezone

from activities.models import ProgressUpdate
from lambeth_plans import history
from lambeth_plans.cycles.models import DraftReport, Submission
from lambeth_plans.dashboards.update_sheet import SheetFilter, prefix_of
from lambeth_plans.periods import month_of, previous_month
from lambeth_plans.rag import Rag
from tests import factories

PAGE = "/my-updates/"
GREEN = {"rag": "green", "what_happened": "As planned."}


@pytest.fixture
def client(client, director):
    client.force_login(director)
    return client


def open_round(plan, *, due=7, closes=14, **fields):
    """A round that opened ten days ago; `due` and `closes` are days from today."""
    today = timezone.localdate()
    return factories.ReportingRoundFactory(
        plan=plan,
        opens_date=today - timedelta(days=10),
        due_date=today + timedelta(days=due),
        closes_date=today + timedelta(days=closes),
        **fields,
    )


def posted(activity, save="all", draft=0, **typed):
    prefix = prefix_of(activity)
    values = {"version": activity.version, "draft": draft, **typed}
    return {f"{prefix}-{name}": value for name, value in values.items()} | {"save": save}


def rows(response):
    return [row for group in response.context["groups"] for row in group.rows]


def test_sheet_counts_what_the_round_asks_for(client, activity, plan, post):
    this_round = open_round(plan)
    month = month_of(this_round.month_date)
    done, complete = (factories.ActivityFactory(plan=plan, owner=post) for _ in range(2))
    factories.ProgressUpdateFactory(activity=done, period=month)
    factories.ProgressUpdateFactory(activity=complete, period=previous_month(month), rag=Rag.BLUE)
    due = this_round.due_date
    html = " ".join(client.get(PAGE).content.decode().split())
    assert f"1 of 2 submitted for {month.long_label}, due {due.day} {due:%B %Y}: " in html
    assert "the round</a> is open." in html


def test_report_is_handed_in_to_the_round_even_of_the_month_before(client, activity, plan):
    month = previous_month(month_of(timezone.localdate()))
    made = open_round(plan, due=-1, closes=5, month_date=month.start)
    (row,) = rows(client.get(PAGE))
    assert row.is_late
    assert client.post(PAGE, posted(activity, **GREEN)).status_code == 302
    submission = Submission.objects.get()
    assert (submission.reporting_round, submission.report.period, submission.is_late) == (made, month, True)
    (row,) = rows(client.get(PAGE))
    assert (row.is_late, row.is_done) == (False, True)


def test_after_closing_the_sheet_asks_why_and_keeps_the_answer(client, activity, plan):
    open_round(plan, due=-3, closes=-1)
    response = client.post(PAGE, posted(activity, **GREEN))
    (line,) = response.context["errors"]
    assert line.text == "KA1: Say why it comes after the round has closed."
    assert not ProgressUpdate.objects.exists()
    assert client.post(PAGE, posted(activity, **GREEN, late_because="I was ill.")).status_code == 302
    assert Submission.objects.get().late_because == "I was ill."


def test_the_page_of_one_report_asks_why_too(client, activity, plan):
    open_round(plan, due=-3, closes=-1)
    page = f"/plans/{plan.slug}/activities/{activity.key}/report/"
    assert "why this comes after it" in client.get(page).content.decode()
    typed = {"version": activity.version, **GREEN}
    assert client.post(page, typed).status_code == 200
    assert client.post(page, {**typed, "late_because": "I was ill."}).status_code == 302
    assert Submission.objects.get().late_because == "I was ill."


def test_what_was_returned_stands_first_with_its_reason(client, activity, plan, post):
    older = factories.PlanFactory(council=plan.council, start_date=plan.start_date - timedelta(days=900))
    returned = factories.ActivityFactory(plan=older, owner=post, order=9)
    factories.ActivityFactory(plan=older, owner=post, order=1)
    factories.SubmissionFactory(reporting_round=open_round(older), activity=returned, state="returned")
    response = client.get(PAGE)
    first, *others = rows(response)
    assert (first.activity, first.is_done, len(others)) == (returned, False, 2)
    assert "Say more." in response.content.decode()
    client.post(PAGE, posted(returned, **GREEN))
    assert Submission.objects.get().state == "submitted"
    assert rows(client.get(PAGE))[0].activity == activity


def test_draft_is_kept_for_its_post_and_becomes_no_report(client, activity, plan, post, deputy, other_director):
    history.save(post, by=deputy, links={"deputies": [factories.OfficerFactory(council=plan.council, user=deputy)]})
    assert client.post(PAGE, posted(activity, save="draft", what_happened="Half a")).status_code == 302
    assert (ProgressUpdate.objects.count(), activity.history.count()) == (0, 1)
    client.force_login(deputy)
    (row,) = rows(response := client.get(PAGE))
    assert row.form["what_happened"].value() == "Half a"
    assert "Draft of Director" in response.content.decode()
    assert client.post(PAGE, posted(activity, draft=1, **GREEN)).status_code == 302
    assert (ProgressUpdate.objects.count(), DraftReport.objects.count()) == (1, 0)


def test_two_who_write_one_draft_see_both(client, activity, director):
    client.post(PAGE, posted(activity, save="draft", what_happened="The first one's words."))
    response = client.post(PAGE, posted(activity, save="draft", what_happened="The second one's words."))
    html = response.content.decode()
    assert response.status_code == 409
    for words in ("The first one&#x27;s words.", "The second one&#x27;s words.", "Director saved its draft"):
        assert words in html
    assert DraftReport.objects.get().typed["what_happened"] == "The first one's words."
    client.post(PAGE, posted(activity, save="draft", draft=1, what_happened="The second one's words."))
    assert DraftReport.objects.get().typed["what_happened"] == "The second one's words."


def test_draft_is_kept_and_found_on_the_page_of_one_report(client, activity, plan):
    page = f"/plans/{plan.slug}/activities/{activity.key}/report/"
    typed = {"version": activity.version, "what_happened": "Half a"}
    assert client.post(page, {**typed, "save": "draft"}).status_code == 302
    assert "Half a" in client.get(page).content.decode()
    again = client.post(page, {**typed, "what_happened": "Another", "save": "draft"})
    assert again.status_code == 409
    assert "Half a" in again.content.decode()
    assert client.post(page, {**typed, "save": "", "rag": "green", "draft": "1"}).status_code == 302
    assert not DraftReport.objects.exists()


def test_ended_plan_of_which_something_was_returned_is_not_put_aside():
    under_way, ended = factories.PlanFactory.build(pk=1), factories.PlanFactory.build(pk=2, status="closed")
    both = {"plans": [under_way, ended]}
    assert SheetFilter(QueryDict(), **both).puts_aside(ended)
    assert not SheetFilter(QueryDict(), **both, returned={2}).puts_aside(ended)
