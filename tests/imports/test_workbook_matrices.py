"""Risk matrices in a plan's workbook: what was agreed is agreed no more where the file says something else."""

import pytest

from lambeth_plans import history
from lambeth_plans.imports.undo import InTheWay, undo_records
from lambeth_plans.imports.workbook.actions import PlanMoved, confirm_plan
from risks.models import Risk, RiskMatrix, RiskStep
from tests import factories
from tests.imports.workbooks import add_row, changed, put, told, upload, workbook_of

pytestmark = pytest.mark.django_db

AGREED = ("agreed", "Corporate board, April 2020")
ASSUMED = ("assumed", "")
#: As the factory makes it.
ROW = {"Key": "five", "Name": "Five by five", "Edition": 1, "Standing": "Agreed", "Agreed_by": AGREED[1]}


@pytest.fixture
def matrix(borough):
    return factories.RiskMatrixFactory(council=borough, key="five", name="Five by five", agreed_by=AGREED[1])


def of_matrix(**said):
    periods = {"Periods_of_getting_worse_before_it_is_an_exception": 3}
    return add_row("Risk matrices", **ROW | periods | said)


def of_step(**said):
    step = {"Matrix": "five", "Axis": "Likelihood", "Weight": 1, "Word": "Very low"}
    return add_row("Risk steps", **step | said)


def bring(plan, by, *changes):
    return upload(changed(workbook_of(plan.slug), *changes), by)


def standing(matrix):
    matrix.refresh_from_db()
    return matrix.standing, matrix.agreed_by


def shown(batch, sheet="Risk matrices"):
    return [row["cells"] for row in batch.rows["rows"] if row["sheet"] == sheet]


BAND = add_row("Risk bands", Matrix="five", Lowest_score=20, Rating="Red", Name="Very high")


@pytest.mark.parametrize("changes", [(of_step(Word="Hardly ever"),), (of_matrix(Highest_score_that_is_accepted=9),)])
def test_a_matrix_that_says_something_else_is_agreed_no_more_and_the_preview_says_so(
    plan, administrator, matrix, changes
):
    batch = bring(plan, administrator, *changes)
    assert batch.state == "previewed", told(batch)
    (cells,) = shown(batch)
    assert (cells["standing"], cells["agreed_by"]) == (["Agreed", "Assumed"], [AGREED[1], ""])
    assert "Five by five was agreed as it is now." in " ".join(batch.notes)
    assert standing(matrix) == AGREED
    batch = confirm_plan(batch=batch, by=administrator)
    assert standing(matrix) == ASSUMED
    assert [entry.history_type for entry in matrix.history.filter(batch=batch.number)] == ["~"]
    undo_records(batch=batch, by=administrator, reason="The wrong file.")
    assert standing(matrix) == AGREED


def test_the_same_file_again_does_not_agree_it(plan, administrator, matrix):
    content = changed(workbook_of(plan.slug), of_matrix(), BAND)
    confirm_plan(batch=upload(content, administrator), by=administrator)
    assert standing(matrix) == ASSUMED
    again = upload(content, administrator)
    assert (again.state, standing(matrix)) == ("unchanged", ASSUMED)
    assert "No file agrees a matrix: Five by five stays assumed." in " ".join(again.notes)


def test_another_name_leaves_it_agreed(plan, administrator, matrix):
    batch = bring(plan, administrator, of_matrix(Name="Ours"), of_step())
    assert list(shown(batch)[0]) == ["name"]
    confirm_plan(batch=batch, by=administrator)
    assert standing(matrix) == AGREED


def agree(matrix, by):
    matrix.refresh_from_db()
    matrix.standing, matrix.agreed_by = AGREED
    history.save(matrix, by=by, reason="Agreed.")


@pytest.fixture
def assumed(matrix, administrator):
    matrix.standing, matrix.agreed_by = ASSUMED
    return history.save(matrix, by=administrator, reason="Not yet.")


def test_what_was_agreed_after_the_preview_is_not_changed_by_it(plan, administrator, assumed):
    batch = bring(plan, administrator, of_step(Word="Hardly ever"))
    assert shown(batch) == []
    agree(assumed, administrator)
    with pytest.raises(PlanMoved):
        confirm_plan(batch=batch, by=administrator)
    assert standing(assumed) == AGREED


def test_what_was_put_in_use_after_the_preview_is_not_changed_by_it(plan, administrator, matrix):
    batch = bring(plan, administrator, of_step(Word="Hardly ever"))
    factories.RiskFactory(plan=plan, matrix=matrix)
    with pytest.raises(PlanMoved):
        confirm_plan(batch=batch, by=administrator)
    assert standing(matrix) == AGREED


def test_what_was_agreed_after_an_import_is_not_changed_by_undoing_that(plan, administrator, assumed):
    batch = confirm_plan(batch=bring(plan, administrator, of_step(Word="Hardly ever")), by=administrator)
    agree(assumed, administrator)
    with pytest.raises(InTheWay) as refusal:
        undo_records(batch=batch, by=administrator, reason="The wrong file.")
    assert [each.message for each in refusal.value.obstacles] == [
        "It was agreed since: its steps and bands are part of what was agreed."
    ]
    assert RiskStep.objects.filter(matrix=assumed, word="Hardly ever").exists()


def test_a_file_may_change_an_unused_matrix_and_put_a_risk_on_it(plan, administrator, matrix):
    risk = add_row("Risks", Key="sr1", Title="Too few carers", Matrix="five", Order=1)
    batch = bring(plan, administrator, of_matrix(), of_step(Word="Hardly ever"), risk)
    assert batch.state == "previewed", told(batch)
    confirm_plan(batch=batch, by=administrator)
    assert standing(matrix) == ASSUMED
    assert Risk.objects.get().matrix == matrix


def test_a_file_that_takes_the_agreement_back_takes_back_by_whom(plan, administrator, matrix):
    batch = bring(plan, administrator, of_matrix(Standing="Assumed"))
    confirm_plan(batch=batch, by=administrator)
    assert standing(matrix) == ASSUMED


def test_of_a_matrix_in_use_each_cell_is_refused_and_nothing_else_is_said(plan, administrator, matrix):
    factories.RiskFactory(plan=plan, matrix=matrix)
    content = changed(workbook_of(plan.slug), put("Risk steps", 2, "Word", "Hardly ever"))
    batch = upload(content, administrator)
    assert [error["sheet"] for error in batch.errors] == ["Risk steps"]
    assert RiskMatrix.objects.get().is_settled
