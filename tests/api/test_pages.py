"""The page about Power BI and Excel."""

import pytest
from django.urls import reverse

from lambeth_plans.api.registers import REGISTERS
from tests import factories
from tests.html import Page

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(client, scrutiny_member, plan):
    factories.PublicationFactory(plan=plan)
    client.force_login(scrutiny_member)
    return Page.of(client.get(reverse("data_guide")))


def test_it_links_every_list_as_a_file_and_as_json(page):
    addresses = {f"/api/v1/{register.name}{ending}" for register in REGISTERS for ending in ("", ".csv")}
    assert addresses <= set(page.links)


def test_it_says_how_to_get_a_token_and_names_the_plans_one_sees(page):
    text = " ".join(page.text)
    for words in ("manage.py api_token", "Authorization", "Bearer", "borough-plan", "testserver/api/v1/activities.csv"):
        assert words in text


def test_it_is_linked_from_every_page(client, scrutiny_member, plan):
    client.force_login(scrutiny_member)
    assert "/api/" in Page.of(client.get("/plans/")).links
