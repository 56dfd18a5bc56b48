"""Bad workbooks: each is refused with sheet, row, column, value and what to do, and changes nothing."""

from dataclasses import dataclass

import pytest
from django.core.exceptions import PermissionDenied

from activities.models import Activity
from lambeth_plans.history import Versioned
from lambeth_plans.imports.audit import audit
from lambeth_plans.imports.models import ImportBatch
from lambeth_plans.imports.workbook.actions import confirm_plan
from lambeth_plans.imports.workbook.compare import compare
from lambeth_plans.spreadsheets import Cell, Row, Sheet, Unreadable
from lambeth_plans.spreadsheets.books import read_book
from objectives.models import Objective
from tests import factories
from tests.imports.workbooks import add_row, changed, column, put, told, upload, workbook_of
from tests.stage import held


@dataclass
class Kept:
    """A small plan with something in the sheets that the bad inputs are put into, made once for this module."""

    records: dict[str, Versioned]
    content: bytes
    sheets: list[Sheet]


@pytest.fixture(autouse=True)
def not_marked(monkeypatch):
    """What is wrong is told here; that it is marked in the file too, test_workbook_views holds."""
    monkeypatch.setattr("lambeth_plans.imports.workbook.actions.marked", lambda *args, **kwargs: None)


@pytest.fixture(scope="module")
def kept(django_db_setup, django_db_blocker):
    with held(django_db_blocker):
        council = factories.CouncilFactory(slug="borough", name="The Borough")
        director = factories.UserFactory(username="director", role="director", councils=[council])
        post = factories.OfficerFactory(council=council, user=director, key="director-of-care")
        plan = factories.PlanFactory(council=council, slug="borough-plan", title="The Borough's Plan", status="current")
        objective = factories.ObjectiveFactory(plan=plan, key="ob1", ref="OB1", title="Keep children safe")
        activity = factories.ActivityFactory(plan=plan, key="ka1", ref="KA1", objective=objective, owner=post)
        indicator = factories.IndicatorFactory(council=council, key="lc06", unit="%")
        factories.IndicatorCodeFactory(indicator=indicator, code="LC.06")
        factories.PlanIndicatorFactory(plan=plan, key="lc06", indicator=indicator)
        factories.OutturnFactory(indicator=indicator, period="2018/19")
        factories.ObjectiveFactory(plan=plan, key="ob2", ref="1.9", title="Help early")
        content = workbook_of(plan.slug)
        records = {"council": council, "director": director, "plan": plan, "activity": activity}
        yield Kept(records, content, list(read_book("plan.xlsx", content, limit_rows=1_000)))


def fresh(record: Versioned) -> Versioned:
    return type(record)._default_manager.get(pk=record.pk)


@pytest.fixture
def borough(db, kept):
    return fresh(kept.records["council"])


@pytest.fixture
def director(borough, kept):
    return fresh(kept.records["director"])


@pytest.fixture
def plan(borough, kept):
    return fresh(kept.records["plan"])


@pytest.fixture
def activity(borough, kept):
    return fresh(kept.records["activity"])


@pytest.fixture
def whole(borough, kept):
    return kept.content


@pytest.fixture
def sheets(borough, kept):
    return kept.sheets


@pytest.fixture
def check(whole, administrator):
    """Uploads the workbook after a change, proves that it is refused and changes nothing, and says why."""

    def refused(*changes) -> list[str]:
        batch = upload(changed(whole, *changes), administrator)
        assert batch.state == ImportBatch.State.REFUSED, batch.rows
        assert batch.error_count == len(batch.errors) > 0
        assert audit().differences == ()
        assert Objective.objects.get(key="ob1").version == 1
        return told(batch)

    return refused


