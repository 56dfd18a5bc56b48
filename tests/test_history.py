from datetime import datetime

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from activities.models import Activity
from lambeth_plans import history
from lambeth_plans.accounts.models import Council, User
from objectives.models import Objective
from tests import factories

pytestmark = pytest.mark.django_db


def test_a_new_record_leaves_one_row_with_who_when_and_why(plan, analyst):
    moment = timezone.make_aware(datetime(2020, 4, 1))
    objective = history.save(
        Objective(plan=plan, key="a", title="A"), by=analyst, reason="Agreed.", at=moment, batch="B0001"
    )
    row = objective.history.get()
    assert (row.history_type, row.history_user, row.actor) == ("+", analyst, "Analyst")
    assert (row.history_change_reason, row.history_date, row.batch) == ("Agreed.", moment, "B0001")
    assert row.recorded_at > moment


def test_a_change_with_links_leaves_one_row_that_carries_the_links(activity, other_post, administrator):
    before = activity.history.count()
    activity.title = "Another title"
    history.save(activity, by=administrator, reason="Renamed.", links={"further_owners": [other_post]})
    assert activity.history.count() == before + 1
    assert activity.history.first().links["further_owners"] == [other_post.pk]
    assert list(activity.further_owners.all()) == [other_post]


def test_links_alone_are_a_change(activity, other_post, administrator):
    version = activity.version
    history.save(activity, by=administrator, reason="Shared.", links={"further_owners": [other_post]})
    assert activity.version == version + 1
    assert activity.history.first().links["further_owners"] == [other_post.pk]


def test_a_change_that_changes_nothing_writes_nothing(activity, administrator):
    before = activity.history.count()
    history.save(
        Activity.objects.get(pk=activity.pk), by=administrator, reason="Nothing.", links={"further_owners": []}
    )
    assert activity.history.count() == before
    assert Activity.objects.get(pk=activity.pk).version == activity.version


def test_the_later_of_two_writers_is_told_and_overwrites_nothing(activity, administrator, director):
    mine, theirs = Activity.objects.get(pk=activity.pk), Activity.objects.get(pk=activity.pk)
    theirs.title = "Theirs"
    history.save(theirs, by=director, reason="First.")
    mine.title = "Mine"
    with pytest.raises(history.StaleRecord) as raised:
        history.save(mine, by=administrator, reason="Second.")
    assert raised.value.current.title == "Theirs"
    assert Activity.objects.get(pk=activity.pk).title == "Theirs"
    assert activity.history.count() == 2


def test_a_write_that_breaks_a_constraint_leaves_neither_row_nor_history(plan, administrator):
    history.save(Objective(plan=plan, key="same", title="A"), by=administrator)
    with pytest.raises(IntegrityError), transaction.atomic():
        history.save(Objective(plan=plan, key="same", title="B"), by=administrator)
    assert Objective.history.count() == Objective.objects.count() == 1


def test_a_failed_change_leaves_the_version_as_it_was(plan, administrator):
    factories.ObjectiveFactory(plan=plan, key="taken")
    objective = factories.ObjectiveFactory(plan=plan, key="mine")
    objective.key = "taken"
    with pytest.raises(IntegrityError), transaction.atomic():
        history.save(objective, by=administrator)
    assert objective.version == 1


def test_a_record_cannot_be_written_past_the_history(activity):
    with pytest.raises(RuntimeError, match="history"):
        activity.save()
    with pytest.raises(RuntimeError, match="history"):
        activity.delete()
    for write in (
        lambda: Activity.objects.update(title="x"),
        lambda: Activity.objects.bulk_create([Activity(plan=activity.plan, key="x", title="x")]),
        lambda: Activity.objects.bulk_update([activity], ["title"]),
        lambda: Activity.objects.all().delete(),
        lambda: Activity.objects.create(plan=activity.plan, key="y", title="y"),
        lambda: Activity.objects.get_or_create(plan=activity.plan, key="z", defaults={"title": "z"}),
    ):
        with pytest.raises(RuntimeError, match="history"):
            write()


def test_a_change_must_name_somebody(plan):
    for nobody in (None, User(username="unsaved")):
        with pytest.raises(ValueError, match="names the user"):
            history.save(Objective(plan=plan, key="a", title="A"), by=nobody)


def test_many_are_created_in_far_fewer_statements_than_records(plan, administrator):
    def create(prefix, number):
        objectives = [Objective(plan=plan, key=f"{prefix}{index}", title="A") for index in range(number)]
        with CaptureQueriesContext(connection) as queries:
            created = history.create_all(objectives, by=administrator, reason="Many.")
        return len(queries), created

    statements, created = create("many", 100)
    assert statements <= 8  # SQLite takes 999 values a statement, so two batches of each table
    assert all(objective.history.get().history_user == administrator for objective in created[:5])


