"""Pages on paper and in forced colours."""

import re

import pytest
from playwright.sync_api import expect

from objectives.models import Plan
from tests.journeys.audit import audit
from tests.journeys.pages import EXAMPLE

pytestmark = pytest.mark.browser


def test_a_plan_is_printed_without_menus_and_buttons(visit):
    page = visit("scrutiny_member")
    page.goto(f"/plans/{EXAMPLE}/")
    expect(page.get_by_role("navigation", name="This plan")).to_be_visible()
    page.emulate_media(media="print")
    assert page.get_by_role("navigation").filter(visible=True).count() == 0
    assert page.get_by_role("button").filter(visible=True).count() == 0
    expect(page.get_by_role("heading", name="Summary")).to_be_visible()
    # The tables behind the charts are closed on the screen and open on paper.
    for table in page.locator("details table").all():
        expect(table).to_be_visible()


def test_a_plan_on_a_page_is_one_side_of_a4_and_one_screen(visit):
    page = visit("director")
    page.set_viewport_size({"width": 1280, "height": 1024})
    for plan in Plan.objects.order_by("slug"):
        page.goto(f"/plans/{plan.slug}/on-a-page/")
        end = page.evaluate("document.querySelector('.app-one-page').getBoundingClientRect().bottom")
        assert end <= 1024, f"{plan} ends at {end}"
        margins = dict.fromkeys(("top", "right", "bottom", "left"), "10mm")
        sides = re.findall(rb"/Type /Page\b", page.pdf(format="A4", margin=margins))
        assert len(sides) == 1, f"{plan} needs {len(sides)} sides"


def test_ratings_keep_their_words_in_forced_colours(visit):
    page = visit("scrutiny_member")
    page.emulate_media(forced_colors="active")
    page.goto(f"/plans/{EXAMPLE}/activities/")
    for word in ("Red", "Amber", "Green", "Not reported"):
        expect(page.locator("tbody .app-rag").filter(has_text=word).first).to_be_visible()
    shapes = page.locator("tbody .app-rag svg").filter(visible=True)
    assert shapes.count() == page.locator("tbody .app-rag").count()
    assert not audit(page)
