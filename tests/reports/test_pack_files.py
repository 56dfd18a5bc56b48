"""Files of a pack: made once, kept, thrown away when stale, with word of how far they are."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from lambeth_plans import history
from lambeth_plans.cycles.models import PackFile
from lambeth_plans.reports import kept, pack_files
from lambeth_plans.reports.publication_pack import FILE_KINDS, KEPT, FileKind
from lambeth_plans.reports.tasks import make_pack_file
from tests import factories
from tests.html import Page

pytestmark = pytest.mark.django_db

WORD = FILE_KINDS["word"]
FILES = {"word": "pack.docx", "workbook": "pack.xlsx"}


@pytest.fixture
def published(plan, activity):
    return factories.PublicationFactory(plan=plan, number=1, exempt_parts=["contracts"], exempt_because="Paragraph 3.")


@pytest.fixture
def written(monkeypatch):
    """Every time that a file is written: for members or not. Writing is short here."""
    times = []

    def write(pack):
        times.append(pack.is_for_members)
        return f"File {len(times)}".encode()

    quick = {key: FileKind(**{**vars(kind), "write": write}) for key, kind in FILE_KINDS.items()}
    for module in (kept, pack_files):
        monkeypatch.setattr(module, "FILE_KINDS", quick)
    return times


@pytest.fixture
def asks(client, published):
    """Presses the button as somebody; the file that the page then leads to, or the page where it leads to none."""

    def press(person, kind="word", **answers):
        client.force_login(person)
        page = client.post(reverse("pack_make", args=[published.plan.slug, 1, kind]), answers, follow=True)
        found = [link for link in Page.of(page).links if f"/publications/1/{FILES[kind]}" in link]
        return client.get(found[0]) if found else page

    return press


def address(page, *parts):
    return reverse(page, args=["borough-plan", 1, *parts])


def test_a_file_is_made_once_and_then_given_as_it_is_kept(asks, client, analyst, director, written):
    first = asks(analyst)
    assert first.content == b"File 1"
    assert first["Content-Disposition"] == 'attachment; filename="borough-plan-pack-1-part-ii.docx"'
    assert asks(director).content == b"File 1"
    assert client.get(address("pack_word")).content == b"File 1"
    assert written == [False]
    assert asks(director, "workbook").content == b"File 2"


def test_each_version_is_kept_apart(asks, analyst, scrutiny_member, written):
    assert asks(analyst).content == b"File 1"
    assert asks(analyst, version="members").content == b"File 2"
    assert asks(scrutiny_member).content == b"File 3"
    assert asks(scrutiny_member, version="officers").content == b"File 3"
    assert written == [False, True, True]
    assert set(PackFile.objects.values_list("pack_version", flat=True)) == {"officers", "handed-out", "members"}


def test_without_being_asked_for_nothing_is_kept(client, analyst, published, written):
    client.force_login(analyst)
    assert [client.get(address("pack_word")).content for _ in range(2)] == [b"File 1", b"File 2"]
    assert not PackFile.objects.exists()


def test_the_page_offers_to_make_a_file_and_then_the_file(asks, client, analyst, published, written):
    client.force_login(analyst)
    asking = Page.of(client.get(address("pack_page"))).form_to(address("pack_make", "word"))
    assert "csrfmiddlewaretoken" in asking.names()
    asks(analyst)
    shown = Page.of(client.get(address("pack_page")))
    assert address("pack_word") in shown.links
    assert shown.form_to(address("pack_make", "word")) is None
    assert shown.form_to(address("pack_make", "workbook"))


def test_while_a_worker_is_at_it_its_asker_is_told_since_when(asks, client, analyst, published, written):
    file = kept.ask_for(published, WORD, KEPT["officers"])
    PackFile.objects.filter(pk=file.pk).update(begun_at=timezone.now())
    response = asks(analyst)
    assert response.request["PATH_INFO"] == address("pack_wait", "word")
    assert "is being made" in response.content.decode()
    assert "Check again" in response.content.decode()
    assert kept.make(file.pk) is False
    assert written == []
    PackFile.objects.filter(pk=file.pk).update(begun_at=None)
    assert kept.make(file.pk) is True  # as the worker does
    ready = client.get(address("pack_wait", "word"))
    assert address("pack_word") in Page.of(ready).links
    assert "data-check-again" not in ready.content.decode()


def test_whoever_stopped_in_the_middle_is_taken_over_from(asks, client, analyst, published, written):
    file = kept.ask_for(published, WORD, KEPT["officers"])
    PackFile.objects.filter(pk=file.pk).update(begun_at=timezone.now() - kept.MAKING_LASTS)
    client.force_login(analyst)
    page = client.get(address("pack_wait", "word"))
    assert "Nobody is making the Word file." in page.content.decode()
    assert "csrfmiddlewaretoken" in Page.of(page).form_to(address("pack_make", "word")).names()
    assert asks(analyst).content == b"File 1"


def test_a_file_that_could_not_be_made_can_be_asked_for_again(published, monkeypatch):
    file = kept.ask_for(published, WORD, KEPT["officers"])
    monkeypatch.setattr(kept, "publication_pack", lambda *args: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        kept.make(file.pk)
    file.refresh_from_db()
    assert (file.begun_at, file.made_at) == (None, None)


def test_the_job_makes_what_its_row_asks_for_once(asks, analyst, published, written):
    file = kept.ask_for(published, WORD, KEPT["members"])
    assert [make_pack_file.call(file.pk) for _ in range(2)] == [True, False]
    assert written == [True]
    asks(analyst)
    (job,) = DBTaskResult.objects.all()
    assert job.args_kwargs["args"] == [PackFile.objects.get(pack_version="officers").pk]


@pytest.mark.parametrize("stale", ["a new version of the product", "the council is called otherwise"])
def test_what_is_stale_is_not_given_and_thrown_away(
    asks, analyst, administrator, published, written, monkeypatch, stale
):
    asks(analyst)
    if stale == "a new version of the product":
        monkeypatch.setattr(kept, "code_fingerprint", lambda: "another")
    else:
        council = published.plan.council
        council.name = "Renamed"
        history.save(council, by=administrator)
    assert asks(analyst).content == b"File 2"
    assert PackFile.objects.count() == 1


def test_what_nobody_has_asked_for_in_months_is_thrown_away(asks, analyst, written):
    asks(analyst)
    PackFile.objects.update(asked_at=timezone.now() - kept.KEPT_FOR - timedelta(days=1))
    asks(analyst, "workbook")
    assert [file.kind for file in PackFile.objects.all()] == ["workbook"]


def test_the_code_has_one_fingerprint():
    assert len(kept.code_fingerprint()) == 64
    assert kept.code_fingerprint() == kept.code_fingerprint()


def test_what_one_may_not_see_is_not_made(asks, client, stranger, analyst, published, written):
    assert asks(stranger).status_code == 404
    client.force_login(analyst)
    assert client.post(address("pack_make", "poster")).status_code == 404
    assert client.post(reverse("pack_make", args=["borough-plan", 2, "word"])).status_code == 404
    assert not PackFile.objects.exists()


def test_a_worker_with_other_code_leaves_a_file_to_those_with_the_new(published, written, monkeypatch):
    file = kept.ask_for(published, WORD, KEPT["officers"])
    monkeypatch.setattr(kept, "code_fingerprint", lambda: "of an older version")
    assert kept.make(file.pk) is False
    file.refresh_from_db()
    assert (file.begun_at, file.made_at, written) == (None, None, [])


def test_a_publication_leads_to_the_page_where_its_files_are_made(client, analyst, published):
    client.force_login(analyst)
    links = Page.of(client.get(address("publication_detail"))).links
    assert address("pack_page") in links
    assert not {address("pack_word"), address("pack_workbook")} & set(links)
