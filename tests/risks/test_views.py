"""Changing a risk and scoring it anew."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from lambeth_plans import history
from lambeth_plans.fields import PartialDate
from risks.models import Risk, RiskScore
from tests import factories


@pytest.fixture
def owner(borough):
    return factories.OfficerFactory(council=borough, key="head-of-care", name="Head of Care")


@pytest.fixture
def risk(plan):
    risk = factories.RiskFactory(plan=plan, key="sr1", ref="SR1", title="Not enough foster carers")
    factories.RiskScoreFactory(risk=risk, score=16, scored_date=date(2021, 1, 31))
    return risk


@pytest.fixture
def matrix(borough, risk):
    matrix = factories.RiskMatrixFactory(council=borough)
    risk.matrix = matrix
    history.save(risk, by=factories.UserFactory(), reason="Matrix agreed.")
    return matrix


@pytest.fixture
def page(client, analyst):
    client.force_login(analyst)
    return client


ADDRESS = "/plans/borough-plan/risks/sr1/edit/"


def post(page, **answers):
    answers = {
        "title": "Not enough foster carers",
        "owner": "",
        "review_date": "",
        "score_kind": "current",
        "version": 1,
        "reason": "Quarterly review.",
        **answers,
    }
    return page.post(ADDRESS, answers)


def words(response):
    return response.content.decode()


def scores(risk):
    found = RiskScore.objects.filter(risk=risk).order_by("scored_date")
    return [(score.kind, score.scored_date, score.score) for score in found]


def test_the_address_is_the_one_the_risk_links_to(risk):
    assert reverse("risk_edit", args=["borough-plan", "sr1"]) == ADDRESS


def test_an_analyst_changes_a_risk(page, analyst, risk, owner):
    response = post(page, title="Too few foster carers", owner="head-of-care", review_date="March 2021")
    assert (response.status_code, response.url) == (302, "/plans/borough-plan/risks/sr1/")
    risk.refresh_from_db()
    assert (risk.title, risk.owner, risk.review_date) == ("Too few foster carers", owner, PartialDate("2021-03"))
    newest = risk.history.latest("history_id")
    assert (newest.history_user, newest.history_change_reason) == (analyst, "Quarterly review.")
    assert risk.history.count() == 2
    assert len(scores(risk)) == 1


def test_a_total_is_added_beside_the_earlier_scores(page, analyst, risk):
    response = page.get(post(page, total="12", scored_date="31/03/2021").url)
    assert "SR1 now has a current score of 12." in words(response)
    assert scores(risk) == [("current", date(2021, 1, 31), 16), ("current", date(2021, 3, 31), 12)]
    score = RiskScore.objects.get(score=12)
    assert (score.matrix, score.likelihood, score.reason) == (None, None, "Quarterly review.")
    assert [entry.history_user for entry in score.history.all()] == [analyst]
    assert risk.history.count() == 1


def test_with_a_matrix_likelihood_and_impact_make_the_score(page, risk, matrix):
    assert 'name="total"' not in words(page.get(ADDRESS))
    response = post(page, likelihood="3", impact="4", scored_date="31/03/2021", score_kind="target", version=2)
    assert response.status_code == 302
    score = RiskScore.objects.get(kind="target")
    assert (score.likelihood, score.impact, score.score, score.matrix) == (3, 4, 12, matrix)


def test_without_a_matrix_there_is_only_a_total(page, risk):
    form = words(page.get(ADDRESS))
    assert "The current score is 16, of 31 January 2021." in form
    assert 'name="total"' in form
    assert 'name="likelihood"' not in form


@pytest.mark.parametrize(
    ("answers", "error"),
    [
        ({"title": ""}, "Enter the title."),
        ({"title": "x", "reason": ""}, "Say why, for the history."),
        ({"review_date": "soon"}, "is not a date"),
        ({"total": "0", "scored_date": "31/03/2021"}, "Enter a whole number from 1 to 100."),
        ({"total": "twelve", "scored_date": "31/03/2021"}, "Enter a whole number from 1 to 100."),
        ({"total": "12"}, "Say on which day the risk was scored."),
        ({"scored_date": "31/03/2021"}, "Give the new score, or leave its date empty."),
        ({"total": "12", "scored_date": f"{date.today() + timedelta(days=2):%d/%m/%Y}"}, "or earlier"),
        ({"total": "12", "scored_date": "31/01/2021"}, "SR1 has a current score of 16 on 31 January 2021 already."),
    ],
)
def test_a_bad_answer_is_named_and_nothing_is_saved(page, risk, answers, error):
    response = post(page, **answers)
    assert response.status_code == 200
    assert error in words(response)
    assert Risk.history.count() == 1
    assert len(scores(risk)) == 1


@pytest.mark.parametrize(
    ("answers", "error"),
    [
        ({"likelihood": "3"}, "Give likelihood and impact together."),
        ({"likelihood": "9", "impact": "1"}, "Select a valid choice."),
    ],
)
def test_half_a_score_is_none(page, risk, matrix, answers, error):
    response = post(page, scored_date="31/03/2021", version=2, **answers)
    assert error in words(response)
    assert len(scores(risk)) == 1


def test_an_officer_of_another_council_cannot_own_it(page, risk, elsewhere):
    factories.OfficerFactory(council=elsewhere, key="stranger-officer")
    assert post(page, owner="stranger-officer").status_code == 200
    risk.refresh_from_db()
    assert risk.owner is None


def test_a_stale_form_answers_409_and_keeps_what_was_typed(page, administrator, risk):
    risk.title = "Foster carers leave"
    history.save(risk, by=administrator, reason="Clearer.")
    response = post(page, title="Too few foster carers", total="12", scored_date="31/03/2021")
    assert response.status_code == 409
    for text in ("Too few foster carers", "Foster carers leave", administrator.name, 'value="12"'):
        assert text in words(response)
    risk.refresh_from_db()
    assert risk.title == "Foster carers leave"
    assert len(scores(risk)) == 1


def test_an_analyst_of_another_council_finds_nothing(client, elsewhere, risk):
    client.force_login(factories.UserFactory(role="analyst", councils=[elsewhere]))
    assert client.get(ADDRESS).status_code == 404
    assert post(client, title="Mine").status_code == 404
    assert Risk.history.count() == 1


@pytest.mark.parametrize("role", ["administrator", "director", "lead_member", "scrutiny_member"])
def test_nobody_but_an_analyst_changes_a_risk(client, borough, risk, role):
    client.force_login(factories.UserFactory(role=role, councils=[borough]))
    assert client.get(ADDRESS).status_code == 403
    assert post(client, title="Mine").status_code == 403
    assert Risk.history.count() == 1


def test_a_closed_plan_is_scored_as_at_its_end(page, administrator, plan, risk):
    plan.status, plan.end_date = "closed", date(2021, 3, 31)
    plan.start_date = date(2020, 4, 1)
    history.save(plan, by=administrator, reason="Over.")
    response = post(page, total="12", scored_date="01/04/2021")
    assert "A score of this plan is dated 31 March 2021 or earlier." in words(response)
    assert post(page, total="12", scored_date="31/03/2021").status_code == 302
    assert len(scores(risk)) == 2
