"""Uploading and confirming: all or nothing, once, and only over what was previewed."""

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kpis.actions import apply_figures
from kpis.models import Outturn
from kpis.packing import Unpacked
from lambeth_plans import history, spreadsheets
from lambeth_plans.imports.actions import Conflicts, confirm_batch, upload_figures
from lambeth_plans.imports.models import ImportBatch
from tests import factories


@pytest.fixture
def indicator(borough):
    indicator = factories.IndicatorFactory(council=borough, key="assessments", title="Health assessments on time")
    factories.IndicatorCodeFactory(indicator=indicator, code="LC.06")
    factories.OutturnFactory(indicator=indicator, period="2018/19", value=Decimal(40), value_as_stated="40%")
    factories.OutturnFactory(indicator=indicator, period="2017/18", value=Decimal(45))
    return indicator


def lines(*rows):
    return "\n".join(["Indicator,Period,Value", *rows]).encode()


FILE = lines("LC06,2019/20,47.5%", "LC06,2018/19,41%", "LC06,2017/18,45")


def upload(council, user, content=FILE, **options):
    options = {"file_name": "figures.csv", "sheet": "", "reason": "Year end", **options}
    return upload_figures(council=council, content=content, by=user, **options)


def figures_of(indicator):
    outturns = Outturn.objects.filter(indicator=indicator).order_by("period_start")
    return [(outturn.period.label, outturn.value) for outturn in outturns]


def test_an_upload_changes_no_figure_and_says_what_it_would(borough, analyst, indicator):
    before = figures_of(indicator)
    batch = upload(borough, analyst)
    assert figures_of(indicator) == before
    assert batch.state == ImportBatch.State.PREVIEWED
    assert (batch.new_count, batch.changed_count, batch.unchanged_count, batch.error_count) == (1, 1, 1, 0)
    assert [(row.row, row.action, row.version) for row in Unpacked(batch.rows)] == [
        (2, "new", 0),
        (3, "changed", 1),
        (4, "unchanged", 1),
    ]
    assert batch.number == "borough-0001"
    assert (batch.made_by, batch.made_by_name) == (analyst, analyst.name)
    assert len(batch.sha256) == 64


@pytest.mark.django_db(transaction=True)
def test_nobody_waits_while_a_file_is_read(borough, analyst, indicator, monkeypatch):
    def read(*args, **kwargs):
        assert not connection.in_atomic_block
        return spreadsheets_read(*args, **kwargs)

    spreadsheets_read = spreadsheets.read
    monkeypatch.setattr(spreadsheets, "read", read)
    assert upload(borough, analyst).state == ImportBatch.State.PREVIEWED


def test_confirming_leaves_one_history_row_per_changed_figure_naming_user_file_and_batch(borough, analyst, indicator):
    batch = confirm_batch(batch=upload(borough, analyst), by=analyst)
    assert batch.is_applied
    assert figures_of(indicator) == [("2017/18", 45), ("2018/19", 41), ("2019/20", Decimal("47.5"))]
    entries = Outturn.history.filter(batch=batch.number).order_by("period_start")
    assert [(entry.history_type, entry.value) for entry in entries] == [("~", 41), ("+", Decimal("47.5"))]
    for entry in entries:
        assert entry.history_user == analyst
        assert entry.actor == analyst.name
        assert entry.history_change_reason == "Imported from figures.csv, batch borough-0001. Year end"
    assert Outturn.history.count() == 4
    assert Outturn.objects.get(indicator=indicator, period_start="2018-04-01").value_as_stated == "41%"


def test_the_batch_itself_has_its_history_without_its_rows(borough, analyst, indicator):
    batch = confirm_batch(batch=upload(borough, analyst), by=analyst)
    entries = ImportBatch.history.filter(id=batch.pk).order_by("history_id")
    assert [(entry.history_type, entry.state) for entry in entries] == [("+", "previewed"), ("~", "applied")]
    assert not hasattr(entries[0], "rows")


def test_a_figure_added_since_the_preview_stops_the_whole_batch(borough, analyst, administrator, indicator):
    batch = upload(borough, analyst)
    factories.OutturnFactory(indicator=indicator, period="2019/20", value=Decimal(1), by=administrator)
    with pytest.raises(Conflicts) as refusal:
        confirm_batch(batch=batch, by=analyst)
    assert [conflict.now.old_words for conflict in refusal.value.conflicts] == ["1%"]


def test_batches_of_each_council_are_numbered_in_turn(borough, elsewhere, analyst, indicator):
    history.save(analyst, by=analyst, links={"councils": [borough, elsewhere]})
    numbers = [upload(council, analyst).number for council in (borough, elsewhere, borough)]
    assert numbers == ["borough-0001", "elsewhere-0001", "borough-0002"]


