"""Every page, for every role and for strangers, at 1280 and 375 px: axe finds nothing, nothing scrolls sideways, the
content security policy refuses nothing (`visit` sees to that), and without JavaScript a page says the same.
"""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import Page, Response

from lambeth_plans.accounts.access import ROLES
from lambeth_plans.accounts.models import Officer
from tests.browser import DESKTOP, PHONE
from tests.environment import SOAK
from tests.journeys import pages
from tests.journeys.audit import VIEWPORTS, audit
from tests.journeys.conftest import logged_in
from tests.permissions.walk import own_patterns

pytestmark = pytest.mark.browser

#: What JavaScript adds to a page: buttons that do nothing without it, and how to read a point of a chart.
ADDED = {"Show", "Print this page", "Menu", "Point at the chart, or use the arrow keys in it, to read a figure."}
MENU_PAGE = "/roles/"
#: What differs between two people who see the same: their name, their menu, their log-in, the form's token.
PERSONAL = re.compile(
    "|".join(
        (
            r"<header>.*?</header>",
            r'name="csrfmiddlewaretoken" value="\w+"',
            r'autocomplete="username" value="\w+"',
        )
    ),
    re.DOTALL,
)


def test_every_page_is_listed():
    assert pages.listed() == set(own_patterns())


def lines_of(page: Page) -> set[str]:
    return {line.strip() for line in page.locator("body").inner_text().splitlines()}


def problems_of(page: Page, plain: Page | None, answer: Response, viewports: tuple = VIEWPORTS) -> list[str]:
    """What is wrong with the page that is open, and with the same answer in a browser without JavaScript, if any."""
    problems = audit(page, viewports)
    if plain is None:
        return problems
    plain.route(answer.url, lambda route: route.fulfill(**as_answered(answer)), times=1)
    plain.goto(answer.url)
    if missing := lines_of(page) - lines_of(plain) - ADDED:
        problems.append(f"{answer.url} says only with JavaScript: {sorted(missing)}")
    return problems


def as_answered(answer: Response) -> dict:
    return {"status": answer.status, "headers": answer.headers, "body": answer.body()}


@pytest.mark.campaign
@pytest.mark.parametrize("part", pages.PARTS)
def test_every_page_is_accessible_and_works_without_javascript(visit, part):
    """What two roles see alike, but for the menu, is looked at once; every role's menu is looked at on MENU_PAGE.

    The pages of the real plan are made like those of the invented one: a short run looks at those that show most, as
    a member of scrutiny reads them on a phone, and `make soak` at all as thoroughly. A short run looks at every other
    page that shows most in a wide window, and at all others on a phone, where space is least. What roles see
    differently of one page differs by a link or two: it looks at what one of those sees who may do most on it.
    """
    is_brief = "lambeth" in part and not SOAK
    roles = ("scrutiny_member",) if is_brief else ("", *ROLES)
    openers = openers_of(roles, part, pages.SHOW_MOST if is_brief else None)
    looks = looks_at(openers) if SOAK else [who_may_do_most(each, turn) for turn, each in enumerate(openers.values())]
    problems: dict[str, list[str]] = {}
    for role in roles:
        mine = [address for by, address in looks if by == role]
        if not mine:
            continue
        page, plain = visit(role), visit(role, javascript=False)
        shows_most = pages.open_to(role, part, pages.SHOW_MOST) if part == "example" else ()
        for turn, address in enumerate(mine):
            is_wide = address in shows_most and turn % 2
            viewports = VIEWPORTS if SOAK else (DESKTOP,) if is_wide else (PHONE,)
            answer = page.goto(address)
            assert answer.status == pages.expected_status(role, address), address
            # Every third page is held against what it says without JavaScript: the same frame is around all.
            without = plain if SOAK or turn % 3 == 0 else None
            for problem in problems_of(page, without, answer, viewports):
                problems.setdefault(problem, []).append(role or "a stranger")
        page.context.close()
        plain.context.close()
    told = [f"{problem} ({', '.join(roles)})" for problem, roles in problems.items()]
    assert not told, "\n".join(told)


def openers_of(roles: tuple[str, ...], part: str, names: set[str] | None) -> dict[str, list[tuple[str, str]]]:
    """Who opens which address of a part. Every role has a look at the menu for itself."""
    openers: dict[str, list[tuple[str, str]]] = {}
    for role in roles:
        for address in pages.open_to(role, part, names):
            key = f"{address} as {role}" if address == MENU_PAGE else address
            openers.setdefault(key, []).append((role, address))
    return openers


def looks_at(openers: dict[str, list[tuple[str, str]]]) -> list[tuple[str, str]]:
    """What two roles see alike at an address is looked at as one of them."""
    looks = []
    for chosen in openers.values():
        seen = set()
        for role, address in chosen:
            content = PERSONAL.sub("", logged_in(role).get(address, follow=True).content.decode())
            if content not in seen:
                seen.add(content)
                looks.append((role, address))
    return looks


def who_may_do_most(openers: list[tuple[str, str]], turn: int) -> tuple[str, str]:
    """One of those with the most permissions; they take turns."""
    may_do = {role: len(ROLES[role].permissions) if role else 0 for role, _ in openers}
    most = [opener for opener in openers if may_do[opener[0]] == max(may_do.values())]
    return most[turn % len(most)]


def test_the_administration_pages_are_accessible(visit):
    # axe reads the admin's own style sheets in a way that the policy refuses, so that browser is not watched.
    page, watched = visit("administrator", watched=False), visit("administrator")
    officer = Officer.objects.get(key="abi-onaboye").pk
    problems = []
    for name, parts in (("index", []), ("accounts_officer_changelist", []), ("accounts_officer_change", [officer])):
        address = reverse(f"admin:{name}", args=parts)
        assert page.goto(address).status == 200
        problems += audit(page)
        watched.goto(address)
    assert not problems, "\n".join(problems)
