"""`manage.py import_outturns` and `undo_import`: the same rules as in the browser, for programs too."""

import json
from decimal import Decimal
from io import StringIO

import openpyxl
import pytest
from django.core.management import CommandError, call_command

from kpis.models import Outturn
from lambeth_plans import history
from lambeth_plans.imports import actions
from lambeth_plans.imports.models import ImportBatch
from tests import factories


@pytest.fixture
def indicator(borough):
    indicator = factories.IndicatorFactory(
        council=borough, key="assessments", title="Health assessments on time", unit="%"
    )
    factories.IndicatorCodeFactory(indicator=indicator, code="LC.06")
    factories.OutturnFactory(indicator=indicator, period="2018/19", value=Decimal(40))
    return indicator


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "figures.csv"

    def written(*rows):
        path.write_text("\n".join(["Indicator,Period,Value", *rows]))
        return str(path)

    return written


def run(*arguments):
    """What the command said, and its exit status."""
    out = StringIO()
    try:
        call_command(*arguments, stdout=out)
    except SystemExit as leaving:
        return out.getvalue(), leaving.code
    return out.getvalue(), 0


GOOD = ("LC06,2019/20,47.5", "LC06,2018/19,41")


def test_without_commit_it_shows_what_would_change_and_changes_nothing(borough, analyst, indicator, file):
    said, status = run("import_outturns", file(*GOOD), "--council=borough", "--by=analyst")
    assert status == 0
    assert "Row 2: new LC06 for 2019/20: 47.5%" in said
    assert "Row 3: changed LC06 for 2018/19: 40% → 41%" in said
    assert "Nothing was changed yet: 1 new, 1 changed, 0 unchanged." in said
    assert Outturn.objects.count() == 1


def test_with_commit_it_changes_all_and_answers_programs_with_one_object(borough, analyst, indicator, file):
    said, status = run("import_outturns", file(*GOOD), "--council=borough", "--by=analyst", "--commit", "--json")
    told = json.loads(said)
    assert status == 0
    assert told == {
        "state": "applied",
        "batch": "borough-0001",
        "rows": 2,
        "new": 1,
        "changed": 1,
        "unchanged": 0,
        "errors": [],
    }
    assert Outturn.history.filter(batch="borough-0001", history_user=analyst).count() == 2
    again, _ = run("import_outturns", file(*GOOD), "--council=borough", "--by=analyst", "--commit", "--json")
    assert json.loads(again) == {**told, "batch": "borough-0002", "new": 0, "changed": 0, "unchanged": 2}
    assert Outturn.history.count() == 3


def test_one_bad_row_refuses_all_and_names_its_place(borough, analyst, indicator, file):
    arguments = (file(*GOOD, "LC06,2017/18,c. 40"), "--council=borough", "--by=analyst", "--commit")
    said, status = run("import_outturns", *arguments, "--json")
    told = json.loads(said)
    assert (told["state"], status, Outturn.objects.count()) == ("refused", 1, 1)
    (error,) = told["errors"]
    assert (error["row"], error["column"], error["value"]) == (4, "C (Value)", "c. 40")
    said, status = run("import_outturns", *arguments)
    assert "row 4, column C (Value) “c. 40”: “c. 40” is not a figure." in said
    assert "1 thing to put right. Nothing was changed." in said
    assert status == 1


def test_a_refused_file_is_written_with_its_errors_marked(borough, analyst, indicator, file, tmp_path):
    out = tmp_path / "out.xlsx"
    arguments = ("--council=borough", "--by=analyst", f"--annotated={out}")
    run("import_outturns", file(*GOOD), *arguments)
    assert not out.exists()
    run("import_outturns", file(*GOOD, "LC06,2017/18,c. 40"), *arguments)
    book = openpyxl.load_workbook(out)
    assert "“c. 40” is not a figure." in book["File"]["C4"].comment.text
    with pytest.raises(CommandError, match="cannot be written"):
        run("import_outturns", file("LC06,2017/18,c. 40"), *arguments[:2], "--annotated=/nowhere/out.xlsx")


