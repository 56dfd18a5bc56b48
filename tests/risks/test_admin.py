"""Risk matrices in the administration pages: none is agreed there."""

import pytest
from django.urls import reverse

from risks.models import RiskBand, RiskMatrix, RiskStep
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]


@pytest.fixture
def page(client, administrator):
    client.force_login(administrator)
    return client


@pytest.fixture
def matrix(borough):
    return factories.RiskMatrixFactory(council=borough, key="five", name="Five by five", agreed_date="2020-04-01")


def change(page, record, **answers):
    address = reverse(f"admin:risks_{record._meta.model_name}_change", args=[record.pk])
    form = page.get(address).context["adminform"].form
    sent = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    return page.post(address, {**sent, "change_reason": "Reviewed.", **answers})


def standing(matrix):
    matrix.refresh_from_db()
    return matrix.standing, matrix.agreed_by, f"{matrix.agreed_date or ''}"


AGREED = ("agreed", "Corporate board, April 2020", "2020-04-01")
ASSUMED = ("assumed", "", "")


def test_a_matrix_that_is_added_is_assumed(page, borough):
    sent = {"council": borough.pk, "key": "new", "name": "New", "edition": 1, "escalate_after": 3}
    agreed = {"standing": "agreed", "agreed_by": "Nobody", "agreed_date": "2021-01-01"}
    response = page.post(reverse("admin:risks_riskmatrix_add"), {**sent, **agreed, "change_reason": "New."})
    assert response.status_code == 302
    assert standing(RiskMatrix.objects.get()) == ASSUMED


def test_nobody_agrees_a_matrix_here(page, matrix, borough):
    other = factories.RiskMatrixFactory(council=borough, key="other", standing="assumed", agreed_by="", bands=())
    said = {"standing": "agreed", "agreed_by": "Nobody", "agreed_date": "2021-01-01", "escalate_after": 4}
    assert change(page, other, **said).status_code == 302
    assert standing(other) == ASSUMED
    assert change(page, matrix, name="Another name", standing="assumed", agreed_by="").status_code == 302
    assert standing(matrix) == AGREED
    assert matrix.name == "Another name"


def test_another_appetite_has_to_be_agreed(page, matrix):
    assert change(page, matrix, appetite=9).status_code == 302
    assert standing(matrix) == ASSUMED


def test_other_words_or_bands_have_to_be_agreed(page, matrix, borough):
    step = RiskStep.objects.filter(matrix=matrix).first()
    assert change(page, step).status_code == 302
    assert standing(matrix) == AGREED
    assert change(page, step, word="Hardly ever").status_code == 302
    assert standing(matrix) == ASSUMED
    other = factories.RiskMatrixFactory(council=borough, key="other")
    sent = {"matrix": other.pk, "lowest_score": 20, "rag": "red", "name": "Very high", "change_reason": "Finer."}
    assert page.post(reverse("admin:risks_riskband_add"), sent).status_code == 302
    assert standing(other) == ASSUMED
    assert RiskBand.objects.filter(matrix=other, lowest_score=20).exists()


def test_a_matrix_in_use_keeps_its_bands(page, matrix, plan):
    factories.RiskFactory(plan=plan, matrix=matrix)
    band = RiskBand.objects.filter(matrix=matrix).last()
    assert "is agreed and in use" in change(page, band, lowest_score=20).content.decode()
    assert standing(matrix) == AGREED
