"""What python-docx has no words for: styles that carry a language, tables whose headings repeat, fields, alternatives
to pictures, and a file without the clock's traces."""

import io
import re
import zipfile
from collections.abc import Iterable
from typing import Any
from xml.sax.saxutils import escape

from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt, RGBColor

from lambeth_plans.charts import Chart
from lambeth_plans.reports.blocks import Cell, Row, Table
from lambeth_plans.reports.column_widths import fitted, longest

LANGUAGE = "en-GB"
TABLE_STYLE = "Plan table"
FONT = "Arial"
#: The size of the words in tables, in points.
TABLE_SIZE = 10
#: Margins, and the width between them: upright and across (A4).
MARGIN, UPRIGHT, ACROSS = Cm(2), Cm(17), Cm(25.7)
#: Twentieths of a point in an English Metric Unit: the unit of tables.
TWIP = 635
#: The room beside the words of a cell, by which a table is moved in, so that its edge stands under the text's.
INDENT = 85
#: The style of the words in a table, by its name and in the file. A table's own style cannot say their size: that of
#: the paragraphs wins.
TABLE_TEXT, TABLE_TEXT_ID = "Table text", "TableText"
_EPOCH = (1980, 1, 1, 0, 0, 0)
_UNWRITABLE = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")
#: The head of a table and its lines.
COLOUR, HEAD, RULE = "w:color", "dfe3e6", "8a9297"


def clean(text: str) -> str:
    """A text without what XML cannot hold."""
    return _UNWRITABLE.sub(" ", text.replace("\r\n", "\n"))


def set_styles(document: Document) -> None:
    """Real styles in one face and one language, which a screen reader and a translator ask for."""
    styles = document.styles
    defaults = styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
    language = defaults.find(qn("w:lang"))
    for name in ("val", "eastAsia"):
        language.set(qn(f"w:{name}"), LANGUAGE)
    sizes = {"Normal": 11, "Title": 22, "Heading 1": 15, "Heading 2": 12.5, "Caption": 10, "Header": 9, "Footer": 9}
    for name, size in sizes.items():
        style = styles[name]
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        fonts.attrib.clear()  # else the theme's face would win
        for kind in ("ascii", "hAnsi", "cs", "eastAsia"):
            fonts.set(qn(f"w:{kind}"), FONT)
        style.font.size, style.font.color.rgb = Pt(size), RGBColor(11, 12, 12)
        style.font.bold = name in ("Title", "Heading 1", "Heading 2", "Caption")
    _space(styles["Normal"], before=0, after=6)
    _space(styles["Title"], before=0, after=10)
    _space(styles["Heading 1"], before=18, after=6)
    _space(styles["Heading 2"], before=12, after=4)
    _space(styles["Caption"], before=6, after=3)
    for edge in ("Header", "Footer"):
        styles[edge].paragraph_format.tab_stops.clear_all()  # those of American paper
    border = styles["Title"].element.find(qn("w:pPr")).find(qn("w:pBdr"))
    if border is not None:
        border.getparent().remove(border)
    styles["Caption"].paragraph_format.keep_with_next = True
    marking = styles.add_style("Marking", WD_STYLE_TYPE.PARAGRAPH)
    marking.base_style, marking.font.bold = styles["Normal"], True
    marking.paragraph_format.keep_with_next = True
    text = styles.add_style(TABLE_TEXT, WD_STYLE_TYPE.PARAGRAPH)
    text.base_style, text.font.size = styles["Normal"], Pt(TABLE_SIZE)
    text.element.set(qn("w:styleId"), TABLE_TEXT_ID)
    _space(text, before=1, after=1)
    styles.element.append(parse_xml(_table_style()))


def _space(style: Any, *, before: int, after: int) -> None:
    style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)