def test_a_figure_that_somebody_changes_meanwhile_stops_it_with_both_values(
    borough, analyst, director, indicator, file, monkeypatch
):
    upload = actions.upload_figures

    def and_then_somebody_edits(**options):
        batch = upload(**options)
        held = Outturn.objects.get()
        held.value = Decimal(44)
        history.save(held, by=director, reason="Recounted.")
        return batch

    monkeypatch.setattr(
        "lambeth_plans.imports.management.commands.import_outturns.upload_figures", and_then_somebody_edits
    )
    said, status = run("import_outturns", file(*GOOD), "--council=borough", "--by=analyst", "--commit", "--json")
    told = json.loads(said)
    assert (told["state"], status) == ("refused", 1)
    assert "from 40% to 44%" in told["errors"][0]["message"]
    assert Outturn.objects.get().value == 44


@pytest.mark.parametrize(
    ("who", "council", "words"),
    [
        ("ghost", "borough", "nobody with the user name"),
        ("analyst", "elsewhere", "belongs to no council"),
        ("stranger", "borough", "belongs to no council"),
        ("director", "borough", "takes an analyst"),
    ],
)
def test_who_may_not_import_is_told_so(borough, elsewhere, analyst, director, stranger, file, who, council, words):
    with pytest.raises(CommandError, match=words):
        run("import_outturns", file(*GOOD), f"--council={council}", f"--by={who}")
    assert not ImportBatch.objects.exists()


def test_a_file_that_is_not_there_or_too_large_is_named(borough, analyst, file, settings):
    with pytest.raises(CommandError, match="cannot be read"):
        run("import_outturns", "/nowhere/a.csv", "--council=borough", "--by=analyst")
    settings.UPLOAD_LIMIT_BYTES = 10
    with pytest.raises(CommandError, match="larger than 10 bytes"):
        run("import_outturns", file(*GOOD), "--council=borough", "--by=analyst")


def test_an_import_is_undone_by_its_number(borough, analyst, indicator, file):
    run("import_outturns", file(*GOOD), "--council=borough", "--by=analyst", "--commit")
    said, status = run("undo_import", "borough-0001", "--by=analyst", "--reason=Wrong file.")
    assert (said, status) == ("borough-0001 is undone: 1 new figures removed, 1 changed ones put back.\n", 0)
    assert [outturn.value for outturn in Outturn.objects.all()] == [40]
    said, status = run("undo_import", "borough-0001", "--by=analyst", "--reason=Again.")
    assert (said, status) == (f"borough-0001 was undone before, by {analyst.name}.\n", 0)


def test_undoing_says_what_stands_in_the_way(borough, analyst, director, indicator, file):
    run("import_outturns", file(*GOOD), "--council=borough", "--by=analyst", "--commit")
    held = Outturn.objects.get(period_start="2019-04-01")
    held.value = Decimal(48)
    history.save(held, by=director, reason="Recounted.")
    said, status = run("undo_import", "borough-0001", "--by=analyst", "--reason=Wrong file.")
    assert f"LC06 for 2019/20: 47.5% → 48%, changed by {director.name}" in said
    assert status == 1
    assert Outturn.objects.count() == 2


def test_undoing_needs_the_right_person_number_and_reason(borough, analyst, stranger, director, indicator, file):
    run("import_outturns", file(*GOOD), "--council=borough", "--by=analyst")
    for who, number, reason, words in (
        ("ghost", "borough-0001", "Why", "nobody"),
        ("stranger", "borough-0001", "Why", "no import"),
        ("analyst", "borough-0009", "Why", "no import"),
        ("director", "borough-0001", "Why", "Only an analyst"),
        ("analyst", "borough-0001", " ", "Say why"),
        ("analyst", "borough-0001", "Why", "cannot be undone"),
    ):
        with pytest.raises(CommandError, match=words):
            run("undo_import", number, f"--by={who}", f"--reason={reason}")


def test_a_long_run_tells_how_far_it_has_come_beside_its_answer(borough, analyst, indicator, file, monkeypatch, capsys):
    monkeypatch.setattr("lambeth_plans.imports.management.commands.import_outturns.LONG_FROM_BYTES", 1)
    said, _ = run("import_outturns", file(*GOOD), "--council=borough", "--by=analyst", "--commit", "--json")
    assert json.loads(said)["state"] == "applied"
    assert capsys.readouterr().err.splitlines() == [
        "Reading and comparing figures.csv …",
        "Writing 2 figures …",
    ]
