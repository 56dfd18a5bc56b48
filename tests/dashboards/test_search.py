import pytest
from django.urls import reverse

from lambeth_plans.accounts.access import ROLES
from tests import factories
from tests.html import Page

pytestmark = pytest.mark.django_db

CANARY = "Quetzal"


def asked(client, text, **where):
    response = client.get(reverse("search"), {"q": text, **where})
    assert response.status_code == 200
    return response


def labels(response):
    return [group.label for group in response.context["groups"]]


def test_what_is_found_stands_by_kind_with_counts_and_the_word_marked(reader, activity, post):
    response = asked(reader, "EARLY help")
    assert labels(response) == ["Activities"]
    html = response.content.decode()
    assert "Activities (1)" in html
    assert "the <mark>early</mark> <mark>help</mark> offer" in html
    assert reverse("activity_detail", args=[activity.plan.slug, "ka1"]) in html
    assert "The Borough&#x27;s Plan" in html


def test_the_person_is_found_with_what_they_answer_for(reader, activity, post):
    response = asked(reader, "Director of Care")
    assert labels(response) == ["Activities", "People"]
    assert "<mark>Director</mark> <mark>of</mark> <mark>Care</mark>" in response.content.decode()


def test_the_kind_with_the_very_reference_comes_first(reader, plan, activity):
    factories.ObjectiveFactory(plan=plan, title="Before KA1 is done")
    response = asked(reader, "ka 1")
    assert labels(response)[0] == "Activities"
    assert "this reference" in response.content.decode()


def test_markup_in_a_record_stays_text(reader, plan):
    factories.SectionFactory(plan=plan, title="Odd", body="<script>alert(1)</script> needle & more")
    html = asked(reader, "needle").content.decode()
    assert "&lt;script&gt;" in html
    assert "<script>alert" not in html
    assert "<script>alert" not in asked(reader, "<script>alert(1)</script>").content.decode()


def test_more_than_a_few_of_a_kind_lead_to_all_of_them_page_by_page(reader, plan, objective):
    for number in range(23):
        factories.ActivityFactory(plan=plan, key=f"a{number}", title="Quokka", order=number, objective=objective)
    first = asked(reader, "quokka")
    (group,) = first.context["groups"]
    assert (group.total, len(group.results)) == (23, 5)
    assert "?q=quokka&amp;kind=activity" in first.content.decode()
    assert len(asked(reader, "quokka", kind="activity").context["groups"][0].results) == 20
    second = asked(reader, "quokka", kind="activity", page=2)
    assert [result.url for result in second.context["groups"][0].results] == [
        reverse("activity_detail", args=[plan.slug, f"a{number}"]) for number in (20, 21, 22)
    ]


def test_every_kind_that_is_found_leads_to_a_page(reader, plan, objective, activity, post, borough, other_post):
    risk = factories.RiskFactory(plan=plan, title="Quokka")
    supplier = factories.SupplierFactory(council=borough, name="Quokka Ltd")
    factories.SupplierFactory(council=borough, name="Quokka without a contract")
    factories.ContractFactory(plan=plan, supplier=supplier)
    factories.BoroughGoalFactory(council=borough, title="Quokka")
    factories.OutputFactory(plan=plan, activity=activity, title="Quokka")
    factories.ProgressUpdateFactory(activity=activity, what_happened="Quokka")
    factories.MitigationFactory(risk=risk, text="Quokka")
    factories.FindingFactory(plan=plan, title="Quokka")
    factories.SourceFactory(plan=plan, title="Quokka")
    factories.EvidenceFactory(plan=plan, title="Quokka")
    factories.EventFactory(plan=plan, title="Quokka")
    factories.DataQualityNoteFactory(plan=plan, why="Quokka")
    factories.OfficerFactory(council=borough, name="Quokka")
    factories.BoardFactory(council=borough, name="Quokka")
    factories.PlanFactory(council=borough, title="Quokka")
    response = asked(reader, "quokka")
    urls = [result.url for group in response.context["groups"] for result in group.results]
    assert urls.count("") == 1  # the supplier without a contract
    for url in filter(None, urls):
        assert reader.get(url).status_code == 200, url


@pytest.mark.parametrize("text", ["", "   "])
def test_an_empty_question_says_what_is_searched(reader, activity, text):
    html = asked(reader, text).content.decode()
    assert "Everything in the plans you can see is searched" in html
    assert "found for" not in html


def test_a_question_that_finds_nothing_says_so(reader, activity):
    assert "Nothing is found for “nonsense”" in asked(reader, "nonsense").content.decode()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("y" * 1_000, "Search for 200 characters or fewer."),
        (" ".join("abcdefghijk"), "Search for 10 words or fewer."),
        ("a\x00b", "Null characters are not allowed."),
    ],
)
def test_a_question_that_cannot_be_answered_says_why_and_keeps_what_was_typed(reader, activity, text, told):
    html = asked(reader, text).content.decode()
    assert told in html
    assert "There is a problem" in html


def test_a_place_that_is_no_option_is_refused_in_words(reader, activity):
    assert "Select a valid choice" in asked(reader, "early", plan="no-such-plan").content.decode()


@pytest.mark.parametrize("role", sorted(ROLES))
def test_nothing_of_another_council_is_found_by_any_role(client, borough, elsewhere, activity, role):
    other = factories.PlanFactory(council=elsewhere, title=f"Plan {CANARY}", slug="other-plan")
    factories.ActivityFactory(plan=other, title=f"Activity {CANARY}")
    factories.OfficerFactory(council=elsewhere, name=f"Officer {CANARY}")
    client.force_login(factories.UserFactory(role=role, councils=[borough]))
    response = asked(client, CANARY)
    assert response.context["total"] == 0
    echoed = ("Nothing is found for", f"{CANARY}: 0 found")  # what was asked is said back
    told = [text for text in Page.of(response).text if CANARY in text and not any(each in text for each in echoed)]
    assert told == []
    assert "other-plan" not in response.content.decode()
    assert asked(client, CANARY, plan="other-plan").context["total"] == 0


def test_whoever_has_no_role_may_not_search(client, nobody):
    client.force_login(nobody)
    assert client.get(reverse("search")).status_code == 403


def test_every_page_of_a_reader_has_the_search(reader, plan):
    for name, args in (("plan_list", []), ("plan_dashboard", [plan.slug]), ("roles", [])):
        page = Page.of(reader.get(reverse(name, args=args)))
        assert next(form.action for form in page.forms if form.method == "get") == reverse("search")


def test_a_stranger_sees_no_search(client, db):
    assert Page.of(client.get(reverse("login"))).forms[0].method == "post"