def _table_style() -> str:
    rules = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" {COLOUR}="{RULE}"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    return f"""<w:style {nsdecls("w")} w:type="table" w:customStyle="1" w:styleId="PlanTable">
      <w:name w:val="{TABLE_STYLE}"/><w:basedOn w:val="TableNormal"/><w:uiPriority w:val="59"/>
      <w:tblPr><w:tblBorders>{rules}</w:tblBorders>
      <w:tblCellMar><w:left w:w="{INDENT}" w:type="dxa"/><w:right w:w="{INDENT}" w:type="dxa"/></w:tblCellMar></w:tblPr>
      <w:tblStylePr w:type="firstRow"><w:rPr><w:b/></w:rPr><w:tcPr><w:shd w:val="clear" {COLOUR}="auto"
       w:fill="{HEAD}"/></w:tcPr></w:tblStylePr>
      <w:tblStylePr w:type="lastRow"><w:rPr><w:b/></w:rPr></w:tblStylePr>
    </w:style>"""


def add_table(document: Document, table: Table, width: int) -> None:
    """A table whose headings stand on every page. Written as XML: cell by cell a long one takes seconds."""
    grid = fitted(table.widths, _least(table), width // TWIP)
    rows = [_row(tuple(map(Cell, table.columns)), table, grid, is_head=True)]
    rows += [_row(row.cells, table, grid, is_total=row.is_total) for row in table.rows]
    rows += [_row(table.total.cells, table, grid, is_total=True)] if table.total else []
    last = int(table.total is not None)
    columns = "".join(f'<w:gridCol w:w="{each}"/>' for each in grid)
    xml = (
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblStyle w:val="PlanTable"/><w:tblW w:w="{sum(grid)}" w:type="dxa"/>'
        f'<w:tblInd w:w="{INDENT}" w:type="dxa"/><w:tblLayout w:type="fixed"/><w:tblLook w:val="06{6 if last else 2}0" '
        f'w:firstRow="1" w:lastRow="{last}" w:firstColumn="0" w:lastColumn="0" w:noHBand="1" w:noVBand="1"/>'
        f'<w:tblCaption w:val="{_attribute(table.caption)}"/></w:tblPr>'
        f"<w:tblGrid>{columns}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )
    body = document.element.body
    body.insert(len(body) - 1, parse_xml(xml))  # before the properties of the last section


def _least(table: Table) -> list[int]:
    """For each column the width that its longest word needs."""
    bold = [tuple(map(Cell, table.columns)), *([table.total.cells] if table.total else [])]
    columns = [[(cell.words, True) for cell in cells] for cells in zip(*bold, strict=True)]
    for row in table.rows:
        for place, cell in enumerate(row.cells):
            columns[place].append((cell.words, row.is_total or cell.rag is not None))
    return [longest(texts, TABLE_SIZE * 20) + 2 * INDENT + INDENT // 4 for texts in columns]


def _row(cells: Iterable[Cell], table: Table, grid: list[int], *, is_head: bool = False, is_total: bool = False) -> str:
    head = "<w:tblHeader/>" if is_head else ""
    told = "".join(
        _cell(cell, grid[place], is_figure=place in table.figures, is_bold=is_head or is_total)
        for place, cell in enumerate(cells)
    )
    return f"<w:tr><w:trPr><w:cantSplit/>{head}</w:trPr>{told}</w:tr>"


def _cell(cell: Cell, width: int, *, is_figure: bool, is_bold: bool) -> str:
    shade = f'<w:shd w:val="clear" {COLOUR}="auto" w:fill="{cell.rag.paper}"/>' if cell.rag else ""
    right = '<w:jc w:val="right"/>' if is_figure else ""
    look = "<w:rPr><w:i/></w:rPr>" if cell.is_missing else "<w:rPr><w:b/></w:rPr>" if cell.rag or is_bold else ""
    lines = clean(cell.words).split("\n")
    told = "<w:br/>".join(f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in lines)
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{shade}</w:tcPr>'
        f'<w:p><w:pPr><w:pStyle w:val="{TABLE_TEXT_ID}"/>{right}</w:pPr><w:r>{look}{told}</w:r></w:p></w:tc>'
    )


def _attribute(text: str) -> str:
    return escape(clean(text), {'"': "&quot;"})


def rows_of(*pairs: tuple[str, str]) -> tuple[Row, ...]:
    return tuple(Row((Cell(name), Cell(text))) for name, text in pairs)


# Headers and footers


def write_edges(section: Any, *, left: str, marking: str, name: str, width: int) -> None:
    """The header and the footer of a section of the document: what it is, its marking, and which page of how many."""
    for edge, first, last in ((section.header, left, marking), (section.footer, name, "")):
        edge.is_linked_to_previous = False
        paragraph = edge.paragraphs[0]
        paragraph.paragraph_format.tab_stops.add_tab_stop(width, WD_TAB_ALIGNMENT.RIGHT)
        paragraph.add_run(clean(first) + "\t")
        if edge is section.header:
            paragraph.add_run(last).bold = True
        else:
            paragraph.add_run("Page ")
            _field(paragraph, "PAGE")
            paragraph.add_run(" of ")
            _field(paragraph, "NUMPAGES")
            if marking:
                marked = edge.add_paragraph(style="Footer")
                marked.alignment = WD_ALIGN_PARAGRAPH.CENTER
                marked.add_run(marking).bold = True


def _field(paragraph: Any, instruction: str) -> None:
    paragraph._p.append(
        parse_xml(f'<w:fldSimple {nsdecls("w")} w:instr="{instruction}"><w:r><w:t>1</w:t></w:r></w:fldSimple>')
    )


# The file


def describe(picture: Any, chart: Chart) -> None:
    """What a screen reader says of a picture."""
    properties = picture._inline.docPr
    properties.set("title", clean(chart.title))
    properties.set("descr", clean(f"{chart.title}. {chart.description}"))
    for side in ("distT", "distB", "distL", "distR"):  # else LibreOffice moves it in, over the edge
        picture._inline.set(side, "0")


def without_thumbnail(document: Document) -> None:
    """The template's little picture of a page is not of ours."""
    rels = document.part.package.rels
    for key in [key for key, rel in rels.items() if rel.reltype == RELATIONSHIP_TYPE.THUMBNAIL]:
        del rels[key]


def bytes_of(document: Document) -> bytes:
    """The file, packed without the time of packing: the same document gives the same bytes."""
    draft, out = io.BytesIO(), io.BytesIO()
    document.save(draft)
    with zipfile.ZipFile(draft) as package, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in package.namelist():
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            packed.writestr(entry, package.read(name))
    return out.getvalue()
