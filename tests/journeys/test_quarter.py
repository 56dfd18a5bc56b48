"""A quarter of the monthly cycle, from the opening of a round to the next, and back to what was published then."""

import io
import re
import zipfile
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core import mail
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from lambeth_plans import history, periods
from lambeth_plans.accounts.models import User
from lambeth_plans.cycles.models import Publication, Question, ReportingRound, Submission
from lambeth_plans.cycles.quiet_hours import QuietHours
from lambeth_plans.imports.models import ImportBatch
from tests import factories
from tests.journeys.audit import Watch
from tests.journeys.conftest import logged_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

DIRECTORS = ("care", "learning", "health")
#: What a member of scrutiny reads of the plan: everything on these must be the same for ever.
READ = ("plan_dashboard", "activity_list", "indicator_list", "risk_list", "saving_list", "objective_list", "timeline")


@pytest.fixture
def plan(borough):
    """Three directors with an activity each, an indicator, a risk and a saving; a board that meets in ten days."""
    today = timezone.localdate()
    plan = factories.PlanFactory(council=borough, slug="plan", title="The plan", status="current", around=today)
    objective = factories.ObjectiveFactory(plan=plan, key="ob1", ref="OB1", title="Keep children safe")
    for number, name in enumerate(DIRECTORS, 1):
        user = factories.UserFactory(
            username=name, name=f"Director {name}", role="director", councils=[borough], email=f"{name}@borough.example"
        )
        post = factories.OfficerFactory(council=borough, key=name, name=f"Post of {name}", user=user)
        factories.ActivityFactory(
            plan=plan, key=f"ka{number}", ref=f"KA{number}", title=f"Improve {name}", objective=objective, owner=post
        )
    for name, role in (("administrator", "administrator"), ("analyst", "analyst"), ("member", "scrutiny_member")):
        factories.UserFactory(username=name, name=f"The {name}", role=role, councils=[borough])
    indicator = factories.IndicatorFactory(council=borough, key="in1", title="Visits in time", unit="percent")
    factories.IndicatorCodeFactory(indicator=indicator, code="IN1")
    factories.PlanIndicatorFactory(plan=plan, indicator=indicator, code="IN1", title="Visits in time")
    matrix = factories.RiskMatrixFactory(council=borough)
    risk = factories.RiskFactory(plan=plan, key="r1", ref="R1", title="Too few staff", matrix=matrix)
    factories.RiskScoreFactory(risk=risk, likelihood=4, impact=4, scored_date=today - timedelta(days=30))
    saving = factories.SavingFactory(plan=plan, key="s1", ref="S1", title="One contract less")
    factories.SavingYearFactory(saving=saving, planned=Decimal(50_000))
    board = factories.BoardFactory(council=borough, key="board", name="Improvement board")
    history.save(plan, by=User.objects.system(), links={"boards": [board]})
    factories.MeetingFactory(board=board, meeting_date=today + timedelta(days=10))
    return plan


@pytest.fixture
def visit(plan, live_server, open_page) -> Callable[[str], Page]:
    watches = []

    def visit(username: str) -> Page:
        page = open_page()
        watches.append(Watch(page.context))
        cookie = logged_in(username).cookies["sessionid"].value
        page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
        return page

    yield visit
    assert [problem for watch in watches for problem in watch.problems] == []


def opens_a_round(page: Page, month, today) -> None:
    page.goto(reverse("round_create", args=["plan"]))
    page.get_by_label("Month it is about").fill(f"{month.start:%B %Y}")
    page.get_by_label("Opens on").fill(f"{today:%d/%m/%Y}")
    page.get_by_label("Due on").fill(f"{today + timedelta(days=5):%d/%m/%Y}")
    page.get_by_label("Closes on").fill(f"{today + timedelta(days=9):%d/%m/%Y}")
    page.get_by_label("Meeting it is for").select_option(index=1)
    page.get_by_label("Why", exact=True).fill("The monthly round.")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("main")).to_contain_text(f"{month.start:%B %Y}")


def reports(page: Page, rating: str, words: str) -> None:
    page.goto(reverse("my_updates"))
    page.get_by_role("group", name="RAG rating now").get_by_role("radio", name=rating).check()
    page.get_by_label("What happened").fill(words)
    if rating != "Green":
        page.get_by_label("Path to green").fill("Two more people start in spring.")
    page.locator(".app-sticky").get_by_role("button", name="Save all").click()
    expect(page.get_by_role("alert").filter(has_text="Saved")).to_contain_text(f"{rating}.")


def imports(page: Page, text: str) -> None:
    page.goto(reverse("import_new"))
    page.get_by_label("Figures of indicators", exact=True).check()
    page.get_by_label("File", exact=True).set_input_files(
        {"name": "figures.csv", "mimeType": "text/csv", "buffer": text.encode()}
    )
    page.get_by_role("button", name="Check the file").click()
    page.get_by_role("button", name=re.compile("^Confirm")).click()
    expect(page.get_by_role("button", name=re.compile("^Confirm"))).to_have_count(0)
    assert ImportBatch.objects.order_by("pk").last().is_applied


def takes_step(page: Page, key: str, names: list[str], button: str, reason: str = "") -> None:
    page.goto(reverse("round_detail", args=["plan", key]))
    for name in names:
        page.locator(f"#item-{name}").check()
    if reason:
        page.get_by_label("Why it goes back").fill(reason)
    page.get_by_role("button", name=button, exact=True).click()


def publishes(page: Page, note: str, **chosen: str) -> None:
    page.goto(reverse("publication_create", args=["plan"]))
    page.get_by_label("For the meeting").select_option(index=1)
    page.get_by_label("What it is for").fill(note)
    for label, text in chosen.items():
        page.get_by_label(label).fill(text)
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_role("alert").filter(has_text="is published")).to_be_visible()


