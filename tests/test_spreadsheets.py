"""Files of figures, good and bad. Every bad one is refused with its own reason; a good one beside it is read."""

import io
import re
import time
import zipfile
from datetime import date

import openpyxl
import pytest

from lambeth_plans import spreadsheets
from lambeth_plans.spreadsheets import Unreadable, WhichSheet, column_letters, read
from lambeth_plans.spreadsheets.csv_files import neutral, write_csv

HEADINGS = ["Indicator", "Period", "Value"]
ROW = ["LC06", "2019/20", "47.5%"]


def workbook(rows=(HEADINGS, ROW), change=None):
    """The bytes of a workbook; `change(book, sheet)` spoils it."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    if change:
        change(book, book.active)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def repacked(content, edit):
    """The same package with each member's bytes passed through `edit(name, data)`; None leaves one out."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = edit(name, old.read(name))
            if data is not None:
                new.writestr(name, data)
    return out.getvalue()


def in_sheet(pattern, replacement):
    """An edit of the first sheet's XML."""

    def edit(name, data):
        return re.sub(pattern, replacement, data, count=1) if name.endswith("sheet1.xml") else data

    return edit


def added(content, name, data):
    out = io.BytesIO(content)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as package:
        package.writestr(name, data)
    return out.getvalue()


def texts(sheet):
    return [[cell.text for cell in row.cells] for row in sheet.rows]


def refusal(file_name, content, **options):
    with pytest.raises(Unreadable) as caught:
        read(file_name, content, limit_rows=options.pop("limit_rows", 1000), **options)
    return caught.value


# What is read


@pytest.mark.parametrize(
    ("content", "note"),
    [
        (b"Indicator,Period,Value\r\nLC06,2019/20,47.5%\r\n", None),
        (b"\xef\xbb\xbfIndicator,Period,Value\nLC06,2019/20,47.5%\n", None),
        ("Indicator,Period,Value\nLC06,2019/20,47.5%\n".encode("utf-16"), "UTF-16"),
        (b"\xfe\xff" + "Indicator,Period,Value\nLC06,2019/20,47.5%\n".encode("utf-16-be"), "UTF-16"),
        (b"Indicator;Period;Value\nLC06;2019/20;47.5%\n", "semicolons"),
        (b"Indicator\tPeriod\tValue\nLC06\t2019/20\t47.5%\n", "tabs"),
        (b"Indicator,Period,Value\rLC06,2019/20,47.5%\r", None),
        (b'"Indicator","Period","Value"\n"LC06","2019/20","47.5%"\n', None),
        (b"\n\nIndicator,Period,Value\n,,\nLC06,2019/20,47.5%\n\n", None),
    ],
    ids=["plain", "utf-8 mark", "utf-16", "utf-16 be", "semicolon", "tab", "cr only", "quoted", "blank rows"],
)
def test_csv_is_read_whatever_program_wrote_it(content, note):
    sheet = read("figures.csv", content, limit_rows=10)
    assert texts(sheet) == [HEADINGS, ROW]
    assert bool(sheet.notes) == bool(note)
    assert note is None or note in sheet.notes[0]


def test_windows_text_is_read_and_its_uploader_told():
    sheet = read("figures.csv", "Indicator,Period,Value\nA1,2019–20,£5\n".encode("cp1252"), limit_rows=10)
    assert texts(sheet)[1] == ["A1", "2019–20", "£5"]
    assert "Windows-1252" in sheet.notes[0]


def test_rows_keep_the_numbers_that_a_spreadsheet_program_shows():
    sheet = read(
        "figures.csv", b'Indicator,Period,Value,Note\n\nA,2019/20,1,"two\nlines"\nB,2019/20,2,\n', limit_rows=9
    )
    assert [row.number for row in sheet.rows] == [1, 3, 4]


def test_a_workbook_is_read_as_people_see_it():
    def fill(book, sheet):
        sheet.append(["LC06", date(2019, 4, 1), 0.475])
        sheet["B3"].number_format, sheet["C3"].number_format = "mmm-yy", "0.0%"
        sheet.append(["LC06", date(2019, 12, 31), 1161])
        sheet["B4"].number_format = "dd/mm/yyyy"
        sheet.append([54, "2019/20", 84.34])
        sheet.append([1.1, "2019/20", 0])
        sheet.append(["x", "2019/20", True])

    sheet = read("figures.xlsx", workbook(change=fill), limit_rows=10)
    assert texts(sheet)[2:] == [
        ["LC06", "Apr 2019", "47.5%"],
        ["LC06", "2019-12-31", "1161"],
        ["54", "2019/20", "84.34"],
        ["1.1", "2019/20", "0"],
        ["x", "2019/20", "TRUE"],
    ]
    assert [row.cells[0].is_number for row in sheet.rows] == [False, False, False, False, True, True, False]


