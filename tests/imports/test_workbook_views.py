"""A plan's workbook on the web."""

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from lambeth_plans import history
from lambeth_plans.imports.models import ImportBatch
from objectives.models import Objective
from tests import factories
from tests.imports.workbooks import cells_of, changed, put, upload, workbook_of


@pytest.fixture
def whole(plan, objective, activity):
    return workbook_of(plan.slug)


@pytest.fixture
def page(client, administrator):
    client.force_login(administrator)
    return client


def send(page, content, name="plan.xlsx"):
    return page.post(reverse("plan_import_new"), {"file": SimpleUploadedFile(name, content), "reason": "Yearly review"})


def words(response):
    return response.content.decode()


def test_everybody_who_sees_drafts_downloads_a_plan(client, onlooker, whole):
    client.force_login(onlooker)
    assert reverse("plan_workbook", args=["borough-plan"]) in words(client.get("/plans/borough-plan/"))
    response = client.get(reverse("plan_workbook", args=["borough-plan"]))
    assert response["Content-Disposition"] == 'attachment; filename="borough-plan.xlsx"'
    assert cells_of(response.content) == cells_of(whole)


def test_a_plan_with_a_text_too_long_for_a_cell_says_which(page, plan, activity):
    factories.SectionFactory(plan=plan, key="long", body="words " * 6_000)
    response = page.get(reverse("plan_workbook", args=[plan.slug]), follow=True)
    assert response.status_code == 200
    assert "The plan does not fit into a workbook." in words(response)
    assert "36,000 characters" in words(response)


def test_an_administrator_uploads_looks_and_confirms(page, whole):
    response = send(page, changed(whole, put("Objectives", 2, "Title", "Keep every child safe")))
    preview = words(page.get(response.url))
    assert "Check what will change" in preview
    assert "0 new, 1 changed" in preview
    assert "Keep every child safe" in preview
    done = page.post(reverse("plan_import_confirm", args=[ImportBatch.objects.get().number]), follow=True)
    assert "is applied: 0 new and 1 changed records." in words(done)
    assert "The plan is in" in words(done)
    assert "Yearly review" in Objective.objects.get().history.first().history_change_reason


def test_a_refused_workbook_tells_every_error_and_gives_them_as_a_file(page, whole):
    response = send(page, changed(whole, put("Objectives", 2, "Order", "many")))
    refused = words(page.get(response.url))
    assert "The workbook was refused" in refused
    assert "Objectives, row 2" in refused
    assert "is not a whole number" in refused
    marked = page.get(reverse("plan_import_marked", args=[ImportBatch.objects.get().number])).content
    assert openpyxl.load_workbook(io.BytesIO(marked))["Objectives"]["D2"].comment
    listed = page.get(reverse("plan_import_errors", args=[ImportBatch.objects.get().number]))
    assert "Objectives,2," in words(listed)


def test_what_changed_meanwhile_is_a_conflict(page, administrator, whole, objective):
    batch = upload(changed(whole, put("Objectives", 2, "Title", "A")), administrator)
    objective.title = "Meanwhile"
    history.save(objective, by=administrator)
    response = page.post(reverse("plan_import_confirm", args=[batch.number]))
    assert response.status_code == 409
    assert "Objectives, row 2: ob1" in words(response)


def test_a_workbook_without_a_council_so_far_is_seen_by_its_maker_only(page, client, administrator, stranger):
    response = send(page, b"no workbook")
    assert "The workbook was refused" in words(page.get(response.url))
    history.save(stranger, by=administrator)
    stranger.role = "administrator"
    history.save(stranger, by=administrator)
    client.force_login(stranger)
    assert client.get(response.url).status_code == 404


def test_batches_of_plans_and_of_figures_are_kept_apart(page, client, administrator, analyst, whole):
    batch = upload(changed(whole, put("Objectives", 2, "Title", "A")), administrator)
    client.force_login(analyst)
    assert batch.number not in words(client.get(reverse("import_list")))
    assert client.get(reverse("import_detail", args=[batch.number])).status_code == 404


def test_a_file_that_is_too_large_is_refused_with_a_page(page, settings):
    settings.UPLOAD_LIMIT_BYTES = 10
    assert send(page, b"x" * 11).status_code == 413


def test_the_empty_workbook_has_notes_lists_and_no_rows(page):
    book = openpyxl.load_workbook(io.BytesIO(page.get(reverse("plan_template")).content))
    sheet = book["Activities"]
    assert book.sheetnames[0] == "How to fill this in"
    assert sheet.max_row == 1
    assert "Needed." in sheet["A1"].comment.text
    places = {str(choice.sqref): choice.formula1 for choice in sheet.data_validations.dataValidation}
    assert any(place.startswith("'Objectives'!$A$2") for place in places.values())
    assert any(choice.formula1.startswith("'Lists'!") for choice in book["Plan"].data_validations.dataValidation)
