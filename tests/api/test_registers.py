"""Every list: each role's token sees what the pages show that role, and no list asks the database too much."""

import json
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import resolve, reverse

from lambeth_plans.api.registers import REGISTERS
from tests.api.program import Program
from tests.environment import SOAK, is_in_full
from tests.html import Page
from tests.permissions.expected import API_LISTS
from tests.stage import ROLES, Stage, held, set_stage

pytestmark = pytest.mark.django_db

CANARY = "Quetzal"
CEILING = 20  # for one plan, the person included
NAMES = [register.name for register in REGISTERS]
#: Lists whose items stand on a page of the plan, each with a link: that page, and the page of one.
PAGES = {
    "objectives": ("objective_list", "objective_detail"),
    "activities": ("activity_list", "activity_detail"),
    "indicators": ("indicator_list", "indicator_detail"),
    "risks": ("risk_list", "risk_detail"),
    "savings": ("saving_list", "saving_detail"),
    "contracts": ("contract_list", "contract_detail"),
}


@dataclass
class Both:
    here: Stage
    elsewhere: Stage


@pytest.fixture(scope="module")
def both(django_db_setup, django_db_blocker):
    """Two councils with something in every list; every text of the other one has the canary in it."""
    with held(django_db_blocker):
        yield Both(set_stage("here"), set_stage("quetzal-borough", mark=CANARY))


def test_the_table_of_permissions_names_every_list():
    assert sorted(NAMES) == sorted(API_LISTS)


@pytest.mark.parametrize("name", NAMES)
def test_every_list_has_something_to_tell(both, name):
    """The positive control: what must not be seen is there to be found."""
    assert Program(both.here.people["director"]).items(name)
    assert CANARY.casefold() in json.dumps(Program(both.elsewhere.people["director"]).items(name)).casefold()


@pytest.mark.parametrize("role", [*ROLES, "other_director"])
def test_nothing_of_another_council_is_told(both, role):
    program = Program(both.here.people[role])
    for name in NAMES:
        for response in (program.get(name, limit=1000), program.get(f"{name}.csv"), program.get(name, at="2026-01-01")):
            assert response.status_code == 200
            assert CANARY.casefold() not in response.getvalue().decode().casefold(), name
        theirs = program.get(name, plan=both.elsewhere.plan.slug)
        assert theirs.status_code == 404
        assert CANARY not in theirs.content.decode()


def links_of(client: Client, url: str, page: str) -> set[str]:
    """The links of a page that lead to pages of one kind."""
    found = {urlsplit(link).path for link in Page.of(client.get(url)).links}
    return {link for link in found if link.startswith("/plans/") and resolve(link).url_name == page}


@pytest.mark.parametrize("role", ROLES)
def test_a_token_tells_exactly_what_the_pages_show_that_role(both, role):
    user = both.here.people[role]
    program, browser = Program(user), Client()
    browser.force_login(user)
    plan = both.here.plan.slug
    assert {item["url"] for item in program.items("plans")} == links_of(browser, reverse("plan_list"), "plan_dashboard")
    for name, (page, detail) in PAGES.items():
        items = program.items(name, plan=plan)
        told = {item["url"] for item in items}
        assert told == links_of(browser, reverse(page, args=[plan]), detail), name
        html = browser.get(reverse(page, args=[plan])).content.decode()
        assert [item["title"] for item in items if item["title"] not in html] == []


@pytest.mark.parametrize("name", NAMES)
def test_the_address_of_every_item_is_a_page_that_the_same_person_may_open(both, name):
    user = both.here.people["scrutiny_member"]
    browser = Client()
    browser.force_login(user)
    for url in {item["url"] for item in Program(user).items(name)}:
        assert browser.get(url.partition("#")[0]).status_code == 200, url


@pytest.mark.parametrize("name", NAMES)
def test_whoever_may_read_no_plan_is_told_nothing(both, name):
    program, browser = Program(both.here.people["nobody"]), Client()
    browser.force_login(both.here.people["nobody"])
    assert browser.get(reverse("plan_list")).status_code == 403
    for address in (name, f"{name}.csv"):
        assert program.get(address).status_code == 403


@pytest.mark.parametrize("name", NAMES)
def test_keys_are_not_given_twice_in_a_list(both, name):
    items = Program(both.here.people["analyst"]).items(name)
    assert len({(item["plan"], item["key"]) for item in items}) == len(items)


# How much is asked of the database


@pytest.fixture(scope="module")
def sized(django_db_setup, django_db_blocker):
    """The same council once as it is, and once with ten times of everything."""
    with held(django_db_blocker):
        once, tenfold = set_stage("once"), set_stage("tenfold", times=10 if SOAK else 3)
        yield {"once": Program(once.people["analyst"]), "tenfold": Program(tenfold.people["analyst"])}


def queries(program: Program, address: str, **query: str) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        assert program.get(address, **query).getvalue()
    return [each["sql"] for each in captured.captured_queries]


@pytest.mark.parametrize("at", [{}, {"at": "2026-01-01"}] if is_in_full() else [{}])
@pytest.mark.parametrize("name", NAMES)
def test_a_list_stays_below_its_ceiling_however_much_there_is(sized, name, at):
    if at and not next(register for register in REGISTERS if register.name == name).has_past:
        at = {}
    for address in (name, f"{name}.csv"):
        queries(sized["once"], address, **at)  # what is read once and kept, is read
        few, many = queries(sized["once"], address, **at), queries(sized["tenfold"], address, **at)
        assert len(few) == len(many), "\n".join(sorted({sql[:300] for sql in many if many.count(sql) > few.count(sql)}))
        assert len(many) <= CEILING, "\n".join(sql[:200] for sql in many)
