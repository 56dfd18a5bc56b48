"""The administrator's journey: owners and dates in the editable table, and new people."""

import re

import pytest
from django.core import mail
from playwright.sync_api import Page, expect

from activities.models import Activity
from lambeth_plans.accounts.models import Officer, User
from tests.journeys.audit import audit
from tests.journeys.conftest import log_in
from tests.journeys.pages import LAMBETH

pytestmark = pytest.mark.browser


def field(page: Page, row: str, name: str):
    return page.locator(f"[name=row-{row}-{name}]")


def test_administrator_changes_an_owner_and_a_due_date(visit, javascript):
    page = visit(javascript=javascript)
    log_in(page, "administrator")
    expect(page).to_have_url("/set-up/")
    page.get_by_role("link", name="Activities, owners and due dates of Children's Directorate Plan 2020/21").click()
    field(page, "cska08", "owner").select_option(label="Cathy Twist")
    field(page, "cska08", "due_date").fill("the 32nd of May")
    page.get_by_role("button", name="Save all changes").click()

    summary = page.get_by_role("alert").filter(has_text="There is a problem")
    expect(summary.get_by_role("link", name=re.compile("CSKA08"))).to_be_visible()
    expect(field(page, "cska08", "owner").locator("option:checked")).to_have_text("Cathy Twist")
    expect(field(page, "cska08", "due_date")).to_have_value("the 32nd of May")
    assert Activity.objects.get(ref="CSKA08").owner.name == "Abi Onaboye"
    assert not audit(page)

    field(page, "cska08", "due_date").fill("May 2021")
    page.get_by_label("Why", exact=True).fill("Agreed with both directors.")
    page.get_by_role("button", name="Save all changes").click()
    expect(page.get_by_role("alert")).to_contain_text("CSKA08 is saved.")

    page.goto(f"/plans/{LAMBETH}/activities/cska08/")
    expect(page.locator(".govuk-summary-list__row").filter(has_text="Owner")).to_contain_text("Cathy Twist")
    history = page.locator(".moj-timeline__item").first
    for words in (
        "Abi Onaboye → Cathy Twist",
        "May 2021",
        "Demo administrator",
        "Because: Agreed with both directors.",
    ):
        expect(history).to_contain_text(words)


def test_administrator_adds_a_post_holder_who_logs_in(visit, javascript):
    page = visit("administrator", javascript=javascript)
    page.goto("/set-up/users/")
    page.get_by_role("button", name="Add somebody").click()
    page.get_by_label("User name").fill("newcomer")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("There is a problem")
    expect(page.get_by_label("User name")).to_have_value("newcomer")
    assert not audit(page)

    page.get_by_label("Name", exact=True).fill("A Newcomer")
    page.get_by_label("E-mail address").fill("newcomer@example.org")
    page.get_by_label(re.compile("^Director:")).check()
    page.get_by_label("Lambeth", exact=True).check()
    page.get_by_label("Why", exact=True).fill("Starts in June.")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("alert").last).to_contain_text("A Newcomer is added with the user name newcomer.")
    assert User.objects.get(username="newcomer").role == "director"

    page.goto("/set-up/councils/lambeth/people/")
    page.locator("[name=new-1-name]").fill("Head of Inclusion")
    page.locator("[name=new-1-user]").select_option("newcomer")
    page.get_by_label("Why", exact=True).fill("A new post.")
    page.get_by_role("button", name="Save all changes").click()
    expect(page.get_by_role("alert")).to_contain_text("Head of Inclusion is saved.")
    assert Officer.objects.get(council__slug="lambeth", name="Head of Inclusion").user.username == "newcomer"

    choose_a_password(visit(javascript=javascript))


def choose_a_password(page: Page) -> None:
    """The newcomer follows the link in their e-mail, and logs in."""
    link = re.search(r"https?://\S+", mail.outbox[-1].body)[0]
    page.goto(link)
    page.get_by_label("New password", exact=True).fill("a-long-walk-to-work")
    page.get_by_label("The new password again").fill("a-long-walk-to-work")
    page.get_by_role("button", name=re.compile("password")).last.click()
    page.goto("/accounts/login/")
    page.get_by_label("User name").fill("newcomer")
    page.get_by_label("Password", exact=True).fill("a-long-walk-to-work")
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("My updates")
