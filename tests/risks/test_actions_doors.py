"""No sequence of edits through forms, imports or the administration pages stores an impossible score."""

from contextlib import suppress
from datetime import date, timedelta

import pytest
from django.db import transaction
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lambeth_plans import history
from lambeth_plans.imports.registers.actions import confirm_register
from risks.models import ImpossibleScore, Risk, RiskMatrix, RiskScore, RiskStep
from risks.models.matrix import weights_of
from risks.scoring import refusal
from tests import factories
from tests.environment import SOAK
from tests.imports.registers import bring, told
from tests.imports.workbooks import changed, put, upload, workbook_of

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]

FIRST = date(2021, 1, 31)


@pytest.fixture
def matrix(borough):
    """Assumed, so that its steps may still change under its scores: impact 1, 2, 4, 8 by likelihood 1 to 4."""
    matrix = factories.RiskMatrixFactory(council=borough, key="odd", name="Odd", standing="assumed", steps=(), bands=())
    for axis, weights in (("likelihood", (1, 2, 3, 4)), ("impact", (1, 2, 4, 8))):
        for weight in weights:
            factories.RiskStepFactory(matrix=matrix, axis=axis, weight=weight, word=f"Step {weight}")
    return matrix


@pytest.fixture
def risk(plan, post, matrix):
    return factories.RiskFactory(plan=plan, key="sr1", ref="SR1", title="Too few carers", matrix=matrix, owner=post)


def impossible():
    """The scores that their matrix cannot give."""
    scores = RiskScore.objects.filter(matrix__isnull=False)
    weights = weights_of([score.matrix_id for score in scores])
    return [
        score
        for score in scores
        if refusal(weights[score.matrix_id], score=score.score, likelihood=score.likelihood, impact=score.impact)
    ]


class Doors:
    """Each way in, tried with whatever is given. None may raise."""

    def __init__(self, client, risk, people):
        self.client, self.risk, self.people = client, risk, people
        self.day = FIRST

    def __call__(self, door, likelihood, impact, score):
        self.day += timedelta(days=1)
        getattr(self, door)(likelihood, impact, score)

    def log_in(self, role):
        self.client.force_login(self.people[role])

    def post(self, url, **answers):
        response = self.client.post(url, answers)
        assert response.status_code in (200, 302, 409), (url, answers)

    def form(self, likelihood, impact, score):
        self.log_in("analyst")
        risk = Risk.objects.get(pk=self.risk.pk)
        self.post(
            reverse("risk_edit", args=[risk.plan.slug, risk.key]),
            title=risk.title,
            owner=risk.owner.key,
            version=risk.version,
            likelihood=likelihood,
            impact=impact,
            total=score,
            score_kind="current",
            scored_date=f"{self.day:%d/%m/%Y}",
            reason="Tried.",
        )

    def owner(self, likelihood, impact, score):
        self.log_in("director")
        risk = Risk.objects.get(pk=self.risk.pk)
        url = reverse("risk_score", args=[risk.plan.slug, risk.key])
        self.post(
            url,
            seen=self.client.get(url).context["form"].initial["seen"],
            version=risk.version,
            likelihood=likelihood,
            impact=impact,
            total=score,
            reason="Tried.",
        )

    def admin(self, likelihood, impact, score):
        self.log_in("administrator")
        self.post(
            reverse("admin:risks_riskscore_add"),
            risk=self.risk.pk,
            kind="current",
            scored_date=self.day.isoformat(),
            score=score,
            likelihood=likelihood if score % 2 else "",
            impact=impact if score % 2 else "",
            matrix=self.risk.matrix_id,
            change_reason="Tried.",
        )

    def admin_step(self, likelihood, impact, score):
        self.log_in("administrator")
        step = RiskStep.objects.filter(matrix=self.risk.matrix_id).order_by("pk").first()
        self.post(
            reverse("admin:risks_riskstep_change", args=[step.pk]),
            axis="impact",
            weight=likelihood,
            matrix=self.risk.matrix_id,
            word="Tried",
            opened_version=step.version,
            change_reason="Tried.",
        )

    def set_up(self, likelihood, impact, score):
        """Takes a step away, or adds one."""
        self.log_in("administrator")
        matrix = self.risk.matrix
        url = reverse("matrix_edit", args=[matrix.council.slug, matrix.key])
        form = self.client.get(url).context["form"]
        self.post(
            url,
            name=matrix.name,
            likelihood="\n".join(f"{n} Word" for n in range(1, likelihood + 1)),
            impact="\n".join(f"{2**n} Word" for n in range(impact)),
            bands="",
            appetite="",
            escalate_after="3",
            version=form.instance.version,
            opened=form.initial["opened"],
            reason="Tried.",
        )

    def register(self, likelihood, impact, score):
        parts = f"{likelihood},{impact}" if score % 2 else ","
        lines = (
            "Reference,Title,Likelihood,Impact,Score,Matrix,Scored on",
            f"SR1,,{parts},{score},odd,{self.day:%d/%m/%Y}",
        )
        batch = bring("risks", "\n".join(lines), self.risk.plan, self.people["analyst"])
        if batch.is_waiting:
            confirm_register(batch=batch, by=self.people["analyst"])

    def past_every_form(self, likelihood, impact, score):
        with suppress(ImpossibleScore):
            factories.RiskScoreFactory(risk=self.risk, score=score, matrix=self.risk.matrix, scored_date=self.day)


