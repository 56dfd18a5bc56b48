"""The analyst's journey through the pages."""

import io
import re
from decimal import Decimal

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from kpis.models import Outturn
from lambeth_plans import history
from lambeth_plans.imports.actions import upload_figures
from lambeth_plans.imports.models import ImportBatch
from tests import factories

FILE = b"Indicator,Period,Value\nLC06,2019/20,47.5%\nLC06,2018/19,41\nLC06,2017/18,45\n"


@pytest.fixture
def indicator(borough):
    indicator = factories.IndicatorFactory(council=borough, key="assessments", title="Health assessments on time")
    factories.IndicatorCodeFactory(indicator=indicator, code="LC.06")
    factories.OutturnFactory(indicator=indicator, period="2018/19", value=Decimal(40))
    factories.OutturnFactory(indicator=indicator, period="2017/18", value=Decimal(45))
    return indicator


@pytest.fixture
def page(client, analyst):
    client.force_login(analyst)
    return client


def send(page, content=FILE, name="figures.csv", **answers):
    answers = {"door": "figures", "council": "borough", "file": SimpleUploadedFile(name, content), **answers}
    return page.post(reverse("import_new"), answers)


def batch_of(council, user, content=FILE, **options):
    return upload_figures(
        council=council, file_name="figures.csv", content=content, sheet="", reason="", by=user, **options
    )


def words(response):
    return response.content.decode()


def test_an_analyst_uploads_looks_and_confirms(page, analyst, indicator):
    response = send(page, reason="Year end")
    assert response.status_code == 302
    preview = page.get(response.url)
    assert "Check what will change" in words(preview)
    assert "1 new, 1 changed, 1 unchanged" in words(preview)
    assert '<span class="app-table__old">40%</span>' in words(preview)
    assert '<span class="app-table__new">41%</span>' in words(preview)
    assert "47.5%" in words(preview)
    assert "45%" not in words(preview)
    assert "45%" in words(page.get(response.url, {"show": "unchanged"}))
    assert Outturn.objects.count() == 2

    done = page.post(reverse("import_confirm", args=["borough-0001"]), follow=True)
    assert done.redirect_chain == [(response.url, 302)]
    assert "borough-0001 is applied: 1 new and 1 changed figures." in words(done)
    assert Outturn.objects.count() == 3
    listing = words(page.get(reverse("import_list")))
    assert "borough-0001" in listing
    assert "Applied" in listing
    assert analyst.name in listing


def test_a_workbook_takes_the_same_way(page, indicator):
    book = openpyxl.Workbook()
    for row in (["Indicator", "Period", "Value"], ["LC06", "2019/20", 0.475]):
        book.active.append(row)
    book.active["C2"].number_format = "0.0%"
    out = io.BytesIO()
    book.save(out)
    response = page.get(send(page, out.getvalue(), "figures.xlsx").url)
    assert "47.5%" in words(response)


def test_only_a_refused_import_has_errors_to_download(page, indicator):
    send(page)
    assert page.get(reverse("import_errors", args=["borough-0001"])).status_code == 404


def test_another_councils_import_does_not_exist(page, elsewhere, indicator):
    colleague = factories.UserFactory(role="analyst", councils=[elsewhere])
    batch = batch_of(elsewhere, colleague)
    for name in ("import_detail", "import_errors"):
        assert page.get(reverse(name, args=[batch.number])).status_code == 404
    assert page.post(reverse("import_confirm", args=[batch.number])).status_code == 404
    assert batch.number not in words(page.get(reverse("import_list")))


def test_figures_cannot_be_uploaded_for_another_council(page, elsewhere, indicator):
    response = send(page, council="elsewhere")
    assert response.status_code == 200
    assert "Choose one of your councils." in words(response)
    assert ImportBatch.objects.count() == 0


