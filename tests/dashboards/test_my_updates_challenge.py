"""Ratings on the sheet of updates that are better than what is known allows."""

from decimal import Decimal

import pytest

from activities.actions import Unexplained
from activities.challenge import Floor
from activities.models import ProgressUpdate
from lambeth_plans.dashboards.my_updates import prefix_of
from lambeth_plans.rag import Rag
from tests import factories

PAGE = "/my-updates/"
RED = "An indicator it aims at is Red: EB01."


@pytest.fixture
def three(client, director, activity, plan, post):
    """Activities of the director, who is logged in; the first two aim at a Red indicator."""
    client.force_login(director)
    more = [factories.ActivityFactory(plan=plan, ref=ref, owner=post) for ref in ("KA3", "KA4")]
    place = factories.PlanIndicatorFactory(plan=plan, code="EB01", activities=[activity, more[0]])
    factories.OutturnFactory(indicator=place.indicator, period="Apr 2020", value=Decimal(1))
    factories.TargetFactory(indicator=place.indicator, period="Apr 2020")
    return [activity, *more]


def send(client, activities, *reasons):
    """Rates them all Green, each with its reason if there is one."""
    typed = {"version": "1", "rag": "green", "what_happened": "As planned."}
    sheet = {"save": "all"}
    for activity, reason in zip(activities, reasons, strict=True):
        answers = {**typed, "rosier_reason": reason}
        sheet |= {f"{prefix_of(activity)}-{name}": value for name, value in answers.items()}
    return client.post(PAGE, sheet)


def test_each_rating_that_is_too_good_is_asked_about_in_its_own_row(client, three):
    assert client.get(PAGE).content.decode().count(RED) == 2
    response = send(client, three, "", "The figure is of last year.", "")
    (line,) = response.context["errors"]
    assert line.href == f"#id_{prefix_of(three[0])}-rosier_reason"
    assert line.text == (
        f"KA1: You rate it Green, but what is known allows Amber at best. {RED} Say why it is still Green."
    )
    assert not ProgressUpdate.objects.exists()
    for text in ("The figure is of last year.", "As planned."):
        assert text in response.content.decode()


def test_ratings_that_say_why_are_saved_with_what_was_known(client, three):
    send(client, three, "So it is.", "The figure is of last year.", "Not asked for.")
    kept = ProgressUpdate.objects.order_by("activity__ref").values_list("floor", "floor_because", "rosier_reason")
    assert list(kept) == [
        (Rag.AMBER, RED, "So it is."),
        (Rag.AMBER, RED, "The figure is of last year."),
        (None, "", ""),
    ]


def test_what_became_known_while_a_sheet_was_sent_is_asked_about(client, three, monkeypatch):
    def unexplained(**_):
        raise Unexplained(three[2], Floor(Rag.AMBER, ("It is late.",)))

    monkeypatch.setattr("lambeth_plans.dashboards.my_updates.submit_reports", unexplained)
    (line,) = send(client, three, "So it is.", "So it is.", "").context["errors"]
    assert (line.href, "It is late." in line.text) == (f"#id_{prefix_of(three[2])}-rosier_reason", True)