def with_cell(sheets: list[Sheet], name: str, heading: str, value: object) -> list[Sheet]:
    """The sheets with another cell in the first row of one of them, as the file would hold it."""
    cell = Cell("" if value is None else str(value), is_number=not isinstance(value, str | None))
    found = []
    for sheet in sheets:
        if sheet.name == name:
            index = [cell.text for cell in sheet.rows[0].cells].index(heading)
            first = sheet.rows[1]
            cells = (*first.cells[:index], cell, *first.cells[index + 1 :])
            sheet = Sheet(name, (sheet.rows[0], Row(first.number, cells), *sheet.rows[2:]))
        found.append(sheet)
    return found


def test_the_same_change_with_good_cells_succeeds(whole, administrator):
    change = put("Objectives", 2, "Title", "Keep children safe and well")
    batch = confirm_plan(batch=upload(changed(whole, change), administrator), by=administrator)
    assert (batch.new_count, batch.changed_count) == (0, 1)
    assert Objective.objects.get(key="ob1").title == "Keep children safe and well"


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.xlsx", b"", "empty"),
        ("a.xlsx", b"Key,Title\nob1,A\n", "Excel workbook (.xlsx) only"),
        ("a.csv", b"Key,Title\nob1,A\n", "Excel workbook (.xlsx) only"),
        ("a.xls", b"\xd0\xcf\x11\xe0" + b"\0" * 600, ".xls"),
        ("a.xlsx", b"PK\x03\x04 cut short", "damaged or was cut short"),
        ("../../a\u202e<script>.xlsm", b"PK\x03\x04", "without macros"),
    ],
)
def test_what_is_no_workbook_is_refused(db, administrator, name, content, words):
    batch = upload(content, administrator, name)
    assert batch.is_refused
    assert batch.council is None
    assert words in batch.errors[0]["message"]
    assert "/" not in batch.file_name
    assert "\u202e" not in batch.file_name


def test_headings_that_are_double_missing_or_unknown_are_named(check):
    def double(book):
        book["Objectives"].cell(1, column(book["Objectives"], "Ref")).value = "Key"

    def unknown(book):
        book["Activities"].cell(1, column(book["Activities"], "Stage")).value = "Stages"

    errors = check(double, unknown)
    assert "Objectives 1 B: Columns A and B are both “Key”. Keep one." in errors
    assert any("There is no column “Ref”" in error for error in errors)
    assert any("We do not know the column “Stages”" in error for error in errors)
    assert any("There is no column “Stage”" in error for error in errors)


def test_headings_may_be_written_otherwise(whole, administrator):
    content = changed(whole, put("Objectives", 1, "Title", " TITLE\u00a0"))
    assert upload(content, administrator).state == ImportBatch.State.UNCHANGED


def test_unknown_and_missing_sheets_are_named(check, whole, administrator):
    def rename(book):
        book["Activities"].title = "Activites"

    assert "Activites 0 : We know no sheet “Activites”. Did you mean “Activities”?" in check(rename)
    without_plan = changed(whole, lambda book: book.remove(book["Plan"]))
    assert any("There is no sheet “Plan”" in error for error in told(upload(without_plan, administrator)))
    without_activities = upload(changed(whole, lambda book: book.remove(book["Activities"])), administrator)
    assert without_activities.state == ImportBatch.State.UNCHANGED
    assert "The file has no sheet Activities: nothing of that is changed." in without_activities.notes


def test_what_is_hidden_or_merged_is_named(check):
    def hide(book):
        book["Objectives"].row_dimensions[3].hidden = True
        book["Activities"].column_dimensions["C"].hidden = True
        book["People"].sheet_state = "hidden"
        book["Objectives"].merge_cells("A2:A3")

    errors = check(hide)
    assert "Objectives 3 : The row is hidden. Show it or delete it." in errors
    assert "Activities 0 C: The column is hidden. Show it or delete it." in errors
    assert "People 0 : The sheet is hidden. Show it or delete it." in errors
    assert "Objectives 2 A: Cells A2:A3 are merged. Unmerge them." in errors


