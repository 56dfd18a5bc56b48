"""Columns that nobody knows are asked for, chosen once, and remembered for the next file of the same shape."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from kpis.packing import Unpacked
from lambeth_plans import history, spreadsheets
from lambeth_plans.imports.actions import confirm_batch, upload_figures
from lambeth_plans.imports.doors import DOORS, FIGURES, door_of
from lambeth_plans.imports.mappings import NoLongerAsked, choose_columns, take_file
from lambeth_plans.imports.models import ColumnMapping, ImportBatch
from lambeth_plans.imports.proposed import question_of
from lambeth_plans.imports.remembered import PASTED
from lambeth_plans.imports.wide import BY_HEADING
from lambeth_plans.spreadsheets import Unreadable
from tests import factories
from tests.imports.sheets import reading

LONG = b"Team,KPI,When,Result\nCare,LC06,2019/20,47.5%\nCare,LC06,2018/19,41\n"
LONG_CHOSEN = ("", "code", "period", "value")
WIDE = b"Measure no,What,Apr 2019,May 2019,Target\nLC06,Assessments,41,42,50\n"
WIDE_CHOSEN = ("code", "title", BY_HEADING, BY_HEADING, "")


@pytest.fixture
def indicator(borough):
    indicator = factories.IndicatorFactory(council=borough, key="assessments", title="Health assessments on time")
    factories.IndicatorCodeFactory(indicator=indicator, code="LC.06")
    factories.OutturnFactory(indicator=indicator, period="2018/19", value=Decimal(40))
    return indicator


@pytest.fixture
def take(borough, analyst, indicator):
    def taken(content=LONG, file_name="return.csv", by=analyst, **options):
        return take_file(
            door=FIGURES, council=borough, file_name=file_name, content=content, reason="", by=by, **options
        )

    return taken


@pytest.fixture
def choose(analyst):
    def chosen(batch, columns=LONG_CHOSEN, sheet="", header=1, by=analyst, **options):
        return choose_columns(batch=batch, sheet=sheet, header=header, chosen=columns, by=by, **options)

    return chosen


def counts(batch):
    return batch.new_count, batch.changed_count, batch.unchanged_count


def test_unknown_headings_are_asked_for_and_the_choice_becomes_a_preview(take, choose, analyst):
    batch = take()
    assert batch.is_asked
    assert (bytes(batch.content), batch.rows, batch.errors) == (LONG, [], [])
    batch = choose(batch)
    assert batch.state == ImportBatch.State.PREVIEWED
    assert counts(batch) == (1, 1, 0)
    assert batch.notes == ["Column left out: A (“Team”)."]
    reasons = (
        ImportBatch.history.filter(id=batch.pk).order_by("history_id").values_list("history_change_reason", "state")
    )
    assert list(reasons) == [
        ("Uploaded return.csv.", "asked"),
        ("Chose how the columns of return.csv are read.", "previewed"),
    ]


def test_the_next_file_of_the_shape_is_read_without_asking_in_browser_and_command(take, choose, borough, analyst):
    choose(take(), at=timezone.now().replace(month=5, day=3))
    content = b"\n" + LONG.replace(b"47.5%", b"48%").replace(b"KPI,When", b" kpi ,WHEN")
    told = [f"Columns were read as Analyst chose on 3 May {timezone.now().year}.", "Column left out: A (“Team”)."]
    again = take(content)
    assert (again.state, again.notes) == (ImportBatch.State.PREVIEWED, told)
    by_command = upload_figures(
        council=borough, file_name="return.csv", content=content, sheet="", reason="", by=analyst
    )
    assert (by_command.state, by_command.notes) == (ImportBatch.State.PREVIEWED, told)
    assert by_command.content is None


def test_a_line_above_that_is_wider_than_the_table_does_no_harm(take, choose):
    content = b"Board,,,,Printed in May\n" + LONG
    batch = choose(take(content), header=2)
    assert (counts(batch), take(content).notes[1]) == ((1, 1, 0), "Column left out: A (“Team”).")


@pytest.mark.parametrize(
    ("kind", "shape"),
    [("another kind", LONG), ("figures", LONG.replace(b"Team", b"Unit")), ("figures", LONG.replace(b"\n", b",x\n"))],
    ids=["kind", "heading", "count"],
)
def test_only_the_same_kind_and_shape_is_read_as_chosen(take, choose, analyst, kind, shape):
    choose(take())
    mapping = ColumnMapping.objects.get()
    mapping.kind = kind
    history.save(mapping, by=analyst, reason="For the test.")
    assert take(shape).is_asked


def test_another_council_chooses_for_itself(take, choose, analyst, elsewhere, borough):
    choose(take())
    history.save(analyst, by=analyst, links={"councils": [borough, elsewhere]})
    there = take_file(door=FIGURES, council=elsewhere, file_name="a.csv", content=LONG, reason="", by=analyst)
    assert there.is_asked


def test_next_month_s_wide_sheet_has_one_more_period_and_the_same_shape(take, choose):
    batch = choose(take(WIDE), WIDE_CHOSEN)
    assert counts(batch) == (2, 0, 0)
    assert batch.notes[0] == "Column left out: E (“Target”)."
    next_month = take(b"Measure no,What,Apr 2019,May 2019,Jun 2019,Target\nLC06,Assessments,41,42,43,50\n")
    assert (next_month.state, counts(next_month)) == (ImportBatch.State.PREVIEWED, (3, 0, 0))
    assert next_month.rows["periods"] == ["2019-04", "2019-05", "2019-06"]


def test_a_period_that_was_left_out_stays_out_next_month(take, choose):
    choose(take(WIDE), ("code", "title", "", BY_HEADING, ""))
    next_month = take(b"Measure no,What,Apr 2019,May 2019,Jun 2019,Target\nLC06,Assessments,41,42,43,50\n")
    assert next_month.rows["periods"] == ["2019-05", "2019-06"]
    assert next_month.notes[1] == "Columns left out: C (“Apr 2019”), F (“Target”)."


def test_a_choice_can_be_changed_and_has_its_history(take, choose, borough):
    batch = choose(take(b"KPI,When,Result,Other\nLC06,2019/20,40,41\n"), ("code", "period", "value", ""))
    colleague = factories.UserFactory(role="analyst", councils=[borough], name="Colleague")
    other = take(b"KPI,When,Result,Other\nLC06,2019/20,40,41\n", by=colleague)
    changed = choose(other, ("code", "period", "", "value"), by=colleague)
    assert [Unpacked(each.rows).moving[0].new_words for each in (batch, changed)] == ["40%", "41%"]
    mapping = ColumnMapping.objects.get()
    assert (mapping.columns, mapping.chosen_by_name) == (["code", "period", "", "value"], "Colleague")
    entries = mapping.history.order_by("history_id").values_list("history_type", "actor", "history_change_reason")
    assert list(entries) == [
        ("+", "Analyst", "Chose how the columns of return.csv are read, import borough-0001."),
        ("~", "Colleague", "Chose how the columns of return.csv are read, import borough-0002."),
    ]


def test_a_refusal_after_the_choice_has_its_errors_in_the_file_and_the_choice_is_kept(take, choose):
    batch = choose(take(LONG.replace(b"47.5%", b"c. 40")))
    assert batch.is_refused
    assert [(error["row"], error["column"], error["value"]) for error in batch.errors] == [(2, "D (Value)", "c. 40")]
    assert batch.marked
    assert ColumnMapping.objects.count() == 1


def test_several_sheets_are_asked_for_and_the_chosen_one_is_remembered(take, choose, monkeypatch):
    may = [["KPI", "When", "Result"], ["LC06", "2019/20", "41"]]
    notes = [["Read me"]]

    def taken(**sheets):
        monkeypatch.setattr(spreadsheets, "read", reading(**sheets))
        return take(b"PK", "return.xlsx")

    batch = taken(Notes=notes, May=may)
    assert batch.is_asked
    assert counts(choose(batch, ("code", "period", "value"), sheet="May")) == (1, 0, 0)
    again = taken(Notes=[["Other notes"]], May=[may[0], ["LC06", "2019/20", "42"]])
    assert counts(again) == (1, 0, 0)
    assert again.notes[0] == "Of several sheets “May” was read, as before."
    assert taken(Notes=notes, May=[["A", "B"], ["1", "2"]]).is_asked
    june = choose(taken(Notes=notes, June=may), ("code", "period", "value"), sheet="June")
    assert counts(june) == (1, 0, 0)
    factories.ColumnMappingFactory(council=june.council, sheet="July")
    assert taken(June=may, July=may).is_asked


@pytest.mark.parametrize(
    ("text", "columns", "header"),
    [
        ("KPI\tWhen\tResult\nLC06\t2019/20\t41\n", ("code", "period", "value"), 1),
        ("Table 3, of May\n\nKPI\tWhen\tResult\nLC06\t2019/20\t41", ("code", "period", "value"), 3),
        ("LC06\t2019/20\t41\n", ("code", "period", "value"), 0),
        ('KPI\tWhen\tResult\tRemark\nLC06\t2019/20\t41\t"Good" progress\n', ("code", "period", "value", "note"), 1),
        ('KPI\tWhen\tResult\tRemark\nLC06\t2019/20\t41\t"Two\nlines"\n', ("code", "period", "value", "note"), 1),
    ],
    ids=["headings", "a line above", "no headings", "quoted in Word", "quoted by Excel"],
)
def test_a_pasted_table_goes_the_same_way(take, choose, text, columns, header):
    batch = take(text.encode(), PASTED)
    assert (batch.state, batch.file_name) == (ImportBatch.State.ASKED, "Pasted table")
    batch = choose(batch, columns, header=header)
    assert counts(batch) == (1, 0, 0), batch.errors
    assert ColumnMapping.objects.count() == bool(header)


def test_a_known_pasted_table_is_not_asked_for(take):
    assert counts(take(b"Indicator\tPeriod\tValue\nLC06\t2019/20\t123\n", PASTED)) == (1, 0, 0)


def test_what_cannot_be_read_at_all_is_refused_and_not_asked_for(take):
    for content, name in ((b"", "a.csv"), (b"PK", "a.xlsx"), (b"Indicator,Period,Value\n", "a.csv")):
        batch = take(content, name)
        assert (batch.state, batch.content) == (ImportBatch.State.REFUSED, None)


def test_a_confirmed_batch_keeps_no_file_and_takes_no_other_columns(take, choose, analyst):
    batch = confirm_batch(batch=choose(take()), by=analyst)
    batch.refresh_from_db()
    assert (batch.is_applied, batch.content) == (True, None)
    with pytest.raises(NoLongerAsked):
        choose(batch)


def test_files_that_waited_too_long_are_forgotten_at_the_next_upload_for_the_council(take, choose, borough):
    now = timezone.now()
    late = take(at=now - timedelta(hours=25))
    factories.ImportBatchFactory(council=factories.CouncilFactory(), made_at=late.made_at, content=b"theirs")
    with pytest.raises(NoLongerAsked):
        choose(late, at=now)
    fresh = take(at=now)
    assert {batch.content and bytes(batch.content) for batch in ImportBatch.objects.filter(council=borough)} == {
        None,
        LONG,
    }
    assert ImportBatch.objects.exclude(council=borough).get().content
    assert fresh.content
    assert ImportBatch.history.filter(id=late.pk).count() == 1


def test_only_the_one_who_uploaded_chooses_while_they_are_an_analyst_of_the_council(
    take, choose, borough, elsewhere, analyst, administrator
):
    batch = take()
    colleague = factories.UserFactory(role="analyst", councils=[borough])
    with pytest.raises(PermissionDenied):
        choose(batch, by=colleague)
    history.save(analyst, by=administrator, links={"councils": [elsewhere]})
    with pytest.raises(PermissionDenied):
        choose(batch)
    with pytest.raises(PermissionDenied):
        take()
    assert ColumnMapping.objects.count() == 0


def test_somebody_who_was_quicker_is_not_overwritten(take, choose, analyst):
    first, second = take(), ImportBatch.objects.get()
    confirm_batch(batch=choose(first), by=analyst)
    with pytest.raises(NoLongerAsked):
        choose(second, ("code", "title", "period", "value"))
    assert ColumnMapping.objects.get().columns == list(LONG_CHOSEN)


@pytest.mark.parametrize("columns", [("code", "code", "period", "value"), ("", "code", "period", "")])
def test_a_choice_with_a_field_twice_or_without_a_needed_one_changes_nothing(take, choose, columns):
    batch = take()
    with pytest.raises(Unreadable):
        choose(batch, columns)
    assert ImportBatch.objects.get().is_asked
    assert ColumnMapping.objects.count() == 0


def test_a_remembered_field_that_is_no_longer_there_is_asked_for_anew(take, choose, analyst):
    choose(take())
    mapping = ColumnMapping.objects.get()
    mapping.columns = ["", "code", "period", "no_such_field"]
    history.save(mapping, by=analyst, reason="For the test.")
    assert take().is_asked


def test_a_file_of_a_plan_needs_one_of_the_same_council(borough, elsewhere, analyst):
    door = next(door for door in DOORS if door.needs_plan)
    given = {"door": door, "council": borough, "file_name": "a.csv", "content": b"Title\nA\n", "reason": ""}
    for plan in (None, factories.PlanFactory(council=elsewhere)):
        with pytest.raises(ValueError, match="Say which plan of The Borough"):
            take_file(**given, plan=plan, by=analyst)


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.slug)
def test_each_door_asks_about_headings_it_does_not_know_and_knows_its_own_batches(borough, plan, analyst, door):
    given = {"file_name": "a.csv", "content": b"Alpha,Beta\n1,2\n", "reason": ""}
    batch = take_file(door=door, council=borough, plan=plan, by=analyst, **given)
    batch.refresh_from_db()
    assert batch.is_asked
    assert door_of(batch) is door
    assert batch.plan == (plan if door.needs_plan else None)
    question = question_of(batch, door)
    assert [column.heading for column in question.columns] == ["Alpha", "Beta"]
    assert reverse(door.page, args=[batch.number])


def test_a_heading_that_reads_like_a_period_may_stand_over_the_codes(take, choose):
    choose(take(b"2019/20,Apr 2019\nLC06,5\n"), ("code", BY_HEADING))
    next_month = take(b"2019/20,Apr 2019,May 2019\nLC06,5,6\n")
    assert (next_month.state, counts(next_month)) == (ImportBatch.State.PREVIEWED, (2, 0, 0))
    assert take(b"2020/21,Apr 2019,May 2019\nLC06,5,6\n").is_asked
