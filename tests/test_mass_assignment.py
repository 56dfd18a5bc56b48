"""Whatever else is sent along with a form, only what the form offers is changed."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import urlencode

import pytest
from django.contrib import admin
from django.core.files import File
from django.db import connection
from django.db.models import Model, QuerySet
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from lambeth_plans import history
from tests.html import Form
from tests.html import Page as HtmlPage
from tests.permissions.expected import PAGES
from tests.permissions.filled_in import FILLED, NOTHING_TO_FILL_IN, Filled
from tests.permissions.walk import Walker, admin_record, own_patterns
from tests.stage import held, set_stage

pytestmark = pytest.mark.django_db

PATTERNS = own_patterns()
#: What somebody would send who wants more than they may, beside the names of all fields of all models.
SOUGHT = ("is_superuser", "is_staff", "history_user", "history_user_id", "id", "pk", "groups", "user_permissions", "by")
EVIL = "evil-4711"


Rows = dict[str, dict[int, dict[str, object]]]
Tables = dict[str, list[list[tuple]]]


def tables() -> Tables:
    """Everything that stands in the table of each model and in those of its links, as the database holds it."""
    found: Tables = {}
    with connection.cursor() as cursor:
        for model in history.recorded_models():
            found[model._meta.label] = contents = []
            links = [field.remote_field.through._meta.db_table for field in model._meta.local_many_to_many]
            for table in (model._meta.db_table, *links):
                cursor.execute(f"SELECT * FROM {table} ORDER BY id")
                contents.append(cursor.fetchall())
    return found


def rows(labels: Collection[str]) -> Rows:
    """Every record of some models: model → primary key → field → value, with its links."""
    found: Rows = {}
    for model in history.recorded_models():
        if model._meta.label not in labels:
            continue
        values = {row["id"]: row for row in model._default_manager.order_by("pk").values()}
        links = history.current_links(model, list(values))
        found[model._meta.label] = {pk: {**row, **links[pk]} for pk, row in values.items()}
    return found


def differences(before: Rows, after: Rows) -> tuple[dict[str, set[str]], dict[str, list[dict]], dict[str, int]]:
    """The fields that differ, the records that are new, and how many are gone, by model."""
    changed: dict[str, set[str]] = {}
    created: dict[str, list[dict]] = {}
    removed: dict[str, int] = {}
    for label, old in before.items():
        new = after[label]
        if gone := set(old) - set(new):
            removed[label] = len(gone)
        kept = {pk: row for pk, row in old.items() if pk in new}
        fields = {name for pk, row in kept.items() for name, value in row.items() if new[pk][name] != value}
        if fields - {"version"}:
            changed[label] = fields - {"version"}
        if added := [new[pk] for pk in new if pk not in old]:
            created[label] = added
    return changed, created, removed


@dataclass
class Start:
    """Both stages as they are before each test: what a test does is taken back after it."""

    walker: Walker
    tables: Tables
    rows: Rows

    def differences(self) -> tuple[dict[str, set[str]], dict[str, list[dict]], dict[str, int]]:
        """What has been changed since. Only tables in which anything differs at all are looked at row by row."""
        now = tables()
        labels = {label for label, contents in self.tables.items() if now[label] != contents}
        return differences({label: self.rows[label] for label in labels}, rows(labels))


@pytest.fixture(scope="module")
def start(django_db_setup, django_db_blocker):
    with held(django_db_blocker):
        walker = Walker(set_stage("here"), set_stage("elsewhere"))
        as_stored = tables()
        yield Start(walker, as_stored, rows(as_stored))


@pytest.fixture
def walker(start):
    return start.walker


def post(client: Client, url: str, data: dict[str, object]) -> HttpResponse:
    """Sends a form. Hundreds of fields are read many times faster when they do not come in parts, as files must."""
    if any(isinstance(value, File) for value in data.values()):
        return client.post(url, data)
    return client.post(url, urlencode(data, doseq=True), content_type="application/x-www-form-urlencoded")


def evil_value(name: str, elsewhere) -> str:
    """What is sent for a name: the other council and its people where one can be named, otherwise a mark."""
    targets = {
        "council": elsewhere.council.pk,
        "councils": elsewhere.council.pk,
        "plan": elsewhere.plan.pk,
        "owner": elsewhere.records["officer"].pk,
        "user": elsewhere.people["director"].pk,
        "history_user": elsewhere.people["director"].pk,
        "made_by": elsewhere.people["analyst"].pk,
        "reported_by": elsewhere.people["director"].pk,
        "role": "administrator",
    }
    if name.startswith("is_"):
        return "on"
    return str(targets.get(name.removesuffix("_id"), EVIL))


def evil_data(form: Form, elsewhere) -> dict[str, str]:
    """Every name that the form does not have, bare and behind each of its prefixes."""
    fields = {name for model in history.recorded_models() for f in model._meta.get_fields() for name in names_of(f)}
    prefixes = {match[1] for name in form.names() if (match := re.match(r"(.*-)\w+$", name))}
    sent = {}
    for prefix in ("", *prefixes):
        for name in (*fields, *SOUGHT):
            if f"{prefix}{name}" not in form.names():
                sent[f"{prefix}{name}"] = evil_value(name, elsewhere)
    return sent


def names_of(field) -> set[str]:
    return {field.name, getattr(field, "attname", field.name)}


def test_a_change_past_everything_is_noticed(start: Start):
    """One of a column, one of a link, one removal."""
    plan, council = start.walker.stages["here"].plan, start.walker.stages["elsewhere"].council
    QuerySet(type(plan)).filter(pk=plan.pk).update(title=EVIL)
    start.walker.stages["here"].people["director"].councils.add(council)
    file = start.walker.stages["here"].records["closed_file"]
    QuerySet(type(file)).filter(pk=file.pk).delete()
    changed, created, removed = start.differences()
    assert changed == {"objectives.Plan": {"title"}, "accounts.User": {"councils"}}
    assert (created, removed) == ({}, {"activities.EvidenceFile": 1})


def test_every_page_that_takes_something_is_filled_in():
    posting = {name for name, page in PAGES.items() if page.post}
    assert posting == set(FILLED) | NOTHING_TO_FILL_IN


@pytest.mark.parametrize("name", sorted(FILLED))
def test_only_what_the_form_offers_is_changed(start: Start, walker: Walker, name: str):
    filled, here, elsewhere = FILLED[name], walker.stages["here"], walker.stages["elsewhere"]
    client = walker.clients[("", "") if filled.by == "anonymous" else ("here", filled.by)]
    url = walker.urls(PAGES[name], PATTERNS[name])["own"][0]
    form = Form(url, "post")
    if PAGES[name].get:
        form = HtmlPage.of(client.get(url)).form_to(url)
    answers = filled_in(form, filled, here)
    response = post(client, url, {**form.as_it_stands(), **evil_data(form, elsewhere), **answers})
    assert response.status_code == filled.status, HtmlPage.of(response).text
    changed, created, removed = start.differences()
    assert changed == filled.changed
    assert removed == filled.removed
    assert {label: len(found) for label, found in created.items()} == filled.created
    plans = {here.plan.pk, *(row["id"] for row in created.get("objectives.Plan", []))}
    for row in (row for found in created.values() for row in found):
        assert EVIL not in map(str, row.values())
        assert not row.get("is_superuser")
        assert not row.get("is_demo")
        # None: a batch whose workbook could not be read belongs to no council yet.
        assert row.get("council_id", here.council.pk) in (here.council.pk, None)
        assert row.get("plan_id", here.plan.pk) in {*plans, None}  # a batch need not be a plan's
        assert row["version"] == 1


@pytest.mark.parametrize("name", sorted(FILLED))
def test_what_was_typed_is_given_back_when_the_session_or_the_token_has_ended(walker: Walker, name: str):
    filled = FILLED[name]
    url = walker.urls(PAGES[name], PATTERNS[name])["own"][0]
    known = walker.clients[("", "") if filled.by == "anonymous" else ("here", filled.by)]
    answers = filled_in(Form(url, "post"), filled, walker.stages["here"])
    typed = {text for field, text in answers.items() if isinstance(text, str) and text and "password" not in field}
    changed_token = Client(enforce_csrf_checks=True)
    changed_token.cookies.update(known.cookies)
    for client in (changed_token,) if filled.by == "anonymous" else (changed_token, Client()):
        response = client.post(url, answers)
        assert response.status_code == 403 or not typed  # with nothing to give back it only leads to the log-in
        html = response.content.decode()
        assert {text for text in typed if escape(text) not in html} == set()
        assert "plums-and-custard" not in html  # a password is never given back


def filled_in(form: Form, filled: Filled, here) -> dict[str, object]:
    """The answers, with `own` written out as the prefix of the form's first row."""
    rows_of_form = [
        match[1] for name in form.names() if (match := re.match(r"(ka1-p\d+|row-\d{4}|month-\d{4}-\d{2})-\w+$", name))
    ]
    own = min(rows_of_form, default="")
    return {
        re.sub(r"^own(?=-)", own, name): value() if callable(value) else value for name, value in filled.answers.items()
    }


def editable_models() -> list[type[Model]]:
    return sorted(admin.site._registry, key=lambda model: model._meta.label)


@pytest.mark.parametrize("model", editable_models(), ids=lambda model: model._meta.model_name)
def test_admin_form_saved_as_it_stands_changes_nothing(start: Start, walker: Walker, model: type[Model]):
    """Neither the round trip through the page nor what is sent along changes a record."""
    record = admin_record(walker.stages["here"], model)
    url = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_change", args=[record.pk])
    client = walker.clients["here", "administrator"]
    form = HtmlPage.of(client.get(url)).form_to(url)
    sent = evil_data(form, walker.stages["elsewhere"]) if form else {"title": EVIL}
    typed = form.as_it_stands() if form else {}
    response = post(client, url, {**sent, **typed, "change_reason": "Because it was agreed."})
    assert response.status_code == (302 if form and form.names() > {"opened_version"} else 403)
    assert start.differences() == ({}, {}, {})
