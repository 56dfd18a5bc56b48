"""The set-up table of a plan's activities."""

import pytest
from django.urls import reverse

from activities import set_up
from activities.models import Activity
from activities.set_up import save_activities
from lambeth_plans import history
from lambeth_plans.fields import PartialDate
from tests import factories
from tests.as_posted import table, text

pytestmark = pytest.mark.django_db

PATH = "/set-up/plans/borough-plan/activities/"


@pytest.fixture
def administrator_client(client, administrator):
    client.force_login(administrator)
    return client


def test_owners_objectives_goals_and_dates_are_set_up_in_one_table(
    administrator_client, administrator, plan, activity, other_activity, other_post
):
    goal = factories.BoroughGoalFactory(council=plan.council, edition="2020", key="g1")
    fields = table(administrator_client.get(PATH))
    fields |= {
        "row-ka1-owner": "director-of-learning",
        "row-ka1-due_date": "March 2021",
        "row-ka1-goal": "2020/g1",
        "row-ka2-objective": "",
        "new-1-ref": "KA3",
        "new-1-title": "Recruit foster carers",
        "new-1-objective": "ob1",
        "new-1-due_date": "2022",
        "reason": "Agreed at the board.",
    }
    response = administrator_client.post(PATH, fields, follow=True)
    assert "KA1, KA2 and KA3 are saved." in text(response)
    added = Activity.objects.get(key="ka3")
    for record in (activity, other_activity):
        record.refresh_from_db()
    assert (activity.owner, str(activity.due_date), activity.goal) == (other_post, "March 2021", goal)
    assert other_activity.objective is None
    assert (added.ref, added.title, str(added.due_date), added.order) == ("KA3", "Recruit foster carers", "2022", 1)
    assert [record.history.count() for record in (activity, other_activity, added)] == [2, 2, 1]
    for record in (activity, other_activity, added):
        row = record.history.order_by("history_id").last()
        assert (row.history_user_id, row.history_change_reason) == (administrator.pk, "Agreed at the board.")


def test_the_first_due_date_stays_the_original_one(administrator_client, activity):
    for typed in ("March 2021", "2022", ""):
        fields = table(administrator_client.get(PATH)) | {"row-ka1-due_date": typed, "reason": "Agreed."}
        administrator_client.post(PATH, fields)
    activity.refresh_from_db()
    assert activity.due_date is None
    assert str(activity.original_due_date) == "March 2021"
    assert activity.history.count() == 4


def test_a_stated_date_that_is_left_alone_is_no_change(administrator_client, administrator, activity):
    activity.due_date = PartialDate("2021-03")
    history.save(activity, by=administrator, reason="Stated.")
    response = administrator_client.post(PATH, table(administrator_client.get(PATH)), follow=True)
    assert "Nothing was changed" in text(response)
    assert activity.history.count() == 2


def test_every_mistake_is_shown_at_its_row_and_nothing_is_lost(administrator_client, activity, other_activity):
    fields = table(administrator_client.get(PATH))
    fields |= {
        "row-ka1-due_date": "31/02/2021",
        "row-ka2-title": "",
        "row-ka2-owner": "nobody-known",
        "new-1-ref": "KA9",
        "reason": "Agreed.",
    }
    response = administrator_client.post(PATH, fields)
    page = text(response)
    assert response.status_code == 200
    assert '<a href="#id_row-ka1-due_date">KA1: “31/02/2021” is not a date that exists.</a>' in page
    assert "KA2: Enter the title." in page
    assert "KA2: Select a valid choice." in page
    assert "New activity 1: Enter the title." in page
    assert 'value="31/02/2021"' in page
    assert 'value="KA9"' in page
    assert 'value="Agreed."' in page
    assert Activity.objects.count() == 2
    assert activity.history.count() == other_activity.history.count() == 1


def test_one_clash_keeps_every_row_from_being_saved(administrator_client, director, activity, other_activity):
    fields = table(administrator_client.get(PATH))
    activity.title = "Newer title"
    history.save(activity, by=director, reason="Reworded.")
    fields |= {"row-ka1-title": "Typed title", "row-ka2-title": "Typed too", "reason": "Mine."}
    response = administrator_client.post(PATH, fields)
    page = text(response)
    assert response.status_code == 409
    assert "Someone else changed this first" in page
    assert "because: Reworded." in page
    assert "Newer title" in page
    assert "Typed title</textarea>" in page
    assert "Typed too</textarea>" in page
    other_activity.refresh_from_db()
    assert other_activity.history.count() == 1
    administrator_client.post(PATH, table(response) | {"reason": "Mine."})
    activity.refresh_from_db()
    other_activity.refresh_from_db()
    assert (activity.title, other_activity.title) == ("Typed title", "Typed too")


def test_a_report_made_meanwhile_on_an_untouched_row_is_no_clash(
    administrator_client, director, activity, other_activity
):
    fields = table(administrator_client.get(PATH))
    activity.due_date = PartialDate("2030")
    history.save(activity, by=director, reason="Moved.")
    response = administrator_client.post(PATH, fields | {"row-ka2-ref": "KA2a", "reason": "Renumbered."}, follow=True)
    assert "KA2a is saved." in text(response)
    activity.refresh_from_db()
    assert str(activity.due_date) == "2030"


