"""Risks."""

from datetime import date

import pytest

from tests import factories

pytestmark = pytest.mark.django_db


def test_a_risk_has_its_current_and_target_score(program, plan, objective, activity):
    risk = factories.RiskFactory(plan=plan, key="r1", ref="CSSR0004", title="Staff leave", objectives=[objective])
    factories.RiskScoreFactory(
        risk=risk, score=16, likelihood=None, impact=None, matrix=None, scored_date=date(2020, 5, 1)
    )
    factories.RiskScoreFactory(risk=risk, kind="target", score=9, likelihood=None, impact=None, matrix=None)
    factories.MitigationFactory(risk=risk, text="A new offer", activity=activity)
    factories.MitigationFactory(risk=risk, text="Better pay")
    item = program.only("risks")
    assert (item["ref"], item["score"], item["target_score"]) == ("CSSR0004", 16, 9)
    assert (item["likelihood"], item["rag"], item["scored_date"]) == (None, None, "2020-05-01")
    assert item["objectives"] == ["OB1"]
    assert item["mitigations"] == ["A new offer (KA1)", "Better pay"]


def test_a_risk_without_scores_says_so(program, plan):
    factories.RiskFactory(plan=plan)
    item = program.only("risks")
    assert (item["score"], item["target_score"], item["owner"]) == (None, None, None)
