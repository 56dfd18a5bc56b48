from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from lambeth_plans import history
from lambeth_plans.dashboards import changes
from tests import factories

pytestmark = pytest.mark.django_db


def entries(response):
    return [change.sentence for _, found in response.context["by_day"] for change in found]


@pytest.fixture
def old_risk(plan, administrator):
    """Changed 60 days ago and 10 days ago."""
    risk = factories.RiskFactory(plan=plan, ref="R1", title="Old", at=timezone.now() - timedelta(days=500))
    for days, title in ((60, "Middle"), (10, "New")):
        risk.title = title
        history.save(risk, by=administrator, reason="Renamed.", at=timezone.now() - timedelta(days=days))
    return risk


@pytest.fixture
def plan(borough):
    return factories.PlanFactory(council=borough, slug="borough-plan", at=timezone.now() - timedelta(days=1000))


def test_the_last_30_days_are_shown_unless_more_are_asked_for(read, old_risk):
    assert entries(read("change_list")) == ["Title Middle → New."]
    assert entries(read("change_list", days="7")) == []
    assert entries(read("change_list", days="90")) == ["Title Middle → New.", "Title Old → Middle."]


@pytest.mark.parametrize("days", ["31", "-1", "9" * 40, "many", ""])
def test_any_other_number_of_days_reads_as_30(read, old_risk, days):
    response = read("change_list", days=days)
    assert response.context["days"] == 30
    assert entries(response) == ["Title Middle → New."]


def test_a_wrong_choice_is_told(read, old_risk):
    assert "is not one of the available choices" in read("change_list", days="31").content.decode()


def test_each_change_names_who_when_and_why_and_leads_to_its_record(read, plan, old_risk, administrator):
    html = read("change_list").content.decode()
    assert reverse("risk_detail", args=[plan.slug, old_risk.key]) in html
    assert "Administrator" in html
    assert "Because: Renamed." in html


def test_older_changes_stand_on_further_pages(read, plan, old_risk, administrator, monkeypatch):
    monkeypatch.setattr(changes, "PAGE_SIZE", 1)
    first = read("change_list", days="90")
    assert entries(first) == ["Title Middle → New."]
    assert "?days=90&amp;page=2" in first.content.decode()
    second = read("change_list", days="90", page="2")
    assert entries(second) == ["Title Old → Middle."]
    assert "Older changes" not in second.content.decode()
    assert "Nothing changed before that." in read("change_list", days="90", page="3").content.decode()
