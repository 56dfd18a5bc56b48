"""17 to 27: how text is encoded and shaped. Where a workbook can be wrong in the same way, it stands beside it."""

from tests.imports.bad_inputs import Case, Error
from tests.imports.bad_inputs.files import HEADINGS, ROW, lines, text, workbook

GOOD = {"assessments 2019/20": "47.5"}
NOTED = ("LC06", "2019/20", "47.5%", "a–b £5")
COMMENT = {"assessments 2019/20": "a–b £5"}
WITH_NOTE = (*HEADINGS, "Note")


def _taken(number, what, content, *notes, comments=None):
    return Case(number, what, content, stored=GOOD, notes=notes, comments=comments or {})


def _refused(number, what, content, *errors, file_name="figures.csv"):
    return Case(number, what, content, file_name, errors=errors, control=file_name.rpartition(".")[2])


def noted(encoding: str, mark: bytes = b""):
    return lambda: mark + text(NOTED, headings=WITH_NOTE).encode(encoding)


CASES = (
    _taken("17", "UTF-8 with its mark", noted("utf-8-sig"), comments=COMMENT),
    _taken("18", "UTF-16, little end first", noted("utf-16-le", b"\xff\xfe"), "UTF-16", comments=COMMENT),
    _taken("18", "UTF-16, big end first", noted("utf-16-be", b"\xfe\xff"), "UTF-16", comments=COMMENT),
    _refused("18", "half of a UTF-16 letter", lambda: b"\xff\xfeA\0B", Error("begins like UTF-16 text but is damaged")),
    _taken("19", "Windows-1252", noted("cp1252"), "read as Windows-1252", comments=COMMENT),
    _refused("19", "no encoding we know", lambda: b"Indicator,\x81\n", Error("characters cannot be read")),
    _taken("20", "semicolons", lambda: text(delimiter=";").encode(), "separated by semicolons"),
    _taken("20", "tabs", lambda: text(delimiter="\t").encode(), "separated by tabs"),
    _refused(
        "20",
        "bars",
        lambda: text(delimiter="|").encode(),
        Error("do not know the column “Indicator|Period|Value”", 1, "A"),
        Error("no column “Indicator”", 1),
        Error("no column “Period”", 1),
        Error("no column “Value”", 1),
    ),
    _taken("20", "every cell in quotation marks", lambda: b'"Indicator","Period","Value"\n"LC06","2019/20","47.5%"\n'),
    _taken("21", "lines that end in CR only", lambda: text(newline="\r").encode()),
    _refused(
        "22",
        "a quotation mark that is not closed",
        lambda: b'Indicator,Period,Value\nLC06,2019/20,"47.5%\nLC06,2018/19,41\n',
        Error("From line 2 on, the file cannot be read: a quotation mark is not closed.", 2),
    ),
    _refused("23", "NUL", lambda: lines(("LC06\0", "2019/20", "47.5")), Error("characters that no text has")),
    _refused("24", "a cell of 200,000 letters", lambda: lines(("a" * 200_000, "", "")), Error("far too long", 2)),
    _refused("25", "a short row", lambda: lines(ROW, ROW[:2]), Error("The row has 2 cells and the headings", 3)),
    _refused("25", "a long row", lambda: lines((*ROW, "x"), ROW), Error("The row has 4 cells and the headings", 2)),
    _refused("25", "a row of 160 cells", lambda: b"A\n" + b"," * 160 + b"x\n", Error("more than 150 cells", 2)),
    _refused("26", "headings only", lambda: text()[:23].encode(), Error("No figures found")),
    _refused("26", "blank lines only", lambda: b"\n\n , \n", Error("No figures found")),
    _refused("26", "headings only", lambda: workbook([HEADINGS]), Error("No figures found"), file_name="a.xlsx"),
    _refused(
        "26", "an empty sheet", lambda: workbook([]), Error("No figures found", sheet="Sheet"), file_name="a.xlsx"
    ),
    _refused(
        "26",
        "nothing but indicators",
        lambda: lines(("LC06", "", ""), ("1.10", "", "")),
        Error("No figures found: no row says more than which indicator it is for."),
    ),
    _taken("27", "a title and blank rows above", lambda: b"Figures of May,,\n\n,,\n" + lines()),
    Case(
        "27",
        "a title and blank rows above",
        lambda: workbook([["Figures of May"], [], HEADINGS, ROW]),
        "figures.xlsx",
        stored=GOOD,
        control="xlsx",
    ),
    _refused(
        "27",
        "headings too far down",
        lambda: b"A line of text,,\n" * 12 + lines(),
        Error("do not know the column “A line of text”", 1, "A"),
        Error("without a heading", 1, "B"),
        Error("without a heading", 1, "C"),
        Error("no column “Indicator” in the first 10 rows", 1),
        Error("no column “Period” in the first 10 rows", 1),
        Error("no column “Value” in the first 10 rows", 1),
    ),
)
