"""Walks an address as somebody: what was answered, and whether anything was written."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from http.cookies import SimpleCookie

import pytest
from django.contrib import admin
from django.db import connection, transaction
from django.db.models import Count, Max, Model, Sum
from django.http import HttpResponse
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse
from django.urls.converters import IntConverter

from kpis import figures
from lambeth_plans import history
from lambeth_plans.accounts.guards import _WRITE
from tests.bare import without_contexts
from tests.html import Page as HtmlPage
from tests.permissions.expected import ANYONE, DRAFTERS, LOGGED_IN, OWN_PROGRAMS, PROGRAMS, WHO, Page
from tests.stage import Stage, address

BACKEND = "lambeth_plans.accounts.backends.RoleBackend"
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
#: Written by logging in and out, and by sessions: no record of anybody's plan.
PASSING = ("django_session", "axes_accesslog", "axes_accessattempt", "axes_accessfailurelog")

#: Pages that are told the plan behind the question mark.
ASKED_FOR_A_PLAN = ("api_analysis",)

#: Who asks: a name for the reports, and where they stand on a stage.
PEOPLE = {
    "anonymous": ("", ""),
    "nobody": ("here", "nobody"),
    "lead_member": ("here", "lead_member"),
    "scrutiny_member": ("here", "scrutiny_member"),
    "director": ("here", "director"),
    "other_director": ("here", "other_director"),
    "analyst": ("here", "analyst"),
    "administrator": ("here", "administrator"),
    "stranger": ("elsewhere", "director"),
    "outside_administrator": ("elsewhere", "administrator"),
}
#: Who fills in the form of a page that several roles may open.
KEEPERS = {
    LOGGED_IN: "analyst",
    DRAFTERS: "analyst",
    "publishers": "analyst",
    "askers": "scrutiny_member",
    "answerers": "director",
}
#: Which records are somebody's own, by who asks. For a role that answers for nothing, colleagues' are like theirs.
OWN = {"own": {"director", "analyst"}, "colleague's": {"other_director"}, "elsewhere": {"stranger"}}

#: For the parts of an address: texts that no record has, as far as the address takes them.
ODD = (
    "0",
    "-",
    "_",
    "x" * 300,
    "y" * 3_000,
    "9" * 40,
    "..",
    "a b",
    "\x00",
    "\x1b[31m",
    "é",
    "\u202etxet",
    "\U0001f9ff",
    "' OR 1=1 --",
    "<script>",
    "%2e%2e",
    "{{7*7}}",
)


def patterns(found: Iterable | None = None, namespace: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every URL pattern of the product with the namespace it stands in."""
    for pattern in get_resolver().url_patterns if found is None else found:
        if isinstance(pattern, URLResolver):
            yield from patterns(pattern.url_patterns, pattern.namespace or namespace)
        else:
            yield namespace, pattern


def own_patterns() -> dict[str, URLPattern]:
    return {str(pattern.name): pattern for namespace, pattern in patterns() if not namespace}


@dataclass
class Answer:
    status: int
    location: str = ""
    wrote: list[str] = field(default_factory=list)
    trouble: str = ""
    html: str = ""


def digest() -> dict[str, tuple]:
    """What stands in every recorded table and its history, in a few numbers each."""
    found = {}
    for model in history.recorded_models():
        rows = model._default_manager.aggregate(Count("pk"), Max("version"), Sum("version"))
        entries = model.history.model._default_manager.aggregate(Count("pk"), Max("history_id"))
        found[model._meta.label] = (*rows.values(), *entries.values())
    return found


def _missing(converter: object) -> str:
    """What no record is called, as far as the address takes it."""
    return "999999" if isinstance(converter, IntConverter) else "missing"


