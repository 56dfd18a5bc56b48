import pytest
from django.urls import reverse

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
