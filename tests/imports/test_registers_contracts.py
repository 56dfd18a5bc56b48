"""A register of 200 contracts in the columns of the Transparency Code comes in, is published, and is the same."""

import csv
import io
from random import Random

import pytest
from django.urls import reverse

from finance.models import Contract
from finance.transparency import COLUMNS
from lambeth_plans.imports.models import ImportBatch
from lambeth_plans.imports.registers.actions import confirm_register
from lambeth_plans.imports.workbook.actions import confirm_plan
from lambeth_plans.spreadsheets.csv_files import write_csv
from tests import factories
from tests.imports.registers import bring, told
from tests.imports.workbooks import changed, put, upload, workbook_of

pytestmark = pytest.mark.django_db

PROCESSES = ("Invitation to quote", "Published invitation to tender", "Neither of the two", "")


def rows_of(number):
    """What a council publishes: dates of every precision, words instead of them, texts that a spreadsheet could run."""
    dice = Random(5_000)
    for place in range(1, number + 1):
        year, month, day = dice.randint(2019, 2031), dice.randint(1, 12), dice.randint(1, 28)
        ends = (f"{year}", f"{year}-{month:02d}", f"{year}-{month:02d}-{day:02d}", "")
        supplier, printed, pence = place % 40, place % 9 == 0, dice.randint(500_100, 900_000_000)
        yield {
            "Reference number": f"EX-{place:03d}",
            "Title of agreement": f"{dice.choice(('=', '+', '', ''))}Service {place}, “stage {place % 3}”",
            "Local authority department responsible": dice.choice(("Care", "Learning", "")),
            "Description of the goods or services": f"Lot {place}\nsecond line" if place % 4 else "",
            "Supplier name and details": f"Supplier {supplier} Ltd",
            "Sum to be paid over the length of the contract": f"{pence // 100}.{pence % 100:02d}",
            "Estimated annual value": f"{dice.randint(0, 900_000)}.00" if place % 3 else "",
            "Annual value as printed": "" if place % 3 else "spot purchased",
            "VAT that cannot be recovered": dice.choice(("", "0.00", "1250.75")),
            "Start date": dice.choice(("2015", "2016-04", "2017-04-01")),
            "End date": "" if printed else dice.choice(ends),
            "End date as printed": "part of a framework" if printed else "",
            "Review date": dice.choice(("", f"{year - 1}-{month:02d}")),
            "Invitation to quote or tender": dice.choice(PROCESSES),
            "Supplier is an SME": ("Yes", "No", "")[supplier % 3],
            "Supplier is a VCSE": ("No", "", "Yes")[supplier % 3],
            "Supplier registration number": f"{supplier:08d}" if supplier % 2 else "",
        }


def test_a_register_of_200_contracts_comes_in_and_is_published_as_it_came(
    client, plan, analyst, division, other_division
):
    names = {"Care": division.name, "Learning": other_division.name, "": ""}
    department = "Local authority department responsible"
    rows = [{**dict.fromkeys(COLUMNS, ""), **row, department: names[row[department]]} for row in rows_of(200)]
    file = write_csv([list(COLUMNS), *([row[column] for column in COLUMNS] for row in rows)])
    batch = bring("contracts", file, plan, analyst)
    assert told(batch) == []
    confirm_register(batch=batch, by=analyst)
    assert Contract.objects.filter(plan=plan).count() == Contract.history.count() == 200
    client.force_login(analyst)
    response = client.get(reverse("contract_publication", args=[plan.slug]))
    assert response.content == file
    assert len(list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))) == 201
    assert bring("contracts", response.content, plan, analyst).state == ImportBatch.State.UNCHANGED


@pytest.mark.parametrize(
    ("cell", "error"),
    [
        ("6 weeks", "“6 weeks” is no number of months. Write it like 6."),
        ("0", "A notice period is 1 to 120 months."),
        ("121", "A notice period is 1 to 120 months."),
    ],
)
def test_a_notice_period_is_months(plan, analyst, cell, error):
    (said,) = told(bring("contracts", f"Title,Notice period\nMeals,{cell}\n", plan, analyst))
    assert error in said


def test_what_councils_keep_for_themselves_comes_in_too(plan, analyst):
    heads = "Title,End date,Notice period,Notice by,Extension options,Latest end date,Still in use,Review date"
    text = f"{heads}\nMeals,31/03/2026,6 months,as agreed,Two years,March 2028,Yes,TBC\n"
    batch = bring("contracts", text, plan, analyst)
    assert told(batch) == []
    confirm_register(batch=batch, by=analyst)
    meals = Contract.objects.get()
    assert (meals.notice_months, meals.notice_date, meals.notice_date_as_stated) == (6, None, "as agreed")
    assert (meals.extension_options, str(meals.latest_end_date)) == ("Two years", "March 2028")
    assert (meals.is_still_in_use, meals.review_date_as_stated) == (True, "TBC")


def test_an_end_that_a_register_moves_is_asked_about_anew(plan, analyst):
    factories.ContractFactory(plan=plan, title="Meals", end_date="2026-03-31", is_still_in_use=True)
    batch = bring("contracts", "Title,End date\nMeals,31/03/2027\n", plan, analyst)
    assert told(batch) == []
    (row,) = batch.rows["rows"]
    assert row["cells"] == {"end_date": ["2026-03-31", "2027-03-31"], "is_still_in_use": ["Yes", ""]}
    confirm_register(batch=batch, by=analyst)
    meals = Contract.objects.get()
    assert (str(meals.end_date), meals.is_still_in_use) == ("31 March 2027", None)


def test_an_end_that_stays_says_nothing_of_its_use(plan, analyst):
    factories.ContractFactory(plan=plan, title="Meals", end_date="2026-03-31", is_still_in_use=True)
    batch = bring("contracts", "Title,End date,Note\nMeals,31/03/2026,Hot ones\n", plan, analyst)
    assert [list(row["cells"]) for row in batch.rows["rows"]] == [["note"]]


def test_a_workbook_says_beside_the_row_what_a_moved_end_makes_unknown(plan, administrator, client):
    factories.ContractFactory(plan=plan, title="Meals", end_date="2026-03-31", is_still_in_use=True)
    batch = upload(changed(workbook_of(plan.slug), put("Contracts", 2, "End date", "2027-03-31")), administrator)
    (row,) = batch.rows["rows"]
    assert row["cells"] == {"end_date": ["2026-03-31", "2027-03-31"], "is_still_in_use": ["Yes", ""]}
    client.force_login(administrator)
    words = " ".join(client.get(reverse("plan_import_detail", args=[batch.number])).content.decode().split())
    assert 'Still in use after its end: <span class="app-table__old">Yes</span>' in words
    confirm_plan(batch=batch, by=administrator)
    assert Contract.objects.get().is_still_in_use is None
