import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from lambeth_plans import history
from lambeth_plans.cycles.models import FollowUp, Question
from lambeth_plans.cycles.questions import AnsweredMeanwhile, answer, ask, follow, recommend
from objectives.models import Finding, Plan
from tests import factories
from tests.html import Page

pytestmark = pytest.mark.django_db


def words(page):
    text = " ".join(" ".join(page.text).split())
    return text.replace(" ,", ",").replace(" .", ".").replace(" :", ":")


@pytest.fixture
def board(borough, plan, administrator):
    board = factories.BoardFactory(council=borough, key="panel", name="Panel")
    history.save(plan, by=administrator, reason="Stated.", links={"boards": [board]})
    return board


@pytest.fixture
def question(plan):
    return factories.QuestionFactory(plan=plan, text="Why so late?")


@pytest.fixture
def as_(client):
    """`as_(director)`: a browser in which somebody is logged in, once everything is published."""

    def log_in(user):
        for plan in Plan.objects.all():
            factories.PublicationFactory(plan=plan)
        client.force_login(user)
        return client

    return log_in


def test_a_member_asks_and_everybody_of_the_council_sees_it(as_, scrutiny_member, plan, activity, board, analyst):
    client = as_(scrutiny_member)
    page = client.get(reverse("activity_detail", args=[plan.slug, "ka1"])).content.decode()
    url = reverse("question_ask", args=[plan.slug, "activity", "ka1"])
    assert url in page
    proposed = Page.of(client.get(f"{url}?text=Why%3F")).form_to(url).as_it_stands()
    assert (proposed["text"], proposed["board"]) == (["Why?"], ["panel"])
    client.post(url, {"text": "Why so late?", "board": "panel"})
    question = Question.objects.get()
    assert (question.about, question.asked_by, question.board) == (f"KA1 {activity.title}", scrutiny_member, board)
    meeting = factories.MeetingFactory(board=board)
    client = as_(analyst)
    for name in ("question_list", "question_detail"):
        args = [plan.slug, *([question.key] if name == "question_detail" else [])]
        text = words(Page.of(client.get(reverse(name, args=args))))
        assert "Why so late?" in text
        assert "Not answered yet." in text
        assert f"meeting of {meeting.meeting_date:%-d %B %Y}" in text
    assert url not in client.get(reverse("activity_detail", args=[plan.slug, "ka1"])).content.decode()


def test_an_officer_answers_once_and_adds_to_it_later(as_, director, plan, question):
    client, url = as_(director), reverse("question_answer", args=[plan.slug, question.key])
    for text in ("We were short of staff.", "We are not any more."):
        form = Page.of(client.get(url)).form_to(url).as_it_stands()
        client.post(url, form | {"text": text})
    question.refresh_from_db()
    answers = list(question.answers.values_list("number", "text", "answered_by_name"))
    assert answers == [(1, "We were short of staff.", "Director"), (2, "We are not any more.", "Director")]
    assert question.answered_at == question.answers.first().answered_at
    assert question.history.count() == 2
    text = words(Page.of(client.get(reverse("question_detail", args=[plan.slug, question.key]))))
    assert "Answer We were short of staff." in text
    assert "Added later We are not any more." in text


def test_who_answers_second_sees_the_first_answer_and_loses_nothing(as_, director, other_director, plan, question):
    answer(question=question, text="It rained.", seen=0, by=other_director)
    url = reverse("question_answer", args=[plan.slug, question.key])
    response = as_(director).post(url, {"seen": "0", "text": "We were short of staff."})
    page = Page.of(response)
    assert response.status_code == 409
    assert "It rained." in words(page)
    assert page.form_to(url).as_it_stands()["text"] == ["We were short of staff."]
    assert page.form_to(url).as_it_stands()["seen"] == ["1"]
    with pytest.raises(AnsweredMeanwhile):
        answer(question=question, text="Again.", seen=0, by=director)
    assert question.answers.count() == 1


