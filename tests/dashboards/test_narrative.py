import pytest
from django.urls import reverse

from lambeth_plans import history
from tests import factories

pytestmark = pytest.mark.django_db


def test_the_plan_in_words_shows_sections_divisions_claims_and_events(read, plan, division, post):
    section = factories.SectionFactory(plan=plan, key="foreword", title="Foreword", body="CLA first.", author=post)
    factories.AchievementFactory(plan=plan, claim="Schools are good", figure="93%", source="Ofsted")
    factories.EventFactory(plan=plan, title="Focused visit", event_date="April 2019", judgement="Encouraging")
    factories.EventFactory(plan=plan, title="Peer review")
    factories.DataQualityNoteFactory(plan=plan, record_kind="section", record_key=section.key, field="numbering")
    html = read("narrative").content.decode()
    assert '<section id="foreword"' in html
    assert '<abbr title="Child looked after: a child in the council&#x27;s care">CLA</abbr> first.' in html
    assert html.count(reverse("officer_detail", args=["borough", post.key])) == 2
    for words in ("Care", "93%", "source: Ofsted", "April 2019", "Encouraging", "date not stated"):
        assert words in html
    assert "Foreword: numbering" in html


def test_commitments_stand_by_date_and_under_the_event_that_looks_for_them(read, plan):
    event = factories.EventFactory(
        plan=plan, key="visit", kind="visit", title="Monitoring visit", expects_next="Figures."
    )
    for key, due in (("later", "December 2026"), ("sooner", "June 2026"), ("undated", None)):
        factories.MilestoneFactory(plan=plan, key=key, due_date=due)
    factories.MilestoneFactory(plan=plan, key="then", title="Case loads fall", event=event)
    response = read("narrative")
    assert [each.key for each in response.context["milestones"]] == ["sooner", "later", "undated"]
    assert [each.key for each in response.context["events"][0].milestones] == ["then"]
    html = response.content.decode()
    for words in ("To be so by then", "Case loads fall", "Visit", "Figures.", 'id="milestone-then"'):
        assert words in html


def test_achievements_stand_under_the_headings_of_the_document(read, plan):
    for claim, group in (("A", "Results"), ("B", ""), ("C", "Results")):
        factories.AchievementFactory(plan=plan, claim=claim, group=group)
    groups = read("narrative").context["achievements"]
    assert [(group, [each.claim for each in found]) for group, found in groups] == [
        ("Results", ["A", "C"]),
        ("", ["B"]),
    ]


def test_only_the_divisions_and_boards_of_the_plan_are_told(read, plan, division, other_division, administrator):
    above = factories.BoardFactory(council=plan.council, name="Cabinet")
    board = factories.BoardFactory(council=plan.council, name="Improvement Board", rhythm="monthly", reports_to=[above])
    assert {each.name for each in read("narrative").context["divisions"]} == {"Care", "Learning"}
    history.save(plan, by=administrator, reason="As printed.", links={"divisions": [division], "boards": [board]})
    response = read("narrative")
    assert [each.name for each in response.context["divisions"]] == ["Care"]
    (line,) = response.context["boards"]
    assert (line.board.name, [each.name for each in line.reports_to]) == ("Improvement Board", ["Cabinet"])
    assert "Meets monthly." in response.content.decode()


def test_the_document_says_its_version_who_approved_it_and_who_was_asked(read, plan, administrator):
    plan.edition, plan.approved_by_as_stated, plan.status_as_stated = "1.2", "Cabinet", "Approved"
    history.save(plan, by=administrator, reason="As printed.")
    factories.ConsultationFactory(plan=plan, name="Director of Finance", comments="4.2 to 4.5", sent_date="May 2026")
    html = read("narrative").content.decode()
    for words in ("1.2", "Cabinet", "Approved", "Director of Finance", "4.2 to 4.5", "May 2026"):
        assert words in html
