"""Undoing a plan's workbook: everything it wrote, once, and never over what somebody did since."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction

from activities.models import Activity, ProgressUpdate
from lambeth_plans import history
from lambeth_plans.accounts.models import Council, Division, Officer
from lambeth_plans.imports.actions import NotApplied
from lambeth_plans.imports.audit import audit
from lambeth_plans.imports.models import ImportBatch
from lambeth_plans.imports.undo import InTheWay, undo_records, what_stands_in_the_way
from lambeth_plans.imports.workbook.actions import confirm_plan
from objectives.models import Objective, Plan
from tests import factories
from tests.imports.workbooks import add_row, changed, put, upload, workbook_of

WHY = "The wrong year."


@pytest.fixture
def whole(plan, objective, activity, other_activity):
    return workbook_of(plan.slug)


@pytest.fixture
def batch(whole, administrator):
    """New records that point at each other, a changed one, changed links, and a report that tells its activity."""

    def change(book):
        for each in (
            put("Objectives", 2, "Title", "Keep every child safe"),
            put("Activities", 2, "Further objectives", "ob9"),
            add_row("Activities", Key="ka9", Title="New", Objective="ob9", Owner="head", See_also="ka1"),
            add_row("Objectives", Key="ob9", Title="A new objective", Parent="ob10"),
            add_row("Objectives", Key="ob10", Title="Its parent"),
            add_row("People", Key="head", Name="Head of new things", Division="new"),
            add_row("Divisions", Key="new", Name="New things", Director="head"),
            add_row(
                "Progress", Activity="ka2", Period="Jan 2020", Rating="Green", What_happened="Done.", Reported_by="Head"
            ),
        ):
            each(book)

    uploaded = upload(changed(whole, change), administrator)
    assert uploaded.errors == []
    return confirm_plan(batch=uploaded, by=administrator)


def entries():
    return sum(model.history.count() for model in history.recorded_models())


def test_every_record_is_what_it_was_before_with_one_history_row_more(batch, administrator, whole, activity):
    written = entries()
    undone = undo_records(batch=batch, by=administrator, reason=WHY)
    assert (undone.state, undone.undone_by_name, undone.undone_because) == ("undone", administrator.name, WHY)
    assert not Officer.objects.filter(key="head").exists()
    assert not ProgressUpdate.objects.exists()
    assert Objective.objects.get().title == "Keep children safe"
    assert list(Activity.objects.get(key="ka1").further_objectives.all()) == []
    assert Activity.objects.get(key="ka2").last_reported_at is None
    assert Division.history.filter(key="new").count() == 2
    assert entries() == written + batch.new_count + batch.changed_count + 1 + 1  # the activity reported on; the batch
    latest = Objective.history.order_by("-history_id").first()
    assert (latest.history_user, latest.batch) == (administrator, batch.number)
    assert latest.history_change_reason == f"Undid batch {batch.number}, plan.xlsx. {WHY}"
    assert audit().differences == ()
    assert workbook_of("borough-plan") == whole
    assert undo_records(batch=batch, by=administrator, reason="Again.").undone_because == WHY


NEW = "It belongs to, or points at, the new objective."
CASES = (
    ("Objective", "It was changed since.", lambda plan, by: _retitled("ob1", by)),
    ("Objective", "It was changed since.", lambda plan, by: _retitled("ob9", by)),
    ("Activity", "It was changed since.", lambda plan, by: _unlinked(by)),
    ("Activity", NEW, lambda plan, by: factories.ActivityFactory(plan=plan, objective=_objective("ob9"), by=by)),
    ("Board", "It is linked to the new officer.", lambda plan, by: _board(plan.council, by)),
    ("Progress update", "It was removed since.", lambda plan, by: history.remove(_report(), by=by, reason="No.")),
)


def test_what_was_done_since_stands_in_the_way_and_is_named(batch, plan, administrator, director):
    for kind, message, happens in CASES:
        with transaction.atomic():
            happens(plan, director)
            written = entries()
            with pytest.raises(InTheWay) as refusal:
                undo_records(batch=batch, by=administrator, reason=WHY)
            told = {(each.kind, each.message, each.actor) for each in refusal.value.obstacles}
            assert told == {(kind, message, director.name)}
            assert entries() == written
            transaction.set_rollback(True)
    assert ImportBatch.objects.get().is_applied


def _objective(key):
    return Objective.objects.get(key=key)


def _report():
    return ProgressUpdate.objects.get()


def _board(council, by):
    return factories.BoardFactory(council=council, members=[Officer.objects.get(key="head")], by=by)


def _retitled(key, by):
    objective = Objective.objects.get(key=key)
    objective.title = "Meanwhile"
    history.save(objective, by=by)


def _unlinked(by):
    activity = Activity.objects.get(key="ka1")
    history.save(activity, by=by, links={"further_objectives": []})


def test_a_link_to_what_was_removed_since_cannot_come_back(whole, administrator, director, other_post):
    batch = upload(changed(whole, put("Activities", 3, "Owner", None)), administrator)
    batch = confirm_plan(batch=batch, by=administrator)
    post = Officer.objects.get(pk=other_post.pk)
    division = post.division
    division.director = None
    history.save(division, by=director)
    history.remove(post, by=director, reason="Never was.")
    (obstacle,) = what_stands_in_the_way(batch)
    assert (obstacle.kind, obstacle.message) == ("Activity", "It led to an officer that was removed since.")


def test_a_council_that_came_with_the_workbook_goes_with_it_unless_somebody_else_joined_it(whole, administrator):
    def moved(book):
        put("Council", 2, "Short name", "new-borough")(book)
        put("Plan", 2, "Short name", "new-plan")(book)

    content = changed(whole, moved)
    batch = confirm_plan(batch=upload(content, administrator), by=administrator)
    again = upload(content, administrator)  # changes nothing, and does not hold the council
    assert {each.slug for each in administrator.councils.all()} == {"borough", "new-borough"}
    with transaction.atomic():
        colleague = factories.UserFactory(username="colleague", councils=[Council.objects.get(slug="new-borough")])
        obstacles = [(each.kind, each.name) for each in what_stands_in_the_way(batch)]
        assert obstacles == [("User", str(colleague))]
        transaction.set_rollback(True)
    undone = undo_records(batch=batch, by=administrator, reason=WHY)
    assert undone.council is None
    assert not Council.objects.filter(slug="new-borough").exists()
    assert not Plan.objects.filter(slug="new-plan").exists()
    assert [each.slug for each in administrator.councils.all()] == ["borough"]
    assert ImportBatch.objects.get(pk=again.pk).council is None
    assert audit().differences == ()


def test_undoing_needs_a_reason_the_right_and_something_to_undo(whole, administrator, analyst, elsewhere):
    waiting = upload(changed(whole, put("Objectives", 2, "Title", "A")), administrator)
    with pytest.raises(NotApplied):
        undo_records(batch=waiting, by=administrator, reason=WHY)
    batch = confirm_plan(batch=waiting, by=administrator)
    with pytest.raises(ValueError, match="Say why"):
        undo_records(batch=batch, by=administrator, reason=" ")
    outsider = factories.UserFactory(username="outsider", role="administrator", councils=[elsewhere])
    for person in (analyst, outsider):
        with pytest.raises(PermissionDenied):
            undo_records(batch=batch, by=person, reason=WHY)
    assert ImportBatch.objects.get().is_applied