def test_formulas_without_result_and_error_cells_are_named(check):
    errors = check(put("Objectives", 2, "Title", "=A2"), put("Objectives", 3, "Title", "#N/A", data_type="e"))
    assert any(error.startswith("Objectives 2 C: Cell C2 holds a formula without its result") for error in errors)
    assert any(error.startswith("Objectives 3 C: Cell C3 holds an error") for error in errors)


def test_the_same_key_twice_is_refused_with_both_rows(check):
    errors = check(add_row("Objectives", Key="ob1", Title="Again"))
    assert "Objectives 2 A (Key): ob1 stands in rows 2 and 4. Keep one." in errors
    assert "Objectives 4 A (Key): ob1 stands in rows 2 and 4. Keep one." in errors


def test_a_link_to_nothing_is_refused_with_what_it_may_mean(check):
    errors = check(put("Activities", 2, "Objective", "ob11"), put("Activities", 2, "Further objectives", "ob2; ob77"))
    assert any("There is no “ob11” in Objectives. Did you mean ob1" in error for error in errors)
    assert any("There is no “ob77” in Objectives." in error for error in errors)


def test_one_measure_has_one_place_in_a_plan(check):
    errors = check(add_row("Indicators", Key="again", Title="Again", Indicator="lc06"))
    assert any(error.startswith("Indicators 3 ") and "have the same Indicator" in error for error in errors)


@pytest.mark.parametrize(
    ("sheet", "heading", "value", "words"),
    [
        ("Plan", "Status", "opened", "is not one of the list. Write Draft or Current or Closed or Superseded."),
        ("Plan", "Start date", "31 February 2021", "is not a date that exists"),
        ("Plan", "Start date", "06/30/2026", "is not a date"),
        ("Plan", "Start date", "1/4/21", "is not a date"),
        ("Plan", "Start date", "2021-04", "is not a day"),
        ("Plan", "Start date", 45838, "is not a date"),
        ("Plan", "Start date", "２０２１-04-01", "is not a date"),
        ("Plan", "End date", "2001-01-01", "A plan ends after it starts."),
        ("Council", "Is invented", "perhaps", "is neither Yes nor No"),
        ("Objectives", "Key", "ob 1", "slug"),
        ("Objectives", "Key", 1.1, "a zero may be lost"),
        ("Objectives", "Ref", 1.1, "a zero may be lost"),
        ("Objectives", "Title", None, "cannot be empty"),
        ("Objectives", "Title", "x" * 501, "has 501 characters, and there is room for 500"),
        ("Objectives", "Title", "bell\x07", "control characters"),
        ("Objectives", "Title", "half\ud800", "half a character"),
        ("Objectives", "Order", "-1", "is not a whole number"),
        ("Objectives", "Order", 40000, "is too large"),
        ("Objectives", "Order", 1.5, "is not a whole number"),
        ("Activities", "Due date", "2022-13", "is not a date"),
        ("Measures", "Unit", "pints", "is not one of the list"),
        ("Outturns", "Value", "NaN", "is not a plain number"),
        ("Outturns", "Value", "1e400", "is not a plain number"),
        ("Outturns", "Value", "1_000", "is not a plain number"),
        ("Outturns", "Value", "１２", "is not a plain number"),
        ("Outturns", "Value", "1.234,5", "is not a plain number"),
        ("Outturns", "Value", "c. 40", "is not a plain number"),
        ("Outturns", "Value", "1.1234567", "has more than 6 decimals"),
        ("Outturns", "Value", "1234567890123", "is too large"),
        ("Outturns", "Value", "999999999999.999999", "at most 15 digits"),
        ("Outturns", "Value", None, "Give a figure, or the reason why there is none."),
        ("Outturns", "Denominator", "0", "A denominator is more than 0."),
        ("Outturns", "Period", "2018/20", "do not follow each other"),
        ("Outturns", "Period", "２０１８/19", "is not a period"),
        ("Outturns", "Period", 2018, "is not a period"),
    ],
)
def test_a_bad_cell_is_refused(sheets, administrator, sheet, heading, value, words):
    with pytest.raises(Unreadable) as refusal:
        compare(with_cell(sheets, sheet, heading, value), by=administrator)
    assert any(words in problem.message for problem in refusal.value.problems), refusal.value.problems
    assert all(problem.sheet and problem.row for problem in refusal.value.problems)


