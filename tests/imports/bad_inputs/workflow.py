"""15, 16 and 49 on their pages, and 50 to 57: from the upload to the undo."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone

from kpis.models import Outturn
from lambeth_plans import history
from lambeth_plans.imports.actions import Conflicts, clean_file_name, confirm_batch, upload_figures
from lambeth_plans.imports.models import ImportBatch
from tests import factories
from tests.imports.bad_inputs import HELD, Story
from tests.imports.bad_inputs.files import HEADINGS, lines
from tests.imports.bad_inputs.stage import Stage, figures

NEW = {**HELD, "assessments 2019/20": "47.5"}
CHANGE = lines(("LC06", "2018/19", "41"))


def words(response: HttpResponse) -> str:
    return response.content.decode()


def of(stage: Stage, by: Any, content: bytes = lines(), **options: Any) -> ImportBatch:
    """A batch that somebody else uploaded, or at another time."""
    return upload_figures(
        council=stage.borough, file_name="figures.csv", content=content, sheet="", reason="Year end", by=by, **options
    )


def good_way(stage: Stage) -> None:
    sent = stage.send()
    assert (sent.status_code, figures()) == (302, HELD)
    assert stage.confirm().status_code == 302
    assert figures() == NEW
    assert "The figures are in" in words(stage.page.get(sent.url))


def too_large(stage: Stage) -> None:
    stage.settings.UPLOAD_LIMIT_BYTES = len(lines()) - 1
    refused = stage.send(reason="Year end")
    assert refused.status_code == 413
    assert "and we take up to" in words(refused)
    assert 'value="Year end"' in words(refused)
    assert not ImportBatch.objects.exists()
    stage.settings.UPLOAD_LIMIT_BYTES += 1
    assert stage.send().status_code == 302


HOSTILE = {
    "../../etc/passwd.csv": "passwd.csv",
    "C:\\figures\\May.csv": "May.csv",
    "a\0b\u202ecsv.exe.csv": "abcsv.exe.csv",
    "\ud800.csv": ".csv",
    "<script>alert(1)<script>.csv": "<script>alert(1)<script>.csv",
    "": "file without a name",
    "x" * 300 + ".csv": "x" * 88 + "…" + "x" * 7 + ".csv",
}


def hostile_names(stage: Stage) -> None:
    for name, clean in HOSTILE.items():
        assert clean_file_name(name) == clean
        batch = upload_figures(
            council=stage.borough, file_name=name, content=CHANGE, sheet="", reason="", by=stage.analyst
        )
        assert (batch.file_name, batch.is_waiting) == (clean, name.endswith(".csv"))
        assert "<script>alert" not in words(stage.detail(batch.number))
    for name in ("../../a.csv", "<script>alert(1)</script>.csv", "\u202evsc.csv", "x" * 300 + ".csv"):
        assert stage.send(name=name).status_code == 302
    assert "<script>alert" not in words(stage.page.get(reverse("import_list")))


def markup_and_formulas_in_cells(stage: Stage) -> None:
    note = "<script>alert(1)</script>"
    plan = factories.PlanFactory(council=stage.borough, slug="plan")
    factories.PlanIndicatorFactory(plan=plan, indicator=Outturn.objects.first().indicator)
    rows = [("LC06", "2019/20", "47.5", note), ("LC06", "2020/21", "48", "=cmd()"), ("LC06", "2021/22", "49", "-1")]
    sent = stage.send(lines(*rows, headings=(*HEADINGS, "Note")))
    assert note not in words(stage.page.get(sent.url))
    assert "&lt;script&gt;alert(1)" in words(stage.page.get(sent.url))
    stage.confirm()
    assert list(Outturn.objects.exclude(note="").order_by("period_start").values_list("note", flat=True)) == [
        note,
        "=cmd()",
        "-1",
    ]
    exported = stage.page.get(reverse("plan_figures", args=["plan"])).content
    assert b",'=cmd()," in exported
    assert b",'-1," in exported
    stage.send(exported)
    assert ImportBatch.objects.get(number="borough-0002").state == ImportBatch.State.UNCHANGED
    stage.send(lines(("=cmd()", "2019/20", note)))
    refused = stage.page.get(reverse("import_errors", args=["borough-0003"]))
    assert "A (Indicator),'=cmd()," in words(refused)
    assert note not in words(stage.detail("borough-0003"))


def confirmed_twice(stage: Stage) -> None:
    stage.send(CHANGE)
    first = stage.confirm()
    again = stage.confirm()
    assert (first.url, again.status_code) == (again.url, 302)
    assert "The figures are in" in words(stage.page.get(again.url))
    assert Outturn.history.filter(batch="borough-0001").count() == 1
    assert ImportBatch.history.filter(number="borough-0001").count() == 2


def same_file_again(stage: Stage) -> None:
    stage.send()
    stage.confirm()
    before = Outturn.history.count()
    again = words(stage.page.get(stage.send().url))
    assert "Nothing to change" in again
    assert f"The same file was imported by {stage.analyst.name}" in again
    assert "Confirm" not in again
    assert stage.confirm("borough-0002").status_code == 409
    assert Outturn.history.count() == before


def edited_meanwhile(stage: Stage) -> None:
    stage.send(lines(("LC06", "2018/19", "41"), ("LC06", "2017/18", "45"), ("LC06", "2019/20", "47.5%")))
    for year, value in (("2018", 44), ("2017", 46)):  # one that the file changes, and one that it leaves as it was
        outturn = Outturn.objects.get(indicator__key="assessments", period_start=f"{year}-04-01")
        outturn.value = Decimal(value)
        history.save(outturn, by=stage.administrator, reason="By hand.")
    refused = stage.confirm()
    assert refused.status_code == 409
    for text in ("40%", "44%", "41%", "46%", "Nothing of the file was applied"):
        assert text in words(refused)
    assert figures() == {**HELD, "assessments 2018/19": "44", "assessments 2017/18": "46"}
    assert ImportBatch.objects.get().is_waiting


def somebody_elses(stage: Stage) -> None:
    batch = of(stage, stage.colleague())
    assert "Only Colleague, who uploaded it, can confirm it." in words(stage.detail())
    assert stage.confirm(batch.number).status_code == 403
    elsewhere = factories.CouncilFactory(slug="elsewhere")
    theirs = upload_figures(
        council=elsewhere,
        file_name="figures.csv",
        content=lines(),
        sheet="",
        reason="",
        by=stage.colleague(council=elsewhere),
    )
    tampered = (theirs.number, "borough-9999", "borough-0001-", "1")
    assert {stage.confirm(number).status_code for number in tampered} == {404}
    assert figures() == HELD


def never_previewed_or_too_late(stage: Stage) -> None:
    refused = of(stage, stage.analyst, lines(("LC06", "2019/20", "c. 40")))
    now = timezone.now()
    late, early = (of(stage, stage.analyst, at=now - timedelta(hours=24, minutes=sign)) for sign in (1, -5))
    assert {stage.confirm(batch.number).status_code for batch in (refused, late)} == {409}
    assert "This preview has expired" in words(stage.detail(late.number))
    assert stage.page.get(reverse("import_confirm", args=[late.number])).status_code == 405
    assert figures() == HELD
    assert stage.confirm(early.number).status_code == 302
    assert figures() == NEW


def one_bad_row_in_500(stage: Stage) -> None:
    months = [f"{month} {year}" for year in range(2000, 2017) for month in ("Apr", "May", "Jun", "Jul", "Aug", "Sep")]
    good = [(code, month, "5") for code in ("LC06", "LC09", "1.10", "F1") for month in months][:497]
    bad = [("LC06", "2019/20", "c. 40"), ("XX99", "2019", "40*"), ("=cmd()", "2019/20", "1")]
    page = words(stage.page.get(stage.send(lines(*good[:250], *bad, *good[250:])).url))
    assert "5 things in figures.csv must be put right first" in page
    for text in ("Row 252", "Row 253", "C (Value)", "c. 40", "XX99", "B (Period)", "A (Indicator)"):
        assert text in page
    listed = words(stage.page.get(reverse("import_errors", args=["borough-0001"]))).splitlines()
    assert [line.split(",")[1] for line in listed[1:]] == ["252", "253", "253", "253", "254"]
    assert stage.confirm().status_code == 409
    assert figures() == HELD
    stage.send(lines(*good))
    assert stage.confirm("borough-0002").status_code == 302
    assert len(figures()) == len(HELD) + len(good)


def role_taken_away(stage: Stage) -> None:
    stage.send()
    stage.analyst.role = "scrutiny_member"
    history.save(stage.analyst, by=stage.administrator)
    assert stage.confirm().status_code == 403
    stage.analyst.role, stage.analyst.is_active = "analyst", False
    history.save(stage.analyst, by=stage.administrator)
    gone = stage.confirm()  # the next request is nobody's: it is sent to the log-in
    assert (gone.status_code, reverse("login") in gone.url) == (302, True)
    assert figures() == HELD


def one_after_the_other(stage: Stage) -> None:
    """The threads that meet are in test_actions_races.py."""
    rows = [("LC06", "2018/19", "41"), ("LC06", "2017/18", "42")]
    ours, theirs = of(stage, stage.analyst, lines(*rows)), of(stage, colleague := stage.colleague(), lines(*rows[::-1]))
    assert stage.confirm(ours.number).status_code == 302
    with pytest.raises(Conflicts) as refusal:
        confirm_batch(batch=theirs, by=colleague)
    assert [conflict.now.old.value for conflict in refusal.value.conflicts] == [42, 41]
    assert figures() == {**HELD, "assessments 2018/19": "41", "assessments 2017/18": "42"}


def undone(stage: Stage) -> None:
    stage.send(lines(("LC06", "2018/19", "41"), ("LC06", "2019/20", "47.5")))
    stage.confirm()
    before = Outturn.history.count()
    address = reverse("import_undo", args=["borough-0001"])
    assert "Say why the import is undone." in words(stage.page.post(address, {"reason": " "}))
    assert Outturn.history.count() == before
    assert stage.page.post(address, {"reason": "The wrong month."}).status_code == 302
    assert figures() == HELD
    entries = Outturn.history.order_by("-history_id")[: Outturn.history.count() - before]
    assert sorted((entry.history_type, entry.actor, entry.batch) for entry in entries) == [
        ("-", stage.analyst.name, "borough-0001"),
        ("~", stage.analyst.name, "borough-0001"),
    ]
    assert {entry.history_change_reason for entry in entries} == {
        "Undid batch borough-0001, figures.csv. The wrong month."
    }
    assert ImportBatch.objects.get().is_undone


STORIES = (
    Story("15", "a file over the limit", too_large, "413 with a page that keeps the answers"),
    Story("16", "hostile file names", hostile_names, "a name that is safe to keep and to show"),
    Story("49", "markup and formulas on pages and in files", markup_and_formulas_in_cells, "escaped; neutral; back"),
    Story("50", "confirmed twice", confirmed_twice, "applied once; the second sees the result"),
    Story("51", "the same file again", same_file_again, "“imported by”; 409; no history"),
    Story("52", "a figure changed after the preview", edited_meanwhile, "409 with old, present and new value"),
    Story("53", "somebody else's, another council's, no such batch", somebody_elses, "403 and 404"),
    Story("53", "refused, expired, or only looked at", never_previewed_or_too_late, "409 and 405"),
    Story("54", "three bad rows in 500", one_bad_row_in_500, "nothing applied; every error at once, to download"),
    Story("55", "role taken away, person deactivated", role_taken_away, "403; sent to the log-in"),
    Story("56", "two analysts with the same figures", one_after_the_other, "the first is applied; a conflict"),
    Story("57", "undone", undone, "one audited action: one history row for each figure, one reason"),
)