def test_a_recommendation_becomes_a_finding_of_the_plan_and_is_traced(as_, administrator, scrutiny_member, plan, board):
    questions = [factories.QuestionFactory(plan=plan, board=board) for _ in range(2)]
    client = as_(administrator)
    for number, question in enumerate(questions):
        typed = {"title": f"Tell us monthly {number}", "reason": "The panel decided it."}
        client.post(reverse("question_recommend", args=[plan.slug, question.key]), typed)
        question.refresh_from_db()
    first, second = (question.finding for question in questions)
    assert (first.title, first.source) == ("Tell us monthly 0", second.source)
    assert first.source.title == "Scrutiny recommendations, Panel"
    html = as_(scrutiny_member).get(reverse("question_detail", args=[plan.slug, questions[0].key])).content.decode()
    traced = reverse("finding_detail", args=[plan.slug, first.key])
    assert traced in html
    assert reverse("question_detail", args=[plan.slug, questions[0].key]) in client.get(traced).content.decode()
    assert recommend(question=questions[0], title="Again", by=administrator, reason="Twice.") == first
    assert Finding.objects.count() == 2


def test_a_record_is_put_on_ones_list_and_taken_off_and_the_note_is_kept_nowhere_else(
    as_, scrutiny_member, plan, activity
):
    client, url = as_(scrutiny_member), reverse("follow_up", args=[plan.slug, "activity", "ka1"])
    client.post(url, {"note": "Ask again."})
    client.post(url, {"note": "Ask in spring."})
    entry = FollowUp.objects.get()
    assert (entry.user, entry.note) == (scrutiny_member, "Ask in spring.")
    assert not hasattr(entry.history.get(), "note")
    assert "Nothing has changed." in words(Page.of(client.get(url)))
    client.post(url, {"remove": "yes", "note": ""})
    assert not FollowUp.objects.exists()


def test_a_list_is_nobody_elses_business(as_, scrutiny_member, lead_member, administrator, plan, activity):
    factories.FollowUpFactory(plan=plan, user=scrutiny_member, record_kind="activity", record_key="ka1", note="Secret")
    client = as_(lead_member)
    for url in (reverse("follow_up", args=[plan.slug, "activity", "ka1"]), reverse("scrutiny")):
        assert "Secret" not in client.get(url).content.decode()
    client = as_(administrator)
    pages = [
        reverse("admin:cycles_followup_changelist"),
        *(reverse(f"admin:cycles_followup_{page}", args=[FollowUp.objects.get().pk]) for page in ("change", "history")),
    ]
    for url in pages:
        response = client.get(url)
        assert response.status_code == 200
        assert "Secret" not in response.content.decode()


def test_what_the_plan_no_longer_has_can_still_be_taken_off(as_, scrutiny_member, plan):
    factories.FollowUpFactory(plan=plan, user=scrutiny_member, record_kind="risk", record_key="gone")
    client, url = as_(scrutiny_member), reverse("follow_up", args=[plan.slug, "risk", "gone"])
    assert "The plan no longer has it." in words(Page.of(client.get(reverse("scrutiny"))))
    assert "which the plan no longer has" in words(Page.of(client.get(url)))
    client.post(url, {"remove": "yes"})
    assert client.get(url).status_code == 404


def test_what_changed_since_it_was_put_on_the_list_is_told(as_, scrutiny_member, plan, activity):
    url = reverse("follow_up", args=[plan.slug, "activity", "ka1"])
    as_(scrutiny_member).post(url, {"note": "Ask again."})
    factories.ProgressUpdateFactory(activity=activity, period="May 2026", rag="red", path_to_green="We hire.")
    client = as_(scrutiny_member)
    for page in (reverse("scrutiny"), url):
        assert "Not reported → Red. Reported for May 2026." in words(Page.of(client.get(page)))


def test_what_is_not_published_yet_is_not_asked_about(as_, scrutiny_member, plan, objective):
    client = as_(scrutiny_member)
    factories.ActivityFactory(plan=plan, key="draft", objective=objective)
    for name in ("question_ask", "follow_up"):
        assert client.get(reverse(name, args=[plan.slug, "activity", "draft"])).status_code == 404


@pytest.mark.parametrize("who", ["director", "analyst", "administrator"])
def test_only_members_ask_and_follow_up(request, plan, who):
    user = request.getfixturevalue(who)
    record = {"record_kind": "plan", "record_key": plan.slug, "by": user}
    with pytest.raises(PermissionDenied):
        ask(plan=plan, about="", text="Why?", board=None, **record)
    with pytest.raises(PermissionDenied):
        follow(plan=plan, note="Ask", publication=None, **record)


def test_members_neither_answer_nor_recommend(scrutiny_member, question):
    with pytest.raises(PermissionDenied):
        answer(question=question, text="Because.", seen=0, by=scrutiny_member)
    with pytest.raises(PermissionDenied):
        recommend(question=question, title="Do it", by=scrutiny_member, reason="We say so.")
