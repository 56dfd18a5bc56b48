"""When something goes wrong the page says so in the product's own words, and what was typed is not lost."""

import re

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from playwright.sync_api import expect

from lambeth_plans import history
from lambeth_plans.accounts.models import User
from tests.journeys.audit import audit
from tests.journeys.pages import LAMBETH

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("template", ["400.html", "409.html", "413.html", "429.html", "500.html", "503.html"])
def test_the_pages_for_errors_are_accessible(visit, live_server, template):
    """These are hard to come by, so the template is served as the application would."""
    page = visit()
    page.route("**/mishap/", lambda route: route.fulfill(body=render_to_string(template), content_type="text/html"))
    page.goto("/mishap/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert not audit(page)


def test_what_was_typed_survives_the_end_of_the_session(visit, javascript):
    page = visit("director", javascript=javascript)
    page.goto(f"/plans/{LAMBETH}/activities/cska08/report/")
    page.get_by_label("What happened").fill("Half an hour of careful words.")
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("main")).to_contain_text("Half an hour of careful words.")
    assert not audit(page)
    page.context.clear_cookies()
    page.goto(f"/plans/{LAMBETH}/")
    expect(page).to_have_url(re.compile(r"/accounts/login/\?next="))


def test_what_was_typed_survives_a_page_that_grew_too_old(visit, javascript):
    page = visit("director", javascript=javascript)
    page.goto(f"/plans/{LAMBETH}/activities/cska08/report/")
    page.get_by_label("What happened").fill("Half an hour of careful words.")
    page.context.clear_cookies(name=settings.CSRF_COOKIE_NAME)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your page was too old: nothing was saved")
    expect(page.locator("main")).to_contain_text("Half an hour of careful words.")
    assert not audit(page)


def test_a_wrong_password_too_often_shuts_out(visit, javascript):
    page = visit(javascript=javascript)
    page.goto("/accounts/login/")
    for _ in range(settings.AXES_FAILURE_LIMIT):
        page.get_by_label("User name").fill("director")
        page.get_by_label("Password", exact=True).fill("a wrong guess")
        with page.expect_response(lambda response: response.request.method == "POST") as answer:
            page.get_by_role("button", name="Log in").click()
        if answer.value.status == 200:
            expect(page.get_by_role("alert")).to_contain_text("The user name or the password is not right.")
    assert answer.value.status == 429
    expect(page.get_by_role("heading", level=1)).to_have_text("Too many attempts")
    assert not audit(page)


def test_somebody_without_a_role_learns_whom_to_ask(visit, javascript):
    nobody = User(username="nobody", name="Nobody yet", email="nobody@example.org")
    history.save(nobody, by=User.objects.system(), reason="A newcomer.")
    page = visit("nobody", javascript=javascript)
    page.goto("/")
    expect(page.locator("main")).to_contain_text("administrator")
    assert not audit(page)