class Walker:
    """Both stages with everybody logged in. Every request is taken back once its answer is known."""

    def __init__(self, here: Stage, elsewhere: Stage) -> None:
        self.stages = {"here": here, "elsewhere": elsewhere}
        self.before = digest()
        self.clients = {("", ""): Client()}
        for place, stage in self.stages.items():
            for person, user in stage.people.items():
                client = self.clients[place, person] = Client()
                client.force_login(user, BACKEND)

    def role(self, name: str) -> str:
        place, person = PEOPLE[name]
        return self.stages[place].people[person].role if place else ""

    def ask(self, name: str, method: str, url: str, data: dict | None = None) -> Answer:
        """What somebody is answered. `trouble` tells an exception, and a change where nothing may change."""
        client = self.clients[PEOPLE[name]]
        cookies = client.cookies.output(header="", sep=";")
        written: list[str] = []

        def note(execute, sql, params, many, context):
            if _WRITE.match(sql) and not any(table in sql for table in PASSING):
                written.append(sql[:100])
            return execute(sql, params, many, context)

        savepoint = transaction.savepoint()
        answer = Answer(0)
        try:
            with connection.execute_wrapper(note), without_contexts():
                response = self._send(client, method, url, data)
                if response.streaming:  # it is made as it is read
                    response.getvalue()
            html = response.content.decode() if response.get("Content-Type", "").startswith("text/html") else ""
            answer = Answer(response.status_code, response.get("Location", ""), written, html=html)
            if written and digest() != self.before:
                answer.trouble = f"changed the database: {written[0]}"
        except (Exception, pytest.fail.Exception) as error:  # the latter tells a variable that a template lacks
            answer = Answer(500, trouble=f"{type(error).__name__}: {str(error)[:200]}")
        finally:
            transaction.savepoint_rollback(savepoint)
            client.cookies = SimpleCookie(cookies)
        return answer

    @staticmethod
    def _send(client: Client, method: str, url: str, data: dict | None) -> HttpResponse:
        if method == "POST":
            return client.post(url, data or {})
        return client.generic(method, url)

    def urls(self, page: Page, pattern: URLPattern) -> dict[str, list[str]]:
        """The addresses to try, by whose they are."""
        converters = pattern.pattern.converters
        parts = list(converters)
        if not parts:
            return {"own": [reverse(page.name)]}
        here, elsewhere = self.stages["here"], self.stages["elsewhere"]
        own, other = parts_of(here, page.of, parts), parts_of(here, page.of, parts, own=False)
        theirs = parts_of(elsewhere, page.of, parts)
        found = {
            "own": [reverse(page.name, kwargs=own)],
            "colleague's": [reverse(page.name, kwargs=other)],
            "elsewhere": [reverse(page.name, kwargs=theirs)],
            "missing": [reverse(page.name, kwargs={**own, part: _missing(converters[part])}) for part in parts],
        }
        for part in parts:
            for odd in ODD:
                try:
                    found["missing"].append(reverse(page.name, kwargs={**own, part: odd}))
                except NoReverseMatch:
                    continue  # the address takes no such text
        if page.name in ASKED_FOR_A_PLAN:
            plans = {"elsewhere": elsewhere.plan.slug}
            found = {
                whose: [f"{url}?plan={plans.get(whose, here.plan.slug)}" for url in urls]
                for whose, urls in found.items()
            }
        return found


def parts_of(stage: Stage, noun: str, parts: Iterable[str], *, own: bool = True) -> dict[str, str]:
    """The parts of an address that name a record on a stage."""
    if noun == "figure":
        place = stage.records["indicator"] if own else stage.others["indicator"]
        period = figures.period_code(place.indicator.outturns.latest("period_start").period)
        found = {**address(stage, "indicator", own=own), "period": period}
    else:
        found = address(stage, "user" if noun == "link" else noun, own=own)
    return {part: found[part] for part in parts}


def expected(page: Page, name: str, role: str, method: str, whose: str) -> frozenset[int]:
    """What the table says that somebody gets."""
    if name == "anonymous" and page.who != ANYONE:
        return frozenset({401 if page.who in (PROGRAMS, OWN_PROGRAMS) else 302})
    if not page.allows(method):
        return frozenset({405})
    if role not in WHO[page.who]:
        return frozenset({403})
    if whose == "missing":
        return page.missing
    if page.of and page.who != ANYONE and (PEOPLE[name][0] == "elsewhere") != (whose == "elsewhere"):
        return frozenset({404})
    if page.colleagues and name not in OWN[whose]:
        return page.colleagues
    return page.answer(method)


def form_as_it_stands(html: str, url: str) -> dict[str, list[str]]:
    """The page's own form with nothing filled in; empty where the page has none."""
    form = HtmlPage(html, url).form_to(url)
    return form.as_it_stands() if form else {}


# Django's admin


@dataclass(frozen=True)
class AdminPage:
    """One address of Django's admin: its kind of page, its model where it has one, and its pattern's name."""

    kind: str
    model: type[Model] | None
    name: str


def admin_pages() -> list[AdminPage]:
    """Every URL pattern of the admin. What has no name is `bare`, below a model, or `unknown`, below everything."""
    models = {f"{model._meta.app_label}_{model._meta.model_name}": model for model in admin.site._registry}
    found = []
    for namespace, pattern in patterns():
        if namespace == "admin":
            name = str(pattern.name or "")
            stem, _, kind = name.rpartition("_")
            known = stem in models
            found.append(AdminPage(kind if known else name or "unknown", models.get(stem), name))
    # Below each model stands one more, without a name, which leads from its bare key to its form.
    bare = [AdminPage("bare", model, "") for model in models.values()]
    unnamed = sum(page.name == "" for page in found)
    assert unnamed == len(bare) + 1, "an address of the admin without a name is new"
    return [page for page in found if page.name] + [*bare, AdminPage("unknown", None, "")]


def admin_url(page: AdminPage, pk: object = None) -> str:
    if page.kind == "unknown":
        return reverse("admin:index") + "no-such-app/"
    if page.kind == "app_list":
        return reverse("admin:app_list", args=["accounts"])
    if page.kind == "bare":
        return reverse(f"admin:{page.model._meta.app_label}_{page.model._meta.model_name}_changelist") + f"{pk}/"
    if page.kind == "view_on_site":
        return reverse("admin:view_on_site", args=[1, 1])
    takes_record = page.model is not None and page.kind in ("change", "delete", "history")
    return reverse(f"admin:{page.name}", args=[pk] if takes_record else [])


def admin_record(stage: Stage, model: type[Model]) -> Model:
    """A record of a stage's council, found as the admin finds it."""
    path = {"User": "councils", "Council": "pk"}.get(model.__name__) or admin.site.get_model_admin(model).council_path
    record = model._default_manager.filter(**{path: stage.council.pk}).order_by("pk").first()
    assert record is not None, f"the stage has no {model.__name__}"
    return record
