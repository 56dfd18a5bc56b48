"""Lists, single records and errors."""

from datetime import date, datetime, timedelta

import pytest
from django.db import OperationalError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lambeth_plans import history
from lambeth_plans.accounts.actions import revoke_tokens
from lambeth_plans.api import views
from lambeth_plans.fields import PartialDate
from tests import factories
from tests.api.program import Program

pytestmark = pytest.mark.django_db


def detail(response):
    assert response["Content-Type"].startswith("application/json")
    assert list(response.json()) == ["detail"]
    return response.json()["detail"]


@pytest.fixture
def many(plan):
    return [
        factories.ActivityFactory(plan=plan, key=f"a{number}", ref=f"1.{number}", order=number) for number in range(105)
    ]


def test_a_list_says_how_many_there_are_and_gives_a_hundred(program, many):
    listing = program.listing("activities")
    assert listing["count"] == 105
    assert [item["ref"] for item in listing["items"]] == [f"1.{number}" for number in range(100)]


def test_limit_and_offset_choose_items_and_do_not_change_the_count(program, many):
    listing = program.listing("activities", limit=3, offset=103)
    assert listing["count"] == 105
    assert [item["ref"] for item in listing["items"]] == ["1.103", "1.104"]
    assert program.listing("activities", offset=500)["items"] == []


def test_a_limit_above_a_hundred_is_kept_up_to_a_thousand(program, many):
    assert len(program.listing("activities", limit=1000)["items"]) == 105


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"limit": 1001}, "limit: Input should be less than or equal to 1000."),
        ({"limit": 0}, "limit: Input should be greater than or equal to 1."),
        ({"limit": "many"}, "limit: Input should be a valid integer"),
        ({"offset": -1}, "offset: Input should be greater than or equal to 0."),
        ({"at": "yesterday"}, "at: "),
        ({"at": "20200101"}, "at: "),
        ({"at": "2020-02-30"}, "at: 2020-02-30 is not a day that exists."),
        ({"at": "2100-01-01"}, "at: 2100-01-01 has not come yet."),
    ],
)
@pytest.mark.parametrize("name", ["activities", "activities.csv"])
def test_what_cannot_be_asked_is_refused_in_words(program, plan, name, query, words):
    if name.endswith(".csv") and query == {"limit": 1001}:
        assert program.get(name, **query).status_code == 200  # a file has no highest limit
        return
    response = program.get(name, **query)
    assert response.status_code == 422
    assert detail(response).startswith(words)


def test_a_list_is_narrowed_to_one_plan(program, plan, borough):
    other = factories.PlanFactory(council=borough, slug="other-plan", around=date(2015, 5, 5))
    for each in (plan, other):
        factories.ActivityFactory(plan=each, key="same-key")
    assert [item["plan"] for item in program.items("activities")] == ["borough-plan", "other-plan"]
    assert program.only("activities", plan="other-plan")["url"] == "/plans/other-plan/activities/same-key/"
    assert program.only("councils", plan="other-plan")["key"] == "borough"


@pytest.mark.parametrize("name", ["activities", "activities.csv", "plans", "councils", "officers.csv"])
@pytest.mark.parametrize("slug", ["no-such-plan", "\x00", "elsewhere-plan"])
def test_a_plan_that_is_not_there_or_of_another_council_is_not_found(program, plan, elsewhere, name, slug):
    factories.PlanFactory(council=elsewhere, slug="elsewhere-plan")
    response = program.get(name, plan=slug)
    assert response.status_code == 404
    assert detail(response) == "There is no such plan among those you can see."


def test_plans_stand_in_one_order_with_and_without_a_slash(program, plan, borough):
    for year in (2007, 2023, 2016):
        factories.PlanFactory(council=borough, slug=f"plan-of-{year}", around=date(year, 6, 1))
    for address in ("plans", "plans/"):
        slugs = [item["key"] for item in program.get(address).json()["items"]]
        assert slugs == ["borough-plan", "plan-of-2023", "plan-of-2016", "plan-of-2007"]


def test_a_single_record_is_what_its_list_says_of_it(program, activity, other_activity):
    single = program.get("plans/borough-plan/activities/ka2").json()
    assert single == program.items("activities")[1]
    assert program.get("plans/borough-plan/activities/ka2/").json() == single
    assert program.get("plans/borough-plan").json() == program.only("plans")


def test_a_record_that_is_not_there_is_not_found(program, activity):
    assert detail(program.get("plans/borough-plan/activities/none")) == "This plan has no such activity."
    assert program.get("plans/none/activities/ka1").status_code == 404
    assert program.get("plans/none").status_code == 404


# As at


