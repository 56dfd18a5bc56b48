"""Every address × everybody × every method × own, a colleague's, another council's and missing objects.

What is expected stands as data in tests/permissions/expected.py.
"""

import logging
from urllib.parse import urlencode

import pytest
from django.urls import reverse

from lambeth_plans.accounts import guards
from lambeth_plans.reports import kept
from objectives.models import PlanQuerySet
from tests import factories
from tests.environment import SOAK
from tests.permissions.expected import (
    ADMIN_PAGES,
    ANYONE,
    OWN_PROGRAMS,
    PAGES,
    PROGRAMS,
    WHO,
    Page,
)
from tests.permissions.walk import (
    KEEPERS,
    METHODS,
    OWN,
    PEOPLE,
    AdminPage,
    Walker,
    admin_pages,
    admin_record,
    admin_url,
    expected,
    form_as_it_stands,
    own_patterns,
)
from tests.stage import held, set_stage

pytestmark = pytest.mark.django_db

PATTERNS = own_patterns()
CONFIRMING = (
    "publication_create",
    "import_confirm",
    "import_columns",
    "plan_import_confirm",
    "register_import_confirm",
    "reminder_send_again",
)


@pytest.fixture(autouse=True)
def quiet(caplog):
    """Thousands of refusals are expected here; their log lines would hide what is not."""
    with caplog.at_level(logging.CRITICAL, logger="django.request"):
        yield


@pytest.fixture(autouse=True)
def no_files_are_made(monkeypatch):
    """Who may ask for a file is looked at here, not what stands in it: making one takes seconds."""
    monkeypatch.setattr(kept, "make", lambda pk: False)


@pytest.fixture(scope="module")
def walker(django_db_setup, django_db_blocker):
    with held(django_db_blocker):
        yield Walker(set_stage("here"), set_stage("elsewhere"))


def test_every_address_is_in_the_table_and_every_line_has_an_address():
    assert set(PATTERNS) == set(PAGES)


@pytest.mark.parametrize("name", [name for name in PATTERNS if name != "healthz"])
def test_every_address_has_a_guard(name: str):
    guard = getattr(PATTERNS[name].callback, "guard", None)
    assert guard, "a view stands behind lambeth_plans.accounts.guards"
    assert (guard == "public") == (PAGES[name].who == ANYONE) if name in PAGES else True


@pytest.mark.campaign
@pytest.mark.parametrize("name", sorted(set(PATTERNS) & set(PAGES)))
def test_everybody_gets_what_the_table_says(walker: Walker, name: str, in_full: bool):
    page = PAGES[name]
    problems = []
    openers = [person for person in PEOPLE if walker.role(person) in WHO[page.who]]
    # An odd address is read past the guards only for who may open what it names; in a short run one of them tries it.
    insider = [person for person in openers if PEOPLE[person][0] != "elsewhere"][-1]
    one_of_each_kind = {"anonymous", insider, *openers[-1:]} | ({*openers[:1]} if in_full else set())
    for whose, urls in walker.urls(page, PATTERNS[name]).items():
        if whose == "colleague's" and not (in_full or page.colleagues):
            continue
        # What is missing has no form of its own; a page without a record in its address has one for each council.
        forms = {"here": {} if whose == "missing" else form_of(walker, page, urls[0], whose)}
        forms["elsewhere"] = forms["here"] if page.of else form_of(walker, page, urls[0], "elsewhere")
        for person in PEOPLE if in_full else one_of_each_kind:
            if person in openers and is_same_again(page, person, whose):
                continue
            # Who may not open a page is told so before it is asked what it names: one of them tries all that is there.
            if person not in openers and person not in ("anonymous", "nobody") and whose != "own" and not SOAK:
                continue
            if whose == "missing" and person not in one_of_each_kind and not SOAK:
                continue
            tries_odd = person in openers if SOAK else person == insider and name not in MADE_AT_LENGTH
            for method in methods_to_try(whose, in_full and (SOAK or person in one_of_each_kind)):
                if method == "HEAD" and person in openers and not tries_odd:
                    continue  # GET without its text, from the same view: in a short run one of them asks for it
                if method == "POST" and not page.allows("POST") and whose != "own" and not SOAK:
                    continue  # refused before it is asked whose record it is
                some = urls if method == "GET" and tries_odd else urls[:2]
                form = forms[PEOPLE[person][0] or "here"]
                problems += [problem(walker, page, person, method, whose, url, form) for url in some]
    problems = [line for line in problems if line]
    assert not problems, "\n".join([f"{len(problems)} answers differ:", *problems[:60]])


#: Files and pages that take long to make: in a short run it is not tried again and again that odd addresses have none.
MADE_AT_LENGTH = ("pack_page", "pack_word", "pack_workbook", "pack_make", "plan_workbook")


