"""The scrutiny member's journey: from the dashboard to the thing behind every figure, by links only."""

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import log_in
from tests.journeys.pages import EXAMPLE, LAMBETH

pytestmark = pytest.mark.browser


def main(page: Page):
    return page.locator("main")


#: Entries of the navigation that several pages share.
SHARED = {
    "Money and people": ("Savings", "Contracts", "Budget", "Workforce"),
    "Changes": ("What changed", "Data quality"),
}


def go_to(page: Page, entry: str) -> None:
    """Follows an entry of the plan's own navigation, through the one it shares with others if need be."""
    menus = page.get_by_role("main").get_by_role("navigation")
    shared = next((group for group, entries in SHARED.items() if entry in entries), "")
    if shared and not menus.get_by_role("link", name=entry, exact=True).count():
        menus.get_by_role("link", name=shared, exact=True).click()
    menus.get_by_role("link", name=entry, exact=True).first.click()


def follow(page: Page, words: str) -> None:
    main(page).get_by_role("link", name=words).first.click()


def heading(page: Page):
    return page.get_by_role("heading", level=1)


def changes_nothing(page: Page) -> None:
    """The only thing that can be sent from the page is the log-out."""
    posting = page.locator("form[method=post]")
    expect(posting).to_have_count(1)
    expect(posting).to_have_attribute("action", "/accounts/logout/")


def test_scrutiny_member_finds_the_printed_figures(visit, javascript):
    page = visit(javascript=javascript)
    log_in(page, "scrutiny_member")
    expect(page).to_have_url("/scrutiny/")
    changes_nothing(page)
    page.get_by_role("navigation", name="Menu").get_by_role("link", name="Plans").click()
    follow(page, "Children's Directorate Plan 2020/21")
    expect(main(page)).to_contain_text("£8,049,000")
    expect(main(page)).to_contain_text("None of the 37 activities has a report")

    go_to(page, "Savings")
    total = page.get_by_role("row").filter(has_text="Total, computed")
    expect(total).to_contain_text("8,049")
    expect(total).to_contain_text("£18,765,000")
    changes_nothing(page)
    go_to(page, "Budget")
    expect(main(page)).to_contain_text("£69,846,000")
    expect(main(page)).to_contain_text("£300,055,000")
    go_to(page, "Workforce")
    expect(main(page)).to_contain_text("Grade bands and other 427 + agency staff 146 + apprentices 5 = 578.")
    go_to(page, "Data quality")
    expect(main(page)).to_contain_text("CSOB2")
    changes_nothing(page)


def test_scrutiny_member_comes_from_the_figures_to_what_is_behind_them(visit, javascript):
    page = visit("scrutiny_member", javascript=javascript)
    page.goto(f"/plans/{LAMBETH}/")
    follow(page, "CSOB02")
    expect(heading(page)).to_contain_text("Deliver a robust offer for children and families in Lambeth")
    follow(page, "CSKA27")
    expect(heading(page)).to_contain_text("Develop an effective early intervention offer")
    expect(main(page)).to_contain_text("Not reported")
    changes_nothing(page)
    go_to(page, "Activities")
    follow(page, "CSKA24")
    expect(main(page).locator(".govuk-summary-list__row").filter(has_text="Objective")).to_contain_text("not stated")
    go_to(page, "Indicators")
    follow(page, "RI.49")
    expect(main(page)).to_contain_text("86.22%")
    expect(main(page)).to_contain_text("No target is stated, so no colour.")
    go_to(page, "Risks")
    follow(page, "CSSR0005")
    expect(main(page)).to_contain_text("32")
    go_to(page, "Savings")
    follow(page, "19.20.CHN-006")
    expect(main(page)).to_contain_text("£188,000")
    go_to(page, "Contracts")
    follow(page, "CAMHs")
    expect(main(page)).to_contain_text("part of larger CAMHs contract with CCG")
    follow(page, "Abi Onaboye")
    expect(heading(page)).to_contain_text("Abi Onaboye")
    changes_nothing(page)


def test_scrutiny_member_follows_the_golden_thread(visit, javascript):
    """Where a document states the links, they lead from the objective to everything that hangs on it, and back."""
    page = visit("scrutiny_member", javascript=javascript)
    page.goto(f"/plans/{EXAMPLE}/")
    expect(main(page)).to_contain_text("Example Borough is invented.")
    follow(page, "EBO1")
    follow(page, "EBA01")
    expect(heading(page)).to_contain_text("Open three family hubs")
    follow(page, "EB01")
    expect(heading(page)).to_contain_text("Children referred again within 12 months")
    follow(page, "EBO1")
    for ref in ("EBR01", "EBS"):
        follow(page, ref)
        follow(page, "EBO1")
    expect(heading(page)).to_contain_text("Children are safe at home")


def test_scrutiny_member_narrows_a_list(visit, javascript):
    page = visit("scrutiny_member", javascript=javascript)
    page.goto(f"/plans/{EXAMPLE}/activities/")
    everything = page.locator("tbody tr").count()
    page.get_by_label("Rating").select_option("red")
    page.get_by_role("button", name="Filter").click()
    expect(main(page)).to_contain_text(f"of {everything} activities")
    shown = page.locator("tbody tr").count()
    assert 0 < shown < everything
    expect(page.locator("tbody tr .app-rag--red")).to_have_count(shown)
    page.get_by_role("link", name="Clear").click()
    assert page.locator("tbody tr").count() == everything


def test_scrutiny_member_has_no_way_to_forms(visit, javascript):
    page = visit("scrutiny_member", javascript=javascript)
    for address in (
        "/my-updates/",
        "/imports/new/",
        f"/set-up/plans/{LAMBETH}/activities/",
        f"/plans/{LAMBETH}/activities/cska08/report/",
        f"/plans/{LAMBETH}/risks/cssr0005/edit/",
    ):
        assert page.goto(address).status == 403
        expect(heading(page)).to_have_text("You cannot do this")
        changes_nothing(page)
