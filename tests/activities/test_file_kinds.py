"""Which files are taken, and in which words the others are refused. No database."""

import re
import zlib

import pytest

from activities.file_kinds import KINDS, Refused, clean_name, kind_of
from tests.activities.files import GOOD, excel, packed, pdf, picture, relation, word


@pytest.mark.parametrize("name", GOOD)
def test_a_file_is_what_it_holds(name):
    kind = kind_of(name, GOOD[name])
    assert name.rpartition(".")[2].lower() in kind.endings


def test_every_kind_has_a_file_that_is_taken():
    assert {kind_of(name, content).key for name, content in GOOD.items()} == set(KINDS)


def hidden(text: bytes) -> bytes:
    """Objects of a PDF, packed."""
    return b"5 0 obj <</Type /ObjStm /N 1>> stream\n" + zlib.compress(text) + b"\nendstream endobj"


BAD = {
    "nothing in it": ("a.pdf", b"", "is empty"),
    "a program": ("a.txt", b"MZ\x90\x00\x03", "cannot tell what this file is"),
    "no ending": ("report", pdf(), "a PDF, but its name has no ending. Name it .pdf"),
    "a name that promises another kind": ("report.docx", pdf(), "a PDF, but its name ends in .docx. Name it .pdf"),
    "a picture that is called a table": ("a.csv", picture("PNG"), "a PNG picture, but its name ends in .csv"),
    "text that is called a PDF": ("a.pdf", b"Hello.", "plain text, but its name ends in .pdf"),
    "a kind that is not taken": ("a.gif", b"GIF89a\x01\x00\x01\x00", "cannot tell what this file is"),
    "an old or protected file": ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old Word or Excel file"),
    "HTML as text": ("a.txt", b"\xef\xbb\xbf  <!DOCTYPE html><p>Hello", "web page or a drawing"),
    "HTML further down": ("a.csv", b"Name\n<script>alert(1)</script>", "web page or a drawing"),
    "SVG": ("a.png", b'<?xml version="1.0"?><svg xmlns="x"/>', "web page or a drawing"),
    "an archive": ("a.docx", packed({"notes.txt": "Hello."}), "neither a Word document nor an Excel workbook"),
    "both at once": ("a.docx", word(xl__workbook_dot_xml="<workbook/>"), "neither a Word"),
    "a package cut short": ("a.docx", word()[:-10], "damaged or was cut short"),
    "macros": ("a.docx", word(word__vbaProject_dot_bin=b"x"), "holds macros"),
    "a macro-enabled kind": (
        "a.docx",
        packed({"[Content_Types].xml": "application/vnd.ms-word.document.macroEnabled.main", "word/document.xml": ""}),
        "holds macros",
    ),
    "an old macro sheet": ("a.xlsx", excel(xl__macrosheets__sheet1_dot_xml="<x/>"), "holds macros"),
    "an embedded program": ("a.docx", word(word__embeddings__oleObject1_dot_bin=b"x"), "embedded program"),
    "an embedded file": ("a.docx", word(word__embeddings__a_dot_zip=packed({"a": "b"})), "another file"),
    "an embedded document with macros": (
        "a.docx",
        word(word__embeddings__a_dot_xlsx=excel(xl__vbaProject_dot_bin=b"x")),
        "holds macros",
    ),
    "a template from elsewhere": (
        "a.docx",
        word(word___rels__settings_dot_xml_dot_rels=relation("attachedTemplate")),
        "fetches something from elsewhere",
    ),
    "a bomb": ("a.xlsx", excel(xl__sheet_dot_xml=b"\0" * 5_000_000), "unpacks to far more"),
    "thousands of parts": ("a.xlsx", excel(**{f"part{number}": "" for number in range(2_001)}), "unpacks to far more"),
    "a PDF cut short": ("a.pdf", b"%PDF-1.7\nhello", "damaged or was cut short"),
    "a PDF with a script": ("a.pdf", pdf(b"<</S /JavaScript>>"), "holds a script"),
    "a PDF with a script, written otherwise": ("a.pdf", pdf(b"<</S /Java#53cript>>"), "holds a script"),
    "a PDF with a packed script": ("a.pdf", pdf(hidden(b"<</S /Launch>>")), "holds a script"),
    "a PDF with a file in it": ("a.pdf", pdf(b"<</Type /EmbeddedFile>>"), "another file"),
    "a protected PDF": ("a.pdf", pdf(b"<</Encrypt 9 0 R>>"), "protected"),
    "a PDF that is a bomb": ("a.pdf", pdf(hidden(b"\0" * 41 * 1024 * 1024)), "unpacks to far more"),
    "something behind a PNG": ("a.png", picture("PNG") + b"<script>", "hidden behind it"),
    "a PNG cut short": ("a.png", picture("PNG")[:-9], "damaged"),
    "something behind a JPEG": ("a.jpg", picture("JPEG") + b"PK..", "hidden behind it"),
    "a broken PNG": ("a.png", b"\x89PNG\r\n\x1a\n\0\0\0\0IEND\xaeB`\x82", "damaged"),
    "a picture that is far too large": ("a.png", picture("PNG", (10_000, 9_000)), "10,000 × 9,000 points"),
    "a formula in a CSV": ("a.csv", b"Name;Sum\nA;=HYPERLINK(1)", "Line 2 has “=HYPERLINK(1)”"),
    "another formula": ("a.csv", b"Name\n@SUM(1)", "run as a formula"),
    "a formula after a sign": ("a.csv", b"Name\n-cmd|a", "run as a formula"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_may_do_harm_is_refused_with_the_reason(case):
    name, content, words = BAD[case]
    with pytest.raises(Refused, match=rf"{re.escape(words)}.*\.$"):
        kind_of(name, content)


@pytest.mark.parametrize(
    "content",
    [
        word(word__embeddings__chart_dot_xlsx=excel()),
        word(word___rels__document_dot_xml_dot_rels=relation("hyperlink")),
        word(word___rels__document_dot_xml_dot_rels=relation("image", "media/a.png", is_external=False)),
        word(word__media__image1_dot_png=picture("PNG")),
    ],
)
def test_what_an_ordinary_document_holds_is_taken(content):
    assert kind_of("minutes.docx", content).key == "docx"


def test_settings_of_a_printer_are_no_program():
    assert kind_of("a.xlsx", excel(xl__printerSettings__printerSettings1_dot_bin=b"x")).key == "xlsx"


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("Audit of May.pdf", "Audit of May.pdf"),
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\me\\a.pdf", "a.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie_ x.pdf"),
        ("gnp.\u202etxt.pdf", "gnp.txt.pdf"),
        ('<script>"a".pdf', "_script__a_.pdf"),
        ("..", "file"),
        ("  e\u0301te\u0301 .pdf ", "été .pdf"),
        ("\0", "file"),
    ],
)
def test_a_name_is_cleaned(name, clean):
    assert clean_name(name) == clean


def test_a_long_name_keeps_its_ending():
    name = clean_name("x" * 300 + ".pdf")
    assert (len(name), name[-4:]) == (100, ".pdf")
