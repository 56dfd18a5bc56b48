"""Random sequences of what people do on the pages: whatever is sent, each record that changes gets exactly one history
row, which names who it was, and at the end no record differs from its history."""

import random
import re
from collections import Counter
from dataclasses import dataclass, field

import pytest
from django.contrib import admin
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse

from activities.models import Activity
from kpis import figures
from kpis.models import Outturn
from lambeth_plans import history
from lambeth_plans.accounts.models import Officer, User
from lambeth_plans.imports.models import ImportBatch
from tests.environment import SOAK
from tests.html import Form
from tests.html import Page as HtmlPage
from tests.stage import Stage, set_stage

pytestmark = [pytest.mark.campaign, pytest.mark.django_db]

WORDS = ("Work goes on.", "Two more people start in May.", "Ça va — £5m", "<b>bold</b>", "=1+1", "long " * 60, "")
DATES = ("31/3/2027", "1/4/2026", "March 2027", "2028", "31 June 2026", "soon", "")
NUMBERS = ("12", "0", "1,234.50", "47.5%", "-5", "1e400", "TBC", "9" * 20, "")
#: What a field holds, by what its name says; the first two of each will mostly do.
HINTS = {
    r"date|_on$|published": DATES,
    r"planned|forecast$|delivered|value|figure|numerator|denominator|total|order|amount|score|weight|number": NUMBERS,
    r"period_text": ("Jan 2015", "Q2 2016/17", "2013/14", "the other day", ""),
    r"email": ("somebody@here.example", "else@here.example", "no address", ""),
}
#: Never left out, so that enough of what is sent can be saved.
ALWAYS = {"reason": "Because it was agreed.", "change_reason": "Because it was agreed."}


@dataclass
class Step:
    """What somebody did, and what came of it."""

    who: User
    url: str
    sent: dict[str, object]
    status: int = 0


@dataclass
class Campaign:
    """Everybody at work on a stage. `chance` decides everything, so that a seed repeats a campaign."""

    stage: Stage
    chance: random.Random
    clients: dict[str, Client] = field(default_factory=dict)
    done: Counter = field(default_factory=Counter)

    def client(self, name: str) -> Client:
        if name not in self.clients:
            self.clients[name] = Client()
            self.clients[name].force_login(self.stage.people[name], "lambeth_plans.accounts.backends.RoleBackend")
        return self.clients[name]

    def step(self) -> Step:
        move = self.chance.choice(MOVES)
        name, url, files = move(self)
        step = Step(self.stage.people[name], url, files)
        page = self.client(name).get(url)
        form = HtmlPage.of(page).form_to(url) if page.status_code == 200 else Form(url, "post")
        step.sent = {**(self.filled_in(form) if form else {}), **files}
        step.status = self.client(name).post(url, step.sent).status_code
        if step.status == 302:
            self.done[move.__name__] += 1
        return step

    def filled_in(self, form: Form) -> dict[str, object]:
        """The form as it stands, with a few of its fields filled in anew."""
        data: dict[str, object] = dict(form.as_it_stands())
        controls = [f for f in form.fields if f.kind not in ("hidden", "file") and f.name not in ("role", "status")]
        # Either a row or two, or everything on the page at once.
        chosen = self.chance.sample(controls, min(len(controls), self.chance.choice((2, 3, 5, 400))))
        for control in chosen:
            data[control.name] = self.value(control)
        for name, words in ALWAYS.items():
            if name in form.names():
                data[name] = words
        return {name: value for name, value in data.items() if value is not None}

    def value(self, control) -> object:
        if control.kind in ("checkbox", "option"):
            return self.chance.choice([None, *control.options]) if control.options else None
        if control.options and control.kind in ("radio", "select"):
            return self.chance.choice(control.options)
        hints = next((values for pattern, values in HINTS.items() if re.search(pattern, control.name)), WORDS)
        return self.chance.choice(hints[:2] if self.chance.random() < 0.8 else hints)


def report_on_an_activity(campaign: Campaign):
    name = campaign.chance.choice(("director", "other_director"))
    activity = campaign.chance.choice(Activity.objects.filter(plan=campaign.stage.plan))
    return name, reverse("progress_report", args=[campaign.stage.plan.slug, activity.key]), {}


def report_on_all(campaign: Campaign):
    return campaign.chance.choice(("director", "other_director")), reverse("my_updates"), {}


def set_up_a_plan(campaign: Campaign):
    page = campaign.chance.choice(("plan_edit", "objective_table", "activity_table"))
    return "administrator", reverse(page, args=[campaign.stage.plan.slug]), {}


def add_a_plan(campaign: Campaign):
    return "administrator", reverse("plan_create"), {}


