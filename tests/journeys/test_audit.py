"""The audit and the watch find what they look for: on a page that was spoilt on purpose."""

import pytest

from tests.journeys.audit import Watch, audit

pytestmark = pytest.mark.browser

SPOIL = "html => document.querySelector('main').insertAdjacentHTML('beforeend', html)"


@pytest.fixture
def page(councils, open_page):
    page = open_page()
    page.goto("/accessibility/")
    return page


def test_the_audit_finds_an_input_without_a_label(page):
    assert not audit(page)
    page.evaluate(SPOIL, "<input id='nameless'>")
    assert any("#nameless" in problem and "at 375 px: label" in problem for problem in audit(page))


def test_the_audit_finds_a_colour_that_is_hard_to_read_whatever_was_looked_at_before(page):
    assert not audit(page)
    page.evaluate(SPOIL, "<p class='govuk-body pale'>Read me.</p>")
    # The policy refuses a style that stands in the markup, but not one that a script sets.
    page.evaluate("document.querySelector('.pale').style.color = '#ddd'")
    for _ in range(2):  # what was found bad is not taken for known
        found = [problem for problem in audit(page) if "color-contrast" in problem]
        assert [problem.split(":")[0] for problem in found] == [
            f"/accessibility/ at {width} px" for width in (1280, 375)
        ]


def test_the_audit_finds_a_page_that_scrolls_sideways(page):
    page.evaluate(SPOIL, "<svg width='350' height='10'></svg>")
    problems = audit(page)
    assert any("in 320" in problem for problem in problems)


def test_the_watch_hears_of_a_refused_style_and_of_a_missing_file(page):
    watch = Watch(page.context)
    page.reload()
    assert watch.problems == []
    page.evaluate(SPOIL, "<p style='color: red'>")
    page.evaluate(SPOIL, "<img alt='' src='/static/no-such-file.png'>")
    page.wait_for_load_state("networkidle")
    assert any("policy refused" in problem and "style-src" in problem for problem in watch.problems)
    assert any("no-such-file.png answered 404" in problem for problem in watch.problems)
