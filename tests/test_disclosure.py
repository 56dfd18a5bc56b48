"""What belongs to another council is never seen, and what is one's own is found by following links."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from activities.models import Activity
from finance.models import Contract, Saving
from kpis.models import PlanIndicator
from lambeth_plans import history
from lambeth_plans.accounts.models import Council, Officer, User
from lambeth_plans.imports import example_borough
from lambeth_plans.imports.published import PUBLISHED_PLANS, load_published_plan
from objectives.models import Objective, Plan
from risks.models import Risk
from tests import factories
from tests.crawl import Crawl
from tests.stage import ROLES, held, set_stage

pytestmark = pytest.mark.django_db

CANARY = "Quetzal"


@pytest.fixture(scope="module")
def here(django_db_setup, django_db_blocker):
    """One council, beside another one whose every text has the canary in it, and somebody who belongs to both."""
    with held(django_db_blocker):
        stage, elsewhere = set_stage("here"), set_stage("quetzal-borough", mark=CANARY)
        both = [stage.council, elsewhere.council]
        shared = factories.UserFactory(username="shared", name="Shared person", role="analyst", councils=both)
        for councils in (both[:1], both):  # their trail names both councils
            history.save(shared, by=User.objects.system(), reason="They moved.", links={"councils": councils})
        stage.people["shared"] = shared
        yield stage


def crawl(user: User, **how) -> Crawl:
    client = Client()
    client.force_login(user, "lambeth_plans.accounts.backends.RoleBackend")
    return Crawl(client, **how).start()


@pytest.mark.parametrize("name", [*ROLES, "other_director", "nobody"])
def test_nothing_of_another_council_nor_of_the_administration_is_seen(here, name: str, caplog):
    caplog.set_level("CRITICAL", logger="django.request")
    crawled = crawl(here.people[name], with_filters=True)
    assert crawled.broken == []
    told = [
        f"{url}: …{visit.html[max(0, place - 100) : place + 30]}…"
        for url, visit in crawled.visits.items()
        if (place := visit.html.casefold().find(CANARY.casefold())) >= 0
    ]
    assert told == []
    assert len(crawled.visits) > (3 if name == "nobody" else 40)
    administration = {path for path in crawled.paths if path.startswith("/admin/")}
    assert bool(administration) == (name == "administrator")


def test_canary_is_seen_by_its_own_people(here):
    """The positive control: what is looked for is there to be found."""
    shared = crawl(here.people["shared"], with_filters=False)
    seen = {url for url, visit in shared.visits.items() if CANARY in visit.html}
    assert {"/plans/", "/plans/quetzal-borough-plan/", "/imports/"} <= seen


# The plans that everybody begins with


@pytest.fixture(scope="module")
def scrutiny(django_db_setup, django_db_blocker):
    """A scrutiny member of Lambeth and of Example Borough, with all that is loaded for the demo."""
    with held(django_db_blocker):
        for slug in PUBLISHED_PLANS:
            load_published_plan(slug, by=User.objects.system())
        example_borough.make(timezone.localdate())
        councils = list(Council.objects.filter(slug__in=[plan.council for plan in PUBLISHED_PLANS.values()]))
        councils.append(Council.objects.get(is_invented=True))
        yield factories.UserFactory(role="scrutiny_member", councils=councils)


@pytest.fixture(scope="module")
def reached(scrutiny):
    """Two variants of each page are enough here: the walks above send every filter. Files are read by other tests."""
    return crawl(scrutiny, with_filters=False, variants=2, files=False)


def test_no_link_leads_nowhere(reached):
    assert reached.broken == []


@pytest.mark.parametrize(
    ("model", "page"),
    [
        (Objective, "objective_detail"),
        (Activity, "activity_detail"),
        (PlanIndicator, "indicator_detail"),
        (Risk, "risk_detail"),
        (Saving, "saving_detail"),
        (Contract, "contract_detail"),
    ],
)
def test_every_record_of_every_plan_is_reached_by_links(reached, scrutiny, model, page):
    records = list(model.objects.visible_to(scrutiny).select_related("plan"))
    assert records
    addresses = {reverse(page, args=[record.plan.slug, record.key]) for record in records}
    assert addresses - reached.paths == set()


def test_every_officer_is_reached_by_links(reached, scrutiny):
    officers = Officer.objects.visible_to(scrutiny).select_related("council")
    addresses = {reverse("officer_detail", args=[officer.council.slug, officer.key]) for officer in officers}
    assert addresses
    assert addresses - reached.paths == set()


def test_every_page_of_every_plan_is_reached_by_links(reached, scrutiny):
    pages = ("plan_dashboard", "objective_list", "activity_list", "indicator_list", "risk_list", "saving_list")
    pages += ("contract_list", "budget", "workforce", "narrative", "change_list", "data_quality")
    slugs = Plan.objects.visible_to(scrutiny).values_list("slug", flat=True)
    assert {reverse(page, args=[slug]) for page in pages for slug in slugs} - reached.paths == set()
