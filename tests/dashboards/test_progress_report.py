from datetime import date
from decimal import Decimal

import pytest
from django.db import OperationalError
from django.urls import reverse

from activities.actions import Unexplained
from activities.challenge import Floor
from activities.models import Activity, ProgressUpdate
from lambeth_plans import history
from lambeth_plans.fields import PartialDate
from lambeth_plans.rag import Rag
from tests import factories

GOOD = {"rag": "green", "forecast_rag": "green", "what_happened": "The panel met twice."}
MY_UPDATES = "/my-updates/"


def page_of(activity):
    return reverse("progress_report", args=[activity.plan.slug, activity.key])


def detail_of(activity):
    return reverse("activity_detail", args=[activity.plan.slug, activity.key])


def send(client, activity, **typed):
    return client.post(page_of(activity), {"version": str(activity.version), **GOOD, **typed})


def messages_of(response):
    return [str(message) for message in response.wsgi_request._messages]


@pytest.fixture
def directors_client(client, director):
    client.force_login(director)
    return client


def test_address_uses_references(activity):
    assert page_of(activity) == "/plans/borough-plan/activities/ka1/report/"


def test_page_shows_the_form_and_the_last_report(directors_client, activity):
    factories.ProgressUpdateFactory(
        activity=activity, period="Feb 2021", rag=Rag.AMBER, what_happened="Two of five posts are filled."
    )
    response = directors_client.get(page_of(activity))
    html = response.content.decode()
    assert response.status_code == 200
    assert "KA1 Refresh the early help offer" in html
    assert "Two of five posts are filled." in html
    assert "Keeps Amber and the last text." in html
    for name in ("rag", "forecast_rag", "what_happened", "path_to_green", "new_due_date", "due_date_reason", "version"):
        assert f'name="{name}"' in html


def test_good_report_is_saved_and_its_consequence_is_said(directors_client, activity, director):
    response = send(directors_client, activity)
    assert (response.status_code, response.url) == (302, detail_of(activity))
    assert messages_of(response) == ["KA1 is now Green. Forecast: Green."]
    update = ProgressUpdate.objects.get()
    assert (update.rag, update.reported_by, update.what_happened) == (Rag.GREEN, director, "The panel met twice.")


@pytest.mark.parametrize(
    ("asked", "goes_to"),
    [("my_updates", MY_UPDATES), ("https://evil.example/", None), ("//evil.example", None), ("admin:index", None)],
)
def test_saving_leads_back_to_the_sheet_or_to_the_activity_and_nowhere_else(directors_client, activity, asked, goes_to):
    response = send(directors_client, activity, next=asked)
    assert response.url == (goes_to or detail_of(activity))


def test_way_back_to_the_sheet_stays_in_the_form(directors_client, activity):
    page = directors_client.get(page_of(activity), {"next": "my_updates"})
    assert page.context["next"] == "my_updates"
    assert send(directors_client, activity, next="my_updates", rag="").context["next"] == "my_updates"


def test_invalid_report_writes_nothing_and_keeps_everything_typed(directors_client, activity):
    response = send(directors_client, activity, rag="red", new_due_date="soon", due_date_reason="The builder left.")
    html = response.content.decode()
    assert response.status_code == 200
    assert "<title>Error: Report on KA1" in html
    assert "There is a problem" in html
    assert 'href="#id_path_to_green"' in html
    assert 'href="#id_new_due_date"' in html
    for typed in ("The panel met twice.", 'value="soon"', "The builder left."):
        assert typed in html
    assert not ProgressUpdate.objects.exists()
    assert Activity.objects.get(pk=activity.pk).version == 1


def test_second_director_gets_a_409_page_with_their_text_and_the_newer_version(
    client, activity, director, division, other_director
):
    factories.OfficerFactory(council=division.council, user=other_director, name="Head of Data")
    history.save(activity, by=director, reason="Shared.", links={"further_owners": [other_director.posts.get()]})
    client.force_login(director)
    client_version = activity.version
    send(client, activity, rag="amber", path_to_green="More staff.", what_happened="What the first one wrote.")

    client.force_login(other_director)
    response = send(client, activity, what_happened="What the second one wrote.")
    html = response.content.decode()
    assert response.status_code == 409
    assert "activities/stale.html" in [template.name for template in response.templates]
    assert "What the second one wrote." in html
    assert "What the first one wrote." in html
    assert "More staff." in html
    assert "Director changed it after you opened the form." in html
    assert ProgressUpdate.objects.count() == 1

    # The form on that page carries the newer version: saving again is a choice, not an accident.
    again = response.context["form"]["version"].value()
    assert again == client_version + 1
    response = client.post(page_of(activity), {**GOOD, "version": again, "what_happened": "What the second one wrote."})
    assert response.status_code == 302
    assert list(ProgressUpdate.objects.values_list("what_happened", flat=True)) == [
        "What the first one wrote.",
        "What the second one wrote.",
    ]