@pytest.mark.parametrize("version", ["", "x", "0", "99", "-1", "9999999999999"])
def test_a_version_that_never_was_counts_as_a_clash(administrator_client, activity, version):
    fields = table(administrator_client.get(PATH))
    fields |= {"row-ka1-version": version, "row-ka1-title": "Typed", "reason": "Hm."}
    assert administrator_client.post(PATH, fields).status_code == 409
    assert activity.history.count() == 1


def test_whoever_is_overtaken_between_reading_and_saving_gets_both_texts(
    administrator_client, director, activity, other_activity, monkeypatch
):
    def overtaken(**circumstances):
        newer = Activity.objects.get(pk=other_activity.pk)
        newer.title = "Newer title"
        history.save(newer, by=director, reason="First.")
        return save_activities(**circumstances)

    monkeypatch.setattr(set_up, "save_activities", overtaken)
    fields = table(administrator_client.get(PATH))
    fields |= {"row-ka1-title": "Typed first", "row-ka2-title": "Typed title", "reason": "Mine."}
    response = administrator_client.post(PATH, fields)
    assert response.status_code == 409
    assert "Newer title" in text(response)
    assert "Typed title</textarea>" in text(response)
    activity.refresh_from_db()
    other_activity.refresh_from_db()
    assert (activity.history.count(), other_activity.title) == (1, "Newer title")


def test_owners_and_objectives_of_another_plan_or_council_cannot_be_chosen(
    administrator_client, plan, activity, elsewhere
):
    factories.OfficerFactory(council=elsewhere, key="outsider")
    factories.ObjectiveFactory(plan=factories.PlanFactory(council=plan.council), key="foreign")
    fields = table(administrator_client.get(PATH))
    fields |= {"row-ka1-owner": "outsider", "row-ka1-objective": "foreign", "reason": "Hm."}
    assert text(administrator_client.post(PATH, fields)).count("KA1: Select a valid choice.") == 2
    assert activity.history.count() == 1


def test_only_declared_fields_of_a_row_can_be_posted(administrator_client, plan, activity, other_post):
    other_plan = factories.PlanFactory(council=plan.council)
    fields = table(administrator_client.get(PATH))
    fields |= {
        "row-ka1-plan": other_plan.pk,
        "row-ka1-key": "hacked",
        "row-ka1-order": "9",
        "row-ka1-original_due_date": "1999",
        "row-ka1-owner_id": other_post.pk,
        "row-ka1-further_owners": other_post.pk,
        "row-ka1-history_user": other_post.pk,
        "row-ka1-ref": "KA1a",
        "reason": "Renumbered.",
    }
    owner = activity.owner_id
    administrator_client.post(PATH, fields)
    activity.refresh_from_db()
    assert (activity.ref, activity.plan, activity.key, activity.order) == ("KA1a", plan, "ka1", 0)
    assert (activity.original_due_date, activity.owner_id, activity.version) == (None, owner, 2)
    assert not activity.further_owners.exists()


def test_links_that_the_table_does_not_show_stay(administrator_client, administrator, activity, other_post):
    history.save(activity, by=administrator, reason="Shared.", links={"further_owners": [other_post]})
    fields = table(administrator_client.get(PATH)) | {"row-ka1-ref": "KA1a", "reason": "Renumbered."}
    administrator_client.post(PATH, fields)
    assert list(activity.further_owners.all()) == [other_post]
    assert activity.history.order_by("history_id").last().links["further_owners"] == [other_post.pk]


def test_two_new_rows_of_one_name_get_two_addresses(administrator_client, plan, activity):
    fields = table(administrator_client.get(PATH))
    fields |= {"new-1-ref": "KA1", "new-1-title": "One", "new-2-title": "—", "new-3-title": "…", "reason": "More."}
    administrator_client.post(PATH, fields)
    assert set(Activity.objects.values_list("key", flat=True)) == {"ka1", "ka1-2", "activity", "activity-2"}


def test_the_table_takes_few_queries_however_many_rows_there_are(
    administrator_client, plan, activity, django_assert_max_num_queries
):
    with django_assert_max_num_queries(10):
        administrator_client.get(PATH)
    factories.ActivityFactory.create_batch(20, plan=plan, objective=activity.objective, owner=activity.owner)
    with django_assert_max_num_queries(10):
        assert "AC" in text(administrator_client.get(PATH))


@pytest.mark.parametrize(
    ("missing", "columns"),
    [
        ("owner", {"owner"}),
        ("date", {"due_date"}),
        ("outcome", {"intended_outcome"}),
        ("source", {"findings"}),
        ("objective", {"objective"}),
    ],
)
def test_activities_that_lack_something_are_mended_in_a_table_of_their_own(
    client, administrator, plan, missing, columns
):
    factories.FindingFactory(plan=plan)
    factories.ActivityFactory(plan=plan, key="bare", objective=None)
    client.force_login(administrator)
    table = client.get(reverse("activity_table", args=[plan.slug]), {"without": missing}).context["table"]
    assert [row.instance.key for row in table.rows] == ["bare"]
    assert set(table.rows[0].columns) == {"ref", "title"} | columns


def test_a_whole_table_is_shown_where_nothing_known_is_asked_for(client, administrator, plan, activity):
    client.force_login(administrator)
    response = client.get(reverse("activity_table", args=[plan.slug]), {"without": "sense"})
    assert len(response.context["table"].rows) == 4
    assert not response.context["missing"]
