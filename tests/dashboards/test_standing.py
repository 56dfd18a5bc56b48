from datetime import UTC, datetime

import pytest

from lambeth_plans.dashboards.standing import standing
from lambeth_plans.dashboards.state import plan_state
from lambeth_plans.rag import Rag
from tests import factories

pytestmark = pytest.mark.django_db


def stands(plan, at=None):
    state = plan_state(plan, at)
    (activity,) = state.activities
    evidence = tuple(each for each in state.evidence if activity.id in each.activity_ids)
    return standing(state, activity, state.outputs.get(activity.id, ()), evidence)


def test_what_nobody_has_reported_on_is_none_of_the_three(plan, activity):
    found = stands(plan)
    assert found.done == "Not reported complete."
    assert found.signed_off == "Nothing to sign off: nobody has reported on it."
    assert found.evidence == ()


def test_each_of_the_three_is_told_apart(plan, activity):
    factories.OutputFactory(plan=plan, activity=activity, done_date="2020")
    factories.OutputFactory(plan=plan, activity=activity)
    report = factories.ProgressUpdateFactory(activity=activity, rag=Rag.BLUE)
    found = stands(plan)
    month = report.period.long_label
    assert found.done == f"Yes, reported complete for {month}. 1 of 2 outputs done."
    assert found.signed_off == f"No: the report for {month} was not handed in to a round."
    evidence = factories.EvidenceFactory(plan=plan, activities=[activity])
    assert [each.key for each in stands(plan).evidence] == [evidence.key]


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("submitted", "No: the report for {month} is submitted (Lambeth Plans, 3 December 2026)."),
        ("returned", "No: the report for {month} is returned (Lambeth Plans, 3 December 2026)."),
        ("signed_off", "Yes: the report for {month}, by Lambeth Plans, 3 December 2026."),
    ],
)
def test_how_far_the_latest_report_has_come_is_said_as_it_stood_then(plan, activity, state, words):
    before = factories.ProgressUpdateFactory(activity=activity, period="Oct 2020").history.get().history_date
    submission = factories.SubmissionFactory(
        reporting_round=factories.ReportingRoundFactory(plan=plan),
        activity=activity,
        state=state,
        step_at=datetime(2026, 12, 3, 12, tzinfo=UTC),
    )
    assert stands(plan).signed_off == words.format(month=submission.report.period.long_label)
    assert stands(plan, before).signed_off == "No: the report for October 2020 was not handed in to a round."


def test_a_report_after_the_one_that_was_signed_off_is_not_signed_off(plan, activity):
    submission = factories.SubmissionFactory(
        reporting_round=factories.ReportingRoundFactory(plan=plan), activity=activity, state="signed_off"
    )
    factories.ProgressUpdateFactory(activity=activity, period=submission.report.period, revision=2)
    assert stands(plan).signed_off.startswith("No: ")


def test_activity_page_says_all_three(client, scrutiny_member, plan, activity):
    factories.PublicationFactory(plan=plan)
    client.force_login(scrutiny_member)
    html = client.get(f"/plans/{plan.slug}/activities/{activity.key}/").content.decode()
    for words in ("Not reported complete.", "Nothing to sign off", "No: no evidence is linked to it."):
        assert words in html