def test_many_are_changed_whole_or_not_at_all(plan, administrator, director):
    first, second = (factories.ObjectiveFactory(plan=plan, key=key) for key in "ab")
    stale = Objective.objects.get(pk=second.pk)
    second.title = "Theirs"
    history.save(second, by=director)
    before, first.title, stale.title = first.title, "Mine", "Mine"
    with pytest.raises(history.StaleRecord), transaction.atomic():
        history.change_all([first, stale], by=administrator)
    assert set(Objective.objects.values_list("title", flat=True)) == {before, "Theirs"}


def test_many_changes_leave_one_row_each_and_none_for_the_unchanged(plan, administrator):
    first, second = (factories.ObjectiveFactory(plan=plan, key=key) for key in "ab")
    first.title = "Changed"
    assert history.change_all([first, second], by=administrator, reason="Some.") == [first]
    assert (first.history.count(), second.history.count()) == (2, 1)
    assert Objective.objects.get(pk=first.pk).version == 2


def test_many_changes_of_links_leave_one_row_each_in_a_fixed_number_of_queries(
    plan, administrator, django_assert_max_num_queries
):
    objectives = [factories.ObjectiveFactory(plan=plan, key=f"o{number}") for number in range(3)]
    risks = [factories.RiskFactory(plan=plan, key=f"r{number}") for number in range(40)]
    history.save(risks[0], by=administrator, links={"objectives": objectives[:2]})
    saving = factories.SavingFactory(plan=plan)
    history.save(risks[1], by=administrator, links={"savings": [saving], "objectives": objectives[2:]})
    new = {risk.pk: {"objectives": [each.pk for each in objectives[1:]]} for risk in risks[:39]}
    risks[39].title = "Only its title"
    with django_assert_max_num_queries(12):
        assert len(history.change_all(risks, by=administrator, reason="Some.", links=new)) == 40
    assert [risk.history.count() for risk in risks] == [3 if number == 1 else 2 + (number == 0) for number in range(40)]
    assert list(risks[0].objectives.all()) == objectives[1:]
    assert risks[1].history.first().links == {
        "contracts": [],
        "indicators": [],
        "objectives": new[risks[1].pk]["objectives"],
        "plans": [],
        "savings": [saving.pk],
    }
    assert list(risks[39].objectives.all()) == []
    assert history.change_all(risks, by=administrator, reason="Again.", links=new) == []


def test_a_removed_record_leaves_a_last_row(plan, administrator):
    objective = factories.ObjectiveFactory(plan=plan)
    pk = objective.pk
    history.remove(objective, by=administrator, reason="Entered twice.")
    last = Objective.history.filter(id=pk).first()
    assert (last.history_type, last.history_change_reason) == ("-", "Entered twice.")
    assert not Objective.objects.filter(pk=pk).exists()


def test_a_record_that_others_point_at_stays(activity, administrator):
    with pytest.raises(ProtectedError), transaction.atomic():
        history.remove(activity.objective, by=administrator, reason="No.")
    assert Objective.objects.filter(pk=activity.objective_id).exists()


def test_rows_at_a_moment_are_the_rows_as_they_stood(plan, administrator):
    objective = factories.ObjectiveFactory(plan=plan, title="Before")
    moment = timezone.now()
    objective.title = "After"
    history.save(objective, by=administrator)
    later = factories.ObjectiveFactory(plan=plan)
    assert [row.title for row in history.rows(Objective, moment)] == ["Before"]
    assert {row.title for row in history.rows(Objective)} == {"After", later.title}
    history.remove(later, by=administrator, reason="Gone.")
    assert [row.title for row in history.rows(Objective, timezone.now())] == ["After"]


def test_the_trail_keeps_the_name_of_somebody_who_was_renamed(plan, analyst, administrator):
    objective = history.save(Objective(plan=plan, key="a", title="A"), by=analyst)
    analyst.name = "Somebody else"
    history.save(analyst, by=administrator, reason="Married.")
    assert objective.history.get().actor == "Analyst"


def test_every_model_of_the_house_has_an_audit_trail():
    names = {model.__name__ for model in history.recorded_models()}
    assert {"User", "Council", "Plan", "Activity", "ProgressUpdate", "Outturn", "Risk", "Saving", "Contract"} <= names


def test_a_stale_record_says_which(borough, administrator):
    stale = Council.objects.get(pk=borough.pk)
    borough.name = "New name"
    history.save(borough, by=administrator)
    stale.name = "Other name"
    with pytest.raises(history.StaleRecord, match="New name was changed by someone else"):
        history.save(stale, by=administrator)
