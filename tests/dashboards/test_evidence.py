import pytest
from django.urls import reverse

from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def audit(plan, activity, objective):
    return factories.EvidenceFactory(
        plan=plan,
        key="audit",
        title="Audit of plans",
        evidence_date="May 2026",
        sample="40 cases",
        grade="31 good, 9 require improvement",
        theme="Care planning",
        summary="Plans are clearer than last year.",
        activities=[activity],
        objectives=[objective],
    )


def test_evidence_stands_with_its_sample_and_grade_and_what_it_bears_on(read, audit, activity, objective):
    html = read("evidence_list").content.decode()
    for words in ("Audit of plans", "May 2026", "40 cases", "31 good, 9 require improvement", "Care planning"):
        assert words in html
    assert reverse("activity_detail", args=[activity.plan.slug, activity.key]) in html
    assert reverse("objective_detail", args=[objective.plan.slug, objective.key]) in html


def test_the_latest_evidence_comes_first_and_the_undated_last(read, plan, audit):
    factories.EvidenceFactory(plan=plan, key="undated")
    factories.EvidenceFactory(plan=plan, key="latest", evidence_date="3 June 2026")
    assert [each.key for each in read("evidence_list").context["page"]] == ["latest", "audit", "undated"]


def test_evidence_is_narrowed_by_kind_and_theme(read, plan, audit):
    factories.EvidenceFactory(plan=plan, key="said", kind="you_said", theme="")
    for query, keys in (
        ({"kind": "audit"}, ["audit"]),
        ({"theme": "none"}, ["said"]),
        ({"text": "clearer"}, ["audit"]),
    ):
        assert [each.key for each in read("evidence_list", **query).context["page"]] == keys


def test_what_an_entry_does_not_state_reads_not_stated(reader, plan):
    factories.EvidenceFactory(plan=plan, key="bare")
    html = reader.get(reverse("evidence_detail", args=[plan.slug, "bare"])).content.decode()
    assert html.count("not stated") >= 5


def test_evidence_stands_on_the_pages_of_what_it_bears_on(reader, audit, activity, objective):
    for name, record in (("activity_detail", activity), ("objective_detail", objective)):
        html = reader.get(reverse(name, args=[record.plan.slug, record.key])).content.decode()
        assert "Audit of plans" in html
        assert "Grade: 31 good, 9 require improvement" in html


def test_only_an_analyst_is_offered_to_add_evidence(client, plan, audit, analyst, scrutiny_member):
    offer = reverse("evidence_create", args=[plan.slug])
    for person, is_offered in ((analyst, True), (scrutiny_member, False)):
        client.force_login(person)
        html = client.get(reverse("evidence_list", args=[plan.slug])).content.decode()
        assert (offer in html) is is_offered
