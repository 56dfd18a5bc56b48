"""The director's journey: log in, report on what one answers for, and lose nothing when something is in the way."""

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from activities.models import Activity
from lambeth_plans.accounts.models import User
from lambeth_plans.dashboards.my_updates import prefix_of
from lambeth_plans.dashboards.state import plan_state
from lambeth_plans.periods import month_of, previous_month
from objectives.models import Plan
from tests.journeys.audit import audit
from tests.journeys.conftest import log_in
from tests.journeys.pages import EXAMPLE, LAMBETH

pytestmark = pytest.mark.browser


def card(page: Page, activity: Activity) -> Locator:
    """One activity's part of the sheet."""
    return page.locator(f"#{prefix_of(activity)}")


def rate(part: Locator | Page, word: str, *, group: str = "RAG rating now") -> None:
    part.get_by_role("group", name=group).get_by_role("radio", name=word).check()


def of_lambeth(ref: str) -> Activity:
    return Activity.objects.get(plan__slug=LAMBETH, ref=ref)


def reported_last_month() -> Activity:
    """One of the director's own that was Amber or Red last month, rightly so, and has no report of this month."""
    disagreements = {each.id for each in plan_state(Plan.objects.get(slug=EXAMPLE)).disagreements}
    mine = Activity.objects.answerable_to(User.objects.get(username="director")).filter(plan__slug=EXAMPLE)
    last_month = previous_month(month_of(timezone.localdate()))
    for activity in mine.exclude(pk__in=disagreements):
        last = activity.last_report()
        if last and last.period == last_month and last.rag.needs_path_to_green:
            return activity
    pytest.fail("Example Borough gives the director nothing to carry forward.")


def answered_for() -> int:
    return Activity.objects.answerable_to(User.objects.get(username="director")).reportable().count()


def save_all(page: Page) -> None:
    page.locator(".app-sticky").get_by_role("button", name="Save all").click()


def test_director_reports_on_several_activities_at_once(visit, javascript):
    page = visit(javascript=javascript)
    log_in(page, "director")
    expect(page).to_have_url("/my-updates/")
    expect(page.get_by_role("heading", level=1)).to_have_text("My updates")
    page.get_by_label("Plan", exact=True).select_option("All plans")
    page.get_by_role("button", name="Filter").click()
    total = answered_for()
    done = int(page.locator("#done").inner_text().split()[0])
    expect(page.locator("#done")).to_contain_text(f"{done} of {total} done.")

    improving, staffing, school = of_lambeth("CSKA08"), of_lambeth("CSKA12"), of_lambeth("CSKA15")
    steady = reported_last_month()
    rate(card(page, improving), "Amber")
    card(page, improving).get_by_label("What happened").fill("The board agreed the plan.")
    rate(card(page, staffing), "Green")
    card(page, staffing).get_by_label("What happened").fill("Twelve posts are filled.")
    rate(card(page, school), "Green")
    card(page, school).get_by_label("What happened").fill("The first cohort has begun.")
    card(page, school).get_by_label("New due date").fill("June 2021")
    card(page, school).get_by_label("Why the date moves").fill("Schools were closed.")
    card(page, steady).get_by_label("No change since the last report").check()
    save_all(page)

    # Nothing is saved, everything typed is still there, and the summary leads to the field.
    summary = page.get_by_role("alert").filter(has_text="There is a problem")
    line = "CSKA08: Say how it gets from Amber back to Green."
    expect(summary.get_by_role("link", name=line)).to_be_visible()
    expect(page).to_have_title("Error: My updates – Lambeth Plans")
    expect(card(page, improving).get_by_label("What happened")).to_have_value("The board agreed the plan.")
    expect(card(page, staffing).get_by_label("What happened")).to_have_value("Twelve posts are filled.")
    expect(card(page, school).get_by_label("New due date")).to_have_value("June 2021")
    expect(card(page, steady).get_by_label("No change since the last report")).to_be_checked()
    assert improving.last_report() is None
    assert staffing.last_report() is None
    assert not audit(page)
    summary.get_by_role("link", name=line).click()
    expect(card(page, improving).get_by_label("Path to green")).to_be_focused()

    card(page, improving).get_by_label("Path to green").fill("A second inspector starts in May.")
    save_all(page)
    saved = page.get_by_role("alert").filter(has_text="Saved")
    expect(saved).to_contain_text("4 updates saved. CSKA08 is now Amber. CSKA12 is now Green. CSKA15 is now Green.")
    expect(saved).to_contain_text("Due date set to June 2021; it was not stated.")
    expect(saved).to_contain_text(f"{steady.ref} stays {steady.last_report().rag.word}.")
    expect(page.locator("#done")).to_contain_text(f"{done + 4} of {total} done.")
    expect(card(page, improving)).to_contain_text("Reported for March 2021.")
    assert not audit(page)

    card(page, improving).get_by_role("link", name="Deliver the YOS improvement plan").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Deliver the YOS improvement plan")
    body = page.locator("main")
    expect(body).to_contain_text("The board agreed the plan.")
    expect(body).to_contain_text("A second inspector starts in May.")
    history = page.locator(".moj-timeline").first
    expect(history).to_contain_text("Amber")
    expect(history).to_contain_text("Abi Onaboye")
    expect(history).to_contain_text("Because: The board agreed the plan.")


