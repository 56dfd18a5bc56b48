import io
import re
import zipfile
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from docx import Document
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn

from lambeth_plans.charts import Step, waterfall
from lambeth_plans.cycles.parts import Part
from lambeth_plans.rag import Rag
from lambeth_plans.reports.blocks import EXEMPT, PART_II, Picture
from lambeth_plans.reports.word import TALLEST, _Writer, word_of
from lambeth_plans.reports.word_parts import clean
from tests.reports.conftest import BECAUSE

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def files(shelf):
    """The Word file of a pack with an exempt part, for officers and for members."""
    return {members: word_of(shelf.pack("money", members=members)) for members in (False, True)}


@pytest.fixture
def word(files):
    return Document(io.BytesIO(files[False]))


def edges(document):
    """What stands over and under the pages of each section of the document."""
    return [
        ("\n".join(p.text for p in section.header.paragraphs), "\n".join(p.text for p in section.footer.paragraphs))
        for section in document.sections
    ]


def test_headings_are_headings_and_the_title_is_a_title(word):
    styled = [(paragraph.style.name, paragraph.text) for paragraph in word.paragraphs]
    assert [text for style, text in styled if style == "Title"] == ["A Plan"]
    heads = [text for style, text in styled if style == "Heading 1"]
    assert [head.partition(". ")[0] for head in heads] == [str(number + 1) for number in range(len(Part))]
    assert heads[0] == "1. Summary of the report"
    assert "Complete" in [text for style, text in styled if style == "Heading 2"]
    assert [text for style, text in styled if style == "List Number"] == ["That the Koala be noted.", "That it be fed."]


def test_every_table_repeats_its_headings_and_says_what_it_is(word):
    assert len(word.tables) > 10
    for table in word.tables:
        properties, first = table._tbl.tblPr, table._tbl.tr_lst[0]
        assert first.find(qn("w:trPr")).find(qn("w:tblHeader")) is not None
        assert [row.find(qn("w:trPr")).find(qn("w:tblHeader")) for row in table._tbl.tr_lst[1:]].count(None) > 0
        assert table.style.name == "Plan table"
        assert properties.find(qn("w:tblCaption")).get(qn("w:val"))
        assert properties.find(qn("w:tblLook")).get(qn("w:firstRow")) == "1"


def test_every_picture_has_its_words(word):
    pictures = [shape._inline.docPr for shape in word.inline_shapes]
    assert [picture.get("title") for picture in pictures] == [
        "Share of Numbat by month",
        "Planned savings by year, £000",
        "From the budget of 2025/26 to the forecast of September 2025",
    ]
    assert "The largest step is +£50,000, Bilby house." in pictures[2].get("descr")
    assert pictures[0].get("descr").startswith("Share of Numbat by month. From 90.0%")
    assert len({picture.get("id") for picture in pictures}) == len(pictures)


def test_a_rating_is_a_word_and_a_letter_beside_its_colour(word):
    shaded = [
        (cell.text, cell._tc.tcPr.find(qn("w:shd")).get(qn("w:fill")))
        for table in word.tables
        for cell in table._cells
        if cell._tc.tcPr.find(qn("w:shd")) is not None
    ]
    assert ("Red (R)", Rag.RED.paper) in shaded
    assert ("R: R1", Rag.RED.paper) in shaded
    letters = {rag.paper: rag.letter for rag in Rag}
    assert [text for text, paper in shaded if not re.search(rf"(^|\(){letters[paper]}\b", text)] == []


def test_the_language_and_the_properties_are_the_councils(files, word):
    with zipfile.ZipFile(io.BytesIO(files[False])) as package:
        styles, names = package.read("word/styles.xml").decode(), package.namelist()
    assert set(re.findall(r'<w:lang [^>]*w:val="([^"]*)"', styles)) == {"en-GB"}
    assert not [name for name in names if "thumbnail" in name]
    properties = word.core_properties
    assert (properties.title, properties.author) == ("A Plan: Publication 3", "The Borough & Co")
    assert (properties.last_modified_by, properties.language) == ("The Borough & Co", "en-GB")
    published = datetime(2026, 3, 3, 18, 30, tzinfo=UTC)
    assert {properties.created.replace(tzinfo=UTC), properties.modified.replace(tzinfo=UTC)} == {published}


def test_the_paper_turns_where_a_table_is_wide_and_each_page_is_numbered(word):
    turned = [section.orientation for section in word.sections]
    assert turned[0] == WD_ORIENT.PORTRAIT
    assert WD_ORIENT.LANDSCAPE in turned
    for section, (over, under) in zip(word.sections, edges(word), strict=True):
        assert (section.page_width > section.page_height) == (section.orientation == WD_ORIENT.LANDSCAPE)
        assert over.startswith("The Borough & Co: A Plan")
        assert under.startswith("Publication 3\tPage ")
        fields = [each.get(qn("w:instr")) for each in section.footer._element.iter(qn("w:fldSimple"))]
        assert fields == ["PAGE", "NUMPAGES"]


def test_only_pages_of_exempt_parts_are_marked(word):
    marked = [PART_II in over and PART_II in under for over, under in edges(word)]
    assert marked.count(True) == 3  # its budget is printed across the page, and its forecast upright again
    assert marked == [PART_II in f"{over}{under}" for over, under in edges(word)]
    texts = [paragraph.text for paragraph in word.paragraphs]
    assert f"{PART_II}. {BECAUSE}" in texts
    assert f"This report holds parts that are exempt. {PART_II}." in texts


def test_members_read_that_a_part_is_exempt_and_why(files):
    document = Document(io.BytesIO(files[True]))
    texts = [paragraph.text for paragraph in document.paragraphs]
    place = texts.index("8. Finance")
    assert texts[place + 1 : place + 3] == [EXEMPT, BECAUSE]
    with zipfile.ZipFile(io.BytesIO(files[True])) as package:
        whole = b"".join(package.read(name) for name in package.namelist()).decode("utf-8", "ignore")
    assert "Bilby" not in whole
    assert PART_II not in whole


def test_the_same_pack_gives_the_same_bytes(files, shelf):
    assert word_of(shelf.pack("money")) == files[False]
    assert word_of(shelf.pack("money", note="For another board.")) != files[False]


def test_what_xml_cannot_hold_is_left_out():
    assert clean("a\x00b\x0bc\ud800d\r\ne") == "a b c d\ne"


def test_a_picture_of_many_lines_still_stands_on_one_page(word):
    steps = [Step(f"Line {number}", Decimal(number)) for number in range(60)]
    chart = waterfall(title="Long", source="Us", start=Step("Budget", Decimal(9)), steps=steps, end=Step("All", None))
    writer = _Writer(None)
    writer._picture(Picture(chart))
    (drawn,) = writer.document.inline_shapes
    assert drawn.height == TALLEST
    assert drawn.width < drawn.height