def test_a_list_can_be_read_as_it_stood_at_the_end_of_a_day(program, plan, administrator):
    def at(day, hour=12):
        return datetime(2024, 3, day, hour, 59, 59, tzinfo=timezone.get_current_timezone())

    activity = factories.ActivityFactory(plan=plan, key="a", title="First", due_date=PartialDate("2024"), at=at(10))
    activity.title, activity.due_date = "Second", PartialDate("2024-05")
    history.save(activity, by=administrator, at=at(20, 23))
    told = {day: program.items("activities", at=f"2024-03-{day:02d}") for day in (9, 10, 19, 20)}
    assert {day: [item["title"] for item in items] for day, items in told.items()} == {
        9: [],
        10: ["First"],
        19: ["First"],
        20: ["Second"],
    }
    assert told[10][0]["due_date"] == "2024"
    assert program.only("activities", at=timezone.localdate().isoformat())["due_date"] == "2024-05"
    assert [row["title"] for row in program.rows("activities", at="2024-03-19")] == ["First"]
    assert program.get("plans/borough-plan/activities/a", at="2024-03-19").json()["title"] == "First"


def test_the_first_day_there_is_can_be_asked_for(program, activity):
    assert program.items("activities", at="0001-01-01") == []


def test_tomorrow_has_not_come(program, activity):
    tomorrow = timezone.localdate() + timedelta(days=1)
    assert program.get("activities", at=tomorrow.isoformat()).status_code == 422


# Who asks


def test_strangers_are_told_in_json_to_log_in_or_send_a_token(db):
    for address in ("plans", "plans.csv", "plans/any", "plans/any/activities/one"):
        response = Client().get(f"/api/v1/{address}")
        assert response.status_code == 401
        assert response["WWW-Authenticate"] == "Bearer"
        assert "send a token" in detail(response)


@pytest.mark.parametrize(
    "header", ["Bearer nonsense", "Bearer ", "bearer", "Bearer é", "Bearer a b", f"Bearer {'x' * 5000}"]
)
def test_a_wrong_token_opens_nothing_even_for_somebody_who_has_logged_in(client, scrutiny_member, header):
    client.force_login(scrutiny_member)
    assert client.get("/api/v1/plans").status_code == 200
    assert client.get("/api/v1/plans", headers={"Authorization": header}).status_code == 401


def test_the_word_bearer_is_read_in_any_case(scrutiny_member):
    program = Program(scrutiny_member)
    assert Client().get("/api/v1/plans", headers={"Authorization": f"bearer {program.secret}"}).status_code == 200


def test_other_ways_to_say_who_one_is_leave_the_session_alone(client, scrutiny_member):
    client.force_login(scrutiny_member)
    assert client.get("/api/v1/plans", headers={"Authorization": "Basic cHJveHk6c2VjcmV0"}).status_code == 200


def test_a_token_that_was_taken_back_opens_nothing(program, onlooker):
    revoke_tokens(user=onlooker, by=onlooker, reason="Lost.")
    assert program.get("plans").status_code == 401


def test_whoever_has_no_role_is_refused_in_json(nobody):
    response = Program(nobody).get("plans")
    assert response.status_code == 403
    assert detail(response) == "Your role does not read plans."


def test_a_token_opens_no_page(program, plan):
    for address in ("/plans/", "/plans/borough-plan/", "/api/", "/", "/admin/"):
        response = program.client.get(address)
        assert response.status_code == 302
        assert response.url.startswith(reverse("login"))


def test_a_token_neither_logs_in_nor_sets_a_cookie(program, plan):
    assert not program.get("plans").cookies
    assert program.client.get("/plans/").status_code == 302


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
@pytest.mark.parametrize("address", ["plans", "plans.csv", "plans/borough-plan", "openapi.json"])
def test_nothing_can_be_written(scrutiny_member, plan, method, address):
    """Also where a browser would be stopped for want of a form's token: nothing is written, so none is needed."""
    client = Client(enforce_csrf_checks=True, headers={"Authorization": f"Bearer {Program(scrutiny_member).secret}"})
    response = client.generic(method, f"/api/v1/{address}", "{}", content_type="application/json")
    assert response.status_code == 405
    assert response["Allow"] == "GET, HEAD"
    assert detail(response) == "The API is only read: GET and HEAD."


def test_head_says_what_get_says_without_the_body(program, activity):
    response = program.client.head("/api/v1/activities")
    assert (response.status_code, response.content) == (200, b"")
    assert program.client.head("/api/v1/activities.csv").status_code == 200


def test_answers_are_kept_by_nobody(program, plan):
    for address in ("plans", "plans.csv"):
        assert "no-store" in program.get(address)["Cache-Control"]


# What goes wrong


@pytest.mark.parametrize("address", ["none", "plans/a/b/c/d", "", "plans.xml", "plans/\x00", "docs"])
def test_an_address_that_is_not_there_is_told_in_json(program, address):
    response = program.get(address)
    assert response.status_code == 404
    assert detail(response) == "There is nothing at this address."


@pytest.mark.parametrize(("error", "status"), [(RuntimeError("secret"), 500), (OperationalError("secret"), 503)])
def test_what_nobody_foresaw_is_told_in_json_without_its_cause(program, monkeypatch, error, status):
    def fail(*args):
        raise error

    monkeypatch.setattr(views, "reading_of", fail)
    program.client.raise_request_exception = False
    response = program.get("plans")
    assert response.status_code == status
    assert "secret" not in detail(response)


def test_too_many_questions_at_once_are_refused_in_json(program):
    response = program.client.get("/api/v1/plans?" + "&".join(f"a{number}=1" for number in range(5_100)))
    assert response.status_code == 400
    assert detail(response)
