"""Records of registers on the monthly sheet; the risks are the first of them."""

from datetime import date

import pytest

from lambeth_plans import history
from lambeth_plans.dashboards.monthly import prefix_of
from risks.actions import mark_of, score_risk
from risks.models import RiskScore
from tests import factories

PAGE = "/my-updates/"


@pytest.fixture
def client(client, director):
    client.force_login(director)
    return client


@pytest.fixture
def risk(plan, post):
    risk = factories.RiskFactory(plan=plan, key="r1", ref="R1", title="Too few carers", owner=post)
    factories.RiskScoreFactory(risk=risk, kind="current", score=8, scored_date=date(2020, 1, 31))
    return risk


@pytest.fixture
def other_risk(plan, post):
    return factories.RiskFactory(plan=plan, key="r2", ref="R2", title="Too few places", owner=post, order=2)


def fields(risk, version=None, **typed):
    """What the sheet's form of a risk posts."""
    prefix, typed = prefix_of("risk", risk), {"seen": mark_of(newest(risk)), **typed}
    return {f"{prefix}-{name}": value for name, value in {"version": version or risk.version, **typed}.items()}


def newest(risk):
    return RiskScore.objects.filter(risk=risk, kind="current").order_by("scored_date").last()


def test_director_scores_a_risk_beside_a_report_in_one_go(client, activity, risk):
    report = {f"{activity.key}-p{activity.plan_id}-{name}": value for name, value in
              {"version": activity.version, "rag": "green", "what_happened": "As planned."}.items()}  # fmt: skip
    response = client.post(PAGE, {"save": "all"} | report | fields(risk, total="12", because="Two left."))
    assert response.status_code == 302
    assert (newest(risk).score, newest(risk).reason) == (12, "Two left.")
    assert newest(risk).history.get().actor == "Director"
    assert activity.updates.count() == 1
    html = client.get(PAGE).content.decode()
    assert "Risks: 1 of 1 updated this month" in html
    assert "2 updates saved." in html


def test_nothing_is_saved_where_one_of_them_is_wrong(client, activity, risk, other_risk):
    typed = fields(risk, total="12", because="Two left.") | fields(other_risk, total="many", because="So many.")
    response = client.post(PAGE, {"save": "all"} | typed)
    assert response.status_code == 200
    html = response.content.decode()
    assert "R2: Enter a whole number from 1 to 100." in html
    assert 'value="many"' in html
    assert 'value="12"' in html
    assert newest(risk).score == 8


def test_what_was_typed_in_another_row_stays_and_is_not_judged(client, risk, other_risk):
    typed = fields(risk, total="12", because="Two left.") | fields(other_risk, total="many")
    response = client.post(PAGE, {"save": prefix_of("risk", risk)} | typed)
    html = response.content.decode()
    assert response.status_code == 200
    assert "R1 is now scored 12." in html
    assert 'value="many"' in html
    assert "Not saved yet." in html
    assert "Enter a whole number" not in html


def test_a_draft_says_that_it_does_not_hold_a_score(client, risk):
    response = client.post(PAGE, {"save": "draft"} | fields(risk, total="12"))
    html = response.content.decode()
    assert "A draft holds reports on activities only." in html
    assert 'value="12"' in html
    assert newest(risk).score == 8


def test_somebody_else_was_first(client, risk, analyst):
    opened_on = risk.version
    risk.title = "Far too few carers"
    history.save(risk, by=analyst, reason="Clearer.")
    response = client.post(PAGE, {"save": "all"} | fields(risk, version=opened_on, total="12", because="Two left."))
    html = response.content.decode()
    assert response.status_code == 409
    assert "R1: somebody else changed it meanwhile." in html
    assert "Analyst changed this" in html
    assert newest(risk).score == 8
    again = client.post(PAGE, {"save": "all"} | fields(risk, total="12", because="Two left."))
    assert again.status_code == 302
    assert newest(risk).score == 12


def test_a_button_beside_nothing_typed_loses_nothing_typed_elsewhere(client, risk, other_risk):
    typed = fields(risk, total="12", because="Two left.") | fields(other_risk)
    response = client.post(PAGE, {"save": prefix_of("risk", other_risk)} | typed)
    html = response.content.decode()
    assert "Nothing was filled in, so nothing was saved." in html
    assert 'value="12"' in html
    assert "Two left." in html


def test_what_is_put_aside_still_clashes_with_what_a_colleague_saves(client, risk, other_risk, analyst):
    opened_on = risk.version
    risk.title = "Far too few carers"
    history.save(risk, by=analyst, reason="Clearer.")
    typed = fields(risk, version=opened_on, total="12", because="Two left.")
    other = fields(other_risk, total="4", because="A new home.")
    response = client.post(PAGE, {"save": prefix_of("risk", other_risk)} | typed | other)
    hidden = f'name="{prefix_of("risk", risk)}-version" value="{opened_on}"'
    assert hidden in response.content.decode()


def test_a_deputy_who_scored_meanwhile_is_not_overwritten_unseen(client, risk, deputy, today):
    opened_on = {"seen": mark_of(newest(risk))}
    score = RiskScore(risk=risk, kind="current", scored_date=today, score=9, reason="One came back.")
    score_risk(risk=risk, score=score, seen=mark_of(newest(risk)), by=deputy, reason="One came back.")
    response = client.post(PAGE, {"save": "all"} | fields(risk, total="12", because="Two left.", **opened_on))
    assert response.status_code == 409
    assert "One came back." in response.content.decode()
    assert newest(risk).score == 9
    again = fields(risk, total="12", because="Two left.", seen=mark_of(newest(risk)))
    assert client.post(PAGE, {"save": "all"} | again).status_code == 302
    assert newest(risk).score == 12


def test_a_step_that_is_no_longer_offered_is_said_and_no_breakdown(client, risk, post, analyst):
    matrix = factories.RiskMatrixFactory(council=risk.plan.council)
    risk.matrix = matrix
    history.save(risk, by=analyst, reason="On the matrix.")
    typed = fields(risk, likelihood="99", impact="1", because="Two left.", seen=mark_of(newest(risk)))
    response = client.post(PAGE, {"save": "all"} | typed)
    assert response.status_code == 200
    assert "Two left." in response.content.decode()
    assert newest(risk).score == 8


def test_text_for_a_risk_that_is_no_longer_mine_is_shown_again(client, risk, other_post, analyst, activity):
    typed = fields(risk, total="12", because="Two left.")
    risk.owner = other_post
    history.save(risk, by=analyst, reason="Moved.")
    response = client.post(PAGE, {"save": "all"} | typed)
    assert response.status_code == 409
    assert "Two left." in response.content.decode()
    assert newest(risk).score == 8


def test_risks_of_a_closed_plan_are_not_asked_for(client, risk, plan, analyst):
    plan.status = "closed"
    history.save(plan, by=analyst, reason="Over.")
    assert "Too few carers" not in client.get(PAGE).content.decode()
