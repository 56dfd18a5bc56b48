"""Setting up plans and objectives in the product's own pages."""

from datetime import date

import pytest

from lambeth_plans import history
from objectives.models import Objective, Plan
from tests import factories
from tests.as_posted import form, table, text

pytestmark = pytest.mark.django_db

NEW_PLAN = {
    "council": "borough",
    "title": "Children’s Plan 2026",
    "status": "draft",
    "start_date": "1/4/2026",
    "end_date": "31 March 2027",
    "published_date": "May 2026",
    "vision": "Every child.\r\nEvery day.",
    "objective_word": "priority",
    "objectives_word": "priorities",
    "activity_word": "action",
    "activities_word": "actions",
    "reason": "The new plan was agreed.",
}


@pytest.fixture
def administrator_client(client, administrator):
    client.force_login(administrator)
    return client


def test_the_set_up_page_leads_to_ones_own_councils_and_plans(administrator_client, plan, elsewhere):
    factories.PlanFactory(council=elsewhere, slug="secret-plan")
    page = text(administrator_client.get("/set-up/"))
    for path in (
        "/set-up/councils/borough/people/",
        "/set-up/councils/borough/divisions/",
        "/set-up/plans/borough-plan/",
        "/set-up/plans/borough-plan/objectives/",
        "/set-up/plans/borough-plan/activities/",
        "/set-up/users/",
        "/admin/",
    ):
        assert f'href="{path}"' in page
    assert "secret-plan" not in page
    assert "elsewhere" not in page


def test_a_plan_is_added_in_its_own_words(administrator_client, administrator, borough):
    response = administrator_client.post("/set-up/plans/new/", NEW_PLAN, follow=True)
    assert "Children’s Plan 2026 is added. Now add its priorities." in text(response)
    assert "Priorities of Children’s Plan 2026" in text(response)
    plan = Plan.objects.get()
    assert (plan.slug, plan.council) == ("borough-childrens-plan-2026", borough)
    assert (plan.start_date, plan.end_date) == (date(2026, 4, 1), date(2027, 3, 31))
    assert str(plan.published_date) == "May 2026"
    assert plan.vision == "Every child.\nEvery day."
    row = plan.history.get()
    assert (row.history_user_id, row.history_change_reason) == (administrator.pk, "The new plan was agreed.")


def test_two_plans_of_one_name_get_two_addresses(administrator_client, borough):
    for _ in range(2):
        administrator_client.post("/set-up/plans/new/", NEW_PLAN)
    slugs = set(Plan.objects.values_list("slug", flat=True))
    assert slugs == {"borough-childrens-plan-2026", "borough-childrens-plan-2026-2"}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"council": "elsewhere"}, "Select a valid choice"),
        ({"council": ""}, "Choose a council."),
        ({"end_date": "1/4/2025"}, "A plan ends after it starts."),
        ({"start_date": "31/2/2026"}, "Write the day like 31/03/2021."),
        ({"published_date": "soon"}, "“soon” is not a date."),
        ({"reason": ""}, "Say why, for the history."),
    ],
)
def test_a_plan_that_will_not_do_is_not_made(administrator_client, elsewhere, change, words):
    response = administrator_client.post("/set-up/plans/new/", NEW_PLAN | change)
    assert words in text(response)
    assert "Children’s Plan 2026" in text(response)
    assert not Plan.objects.exists()


def test_only_declared_fields_of_a_plan_can_be_posted(administrator_client, plan, elsewhere):
    path = "/set-up/plans/borough-plan/"
    fields = form(administrator_client.get(path))
    council = plan.council_id
    fields |= {
        "title": "Renamed",
        "slug": "hacked",
        "council": "elsewhere",
        "council_id": elsewhere.pk,
        "reason": "New.",
    }
    administrator_client.post(path, fields)
    plan.refresh_from_db()
    assert (plan.title, plan.slug, plan.council_id, plan.version) == ("Renamed", "borough-plan", council, 2)


def test_a_plan_opened_and_saved_untouched_writes_nothing(administrator_client, plan):
    path = "/set-up/plans/borough-plan/"
    response = administrator_client.post(path, form(administrator_client.get(path)), follow=True)
    assert "Nothing was changed" in text(response)
    assert plan.history.count() == 1


def test_a_plan_someone_else_changed_is_answered_with_both_texts(administrator_client, analyst, plan):
    path = "/set-up/plans/borough-plan/"
    fields = form(administrator_client.get(path))
    plan.title = "Newer title"
    history.save(plan, by=analyst, reason="Corrected.")
    response = administrator_client.post(path, fields | {"title": "Typed title", "reason": "Mine."})
    assert response.status_code == 409
    assert "Newer title" in text(response)
    assert 'value="Typed title"' in text(response)
    plan.refresh_from_db()
    assert plan.title == "Newer title"


def test_objectives_and_their_goals_are_saved_with_one_history_row_each(
    administrator_client, administrator, plan, objective
):
    goals = [factories.BoroughGoalFactory(council=plan.council, edition="2020", key=key) for key in ("g1", "g2")]
    path = "/set-up/plans/borough-plan/objectives/"
    fields = table(administrator_client.get(path))
    fields |= {
        "row-ob1-title": "Keep every child safe",
        "row-ob1-goals": ["2020/g1", "2020/g2"],
        "new-1-ref": "OB2",
        "new-1-title": "Raise attainment",
        "new-1-goals": ["2020/g2"],
        "reason": "As agreed.",
    }
    response = administrator_client.post(path, fields, follow=True)
    assert "OB1 Keep every child safe and OB2 Raise attainment are saved." in text(response)
    objective.refresh_from_db()
    added = Objective.objects.get(key="ob2")
    assert (objective.title, set(objective.goals.all())) == ("Keep every child safe", set(goals))
    assert (added.ref, added.plan, list(added.goals.all()), added.order) == ("OB2", plan, [goals[1]], 1)
    assert (objective.history.count(), added.history.count()) == (2, 1)
    for saved in (objective, added):
        row = saved.history.order_by("history_id").last()
        assert (row.history_user_id, row.history_change_reason) == (administrator.pk, "As agreed.")
        assert row.links["goals"] == sorted(goal.pk for goal in saved.goals.all())


