"""The analyst's journey: upload, mend, preview, confirm, undo; and a sheet with headings of its own."""

from io import BytesIO

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from kpis.models import Outturn
from lambeth_plans.imports.models import ImportBatch
from tests.journeys.audit import audit
from tests.journeys.conftest import log_in

pytestmark = pytest.mark.browser

WITH_ERRORS = """Indicator,Period,Value,Numerator,Denominator,Note
RI.49,2019/20,eighty,,,
RI.94,2019/20,86.22,,,
RI.54,sometime,91,,,
RI.58,2019/20,82.1,,,
RI.58,2019/20,82.2,,,
"""
MENDED = """Indicator,Period,Value,Numerator,Denominator,Note
RI.49,2019/20,88.5,177,200,Two late visits were on time after all.
RI.49,2018/19,84,,,
RI.57,2019/20,{unchanged},,,
"""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def workbook(rows: list[list]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def upload(page: Page, name: str, content: bytes, kind: str = "text/csv") -> None:
    """Fills in the form for an upload and sends it."""
    page.get_by_label("Figures of indicators", exact=True).check()
    page.get_by_label("Lambeth", exact=True).check()
    page.get_by_label("File", exact=True).set_input_files({"name": name, "mimeType": kind, "buffer": content})
    page.get_by_label("Why (optional)").fill("The annual return was corrected.")
    page.get_by_role("button", name="Check the file").click()


def row(page: Page, *texts: str):
    """The row of a table that holds all these texts."""
    found = page.get_by_role("row")
    for text in texts:
        found = found.filter(has_text=text)
    return found


def figure_held(code: str) -> str:
    """What Lambeth holds for 2019/20, without trailing zeros."""
    held = Outturn.objects.filter(indicator__codes__code=code, indicator__council__slug="lambeth")
    return next(f"{each.value.normalize():f}" for each in held if str(each.period) == "2019/20")


def test_analyst_uploads_a_file_mends_it_and_confirms(visit, javascript):
    page = visit(javascript=javascript)
    log_in(page, "analyst")
    expect(page).to_have_url("/imports/")
    page.get_by_role("button", name="Upload a file").click()

    upload(page, "return.csv", WITH_ERRORS.encode())
    expect(page.get_by_role("heading", level=1)).to_have_text("The file was refused")
    expect(row(page, "Row 2", "Value", "eighty")).to_contain_text("“eighty” is not a figure.")
    expect(row(page, "Row 3", "Indicator", "RI.94")).to_contain_text("We know no indicator “RI.94”.")
    expect(row(page, "Row 4", "Period", "sometime")).to_contain_text("“sometime” is not a period.")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download your file with the errors marked in its cells (Excel)").click()
    marked = openpyxl.load_workbook(BytesIO(download.value.path().read_bytes()))
    assert "“eighty” is not a figure." in marked["File"]["C2"].comment.text
    expect(row(page, "stands in row 5 and row 6")).not_to_have_count(0)
    assert figure_held("RI.49") == "86.22"
    assert not audit(page)

    page.get_by_role("button", name="Upload the mended file").click()
    mended = MENDED.format(unchanged=figure_held("RI.57")).encode()
    upload(page, "mended.csv", mended)
    expect(page.get_by_role("heading", level=1)).to_have_text("Check what will change")
    expect(page.locator("main")).to_contain_text("1 new, 1 changed, 1 unchanged")
    expect(row(page, "RI.49", "2019/20", "Changed")).to_contain_text("86.22")
    expect(row(page, "RI.49", "2019/20", "Changed")).to_contain_text("88.5")
    expect(row(page, "RI.49", "2018/19", "New")).to_contain_text("84")
    assert not audit(page)

    page.get_by_role("button", name="Confirm: 1 new, 1 changed").click()
    batch = ImportBatch.objects.get(file_name="mended.csv")
    expect(page.get_by_role("alert")).to_contain_text(f"{batch.number} is applied: 1 new and 1 changed figures.")
    assert not audit(page)

    see_the_figure(page, "88.50%", "mended.csv", batch.number)
    assert not audit(page)

    upload_again(page, mended)
    correct_with_a_workbook(page)
    bring_in_a_messy_sheet(page, javascript)


def see_the_figure(page: Page, figure: str, file_name: str, number: str) -> None:
    """Goes to the indicator by links, and reads the figure and where it came from."""
    page.get_by_role("navigation", name="Menu").get_by_role("link", name="Plans").click()
    page.get_by_role("link", name="Children's Directorate Plan 2020/21").click()
    page.get_by_role("navigation", name="This plan").get_by_role("link", name="Indicators").click()
    page.get_by_role("link", name="RI.49").click()
    expect(row(page, "2019/20").first).to_contain_text(figure)
    history = page.locator(".moj-timeline").first
    for words in ("Demo analyst", file_name, number, "86.22 → 88.5"):
        expect(history).to_contain_text(words)


def upload_again(page: Page, content: bytes) -> None:
    page.goto("/imports/new/")
    upload(page, "mended.csv", content)
    expect(page.get_by_role("heading", level=1)).to_have_text("Nothing to change")
    expect(page.locator("main")).to_contain_text("Every figure of the file is what we hold already.")
    expect(page.locator("main")).to_contain_text("The same file was imported by Demo analyst")
    expect(page.get_by_role("button", name="Confirm")).to_have_count(0)


def correct_with_a_workbook(page: Page) -> None:
    page.goto("/imports/new/")
    content = workbook(
        [["Indicator", "Period", "Value", "Numerator", "Denominator"], ["RI.49", "2019/20", 89, 178, 200]]
    )
    upload(page, "corrected.xlsx", content, XLSX)
    expect(page.locator("main")).to_contain_text("0 new, 1 changed, 0 unchanged")
    expect(row(page, "RI.49", "Changed")).to_contain_text("89")
    page.get_by_role("button", name="Confirm: 0 new, 1 changed").click()
    expect(page.get_by_role("alert")).to_contain_text("0 new and 1 changed figures.")
    assert figure_held("RI.49") == "89"
    assert not audit(page)
    undo(page)


def undo(page: Page) -> None:
    """Takes the last import back; the one before it stays."""
    page.get_by_role("link", name="Undo this import").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Undo this import")
    page.get_by_role("button", name="Undo the import").click()
    expect(page.get_by_role("alert")).to_contain_text("Say why the import is undone.")
    assert not audit(page)
    page.get_by_label("Why the import is undone").fill("The return was right after all.")
    page.get_by_role("button", name="Undo the import").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("This import was undone")
    expect(page.locator("main")).to_contain_text("The return was right after all.")
    assert figure_held("RI.49") == "88.5"
    assert not audit(page)


MESSY = """Children's performance board,,,,
Team,No,As of,Result,
Social work,RI.49,2017/18,{first},checked
Social work,RI.57,2017/18,{second},
"""


#: Keeps what the form says while its answer is awaited, to be asked for on the next page.
LISTEN = """addEventListener('submit', (event) =>
  sessionStorage.setItem('said', event.target.querySelector('[role="status"]').textContent))"""


def bring_in_a_messy_sheet(page: Page, javascript: bool) -> None:
    """Says what its columns are, and next month is not asked again."""
    page.goto("/imports/new/")
    if javascript:
        page.evaluate(LISTEN)
    upload(page, "board.csv", MESSY.format(first="81.5", second="82").encode())
    expect(page.get_by_role("heading", level=1)).to_have_text("Which column is which?")
    if javascript:
        said = page.evaluate("sessionStorage.getItem('said')")
        assert said == "Checking the file. Large ones take up to half a minute."
    result, note = page.get_by_label("What column D, “Result”, is"), page.get_by_label("What column E, no heading, is")
    expect(page.get_by_label("What column B, “No”, is")).to_have_value("code")
    expect(result).to_have_value("value")
    note.select_option("Value")
    page.get_by_role("button", name="Check the file").click()
    expect(page.get_by_role("alert")).to_contain_text("Columns D and E are both Value. Keep one.")
    assert not audit(page)
    note.select_option("Note")
    page.get_by_role("button", name="Check the file").click()
    expect(page.locator("main")).to_contain_text("2 new, 0 changed, 0 unchanged")
    expect(page.locator("main")).to_contain_text("Column left out: A (“Team”).")
    assert not audit(page)

    page.goto("/imports/new/")
    upload(page, "board next month.csv", MESSY.format(first="83.5", second="84").encode())
    expect(page.get_by_role("heading", level=1)).to_have_text("Check what will change")
    expect(page.locator("main")).to_contain_text("Columns were read as Demo analyst chose on")
    page.get_by_role("link", name="Change how the columns are read").click()
    expect(page.get_by_label("What column E, no heading, is")).to_have_value("note")
    assert not audit(page)
