"""Beside every colour of a figure stands its sentence, on every page that shows one."""

from decimal import Decimal
from html.parser import HTMLParser

import pytest
from django.test import Client
from django.urls import reverse

from tests import factories
from tests.permissions.expected import PAGES
from tests.permissions.walk import BACKEND, own_patterns, parts_of
from tests.stage import held, set_stage

pytestmark = pytest.mark.django_db
FILES = ("plan_workbook", "plan_figures", "plan_register")
READ = sorted(name for name, page in PAGES.items() if page.who == "readers" and 200 in page.get and name not in FILES)
#: The colour that on this stage figures have, and one report.
COLOUR = "app-rag--amber"
AROUND = {"tr", "li", "p", "dd", "article"}


class Colours(HTMLParser):
    """The text of the nearest row, item or paragraph around each amber rating that is no count."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[tuple[str, list[str], list[bool]]] = []
        self.found: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list) -> None:
        classes = dict(attrs).get("class") or ""
        if tag in AROUND:
            self.open.append((classes, [], []))
        if COLOUR in classes.split() and not any("app-rag-counts" in around for around, _, _ in self.open):
            if self.open:
                self.open[-1][2].append(True)
            else:
                self.found.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag in AROUND and self.open:
            _, text, marks = self.open.pop()
            if marks:
                self.found.append(" ".join("".join(text).split()))

    def handle_data(self, data: str) -> None:
        for _, text, _ in self.open:
            text.append(data)


@pytest.fixture(scope="module")
def stage(django_db_setup, django_db_blocker):
    """Every indicator's newest figure is amber, and nothing else is."""
    with held(django_db_blocker):
        stage = set_stage("here")
        for place in (stage.records["indicator"], stage.others["indicator"]):
            latest = place.indicator.outturns.order_by("period_start").last()
            factories.TargetFactory(indicator=place.indicator, period=latest.period, value=Decimal(95))
        yield stage


def html_of(stage, name: str) -> str:
    client = Client()
    client.force_login(stage.people["other_director"], BACKEND)
    parts = own_patterns()[name].pattern.converters
    address = reverse(name, kwargs=parts_of(stage, PAGES[name].of, parts) if parts else None)
    response = client.get(address)
    return response.content.decode() if response["Content-Type"].startswith("text/html") else ""


RATED = ("Path to green", "A At risk")


def test_every_colour_of_a_figure_has_its_sentence(stage):
    shown = {name: Colours(html_of(stage, name)).found for name in READ}
    # What a person rated has that person's words instead: a report, or how a saving stands.
    judged = {
        name: [text for text in found if not any(words in text for words in RATED)] for name, found in shown.items()
    }
    silent = {name: [text for text in found if "Amber: " not in text] for name, found in judged.items()}
    assert {name: texts for name, texts in silent.items() if texts} == {}
    pages = {name for name, found in judged.items() if found}
    assert {"indicator_list", "indicator_detail", "activity_detail", "objective_detail", "plan_dashboard"} <= pages


def test_a_colour_alone_is_noticed():
    rating = '<span class="app-rag app-rag--amber">Amber</span>'
    assert Colours(f"<tr><td>{rating}</td><td>Amber: 1% is below.</td></tr>").found == ["AmberAmber: 1% is below."]
    assert Colours(f"<p>{rating}</p>").found == ["Amber"]
    assert Colours(f"<div>{rating}</div>").found == [""]
    assert Colours(f'<li class="app-rag-counts__item">{rating}</li>').found == []