def test_director_corrects_a_report_on_the_page_of_the_activity(visit, javascript):
    page = visit("director", javascript=javascript)
    page.goto(f"/plans/{LAMBETH}/activities/cska08/report/")
    rate(page, "Red")
    page.get_by_label("What happened").fill("The inspectors came early.")
    page.get_by_label("Path to green").fill("The plan is rewritten by May.")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("CSKA08 is now Red.")

    page.goto(f"/plans/{LAMBETH}/activities/cska08/report/")
    expect(page.get_by_label("What happened")).to_have_value("The inspectors came early.")
    rate(page, "Green")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("CSKA08 is now Green (was Red).")
    expect(page.locator(".moj-timeline").first).to_contain_text("Red → Green")
    assert not audit(page)


def test_two_directors_on_one_activity_lose_nothing(visit, javascript):
    address = f"/plans/{LAMBETH}/activities/cska08/report/"
    page, other = visit("director", javascript=javascript), visit("director", javascript=javascript)
    page.goto(address)
    rate(page, "Amber")
    page.get_by_label("What happened").fill("My words.")
    page.get_by_label("Path to green").fill("My path.")
    other.goto(address)
    rate(other, "Green")
    other.get_by_label("What happened").fill("Their words.")
    other.get_by_role("button", name="Save", exact=True).click()
    expect(other.get_by_role("alert")).to_contain_text("CSKA08 is now Green.")

    with page.expect_response(lambda response: response.request.method == "POST") as answer:
        page.get_by_role("button", name="Save", exact=True).click()
    assert answer.value.status == 409
    expect(page.get_by_role("heading", level=1)).to_have_text("CSKA08 was changed while you were writing")
    expect(page.get_by_role("region", name="The newer version")).to_contain_text("Their words.")
    expect(page.get_by_label("What happened")).to_have_value("My words.")
    expect(page.get_by_label("Path to green")).to_have_value("My path.")
    assert not audit(page)

    page.get_by_role("button", name="Save mine as the newest").click()
    expect(page.get_by_role("alert")).to_contain_text("CSKA08 is now Amber (was Green).")
    for words in ("My words.", "Their words."):
        expect(page.locator(".moj-timeline").first).to_contain_text(words)


def test_a_change_by_somebody_else_is_shown_on_the_sheet(visit, javascript):
    page, other = visit("director", javascript=javascript), visit("director", javascript=javascript)
    contested, quiet = of_lambeth("CSKA08"), of_lambeth("CSKA12")
    page.goto(f"/my-updates/?plan={LAMBETH}")
    for activity, words in ((contested, "My words."), (quiet, "Nobody disputes this.")):
        rate(card(page, activity), "Green")
        card(page, activity).get_by_label("What happened").fill(words)
    other.goto(f"/my-updates/?plan={LAMBETH}")
    rate(card(other, contested), "Complete")
    card(other, contested).get_by_label("What happened").fill("Their words.")
    card(other, contested).get_by_role("button", name="Save CSKA08").click()
    expect(other.get_by_role("alert")).to_contain_text("CSKA08 is now Complete.")

    with page.expect_response(lambda response: response.request.method == "POST") as answer:
        save_all(page)
    assert answer.value.status == 409
    expect(card(page, contested)).to_contain_text("The newer version.")
    expect(card(page, contested)).to_contain_text("Their words.")
    expect(card(page, contested).get_by_label("What happened")).to_have_value("My words.")
    expect(card(page, quiet).get_by_label("What happened")).to_have_value("Nobody disputes this.")
    assert quiet.last_report() is None
    assert not audit(page)

    save_all(page)
    saved = page.get_by_role("alert").filter(has_text="Saved")
    expect(saved).to_contain_text("2 updates saved. CSKA08 is now Green (was Complete). CSKA12 is now Green.")


#: The ring of a radio is drawn before its label.
FOCUS_SHOWN = """() => {
  const focused = document.activeElement
  const styles = [getComputedStyle(focused), getComputedStyle(focused.nextElementSibling ?? focused, '::before')]
  return styles.some(style => style.boxShadow !== 'none' || style.outlineStyle !== 'none')
}"""


def focused(page: Page, attribute: str) -> str:
    return page.evaluate(f"document.activeElement.getAttribute('{attribute}') || ''")


def tab_to(page: Page, attribute: str, value: str) -> None:
    """Presses Tab until the element with this attribute has the focus, and sees that the focus is visible."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if focused(page, attribute) == value:
            assert page.evaluate(FOCUS_SHOWN), f"no focus is seen on {value}"
            return
    pytest.fail(f"Tab never came to {attribute}={value}")


def test_a_report_needs_no_mouse(visit, javascript):
    page = visit("director", javascript=javascript)
    page.goto(f"/my-updates/?plan={LAMBETH}")
    prefix = prefix_of(of_lambeth("CSKA08"))
    page.keyboard.press("Tab")
    assert focused(page, "href") == "#main-content"
    page.keyboard.press("Enter")

    tab_to(page, "name", f"{prefix}-rag")
    page.keyboard.press("Space")
    while focused(page, "value") != "amber":
        page.keyboard.press("ArrowRight")
    tab_to(page, "name", f"{prefix}-what_happened")
    page.keyboard.type("Typed without a mouse.")
    tab_to(page, "name", f"{prefix}-path_to_green")
    page.keyboard.type("By the keyboard.")
    tab_to(page, "value", prefix)
    page.keyboard.press("Enter")

    expect(page.get_by_role("alert")).to_contain_text("CSKA08 is now Amber.")
    assert of_lambeth("CSKA08").last_report().what_happened == "Typed without a mouse."