def test_409_page_names_a_change_that_was_no_report(directors_client, activity, administrator):
    changed = Activity.objects.get(pk=activity.pk)
    changed.due_date = PartialDate("2030-06")
    history.save(changed, by=administrator, reason="Agreed by the board.")
    response = send(directors_client, activity)
    html = response.content.decode()
    assert response.status_code == 409
    assert "Administrator changed it after you opened the form." in html
    assert "Agreed by the board." in html
    assert "Due: June 2030" in html
    assert not ProgressUpdate.objects.exists()


@pytest.mark.parametrize("method", ["get", "post"])
def test_director_cannot_report_for_another_division(directors_client, activity, other_activity, method):
    response = getattr(directors_client, method)(page_of(other_activity), {"version": "1", **GOOD})
    assert response.status_code == 404
    assert not ProgressUpdate.objects.exists()


def test_missing_activity_looks_like_somebody_elses(directors_client, activity):
    assert directors_client.get("/plans/borough-plan/activities/no-such/report/").status_code == 404
    assert directors_client.get("/plans/no-such/activities/ka1/report/").status_code == 404


def test_director_of_another_council_finds_nothing(client, activity, stranger):
    client.force_login(stranger)
    assert client.get(page_of(activity)).status_code == 404


def test_director_who_left_the_council_finds_nothing(client, activity, director, elsewhere):
    history.save(director, by=director, reason="Moved.", links={"councils": [elsewhere]})
    client.force_login(director)
    assert send(client, activity).status_code == 404


def test_director_reports_for_the_officers_of_their_division(directors_client, plan, post, division):
    officer = factories.OfficerFactory(division=division)
    activity = factories.ActivityFactory(plan=plan, owner=officer)
    assert directors_client.get(page_of(activity)).status_code == 200


def test_deputy_may_report(client, activity, post, deputy):
    officer = factories.OfficerFactory(council=activity.plan.council, user=deputy, name="Head of Early Help")
    history.save(post, by=deputy, reason="On leave.", links={"deputies": [officer]})
    client.force_login(deputy)
    response = client.post(page_of(activity), {"version": "1", **GOOD})
    assert response.status_code == 302
    assert ProgressUpdate.objects.get().reported_by_name == "Head of Early Help for Director of Care"


def test_director_who_is_nobodys_deputy_may_not(client, activity, deputy):
    client.force_login(deputy)
    assert client.get(page_of(activity)).status_code == 404


