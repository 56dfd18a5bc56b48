"""What belongs to another council is never seen, and what is one's own is found by following links."""

import io
import re
import zipfile
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from activities.models import Activity
from finance.models import Contract, Saving
from kpis.models import PlanIndicator
from lambeth_plans import history
from lambeth_plans.accounts.models import Council, Officer, User
from lambeth_plans.api.registers import REGISTERS
from lambeth_plans.imports import example_borough
from lambeth_plans.imports.published import PUBLISHED_PLANS, load_published_plan
from objectives.models import Objective, Plan
from risks.models import Risk
from tests import factories
from tests.crawl import Crawl
from tests.drafts import FIGURE, PRINTED, plant
from tests.environment import SOAK, is_in_full
from tests.stage import ROLES, held, set_stage

pytestmark = [pytest.mark.campaign, pytest.mark.django_db]

CANARY = "Quetzal"
#: Stands in everything that was written since the plan was published.
DRAFT = "Quagga"
DEEP_IN_ADMIN = re.compile(r"/admin/\w+/\w+/.+")
MEMBERS = ("lead_member", "scrutiny_member")


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
        assert plant(stage, DRAFT) > 40
        yield stage


def crawl(user: User, **how) -> Crawl:
    client = Client()
    client.force_login(user, "lambeth_plans.accounts.backends.RoleBackend")
    return Crawl(client, **how).start()


#: In a short run one of each kind looks around: who has the same role, or sees the same, sees the same.
LOOKING = [*ROLES, "other_director", "nobody"] if SOAK else ["administrator", "scrutiny_member", "nobody"]


@pytest.mark.parametrize("name", LOOKING if is_in_full() else LOOKING[1:])
def test_nothing_of_another_council_nor_of_the_administration_is_seen(here, name: str, in_full: bool, caplog):
    """The filters are sent by one of each set of pages: those who only read all have the same."""
    caplog.set_level("CRITICAL", logger="django.request")
    with_filters = SOAK or (in_full and name in ("scrutiny_member", "administrator"))
    # Django's admin has one guard and one set of rows for all its pages: a short run looks at the first ones.
    how = {} if SOAK else {"variants": 1, "files": False, "skip": DEEP_IN_ADMIN}
    crawled = crawl(here.people[name], with_filters=with_filters, **how)
    assert crawled.broken == []
    assert told_in(crawled, CANARY) == []
    drafts = [*told_in(crawled, DRAFT), *told_in(crawled, PRINTED)]
    assert (drafts != []) == (name not in (*MEMBERS, "nobody")), "\n".join(drafts[:20])
    assert len(crawled.visits) > (3 if name == "nobody" else 40)
    administration = {path for path in crawled.paths if path.startswith("/admin/")}
    assert bool(administration) == (name == "administrator")


def told_in(crawled: Crawl, word: str) -> list[str]:
    """Where a word is seen, each with what stands around it."""
    return [
        f"{url}: …{visit.html[max(0, place - 100) : place + 30]}…"
        for url, visit in crawled.visits.items()
        if (place := visit.html.casefold().find(word.casefold())) >= 0
    ]


@pytest.mark.parametrize("name", ["scrutiny_member", "director"])
def test_neither_programs_nor_the_search_give_members_a_draft(here, name: str):
    client = Client()
    client.force_login(here.people[name], "lambeth_plans.accounts.backends.RoleBackend")
    addresses = [f"/api/v1/{register.name}" for register in REGISTERS]
    addresses += [f"/api/v1/{register.name}.csv" for register in REGISTERS]
    addresses += [f"/api/v1/plans/{here.plan.slug}", "/search/?q=activity"]
    told = []
    for address in addresses:
        response = client.get(address)
        assert response.status_code == 200, address
        text = response.getvalue().decode()
        told += [address] if DRAFT in text or str(FIGURE) in text else []
    assert (told != []) == (name == "director"), told
    found = {words: b"/activities/ka1/" in client.get(f"/search/?q={words}").content for words in ("activity", DRAFT)}
    assert found == {"activity": True, DRAFT: name == "director"}


@pytest.mark.parametrize("name", ["scrutiny_member", "director"])
def test_a_pack_holds_no_draft_but_in_its_preview(here, name: str):
    client = Client()
    client.force_login(here.people[name], "lambeth_plans.accounts.backends.RoleBackend")
    for page in ("pack_word", "pack_workbook"):
        content = client.get(reverse(page, args=[here.plan.slug, 2])).content
        with zipfile.ZipFile(io.BytesIO(content)) as file:
            text = "".join(file.read(part).decode() for part in file.namelist() if part.endswith(".xml"))
        assert "Activity 1" in text
        assert DRAFT not in text
    preview = client.get(reverse("pack_preview", args=[here.plan.slug]))
    assert (preview.status_code, DRAFT in preview.content.decode()) == (
        (200, True) if name == "director" else (403, False)
    )


def test_canary_is_seen_by_its_own_people(here):
    """The positive control: what is looked for is there to be found."""
    client = Client()
    client.force_login(here.people["shared"], "lambeth_plans.accounts.backends.RoleBackend")
    for address in ("/plans/", "/plans/quetzal-borough-plan/", "/imports/"):
        assert CANARY in client.get(address).content.decode()


# The plans that everybody begins with

DETAIL_PAGES = {
    Objective: "objective_detail",
    Activity: "activity_detail",
    PlanIndicator: "indicator_detail",
    Risk: "risk_detail",
    Saving: "saving_detail",
    Contract: "contract_detail",
}
PLAN_PAGES = ("plan_dashboard", "objective_list", "activity_list", "indicator_list", "risk_list", "saving_list")
PLAN_PAGES += (
    "indicator_exceptions",
    "indicator_multiples",
    "indicator_due",
    "contract_list",
    "budget",
    "workforce",
    "narrative",
    "change_list",
    "change_between",
    "publication_list",
    "data_quality",
)


def test_everything_of_every_plan_is_reached_by_links_and_no_link_leads_nowhere(db):
    """A short run takes a small plan with something of every kind, one variant of each page and no files: the walks
    above send every filter."""
    for slug in PUBLISHED_PLANS if SOAK else ():
        load_published_plan(slug, by=User.objects.system())
    if SOAK:
        example_borough.make(timezone.localdate())
    else:
        set_stage("everything")
    call_command("publish_plans", stdout=StringIO())
    councils = Council.objects.all() if SOAK else Council.objects.filter(slug="everything")
    scrutiny = factories.UserFactory(role="scrutiny_member", councils=list(councils))
    reached = crawl(scrutiny, with_filters=False, variants=2 if SOAK else 1, files=SOAK)
    assert reached.broken == []
    assert {
        reverse(page, args=[plan.slug]) for page in PLAN_PAGES for plan in Plan.objects.filter(council__in=councils)
    } - reached.paths == set()
    for model, page in DETAIL_PAGES.items():
        records = list(model.objects.visible_to(scrutiny).select_related("plan"))
        assert records
        assert {reverse(page, args=[record.plan.slug, record.key]) for record in records} - reached.paths == set()
    officers = list(Officer.objects.visible_to(scrutiny).select_related("council"))
    assert officers
    addresses = {reverse("officer_detail", args=[officer.council.slug, officer.key]) for officer in officers}
    assert addresses - reached.paths == set()
