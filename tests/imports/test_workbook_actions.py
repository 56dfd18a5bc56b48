"""Previewing and confirming a plan's workbook."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from activities.models import Activity, Output
from lambeth_plans import history
from lambeth_plans.accounts.models import Division, Officer
from lambeth_plans.imports.actions import NotWaiting
from lambeth_plans.imports.audit import audit
from lambeth_plans.imports.models import ImportBatch
from lambeth_plans.imports.workbook.actions import PlanMoved, confirm_plan
from objectives.models import Objective, Plan
from tests import factories
from tests.imports.workbooks import add_row, changed, put, upload, workbook_of


@pytest.fixture
def whole(plan, objective, activity):
    return workbook_of(plan.slug)


def test_a_change_keeps_old_and_new_and_leaves_one_history_row(whole, administrator):
    content = changed(
        whole,
        put("Objectives", 2, "Title", "Keep every child safe"),
        put("Activities", 2, "Owner", None),
        put("Activities", 2, "Further objectives", "ob1"),
    )
    batch = upload(content, administrator)
    assert [row["cells"] for row in batch.rows["rows"]] == [
        {"title": ["Keep children safe", "Keep every child safe"]},
        {"owner": ["director-of-care", ""], "further_objectives": ["", "ob1"]},
    ]
    assert Objective.objects.get().title == "Keep children safe"
    confirm_plan(batch=batch, by=administrator)
    activity = Activity.objects.get()
    assert activity.owner is None
    assert [each.key for each in activity.further_objectives.all()] == ["ob1"]
    for record in (activity, Objective.objects.get()):
        assert record.version == 2
        latest = record.history.order_by("-history_id").first()
        assert (latest.batch, latest.history_user) == (batch.number, administrator)
        assert "plan.xlsx" in latest.history_change_reason
    assert audit().differences == ()


def test_new_records_may_point_at_each_other(whole, administrator):
    content = changed(
        whole,
        add_row("Activities", Key="ka9", Title="New", Objective="ob9", Owner="head", See_also="ka1; ka10"),
        add_row("Activities", Key="ka10", Title="Newer", See_also="ka9"),
        add_row("Objectives", Key="ob9", Title="A new objective", Parent="ob10"),
        add_row("Objectives", Key="ob10", Title="Its parent"),
        add_row("Outputs", Key="o1", Title="A deliverable", Activity="ka9", Due_date="March 2027"),
        add_row("People", Key="head", Name="Head of new things", Division="new"),
        add_row("Divisions", Key="new", Name="New things", Director="head"),
    )
    batch = confirm_plan(batch=upload(content, administrator), by=administrator)
    assert (batch.new_count, batch.changed_count) == (7, 0)
    activity = Activity.objects.get(key="ka9")
    assert (activity.objective.parent.key, activity.owner.key) == ("ob10", "head")
    assert sorted(each.key for each in activity.see_also.all()) == ["ka1", "ka10"]
    assert Division.objects.get(key="new").director == Officer.objects.get(key="head")
    assert str(Output.objects.get().due_date) == "March 2027"
    assert Division.history.filter(key="new").count() == 1
    assert audit().differences == ()
    assert upload(workbook_of("borough-plan"), administrator).state == ImportBatch.State.UNCHANGED


def test_a_row_that_is_left_out_removes_nothing_and_is_told(whole, administrator):
    batch = upload(changed(whole, lambda book: book["Activities"].delete_rows(2)), administrator)
    assert batch.state == ImportBatch.State.UNCHANGED
    assert "Activities: 1 record is not in the file and stays." in batch.notes
    assert Activity.objects.exists()


def test_a_record_that_was_changed_after_the_preview_stops_all_of_it(whole, administrator, objective):
    batch = upload(
        changed(whole, put("Objectives", 2, "Title", "A"), add_row("Objectives", Key="b", Title="B")), administrator
    )
    objective.title = "Meanwhile"
    history.save(objective, by=administrator)
    with pytest.raises(PlanMoved) as refusal:
        confirm_plan(batch=batch, by=administrator)
    assert [row["label"] for row in refusal.value.rows] == ["ob1"]
    assert Objective.objects.get().title == "Meanwhile"
    assert ImportBatch.objects.get(pk=batch.pk).is_waiting


def test_a_batch_is_applied_once_and_only_by_its_maker_in_time(whole, administrator, borough):
    content = changed(whole, put("Objectives", 2, "Title", "A"))
    colleague = factories.UserFactory(username="other-boss", role="administrator", councils=[borough])
    batch = upload(content, administrator)
    with pytest.raises(PermissionDenied):
        confirm_plan(batch=batch, by=colleague)
    with pytest.raises(NotWaiting):
        confirm_plan(batch=batch, by=administrator, at=timezone.now() + timedelta(hours=25))
    confirm_plan(batch=batch, by=administrator)
    assert confirm_plan(batch=batch, by=administrator).is_applied
    assert Objective.objects.get().version == 2
    with pytest.raises(NotWaiting):
        confirm_plan(batch=upload(content, administrator), by=administrator)


def test_who_has_left_the_council_meanwhile_changes_nothing(whole, administrator):
    batch = upload(changed(whole, put("Objectives", 2, "Title", "A")), administrator)
    history.save(administrator, by=administrator, links={"councils": []})
    with pytest.raises(PermissionDenied):
        confirm_plan(batch=batch, by=administrator)
    assert Objective.objects.get().version == 1


def test_reports_come_in_under_the_names_of_the_file(plan, activity, administrator, director):
    factories.ProgressUpdateFactory(activity=activity, reported_by=director, reported_by_name="Director of Care")
    row = add_row(
        "Progress", Activity="ka1", Period="Jan 2020", Rating="Green", What_happened="Done.", Reported_by="Head of Care"
    )
    batch = upload(changed(workbook_of(plan.slug), row), administrator)
    assert any(note.startswith("1 progress reports come in under the names in the file.") for note in batch.notes)
    confirm_plan(batch=batch, by=administrator)
    report = activity.updates.get(reported_by_name="Head of Care")
    assert (report.reported_by, report.revision) == (administrator, 1)
    assert Activity.objects.get().last_reported_at == report.reported_at


def test_a_plan_that_follows_another_brings_its_row_only(plan, objective, borough, administrator, elsewhere):
    earlier = factories.PlanFactory(council=borough, slug="earlier-plan", title="Earlier")
    plan.follows = earlier
    history.save(plan, by=administrator)
    content = workbook_of(plan.slug)

    def moved(book):
        put("Council", 2, "Short name", "new-borough")(book)
        put("Plan", 2, "Short name", "new-plan")(book)
        put("Plan", 3, "Short name", "old-plan")(book)
        put("Plan", 2, "Follows", "old-plan")(book)

    batch = upload(changed(content, moved), administrator)
    assert "The council is not here yet. It is added, and you become a member of it." in batch.notes
    assert "Of old-plan, which this plan follows, the workbook has only its own row." in batch.notes
    confirm_plan(batch=batch, by=administrator)
    assert Plan.objects.get(slug="new-plan").follows.slug == "old-plan"
    assert {council.slug for council in administrator.councils.all()} == {"borough", "new-borough"}


def test_a_plan_of_another_council_cannot_be_taken_over(whole, administrator, elsewhere):
    factories.PlanFactory(council=elsewhere, slug="their-plan")
    batch = upload(changed(whole, put("Plan", 2, "Short name", "their-plan")), administrator)
    assert batch.errors[0]["message"] == "The short name “their-plan” is taken. Choose another one for this plan."
