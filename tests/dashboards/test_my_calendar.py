from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from activities.models import Activity, ProgressUpdate
from finance.models import Contract
from lambeth_plans import periods
from lambeth_plans.accounts.actions import issue_token
from lambeth_plans.accounts.models import Council
from lambeth_plans.dashboards.my_calendar import calendar_of, one_line
from lambeth_plans.fields import PartialDate
from lambeth_plans.rag import Rag
from objectives.models import Plan
from tests import factories

PAGE = "/my-updates/calendar.ics"
#: What may begin a line of ours; what is too long for one goes on after a blank.
NAMES = {"BEGIN", "END", "VERSION", "PRODID", "X-WR-CALNAME", "SUMMARY", "DTSTART", "DTEND", "DTSTAMP", "UID"}
NAMES |= {"DESCRIPTION", "TRANSP", "URL"}


def activity_due(due, original=None, *, title="Refresh the offer", is_invented=False):
    """An activity that is in no database."""
    plan = Plan(slug="borough-plan", title="The Plan", council=Council(name="The Borough", is_invented=is_invented))
    return Activity(
        plan=plan,
        key="ka1",
        ref="KA1",
        title=title,
        due_date=PartialDate(due),
        original_due_date=PartialDate(original or due),
    )


def written(activity, report=None):
    now = datetime(2026, 11, 26, 12, tzinfo=UTC)
    reports = {activity.pk: report} if report else {}
    return calendar_of([activity], reports=reports, root="https://plans.example", host="plans.example", now=now)


def event_of(text):
    (event,) = Calendar.from_ical(text).walk("VEVENT")
    return event


def test_a_due_day_is_an_all_day_event_with_a_link_and_what_was_last_reported():
    report = ProgressUpdate(rag=Rag.AMBER, period=periods.parse("Oct 2026"))
    text = written(activity_due("2026-12-31", "2026-11-30"), report)
    event = event_of(text)
    assert b"DTSTART;VALUE=DATE:20261231\r\nDTEND;VALUE=DATE:20270101\r\n" in text
    assert event["SUMMARY"] == "Due: KA1 Refresh the offer"
    assert event["DESCRIPTION"].split("\n") == [
        "The Borough: The Plan",
        "Originally due 30 November 2026: now 31 days later.",
        "Last reported: Amber, October 2026.",
    ]
    assert event["URL"] == "https://plans.example/plans/borough-plan/activities/ka1/"
    assert event["UID"] == "borough-plan.ka1.due@plans.example"
    assert event["TRANSP"] == "TRANSPARENT"


@pytest.mark.parametrize(
    ("due", "last_day", "words"),
    [("2027-02", date(2027, 2, 28), "February 2027"), ("2028", date(2028, 12, 31), "2028")],
)
def test_a_month_or_a_year_stands_on_its_last_day_and_says_so(due, last_day, words):
    event = event_of(written(activity_due(due, is_invented=True)))
    assert event["DTSTART"].dt == last_day
    assert event["DTEND"].dt == last_day + timedelta(days=1)
    assert event["SUMMARY"].startswith(f"Due by the end of {words}: ")
    told = event["DESCRIPTION"].split("\n")
    assert f"Only “{words}” is stated, so this stands on the last day of it." in told
    assert "The Borough is invented." in told
    assert told[-1] == "Not reported yet."


@pytest.mark.parametrize("between", ["\n", "\r\n", "\r", "\x0b", "\x0c", "\x1e", "\x85", "\u2028", "\u2029", "\\n"])
def test_no_title_begins_a_line_of_its_own(between):
    text = written(activity_due("2026-12-31", title=f"Ends here{between}END:VEVENT{between}X-EVIL;,:yes " + "é" * 200))
    lines = text.decode().splitlines()  # at whatever anybody may take for the end of a line
    assert "\r\n".join(lines) + "\r\n" == text.decode()
    assert {line.partition(":")[0].partition(";")[0] for line in lines if not line.startswith(" ")} <= NAMES
    assert all(len(line.encode()) <= 75 for line in lines)
    assert event_of(text)["SUMMARY"].count("END:VEVENT") == 1


