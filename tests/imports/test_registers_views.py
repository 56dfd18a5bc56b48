"""Registers on the web."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from finance.models import Contract
from lambeth_plans import history
from lambeth_plans.imports.models import ImportBatch
from tests import factories
from tests.imports.registers import bring


@pytest.fixture
def page(client, analyst):
    client.force_login(analyst)
    return client


def send(page, content, name="contracts.csv"):
    answers = {"door": "contracts", "council": "borough", "plan": "borough-plan", "reason": "Yearly review"}
    return page.post(reverse("import_new"), answers | {"file": SimpleUploadedFile(name, content.encode())}, follow=True)


def batch_day():
    return f"{timezone.localtime(ImportBatch.objects.earliest('pk').applied_at):%-d %B %Y}"


def words(response):
    return response.content.decode()


def test_an_analyst_uploads_looks_confirms_and_undoes(page, plan):
    preview = words(send(page, "Reference,Title,Supplier,Annual value\nC1,CAMHS,Acme,c.£1m\n"))
    assert "Check what will change" in preview
    assert "“Acme” is a new supplier." in preview
    assert "c.£1m" in preview
    number = ImportBatch.objects.get().number
    done = words(page.post(reverse("register_import_confirm", args=[number]), follow=True))
    assert "is applied: 2 new and 0 changed records." in done
    assert number in words(page.get(reverse("import_list")))
    again = words(send(page, "Reference,Title,Supplier,Annual value\nC1,CAMHS,Acme,c.£1m\n"))
    assert "Nothing to change" in again
    assert f"The same file was imported by Analyst on {batch_day()}, as {number}." in again
    undo = reverse("register_import_undo", args=[number])
    assert f'href="{undo}"' in done
    assert "brought in 2 new and 0 changed records." in words(page.get(undo))
    assert "Say why the import is undone." in words(page.post(undo, {"reason": ""}))
    undone = words(page.post(undo, {"reason": "Wrong file."}, follow=True))
    assert "This import was undone" in undone
    assert "Wrong file." in undone
    assert not Contract.objects.exists()
    assert page.get(undo).status_code == 302


def test_a_refused_register_comes_back_marked_and_as_a_list(page, plan):
    refused = words(send(page, "Title,Start date\nA,31/02/2021\n"))
    assert "The register was refused" in refused
    assert "B (Start date)" in refused
    number = ImportBatch.objects.get().number
    assert page.get(reverse("register_import_marked", args=[number])).content.startswith(b"PK")
    assert "31/02/2021" in words(page.get(reverse("register_import_errors", args=[number])))
    assert page.post(reverse("register_import_confirm", args=[number])).status_code == 409
    assert page.get(reverse("register_import_undo", args=[number])).status_code == 409
    waiting = bring("contracts", "Title\nB\n", plan, ImportBatch.objects.get().made_by)
    for name in ("register_import_marked", "register_import_errors"):
        assert page.get(reverse(name, args=[waiting.number])).status_code == 404


def test_what_was_changed_meanwhile_is_shown_with_both_values(page, plan, analyst, director):
    contract = factories.ContractFactory(plan=plan, title="CAMHS", note="Then")
    batch = bring("contracts", "Title,Note\nCAMHS,File\n", plan, analyst)
    contract.note = "Now"
    history.save(contract, by=director)
    response = page.post(reverse("register_import_confirm", args=[batch.number]))
    assert response.status_code == 409
    assert "Note: Then when you uploaded it, Now now; the file says File" in words(response)
    send(page, "Title,Note\nCAMHS,File\n")
    applied = ImportBatch.objects.latest("pk")
    page.post(reverse("register_import_confirm", args=[applied.number]))
    contract.refresh_from_db()
    contract.note = "Later"
    history.save(contract, by=director)
    stopped = page.post(reverse("register_import_undo", args=[applied.number]), {"reason": "Wrong."})
    assert stopped.status_code == 409
    assert "Contract: CAMHS" in words(stopped)
    assert director.name in words(stopped)


def test_a_reader_downloads_a_register_and_no_unknown_one(client, scrutiny_member, plan):
    factories.ContractFactory(plan=plan, title="=CAMHS", key="camhs")
    client.force_login(scrutiny_member)
    address = reverse("plan_register", args=[plan.slug, "contracts"])
    assert address in words(client.get(reverse("contract_list", args=[plan.slug])))
    response = client.get(address)
    assert response["Content-Disposition"] == 'attachment; filename="borough-plan-contracts.csv"'
    assert "'=CAMHS" in words(response)
    assert client.get(reverse("plan_register", args=[plan.slug, "secrets"])).status_code == 404


def test_a_contract_shows_what_the_transparency_code_asks_for(page, plan, analyst):
    content = (
        "Title,Supplier,SME,VCSE,Supplier registration number,Contract value,VAT,Review date,Process,Description\n"
        "CAMHS,Acme,Yes,No,01234567,£3m,200,Oct-23,ITT,Help for young people\n"
    )
    send(page, content)
    page.post(reverse("register_import_confirm", args=[ImportBatch.objects.get().number]))
    shown = words(page.get(reverse("contract_detail", args=[plan.slug, "camhs"])))
    for said in (
        "Registered as 01234567",
        "A small or medium-sized enterprise",
        "Not a voluntary or community sector organisation",
        "£3,000,000",
        "Printed as “£3m”",
        "£200",
        "October 2023",
        "Published invitation to tender",
        "Help for young people",
    ):
        assert said in shown
