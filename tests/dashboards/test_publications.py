import pytest
from django.urls import reverse

from activities.models import Activity
from lambeth_plans import history
from lambeth_plans.cycles.models import Publication
from tests import factories
from tests.html import Page
from tests.published import publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def keeper(client, analyst):
    client.force_login(analyst)
    return client


@pytest.fixture
def send(keeper, plan):
    """Opens the page and sends its form with these answers; with `after` as if it had been opened earlier."""
    url = reverse("publication_create", args=[plan.slug])

    def sent(**answers):
        form = Page(keeper.get(url).content.decode(), url).form_to(url).as_it_stands()
        return keeper.post(url, {**form, **answers})

    return sent


def test_an_analyst_publishes_for_a_meeting(send, keeper, plan, activity):
    board = factories.BoardFactory(council=plan.council)
    history.save(plan, by=activity.owner.user, links={"boards": [board]})
    meeting = factories.MeetingFactory(board=board)
    response = send(meeting=meeting.key, note="The October position.", decisions_asked="To note it.")
    assert response.status_code == 302
    made = Publication.objects.get()
    assert (made.meeting, made.note, made.decisions_asked) == (meeting, "The October position.", "To note it.")
    html = keeper.get(response["Location"]).content.decode()
    assert made.digest in html
    assert "Publication 1 of The Borough&#x27;s Plan is published." in html
    assert "nothing has moved" in keeper.get(response["Location"], {"check": "yes"}).content.decode()


def test_what_would_change_for_members_is_shown_first(keeper, plan, activity):
    publish(plan)
    factories.ProgressUpdateFactory(activity=activity, rag="red")
    html = keeper.get(reverse("publication_create", args=[plan.slug])).content.decode()
    assert "What members would see that they do not see yet" in html
    assert "KA1" in html


def test_a_correction_says_what_it_corrects(send, keeper, plan):
    first = publish(plan)
    refused = send(corrects="1", note="")
    assert refused.status_code == 200
    assert "Say what was wrong and is right now." in refused.content.decode()
    assert send(corrects="1", note="A date was wrong.").status_code == 302
    assert Publication.objects.get(number=2).corrects == first
    html = keeper.get(reverse("publication_detail", args=[plan.slug, 1])).content.decode()
    assert "Corrected by" in html
    assert "A date was wrong." in html


def test_exempt_parts_need_a_reason(send):
    assert "Say why these parts are exempt." in send(exempt_parts=["contracts"]).content.decode()
    assert send(exempt_parts=["contracts"], exempt_because="Paragraph 3.").status_code == 302
    assert Publication.objects.get().exempt_headings == ["Contracts that end"]


def test_somebody_who_was_first_is_shown_and_what_was_typed_is_kept(send, plan, administrator):
    publish(plan, by=administrator, note="Mine.")
    response = send(after="0", note="Written for half an hour")
    html = response.content.decode()
    assert response.status_code == 409
    assert "Someone else published first" in html
    assert "Written for half an hour" in html
    assert "“Mine.”" in html
    assert Publication.objects.count() == 1


def test_a_digest_that_is_not_what_it_was_is_told(keeper, plan, activity):
    publish(plan)
    Activity.history.update(title="Somebody was here")
    html = keeper.get(reverse("publication_detail", args=[plan.slug, 1]), {"check": "yes"}).content.decode()
    assert "Something has moved." in html


def test_members_see_publications_up_to_the_one_they_look_at(client, scrutiny_member, plan):
    publish(plan, note="The first."), publish(plan, note="The second.")
    client.force_login(scrutiny_member)
    url = reverse("publication_list", args=[plan.slug])
    assert "The second." in client.get(url).content.decode()
    html = client.get(url, {"as_at": "publication-1"}).content.decode()
    assert ["The first." in html, "The second." in html] == [True, False]
    assert "Publish the plan" not in html
    assert client.get(reverse("publication_detail", args=[plan.slug, 3])).status_code == 404
