"""Registers on the web."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from finance.models import Contract
from lambeth_plans import history
from lambeth_plans.imports.doors import DOORS
from lambeth_plans.imports.mappings import take_file
from lambeth_plans.imports.models import ImportBatch
from lambeth_plans.imports.registers.register_list import REGISTERS
from lambeth_plans.spreadsheets.csv_files import write_csv
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


PASTED = """What we buy\tFrom whom\tEach year\tUntil\tLed by\tLot\r
Independent Travel Training\tHCT\t£450,000\t13/12/2020\tAbi Onaboye\t1\r
CAMHs\tSLAM\t£648,000\tN/A – part of larger CAMHs contract with CCG\tAbi Onaboye\t\r
Health visiting\tEvelina London\tc.£10,000,000\tOctober 2022\tAbi Onaboye\t\r
"""
ANSWERS = dict(zip("ABCDEF", ("title", "supplier", "annual_value", "end_date", "director", ""), strict=True))


def test_a_pasted_register_with_headings_of_its_own_is_asked_about_once_and_brought_in(page, plan, analyst):
    factories.OfficerFactory(council=plan.council, name="Abi Onaboye")
    given = {"door": "contracts", "council": "borough", "plan": "borough-plan", "pasted": PASTED}
    columns = page.post(reverse("import_new"), given).url
    batch = ImportBatch.objects.get()
    detail = reverse("register_import_detail", args=[batch.number])
    assert columns == reverse("import_columns", args=[batch.number])
    assert f'href="{columns}" role="button"' in words(page.get(detail))
    asked = words(page.get(columns))
    assert f"Contracts {batch.number}, {escape(plan.title)}" in asked
    assert "What column A, “What we buy”, is" in asked
    assert "There must be a column for Title of agreement." in asked
    assert f'href="{detail}"' in asked
    chosen = {"header": 1, "sheet": ""} | {f"column_{letter}": name for letter, name in ANSWERS.items()}
    missing = page.post(columns, chosen | {"column_A": ""})
    assert "Choose the column that holds the Title of agreement." in words(missing)

    assert page.post(columns, chosen).url == detail
    preview = words(page.get(detail))
    assert "Column left out: F (“Lot”)." in preview
    assert "“SLAM” is a new supplier." in preview
    assert f'href="{columns}">Change how the columns are read</a>' in preview
    assert not Contract.objects.exists()

    assert "is applied: 6 new" in words(page.post(reverse("register_import_confirm", args=[batch.number]), follow=True))
    said = {
        each.title: (each.annual_value, each.annual_value_as_stated, str(each.end_date or each.end_date_as_stated))
        for each in Contract.objects.all()
    }
    assert said == {
        "Independent Travel Training": (450_000, "", "13 December 2020"),
        "CAMHs": (648_000, "", "N/A – part of larger CAMHs contract with CCG"),
        "Health visiting": (None, "c.£10,000,000", "October 2022"),
    }
    again = page.post(reverse("import_new"), given, follow=True)
    assert "Nothing to change" in words(again)
    assert "Columns were read as Analyst chose on" in words(again)
    assert page.get(columns).url == detail


@pytest.mark.parametrize("expired", [False, True])
def test_a_colleague_sees_that_a_register_waits_for_its_columns(page, plan, expired):
    colleague = factories.UserFactory(role="analyst", councils=[plan.council], name="Colleague")
    at = timezone.now() - timedelta(hours=25) if expired else None
    files = {"file_name": "a.csv", "content": b"What we buy\nCAMHs\n"}
    door = next(door for door in DOORS if door.slug == "contracts")
    batch = take_file(door=door, council=plan.council, plan=plan, reason="", by=colleague, at=at, **files)
    shown = words(page.get(reverse("register_import_detail", args=[batch.number])))
    assert "Choose the columns" not in shown
    assert ("Only Colleague, who uploaded it, can say what its columns are." in shown) != expired
    assert ("This file waited too long" in shown) == expired
    assert f"what=contracts&amp;council=borough&amp;plan={plan.slug}" in shown or not expired


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


def test_whoever_sees_drafts_downloads_a_register_and_no_unknown_one(client, onlooker, plan):
    factories.ContractFactory(plan=plan, title="=CAMHS", key="camhs")
    client.force_login(onlooker)
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


def test_the_columns_of_every_register_are_explained_and_come_as_an_empty_file(page):
    guide = words(page.get(reverse("import_new")))
    for slug, register in REGISTERS.items():
        for heading, hint, _ in register.explained():
            assert hint.endswith("."), (slug, heading)
            assert escape(hint) in guide
        response = page.get(reverse("import_template"), {"what": slug})
        assert response["Content-Disposition"] == f'attachment; filename="{slug}.csv"'
        assert response.content == write_csv([register.columns()])
    assert page.get(reverse("import_template"), {"what": "secrets"}).status_code == 404


def test_the_preview_of_a_register_shows_no_key(page, plan, post, analyst):
    """Keys stand in addresses and in workbooks; a register has references, titles and names."""
    factories.RiskMatrixFactory(council=plan.council, key="grid-key", name="Corporate", steps=("Rare", "Likely"))
    factories.ObjectiveFactory(plan=plan, key="objective-key", ref="1.2", title="Safe homes")
    factories.SupplierFactory(council=plan.council, key="supplier-key", name="Acme")
    risk = "Ref,Title,Owner,Likelihood,Impact,Scored on,Objectives,Controls\n"
    risk += "R1,Too few,Director of Care,2,2,2021-03-01,1.2,Panel\n"
    for door, content, said in (
        ("risks", risk, ("Risk: ", "Corporate", "Director of Care", "R1, Panel", "R1, Current, 2021-03-01")),
        ("contracts", "Title,Supplier\nMeals,Acme\n", ("Acme",)),
    ):
        batch = bring(door, content, plan, analyst)
        shown = words(page.get(reverse("register_import_detail", args=[batch.number])))
        for each in said:
            assert each in shown
        for key in ("grid-key", "objective-key", "supplier-key", "director-of-care", "Key: ", "Order: "):
            assert key not in shown
