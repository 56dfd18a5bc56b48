import pytest
from django.urls import reverse

from activities.models import Evidence
from lambeth_plans import history
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def keeper(client, analyst):
    client.force_login(analyst)
    return client


@pytest.fixture
def audit(plan):
    return factories.EvidenceFactory(plan=plan, key="audit", title="Audit of plans")


def address(name, record):
    return reverse(name, args=[record.plan.slug, record.key])


def typed(**answers):
    return {"kind": "audit", "title": "Audit of plans", "reason": "The board asked for it.", **answers}


def test_an_analyst_adds_evidence_with_what_it_bears_on(keeper, analyst, plan, activity, objective):
    finding = factories.FindingFactory(plan=plan, key="aoi3")
    answers = typed(evidence_date="May 2026", findings=["aoi3"], activities=["ka1"], objectives=["ob1"])
    response = keeper.post(reverse("evidence_create", args=[plan.slug]), answers)
    evidence = Evidence.objects.get()
    assert response["Location"] == address("evidence_detail", evidence)
    assert (evidence.key, str(evidence.evidence_date)) == ("audit-of-plans", "May 2026")
    assert [*evidence.findings.all(), *evidence.activities.all(), *evidence.objectives.all()] == [
        finding,
        activity,
        objective,
    ]
    (entry,) = evidence.history.all()
    assert (entry.history_user, entry.history_change_reason) == (analyst, "The board asked for it.")


def test_the_record_somebody_came_from_is_ticked_and_kept(keeper, plan, activity):
    url = f"{reverse('evidence_create', args=[plan.slug])}?activity=ka1"
    assert keeper.get(url).context["form"]["activities"].value() == ["ka1"]
    keeper.post(url, typed(activities=["ka1"]))
    assert list(Evidence.objects.get().activities.all()) == [activity]


def test_evidence_called_new_gets_another_address(keeper, plan):
    keeper.post(reverse("evidence_create", args=[plan.slug]), typed(title="New"))
    assert Evidence.objects.get().key != "new"
    assert keeper.get(address("evidence_detail", Evidence.objects.get())).status_code == 200


def test_an_entry_needs_a_kind_a_title_and_a_reason(keeper, plan):
    response = keeper.post(reverse("evidence_create", args=[plan.slug]), {"sample": "40 cases"})
    assert {"kind", "title", "reason"} <= set(response.context["form"].errors)
    assert not Evidence.objects.exists()


def test_a_changed_entry_keeps_its_earlier_words_in_the_history(keeper, audit):
    form = keeper.get(address("evidence_edit", audit)).context["form"]
    keeper.post(address("evidence_edit", audit), typed(grade="9 good", version=form.initial["version"]))
    html = keeper.get(address("evidence_detail", audit)).content.decode()
    assert "Grade not stated → 9 good." in html
    assert "Because: The board asked for it." in html


def test_whoever_was_second_gets_both_texts_and_loses_nothing(keeper, audit, administrator):
    opened = audit.version
    audit.title = "Audit of care plans"
    history.save(audit, by=administrator, reason="Its full name.")
    response = keeper.post(address("evidence_edit", audit), typed(title="My title", version=opened))
    assert response.status_code == 409
    html = response.content.decode()
    assert "My title" in html
    assert "Audit of care plans" in html
    assert Evidence.objects.get().title == "Audit of care plans"


def test_findings_of_another_plan_cannot_be_named(keeper, plan, elsewhere):
    factories.FindingFactory(plan=plan, key="aoi3")
    factories.FindingFactory(plan=factories.PlanFactory(council=elsewhere), key="theirs")
    response = keeper.post(reverse("evidence_create", args=[plan.slug]), typed(findings=["theirs"]))
    assert "findings" in response.context["form"].errors


def test_evidence_of_another_council_is_not_found(keeper, elsewhere):
    theirs = factories.EvidenceFactory(plan=factories.PlanFactory(council=elsewhere))
    assert keeper.get(address("evidence_edit", theirs)).status_code == 404
