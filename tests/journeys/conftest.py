"""The real plan, the invented council and the demo people, as `make demo` has them, in front of a browser."""

import sqlite3
from collections.abc import Callable
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client
from playwright.sync_api import Page, expect

from lambeth_plans.accounts.models import User
from tests.environment import SOAK
from tests.journeys.audit import Watch

PASSWORD = "only-for-the-journeys"
COMMANDS = {
    "load_published_plans": {},
    "make_example_borough": {},
    "make_example_cycle": {},
    "publish_plans": {},
    "make_demo_users": {"password": PASSWORD},
}
BACKEND = "lambeth_plans.accounts.backends.RoleBackend"

# Patient, because the machine may be busy with other things: what is expected is shown as soon as it is there.
expect.set_options(timeout=15_000)

Visit = Callable[..., Page]


class Content:
    """What the demo starts with. It takes many seconds to load, so SQLite keeps a copy of it in memory."""

    def __init__(self) -> None:
        self._copy: sqlite3.Connection | None = None

    def bring_in(self) -> None:
        connection.ensure_connection()
        if self._copy:
            self._copy.backup(connection.connection)
            return
        for command, options in COMMANDS.items():
            call_command(command, **options, stdout=StringIO())
        if connection.vendor == "sqlite":
            self._copy = sqlite3.connect(":memory:")
            connection.connection.backup(self._copy)


@pytest.fixture(scope="session")
def content():
    return Content()


@pytest.fixture
def councils(transactional_db, content):
    """Lambeth and Example Borough with the demo people; taken away after the test."""
    content.bring_in()


def logged_in(username: str) -> Client:
    """Asks for pages without a browser, as somebody who is logged in, or as a stranger."""
    client = Client()
    if username:
        client.force_login(User.objects.get(username=username), BACKEND)
    return client


@pytest.fixture
def visit(councils, live_server, open_page) -> Visit:
    """A function that opens a browser for somebody: `visit("director", javascript=False)`.

    They are logged in already; `visit()` is a stranger. What any of these browsers complains of fails the test.
    """
    watches = []

    def visit(username: str = "", *, javascript: bool = True, watched: bool = True) -> Page:
        page = open_page(javascript=javascript)
        if watched:
            watches.append(Watch(page.context))
        if username:
            cookie = logged_in(username).cookies[settings.SESSION_COOKIE_NAME].value
            page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
        return page

    yield visit
    assert [problem for watch in watches for problem in watch.problems] == []


#: Journeys that every run takes with and without JavaScript: one of each kind of user. In a short run the others are
#: taken one way, by turns; that a page says the same without it is tested of every page (test_pages.py).
BOTH_WAYS = ("test_director_reports_on_several_activities_at_once",)
BOTH_WAYS += ("test_scrutiny_member_finds_the_printed_figures", "test_what_was_typed_survives_the_end_of_the_session")


def pytest_generate_tests(metafunc):
    if "javascript" not in metafunc.fixturenames:
        return
    name = metafunc.function.__name__
    ways = [True, False] if SOAK or name in BOTH_WAYS else [len(name) % 2 == 0]
    words = {True: "with JavaScript", False: "without JavaScript"}
    metafunc.parametrize("javascript", ways, ids=[words[way] for way in ways])


def log_in(page: Page, username: str) -> None:
    """Logs in as a person does, through the page."""
    page.goto("/accounts/login/")
    page.get_by_label("User name").fill(username)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