def methods_to_try(whose: str, in_full: bool) -> tuple[str, ...]:
    """All of them on what is one's own; what reads and what writes on the rest. In a short run one of each kind of
    people tries the rarer methods: which are allowed is decided before it is asked who somebody is."""
    return METHODS if in_full and whose == "own" else ("GET", "POST")


def is_same_again(page: Page, person: str, whose: str) -> bool:
    """Whether a colleague's record is one more of the same for somebody: the page makes no difference between records,
    nor does the person answer for any. In a short run they open their own only."""
    if SOAK or page.colleagues:
        return False
    return person == "other_director" or (whose == "colleague's" and not any(person in names for names in OWN.values()))


def form_of(walker: Walker, page: Page, url: str, whose: str) -> dict[str, list[str]]:
    """What the one who may open the page would send, having filled in nothing."""
    if not page.allows("POST") or not page.allows("GET") or page.who == ANYONE:
        return {}
    keeper = KEEPERS.get(page.who, page.who)
    if whose == "colleague's" and page.colleagues:
        keeper = f"other_{keeper}"
    client = walker.clients["elsewhere" if whose == "elsewhere" else "here", keeper]
    return form_as_it_stands(client.get(url).content.decode(), url)


def problem(walker: Walker, page: Page, person: str, method: str, whose: str, url: str, form: dict) -> str:
    """What is wrong with an answer, in a line; empty where nothing is."""
    wanted = expected(page, person, walker.role(person), method, whose)
    # Somebody whose session ended while they typed gets their text back: that is another test's.
    answer = walker.ask(person, method, url, {} if person == "anonymous" else form)
    told = f"{method} {url[:120]} ({whose}) as {person}: expected {'/'.join(map(str, sorted(wanted)))}, "
    if answer.status not in wanted:
        return f"{told}got {answer.status} {answer.trouble}"
    if wanted == {302} and person == "anonymous" and page.who != ANYONE and not _leads_to_log_in(answer.location):
        return f"{told}was sent to {answer.location}"
    # Nothing was filled in, so nothing is changed; a confirmation, also of columns, needs no more than its button.
    confirmed = page.name in CONFIRMING and method == "POST" and answer.status == 302
    if answer.trouble and not confirmed:
        return f"{told}but it {answer.trouble}"
    return ""


def _leads_to_log_in(location: str) -> bool:
    return location.startswith(reverse("login"))


def test_page_that_forgets_the_role_is_noticed(walker: Walker, monkeypatch):
    monkeypatch.setattr(guards, "may", lambda user, permission: True)
    url = walker.urls(PAGES["set_up_home"], PATTERNS["set_up_home"])["own"][0]
    told = problem(walker, PAGES["set_up_home"], "scrutiny_member", "GET", "own", url, {})
    assert told == f"GET {url} (own) as scrutiny_member: expected 403, got 200 "


def test_page_that_forgets_the_council_is_noticed(walker: Walker, monkeypatch):
    monkeypatch.setattr(PlanQuerySet, "visible_to", lambda self, user: self)
    url = walker.urls(PAGES["risk_list"], PATTERNS["risk_list"])["elsewhere"][0]
    told = problem(walker, PAGES["risk_list"], "analyst", "GET", "elsewhere", url, {})
    assert told == f"GET {url} (elsewhere) as analyst: expected 404, got 200 "


def test_refused_request_that_writes_is_noticed(walker: Walker, monkeypatch):
    def refuse(user, permission):
        factories.CouncilFactory()
        return False

    monkeypatch.setattr(guards, "may", refuse)
    told = problem(walker, PAGES["import_new"], "director", "POST", "own", reverse("import_new"), {})
    assert "but it changed the database: INSERT INTO" in told


#: Every name that a page takes from behind the question mark.
ASKED = ("page", "days", "text", "rag", "due", "objective", "owner", "member", "programme", "goal", "group", "target")
ASKED += ("status", "director", "plan", "not_reported", "show", "next", "q", "at", "period", "limit", "offset")
ASKED += ("kind", "council", "letter", "what")


ODD_FOR_A_DATABASE = ("\x00", "9" * 40, "1e400", "' OR 1=1 --")
ODD_FOR_A_PAGE = ("\u202etxet", "-1", "y" * 3_000, "//evil.example/")