def test_the_same_sheets_without_a_bad_cell_change_nothing(sheets, administrator):
    assert compare(sheets, by=administrator).changes == []


def test_all_errors_are_told_at_once(check):
    errors = check(
        put("Objectives", 2, "Order", "many"), put("Activities", 2, "Due date", "soon"), put("Plan", 2, "Status", "?")
    )
    assert [error.split(" ")[0] for error in errors] == ["Plan", "Objectives", "Activities"]


def test_blank_rows_at_the_end_are_passed_over(whole, administrator):
    def format_far_down(book):
        for row in range(10, 60):
            book["Objectives"].cell(row, 1).number_format = "0.00"
        book["Objectives"].cell(61, 2).value = "   "

    assert upload(changed(whole, format_far_down), administrator).state == ImportBatch.State.UNCHANGED


def test_one_cell_far_away_is_refused_at_once(check):
    def far(book):
        book["Objectives"].cell(1_048_576, 1).value = "x"

    assert any("Delete what stands far from the rest" in error for error in check(far))


def test_texts_come_back_as_they_were_typed(plan, administrator):
    texts = [
        "=cmd|'/C calc'!A0",
        "+1",
        "-1",
        "@x",
        "\ttab",
        " blanks ",
        "two\nlines",
        "cr\r\nlf",
        "_x000D_",
        "1.10",
        "🧒 <b>",
    ]
    for number, text in enumerate(texts):
        factories.ObjectiveFactory(plan=plan, key=f"t{number}", title=text, rationale=text, ref=text[:30])
    content = workbook_of(plan.slug)
    assert upload(content, administrator).state == ImportBatch.State.UNCHANGED
    mended = changed(content, put("Objectives", 4, "Title", "=2+3 is five", data_type="s"))
    confirm_plan(batch=upload(mended, administrator), by=administrator)
    assert Objective.objects.get(key="t0").title == "=2+3 is five"


def test_numbers_come_back_exactly(plan, borough, administrator):
    from decimal import Decimal

    indicator = factories.IndicatorFactory(council=borough, key="exact")
    factories.PlanIndicatorFactory(plan=plan, key="exact", indicator=indicator)
    values = ["999999999.999999", "0.000001", "-123456789.123456", "47.5", "0", "9.95", "1234567890.12345"]
    for number, value in enumerate(values):
        factories.OutturnFactory(
            indicator=indicator, period=f"{2000 + number}/{(number + 1):02d}", value=Decimal(value)
        )
    content = workbook_of(plan.slug)
    assert upload(content, administrator).state == ImportBatch.State.UNCHANGED
    percent = changed(content, put("Outturns", 5, "Value", 0.5, number_format="0.0%"))
    assert upload(percent, administrator).rows["rows"][0]["cells"]["value"] == ["47.5", "50"]


def test_a_report_is_never_changed(plan, activity, administrator, director):
    factories.ProgressUpdateFactory(activity=activity, reported_by=director, what_happened="All is well.")
    content = changed(workbook_of(plan.slug), put("Progress", 2, "What happened", "Nothing."))
    assert any("A report is never changed" in error for error in told(upload(content, administrator)))
    assert Activity.objects.get(pk=activity.pk).version == activity.version


def test_only_an_administrator_of_the_council_brings_a_plan_in(whole, analyst, director, elsewhere):
    for person in (analyst, director):
        with pytest.raises(PermissionDenied):
            upload(whole, person)
    stranger = factories.UserFactory(username="outside", role="administrator", councils=[elsewhere])
    batch = upload(whole, stranger)
    assert told(batch) == ["Council 2 : “borough” is not a council of yours. Ask an administrator of it."]
    assert batch.council is None
