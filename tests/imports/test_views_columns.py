"""The pages between an upload and its preview: which sheet, and which column is which."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from lambeth_plans import history, spreadsheets
from lambeth_plans.accounts.access import Permission
from lambeth_plans.imports.actions import confirm_batch
from lambeth_plans.imports.doors import FIGURES
from lambeth_plans.imports.forms import FileUploadForm
from lambeth_plans.imports.mappings import take_file
from lambeth_plans.imports.models import ColumnMapping, ImportBatch
from lambeth_plans.imports.wide import BY_HEADING
from tests import factories
from tests.imports.sheets import reading

LONG = b"Team,KPI,When,Result\nCare,LC06,2019/20,47.5%\n"
FIGURES_HERE = {"door": "figures", "council": "borough"}
COLUMNS = reverse("import_columns", args=["borough-0001"])
DETAIL = reverse("import_detail", args=["borough-0001"])


@pytest.fixture
def indicator(borough):
    indicator = factories.IndicatorFactory(council=borough, key="assessments", title="Health assessments on time")
    factories.IndicatorCodeFactory(indicator=indicator, code="LC.06")
    factories.OutturnFactory(indicator=indicator, period="2018/19", value=Decimal(40))
    return indicator


@pytest.fixture
def page(client, analyst, indicator):
    client.force_login(analyst)
    return client


@pytest.fixture
def take(borough, analyst, indicator):
    def taken(content=LONG, file_name="return.csv", by=analyst, **options):
        return take_file(
            door=FIGURES, council=borough, file_name=file_name, content=content, reason="", by=by, **options
        )

    return taken


def words(response):
    return response.content.decode()


def answers(*columns, header=1, sheet=""):
    return {f"column_{letter}": name for letter, name in zip("ABCDEFGH", columns, strict=False)} | {
        "sheet": sheet,
        "header": header,
    }


def test_an_upload_with_unknown_headings_leads_to_the_columns_and_on_to_the_preview(page):
    sent = page.post(reverse("import_new"), {**FIGURES_HERE, "file": SimpleUploadedFile("a.csv", LONG)})
    assert sent.url == COLUMNS
    asked = words(page.get(COLUMNS))
    for text in ("What column B, “KPI”, is", "Row 1: Team, KPI, When, Result", "By its values", "47.5%"):
        assert text in asked
    assert '<option value="code" selected>Indicator</option>' in asked
    assert page.post(COLUMNS, answers("", "code", "period", "value")).url == DETAIL
    preview = words(page.get(DETAIL))
    assert "1 new, 0 changed, 0 unchanged" in preview
    assert f'href="{COLUMNS}">Change how the columns are read</a>' in preview
    assert "Columns were read as Analyst chose" in words(page.get(COLUMNS))


@pytest.mark.parametrize(
    ("chosen", "told"),
    [
        (("", "code", "period", ""), "Choose the column that holds the Value."),
        (("code", "code", "period", "value"), "Columns A and B are both Indicator. Keep one."),
        (("", "code", "period", "evil"), "Choose what column D is."),
        ((BY_HEADING, "code", "period", "value"), "Choose what column A is."),
    ],
)
def test_a_choice_that_cannot_be_is_said_and_kept(page, take, chosen, told):
    take()
    response = page.post(COLUMNS, answers(*chosen))
    assert response.status_code == 200
    assert told in words(response)
    assert '<option value="period" selected>Period</option>' in words(response)
    assert ImportBatch.objects.get().is_asked
    assert ColumnMapping.objects.count() == 0


@pytest.mark.parametrize(
    ("chosen", "told"),
    [
        (("code", BY_HEADING, BY_HEADING, ""), "Columns B and C are both Apr 2019. Keep one."),
        (("code", BY_HEADING, "", "value"), "Column D: beside columns of periods there can be no Value."),
        (("", BY_HEADING, "", ""), "Choose the column that holds the Indicator."),
    ],
)
def test_columns_of_periods_stand_beside_an_indicator_alone(page, take, chosen, told):
    take(b"KPI,Apr 2019,Apr-19,Goal\nLC06,1,2,3\n")
    assert told in words(page.post(COLUMNS, answers(*chosen)))


def test_the_row_of_headings_can_be_another_one_or_none(page, take):
    take(b"One,Two,Three\nNr,When,Result\nLC06,2019/20,41\n")
    assert "What column A, “One”, is" in words(page.get(COLUMNS))
    assert "What column A, “Nr”, is" in words(page.get(COLUMNS, {"header": "2"}))
    none = words(page.get(COLUMNS, {"header": "0"}))
    assert "Column A, no heading" in none
    assert "so we ask each time" in none
    assert page.post(COLUMNS, answers("code", "period", "value", header=2)).url == DETAIL
    assert ColumnMapping.objects.get().headings == ["Nr", "When", "Result"]


def test_one_of_several_sheets_is_chosen_and_can_be_changed(page, take, monkeypatch):
    may = [["KPI", "When", "Result"], ["LC06", "2019/20", "41"]]
    sheets = {"Notes": [["Ask the team."]], "May": may, "Merged": "Cells A1:B1 are merged. Unmerge them."}
    monkeypatch.setattr(spreadsheets, "read", reading(hidden=["Old"], **sheets))
    take(b"PK", "return.xlsx")
    asked = words(page.get(COLUMNS))
    assert "Hidden sheets are not read: Old." in asked
    assert "Choose a sheet." in words(page.get(COLUMNS, {"continue": "yes"}))
    unread = words(page.get(COLUMNS, {"sheet": "Merged", "continue": "yes"}))
    assert "Cells A1:B1 are merged. Unmerge them." in unread
    assert "no visible sheet “Nowhere”" in words(page.get(COLUMNS, {"sheet": "Nowhere\0"}))
    assert "sheet “May”" in words(page.get(COLUMNS, {"sheet": "May", "continue": "yes"}))
    assert page.post(COLUMNS, answers("code", "period", "value", sheet="May")).url == DETAIL
    assert "sheet “May”" in words(page.get(COLUMNS))
    assert "Which sheet?" in words(page.get(COLUMNS, {"another": "yes"}))


def test_many_columns_of_periods_are_folded_up(page, take):
    months = ",".join(f"{month} 2019" for month in ("Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct"))
    take(f"KPI ref,{months}\nLC06,1,2,3,4,5,6,7\n".encode())
    assert "7 columns of periods, Apr 2019 to Oct 2019" in words(page.get(COLUMNS))


def test_a_colleague_sees_that_the_file_waits_and_chooses_nothing(page, take, borough):
    colleague = factories.UserFactory(role="analyst", councils=[borough], name="Colleague")
    take(by=colleague)
    assert "Only Colleague, who uploaded it, can say what its columns are." in words(page.get(DETAIL))
    assert page.get(COLUMNS).status_code == page.post(COLUMNS, answers()).status_code == 403


@pytest.mark.parametrize("state", ["applied", "expired"])
def test_what_is_applied_or_waited_too_long_leads_back_to_the_import(page, take, analyst, state):
    if state == "applied":
        confirm_batch(batch=take(b"Indicator,Period,Value\nLC06,2019/20,1\n"), by=analyst)
    else:
        take(at=timezone.now() - timedelta(hours=25))
    assert page.get(COLUMNS).url == DETAIL
    back = page.post(COLUMNS, answers("", "code", "period", "value"), follow=True)
    assert back.redirect_chain == [(DETAIL, 302)]
    assert "The columns of borough-0001 cannot be chosen any more." in words(back)
    assert "Change how the columns are read" not in words(back)
    assert ("This file waited too long" in words(back)) == (state == "expired")


def test_a_plan_s_workbook_has_no_columns_to_choose(page, borough, analyst):
    factories.ImportBatchFactory(number="borough-0001", council=borough, made_by=analyst, kind="plan", content=b"x")
    assert page.get(COLUMNS).status_code == 404


def test_a_table_can_be_pasted_instead_of_a_file(page):
    table = "Team\tKPI\tWhen\tResult\r\n\tLC06\t2019/20\t41\r\n"
    assert page.post(reverse("import_new"), {**FIGURES_HERE, "pasted": table}).url == COLUMNS
    batch = ImportBatch.objects.get()
    assert (batch.file_name, bytes(batch.content)) == ("Pasted table", table.replace("\r\n", "\n").encode())


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({}, "Choose a file, or paste a table."),
        ({"pasted": " \r\n\t"}, "Choose a file, or paste a table."),
        ({"pasted": "KPI\t1", "file": True}, "Choose a file or paste a table, not both."),
        ({"pasted": "KPI\t1" * 20}, "The table is too large to be pasted. Upload it as a file."),
    ],
    ids=["neither", "blanks", "both", "too large"],
)
def test_a_file_or_a_table_is_given_and_not_both(page, settings, given, told):
    settings.UPLOAD_LIMIT_BYTES = 60
    files = {"file": SimpleUploadedFile("a.csv", LONG)} if given.pop("file", None) else {}
    response = page.post(reverse("import_new"), {**FIGURES_HERE, **given, **files})
    assert told in words(response)
    assert given.get("pasted", "").strip() in words(response)
    assert ImportBatch.objects.count() == 0


def test_the_limits_are_said_before_anything_is_uploaded(page):
    assert "of up to 10.0\xa0MB, 120,000 rows and 150 columns." in words(page.get(reverse("import_new")))


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({}, {"door": ["Choose what is in the file."]}),
        ({"door": "figures"}, {}),
        ({"door": "targets"}, {}),
        ({"door": "secrets"}, {"door": ["Select a valid choice. secrets is not one of the available choices."]}),
        ({"door": "contracts"}, {"plan": ["Choose the plan."]}),
        ({"door": "contracts", "plan": "their-plan"}, {"plan": ["Choose one of your plans."]}),
        ({"door": "contracts", "plan": "second-plan"}, {"plan": ["Choose a plan of this council."]}),
        ({"door": "contracts", "plan": "borough-plan"}, {}),
    ],
)
def test_the_form_asks_what_is_in_the_file_and_only_where_it_is_needed_for_which_plan(
    analyst, borough, elsewhere, plan, given, told
):
    second = factories.CouncilFactory(slug="second")
    history.save(analyst, by=analyst, links={"councils": [borough, second]})
    factories.PlanFactory(council=second, slug="second-plan")
    factories.PlanFactory(council=elsewhere, slug="their-plan")
    form = FileUploadForm({"council": "borough", "pasted": "a\tb", **given}, user=analyst)
    assert form.errors == told
    if not told:
        assert form.cleaned_data["door"].slug == given["door"]


def test_the_address_chooses_what_is_in_the_file_and_for_which_plan(page, plan):
    presets = {"what": "contracts", "council": "borough", "plan": plan.slug, "reason": "<b>"}
    shown = words(page.get(reverse("import_new"), presets))
    assert re.search(r'value="contracts"[^>]* checked', shown)
    assert f'<option value="{plan.slug}" selected>{escape(plan.title)}, The Borough</option>' in shown
    assert "&lt;b&gt;" not in shown
    shown = words(page.get(reverse("import_new"), {"what": "\0", "plan": "nowhere\0"}))
    assert not re.search(r'name="door"[^>]* checked', shown)
    assert "selected" not in shown


def test_the_form_offers_only_what_one_may_bring_in(analyst, monkeypatch):
    monkeypatch.setattr("lambeth_plans.imports.forms.may", lambda user, asked: asked == Permission.IMPORT_FIGURES)
    assert FileUploadForm(user=analyst).fields["door"].choices == [("figures", "Figures of indicators")]