@pytest.mark.parametrize("role", ["administrator", "director", "lead_member", "scrutiny_member"])
def test_nobody_but_an_analyst_imports(client, borough, analyst, indicator, role):
    batch = batch_of(borough, analyst)
    client.force_login(factories.UserFactory(role=role, councils=[borough]))
    for name, arguments in (
        ("import_list", []),
        ("import_new", []),
        ("import_template", []),
        ("import_detail", [batch.number]),
        ("import_errors", [batch.number]),
    ):
        assert client.get(reverse(name, args=arguments)).status_code == 403
    assert client.post(reverse("import_confirm", args=[batch.number])).status_code == 403
    assert send(client).status_code == 403
    assert Outturn.objects.count() == 2


def test_a_file_must_be_chosen(page, indicator):
    response = page.post(reverse("import_new"), {"door": "figures", "council": "borough"})
    assert "Choose a file, or paste a table." in words(response)


def test_the_template_has_the_columns_and_passes_through(page, indicator):
    response = page.get(reverse("import_template"))
    assert (
        response.content.decode("utf-8-sig") == "Indicator,Title,Period,Value,Numerator,Denominator,Note,Status,Why\r\n"
    )
    filled = response.content + b"LC06,As you like,2019/20,50%,20,40,Checked,Provisional,\r\n"
    assert "1 new, 0 changed" in words(page.get(send(page, filled).url))


def test_a_councils_own_template_has_its_indicators_and_only_filled_rows_count(page, borough, indicator):
    factories.IndicatorFactory(council=borough, key="visits-on-time", title="Visits on time")
    response = page.get(reverse("import_template"), {"council": "borough"})
    rows = response.content.decode("utf-8-sig").splitlines()[1:]
    assert rows == ["LC.06,Health assessments on time,,,,,,,", "visits-on-time,Visits on time,,,,,,,"]
    filled = response.content.replace(b"on time,,,,,,,\r\nvisits", b"on time,2019/20,50%,,,,,\r\nvisits")
    assert "1 new, 0 changed, 0 unchanged" in words(page.get(send(page, filled).url))
    assert "No figures found" in words(page.get(send(page, response.content).url))


def test_the_template_of_another_council_does_not_exist(page, elsewhere):
    assert page.get(reverse("import_template"), {"council": "elsewhere"}).status_code == 404


def test_a_list_of_many_imports_needs_few_queries(page, borough, analyst, indicator, django_assert_max_num_queries):
    for _ in range(12):
        batch_of(borough, analyst)
    with django_assert_max_num_queries(10):
        page.get(reverse("import_list"))


@pytest.mark.parametrize("slug", ["%00", "nowhere", "elsewhere", ""])
def test_a_file_to_fill_in_is_for_ones_own_councils(client, analyst, elsewhere, slug):
    client.force_login(analyst)
    assert client.get(f"/imports/template.csv?council={slug}").status_code == 404


def test_a_refused_file_can_be_had_back_with_its_errors_marked(page, indicator):
    refused = send(page, FILE + b"LC06,2016/17,c. 40\n")
    link = reverse("import_marked", args=["borough-0001"])
    assert f'href="{link}"' in words(page.get(refused.url))
    answer = page.get(link)
    assert answer["Content-Disposition"] == 'attachment; filename="borough-0001-errors.xlsx"'
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    assert "is not a figure" in book["File"]["C5"].comment.text


def test_what_cannot_be_opened_or_has_no_errors_has_no_marked_file(page, indicator):
    for content, name in ((b"PK nonsense", "a.xlsx"), (FILE, "a.csv")):
        answer = send(page, content, name)
        assert "errors marked" not in words(page.get(answer.url))
    assert {page.get(reverse("import_marked", args=[f"borough-000{number}"])).status_code for number in (1, 2)} == {404}


def test_a_sheet_with_a_column_for_each_period_is_previewed_by_period(page, indicator):
    preview = page.get(send(page, b"Ref,Indicator,2018/19,2019/20\nLC06,Assessments,41,47.5\n").url)
    assert "1 new, 1 changed, 0 unchanged" in words(preview)
    assert "Each column is a period: 2018/19, 2019/20." in words(preview)


