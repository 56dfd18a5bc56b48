"""42 and 46 to 49 where more than one cell decides, or another column than the value: blanks, periods and notes."""

from datetime import date, datetime
from typing import Any

from openpyxl.utils.datetime import CALENDAR_MAC_1904

from tests.imports.bad_inputs import UNCHANGED, Case, Error
from tests.imports.bad_inputs.files import HEADINGS, ROW, Shown, in_sheet, lines, repacked, workbook
from tests.imports.bad_inputs.rows import GOOD, book, both, text_only

COUNTS = (*HEADINGS, "Numerator", "Denominator")
WITH_NOTE = (*HEADINGS, "Note")
PERIOD = "B (Period)"


def _periods(*cells: Any) -> Any:
    return lambda: workbook([HEADINGS, *(("LC06", cell, "47.5") for cell in cells)])


def in_1904() -> bytes:
    """30 June 2020 as a workbook counts it whose days begin in 1904."""

    def change(book, sheet):
        book.epoch = CALENDAR_MAC_1904

    return workbook([HEADINGS, ("LC06", Shown(date(2020, 6, 30), "dd/mm/yyyy"), "47.5")], change)


#: A note as it stands in its cell, and as it is stored.
NOTES = {
    **{
        text: text
        for text in ("=1+1", "+1", "-1", "@SUM(A1)", "<script>x</script>", "😀 \u202eabc\u202c שלום", "one\ntwo")
    },
    "\t=1+1": "=1+1",
}
YEARS = [f"{year}/{(year + 1) % 100:02d}" for year in range(2000, 2017)]
IN_YEARS = [("LC06", year, "47.5", note) for year, note in zip(YEARS, NOTES, strict=False)]
STORED_NOTES = {f"assessments {year}": note for year, note in zip(YEARS, NOTES.values(), strict=False)}

#: As Excel writes a CR, and what no text can hold.
ESCAPED = {"_x000D_=1": "=1", "a_xD800_b": "a_xD800_b", "a_x0000_b": "a_x0000_b"}


def escaped_notes() -> bytes:
    notes = [("LC06", year, "47.5", f"NOTE {year}") for year in YEARS[: len(ESCAPED)]]
    content = workbook([WITH_NOTE, *notes])
    for year, note in zip(YEARS, ESCAPED, strict=False):
        content = repacked(content, in_sheet(f">NOTE {year}<".encode(), f">{note}<".encode()))
    return content


AMERICAN = "Which is the month? Other dates here have it first"
FIRST = "has the month first"
NO_DAY = "is not a date that exists"
NO_PERIOD = "is not a period"
FOUR_DIGITS = "Write the year with four digits"
NO_DAYS = {
    "31/02/2020": NO_DAY,
    "31 Feb 2020": NO_DAY,
    "31/13/2020": NO_DAY,
    "30/06/20": FOUR_DIGITS,
    "06/07/08": FOUR_DIGITS,
    "30/06-2020": NO_PERIOD,
    "45838": "a number, as a spreadsheet program keeps a date",
    "2019": NO_PERIOD,
    "06/30/2026": FIRST,
}

