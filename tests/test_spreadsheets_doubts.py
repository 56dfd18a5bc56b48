"""What a sheet's XML may hide, whoever wrote it and however; read here without the child process."""

import pytest

from lambeth_plans.spreadsheets import Unreadable, book_child
from lambeth_plans.spreadsheets.doubts import Doubts, Limits
from tests.imports.bad_inputs.files import HEADINGS, SPREADSHEET, in_sheet, repacked, workbook

pytestmark = pytest.mark.once

ONE = '<row r="1"><c r="A1"><v>1</v></c></row>'


def sheet_of(rows, before="", namespaces=""):
    return f'<worksheet xmlns="{SPREADSHEET}"{namespaces}>{before}<sheetData>{rows}</sheetData></worksheet>'.encode()


@pytest.mark.parametrize(
    ("part", "words"),
    [
        (sheet_of('<row r="1"><c r="A1"><f\n>1+1</f></c></row>'), "formula without its result"),
        (
            sheet_of('<row r="1"><c r="A1"><x:f>1+1</x:f></c></row>', namespaces=f' xmlns:x="{SPREADSHEET}"'),
            "formula without its result",
        ),
        (sheet_of('<row r="1"><c r="A1" t = "e"><v>#N/A</v></c></row>'), "holds an error"),
        (sheet_of('<row r="1"><c r="A1" t="&#101;"><v>#N/A</v></c></row>'), "holds an error"),
        (sheet_of(ONE.replace(' r="1"', ' r="1"\n hidden\n=\n"true"')), "row is hidden"),
        (sheet_of(ONE.replace(' r="1"', ' r="1"\nht="0"')), "row is hidden"),
        (sheet_of(ONE, '<cols><col min="1" max="1"\twidth="0"/></cols>'), "column is hidden"),
        (sheet_of(f'{ONE}<row r="3"/><row r="2"><c r="A2"><v>2</v></c></row>'), "Row 2 comes after row 3"),
        (sheet_of(ONE + ONE), "Row 1 comes after row 1"),
    ],
)
def test_nothing_is_overlooked_however_the_xml_is_written(part, words):
    doubts = Doubts(Limits(rows=100, cells=100))
    doubts.look_at(part)
    assert words in " ".join(problem.message for problem in doubts.problems)


@pytest.mark.parametrize("line", ["\n", "\r\n", "\n  "])
def test_a_sheet_with_an_element_in_each_line_is_plain(line, monkeypatch):
    monkeypatch.setattr(Doubts, "scan", None)
    doubts = Doubts(Limits(rows=100, cells=100))
    doubts.look_at(sheet_of(ONE).replace(b"><", f">{line}<".encode()))
    assert doubts.filled


@pytest.mark.parametrize("row", [b'<c r="C2"><v>3</v></c><c r="A2"><v>1</v></c>', b'<c r="A2"><v>1</v></c>' * 2])
def test_cells_out_of_their_order_are_refused_before_one_is_lost(row, monkeypatch):
    monkeypatch.setattr(book_child, "_told", [])
    content = repacked(
        workbook([HEADINGS, (1, 2, 3)]), in_sheet(rb'(<row r="2"[^>]*>).*?</row>', rb"\1" + row + b"</row>")
    )
    with pytest.raises(Unreadable, match="not in the order of their columns"):
        book_child._tell(content, Limits(rows=100, cells=100), "")
