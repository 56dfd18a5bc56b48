from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from objectives.models import Plan
from tests import factories
from tests.html import Page

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(client, scrutiny_member):
    client.force_login(scrutiny_member)
    return client


def words(page):
    text = " ".join(" ".join(page.text).split())
    return text.replace(" ,", ",").replace(" .", ".").replace(" :", ":")


#: For the page itself, and for each plan on it.
ITSELF, EACH = 8, 60


def report(activity):
    """The same path to green in both months."""
    for period in ("Apr 2026", "May 2026"):
        factories.ProgressUpdateFactory(activity=activity, period=period, rag="red", path_to_green="We hire.")


@pytest.fixture
def red(plan, objective, post):
    activity = factories.ActivityFactory(plan=plan, key="ka1", ref="KA1", objective=objective, due_date="2020-03")
    report(activity)
    return activity


def opened(reader):
    """The page, once everything is published."""
    for plan in Plan.objects.all():
        factories.PublicationFactory(plan=plan)
    response = reader.get(reverse("scrutiny"))
    assert response.status_code == 200
    return response.content.decode()


def test_the_month_stands_in_five_sentences_with_their_figures(reader, plan, red):
    risk = factories.RiskFactory(plan=plan, ref="R1", matrix=factories.RiskMatrixFactory(council=plan.council))
    factories.RiskScoreFactory(risk=risk, likelihood=4, impact=5)
    place = factories.PlanIndicatorFactory(plan=plan)
    factories.OutturnFactory(indicator=place.indicator, period="May 2026", value=Decimal(80))
    factories.TargetFactory(indicator=place.indicator, period="May 2026")
    text = words(Page(opened(reader), ""))
    for sentence in (
        "Of 1 activity: 1 Red.",
        "There is nothing earlier to set this against yet.",
        "1 overdue; the longest is KA1, due March 2020.",
        "1 of 1 indicator with a rating miss its target;",
        "The highest risk scores 20 (R1); no savings are stated; no contracts end or need notice within 12 months.",
    ):
        assert sentence in text


def test_three_questions_are_shown_and_the_rest_is_one_click_away(reader, plan, objective, red):
    for number in range(3):
        another = factories.ActivityFactory(plan=plan, ref=f"KB{number}", title="Do it", objective=objective)
        report(another)
    html = opened(reader)
    first, _, folded = html.partition("<details")
    asked = "What will bring"
    assert (first.count(f"<strong>{asked}"), folded.count(f"<strong>{asked}")) == (3, 1)
    assert "1 more question worth asking" in folded
    assert reverse("question_ask", args=[plan.slug, "activity", "ka1"]) in first


def test_without_a_current_plan_the_page_says_so(reader, borough):
    factories.PlanFactory(council=borough, status="closed")
    assert "No current plan of your council is published." in opened(reader)


def test_current_plans_stand_one_by_one_the_newest_first(reader, borough, plan):
    factories.PlanFactory(council=borough, title="The older plan", around=date(2020, 6, 1))
    factories.PlanFactory(council=borough, title="The closed plan", status="closed")
    text = words(Page(opened(reader), ""))
    assert 0 < text.index("The Borough's Plan") < text.index("The older plan")
    assert "The closed plan" not in text


def test_each_plan_takes_the_same_number_of_queries_however_much_there_is(reader, scrutiny_member, borough, plan, fill):
    def count():
        opened(reader)
        with CaptureQueriesContext(connection) as captured:
            reader.get(reverse("scrutiny"))
        return len(captured)

    assert connection.features.supports_json_field  # asked once for each process
    fill(1)
    first, _ = (factories.PublicationFactory(plan=plan) for _ in range(2))
    place = plan.planindicator_set.first()
    factories.FollowUpFactory(plan=plan, user=scrutiny_member, publication=first, record_key=place.key)
    factories.QuestionFactory(plan=plan)
    once = count()
    fill(2)
    for place in plan.planindicator_set.all()[1:]:
        factories.FollowUpFactory(plan=plan, user=scrutiny_member, publication=first, record_key=place.key)
        factories.QuestionFactory(plan=plan)
    assert count() == once <= ITSELF + EACH
    factories.PublicationFactory(plan=factories.PlanFactory(council=borough))
    assert count() - once <= EACH
