"""What we give back opens in LibreOffice: errors visible, values untouched, no formula that was not there."""

import subprocess
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest

from lambeth_plans.imports.figures_export import long_lines, wide_lines
from lambeth_plans.spreadsheets import Problem
from lambeth_plans.spreadsheets.csv_files import write_csv
from lambeth_plans.spreadsheets.marked import HEADINGS, marked
from tests import factories
from tests.imports.bad_inputs.files import Shown, lines, workbook

pytestmark = pytest.mark.libreoffice

OFFICE, TABLE, TEXT, STYLE, FO = (
    f"{{urn:oasis:names:tc:opendocument:xmlns:{name}:1.0}}"
    for name in ("office", "table", "text", "style", "xsl-fo-compatible")
)
NOTES = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1")


@dataclass(frozen=True)
class Cell:
    """A cell as LibreOffice understood it: its value or text, the formula it would calculate, comment and colour."""

    value: str
    formula: str
    comment: str
    colour: str


def text_of(element: Any) -> str:
    return "\n".join("".join(paragraph.itertext()) for paragraph in element.findall(f"{TEXT}p"))


def opened(path: Any) -> dict[str, dict[tuple[int, int], Cell]]:
    """The filled cells of every sheet of a flat ODF file, by row and column counted from 1."""
    root = ElementTree.parse(path).getroot()
    colours = {
        style.get(f"{STYLE}name"): (properties := style.find(f"{STYLE}table-cell-properties")) is not None
        and properties.get(f"{FO}background-color", "")
        for style in root.iter(f"{STYLE}style")
    }
    sheets: dict[str, dict[tuple[int, int], Cell]] = {}
    for table in root.iter(f"{TABLE}table"):
        cells = sheets.setdefault(table.get(f"{TABLE}name"), {})
        row_number = 1
        for row in table.iter(f"{TABLE}table-row"):
            column = 1
            for cell in row:
                comment = cell.find(f"{OFFICE}annotation")
                found = Cell(
                    cell.get(f"{OFFICE}value") or text_of(cell),
                    cell.get(f"{TABLE}formula", ""),
                    "" if comment is None else text_of(comment),
                    colours.get(cell.get(f"{TABLE}style-name"), "") or "",
                )
                if found.value or found.formula or found.comment:
                    cells[row_number, column] = found
                column += int(cell.get(f"{TABLE}number-columns-repeated", 1))
            row_number += int(row.get(f"{TABLE}number-rows-repeated", 1))
    return sheets


def formulas(sheets: dict[str, dict[tuple[int, int], Cell]]) -> list[tuple[str, str]]:
    return [(name, cell.formula) for name, cells in sheets.items() for cell in cells.values() if cell.formula]


def contents(cells: dict[tuple[int, int], Cell]) -> dict[tuple[int, int], tuple[str, str]]:
    return {place: (cell.value, cell.formula) for place, cell in cells.items() if cell.value or cell.formula}


ROWS = [
    ("Indicator", "Period", "Value", "Note"),
    ("LC06", "2019/20", Shown(0.475, "0.0%"), "fine"),
    ("LC08", "2019/20", "c. 40", "=1+1"),
    ("=1+1", "2019/20", 12.5, "-1"),
]
PROBLEMS = [
    Problem("“c. 40” is not a figure.", "Figures", 3, "C (Value)", "c. 40"),
    Problem("We know no indicator “=1+1”.", "Figures", 4, "A (Indicator)", "=1+1"),
    Problem("Hidden sheets are not read.", "Figures"),
]


def fill(book: Any, sheet: Any) -> None:
    sheet.title = "Figures"
    book.create_sheet("Sums")["A1"] = "=SUM(Figures!C2:C4)"


@pytest.fixture
def plan(borough):
    plan = factories.PlanFactory(council=borough, slug="plan")
    indicator = factories.IndicatorFactory(council=borough, key="assessments", title="@Assessments")
    factories.PlanIndicatorFactory(plan=plan, indicator=indicator)
    for year, note in enumerate(NOTES, 2010):
        factories.OutturnFactory(indicator=indicator, period=f"{year}/{year - 1999}", value=Decimal("-3.5"), note=note)
    return plan


def test_what_we_give_back_opens_with_its_errors_and_without_new_formulas(soffice, tmp_path, plan):
    book, text = workbook(ROWS, fill), lines(*(("LC06", "2019/20", note) for note in NOTES[:4]))
    in_text = [Problem("“+1” is not a figure.", "", 3, "C (Value)", "+1")]
    files = {
        "book.xlsx": book,
        "marked-book.xlsx": marked("a.xlsx", book, PROBLEMS, limit_rows=100),
        "marked-text.xlsx": marked("a.csv", text, in_text, limit_rows=100),
        "text.csv": text,
        "long.csv": write_csv(long_lines(plan)),
        "wide.csv": write_csv(wide_lines(plan)),
    }
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    convert = [soffice, profile, "--headless", "--convert-to", "fods", "--outdir", str(tmp_path / "out"), *files]
    subprocess.run(convert, cwd=tmp_path, check=True, capture_output=True, timeout=120)
    found = {name: opened(tmp_path / "out" / f"{name.partition('.')[0]}.fods") for name in files}

    before, after = found["book.xlsx"], found["marked-book.xlsx"]
    assert list(after) == ["Errors", "Figures", "Sums"]
    assert {name: contents(after[name]) for name in before} == {name: contents(before[name]) for name in before}
    assert formulas(after) == formulas(before) == [("Sums", "of:=SUM([$Figures.C2:.C4])")]
    page = after["Figures"]
    assert {place: cell.comment for place, cell in page.items() if cell.comment} == {
        (3, 3): "“c. 40” is not a figure.",
        (4, 1): "We know no indicator “=1+1”.",
    }
    assert {place for place, cell in page.items() if cell.colour == "#ffdd00"} == {(3, 3), (4, 1)}
    listed = after["Errors"]
    assert [listed[1, column].value for column in range(1, 6)] == list(HEADINGS)
    assert [listed[row, 5].value for row in (2, 3, 4)] == [problem.message for problem in PROBLEMS]
    assert listed[3, 4].value == "=1+1"

    page = found["marked-text.xlsx"]["File"]
    assert [page[row, 3].value for row in range(1, 6)] == ["Value", *NOTES[:4]]
    assert page[3, 3].comment == "“+1” is not a figure."
    assert formulas(found["marked-text.xlsx"]) == []

    assert formulas(found["text.csv"]), "a formula in a CSV file would be seen"
    assert formulas(found["long.csv"]) == formulas(found["wide.csv"]) == []
    notes = [found["long.csv"]["long"][row, 7].value for row in range(2, 7)]
    assert notes == [f"'{note.strip()}" for note in NOTES]  # a tab is an element there, not a letter
    assert found["wide.csv"]["wide"][2, 2].value == "'@Assessments"
