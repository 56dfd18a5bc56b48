"""pytest plugin: Chromium for the tests marked `browser`. Never skips: a machine without Chromium fails the test.

`--without-browser` leaves those tests out (they are counted as deselected), and `--without-once` those marked `once`,
which ask no database: `make test` runs both kinds on one database.
"""

import os

import pytest

from tests import chromium

PHONE = {"width": 375, "height": 812}
DESKTOP = {"width": 1280, "height": 900}


def pytest_addoption(parser):
    parser.addoption("--without-browser", action="store_true", help="leave out the tests marked browser")
    parser.addoption("--without-once", action="store_true", help="leave out the tests marked once")


def _place(item) -> int:
    """The browser's tests come last, as pytest-django wants it, but those that take minutes before the others: what
    is left at the end is then short enough for two workers to end together."""
    if not item.get_closest_marker("browser"):
        return 0
    return 1 if item.get_closest_marker("campaign") else 2


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    items.sort(key=_place)
    without = [name for name in ("browser", "once") if config.getoption(f"without_{name}")]
    parts: dict[bool, list] = {True: [], False: []}
    for item in items:
        parts[any(item.get_closest_marker(name) for name in without)].append(item)
    items[:], left_out = parts[False], parts[True]
    if left_out:
        config.hook.pytest_deselected(items=left_out)


@pytest.fixture(scope="session")
def browser():
    """Chromium, started once. Take pages from `open_page`, which also closes them."""
    from playwright.sync_api import sync_playwright

    try:
        executable = chromium.find()
    except chromium.ChromiumMissing as missing:
        pytest.fail(str(missing))
    # Playwright keeps an event loop running in this thread, which Django takes for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=executable, args=chromium.ARGUMENTS)
        yield started
        started.close()


@pytest.fixture
def open_page(browser, live_server):
    """A function that opens a fresh page of the running application: `open_page(javascript=False, viewport=PHONE)`.

    Every page has its own cookies. Paths are relative to the application: `page.goto("/accounts/login/")`.
    """
    contexts = []

    def open_one(*, javascript: bool = True, viewport: dict[str, int] = DESKTOP):
        context = browser.new_context(
            base_url=live_server.url, java_script_enabled=javascript, viewport=viewport, locale="en-GB"
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        return context.new_page()

    yield open_one
    for context in contexts:
        context.close()
