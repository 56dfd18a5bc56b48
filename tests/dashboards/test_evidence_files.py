"""Who opens a file of evidence, and how it is served."""

import pytest
from django.urls import reverse

from lambeth_plans import history
from lambeth_plans.dashboards.recent_changes import changes
from lambeth_plans.dashboards.state import plan_state
from tests import factories
from tests.published import publish

pytestmark = pytest.mark.django_db

CLOSED, OPEN = "case-of-a-child.txt", "summary-for-all.txt"


@pytest.fixture
def audit(plan, activity):
    return factories.EvidenceFactory(plan=plan, key="audit", title="Audit of plans", activities=[activity])


@pytest.fixture
def closed(audit):
    return factories.EvidenceFileFactory(evidence=audit, file_name=CLOSED, content="Quagga")


@pytest.fixture
def open_file(audit, closed):
    return factories.EvidenceFileFactory(evidence=audit, file_name=OPEN, content="For all.", may_be_published=True)


@pytest.fixture
def member(client, scrutiny_member):
    client.force_login(scrutiny_member)
    return client


@pytest.fixture
def officer(client, director):
    client.force_login(director)
    return client


def address(file, **query):
    return reverse("evidence_file", args=[file.evidence.plan.slug, file.evidence.key, file.number], query=query)


def test_a_file_is_saved_and_never_shown(officer, closed):
    response = officer.get(address(closed))
    assert response.content == b"Quagga"
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response["Content-Disposition"] == f'attachment; filename="{CLOSED}"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert "no-store" in response["Cache-Control"]


def test_members_open_only_what_may_be_published_and_is(member, plan, closed, open_file):
    assert member.get(address(open_file)).status_code == 404  # nothing is published
    publish(plan)
    assert member.get(address(open_file)).content == b"For all."
    assert member.get(address(closed)).status_code == 404
    later = factories.EvidenceFileFactory(evidence=open_file.evidence, may_be_published=True)
    assert member.get(address(later)).status_code == 404


def test_members_are_told_that_there_is_a_file_and_not_what_it_is_called(member, plan, activity, closed, open_file):
    publish(plan)
    page = member.get(reverse("evidence_detail", args=[plan.slug, "audit"])).content.decode()
    assert "The council keeps 1 more file that is not published." in page
    assert OPEN in page
    pages = [reverse("activity_detail", args=[plan.slug, activity.key]), reverse("evidence_list", args=[plan.slug])]
    pages += [reverse("change_list", args=[plan.slug]), "/api/v1/evidence/"]
    assert all(CLOSED not in text for text in (page, *(member.get(each).content.decode() for each in pages)))


@pytest.mark.parametrize("is_taken_away", [True, False])
def test_what_is_withdrawn_is_not_served_for_any_day(member, plan, open_file, analyst, is_taken_away):
    publish(plan)
    if is_taken_away:
        history.remove(open_file, by=analyst, reason="It names somebody.")
    else:
        open_file.may_be_published = False
        history.save(open_file, by=analyst, reason="It names somebody.")
    assert member.get(address(open_file)).status_code == 404
    assert member.get(address(open_file, as_at="publication-1")).status_code == 404


def test_officers_are_told_of_a_past_day_what_was_there_then(officer, plan, closed, analyst):
    publish(plan)
    history.remove(closed, by=analyst, reason="The wrong one.")
    page = reverse("evidence_detail", args=[plan.slug, "audit"])
    assert CLOSED not in officer.get(page).content.decode()
    assert CLOSED in officer.get(page, {"as_at": "publication-1"}).content.decode()
    assert officer.get(address(closed, as_at="publication-1")).status_code == 404


def test_who_sees_no_small_counts_opens_no_file_that_is_not_for_all(plan, closed, open_file):
    (entry,) = plan_state(plan, sees_small_counts=False).evidence
    assert ([file.file_name for file in entry.files], entry.closed_files) == ([OPEN], 1)


def test_a_program_is_told_of_files_without_what_is_in_them(officer, closed):
    (item,) = officer.get("/api/v1/evidence/").json()["items"]
    (file,) = item["files"]
    assert (file["file_name"], file["size"], file["url"]) == (CLOSED, 6, address(closed))
    assert item["closed_files"] == 0


SECRET = "It tells of a child of nine in Brixton."


def seen(client, plan):
    pages = [reverse("evidence_detail", args=[plan.slug, "audit"]), reverse("change_list", args=[plan.slug])]
    return [client.get(page).content.decode() for page in pages]


def test_members_are_not_told_why_a_file_they_may_not_open_was_changed(member, plan, closed, open_file, analyst):
    publish(plan)
    closed.file_name = "another-name.txt"
    history.save(closed, by=analyst, reason=SECRET)
    open_file.size = 9
    history.save(open_file, by=analyst, reason="A newer one.")
    publish(plan)
    told = seen(member, plan)[0]
    assert "File 1 was changed." in told
    assert "A newer one." in told
    assert SECRET not in told
    assert "another-name" not in told
    history.remove(closed, by=analyst, reason=SECRET)
    publish(plan)
    told = "".join(seen(member, plan))
    assert "File 1 was removed." in told
    assert SECRET not in told


def test_nor_is_who_sees_drafts_and_no_small_counts(plan, closed, open_file, analyst):
    closed.file_name = "another-name.txt"
    history.save(closed, by=analyst, reason=SECRET)
    open_file.size = 9
    history.save(open_file, by=analyst, reason="A newer one.")
    found, _ = changes(plan_state(plan, sees_small_counts=False), days=1, limit=3)
    told = {(change.sentence, change.reason) for change in found}
    assert ("File 1 was changed.", "") in told
    assert "A newer one." in {reason for _, reason in told}


def test_officers_are_told_why(officer, plan, closed, analyst):
    history.remove(closed, by=analyst, reason=SECRET)
    assert all(SECRET in page for page in seen(officer, plan))


@pytest.mark.parametrize("is_taken_away", [True, False])
def test_what_is_withdrawn_keeps_its_name_in_no_publication(member, plan, open_file, analyst, is_taken_away):
    publish(plan)
    assert OPEN in seen(member, plan)[0]
    if is_taken_away:
        history.remove(open_file, by=analyst, reason=SECRET)
    else:
        open_file.may_be_published = False
        history.save(open_file, by=analyst, reason=SECRET)
    publication = reverse("evidence_detail", args=[plan.slug, "audit"], query={"as_at": "publication-1"})
    pages = [*seen(member, plan), member.get(publication).content.decode()]
    pages.append(member.get("/api/v1/evidence/").content.decode())
    assert all(OPEN not in page and SECRET not in page for page in pages)
    assert "The council keeps 2 files that are not published." in pages[0]
