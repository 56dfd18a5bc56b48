import re
from datetime import UTC, datetime
from decimal import Decimal
from xml.etree import ElementTree

import pytest
from django.template import Context, Template
from django.template.loader import render_to_string

from lambeth_plans import charts
from lambeth_plans.dashboards.trail import Entry
from lambeth_plans.glossary import ABBREVIATIONS
from lambeth_plans.rag import Rag, RagCount
from lambeth_plans.templatetags.plans import abbreviations, number, pounds, pounds_thousand, stated


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (Decimal("18765000"), "£18,765,000"),
        (Decimal("18765000.00"), "£18,765,000"),
        (Decimal("1200.5"), "£1,200.50"),
        (Decimal("-62000"), "−£62,000"),
        (Decimal("0"), "£0"),
        (302640, "£302,640"),
    ],
)
def test_pounds_have_thousands_and_pence_only_where_there_are_any(amount, text):
    assert pounds(amount) == text


@pytest.mark.parametrize(("amount", "text"), [(Decimal(8049000), "8,049"), (Decimal(62500), "62.5"), (Decimal(0), "0")])
def test_thousands_of_pounds_read_as_the_plan_prints_them(amount, text):
    assert pounds_thousand(amount) == text


@pytest.mark.parametrize(
    ("value", "text"), [(Decimal("86.220000"), "86.22"), (Decimal("1E+4"), "10,000"), (Decimal("-3"), "−3")]
)
def test_numbers_have_no_needless_zeros_and_no_exponent(value, text):
    assert number(value) == text


@pytest.mark.parametrize("read", [pounds, pounds_thousand, number, stated])
def test_what_is_missing_reads_not_stated(read):
    assert read(None) == '<span class="app-not-stated">not stated</span>'


def test_nought_is_stated_and_other_words_may_be_given():
    assert stated(0) == 0
    assert "not reported" in stated("", "not reported")


def test_an_abbreviation_is_explained_once():
    html = abbreviations("CLA and CLA, EHCPs")
    assert html.count("<abbr") == 2
    assert f'<abbr title="{ABBREVIATIONS["EHCP"]}">EHCP</abbr>s' in html
    assert html.count("CLA") == 2


def test_a_longer_abbreviation_is_not_read_as_a_shorter_one():
    assert abbreviations("SEND") == f'<abbr title="{ABBREVIATIONS["SEND"]}">SEND</abbr>'


@pytest.mark.parametrize("text", ["CLASS", "LA-1", "XLAC", "cla", "CSC1", "SLAMS"])
def test_other_words_and_codes_are_left_alone(text):
    assert abbreviations(text) == text


def test_text_around_an_abbreviation_is_escaped():
    html = abbreviations("<script>CLA & 'VAWG'</script>")
    assert "<script>" not in html
    assert "&amp;" in html
    assert html.count("<abbr") == 2


def test_an_abbreviation_inside_an_escaped_sign_is_left_alone():
    assert "<abbr" not in Template("{{ text|abbreviations }}").render(Context({"text": "&<>\"'"}))


def test_every_meaning_is_words_and_no_term_is_explained_by_itself():
    for term, meaning in ABBREVIATIONS.items():
        assert meaning[0].isupper()
        assert not meaning.endswith(".")
        assert not re.search(rf"\b{re.escape(term)}\b", meaning), term


@pytest.mark.parametrize("rag", list(Rag))
def test_a_rating_has_word_letter_shape_and_colour(rag):
    html = render_to_string("components/rag.html", {"rag": rag})
    assert f"app-rag--{rag.colour}" in html
    assert f">{rag.letter}</text>" in html
    assert html.rstrip().endswith(f"{rag.word}</span>")


def test_every_rating_has_a_shape_of_its_own():
    drawings = {
        re.sub(r"<text.*?</text>", "", render_to_string("components/rag_shape.html", {"rag": rag})) for rag in Rag
    }
    assert len(drawings) == len(Rag)


def test_counts_of_ratings_leave_out_noughts():
    counts = [RagCount(Rag.RED, 2), RagCount(Rag.GREEN, 0)]
    html = render_to_string("components/rag_counts.html", {"counts": counts, "worst": Rag.RED})
    assert Rag.RED.word in html
    assert Rag.GREEN.word not in html


@pytest.mark.parametrize("code", ["400", "403", "404", "409", "413", "429", "500", "503"])
def test_pages_for_errors_need_neither_request_nor_database(code):
    html = render_to_string(f"{code}.html")
    assert "<h1" in html
    assert "Lambeth Plans</title>" in html


