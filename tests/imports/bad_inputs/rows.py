"""28 to 39: headings, and which rows there are. Most are the same in CSV and in a workbook."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from tests.imports.bad_inputs import Case, Error
from tests.imports.bad_inputs.files import HEADINGS, ROW, Shown, in_sheet, lines, repacked, workbook

GOOD = {"assessments 2019/20": "47.5"}


def text_only(*arguments: Any, **expected: Any) -> tuple[Case]:
    """The rows as CSV, where a workbook of text cells would take the very same way."""
    return both(*arguments, **expected)[:1]


def both(number: str, what: str, rows: Sequence[Sequence[Any]], *errors: Error, **expected: Any) -> tuple[Case, Case]:
    """The same rows, the first of them the headings, as CSV and as a workbook of text cells."""
    of_book = tuple(Error(error.words, error.row, error.column, "Sheet") for error in errors)
    return (
        Case(number, what, lambda: lines(*rows[1:], headings=rows[0]), errors=errors, **expected),
        Case(number, what, lambda: workbook(rows), "figures.xlsx", errors=of_book, control="xlsx", **expected),
    )


def book(number: str, what: str, content: Any, *errors: Error, **expected: Any) -> Case:
    of_sheet = tuple(Error(error.words, error.row, error.column, error.sheet or "Sheet") for error in errors)
    return Case(number, what, content, "figures.xlsx", errors=of_sheet, control="xlsx", **expected)


def spoilt(change: Any) -> Any:
    return lambda: workbook([HEADINGS, ROW, ("LC06", "2018/19", "41")], change)


# Hidden, several and merged


def hidden_row(book, sheet):
    sheet.row_dimensions[3].hidden = True


def row_of_no_height() -> bytes:
    return repacked(spoilt(None)(), in_sheet(rb'<row r="3"', b'<row r="3" ht="0" customHeight="1"'))


def hidden_column(book, sheet):
    sheet.column_dimensions["B"].hidden = True


def column_of_no_width() -> bytes:
    columns = b'<cols><col min="2" max="2" width="0" customWidth="1"/></cols><sheetData>'
    return repacked(spoilt(None)(), in_sheet(b"<sheetData>", columns))


def hidden_sheet(book, sheet):
    hidden = book.create_sheet("Old")
    hidden.append(HEADINGS)
    hidden.sheet_state = "hidden"
    book.create_sheet("Empty")
    book.active = 1


def only_a_hidden_sheet(book, sheet):
    book.create_sheet("Cover")
    sheet.sheet_state = "hidden"
    book.active = 1


def two_sheets(book, sheet):
    """The one that was open when the workbook was saved is not the one that is meant."""
    sheet.title = "April"
    other = book.create_sheet("May")
    for row in (HEADINGS, ("LC06", "2019/20", "12")):
        other.append(row)
    book.active = 1


def merged(book, sheet):
    sheet.merge_cells("A2:A3")


def formula(book, sheet):
    sheet["C3"] = "=1+1"


def formula_with_its_result() -> bytes:
    return repacked(spoilt(formula)(), in_sheet(rb"<f>1\+1</f><v ?/>|<f>1\+1</f><v></v>", b"<f>1+1</f><v>44</v>"))


def error_cells(book, sheet):
    for place, what in (("C2", "#N/A"), ("C3", "#REF!")):
        sheet[place] = what
        sheet[place].data_type = "e"


def blank_rows_below(book, sheet):
    for number in (4, 9, 40):
        sheet.cell(number, 1, " ").number_format = "@"


TWICE = "LC06 for 2019/20 stands in row 2 and row 4. Keep one."
SEVERAL = "The workbook has several sheets: “April”, “May”. Say which one holds the figures."

CASES = (
    *both("28", "a heading twice", [(*HEADINGS, "Value"), (*ROW, "1")], Error("C and D are both “Value”", 1, "D")),
    *text_only(
        "28", "two words for a column", [(*HEADINGS, "Outturn"), (*ROW, "1")], Error("C and D are both", 1, "D")
    ),
    *both(
        "29",
        "a column missing, one unknown, one without a heading",
        [("Indicator", "Value", "Owner", ""), ("LC06", "1", "A", "stray")],
        Error("do not know the column “Owner”. Columns can be: Indicator, Title, Period, Value", 1, "C"),
        Error("do not know the column without a heading", 1, "D"),
        Error("no column “Period” in the first 10 rows", 1),
    ),
    *both("30", "headings in any case", [(" indicator ", "PERIOD\u00a0", "vAlUe\n"), ROW], stored=GOOD),
    book("31", "a hidden row", spoilt(hidden_row), Error("The row is hidden", 3)),
    book("31", "a row of no height", row_of_no_height, Error("The row is hidden", 3)),
    book("31", "a hidden column", spoilt(hidden_column), Error("The column is hidden", 0, "B")),
    book("31", "a column of no width", column_of_no_width, Error("The column is hidden", 0, "B")),
    book(
        "31",
        "a hidden sheet beside the figures",
        lambda: workbook(change=hidden_sheet),
        stored=GOOD,
        notes=("Hidden sheets were not read: “Old”.",),
    ),
    Case(
        "31",
        "figures on a hidden sheet",
        lambda: workbook(change=only_a_hidden_sheet),
        "figures.xlsx",
        errors=(Error("No figures found", 0, "", "Cover"),),
        notes=("Hidden sheets were not read: “Sheet”.",),
        control="xlsx",
    ),
    Case(
        "31",
        "a hidden sheet asked for",
        lambda: workbook(change=only_a_hidden_sheet),
        "figures.xlsx",
        sheet="Sheet",
        errors=(Error("no visible sheet “Sheet”"),),
        control="xlsx",
    ),
    Case(
        "32",
        "several sheets, none named",
        lambda: workbook(change=two_sheets),
        "figures.xlsx",
        errors=(Error(SEVERAL),),
        control="xlsx",
    ),
    Case(
        "32",
        "several sheets, one that is not there",
        lambda: workbook(change=two_sheets),
        "figures.xlsx",
        sheet="June",
        errors=(Error("no visible sheet “June”. It has “April”, “May”."),),
        control="xlsx",
    ),
    Case(
        "32",
        "several sheets, one named",
        lambda: workbook(change=two_sheets),
        "figures.xlsx",
        "april",
        stored=GOOD,
        control="xlsx",
    ),
    book("33", "merged cells", spoilt(merged), Error("Cells A2:A3 are merged. Unmerge them.", 2, "A")),
    book(
        "34",
        "a formula without its result",
        spoilt(formula),
        Error("C3 holds a formula without its result. Open the file in Excel and save it.", 3, "C"),
    ),
    book("34", "a formula with it", formula_with_its_result, stored={**GOOD, "assessments 2018/19": "44"}),
    book(
        "35",
        "error cells",
        spoilt(error_cells),
        Error("Cell C2 holds an error", 2, "C"),
        Error("Cell C3 holds an error", 3, "C"),
    ),
    *text_only(
        "35",
        "errors as text",
        [HEADINGS, ("LC06", "2019/20", "#N/A"), ("LC06", "2018/19", "#REF!")],
        Error("“#N/A” is not a figure", 2, "C (Value)"),
        Error("“#REF!” is not a figure", 3, "C (Value)"),
    ),
    *both(
        "36",
        "the same figure twice",
        [HEADINGS, ROW, ("LC06", "2018/19", "41"), ("assessments", "2019-20", "48%")],
        Error(TWICE, 2, "A (Indicator)"),
        Error("stands in row 2 and row 4", 4, "A (Indicator)"),
    ),
    *text_only(
        "36",
        "the same figure in two cells of a wide sheet",
        [("Indicator", "2018/19", "2019/20"), ("LC06", "41", "47.5"), ("lc 06", "", "48")],
        Error("LC06 for 2019/20 stands in cell C2 and cell C3. Keep one.", 2, "A (Indicator)"),
        Error("stands in cell C2 and cell C3", 3, "A (Indicator)"),
    ),
    *both(
        "37",
        "an unknown code, and periods that cannot be",
        [
            HEADINGS,
            ("LC.07", "2019/20", "1"),
            ("LC06", "2099/00", "1"),
            ("LC06", "1889/90", "1"),
            ("LC06", "2018/20", "1"),
            ("", "2019/20", "1"),
            ("LC06", "", "1"),
        ],
        Error("We know no indicator “LC.07”. Did you mean LC.09 or LC.06?", 2, "A (Indicator)"),
        Error("has not begun by 1 December 2026", 3, "B (Period)"),
        Error("too long ago", 4, "B (Period)"),
        Error("the two years do not follow each other", 5, "B (Period)"),
        Error("The row has no indicator", 6, "A (Indicator)"),
        Error("The row has no period", 7, "B (Period)"),
    ),
    *both("38", "blank rows", [HEADINGS, ("", "", ""), ROW, ("", " ", ""), ("", "", "")], stored=GOOD),
    book("38", "blank rows that are formatted", lambda: workbook(change=blank_rows_below), stored=GOOD),
    *both(
        "38",
        "a total",
        [HEADINGS, ROW, ("Total", "2019/20", "47.5"), ("Average (all)", "2019/20", "1")],
        Error("A total or average is computed, never imported. Delete this row.", 3, "A (Indicator)"),
        Error("never imported", 4, "A (Indicator)"),
    ),
    book(
        "39",
        "a code that is a number",
        lambda: workbook([HEADINGS, (1.1, "2019/20", "4"), (Shown(1.1, "0.00"), "2018/19", "4")]),
        Error("holds this code as a number, 1.1. Format the column as text", 2, "A (Indicator)"),
        Error("holds this code as a number, 1.1. Format the column as text", 3, "A (Indicator)"),
    ),
    book(
        "39",
        "a code that became a date",
        lambda: workbook([HEADINGS, (Shown(date(2019, 10, 1), "dd-mmm"), "2019/20", "4")]),
        Error("We know no indicator “01-Oct”", 2, "A (Indicator)"),
    ),
    *both("39", "the code as text", [HEADINGS, ("1.10", "2019/20", "4")], stored={"visits 2019/20": "4"}),
    *both(
        "39",
        "a code that lost a zero or its point",
        [HEADINGS, ("1.1", "2019/20", "4"), ("110", "2019/20", "4"), ("11.0", "2019/20", "4")],
        Error("We know no indicator “1.1”. Did you mean 1.10", 2, "A (Indicator)"),
        Error("We know no indicator “110”. Did you mean 1.10", 3, "A (Indicator)"),
        Error("We know no indicator “11.0”. Did you mean 1.10", 4, "A (Indicator)"),
    ),
)
