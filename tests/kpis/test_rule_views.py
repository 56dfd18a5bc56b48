from decimal import Decimal

import pytest
from django.urls import reverse

from kpis.models import Target
from lambeth_plans import periods
from tests import factories

pytestmark = pytest.mark.django_db
APRIL = periods.month(2024, 4)
MAY = periods.month(2024, 5)


@pytest.fixture
def place(borough):
    indicator = factories.IndicatorFactory(council=borough, unit="%")
    factories.OutturnFactory(indicator=indicator, period=APRIL, value=Decimal(84))
    factories.TargetFactory(indicator=indicator, period=APRIL, value=Decimal(80), value_as_stated="about 80")
    return factories.PlanIndicatorFactory(plan=factories.PlanFactory(council=borough), indicator=indicator)


@pytest.fixture
def page(client, analyst, place):
    client.force_login(analyst)
    url = reverse("target_edit", args=[place.plan.slug, place.key])
    answers = {
        "first": "Apr 2024", "last": "May 2024", "value": "86", "rule_kind": "points", "amber": "5",
        "standing": "agreed", "agreed_by": "agreed by the board, April 2026", "reason": "A harder aim.",
    }  # fmt: skip

    def post(**changes):
        return client.post(url, {**answers, **changes})

    return post


def test_what_it_would_do_is_shown_and_nothing_is_saved(page, place):
    response = page()
    assert response.status_code == 200
    assert "This would turn 1 past period Amber." in response.content.decode()
    assert Target.objects.get(indicator=place.indicator).value == 80


def test_what_was_shown_is_saved_with_one_history_row_each(page, place, analyst):
    seen = page().context["seen"]
    assert page(confirm="yes", seen=seen).status_code == 302
    targets = {target.period: target for target in Target.objects.filter(indicator=place.indicator)}
    assert {period: (target.value, target.value_as_stated) for period, target in targets.items()} == {
        APRIL: (86, ""),
        MAY: (86, ""),
    }
    entries = [Target.history.filter(id=targets[period].pk).latest("history_id") for period in (APRIL, MAY)]
    assert [(each.history_type, each.actor, each.history_change_reason) for each in entries] == [
        ("~", analyst.name, "A harder aim."),
        ("+", analyst.name, "A harder aim."),
    ]
    assert page(confirm="yes", seen=page().context["seen"]).status_code == 302  # again: nothing to do
    assert Target.history.filter(id=targets[APRIL].pk).count() == 2


def test_a_figure_that_moved_since_stops_it_and_shows_anew(page, place):
    seen = page().context["seen"]
    factories.OutturnFactory(indicator=place.indicator, period=MAY, value=Decimal(90))
    response = page(confirm="yes", seen=seen)
    assert response.status_code == 409
    assert "This is not what you looked at" in response.content.decode()
    assert Target.objects.get(indicator=place.indicator).value == 80
    assert page(confirm="yes", seen=response.context["seen"]).status_code == 302


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"first": "someday"}, "is not a period"),
        ({"last": "2024/25"}, "periods of different kinds"),
        ({"value": "TBC"}, "is no number"),
        ({"value": ""}, "A rule needs a target."),
        ({"amber": ""}, "A rule needs an amber tolerance."),
        ({"rule_kind": "percent", "value": "0"}, "A target of 0 needs a rule in points"),
        ({"rule_kind": "band", "lower": "9", "upper": "3"}, "A band needs a lower and an upper value"),
        ({"amber": "-1"}, "A tolerance is 0 or more."),
        ({"agreed_by": ""}, "Say who agreed it, and when."),
        ({"reason": ""}, "Say why, for the history."),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(page, place, changes, words):
    response = page(**changes, confirm="yes")
    assert response.status_code == 200
    html = response.content.decode()
    assert words in html
    assert "agreed by the board, April 2026" in html or "agreed_by" in changes
    assert Target.objects.get(indicator=place.indicator).value == 80