def set_up_a_council(campaign: Campaign):
    page = campaign.chance.choice(("officer_table", "division_table"))
    return "administrator", reverse(page, args=[campaign.stage.council.slug]), {}


def choose_deputies(campaign: Campaign):
    officer = campaign.chance.choice(Officer.objects.filter(council=campaign.stage.council))
    return "administrator", reverse("officer_edit", args=[campaign.stage.council.slug, officer.key]), {}


def change_an_account(campaign: Campaign):
    person = campaign.chance.choice(("nobody", "lead_member", "scrutiny_member", "other_analyst"))
    return "administrator", reverse("user_edit", args=[campaign.stage.people[person].username]), {}


def add_an_account(campaign: Campaign):
    return "administrator", reverse("user_create"), {"username": f"person-{campaign.chance.randrange(50)}"}


def correct_a_figure(campaign: Campaign):
    place = campaign.chance.choice([campaign.stage.records["indicator"], campaign.stage.others["indicator"]])
    address = [campaign.stage.plan.slug, place.key]
    if campaign.chance.random() < 0.5:
        return "analyst", reverse("figure_add", args=address), {}
    outturn = campaign.chance.choice(Outturn.objects.filter(indicator=place.indicator))
    return "analyst", reverse("figure_edit", args=[*address, figures.period_code(outturn.period)]), {}


def correct_a_register(campaign: Campaign):
    noun = campaign.chance.choice(("risk", "saving", "contract"))
    record = campaign.chance.choice([campaign.stage.records[noun], campaign.stage.others[noun]])
    return "analyst", reverse(f"{noun}_edit", args=[campaign.stage.plan.slug, record.key]), {}


def upload_a_file(campaign: Campaign):
    cells = [
        f"in{campaign.chance.choice((1, 2, 3))},{campaign.chance.choice(('2014/15', '2013/14', 'Apr 2012'))},{value}"
        for value in campaign.chance.sample(NUMBERS, 2)
    ]
    headings = campaign.chance.choice(("Indicator,Period,Value", "Measure,When,Result"))
    content = "\n".join([headings, *cells])
    given = {"door": "figures", "council": campaign.stage.council.slug, "pasted": content.replace(",", "\t")}
    if campaign.chance.random() < 0.5:
        given |= {"pasted": "", "file": SimpleUploadedFile("figures.csv", content.encode(), "text/csv")}
    return "analyst", reverse("import_new"), given


def choose_columns(campaign: Campaign):
    batches = ImportBatch.objects.filter(council=campaign.stage.council).exclude(content=None)
    batch = campaign.chance.choice(batches.filter(state="asked") or batches)
    return "analyst", reverse("import_columns", args=[batch.number]), {}


def upload_a_register(campaign: Campaign):
    """Contracts that are new or there already, with headings that are known or must be asked about."""
    titles = [f"Contract {campaign.chance.choice((1, 2, 3))}", "Another"]
    headings = campaign.chance.choice(("Title\tNote", "What we buy\tRemark"))
    content = "\n".join([headings, *(f"{title}\t{campaign.chance.choice(WORDS[:4])}" for title in titles)])
    stage = campaign.stage
    given = {"door": "contracts", "council": stage.council.slug, "plan": stage.plan.slug, "pasted": content}
    return "analyst", reverse("import_new"), given


def confirm_a_batch(campaign: Campaign):
    return "analyst", reverse(*page_of_a_batch(campaign, "confirm", "previewed")), {}


def undo_a_batch(campaign: Campaign):
    return "analyst", reverse(*page_of_a_batch(campaign, "undo", "applied")), {}


def page_of_a_batch(campaign: Campaign, page: str, state: str) -> tuple[str, None, list[str]]:
    """The name and the parts of the address of a batch's page, mostly of one of the analyst's own in this state."""
    batches = ImportBatch.objects.filter(council=campaign.stage.council, kind__in=("figures", "register"))
    likely = batches.filter(state=state, made_by=campaign.stage.people["analyst"])
    batch = campaign.chance.choice(likely if likely and campaign.chance.random() < 0.8 else batches)
    return f"{'register_' if batch.register else ''}import_{page}", None, [batch.number]


def use_the_administration_pages(campaign: Campaign):
    models = [model for model in admin.site._registry if model not in (User,)]
    model = campaign.chance.choice(sorted(models, key=lambda each: each._meta.label))
    record = campaign.chance.choice(model._default_manager.order_by("pk"))
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    if campaign.chance.random() < 0.3:
        return "administrator", reverse(f"{name}_add"), {}
    return "administrator", reverse(f"{name}_change", args=[record.pk]), {}