def test_a_stale_dimension_loses_no_rows():
    content = workbook([HEADINGS, *([f"A{number}", "2019/20", number] for number in range(50))])
    stale = repacked(content, in_sheet(rb'<dimension ref="[^"]*"', b'<dimension ref="A1:B2"'))
    assert len(read("figures.xlsx", stale, limit_rows=100).rows) == 51


def test_cells_that_are_only_formatted_far_down_do_no_harm():
    def fill(book, sheet):
        sheet.cell(1_048_576, 1).font = openpyxl.styles.Font(bold=True)

    assert len(read("figures.xlsx", workbook(change=fill), limit_rows=10).rows) == 2


def several_sheets(book, sheet):
    sheet.title = "April"
    book.create_sheet("May").append(HEADINGS)
    book.create_sheet("Old").sheet_state = "hidden"
    book.create_sheet("Empty")


def test_the_uploader_says_which_of_several_sheets():
    content = workbook(change=several_sheets)
    question = refusal("figures.xlsx", content)
    assert "“April”, “May”" in str(question)
    assert isinstance(question, WhichSheet)
    assert (question.names, question.hidden) == (("April", "May"), ("Old",))
    assert "no visible sheet “June”" in str(refusal("figures.xlsx", content, sheet="June"))
    assert read("figures.xlsx", content, limit_rows=9, sheet="april").name == "April"


def test_empty_and_hidden_sheets_are_left_out_and_hidden_ones_named():
    def fill(book, sheet):
        book.create_sheet("Empty")
        hidden = book.create_sheet("Old")
        hidden.append(HEADINGS)
        hidden.sheet_state = "hidden"
        book.active = 2

    sheet = read("figures.xlsx", workbook(change=fill), limit_rows=10)
    assert texts(sheet) == [HEADINGS, ROW]
    assert sheet.notes == ("Hidden sheets were not read: “Old”.",)


def test_a_formula_with_its_result_is_read():
    def fill(book, sheet):
        sheet["C2"] = "=1+1"

    result = repacked(workbook(change=fill), in_sheet(rb"<f>1\+1</f><v ?/>|<f>1\+1</f><v></v>", b"<f>1+1</f><v>2</v>"))
    assert texts(read("figures.xlsx", result, limit_rows=10))[1][2] == "2"


# What is refused


def bomb(size):
    return added(workbook(), "xl/media/zeros.bin", b"\0" * size)