def test_goals_of_another_council_cannot_be_chosen(administrator_client, plan, objective, elsewhere):
    factories.BoroughGoalFactory(council=elsewhere, edition="2020", key="g9")
    path = "/set-up/plans/borough-plan/objectives/"
    fields = table(administrator_client.get(path)) | {"row-ob1-goals": ["2020/g9"], "reason": "Hm."}
    assert "Select a valid choice" in text(administrator_client.post(path, fields))
    assert not objective.goals.exists()


def test_an_objective_whose_goals_someone_else_changed_shows_both(administrator_client, analyst, plan, objective):
    goals = [factories.BoroughGoalFactory(council=plan.council, edition="2020", key=key) for key in ("g1", "g2")]
    path = "/set-up/plans/borough-plan/objectives/"
    fields = table(administrator_client.get(path))
    history.save(objective, by=analyst, reason="Linked.", links={"goals": [goals[0]]})
    untouched = administrator_client.post(path, fields | {"new-1-title": "New one", "reason": "Mine."})
    assert untouched.status_code == 302
    assert list(objective.goals.all()) == [goals[0]]
    response = administrator_client.post(path, fields | {"row-ob1-goals": ["2020/g2"], "reason": "Mine."})
    assert response.status_code == 409
    [difference] = response.context["clashing"][0].differences
    assert (difference.label, difference.typed, difference.current) == ("Goals", str(goals[1]), str(goals[0]))


@pytest.mark.parametrize("role", ["director", "analyst", "lead_member", "scrutiny_member", ""])
@pytest.mark.parametrize(
    "path",
    [
        "/set-up/",
        "/set-up/plans/new/",
        "/set-up/plans/borough-plan/",
        "/set-up/plans/borough-plan/objectives/",
        "/set-up/plans/borough-plan/activities/",
    ],
)
def test_plans_are_set_up_by_administrators_only(client, borough, plan, role, path):
    client.force_login(factories.UserFactory(role=role, councils=[borough]))
    assert client.get(path).status_code == 403
    assert client.post(path, NEW_PLAN | {"new-1-title": "Mine"}).status_code == 403 or path == "/set-up/"
    assert Plan.objects.count() == 1
    assert not Objective.objects.exists()


@pytest.mark.parametrize("part", ["", "objectives/", "activities/"])
def test_a_plan_of_another_council_does_not_exist_for_an_administrator(administrator_client, elsewhere, part):
    factories.PlanFactory(council=elsewhere, slug="secret-plan")
    path = f"/set-up/plans/secret-plan/{part}"
    assert administrator_client.get(path).status_code == 404
    assert administrator_client.post(path, {"title": "Taken", "new-1-title": "x", "reason": "Hm."}).status_code == 404
    assert not Objective.objects.exists()


# The life of a plan

LIFE = "/set-up/plans/borough-plan/life/"


def test_the_states_a_plan_may_go_to_are_offered_with_what_they_mean(administrator_client, plan):
    page = text(administrator_client.get(LIFE))
    assert "Current: it is in force." in page
    assert "It is so now." in page
    assert "Closed: it is over and read as at its last day." in page
    assert "Draft:" not in page


def test_a_plan_is_closed_with_a_reason(administrator_client, plan):
    fields = form(administrator_client.get(LIFE)) | {"status": "closed", "reason": "The year is over."}
    assert "is now closed." in text(administrator_client.post(LIFE, fields, follow=True))
    plan.refresh_from_db()
    assert plan.status == "closed"


def test_a_step_that_is_not_offered_is_refused(administrator_client, plan):
    fields = form(administrator_client.get(LIFE)) | {"status": "draft", "reason": "Hm."}
    assert "Select a valid choice" in text(administrator_client.post(LIFE, fields))
    plan.refresh_from_db()
    assert plan.status == "current"


def test_a_new_plan_is_a_draft_whatever_is_sent_along(administrator_client, borough):
    administrator_client.post("/set-up/plans/new/", {**NEW_PLAN, "status": "superseded"})
    assert Plan.objects.get().status == "draft"


def test_what_a_plan_belongs_to_and_its_document_are_set_up(administrator_client, borough, plan, division):
    board = factories.BoardFactory(council=borough, key="panel")
    earlier = factories.PlanFactory(council=borough, slug="earlier")
    path = "/set-up/plans/borough-plan/"
    fields = form(administrator_client.get(path)) | {
        "outer_objective_word": "outcome area",
        "goals_edition": "Borough Plan 2019",
        "divisions": ["care"],
        "boards": ["panel"],
        "follows": "earlier",
        "approved_by_as_stated": "Cabinet",
        "review_date": "March 2027",
        "reason": "As the document says.",
    }
    administrator_client.post(path, fields)
    plan.refresh_from_db()
    assert (list(plan.divisions.all()), list(plan.boards.all()), plan.follows) == ([division], [board], earlier)
    assert (plan.outer_objective_word, plan.goals_edition) == ("outcome area", "Borough Plan 2019")
    assert (plan.approved_by_as_stated, str(plan.review_date)) == ("Cabinet", "March 2027")
    assert plan.history.count() == 2
