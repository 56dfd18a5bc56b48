"""`manage.py export_plan` and `manage.py import_plan`."""

import io

import pytest
from django.core.management import CommandError, call_command

from lambeth_plans.imports.models import ImportBatch
from objectives.models import Objective
from tests.imports.workbooks import cells_of, changed, put, workbook_of


@pytest.fixture
def file(tmp_path, plan, objective):
    file = tmp_path / "plan.xlsx"
    call_command("export_plan", plan.slug, str(file), stdout=io.StringIO())
    return file


def run(file, *options):
    out = io.StringIO()
    call_command("import_plan", str(file), "--by", "administrator", *options, stdout=out)
    return out.getvalue()


def test_a_plan_is_written_and_read_back_unchanged(file, administrator):
    assert cells_of(file.read_bytes()) == cells_of(workbook_of("borough-plan"))
    assert "Nothing to change: 0 new, 0 changed, 3 unchanged" in run(file)
    assert [path.name for path in file.parent.iterdir()] == ["plan.xlsx"]


def test_a_preview_changes_nothing_and_commit_does(file, administrator):
    file.write_bytes(changed(file.read_bytes(), put("Objectives", 2, "Title", "Keep every child safe")))
    said = run(file)
    assert "Title: Keep children safe → Keep every child safe" in said
    assert "Nothing was changed yet: 0 new, 1 changed" in said
    assert Objective.objects.get().title == "Keep children safe"
    assert "Applied as borough-0002: 0 new, 1 changed" in run(file, "--commit", "--reason", "Yearly review")
    assert Objective.objects.get().title == "Keep every child safe"
    assert "Yearly review" in Objective.objects.get().history.first().history_change_reason


def test_a_refused_workbook_ends_with_1_and_is_kept(file, administrator, capsys):
    file.write_bytes(changed(file.read_bytes(), put("Objectives", 2, "Order", "many")))
    with pytest.raises(SystemExit) as ended:
        run(file, "--commit")
    assert ended.value.code == 1
    assert ImportBatch.objects.get().is_refused


def test_who_may_not_or_is_not_there_gets_a_sentence(file, analyst):
    with pytest.raises(CommandError, match="nobody with the user name"):
        call_command("import_plan", str(file), "--by", "nobody-knows")
    with pytest.raises(CommandError, match="takes an administrator"):
        call_command("import_plan", str(file), "--by", "analyst")
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("import_plan", f"{file}.gone", "--by", "analyst")
    assert not ImportBatch.objects.exists()


def test_an_unknown_plan_and_a_missing_file_name_are_told(db, tmp_path):
    with pytest.raises(CommandError, match="There is no plan “nowhere”"):
        call_command("export_plan", "nowhere", str(tmp_path / "a.xlsx"))
    with pytest.raises(CommandError, match="Say which plan and which file"):
        call_command("export_plan", "nowhere")


def test_an_empty_workbook_is_written_too(db, tmp_path):
    call_command("export_plan", "--template", str(tmp_path / "empty.xlsx"), stdout=io.StringIO())
    assert "Activities" in cells_of((tmp_path / "empty.xlsx").read_bytes())
