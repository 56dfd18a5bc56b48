from datetime import date
from decimal import Decimal

import pytest
from django.db import OperationalError

from activities.models import Activity, ProgressUpdate
from lambeth_plans import history, periods
from lambeth_plans.dashboards.my_updates import prefix_of
from lambeth_plans.rag import Rag
from tests import factories

PAGE = "/my-updates/"
GREEN = {"rag": "green", "what_happened": "As planned."}


@pytest.fixture
def client(client, director):
    client.force_login(director)
    return client


@pytest.fixture
def three(activity, plan, post):
    """KA1, KA3 and KA4 of the director."""
    more = [
        factories.ActivityFactory(plan=plan, key=f"ka{n}", ref=f"KA{n}", title=f"Title {n}", owner=post, order=n)
        for n in (3, 4)
    ]
    return [activity, *more]


def fields(activity, version=None, **typed):
    """What the sheet's form of an activity posts."""
    prefix = prefix_of(activity)
    return {f"{prefix}-{name}": value for name, value in {"version": version or activity.version, **typed}.items()}


def sheet(*parts, save="all"):
    whole = {"save": save}
    for part in parts:
        whole |= part
    return whole


def untouched(*activities):
    return [fields(activity) for activity in activities]


def shown(response):
    return [row.activity.ref for group in response.context["groups"] for row in group.rows]


def row_of(response, activity):
    rows = [row for group in response.context["groups"] for row in group.rows]
    return next(row for row in rows if row.activity == activity)


def messages_of(response):
    return [str(message) for message in response.wsgi_request._messages]


def written():
    return list(
        ProgressUpdate.objects.order_by("activity__ref", "revision").values_list(
            "activity__ref", "rag", "what_happened"
        )
    )


# What is on the sheet


def test_sheet_holds_everything_a_director_answers_for_and_nothing_else(client, three, plan, division, other_activity):
    officer = factories.OfficerFactory(division=division)
    factories.ActivityFactory(plan=plan, ref="KA7", owner=officer, order=7)
    factories.ActivityFactory(plan=plan, ref="KA8", title="Nobody's", order=8)
    old = factories.PlanFactory(council=plan.council, status="superseded")
    factories.ActivityFactory(plan=old, ref="OLD", owner=officer)
    response = client.get(PAGE)
    assert shown(response) == ["KA1", "KA3", "KA4", "KA7"]
    html = response.content.decode()
    for secret in ("Raise attendance", "Nobody", "OLD"):
        assert secret not in html


def test_sheet_has_a_form_and_a_button_for_each_and_one_for_all(client, three):
    html = client.get(PAGE).content.decode()
    for activity in three:
        prefix = prefix_of(activity)
        assert f'name="save" value="{prefix}"' in html
        for name in ("rag", "forecast_rag", "what_happened", "path_to_green", "new_due_date", "due_date_reason"):
            assert f'name="{prefix}-{name}"' in html
    assert html.count('name="save" value="all"') == 2


def test_enter_in_a_text_field_saves_all_and_not_the_first_activity(client, three):
    html = client.get(PAGE).content.decode()
    assert html.index('name="save" value="all"') < html.index(f'name="save" value="{prefix_of(three[0])}"')


def test_last_report_stands_beside_the_form_with_what_it_carried_forward(client, activity):
    factories.ProgressUpdateFactory(
        activity=activity, period="Jan 2021", rag=Rag.AMBER, what_happened="Two of five posts are filled."
    )
    factories.ProgressUpdateFactory(
        activity=activity, period="Feb 2021", rag=Rag.AMBER, what_happened="", is_unchanged=True
    )
    html = client.get(PAGE).content.decode()
    assert "Two of five posts are filled." in html
    assert "No change since the report before, which said:" in html
    assert "Keeps Amber and the last text." in html


def test_what_is_done_this_month_is_counted_and_leads_to_its_correction(client, three, today):
    factories.ProgressUpdateFactory(activity=three[0])
    factories.ProgressUpdateFactory(activity=three[1], period=periods.previous_month(periods.month_of(today)))
    response = client.get(PAGE)
    html = response.content.decode()
    assert "1 of 3 done." in html
    assert "/plans/borough-plan/activities/ka1/report/?next=my_updates" in html
    assert f'name="{prefix_of(three[0])}-rag"' not in html
    assert f'name="{prefix_of(three[1])}-rag"' in html