FULL = [
    charts.rag_bars(title="Ratings", source="The plan", rows=[charts.RagRow("A & B", [RagCount(Rag.RED, 2)], "/a/")]),
    charts.bar_chart(title="Contracts", source="The plan", rows=[charts.BarRow("A & B", Decimal(2), "/a/")]),
    charts.column_chart(
        title="Savings",
        source="The plan",
        categories=["A & B"],
        series=[charts.Series("Planned", [Decimal(2)]), charts.Series("Delivered", [None])],
    ),
    charts.line_chart(
        title="Visits",
        source="The plan",
        figures=[charts.Figure("A & B", Decimal(2), target=Decimal(3), is_provisional=True)],
    ),
]
EMPTY = [
    charts.rag_bars(title="Ratings", source="The plan", rows=[]),
    charts.bar_chart(title="Contracts", source="The plan", rows=[]),
    charts.column_chart(title="Savings", source="The plan", categories=[], series=[]),
    charts.line_chart(title="Visits", source="The plan", figures=[]),
]


def draw(figure):
    return Template("{% chart figure %}").render(Context({"figure": figure}))


@pytest.mark.parametrize("figure", FULL + EMPTY, ids=lambda figure: f"{figure.title} {figure.is_empty}")
def test_every_chart_says_title_description_and_source(figure):
    html = draw(figure)
    for text in (figure.title, figure.description, f"Source: {figure.source}"):
        assert text in html.replace("&amp;", "&")
    assert ("<svg" in html) is (not figure.is_empty)


@pytest.mark.parametrize("figure", FULL, ids=lambda figure: figure.title)
def test_every_chart_has_its_table_behind_it(figure):
    html = draw(figure)
    for cell in figure.rows[0]:
        assert f">{cell.replace('&', '&amp;')}</t" in html


@pytest.mark.parametrize("figure", FULL, ids=lambda figure: figure.title)
def test_every_drawing_is_well_formed_and_without_inline_style(figure):
    html = draw(figure)
    for part in html.split("<svg")[1:]:
        root = ElementTree.fromstring("<svg" + part.split("</svg>")[0] + "</svg>")
        assert "style" not in {name for element in root.iter() for name in element.attrib}


def test_a_sparkline_says_its_course_to_those_who_cannot_see_it():
    figures = [charts.Figure("May", Decimal(1)), charts.Figure("June", Decimal(2))]
    html = draw(charts.sparkline(title="Visits", source="The plan", figures=figures))
    assert 'aria-label="Visits: From 1 in May to 2 in June; lowest 1 in May, highest 2 in June."' in html


@pytest.mark.parametrize(
    ("query", "shown", "said"),
    [
        (
            "?frequency=year",
            20,
            '<a class="govuk-link" href="?frequency=year&amp;history=all#history">Show all 25 changes',
        ),
        (
            "?history=all&frequency=year",
            25,
            '<a class="govuk-link" href="?frequency=year#history">Show the newest only',
        ),
    ],
)
def test_a_long_history_shows_its_newest_changes_and_all_where_the_address_asks(rf, query, shown, said):
    entries = [
        Entry(datetime(2026, 7, 1, 12, number, tzinfo=UTC), "A & B", f"Number {number}.", "") for number in range(25)
    ]
    html = Template("{% history entries %}").render(Context({"request": rf.get(f"/{query}"), "entries": entries}))
    assert re.findall(r"Number (\d+)\.", html) == [str(number) for number in range(shown)]
    assert '<time datetime="2026-07-01T13:00:00+01:00">1 July 2026, 13:00</time>, A &amp; B' in html
    assert said in html


def test_a_short_history_is_shown_whole(rf):
    entries = [Entry(datetime(2026, 7, 1, tzinfo=UTC), "", "Added.", "New.")] * 20
    html = Template("{% history entries %}").render(Context({"request": rf.get("/"), "entries": entries}))
    assert (html.count("Because: New."), "Show" in html) == (20, False)


def test_a_rating_is_drawn_as_its_template_draws_it_and_none_is_nothing():
    both = Template('{% rag rag small=True %}|{% include "components/rag.html" with rag=rag small=True only %}')
    one, other = both.render(Context({"rag": Rag.AMBER})).split("|")
    assert one == other
    assert Template("{% rag rag %}").render(Context({"rag": None})) == ""


def test_words_in_tables_and_points_are_escaped():
    point = charts.lines.Point("1%", "2", "<b>'May'</b>", is_provisional=False, mark="concern")
    html = Template("{% points all %}{{ row|cells }}").render(Context({"all": [point], "row": ["<i>", "<u>"]}))
    assert html.count("&lt;b&gt;&#x27;May&#x27;&lt;/b&gt;") == 2
    assert (html.count("&lt;i&gt;</th>"), html.count("&lt;u&gt;</td>"), html.count("<b>")) == (1, 1, 0)