CASES = (
    *both(
        "42",
        "two shares beside each other",
        [HEADINGS, ("LC06", "2019/20", "0.475"), ("LC06", "2020/21", "0.48"), ("LC06", "2021/22", "0.5")],
        Error("Did you mean 47.5%?", 2, "C (Value)"),
        Error("Did you mean 48%?", 3, "C (Value)"),
        Error("Did you mean 50%?", 4, "C (Value)"),
    ),
    *text_only(
        "42",
        "a percentage among shares",
        [HEADINGS, ("LC09", "2019/20", "0.06"), ("LC09", "2020/21", "0.4")],
        stored={"exclusions 2019/20": "0.06", "exclusions 2020/21": "0.4"},
    ),
    *text_only("46", "blanks only", [HEADINGS, ("LC06", "2018/19", ""), ("LC06", "2017/18", " ")], verdict=UNCHANGED),
    *both(
        "46",
        "blank beside a change",
        [HEADINGS, ("LC06", "2018/19", ""), ("LC06", "2017/18", "0")],
        stored={"assessments 2017/18": "0"},
    ),
    *text_only(
        "46", "cleared by a word", [HEADINGS, ("LC06", "2018/19", "blank")], stored={"assessments 2018/19": "blank"}
    ),
    *text_only(
        "46",
        "counts without a figure",
        [COUNTS, ("LC06", "2019/20", "TBC", "4", ""), ("LC06", "2020/21", "40%", "x", "0")],
        Error("A row without a figure has no numerator", 2, "D (Numerator)"),
        Error("is not a", 3, "D (Numerator)"),
    ),
    *both(
        "47",
        "days in numbers",
        [
            HEADINGS,
            *(("LC06", text, "47.5") for text in ("30/06/2026", "30.06.2020", "1-7-2020", "06/07/2020", "06/07")),
        ],
        stored={
            f"assessments {label}": "47.5"
            for label in ("30 Jun 2026", "30 Jun 2020", "1 Jul 2020", "6 Jul 2020", "2006/07")
        },
    ),
    *both(
        "47",
        "days that are none, or may be several",
        [HEADINGS, *(("LC06", text, "47.5") for text in NO_DAYS)],
        *(Error(words, row, PERIOD) for row, words in enumerate(NO_DAYS.values(), 2)),
    ),
    *both(
        "47",
        "American dates",
        [HEADINGS, *(("LC06", text, "47.5") for text in ("06/07/2020", "06/30/2020", "07/07/2020", "31/07/2020"))],
        Error(AMERICAN, 2, PERIOD),
        Error(FIRST, 3, PERIOD),
    ),
    book(
        "47",
        "dates in cells that do not show them",
        _periods(
            45838,
            Shown(45838, "0%"),
            Shown(date(2026, 7, 6), "d-mmm"),
            Shown(date(2019, 1, 1), "yyyy"),
            Shown(datetime(2020, 6, 30, 10, 30), "h:mm"),
            Shown(date(2020, 2, 1), "mmmm"),
        ),
        Error("a number, as a spreadsheet program keeps a date", 2, PERIOD),
        Error(NO_PERIOD, 3, PERIOD),
        Error("“06-Jul” is not a period", 4, PERIOD),
        Error("“2019” is not a period", 5, PERIOD),
        Error(NO_PERIOD, 6, PERIOD),
        Error("“February” is not a period", 7, PERIOD),
    ),
    book(
        "47",
        "dates in cells that show them",
        _periods(
            Shown(date(2026, 6, 30), "dd/mm/yyyy"),
            Shown(date(2020, 6, 30), "[$-809]dd mmmm yyyy"),
            Shown(date(2020, 7, 6), "mm-dd-yy"),
            Shown(date(2019, 4, 1), "mmm-yy"),
            Shown(45838, "d mmm yyyy"),
        ),
        stored={
            f"assessments {label}": "47.5"
            for label in ("30 Jun 2026", "30 Jun 2020", "6 Jul 2020", "Apr 2019", "30 Jun 2025")
        },
    ),
    book("47", "days counted from 1904", in_1904, stored={"assessments 30 Jun 2020": "47.5"}),
    *both(
        "49",
        "notes of every kind",
        [WITH_NOTE, *IN_YEARS],
        stored=dict.fromkeys(STORED_NOTES, "47.5"),
        comments=STORED_NOTES,
    ),
    Case(
        "49",
        "CR first",
        lambda: lines((*ROW, "NOTE"), headings=WITH_NOTE).replace(b"NOTE", b'"\r=1"'),
        stored=GOOD,
        comments={"assessments 2019/20": "=1"},
    ),
    book(
        "49",
        "notes that Excel escapes",
        escaped_notes,
        stored={f"assessments {year}": "47.5" for year in YEARS[: len(ESCAPED)]},
        comments={f"assessments {year}": note for year, note in zip(YEARS, ESCAPED.values(), strict=False)},
    ),
    Case(
        "49",
        "half of a letter",
        lambda: lines((*ROW, "a–NOTE"), headings=WITH_NOTE).replace(b"NOTE", b"\xed\xa0\x80"),
        errors=(Error("characters that no text has"),),
    ),
    *both(
        "49",
        "a long note",
        [WITH_NOTE, (*ROW, "x" * 2_001)],
        Error("2,001 characters, and there is room for 2,000", 2, "D (Note)"),
    ),
    Case(
        "49",
        "a note of 1 MB",
        lambda: lines((*ROW, "x" * 1_000_000), headings=WITH_NOTE),
        errors=(Error("far too long", 2),),
    ),
    Case(
        "49",
        "control characters",
        lambda: lines((*ROW, "a\x07b"), headings=WITH_NOTE),
        errors=(Error("control characters", 2, "D (Note)"),),
    ),
)