MOVES = (
    report_on_an_activity,
    report_on_all,
    set_up_a_plan,
    add_a_plan,
    set_up_a_council,
    choose_deputies,
    change_an_account,
    add_an_account,
    correct_a_figure,
    correct_a_register,
    upload_a_file,
    upload_a_register,
    choose_columns,
    confirm_a_batch,
    undo_a_batch,
    use_the_administration_pages,
)

Records = dict[tuple[str, int], dict[str, object]]


def records() -> Records:
    """Every record with its links; what no history keeps is left out."""
    found: Records = {}
    for model in history.recorded_models():
        kept = [f.attname for f in model.history.model.tracked_fields]
        values = {row["id"]: row for row in model._default_manager.order_by("pk").values(*kept)}
        links = history.current_links(model, list(values))
        found.update({(model._meta.label, pk): {**row, **links[pk]} for pk, row in values.items()})
    return found


def newest_entries() -> dict[str, int]:
    managers = {model._meta.label: model.history.model._default_manager for model in history.recorded_models()}
    return {
        label: manager.order_by("-history_id").values_list("history_id", flat=True).first() or 0
        for label, manager in managers.items()
    }


def entries_after(newest: dict[str, int]) -> list[tuple[tuple[str, int], object]]:
    found = []
    for model in history.recorded_models():
        label = model._meta.label
        rows = model.history.model._default_manager.filter(history_id__gt=newest[label])
        found += [((label, entry.id), entry) for entry in rows]
    return found


def check(step: Step, before: Records, after: Records, entries: list) -> None:
    told = f"{step.status} for {step.who.username} at {step.url} with {step.sent}"
    assert step.status in (200, 302, 400, 403, 404, 405, 409), told
    gone = set(before) - set(after)
    assert not gone or step.url.endswith("/undo/"), told
    touched = {key for key in before | after if before.get(key) != after.get(key)}
    assert Counter(key for key, _ in entries) == Counter(touched), told
    if step.status != 302:
        assert not touched, told
    for key, entry in entries:
        assert entry.history_user_id == step.who.pk, told
        assert entry.actor == User.objects.get(pk=step.who.pk).get_full_name(), told
        assert entry.history_type == ("-" if key in gone else "~" if key in before else "+"), told
        if key not in gone:
            assert entry.version == after[key]["version"] == before.get(key, {"version": 0})["version"] + 1, told
        assert entry.history_change_reason or key[0] == "imports.ImportBatch", told


@pytest.mark.parametrize("seed", range(3 if SOAK else 1))
def test_whatever_people_do_each_change_leaves_one_row_that_names_them(seed: int, rounds, capsys, caplog):
    caplog.set_level("CRITICAL", logger="django.request")
    campaign = Campaign(set_stage("here"), random.Random(seed))
    for _ in range(rounds(60, 1_000)):
        before, newest = records(), newest_entries()
        step = campaign.step()
        check(step, before, records(), entries_after(newest))
    assert campaign.done.total() >= 20, campaign.done
    assert call_audit_check(capsys) == (0, "0 differences")


def call_audit_check(capsys) -> tuple[int, str]:
    """Its exit status, and the number it prints."""
    try:
        call_command("audit_check")
        status = 0
    except SystemExit as end:
        status = end.code
    return status, re.search(r"\d+ differences?", capsys.readouterr().out)[0]


TAMPERINGS = {
    "a changed title": "UPDATE activities_activity SET title = 'Quite another' WHERE key = 'ka1'",
    "a changed figure": "UPDATE kpis_outturn SET value = 1 WHERE id = (SELECT max(id) FROM kpis_outturn)",
    # Two: the version is not the one of its history, nor the number of its changes.
    "a changed version": "UPDATE risks_risk SET version = 7 WHERE key = 'ri1'",
    "a role given": "UPDATE accounts_user SET role = 'administrator' WHERE username = 'here-nobody'",
    "a link taken away": "DELETE FROM activities_activity_lead_members WHERE activity_id = "
    "(SELECT id FROM activities_activity WHERE key = 'ka1')",
    "a removed record": "DELETE FROM risks_mitigation WHERE id = (SELECT max(id) FROM risks_mitigation)",
    "a trail taken away": "DELETE FROM finance_historicalcontract WHERE key = 'co1'",
    "a trail without a name": "UPDATE finance_historicalsaving SET actor = '' WHERE key = 'sa1'",
}


@pytest.mark.parametrize("tampering", TAMPERINGS)
def test_change_behind_the_back_of_the_history_is_found(tampering: str, capsys):
    set_stage("here")
    assert call_audit_check(capsys) == (0, "0 differences")
    with connection.cursor() as cursor:
        cursor.execute(TAMPERINGS[tampering])
        assert cursor.rowcount == 1
    number = "2 differences" if tampering == "a changed version" else "1 difference"
    assert call_audit_check(capsys) == (1, number)
