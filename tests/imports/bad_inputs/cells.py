"""42 and 46 to 49 where more than one cell decides, or another column than the value: blanks, periods and notes."""

from datetime import date, datetime
from typing import Any

from openpyxl.utils.datetime import CALENDAR_MAC_1904

from tests.imports.bad_inputs import UNCHANGED, Case, Error
from tests.imports.bad_inputs.files import HEADINGS, ROW, Shown, in_sheet, lines, repacked, workbook
from tests.imports.bad_inputs.rows import GOOD, book, both

COUNTS = (*HEADINGS, "Numerator", "Denominator")
WITH_NOTE = (*HEADINGS, "Note")
PERIOD = "B (Period)"


def _period(text: str, label: str = "", refused: str = "") -> Case:
    stored = {f"assessments {label}": "47.5"} if label else {}
    errors = (Error(refused, 2, PERIOD),) if refused else ()
    return Case("47", text, lambda: lines(("LC06", text, "47.5")), errors=errors, stored=stored)


def _periods(*cells: Any) -> Any:
    return lambda: workbook([HEADINGS, *(("LC06", cell, "47.5") for cell in cells)])


def in_1904() -> bytes:
    """30 June 2020 as a workbook counts it whose days begin in 1904."""

    def change(book, sheet):
        book.epoch = CALENDAR_MAC_1904

    return workbook([HEADINGS, ("LC06", Shown(date(2020, 6, 30), "dd/mm/yyyy"), "47.5")], change)


def _note(what: str, note: str, stored: str | None = None) -> tuple[Case, Case]:
    return both("49", what, [WITH_NOTE, (*ROW, note)], stored=GOOD, comment=note if stored is None else stored)


def _bad_note(what: str, note: str, words: str, file_names: tuple[str, ...] = ("csv", "xlsx")) -> list[Case]:
    pair = both("49", what, [WITH_NOTE, (*ROW, note)], Error(words, 2, "D (Note)"))
    return [case for case in pair if case.file_name.rpartition(".")[2] in file_names]


def with_text_of_a_note(escaped: bytes) -> bytes:
    return repacked(workbook([WITH_NOTE, (*ROW, "NOTE")]), in_sheet(rb">NOTE<", b">" + escaped + b"<"))


AMERICAN = "Which is the month? Other dates here have it first"
FIRST = "has the month first"
NO_DAY = "is not a date that exists"
NO_PERIOD = "is not a period"

CASES = (
    *both(
        "42",
        "two shares beside each other",
        [HEADINGS, ("LC06", "2019/20", "0.475"), ("LC06", "2020/21", "0.48"), ("LC06", "2021/22", "0.5")],
        Error("Did you mean 47.5%?", 2, "C (Value)"),
        Error("Did you mean 48%?", 3, "C (Value)"),
        Error("Did you mean 50%?", 4, "C (Value)"),
    ),
    *both(
        "42",
        "a percentage among shares",
        [HEADINGS, ("LC09", "2019/20", "0.06"), ("LC09", "2020/21", "0.4")],
        stored={"exclusions 2019/20": "0.06", "exclusions 2020/21": "0.4"},
    ),
    *both("46", "blanks only", [HEADINGS, ("LC06", "2018/19", ""), ("LC06", "2017/18", " ")], verdict=UNCHANGED),
    *both(
        "46",
        "blank beside a change",
        [HEADINGS, ("LC06", "2018/19", ""), ("LC06", "2017/18", "0")],
        stored={"assessments 2017/18": "0"},
    ),
    *both("46", "cleared by a word", [HEADINGS, ("LC06", "2018/19", "blank")], stored={"assessments 2018/19": "blank"}),
    *both(
        "46",
        "counts without a figure",
        [COUNTS, ("LC06", "2019/20", "TBC", "4", ""), ("LC06", "2020/21", "40%", "x", "0")],
        Error("A row without a figure has no numerator", 2, "D (Numerator)"),
        Error("is not a", 3, "D (Numerator)"),
    ),
    _period("30/06/2026", "30 Jun 2026"),
    _period("30.06.2020", "30 Jun 2020"),
    _period("1-7-2020", "1 Jul 2020"),
    _period("06/07/2020", "6 Jul 2020"),
    _period("06/07", "2006/07"),
    _period("06/30/2026", refused=FIRST),
    _period("31/02/2020", refused=NO_DAY),
    _period("31 Feb 2020", refused=NO_DAY),
    _period("31/13/2020", refused=NO_DAY),
    _period("30/06/20", refused="Write the year with four digits"),
    _period("06/07/08", refused="Write the year with four digits"),
    _period("30/06-2020", refused=NO_PERIOD),
    _period("45838", refused="a number, as a spreadsheet program keeps a date"),
    _period("2019", refused=NO_PERIOD),
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
    *(case for text in ("=1+1", "+1", "-1", "@SUM(A1)", "<script>x</script>") for case in _note(ascii(text), text)),
    *_note("a tab first", "\t=1+1", stored="=1+1"),
    *_note("emoji, and letters from right to left", "😀 \u202eabc\u202c שלום"),
    *_note("more than one line", "one\ntwo"),
    Case(
        "49",
        "CR first",
        lambda: lines((*ROW, "NOTE"), headings=WITH_NOTE).replace(b"NOTE", b'"\r=1"'),
        stored=GOOD,
        comment="=1",
    ),
    book("49", "CR first", lambda: with_text_of_a_note(b"_x000D_=1"), stored=GOOD, comment="=1"),
    book("49", "half of a letter", lambda: with_text_of_a_note(b"a_xD800_b"), stored=GOOD, comment="a_xD800_b"),
    book("49", "NUL as Excel writes it", lambda: with_text_of_a_note(b"a_x0000_b"), stored=GOOD, comment="a_x0000_b"),
    Case(
        "49",
        "half of a letter",
        lambda: lines((*ROW, "a–NOTE"), headings=WITH_NOTE).replace(b"NOTE", b"\xed\xa0\x80"),
        errors=(Error("characters that no text has"),),
    ),
    *_bad_note("a long note", "x" * 2_001, "2,001 characters, and there is room for 2,000"),
    Case(
        "49",
        "a note of 1 MB",
        lambda: lines((*ROW, "x" * 1_000_000), headings=WITH_NOTE),
        errors=(Error("far too long", 2),),
    ),
    *_bad_note("control characters", "a\x07b", "control characters", ("csv",)),
)
