import hashlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from activities.models import EvidenceContent, EvidenceFile
from lambeth_plans import history
from tests import factories
from tests.activities.files import GOOD

pytestmark = pytest.mark.django_db

WHY = "The board asked for it."


@pytest.fixture
def keeper(client, analyst):
    client.force_login(analyst)
    return client


@pytest.fixture
def audit(plan):
    return factories.EvidenceFactory(plan=plan, key="audit", title="Audit of plans")


def address(name, file_or_evidence):
    if isinstance(file_or_evidence, EvidenceFile):
        evidence = file_or_evidence.evidence
        return reverse(name, args=[evidence.plan.slug, evidence.key, file_or_evidence.number])
    return reverse(name, args=[file_or_evidence.plan.slug, file_or_evidence.key])


def upload(client, audit, name="report.pdf", content=GOOD["report.pdf"], **answers):
    sent = {"file": SimpleUploadedFile(name, content, "application/x-anything"), "reason": WHY, **answers}
    return client.post(address("evidence_file_create", audit), sent)


def test_an_analyst_adds_a_file_for_officers_only(keeper, analyst, audit):
    response = upload(keeper, audit)
    assert response["Location"] == address("evidence_detail", audit)
    file = EvidenceFile.objects.get()
    content = GOOD["report.pdf"]
    assert (file.number, file.file_name, file.kind, file.size) == (1, "report.pdf", "pdf", len(content))
    assert (file.sha256, file.may_be_published) == (hashlib.sha256(content).hexdigest(), False)
    assert bytes(file.content.content) == content
    (entry,) = file.history.all()
    assert (entry.history_user, entry.history_change_reason) == (analyst, WHY)


def test_a_refused_file_says_why_and_keeps_what_was_typed(keeper, audit):
    response = upload(keeper, audit, "report.docx", may_be_published="on", reason="Because of the audit.")
    html = response.content.decode()
    assert "“report.docx” is not taken. The file holds a PDF, but its name ends in .docx." in html
    assert "Because of the audit." in html
    assert response.context["form"]["may_be_published"].value()
    assert not EvidenceFile.objects.exists()


def test_no_file_is_asked_for_with_what_was_typed(keeper, audit):
    response = keeper.post(address("evidence_file_create", audit), {"reason": "Because of the audit."})
    assert "Choose a file." in response.content.decode()
    assert "Because of the audit." in response.content.decode()


def test_a_file_that_is_too_large_is_refused_with_its_size(keeper, audit, settings):
    settings.EVIDENCE_LIMIT_BYTES = len(GOOD["report.pdf"]) - 1
    response = upload(keeper, audit)
    assert response.status_code == 413
    assert "and we take up to" in response.content.decode()
    settings.EVIDENCE_LIMIT_BYTES += 1
    assert upload(keeper, audit).status_code == 302


def test_a_hostile_name_is_cleaned(keeper, audit):
    upload(keeper, audit, "x" * 200 + "<script>\u202e.pdf")
    name = EvidenceFile.objects.get().file_name
    assert len(name) <= 100
    assert name.endswith(".pdf")
    assert "<" not in name


def test_the_very_same_file_is_kept_once(keeper, audit):
    upload(keeper, audit)
    response = upload(keeper, audit, "another-name.pdf")
    assert "This very file is there already, as “report.pdf”." in response.content.decode()
    assert EvidenceFile.objects.count() == EvidenceFile.history.count() == 1


def test_only_so_many_files_stand_with_an_entry(keeper, audit, monkeypatch):
    monkeypatch.setattr("activities.actions.MOST_FILES", 1)
    factories.EvidenceFileFactory(evidence=audit)
    assert "There are 1 files already." in upload(keeper, audit).content.decode()


def test_a_number_is_never_given_again(keeper, audit, analyst):
    upload(keeper, audit)
    history.remove(EvidenceFile.objects.get(), by=analyst, reason="The wrong one.")
    upload(keeper, audit)
    assert EvidenceFile.objects.get().number == 2


def test_who_may_open_a_file_changes_with_a_reason(keeper, audit):
    file = factories.EvidenceFileFactory(evidence=audit)
    answers = {"may_be_published": "on", "reason": WHY, "version": file.version}
    keeper.post(address("evidence_file_edit", file), answers)
    file.refresh_from_db()
    assert file.may_be_published
    assert file.history.latest().history_change_reason == WHY


def test_a_file_is_taken_away_with_what_is_in_it_and_why_stays(keeper, audit, analyst):
    file = factories.EvidenceFileFactory(evidence=audit)
    page = address("evidence_file_remove", file)
    assert "gone for good" in keeper.get(page).content.decode()
    assert "reason" in keeper.post(page, {"version": file.version}).context["form"].errors
    keeper.post(page, {"reason": "It names a child.", "version": file.version})
    assert not EvidenceFile.objects.exists()
    assert not EvidenceContent.objects.exists()
    entry = EvidenceFile.history.latest()
    assert (entry.history_type, entry.history_user, entry.history_change_reason) == ("-", analyst, "It names a child.")
    assert "Because: It names a child." in keeper.get(address("evidence_detail", audit)).content.decode()


def test_a_file_that_somebody_changed_meanwhile_is_not_taken_away_unseen(keeper, audit, administrator):
    file = factories.EvidenceFileFactory(evidence=audit)
    opened = file.version
    file.may_be_published = True
    history.save(file, by=administrator, reason="Looked through.")
    response = keeper.post(address("evidence_file_remove", file), {"reason": "My reason.", "version": opened})
    assert response.status_code == 409
    assert "My reason." in response.content.decode()
    assert EvidenceFile.objects.exists()


def test_no_list_of_files_reads_what_is_in_them(keeper, audit, django_assert_max_num_queries):
    factories.EvidenceFileFactory(evidence=audit)
    with django_assert_max_num_queries(40) as asked:
        keeper.get(address("evidence_detail", audit))
    assert not any("evidencecontent" in query["sql"] for query in asked.captured_queries)


def test_files_of_another_council_are_not_found(keeper, elsewhere):
    theirs = factories.EvidenceFileFactory(evidence__plan=factories.PlanFactory(council=elsewhere))
    for name in ("evidence_file_edit", "evidence_file_remove"):
        assert keeper.get(address(name, theirs)).status_code == 404
    assert keeper.get(address("evidence_file_create", theirs.evidence)).status_code == 404