DOORS = ("form", "owner", "admin", "admin_step", "set_up", "register", "past_every_form")
tries = st.lists(
    st.tuples(st.sampled_from(DOORS), st.integers(1, 6), st.integers(1, 9), st.integers(1, 40)), min_size=3, max_size=5
)


@settings(
    max_examples=100 if SOAK else 8,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(tries=tries)
def test_no_sequence_of_edits_stores_an_impossible_score(client, risk, administrator, analyst, director, tries):
    people = {"administrator": administrator, "analyst": analyst, "director": director}
    with transaction.atomic():
        doors = Doors(client, Risk.objects.select_related("plan__council", "matrix__council").get(pk=risk.pk), people)
        for each in tries:
            doors(*each)
            assert impossible() == [], each
        transaction.set_rollback(True)


def test_a_score_that_its_matrix_cannot_give_is_not_written_past_every_form(risk):
    with pytest.raises(ImpossibleScore, match="SR1: 5 is no score of this matrix"):
        factories.RiskScoreFactory(risk=risk, score=5, matrix=risk.matrix)
    assert not RiskScore.objects.exists()
    assert not RiskScore.history.exists()


def test_a_step_that_a_score_stands_on_is_not_removed(risk, analyst):
    factories.RiskScoreFactory(risk=risk, likelihood=4, impact=8)
    step = RiskStep.objects.get(matrix=risk.matrix, axis="impact", weight=8)
    with pytest.raises(ImpossibleScore):
        history.remove(step, by=analyst, reason="Not needed.")
    assert RiskStep.objects.filter(pk=step.pk).exists()


def test_the_administration_page_names_the_field_and_what_is_possible(client, administrator, risk):
    client.force_login(administrator)
    sent = {"risk": risk.pk, "kind": "current", "scored_date": "2021-03-31", "score": "15", "change_reason": "Why."}
    page = client.post(reverse("admin:risks_riskscore_add"), sent).content.decode()
    assert "15 is no score of this matrix. Possible are 1, 2, 3, 4, 6, 8, 12, 16, 24 and 32." in page
    assert 'value="15"' in page


def test_a_register_with_impossible_scores_is_refused_with_row_and_value(risk, analyst):
    lines = (
        "Reference,Title,Likelihood,Impact,Score,Matrix,Scored on",
        "SR1,,5,2,,odd,31/03/2021",
        "SR2,Another,3,3,,odd,31/03/2021",
        "SR1,,,,15,,30/04/2021",
    )
    batch = bring("risks", "\n".join(lines), risk.plan, analyst)
    errors = " ".join(told(batch))
    assert batch.state == "refused"
    for words in ("5 is no step of likelihood", "3 is no step of impact", "15 is no score of this matrix"):
        assert words in errors


def test_a_workbook_with_an_impossible_score_is_refused(risk, administrator):
    factories.RiskScoreFactory(risk=risk, likelihood=3, impact=4)
    content = changed(
        workbook_of(risk.plan.slug), put("Risk scores", 2, "Impact", 3), put("Risk scores", 2, "Score", 9)
    )
    batch = upload(content, administrator)
    assert "3 is no step of impact of this matrix. The steps are 1, 2, 4 and 8." in str(batch.errors)


def test_a_matrix_that_is_agreed_and_in_use_is_not_changed_by_an_import(borough, plan, administrator):
    matrix = factories.RiskMatrixFactory(council=borough)
    factories.RiskFactory(plan=plan, matrix=matrix)
    content = changed(workbook_of(plan.slug), put("Risk bands", 2, "Rating", "Red"))
    assert "is agreed and in use: its steps and bands stay" in str(upload(content, administrator).errors)
    assert RiskMatrix.objects.get().is_settled