@pytest.mark.parametrize("role", ["administrator", "analyst", "lead_member", "scrutiny_member", "nobody"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_other_roles_may_not_report(request, client, activity, role, method):
    client.force_login(request.getfixturevalue(role))
    assert getattr(client, method)(page_of(activity), {"version": "1", **GOOD}).status_code == 403
    assert not ProgressUpdate.objects.exists()


def test_stranger_without_a_log_in_is_sent_to_log_in(client, activity):
    assert client.get(page_of(activity)).url.startswith("/accounts/login/")


def test_superseded_plan_takes_no_reports(directors_client, borough, post):
    old = factories.PlanFactory(council=borough, status="superseded")
    activity = factories.ActivityFactory(plan=old, owner=post)
    assert directors_client.get(page_of(activity)).status_code == 404


def test_closed_plan_says_that_its_closing_position_is_reported(directors_client, borough, post):
    closed = factories.PlanFactory(council=borough, around=date(2020, 9, 1), status="closed")
    activity = factories.ActivityFactory(plan=closed, owner=post)
    html = directors_client.get(page_of(activity)).content.decode()
    assert "The plan ended on 31 March 2021: what you report is its closing position." in html
    assert "Report for March 2021" in html


def test_invented_council_says_so_on_the_page(directors_client, borough, activity, director):
    borough.is_invented = True
    history.save(borough, by=director, reason="For show.")
    assert "is invented." in directors_client.get(page_of(activity)).content.decode()


def test_second_visit_in_a_month_starts_with_the_report_to_correct(directors_client, activity):
    send(directors_client, activity)
    form = directors_client.get(page_of(activity)).context["form"]
    assert form["what_happened"].value() == "The panel met twice."
    assert form["rag"].value() is Rag.GREEN
    assert form["version"].value() == 2


def test_fields_that_are_not_on_the_form_change_nothing(
    directors_client, activity, other_post, director, other_director, administrator
):
    before = Activity.objects.get(pk=activity.pk)
    mass = {
        "owner": other_post.pk,
        "plan": "999",
        "plan_id": "999",
        "key": "stolen",
        "title": "Stolen",
        "original_due_date": "2030",
        "due_date": "2030",
        "reported_by": other_director.pk,
        "reported_by_name": "Somebody else",
        "reported_at": "2001-01-01",
        "revision": "77",
        "period_start": "2001-01-01",
        "previous_due_date": "2001",
        "floor": "red",
        "floor_because": "Somebody says so.",
        "history_user": administrator.pk,
        "actor": "Somebody else",
        "is_superuser": "on",
    }
    assert send(directors_client, activity, **mass).status_code == 302
    after = Activity.objects.get(pk=activity.pk)
    for name in ("owner_id", "plan_id", "key", "title", "original_due_date", "due_date"):
        assert getattr(after, name) == getattr(before, name), name
    update = ProgressUpdate.objects.get()
    assert (update.reported_by, update.reported_by_name) == (director, "Director of Care")
    assert (update.revision, update.period_start.year > 2001, update.previous_due_date) == (1, True, None)
    assert (update.floor, update.floor_because) == (None, "")
    assert update.history.get().actor == "Director"


def test_report_that_cannot_get_the_lock_is_a_503_page_that_keeps_the_text(directors_client, activity, monkeypatch):
    def held(**report):
        raise OperationalError("canceling statement due to lock timeout")

    monkeypatch.setattr("lambeth_plans.dashboards.progress_report.submit_reports", held)
    response = send(directors_client, activity)
    html = response.content.decode()
    assert response.status_code == 503
    assert "The service is busy: nothing was saved." in html
    assert "The panel met twice." in html


def test_markup_in_a_report_is_shown_as_text(directors_client, activity):
    send(directors_client, activity, what_happened="<script>alert(1)</script>")
    html = directors_client.get(page_of(activity)).content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "<script>alert(1)" not in html


def test_page_asks_a_fixed_number_of_questions(directors_client, activity, django_assert_max_num_queries):
    for year in range(2001, 2021):
        factories.ProgressUpdateFactory(activity=activity, period=f"Mar {year}")
        place = factories.PlanIndicatorFactory(plan=activity.plan, activities=[activity])
        factories.OutturnFactory(indicator=place.indicator, period=f"Apr {year}", value=Decimal(1))
        factories.TargetFactory(indicator=place.indicator, period=f"Apr {year}")
    with django_assert_max_num_queries(14):
        html = directors_client.get(page_of(activity)).content.decode()
    assert "20 indicators it aims at are Red" in html


@pytest.fixture
def late(plan, post):
    """An activity that is past its due date."""
    return factories.ActivityFactory(plan=plan, ref="KA9", owner=post, due_date="2020")


def test_rating_better_than_what_is_known_comes_back_with_its_question(directors_client, late):
    assert "What is known allows" in directors_client.get(page_of(late)).content.decode()
    response = send(directors_client, late)
    html = response.content.decode()
    assert "KA9: You rate it Green, but what is known allows Amber at best." in html
    assert "Say why it is still Green." in html
    assert "The panel met twice." in html
    assert not ProgressUpdate.objects.exists()
    assert send(directors_client, late, rosier_reason="It opens on Monday.").status_code == 302
    assert ProgressUpdate.objects.get().rosier_reason == "It opens on Monday."


def test_page_asks_nothing_where_nothing_is_known_against_a_rating(directors_client, activity):
    assert "What is known allows" not in directors_client.get(page_of(activity)).content.decode()


def test_what_became_known_while_a_report_was_sent_is_asked_about(directors_client, activity, monkeypatch):
    def unexplained(**_):
        raise Unexplained(activity, Floor(Rag.AMBER, ("It is late.",)))

    monkeypatch.setattr("lambeth_plans.dashboards.progress_report.submit_reports", unexplained)
    html = send(directors_client, activity).content.decode()
    assert "You rate it Green, but what is known allows Amber at best. It is late." in html
