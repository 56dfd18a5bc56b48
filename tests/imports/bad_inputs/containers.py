"""1 to 14 and 15a: what the file is made of."""

from tests.imports.bad_inputs import Case, Error
from tests.imports.bad_inputs.files import (
    HEADINGS,
    added,
    in_member,
    in_sheet,
    lines,
    repacked,
    with_sheet_of,
    workbook,
)

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MONTHS = ("Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
YEAR_OF_MONTHS = {f"assessments {month} 2019": f"4{number}" for number, month in enumerate(MONTHS)}


def one_enormous_cell() -> bytes:
    piece = b"a" * 1_000_000
    return with_sheet_of([b'<row r="1"><c t="inlineStr"><is><t>', *[piece] * 200, b"</t></is></c></row>"])


def million_tiny_rows() -> bytes:
    rows = [b"<row><c><v>%d</v></c></row>" % (number * 7_919 % 10_007) for number in range(10_000)]
    return with_sheet_of([b"".join(rows)] * 100)


def months() -> bytes:
    rows = [("LC06", f"{month} 2019", f"4{number}") for number, month in enumerate(MONTHS)]
    content = workbook([HEADINGS, *rows])
    return repacked(content, in_sheet(rb'<dimension ref="[^"]*"', b'<dimension ref="A1:B2"'))


def far_away(row: int, column: int) -> bytes:
    content = workbook(change=lambda book, sheet: sheet.cell(row, column, "x"))
    return repacked(content, in_sheet(rb'<dimension ref="[^"]*" ?/>', b""))


def strict() -> bytes:
    def edit(name: str, data: bytes) -> bytes:
        data = data.replace(
            b"http://schemas.openxmlformats.org/officeDocument/2006/", b"http://purl.oclc.org/ooxml/officeDocument/"
        )
        return data.replace(
            b"http://schemas.openxmlformats.org/spreadsheetml/2006/", b"http://purl.oclc.org/ooxml/spreadsheetml/"
        )

    return repacked(workbook(), edit)


def with_document_type(member: str, declared: bytes, root: bytes) -> bytes:
    return repacked(workbook(), in_member(member, b"<" + root, b"<!DOCTYPE x [" + declared + b"]><" + root))


LAUGHS = b'<!ENTITY a0 "ha">' + b"".join(b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 10))


def _refused(number, what, content, words, file_name="figures.xlsx"):
    return Case(
        number, what, content, file_name, errors=(Error(words),), control="csv" if file_name.endswith("csv") else "xlsx"
    )


CASES = (
    _refused("1", "nothing in it", lambda: b"", "The file is empty.", "figures.csv"),
    _refused("1", "nothing in it", lambda: b"", "The file is empty."),
    _refused("2", "CSV called a workbook", lines, "not an Excel workbook, although its name ends in .xlsx"),
    _refused("3", "workbook called CSV", workbook, "although its name ends in .csv", "figures.csv"),
    _refused("4", "old workbook", lambda: OLE + bytes(600), "an old Excel workbook (.xls)", "figures.xls"),
    _refused("4", "old workbook called a new one", lambda: OLE + bytes(600), "an old Excel workbook (.xls)"),
    _refused("5", "password", lambda: OLE + "EncryptedPackage".encode("utf-16-le"), "protected by a password"),
    _refused("6", "cut short", lambda: workbook()[:-200], "damaged or was cut short"),
    _refused("6", "half of it", lambda: workbook()[:2_000], "damaged or was cut short"),
    _refused("7", "a letter", lambda: added(b"", {"word/document.xml": b"<a/>"}), "not an Excel workbook"),
    _refused("7", "neither kind", lambda: b"hello", "We read .xlsx and .csv files", "figures.ods"),
    _refused("8", "macros by name", workbook, "macros (.xlsm)", "figures.xlsm"),
    _refused("8", "macros inside", lambda: added(workbook(), {"xl/vbaProject.bin": b"x"}), "holds macros"),
    _refused("9", "one cell of 200 MB", one_enormous_cell, "unpacks to far more"),
    _refused("10", "a million tiny rows", million_tiny_rows, "A120011 is filled, and we read 120,000 rows"),
    _refused(
        "10",
        "5,000 members",
        lambda: added(workbook(), {f"xl/more/{number}.txt": b"" for number in range(5_000)}),
        "unpacks to far more",
    ),
    _refused("10", "packed too well", lambda: added(workbook(), {"xl/media/a": bytes(5_000_000)}), "unpacks to far"),
    _refused("11", "a cell in the last row", lambda: far_away(1_048_576, 1), "A1048576 is filled"),
    _refused("11", "a cell in the last column", lambda: far_away(1, 16_384), "XFD1 is filled"),
    Case(
        "11",
        "a cell in the last row that is only formatted",
        lambda: workbook(change=lambda book, sheet: setattr(sheet.cell(1_048_576, 1), "number_format", "@")),
        "figures.xlsx",
        stored={"assessments 2019/20": "47.5"},
        control="xlsx",
    ),
    Case("12", "stale dimension", months, "figures.xlsx", stored=YEAR_OF_MONTHS, control="xlsx"),
    _refused(
        "13",
        "external entity",
        lambda: with_document_type("sheet1.xml", b'<!ENTITY b SYSTEM "file:///etc/passwd">', b"worksheet"),
        "document type declaration",
    ),
    _refused("14", "billion laughs", lambda: with_document_type("book.xml", LAUGHS, b"workbook"), "document type"),
    _refused("15a", "Strict Open XML", strict, "“Strict Open XML”?"),
    _refused(
        "15a",
        "an attribute nobody knows",  # openpyxl: TypeError
        lambda: repacked(workbook(), in_sheet(rb"<sheetView ", b'<sheetView odd="1" ')),
        "The workbook cannot be read",
    ),
    _refused(
        "15a",
        "a part that is not there",  # openpyxl: KeyError
        lambda: repacked(workbook(), lambda name, data: None if name.endswith(".rels") else data),
        "The workbook cannot be read",
    ),
    Case(  # openpyxl: IndexError, where it is asked how the number is shown
        "15a",
        "a style that is not there",
        lambda: repacked(
            workbook([HEADINGS, ("LC06", "2019/20", 47.5)]), in_sheet(rb'<c r="C2" ', b'<c r="C2" s="99" ')
        ),
        "figures.xlsx",
        stored={"assessments 2019/20": "47.5"},
        control="xlsx",
    ),
    _refused(
        "15a",
        "no XML",
        lambda: repacked(workbook(), in_sheet(rb"</worksheet>", b"<")),
        "The workbook cannot be read",
    ),
)