def as_read(username: str, **asked: str) -> dict[str, str]:
    """The words of each page between its heading and its end, as somebody reads them; the banner apart."""
    client = logged_in(username)
    found = {}
    for name in READ:
        html = client.get(reverse(name, args=["plan"]), asked).content.decode()
        main = html[html.index("<main") : html.index("</main>")]
        main = re.sub(r"as_at=publication-\d|&amp;as_at=[\w-]+|\?as_at=[\w-]+", "", main)
        main = re.sub(
            r'<div class="govuk-inset-text app-past-day">.*?</div>|<p class="app-as-at">.*?</p>', "", main, flags=re.S
        )
        main = re.sub(
            r'<input type="hidden" name="as_at"[^>]*>|<details.*?Show another day.*?</details>', "", main, flags=re.S
        )
        found[name] = " ".join(re.sub(r"<[^>]+>", " ", main).split())
    return found


def test_a_quarter_is_played_and_the_first_meeting_can_be_looked_at_again(visit, plan, settings):
    settings.QUIET_HOURS = QuietHours()
    today = timezone.localdate()
    month = periods.month_of(today)
    administrator, analyst = visit("administrator"), visit("analyst")
    directors = {name: visit(name) for name in DIRECTORS}

    opens_a_round(administrator, month, today)
    key = ReportingRound.objects.get().key
    call_command("send_reminders", "--deliver")
    assert sorted(to for message in mail.outbox for to in message.to) == sorted(
        f"{n}@borough.example" for n in DIRECTORS
    )

    reports(directors["care"], "Green", "All visits are made.")
    reports(directors["learning"], "Amber", "Half of the schools have signed.")
    reports(directors["health"], "Red", "Nobody was recruited.")
    imports(analyst, f"Indicator,Period,Value\nIN1,{month.start:%b %Y},82.5\n")
    takes_step(analyst, key, ["ka2"], "Return", "How many schools is half?")
    assert Submission.objects.get(activity__key="ka2").state == "returned"
    directors["learning"].goto(reverse("my_updates"))
    expect(directors["learning"].locator("main")).to_contain_text("How many schools is half?")
    reports(directors["learning"], "Amber", "Twelve of 24 schools have signed.")
    takes_step(analyst, key, ["ka1", "ka2", "ka3"], "Check")
    for number, name in enumerate(DIRECTORS, 1):
        takes_step(directors[name], key, [f"ka{number}"], "Sign off")
    assert set(Submission.objects.values_list("state", flat=True)) == {"signed_off"}

    publishes(analyst, "The first month.")
    member = visit("member")
    member.goto(reverse("plan_dashboard", args=["plan"]))
    expect(member.locator("main")).to_contain_text("for the meeting of Improvement board")
    first = as_read("member")
    assert "Red" in first["activity_list"]
    assert "82.5" in first["indicator_list"]
    member.goto(reverse("pack_page", args=["plan", 1]))
    expect(member.locator("main")).to_contain_text("Nobody was recruited.")
    for page, inside in (("pack_word", "word/document.xml"), ("pack_workbook", "xl/workbook.xml")):
        body = member.request.get(reverse(page, args=["plan", 1])).body()
        assert inside in zipfile.ZipFile(io.BytesIO(body)).namelist()

    member.goto(reverse("activity_detail", args=["plan", "ka3"]))
    member.get_by_role("link", name=re.compile("Ask a question")).click()
    member.get_by_label("Your question").fill("Why was nobody recruited?")
    member.get_by_role("button", name="Ask").click()
    question = Question.objects.get()
    directors["health"].goto(reverse("question_answer", args=["plan", question.key]))
    directors["health"].get_by_label("Your answer").fill("The pay is too low.")
    directors["health"].get_by_role("button", name="Put it on the record").click()
    member.goto(reverse("question_detail", args=["plan", question.key]))
    expect(member.locator("main")).to_contain_text("The pay is too low.")

    # The next month, in which everything changes: ratings, figures, owners, dates, scores, titles.
    for name in DIRECTORS:
        page = directors[name]
        page.goto(reverse("progress_report", args=["plan", f"ka{DIRECTORS.index(name) + 1}"]))
        page.get_by_role("group", name="RAG rating now").get_by_role("radio", name="Green").check()
        page.get_by_label("What happened").fill("It is mended.")
        page.get_by_role("button", name=re.compile("^Save")).first.click()
    imports(analyst, f"Indicator,Period,Value,Why\nIN1,{month.start:%b %Y},91,Counted again\n")
    for record in (*plan.activity_set.all(), *plan.risk_set.all(), *plan.saving_set.all(), *plan.objective_set.all()):
        record.title = f"{record.title}, renamed"
        history.save(record, by=User.objects.get(username="administrator"), reason="Renamed.")
    factories.RiskScoreFactory(risk=plan.risk_set.get(), likelihood=1, impact=1, scored_date=today)
    assert as_read("member") == first  # nothing of it is published yet
    publishes(analyst, "The second month.")
    second = as_read("member")
    assert all(second[name] != first[name] for name in READ)
    assert as_read("member", as_at="publication-1") == first
    member.goto(reverse("change_list", args=["plan"]))
    expect(member.locator("main")).to_contain_text("got better")
    assert [made.number for made in Publication.objects.order_by("number")] == [1, 2]

    opens_a_round(administrator, periods.month_of(month.end + timedelta(days=1)), today)
    assert ReportingRound.objects.count() == 2
    call_command("publication_check")
