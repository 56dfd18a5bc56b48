"""`manage.py import_register`, and undoing from the command line what is no figure."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from finance.models import Contract
from lambeth_plans import history
from lambeth_plans.imports.doors import DOORS
from lambeth_plans.imports.mappings import choose_columns, take_file
from tests import factories


@pytest.fixture
def file(tmp_path):
    file = tmp_path / "contracts.csv"
    file.write_text("Reference,Title,Note\nC1,CAMHS,New note\nC2,Meals,\n")
    return file


def run(file, *options, by="analyst", **kinds):
    out = io.StringIO()
    words = {"register": "contracts", "council": "borough", "plan": "borough-plan"} | kinds
    told = [part for name, word in words.items() for part in (f"--{name}", word)]
    call_command("import_register", str(file), *told, "--by", by, *options, stdout=out)
    return out.getvalue()


def test_a_preview_changes_nothing_commit_does_and_undo_takes_it_back(file, plan, analyst, director):
    contract = factories.ContractFactory(plan=plan, key="c1", ref="C1", title="CAMHS", note="Old note")
    said = run(file)
    assert "Row 2: changed C1 (Contracts)\n    Note: Old note → New note" in said
    assert "Nothing was changed yet: 1 new, 1 changed, 0 unchanged." in said
    assert "Applied as borough-0002: 1 new, 1 changed" in run(file, "--commit", "--reason", "Yearly")
    assert "Yearly" in Contract.objects.get(key="c2").history.first().history_change_reason
    assert "Nothing to change: 0 new, 0 changed, 2 unchanged" in run(file)
    undo = ("undo_import", "borough-0002", "--by", "analyst", "--reason", "Too early")
    contract.refresh_from_db()
    contract.note = "Meanwhile"
    history.save(contract, by=director)
    out = io.StringIO()
    with pytest.raises(SystemExit):
        call_command(*undo, stdout=out)
    assert "Contract CAMHS: It was changed since. Last changed by Director" in out.getvalue()
    contract.note = "New note"
    history.save(contract, by=director)
    out = io.StringIO()
    call_command(*undo, stdout=out)
    call_command(*undo, stdout=out)
    assert "borough-0002 is undone: 1 new records removed, 1 changed ones put back." in out.getvalue()
    assert "was undone before, by Analyst" in out.getvalue()
    assert Contract.objects.get().note == "Old note"
    with pytest.raises(CommandError, match="cannot be undone"):
        call_command("undo_import", "borough-0001", "--by", "analyst", "--reason", "Why not")


def test_columns_are_read_as_they_were_chosen_in_the_browser(file, plan, analyst):
    file.write_text("What we buy,Remark\nCAMHS,Weekly\n")
    with pytest.raises(SystemExit):
        run(file)
    door = next(door for door in DOORS if door.slug == "contracts")
    files = {"file_name": "old.csv", "content": file.read_bytes()}
    asked = take_file(door=door, council=plan.council, plan=plan, reason="", by=analyst, **files)
    choose_columns(batch=asked, sheet="", header=1, chosen=("title", "note"), by=analyst)
    said = run(file, "--commit")
    assert "Note: Columns were read as Analyst chose on" in said
    assert Contract.objects.get().note == "Weekly"


def test_a_program_is_told_every_error_and_gets_the_marked_file(file, plan, analyst, tmp_path, capsys):
    file.write_text("Title,Start date,Director\nA,31/02/2021,Nobody\n")
    with pytest.raises(SystemExit) as ended:
        call_command(
            *("import_register", str(file), "--register", "contracts", "--council", "borough", "--plan", plan.slug),
            *("--by", "analyst", "--json", "--commit", "--annotated", str(tmp_path / "out.xlsx")),
        )
    assert ended.value.code == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["state"], [error["column"] for error in told["errors"]]) == (
        "refused",
        ["C (Director)", "B (Start date)"],
    )
    assert (tmp_path / "out.xlsx").read_bytes().startswith(b"PK")


def test_who_may_not_or_what_is_not_there_gets_a_sentence(file, plan, analyst, director):
    for options, words in (
        ({"by": "who"}, "nobody with the user name"),
        ({"by": "director"}, "takes an analyst"),
        ({"council": "elsewhere"}, "belongs to no council"),
        ({"plan": "no-plan"}, "Say which plan of The Borough"),
    ):
        with pytest.raises(CommandError, match=words):
            run(file, **options)