def test_only_an_analyst_of_the_council_uploads_and_confirms(
    borough, elsewhere, analyst, director, stranger, indicator
):
    for council, person in ((borough, director), (borough, stranger), (elsewhere, analyst)):
        with pytest.raises(PermissionDenied):
            upload(council, person)
    batch = upload(borough, analyst)
    history.save(analyst, by=analyst, links={"councils": [elsewhere]})
    with pytest.raises(PermissionDenied):
        confirm_batch(batch=batch, by=analyst)
    assert not batch.is_applied


def test_a_figure_that_becomes_a_word_loses_its_value(borough, analyst, indicator):
    confirm_batch(batch=upload(borough, analyst, lines("LC06,2018/19,TBC")), by=analyst)
    outturn = Outturn.objects.get(indicator=indicator, period_start="2018-04-01")
    assert (outturn.value, outturn.reason, outturn.value_as_stated) == (None, "to_be_confirmed", "TBC")


def test_a_file_of_any_size_takes_the_same_thirty_statements(borough, analyst, indicator):
    def statements(*rows):
        with CaptureQueriesContext(connection) as told:
            confirm_batch(batch=upload(borough, analyst, lines(*rows)), by=analyst)
        return len(told)

    few = statements("LC06,2018/19,41%", "LC06,1994/95,50%", "LC06,2017/18,45")
    rows = [f"LC06,{year}/{(year + 1) % 100:02d},50%" for year in range(1995, 2016)]
    rows += [f"LC06,{month} {year},51%" for year in range(2000, 2010) for month in ("Jan", "Feb", "May", "June")]
    assert statements(*rows, "LC06,2018/19,42%", "LC06,2017/18,46%") == few <= 30
    assert Outturn.objects.count() == 64


def test_a_figure_that_was_removed_and_entered_anew_is_a_conflict(borough, analyst, director, indicator):
    """Its versions count from the beginning again, so what it says decides."""
    held = Outturn.objects.get(indicator=indicator, period_start="2018-04-01")
    batch = upload(borough, analyst, lines("LC06,2018/19,41"))
    history.remove(held, by=director, reason="Counted twice.")
    factories.OutturnFactory(indicator=indicator, period="2018/19", value=Decimal(9))
    with pytest.raises(Conflicts) as refusal:
        confirm_batch(batch=batch, by=analyst)
    (conflict,) = refusal.value.conflicts
    assert (conflict.proposal.old.value, conflict.now.old.value) == (40, 9)
    assert Outturn.objects.get(indicator=indicator, period_start="2018-04-01").value == 9


def test_a_write_past_the_lock_is_a_conflict_too(borough, analyst, director, indicator, monkeypatch):
    batch = upload(borough, analyst, lines("LC06,2018/19,41"))

    def and_somebody_writes(*arguments, **options):
        held = Outturn.objects.get(indicator=indicator, period_start="2018-04-01")
        held.value = Decimal(44)
        history.save(held, by=director, reason="Recounted.")
        return apply_figures(*arguments, **options)

    monkeypatch.setattr("lambeth_plans.imports.actions.apply_figures", and_somebody_writes)
    with pytest.raises(Conflicts) as refusal:
        confirm_batch(batch=batch, by=analyst)
    assert refusal.value.conflicts[0].now.old.value == 44


def test_the_same_figure_in_many_rows_names_the_first_places(borough, analyst, indicator):
    batch = upload(borough, analyst, lines(*["LC06,2019/20,1"] * 400))
    assert batch.error_count == 400
    places = "row 2 and row 3 and row 4 and row 5 and row 6 and 395 more"
    assert batch.errors[399]["message"] == f"LC06 for 2019/20 stands in {places}. Keep one."


def test_a_note_that_comes_back_tidied_is_no_change(borough, analyst, indicator):
    factories.OutturnFactory(indicator=indicator, period="2016/17", value=Decimal(1), note=" two\r\nlines ")
    content = b'Indicator,Period,Value,Note\nLC06,2016/17,1,"two\nlines"\n'
    assert upload(borough, analyst, content).state == ImportBatch.State.UNCHANGED


def test_a_reason_at_the_confirmation_stands_in_the_batch_and_in_the_history_of_each_figure(
    borough, analyst, indicator
):
    kept = confirm_batch(batch=upload(borough, analyst, reason="Year end"), by=analyst)
    assert (kept.reason, kept.history.count()) == ("Year end", 2)
    batch = upload(borough, analyst, lines("LC06,2019/20,48%", "LC06,2018/19,42%"))
    batch = confirm_batch(batch=batch, by=analyst, reason=" Counted twice. ")
    assert batch.reason == batch.history.first().reason == "Counted twice."
    reasons = {row.history.first().history_change_reason for row in Outturn.objects.exclude(period_start__year=2017)}
    assert reasons == {"Imported from figures.csv, batch borough-0002. Counted twice."}