def test_plans_stand_apart_and_a_closed_one_says_that_it_has_ended(client, three, borough, post):
    closed = factories.PlanFactory(council=borough, title="The old plan", around=date(2020, 9, 1), status="closed")
    old = factories.ActivityFactory(plan=closed, ref="OLD1", owner=post)
    factories.ProgressUpdateFactory(activity=old, period="Mar 2021")
    response = client.get(PAGE, {"plan": "*"})
    html = response.content.decode()
    assert [(group.plan.title, group.done, group.total) for group in response.context["groups"]] == [
        ("The Borough's Plan", 0, 3),
        ("The old plan", 1, 1),
    ]
    assert "The plan ended on 31 March 2021: what you report is its closing position." in html
    assert "1 of 1 done for March 2021." in html


def test_ended_plan_is_put_aside_until_it_is_asked_for(client, three, borough, post):
    closed = factories.PlanFactory(council=borough, title="The old plan", slug="old-plan", status="closed")
    old = factories.ActivityFactory(plan=closed, ref="OLD1", owner=post, order=0)
    html = (response := client.get(PAGE)).content.decode()
    assert shown(response) == ["KA1", "KA3", "KA4"]
    assert "0 of 3 done." in html
    assert '<a class="govuk-link" href="?plan=old-plan">The old plan</a>' in html
    assert shown(client.get(PAGE, {"plan": "old-plan"})) == ["OLD1"]
    assert shown(client.get(PAGE, {"plan": "*"})) == ["KA1", "KA3", "KA4", "OLD1"]
    typed = client.post(PAGE, sheet(*untouched(*three), fields(old, rag="amber")))
    assert "OLD1" in shown(typed), "nothing that is typed is put aside"


def test_ended_plan_stands_on_the_sheet_of_whoever_has_no_other(client, borough, post):
    closed = factories.PlanFactory(council=borough, title="The old plan", status="closed")
    factories.ActivityFactory(plan=closed, ref="OLD1", owner=post)
    response = client.get(PAGE)
    assert shown(response) == ["OLD1"]
    assert "Plans that have ended" not in response.content.decode()


def test_invented_council_is_labelled_at_its_plan(client, three, borough, director):
    assert "is invented." not in client.get(PAGE).content.decode()
    borough.is_invented = True
    history.save(borough, by=director, reason="For show.")
    assert "The Borough is invented." in client.get(PAGE).content.decode()


def test_sheet_can_be_narrowed_to_a_plan_and_to_what_is_not_yet_reported(client, three, borough, post):
    other = factories.PlanFactory(council=borough, slug="other-plan")
    factories.ActivityFactory(plan=other, ref="OTHER", owner=post)
    factories.ProgressUpdateFactory(activity=three[0])
    assert shown(client.get(PAGE, {"plan": "other-plan"})) == ["OTHER"]
    assert shown(client.get(PAGE, {"plan": "borough-plan", "not_reported": "on"})) == ["KA3", "KA4"]
    assert shown(client.get(PAGE, {"plan": "no-such-plan"})) == ["KA1", "KA3", "KA4", "OTHER"]


def test_nothing_left_to_report_is_said(client, activity):
    factories.ProgressUpdateFactory(activity=activity)
    assert "All of these are reported." in client.get(PAGE, {"not_reported": "on"}).content.decode()


def test_director_who_answers_for_nothing_is_told_so(client, other_activity):
    html = client.get(PAGE).content.decode()
    assert "You answer for nothing of a plan that takes reports." in html