@pytest.fixture
def judged(indicator, borough, analyst):
    """With a year of steady months and a target for May, so that a slip of the pen shows."""
    indicator.unit, indicator.polarity, indicator.polarity_standing = "%", "higher", "stated"
    history.save(indicator, by=analyst)
    for number, month in enumerate(("Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov")):
        factories.OutturnFactory(indicator=indicator, period=f"{month} 2018", value=Decimal(90 + number % 3))
    factories.TargetFactory(
        indicator=indicator,
        period="May 2018",
        value=Decimal(90),
        amber=Decimal(5),
        rule_kind="points",
        standing="stated",
    )
    return indicator


def test_a_preview_says_how_far_a_figure_moves_and_that_its_rating_changes(page, judged):
    preview = page.get(send(page, b"Indicator,Period,Value\nLC06,May 2018,88\nLC06,Jun 2018,91\n").url)
    assert "Down 3 points" in words(preview)
    assert "With another rating (1)" in words(preview)
    only = words(page.get(preview.request["PATH_INFO"], {"show": "rating"}))
    assert re.search(r"app-rag--small.*Green.*becomes.*app-rag--small.*Amber", only, re.DOTALL)
    assert "Jun 2018" not in only


def test_a_preview_names_what_is_unlike_the_indicator_s_own_figures(page, judged):
    preview = page.get(send(page, b"Indicator,Period,Value\nLC06,Dec 2018,9.1\nLC06,Jan 2019,91\n").url)
    assert "Unusual (1)" in words(preview)
    only = words(page.get(preview.request["PATH_INFO"], {"show": "unusual"}))
    assert "The other 8 figures of this kind lie between 90% and 92%." in only
    assert "Jan 2019" not in only


@pytest.mark.parametrize("asked", ["nonsense", "rating", "\x00"])
def test_a_filter_that_holds_nothing_shows_what_changes(page, indicator, asked):
    preview = page.get(send(page).url)
    assert "New and changed figures</caption>" in words(page.get(preview.request["PATH_INFO"], {"show": asked}))


@pytest.fixture
def final(indicator, borough):
    return factories.OutturnFactory(indicator=indicator, period="2016/17", value=Decimal(45), status="final")


CORRECTED = b"Indicator,Period,Value\nLC06,2016/17,46\n"


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({}, "Say why the final figures are corrected."),
        ({"reason": " \n"}, "Say why the final figures are corrected."),
        ({"reason": "w" * 201}, "Ensure this value has at most 200 characters"),
    ],
    ids=["none", "blanks", "too long"],
)
def test_final_figures_are_corrected_only_with_a_reason(page, final, given, told):
    preview = page.get(send(page, CORRECTED).url)
    assert "Why the final figures are corrected" in words(preview)
    confirm = reverse("import_confirm", args=["borough-0001"])
    refused = page.post(confirm, given)
    assert refused.status_code == 400
    assert told in words(refused)
    assert given.get("reason", "").strip() in words(refused)
    final.refresh_from_db()
    assert final.value == 45
    page.post(confirm, {"reason": "Counted twice."})
    final.refresh_from_db()
    assert final.value == 46
    assert "Counted twice." in final.history.first().history_change_reason
    assert "Counted twice." in words(page.get(preview.request["PATH_INFO"]))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (CORRECTED, "Said with the file."),
        (b"Indicator,Period,Value,Why\nLC06,2016/17,46,Said in its row.\n", ""),
        (b"Indicator,Period,Value\nLC06,2019/20,41\n", ""),
    ],
    ids=["with the file", "in its row", "new"],
)
def test_no_reason_is_asked_where_one_is_given_or_nothing_final_changes(page, final, content, reason):
    preview = page.get(send(page, content, reason=reason).url)
    assert "Why the final figures are corrected" not in words(preview)
    assert page.post(reverse("import_confirm", args=["borough-0001"])).status_code == 302
    assert ImportBatch.objects.get().is_applied


def test_whoever_did_not_upload_a_correction_is_not_asked_why(page, borough, final):
    colleague = factories.UserFactory(role="analyst", councils=[borough])
    batch = batch_of(borough, colleague, CORRECTED)
    assert "Why the final figures" not in words(page.get(reverse("import_detail", args=[batch.number])))
    assert page.post(reverse("import_confirm", args=[batch.number]), {"reason": "Mine."}).status_code == 403
