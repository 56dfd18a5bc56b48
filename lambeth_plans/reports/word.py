"""The pack as a Word file that a committee clerk can publish and a screen reader can read."""

import io
from collections.abc import Iterator, Sequence
from datetime import UTC

from docx import Document as new_document
from docx.document import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.shared import Cm, Pt
from docx.text.paragraph import Paragraph

from lambeth_plans.charts.pictures import png_of
from lambeth_plans.reports.blocks import (
    EXEMPT,
    PART_II,
    Block,
    Group,
    Items,
    Picture,
    Section,
    Sentences,
    Table,
)
from lambeth_plans.reports.pack import Pack
from lambeth_plans.reports.word_parts import (
    ACROSS,
    LANGUAGE,
    MARGIN,
    UPRIGHT,
    add_table,
    bytes_of,
    clean,
    describe,
    rows_of,
    set_styles,
    without_thumbnail,
    write_edges,
)

#: What a Word file is called on the web.
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
NOTE = "What a document does not state reads “not stated”."
LEFT_OUT = "Something is left out here, because it is exempt from publication (Part II)."
INVENTED = "{council} is invented. None of its people, plans or figures are real."

BELOW_TABLE = Pt(8)
#: As high as a picture may be, so that its title and its words stand on the same page.
TALLEST = Cm(20)

#: A heading of a step, or a block.
Element = tuple[int, str] | Block


def word_of(pack: Pack) -> bytes:
    """The file. The same pack gives the same bytes."""
    return _Writer(pack).bytes()


class _Writer:
    def __init__(self, pack: Pack) -> None:
        self.pack = pack
        self.document: Document = new_document()
        self.is_across, self.marking = False, ""
        self.is_below_table = False

    def bytes(self) -> bytes:
        set_styles(self.document)
        without_thumbnail(self.document)
        self._properties()
        self._page(self.document.sections[0])
        self._cover()
        for section in self.pack.sections:
            self._section(section)
        return bytes_of(self.document)

    def _properties(self) -> None:
        """No person's name: the council says what stands here. The times are those of the publication."""
        pack, properties = self.pack, self.document.core_properties
        moment = pack.moment.astimezone(UTC).replace(tzinfo=None, microsecond=0)
        properties.title = clean(f"{pack.title}: {pack.name}")[:255]
        properties.author = properties.last_modified_by = clean(pack.council)[:255]
        properties.subject = properties.category = properties.comments = properties.keywords = ""
        properties.created = properties.modified = moment
        properties.language, properties.revision = LANGUAGE, 1
        if pack.marking:
            properties.category = PART_II

    # Pages

    @property
    def width(self) -> int:
        return ACROSS if self.is_across else UPRIGHT

    def _page(self, section) -> None:
        """The paper of a section of the document, with its header and its footer."""
        long, short = Cm(29.7), Cm(21)
        section.orientation = WD_ORIENT.LANDSCAPE if self.is_across else WD_ORIENT.PORTRAIT
        section.page_width, section.page_height = (long, short) if self.is_across else (short, long)
        section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = MARGIN
        section.header_distance = section.footer_distance = Cm(1)
        write_edges(
            section,
            left=f"{self.pack.council}: {self.pack.title}",
            marking=self.marking,
            name=self.pack.name,
            width=self.width,
        )

    def _turn(self, is_across: bool, marking: str) -> None:
        """A new page where the paper turns or the marking changes."""
        if (is_across, marking) != (self.is_across, self.marking):
            self.is_across, self.marking = is_across, marking
            self._page(self.document.add_section(WD_SECTION.NEW_PAGE))

    # What is said

    def _cover(self) -> None:
        pack = self.pack
        if pack.marking:
            self._paragraph(f"This report holds parts that are exempt. {PART_II}.", "Marking")
        self._paragraph(pack.title, "Title")
        about = Table("About this report", ("About", "This report"), rows_of(*pack.cover), (25, 75))
        self._table(about)
        if pack.is_invented:
            self._paragraph(INVENTED.format(council=pack.council))
        self._paragraph(NOTE)

    def _paragraph(self, text: str, style: str | None = None) -> Paragraph:
        paragraph = self.document.add_paragraph(clean(text), style)
        if self.is_below_table:
            paragraph.paragraph_format.space_before = BELOW_TABLE
            self.is_below_table = False
        return paragraph

    def _table(self, table: Table) -> None:
        add_table(self.document, table, self.width)
        self.is_below_table = True

    def _section(self, section: Section) -> None:
        marking = PART_II if section.is_exempt and not section.is_withheld else ""
        elements: list[Element] = [(1, section.title), *_elements(section.blocks)]
        for element, is_across in zip(elements, _turns(elements), strict=True):
            self._turn(is_across, marking)
            self._element(element)
            if element == (1, section.title):
                self._standing(section, marking)
        if section.left_out:
            self._paragraph(LEFT_OUT)

    def _standing(self, section: Section, marking: str) -> None:
        if section.is_withheld:
            self._paragraph(EXEMPT, "Marking")
            self._paragraph(section.because)
        elif marking:
            self._paragraph(f"{marking}. {section.because}", "Marking")

    def _element(self, element: Element) -> None:
        if isinstance(element, tuple):
            step, text = element
            self.document.add_heading(clean(text), step)
            self.is_below_table = False
        elif isinstance(element, Sentences):
            for row in element.rows:
                self._paragraph(row.cells[0].words)
        elif isinstance(element, Items):
            self._paragraph(element.lead).paragraph_format.keep_with_next = True
            for row in element.rows:
                self._paragraph(row.cells[0].words, "List Number" if element.is_numbered else "List Bullet")
        elif isinstance(element, Table):
            if not element.is_headed:
                self._paragraph(element.caption, "Caption")
            self._table(element)
        else:
            self._picture(element)

    def _picture(self, picture: Picture) -> None:
        chart = picture.chart
        self._paragraph(chart.title, "Caption")
        if not chart.is_empty:
            paragraph = self._paragraph("")
            paragraph.paragraph_format.keep_with_next = True
            drawn = paragraph.add_run().add_picture(io.BytesIO(png_of(chart)), width=UPRIGHT)
            if drawn.height > TALLEST:
                drawn.width, drawn.height = int(drawn.width * TALLEST / drawn.height), TALLEST
            describe(drawn, chart)
        self._paragraph(f"{chart.description} Source: {chart.source.rstrip('.')}.")


def _elements(blocks: Sequence[Block]) -> Iterator[Element]:
    for block in blocks:
        if isinstance(block, Group):
            yield (2, block.heading)
            yield from _elements(block.blocks)
        else:
            yield block


def _turns(elements: Sequence[Element]) -> list[bool]:
    """For each element whether it is printed across the page. Headings and words go with what follows them, else with
    what stands before."""
    turns: list[bool | None] = [
        element.is_wide if isinstance(element, Table) else False if isinstance(element, Picture) else None
        for element in elements
    ]
    for before, place in ((1, range(len(turns) - 2, -1, -1)), (-1, range(1, len(turns)))):
        for each in place:
            turns[each] = turns[each + before] if turns[each] is None else turns[each]
    return [bool(turn) for turn in turns]