def test_what_no_text_holds_is_left_out():
    assert one_line(" A\x00B \t C\u2029D ") == "A B C D"


# Who gets it


@pytest.fixture
def due_dates(plan, post, other_post):
    """Two activities of the director with a date and one without, and the other director's."""
    for number, due in enumerate(("2026-12-31", "2027", "2027-03", None)):
        owner = other_post if number == 1 else post
        factories.ActivityFactory(plan=plan, key=f"ka{number + 1}", owner=owner, due_date=due, order=number)


def test_a_director_gets_what_they_answer_for_as_a_file(client, director, due_dates):
    client.force_login(director)
    response = client.get(PAGE)
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="what-i-answer-for.ics"'
    calendar = Calendar.from_ical(response.content)
    assert [str(event["UID"]) for event in calendar.walk("VEVENT")] == [
        "borough-plan.ka1.due@testserver",
        "borough-plan.ka3.due@testserver",
    ]
    assert PAGE in client.get("/my-updates/").content.decode()


def test_a_token_in_the_header_opens_it_and_one_in_the_address_does_not(director, due_dates, administrator):
    secret = issue_token(user=director, by=administrator, reason="For a calendar.")
    response = Client().get(PAGE, headers={"Authorization": f"Bearer {secret}"})
    assert response.content.count(b"BEGIN:VEVENT") == 2
    for address in (PAGE, f"{PAGE}?token={secret}", f"{PAGE}?Authorization=Bearer+{secret}"):
        assert Client().get(address).status_code == 401


def test_who_answers_for_nothing_gets_none(client, analyst, stranger, due_dates):
    client.force_login(analyst)
    assert client.get(PAGE).json() == {"detail": "Your role does not open this."}
    client.force_login(stranger)
    assert b"VEVENT" not in client.get(PAGE).content


def test_a_contract_stands_on_its_end_and_on_its_last_day_for_notice():
    plan = Plan(slug="borough-plan", title="The Plan", council=Council(name="The Borough"))
    contract = Contract(plan=plan, key="c1", ref="C1", title="Meals", end_date=PartialDate("2027-10"), notice_months=3)
    now = datetime(2026, 11, 26, 12, tzinfo=UTC)
    place = {"root": "https://plans.example", "host": "plans.example", "now": now}
    end, notice = Calendar.from_ical(calendar_of([], reports={}, contracts=[contract], **place)).walk("VEVENT")
    assert end["SUMMARY"] == "Contract ends by the end of October 2027: C1 Meals"
    assert notice["SUMMARY"] == "Last day for notice: C1 Meals"
    assert [each["DTSTART"].dt for each in (end, notice)] == [date(2027, 10, 31), date(2027, 7, 1)]
    assert end["DESCRIPTION"].split("\n")[:2] == [
        "The Borough: The Plan",
        "Ends October 2027; last day for notice 1 July 2027.",
    ]
    assert notice["UID"] == "borough-plan.c1.contract-notice@plans.example"
    assert notice["URL"] == "https://plans.example/plans/borough-plan/contracts/c1/"


@pytest.mark.django_db
def test_the_contracts_of_a_calendar_are_those_one_answers_for(client, director, plan, post, other_post):
    for title, days, person in (("Mine", 30, post), ("Over", -30, post), ("Theirs", 30, other_post)):
        end = timezone.localdate() + timedelta(days=days)
        factories.ContractFactory(plan=plan, title=title, director=person, end_date=end)
    factories.ContractFactory(plan=plan, title="Shared", further_directors=[post], end_date="2091")
    client.force_login(director)
    told = [event["SUMMARY"] for event in Calendar.from_ical(client.get(PAGE).content).walk("VEVENT")]
    assert told == ["Contract ends: Mine", "Contract ends by the end of 2091: Shared"]
