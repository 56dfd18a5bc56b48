"""40 to 49: what stands in a cell. Each value goes in as CSV by itself, and all of them together in a workbook: one of
those that are refused, one of those that are taken, where each has a month of its own."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from tests.imports.bad_inputs import Case, Error
from tests.imports.bad_inputs.files import HEADINGS, Shown, in_sheet, lines, repacked, workbook

KEYS = {"LC06": "assessments", "LC09": "exclusions", "1.10": "visits", "F1": "spend"}


@dataclass(frozen=True)
class Value:
    """A value as it stands in a cell, and either what is stored or a piece of the refusal. `cells` are further ways in
    which a workbook holds it; where `text` is None, it stands in workbooks only. The indicator is found by `code`: LC06
    is a percentage that lives near 40, LC09 one below 1, 1.10 a number, F1 in pounds."""

    number: str
    text: str | None
    stored: str = ""
    refused: str = ""
    code: str = "1.10"
    cells: tuple[Any, ...] = ()

    @property
    def in_book(self) -> Sequence[Any]:
        return [cell for cell in (self.text, *self.cells) if cell is not None]


def _refused(number: str, words: str, *texts: str, code: str = "1.10") -> Iterable[Value]:
    return (Value(number, text, refused=words, code=code) for text in texts)


def _reason(reason: str, *texts: str) -> Iterable[Value]:
    return (Value("44", text, stored=reason) for text in texts)


NO_FIGURE = "is not a figure"
TWO_THINGS = "can mean two things"

VALUES = (
    *_refused("40", NO_FIGURE, "NaN", "inf", "-Infinity", "1e400", "1e5", "1E5", "1_000", "0x1F", "４７", "٤٧", "४७"),
    Value("40", "100000", stored="100000", cells=(1e5,)),
    *_refused("41", "too large", "1234567890123", "9" * 400),
    *_refused("41", "more than 6 decimals", "0.1234567", "47.50000000000001"),
    *_refused("41", "more than 15 digits", "999,999,999,999.999999", "1234567890.123456"),
    *_refused("41", "out of range", "4750", "-1000.5", code="LC06"),
    Value("41", "999,999,999.999999", stored="999999999.999999"),
    Value("41", "999,999,999,999", stored="999999999999"),
    Value("42", "47.5%", stored="47.5", code="LC06", cells=(Shown(0.475, "0.0%"), Shown(0.475, "0%;[Red]-0%"))),
    Value("42", "47.5", stored="47.5", code="LC06", cells=(47.5, Shown(47.5, '0.0"%"'), Shown("47.5", "0.0%"))),
    Value("42", "0.475", refused="Did you mean 47.5%?", code="LC06", cells=(0.475,)),
    Value("42", "0.475%", stored="0.475", code="LC06", cells=(Shown(0.00475, "0.0%"),)),
    Value("42", "0.06", stored="0.06", code="LC09", cells=(0.06,)),
    Value("42", "47.5%", refused="is in percent, but this indicator is stated in “£”", code="F1"),
    Value("42", "£47.5", refused="is in pounds, but this indicator is stated in “%”", code="LC06"),
    Value("43", "1,234", stored="1234", cells=(1234, Shown(1234, "#,##0"), Shown(1234, '0.0,"k"'))),
    Value("43", "£1,234.50", stored="1234.5", code="F1", cells=(Shown(1234.5, '"£"#,##0.00'),)),
    Value("43", "(3)", stored="-3", cells=(Shown(-3, "0;(0)"),)),
    Value("43", "\u22125", stored="-5"),
    Value("43", "- 5", stored="-5"),
    Value("43", "(£1,000)", stored="-1000", code="F1"),
    Value("43", "\u00a047.5\u00a0% ", stored="47.5", code="LC06"),
    *_refused("43", TWO_THINGS, "1.234,5", "47,5", "1,23"),
    *_refused("43", NO_FIGURE, "1 234", "12,34,567", "(-3)", "3-", "+5", ".5", "5.", "007", "£1.234,50"),
    *_reason("to_be_confirmed", "TBC", "tba", "to be  confirmed"),
    *_reason("not_applicable", "N/A", "na", "[z]", "z"),
    *_reason("new_indicator", "New indicator", "new"),
    *_reason("pending", "Pending", "awaiting data"),
    *_reason("not_collected", "not collected"),
    *_reason("blank", "-", "–", "blank"),
    *_reason("suppressed", "c", "C", "[c]", "<5", "< 10", "k", "low", "[low]"),
    *_reason("not_available", "x", "[x]", "u", ":"),
    *_refused("44", NO_FIGURE, "nearly all", "none", "nil", "unknown", "y", "[]", "<0", "??"),
    *_refused("45", "Write it like 47.5", "c. 40", "~40", "12–14", "12-14", "40*", "40 (est.)", "40ish", ">40", "±2"),
    Value("46", "0", stored="0", cells=(0, Shown(0, '0;-0;"-"'))),
    Value("46", "0%", stored="0", code="LC06", cells=(0, Shown(0, "0%"))),
    Value("46", "0.0", stored="0"),
    *_refused("47", NO_FIGURE, "30/06/2020", "2019/20"),
    Value("47", None, refused=NO_FIGURE, cells=(date(2020, 6, 30), Shown(45838, "mmm yyyy"))),
    *_refused("48", NO_FIGURE, "yes", "Y", "on", "true", "no", "FALSE"),
    Value("48", None, refused=NO_FIGURE, cells=(True, False)),
    *_refused("49", NO_FIGURE, "=1+1", "+1", "@SUM(A1)", "<script>alert(1)</script>", "40 😀", "\u202e04"),
)

#: Months apart, so that no value is beside another of its own.
MONTHS = [
    f"{month} {year}"
    for year in range(2001, 2020)
    for month in ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
]


def _case(value: Value) -> Case:
    row = (value.code, "2019/20", value.text)
    stored = {f"{KEYS[value.code]} 2019/20": value.stored} if value.stored else {}
    errors = (Error(value.refused, 2, "C (Value)"),) if value.refused else ()
    shown = value.text if len(value.text) < 40 else f"{value.text[:10]}…"
    return Case(value.number, ascii(shown), lambda: lines(row), errors=errors, stored=stored)


def _together(is_refused: bool) -> list[tuple[str, Value, Any]]:
    found = [(value, cell) for value in VALUES if bool(value.refused) is is_refused for cell in value.in_book]
    return [(month, value, cell) for month, (value, cell) in zip(MONTHS, found, strict=False)]


def _book(is_refused: bool) -> bytes:
    return workbook([HEADINGS, *((value.code, month, cell) for month, value, cell in _together(is_refused))])


def _raw(number: bytes) -> bytes:
    """A workbook whose cell holds a number that openpyxl would not write."""
    return repacked(workbook([HEADINGS, ("1.10", "2019/20", 1)]), in_sheet(rb"<v>1</v>", b"<v>" + number + b"</v>"))


def _in_book(number: str, digits: bytes, refused: str = "", stored: str = "") -> Case:
    return Case(
        number,
        f"the number {digits.decode()}",
        lambda: _raw(digits),
        "figures.xlsx",
        errors=(Error(refused, 2, "C (Value)", "Sheet"),) if refused else (),
        stored={"visits 2019/20": stored} if stored else {},
        control="xlsx",
    )


IN_BOOKS = (
    _in_book("40", b"1e400", NO_FIGURE),
    _in_book("40", b"1.5E5", stored="150000"),
    _in_book("41", b"0.30000000000000004", "more than 6 decimals"),
    _in_book("41", b"1E+22", "too large"),
    Case(
        "40",
        "every value that is refused",
        lambda: _book(is_refused=True),
        "figures.xlsx",
        errors=tuple(
            Error(value.refused, number, "C (Value)", "Sheet")
            for number, (_, value, _) in enumerate(_together(is_refused=True), 2)
        ),
        control="xlsx",
    ),
    Case(
        "40",
        "every value that is taken",
        lambda: _book(is_refused=False),
        "figures.xlsx",
        stored={f"{KEYS[value.code]} {month}": value.stored for month, value, _ in _together(is_refused=False)},
        control="xlsx",
    ),
)
CASES = (*(_case(value) for value in VALUES if value.text is not None), *IN_BOOKS)