@pytest.mark.parametrize("name", sorted(name for name in set(PATTERNS) & set(PAGES) if PAGES[name].get))
def test_odd_questions_get_the_same_answer(walker: Walker, name: str, in_full: bool):
    page = PAGES[name]
    readers = dict.fromkeys(("readers", PROGRAMS), "scrutiny_member") | {ANYONE: "director"}
    person = {**readers, **KEEPERS, OWN_PROGRAMS: "director"}.get(page.who, page.who)
    # A page shows what it can; a program is told that it asked for what there is not.
    allowed = page.get | ({404, 422} if page.who == PROGRAMS else set())
    if name == "import_template":  # asked for the template of a council that is not there
        allowed = allowed | {404}
    url = walker.urls(page, PATTERNS[name])["own"][0]
    problems = []
    odd_texts = (*ODD_FOR_A_DATABASE, *ODD_FOR_A_PAGE)
    if not SOAK:
        odd_texts = (*ODD_FOR_A_DATABASE[:2], *ODD_FOR_A_PAGE[:2]) if in_full else ODD_FOR_A_DATABASE[:2]
        turn = len(name) % 2
        odd_texts = odd_texts[turn::2] if in_full else odd_texts[turn : turn + 1]  # pages take turns
    for odd in odd_texts if SOAK or name not in MADE_AT_LENGTH else odd_texts[:1]:
        start = "&" if "?" in url else "?"
        answer = walker.ask(person, "GET", f"{url}{start}{urlencode(dict.fromkeys(ASKED, odd))}")
        if answer.status not in allowed or answer.trouble or "evil.example" in answer.location:
            problems.append(f"{url} asked with {odd[:20]!r}: {answer.status} {answer.trouble} {answer.location}")
    assert not problems, "\n".join(problems)


@pytest.mark.parametrize("name", ["progress_report", "user_edit"])
def test_what_was_typed_after_the_session_ended_is_given_back(walker: Walker, name: str):
    url = walker.urls(PAGES[name], PATTERNS[name])["own"][0]
    answer = walker.ask("anonymous", "POST", url, {"title": "Written for half an hour", "password": "not to be shown"})
    assert (answer.status, answer.trouble) == (403, "")
    assert "Written for half an hour" in answer.html
    assert "not to be shown" not in answer.html


# Django's admin


FIRST_OF_ITS_KIND = list({page.kind: page for page in reversed(admin_pages())}.values())


def admin_id(page: AdminPage) -> str:
    return f"{page.model._meta.model_name}-{page.kind}" if page.model else page.kind


def test_every_kind_of_admin_page_is_in_the_table():
    assert {page.kind for page in admin_pages()} == set(ADMIN_PAGES)


@pytest.mark.campaign
@pytest.mark.parametrize("page", admin_pages(), ids=admin_id)
def test_admin_is_for_administrators_only(walker: Walker, page: AdminPage, in_full: bool):
    own_get, own_post, elsewhere_get, elsewhere_post = ADMIN_PAGES[page.kind]
    own = admin_record(walker.stages["here"], page.model).pk if page.model else None
    url = admin_url(page, own)
    problems = []
    # One guard stands before all pages of the admin: in a short run everybody tries one page of each kind.
    everybody = PEOPLE if SOAK or (in_full and page in FIRST_OF_ITS_KIND) else ("anonymous", "nobody", "analyst")
    first = SOAK or page in FIRST_OF_ITS_KIND
    for person in everybody if first else ("analyst",) if in_full else ():
        if walker.role(person) != "administrator":
            wanted = frozenset({302 if person == "anonymous" else 403})
            methods = METHODS if page in FIRST_OF_ITS_KIND and person == "analyst" else ("GET", "POST")
            problems += [admin_problem(walker, person, method, url, wanted) for method in methods]
    problems.append(admin_problem(walker, "administrator", "GET", url, own_get))
    problems.append(admin_problem(walker, "administrator", "POST", url, own_post))
    if elsewhere_get:
        theirs = admin_record(walker.stages["elsewhere"], page.model).pk
        # One code stands behind the same page of all models: in a short run odd keys are tried with one of them.
        odd = (99_999_999, "9" * 40, "missing", "\x00") if SOAK or page in FIRST_OF_ITS_KIND else ()
        for pk in (theirs, *odd):
            other = admin_url(page, pk)
            problems.append(admin_problem(walker, "administrator", "GET", other, elsewhere_get))
            problems.append(admin_problem(walker, "administrator", "POST", other, elsewhere_post))
    problems = [line for line in problems if line]
    assert not problems, "\n".join(["", *problems[:60]])


def admin_problem(walker: Walker, person: str, method: str, url: str, wanted: frozenset[int]) -> str:
    """What is wrong with an answer. No answer of these changes anything: a form without its reason is not saved."""
    answer = walker.ask(person, method, url)
    told = f"{method} {url[:100]} as {person}: expected {'/'.join(map(str, sorted(wanted)))}, "
    if answer.status not in wanted:
        return f"{told}got {answer.status} {answer.trouble} {answer.location}"
    return f"{told}but it {answer.trouble}" if answer.trouble else ""
