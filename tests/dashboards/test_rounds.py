import pytest
from django.utils import timezone

from lambeth_plans.cycles.models import Submission
from lambeth_plans.periods import month_of
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def this_round(plan):
    return factories.ReportingRoundFactory(plan=plan, meeting=factories.MeetingFactory(council=plan.council))


@pytest.fixture
def page(this_round):
    return f"/plans/borough-plan/rounds/{this_round.key}/"


@pytest.fixture
def handed_in(this_round, activity):
    return factories.SubmissionFactory(reporting_round=this_round, activity=activity)


def opened_by(client, user, page):
    client.force_login(user)
    return client.get(page)


def test_round_says_who_owes_what_division_by_division(client, administrator, handed_in, other_activity, plan, page):
    factories.ActivityFactory(plan=plan, ref="KA3", order=9)
    response = opened_by(client, administrator, page)
    divisions = [(each.name, each.done, len(each.lines)) for each in response.context["divisions"]]
    assert divisions == [("Care", 1, 1), ("Learning", 0, 1), ("No owner stated", 0, 1)]
    html = response.content.decode()
    for told in ("1 of 3 submitted.", "Can report: Other director", "Nobody who logs in can report on it."):
        assert told in html
    assert 'name="step"' not in html  # an administrator takes none


@pytest.mark.parametrize(
    ("who", "state", "buttons"),
    [
        ("analyst", "submitted", ["Check", "Return"]),
        ("analyst", "checked", ["Return"]),
        ("analyst", "signed_off", []),
        ("director", "submitted", ["Return"]),
        ("director", "checked", ["Sign off", "Return"]),
        ("director", "signed_off", ["Return"]),
        ("other_director", "checked", []),
        ("analyst", "returned", []),
    ],
)
def test_everybody_has_the_buttons_they_may_use(client, request, handed_in, page, who, state, buttons):
    handed_in.state, handed_in.returned_because = state, "Say more." * (state == "returned")
    handed_in._is_being_recorded = True
    handed_in.save()
    response = opened_by(client, request.getfixturevalue(who), page)
    assert [step.verb for step in response.context["steps"]] == buttons
    assert ("<h2" in response.content.decode()) == bool(buttons)


def test_several_are_checked_at_once(client, analyst, this_round, handed_in, other_activity, page):
    factories.ProgressUpdateFactory(activity=other_activity, period=month_of(this_round.month_date))
    client.force_login(analyst)
    response = client.post(page, {"step": "check", "items": ["ka1/1", "ka2/0"], "reason": "not for a check"})
    assert (response.status_code, response.url) == (302, page)
    assert [str(message) for message in response.wsgi_request._messages] == ["KA1, KA2: checked."]
    assert list(Submission.objects.values_list("state", "returned_because")) == [("checked", "")] * 2


@pytest.mark.parametrize(
    ("posted", "told"),
    [
        ({"step": "check"}, "Tick what you check."),
        ({"step": "return", "items": ["ka1/1"]}, "Say why it goes back."),
        ({"step": "sign_off", "items": ["ka1/1"]}, "KA1 is submitted: you cannot sign off it now."),
        ({"step": "check", "items": ["ka2/0"]}, "KA2 is not submitted: you cannot check it now."),
        ({"items": ["ka1/1"]}, "Choose a step."),
    ],
)
def test_a_step_that_cannot_be_taken_says_so(client, analyst, handed_in, other_activity, page, posted, told):
    client.force_login(analyst)
    response = client.post(page, posted)
    assert response.status_code == 200
    assert told in [line.text for line in response.context["form"].error_lines()]
    assert Submission.objects.get().version == 1


def test_who_comes_second_sees_both_versions_and_keeps_what_they_wrote(client, analyst, handed_in, page):
    client.force_login(analyst)
    client.post(page, {"step": "check", "items": ["ka1/1"]})
    response = client.post(page, {"step": "return", "items": ["ka1/1"], "reason": "Which posts?"})
    assert response.status_code == 409
    (moved,) = response.context["moved"]
    assert (moved.was, moved.line.state) == ("Submitted", "Checked")
    html = response.content.decode()
    assert "Which posts?" in html
    assert 'value="ka1/2" checked' in html
    assert Submission.objects.get().state == "checked"


def test_members_see_no_round_and_strangers_none_of_another_council(client, scrutiny_member, stranger, page):
    assert opened_by(client, scrutiny_member, page).status_code == 403
    assert opened_by(client, scrutiny_member, "/rounds/").status_code == 403
    assert opened_by(client, stranger, page).status_code == 404
    assert not opened_by(client, stranger, "/rounds/").context["lines"]


def test_all_rounds_are_listed_with_how_they_stand(client, analyst, this_round):
    ((listed, state),) = opened_by(client, analyst, "/rounds/").context["lines"]
    assert (listed, state) == (this_round, "open")
    assert this_round.month_date == timezone.localdate().replace(day=1)