@pytest.mark.parametrize("role", ["administrator", "analyst", "lead_member", "scrutiny_member", "nobody"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_other_roles_have_no_sheet(request, client, role, method):
    client.force_login(request.getfixturevalue(role))
    assert getattr(client, method)(PAGE).status_code == 403


@pytest.mark.parametrize("number", [3, 30])
def test_sheet_asks_the_same_few_questions_however_long_it_is(
    client, plan, post, number, django_assert_max_num_queries
):
    for each in range(number):
        activity = factories.ActivityFactory(plan=plan, owner=post, order=each)
        for month in ("Jan 2021", "Feb 2021"):
            factories.ProgressUpdateFactory(activity=activity, period=month)
        place = factories.PlanIndicatorFactory(plan=plan, activities=[activity])
        factories.OutturnFactory(indicator=place.indicator, value=Decimal(1))
    with django_assert_max_num_queries(14) as captured:
        assert len(shown(client.get(PAGE))) == number
    assert len(captured) >= 4


# Saving


def test_one_is_saved_by_its_own_button(client, three, director):
    data = sheet(fields(three[0], **GREEN), *untouched(*three[1:]), save=prefix_of(three[0]))
    response = client.post(PAGE, data)
    assert (response.status_code, response.url) == (302, PAGE)
    assert messages_of(response) == ["KA1 is now Green."]
    assert written() == [("KA1", Rag.GREEN, "As planned.")]
    assert ProgressUpdate.objects.get().reported_by == director


def test_saving_one_keeps_what_is_typed_in_the_others_without_judging_it(client, three):
    half = fields(three[1], rag="red", what_happened="Half a sent", new_due_date="soon")
    response = client.post(PAGE, sheet(fields(three[0], **GREEN), half, save=prefix_of(three[0])))
    html = response.content.decode()
    assert response.status_code == 200
    assert written() == [("KA1", Rag.GREEN, "As planned.")]
    assert "KA1 is now Green." in html
    assert "Half a sent" in html
    assert 'value="soon"' in html
    assert "There is a problem" not in html
    assert row_of(response, three[0]).is_done
    # What came back can be saved as it stands.
    draft = row_of(response, three[1]).form
    again = fields(three[1], version=draft["version"].value(), **GREEN)
    assert client.post(PAGE, sheet(again)).status_code == 302


def test_all_that_was_touched_is_saved_and_nothing_else(client, three):
    data = sheet(fields(three[0], **GREEN), fields(three[1]), fields(three[2], rag="blue", what_happened="Opened."))
    response = client.post(f"{PAGE}?plan=borough-plan", data)
    assert (response.status_code, response.url) == (302, f"{PAGE}?plan=borough-plan")
    assert messages_of(response) == ["2 updates saved. KA1 is now Green. KA4 is now Complete."]
    assert written() == [("KA1", Rag.GREEN, "As planned."), ("KA4", Rag.BLUE, "Opened.")]
    assert Activity.objects.get(ref="KA3").version == 1


def test_no_change_saves_a_row_in_one_key(client, activity):
    factories.ProgressUpdateFactory(activity=activity, period="Feb 2021", rag=Rag.AMBER, forecast_rag=Rag.GREEN)
    response = client.post(PAGE, sheet(fields(activity, is_unchanged="on")))
    assert messages_of(response) == ["KA1 stays Amber. Forecast: Green."]
    update = activity.last_report()
    assert (update.is_unchanged, update.text) == (True, "Work went on as planned.")
    assert update.path_to_green == "Two more people start next month."


def test_one_error_among_several_stops_them_all_and_everything_typed_is_kept(client, three):
    data = sheet(fields(three[0], **GREEN), fields(three[1], rag="amber", what_happened="Late."), fields(three[2]))
    response = client.post(PAGE, data)
    html = response.content.decode()
    assert response.status_code == 200
    assert written() == []
    assert [(line.text, line.href) for line in response.context["errors"]] == [
        ("KA3: Say how it gets from Amber back to Green.", f"#id_{prefix_of(three[1])}-path_to_green")
    ]
    assert "<title>Error: My updates" in html
    assert "As planned." in html
    assert "Late." in html


def test_row_with_an_error_is_shown_whatever_the_filter(client, three, borough, post):
    other = factories.PlanFactory(council=borough, slug="other-plan")
    factories.ActivityFactory(plan=other, ref="OTHER", owner=post)
    response = client.post(f"{PAGE}?plan=other-plan", sheet(fields(three[0], rag="green")))
    assert shown(response) == ["KA1", "OTHER"]


def test_button_of_an_empty_row_says_what_is_missing(client, three):
    response = client.post(PAGE, sheet(*untouched(*three), save=prefix_of(three[1])))
    assert [line.text for line in response.context["errors"]] == ["KA3: Choose a rating.", "KA3: Say what happened."]


def test_saving_an_empty_sheet_saves_nothing_and_says_so(client, three):
    response = client.post(PAGE, sheet(*untouched(*three)))
    assert messages_of(response) == ["Nothing was filled in, so nothing was saved."]
    assert written() == []


def test_each_saved_row_leaves_one_history_row_per_changed_record(client, three, director):
    client.post(PAGE, sheet(*(fields(activity, **GREEN) for activity in three)))
    for activity in three:
        (of_update,) = activity.updates.get().history.all()
        newest, first = activity.history.all()
        assert {of_update.history_user, newest.history_user} == {director}
        assert (newest.history_type, first.history_type) == ("~", "+")


def test_fields_that_are_not_on_the_sheet_change_nothing(client, activity, other_post, other_director, director):
    mass = {"owner": other_post.pk, "plan": 999, "title": "Stolen", "reported_by": other_director.pk, "revision": 9}
    client.post(PAGE, sheet(fields(activity, **GREEN, **mass), mass))
    after = Activity.objects.get(pk=activity.pk)
    update = after.updates.get()
    assert (after.owner, after.plan, after.title) == (activity.owner, activity.plan, activity.title)
    assert (update.reported_by, update.revision) == (director, 1)


# Others at the same time


@pytest.fixture
def taken(three, administrator):
    """KA3 as somebody else reported on it after the director's sheet was opened."""
    from activities.actions import report_progress

    report_progress(
        activity=three[1],
        rag=Rag.RED,
        forecast_rag=None,
        what_happened="What somebody else wrote.",
        is_unchanged=False,
        path_to_green="Ask the board.",
        new_due_date=None,
        due_date_reason="",
        rosier_reason="",
        linked_reds=(),
        version=1,
        today=date.today(),
        by=administrator,
    )
    return three[1]


def test_stale_row_shows_both_versions_and_loses_nothing_in_the_other_rows(client, three, taken):
    mine = [fields(three[0], **GREEN), fields(taken, rag="green", what_happened="My own text."), fields(three[2])]
    response = client.post(PAGE, sheet(*mine))
    html = response.content.decode()
    assert response.status_code == 409
    assert written() == [("KA3", Rag.RED, "What somebody else wrote.")]
    for text in ("My own text.", "What somebody else wrote.", "Ask the board.", "As planned."):
        assert text in html
    assert "KA3: Administrator changed it while you were writing." in html
    # Saving again is done knowingly, and saves the other row too.
    again = [
        fields(each, version=row_of(response, each).form["version"].value(), **GREEN) for each in (three[0], taken)
    ]
    assert client.post(PAGE, sheet(*again)).status_code == 302
    assert written() == [
        ("KA1", Rag.GREEN, "As planned."),
        ("KA3", Rag.RED, "What somebody else wrote."),
        ("KA3", Rag.GREEN, "As planned."),
    ]


def test_row_that_was_not_touched_is_not_in_the_way(client, three, taken):
    response = client.post(PAGE, sheet(fields(three[0], **GREEN), fields(taken), fields(three[2])))
    assert response.status_code == 302
    assert [ref for ref, *_ in written()] == ["KA1", "KA3"]


def test_row_that_was_not_touched_comes_back_on_its_newer_version(client, three, taken):
    response = client.post(PAGE, sheet(fields(three[0], rag="green"), fields(taken), fields(three[2])))
    html = response.content.decode()
    assert row_of(response, taken).is_done
    assert "What somebody else wrote." in html


def test_text_for_an_activity_that_was_given_to_somebody_else_is_handed_back(client, three, other_post, administrator):
    data = sheet(fields(three[0], **GREEN), fields(three[1], rag="green", what_happened="A long careful text."))
    three[1].owner = other_post
    history.save(three[1], by=administrator, reason="Moved to Learning.")
    response = client.post(PAGE, data)
    html = response.content.decode()
    assert response.status_code == 409
    assert written() == []
    assert "You no longer answer for something you wrote about" in html
    assert "A long careful text." in html
    assert "As planned." in html
    assert "Title 3" not in html


def test_another_divisions_activity_cannot_be_reported_by_its_field_names(client, activity, other_activity):
    client.post(PAGE, sheet(fields(other_activity, rag="green"), save=prefix_of(other_activity)))
    client.post(PAGE, sheet(fields(other_activity, **GREEN)))
    assert written() == []


def test_sheet_that_cannot_get_a_lock_is_a_503_page_that_keeps_the_text(client, three, monkeypatch):
    def held(**reports):
        raise OperationalError("database is locked")

    monkeypatch.setattr("lambeth_plans.dashboards.my_updates.submit_reports", held)
    response = client.post(PAGE, sheet(fields(three[0], **GREEN)))
    html = response.content.decode()
    assert response.status_code == 503
    assert "The service is busy: nothing was saved." in html
    assert "As planned." in html
