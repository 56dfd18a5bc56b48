"""What the owner of a risk scores, and what keeps it down."""

from datetime import date

import pytest

from risks.models import Mitigation, RiskScore
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def risk(plan, borough, post):
    matrix = factories.RiskMatrixFactory(council=borough)
    risk = factories.RiskFactory(plan=plan, key="sr1", ref="SR1", matrix=matrix, owner=post)
    factories.RiskScoreFactory(risk=risk, likelihood=3, impact=4, scored_date=date(2021, 1, 31))
    return risk


@pytest.fixture
def page(client, director):
    client.force_login(director)
    return client


SCORE = "/plans/borough-plan/risks/sr1/score/"


def post(page, **answers):
    seen = page.get(SCORE).context["form"].initial["seen"]
    sent = {"likelihood": "4", "impact": "4", "version": 1, "seen": seen, "reason": "More left."}
    return page.post(SCORE, {**sent, **answers})


def test_the_form_shows_the_words_what_it_was_and_what_every_pair_comes_to(page, risk):
    shown = page.get(SCORE).content.decode()
    for words in ("4 High", "The score is <strong>12</strong>", "of 31 January 2021", "<strong>12 now</strong>", "25"):
        assert words in shown


def test_the_owner_scores_it_today(page, risk):
    response = page.get(post(page).url)
    assert "SR1 now scores 16." in response.content.decode()
    newest = RiskScore.objects.order_by("scored_date").last()
    assert (newest.likelihood, newest.impact, newest.scored_date, newest.matrix) == (4, 4, date.today(), risk.matrix)


def test_a_second_score_of_the_same_day_corrects_the_first(page, risk):
    post(page)
    assert post(page, impact="5").status_code == 302
    newest = RiskScore.objects.get(scored_date=date.today())
    assert (newest.score, newest.history.count()) == (20, 2)


def test_a_score_that_somebody_else_made_meanwhile_is_not_passed_over(page, risk):
    post(page)
    assert post(page, impact="5", seen="").status_code == 409
    assert RiskScore.objects.get(scored_date=date.today()).score == 16


@pytest.mark.parametrize("answers", [{"likelihood": "9"}, {"impact": ""}, {"reason": ""}])
def test_a_bad_answer_keeps_the_score(page, risk, answers):
    assert post(page, **answers).status_code == 200
    assert RiskScore.objects.count() == 1


def test_a_colleague_finds_nothing(client, other_director, other_post, risk):
    client.force_login(other_director)
    assert client.get(SCORE).status_code == 404


def test_an_analyst_says_what_is_in_place_and_what_is_still_to_be_done(client, analyst, plan, risk):
    client.force_login(analyst)
    activity = factories.ActivityFactory(plan=plan, key="a1")
    kept = factories.MitigationFactory(risk=risk, order=1, text="Monthly meeting")
    answers = {"row-1-version": 1, "row-1-kind": "control", "row-1-text": "Monthly meeting", "row-1-activity": ""}
    answers |= {"new-1-kind": "action", "new-1-text": "Recruit", "new-1-activity": activity.key, "reason": "Sorted."}
    assert client.post("/plans/borough-plan/risks/sr1/mitigations/", answers).status_code == 302
    found = [(each.order, each.kind, each.text, each.activity) for each in Mitigation.objects.order_by("order")]
    assert found == [(1, "control", "Monthly meeting", None), (2, "action", "Recruit", activity)]
    kept.refresh_from_db()
    assert kept.version == 2
    page = client.get("/plans/borough-plan/risks/sr1/").content.decode()
    assert page.index("Controls in place") < page.index("Further actions")