CONTAINERS = {
    "nothing in it": ("figures.csv", lambda: b"", "is empty"),
    "csv renamed": ("figures.xlsx", lambda: b"Indicator,Period,Value\n", "not an Excel workbook"),
    "xlsx renamed": ("figures.csv", workbook, "packed file"),
    "old xls": ("figures.xls", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old Excel workbook"),
    "password": (
        "figures.xlsx",
        lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
        "password",
    ),
    "cut short": ("figures.xlsx", lambda: workbook()[:-200], "damaged"),
    "not a workbook": (
        "figures.xlsx",
        lambda: added(b"", "word/document.xml", b"<a/>"),
        "not an Excel workbook",
    ),
    "macros by name": ("figures.xlsm", workbook, "macros"),
    "macros inside": ("figures.xlsx", lambda: added(workbook(), "xl/vbaProject.bin", b"x"), "macros"),
    "unpacks too well": ("figures.xlsx", lambda: bomb(5_000_000), "unpacks"),
    "too many members": ("figures.xlsx", lambda: repeated_members(workbook(), 600), "unpacks"),
    "document type": (
        "figures.xlsx",
        lambda: repacked(
            workbook(),
            in_sheet(rb"<worksheet", b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><worksheet'),
        ),
        "document type",
    ),
    "a cell at the end of the sheet": (
        "figures.xlsx",
        lambda: workbook(change=lambda book, sheet: sheet.cell(1_048_576, 1, "x")),
        "A1048576 is filled",
    ),
    "a cell in the last column": (
        "figures.xlsx",
        lambda: workbook(change=lambda book, sheet: sheet.cell(1, 16_384, "x")),
        "XFD1 is filled",
    ),
    "broken xml": (
        "figures.xlsx",
        lambda: repacked(workbook(), in_sheet(rb"</worksheet>", b"<")),
        "cannot be read",
    ),
    "strict open xml": (
        "figures.xlsx",
        lambda: repacked(
            workbook(),
            lambda name, data: data.replace(
                b"http://schemas.openxmlformats.org/officeDocument/2006/", b"http://purl.oclc.org/ooxml/officeDocument/"
            ).replace(
                b"http://schemas.openxmlformats.org/spreadsheetml/2006/", b"http://purl.oclc.org/ooxml/spreadsheetml/"
            ),
        ),
        "Strict Open XML",
    ),
    "another kind": ("figures.ods", lambda: b"hello", ".xlsx and .csv"),
    "unbalanced quote": ("figures.csv", lambda: b'Indicator,Value\nA,"1\nB,2\n', "quotation mark is not closed"),
    "nul": ("figures.csv", lambda: b"Indicator,Value\nA\0,1\n", "characters that no text has"),
    "long cell": ("figures.csv", lambda: b"Indicator\n" + b"a" * 200_000, "far too long"),
    "half utf-16": ("figures.csv", lambda: b"\xff\xfeA\0B", "damaged"),
    "wide row": ("figures.csv", lambda: b"A\n" + b"," * 160 + b"x\n", "more than 150 cells"),
}


def repeated_members(content, count):
    out = io.BytesIO(content)
    with zipfile.ZipFile(out, "a") as package:
        for number in range(count):
            package.writestr(f"xl/more/{number}.txt", b"x")
    return out.getvalue()


@pytest.mark.parametrize("case", CONTAINERS)
def test_a_file_that_is_no_plain_sheet_is_refused_with_its_reason(case):
    file_name, content, words = CONTAINERS[case]
    began = time.monotonic()
    found = refusal(file_name, content())
    assert words in str(found)
    assert found.problems[0].message
    assert time.monotonic() - began < 10


def test_too_many_rows_are_refused_in_both_kinds():
    rows = [HEADINGS, *([f"A{number}", "2019/20", number] for number in range(120))]
    assert "row" in str(refusal("figures.xlsx", workbook(rows), limit_rows=50))
    lines = "\n".join(",".join(map(str, row)) for row in rows).encode()
    assert "more than 50 rows" in str(refusal("figures.csv", lines, limit_rows=50))


def test_everything_doubtful_in_a_sheet_is_named_at_once():
    def spoil(book, sheet):
        sheet.append(["A", "2019/20", "#N/A"])
        sheet["C3"].data_type = "e"
        sheet.append(["B", "2019/20", "=A1+1"])
        sheet.append(["C", "2019/20", 1])
        sheet.row_dimensions[5].hidden = True
        sheet.column_dimensions["B"].hidden = True
        sheet.merge_cells("A6:A7")

    problems = refusal("figures.xlsx", workbook(change=spoil)).problems
    assert [(problem.row, problem.column) for problem in problems] == [(5, ""), (0, "B"), (0, ""), (3, "C"), (4, "C")]
    words = ["hidden", "hidden", "A6:A7 are merged", "C3 holds an error", "C4 holds a formula without its result"]
    for problem, word in zip(problems, words, strict=True):
        assert word in problem.message
        assert problem.sheet == "Sheet"


def test_a_workbook_that_needs_too_much_memory_or_time_ends_its_child_only(monkeypatch):
    monkeypatch.setattr(spreadsheets, "LIMIT_SECONDS", 0.001)
    assert "too long" in str(refusal("figures.xlsx", workbook()))


def test_a_sheet_of_twenty_thousand_rows_is_read_within_its_limits():
    rows = [HEADINGS, *([f"A{number}", "2019/20", number / 100] for number in range(20_000))]
    assert len(read("figures.xlsx", workbook(rows), limit_rows=20_000).rows) == 20_001


# What is written


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_a_text_that_would_be_a_formula_is_made_harmless(text):
    assert neutral(text) == "'" + text


def test_plain_text_and_numbers_are_written_as_they_are():
    assert write_csv([["a", "=b", -3]]) == "\ufeffa,'=b,-3\r\n".encode()


@pytest.mark.parametrize(("index", "letters"), [(0, "A"), (25, "Z"), (26, "AA"), (16_383, "XFD")])
def test_columns_are_named_as_in_a_spreadsheet_program(index, letters):
    assert column_letters(index) == letters
