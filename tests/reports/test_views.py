import pytest
from django.urls import reverse

from lambeth_plans import history
from tests import factories
from tests.html import Page

pytestmark = pytest.mark.django_db


@pytest.fixture
def published(plan, activity, administrator):
    """Two publications: the activity was renamed after each of them, and is Red in the second."""
    for number in (1, 2):
        factories.ProgressUpdateFactory(
            activity=activity, period=f"{'Apr' if number == 1 else 'May'} 2025", rag="green" if number == 1 else "red"
        )
        rename(activity, f"Title of publication {number}", administrator)
        exempt = {"exempt_parts": ["contracts"], "exempt_because": "Paragraph 3."} if number == 2 else {}
        factories.PublicationFactory(plan=plan, number=number, published_by=administrator, **exempt)
    rename(activity, "A draft title", administrator)
    return plan


def rename(activity, title, by):
    activity.refresh_from_db()
    activity.title = title
    history.save(activity, by=by, reason="Renamed.")


def opened(client, user, name, *parts, **query):
    client.force_login(user)
    response = client.get(reverse(name, args=parts), query)
    assert response.status_code == 200
    return response


def text(response):
    return " ".join(" ".join(Page.of(response).text).split())


def test_members_read_what_was_published_and_never_a_draft(client, scrutiny_member, published):
    page = text(opened(client, scrutiny_member, "pack_page", published.slug, 2))
    assert "Title of publication 2" in page
    assert "A draft title" not in page
    assert "Green → Red. Reported for May 2025." in page
    assert "Exempt from publication (Part II) Paragraph 3." in page
    assert "not for publication" not in page
    first = text(opened(client, scrutiny_member, "pack_page", published.slug, 1))
    assert "Title of publication 1" in first
    assert "This is the first publication" in first


def test_officers_have_what_is_exempt_marked_and_may_look_at_the_other_version(client, analyst, published):
    officers = opened(client, analyst, "pack_page", published.slug, 2)
    assert "Part II – not for publication. Paragraph 3." in text(officers)
    members = opened(client, analyst, "pack_page", published.slug, 2, version="members")
    assert "not for publication" not in text(members)
    asking = Page.of(members).form_to(reverse("pack_make", args=[published.slug, 2, "word"]))
    assert asking.as_it_stands() == {"version": ["members"]}


def test_a_corrected_publication_leads_to_its_correction(client, scrutiny_member, administrator, published):
    corrected = published.publications.get(number=2)
    note = "One rating was wrong."
    factories.PublicationFactory(plan=published, number=3, published_by=administrator, corrects=corrected, note=note)
    page = opened(client, scrutiny_member, "pack_page", published.slug, 2)
    assert f"This publication was corrected. See publication 3 : {note}" in text(page)
    assert reverse("pack_page", args=[published.slug, 3]) in Page.of(page).links
    assert f"Publication 2. {note}" in text(opened(client, scrutiny_member, "pack_page", published.slug, 3))


def test_the_preview_shows_officers_the_plan_as_it_stands(client, director, published):
    page = text(opened(client, director, "pack_preview", published.slug))
    assert "A draft title" in page
    assert "Key developments since publication 2" in page
    assert "Members of the council see a pack once it is published." in page


@pytest.mark.parametrize(
    ("name", "kind", "file_name"),
    [
        ("pack_word", "wordprocessingml.document", "borough-plan-pack-2-members.docx"),
        ("pack_workbook", "spreadsheetml.sheet", "borough-plan-pack-2-members.xlsx"),
    ],
)
def test_the_files_are_given_out_under_their_names(client, scrutiny_member, published, name, kind, file_name):
    response = opened(client, scrutiny_member, name, published.slug, 2)
    assert response["Content-Type"].endswith(kind)
    assert response["Content-Disposition"] == f'attachment; filename="{file_name}"'
    assert response.content == opened(client, scrutiny_member, name, published.slug, 2).content
