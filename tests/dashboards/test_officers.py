from datetime import date

import pytest
from django.urls import reverse

from lambeth_plans import history
from tests import factories

pytestmark = pytest.mark.django_db


def lines(client):
    response = client.get(reverse("officer_list", args=["borough"]))
    assert response.status_code == 200
    return {line.officer.key: line.counts for line in response.context["lines"]}


def test_the_list_counts_what_each_answers_for(reader, borough, plan, activity, other_activity, post, other_post):
    earlier = factories.PlanFactory(council=borough)
    factories.ActivityFactory(plan=earlier, owner=post, further_owners=[post], lead_members=[other_post])
    factories.PlanIndicatorFactory(plan=plan, owner=post)
    factories.RiskFactory.create_batch(2, plan=plan, owner=post)
    factories.SavingFactory(plan=plan, owner=post)
    factories.ContractFactory(plan=plan, director=other_post, further_directors=[post, other_post])
    factories.BoardFactory(council=borough, chair=post, members=[other_post])
    found = lines(reader)
    assert found["director-of-care"] == (
        "2 activities",
        "1 indicator",
        "2 risks",
        "1 saving",
        "1 contract",
        "1 division directed",
        "1 board chaired",
    )
    assert found["director-of-learning"] == (
        "1 activity",
        "1 activity as lead member",
        "1 contract",
        "1 division directed",
        "1 board sat on",
    )


def test_whoever_has_left_stands_last_and_reads_so(reader, borough, post):
    factories.OfficerFactory(council=borough, key="gone", name="Aaron", left_date=date(2026, 3, 31))
    assert list(lines(reader)) == ["director-of-care", "gone"]
    html = reader.get(reverse("officer_list", args=["borough"])).content.decode()
    assert "31 March 2026" in html


def test_whoever_answers_for_nothing_reads_so(reader, borough):
    factories.OfficerFactory(council=borough, key="new", post="")
    html = reader.get(reverse("officer_list", args=["borough"])).content.decode()
    assert "nothing" in html
    assert html.count("not stated") >= 2


def test_an_officer_is_seen_across_plans(reader, borough, plan, activity, post, other_post, administrator):
    earlier = factories.PlanFactory(council=borough, title="Earlier Plan", status="closed", around=date(2019, 5, 1))
    factories.ActivityFactory(plan=earlier, ref="OLD1", owner=post)
    factories.ConsultationFactory(plan=earlier, officer=post)
    factories.SectionFactory(plan=plan, author=post, title="Foreword")
    factories.BoardFactory(council=borough, key="panel", name="Panel", chair=post)
    factories.BoardFactory(council=borough, key="trust", name="Trust", members=[post])
    history.save(other_post, by=administrator, reason="Leave.", links={"deputies": [post]})
    response = reader.get(reverse("officer_detail", args=["borough", post.key]))
    found = [(line.plan, dict(line.counts)) for line in response.context["plans"]]
    assert found == [
        (plan, {"Activities": 1, "Wrote": 1}),
        (earlier, {"Activities": 1, "Was consulted on": 1}),
    ]
    html = response.content.decode()
    for told in ("Chairs", "Panel", "Sits on", "Trust", "Deputises for", "Director of Learning", "Foreword"):
        assert told in html


def test_an_officer_of_another_council_does_not_exist(client, stranger, post):
    client.force_login(stranger)
    assert client.get(reverse("officer_detail", args=["borough", post.key])).status_code == 404
