"""40 to 49: what stands in a cell. All that are refused go in together, and all that are taken, as CSV and as a
workbook; each has a row and a month of its own, and is named or stored by itself."""

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
    def in_csv(self) -> Sequence[str]:
        return [] if self.text is None else [self.text]

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
    Value("43", "-0", stored="0"),
    Value("43", "-£5", stored="-5", code="F1"),
    Value("43", "(£1,000)", stored="-1000", code="F1"),
    Value("43", "\u00a047.5\u00a0% ", stored="47.5", code="LC06"),
    *_refused("43", TWO_THINGS, "1.234,5", "47,5", "1,23"),
    *_refused("43", NO_FIGURE, "1 234", "12,34,567", "(-3)", "3-", "+5", ".5", "5.", "007", "£1.234,50", "£5%", "5 %%"),
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
    for year in range(1991, 2020)
    for month in ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
]


def _together(*, is_refused: bool, in_book: bool) -> list[tuple[str, Value, Any]]:
    """The month, the value and the cell of each row."""
    chosen = [value for value in VALUES if bool(value.refused) is is_refused]
    found = [(value, cell) for value in chosen for cell in (value.in_book if in_book else value.in_csv)]
    return [(month, value, cell) for month, (value, cell) in zip(MONTHS, found, strict=False)]


def _case(what: str, *, is_refused: bool, in_book: bool) -> Case:
    together = _together(is_refused=is_refused, in_book=in_book)
    rows = [(value.code, month, cell) for month, value, cell in together]
    kind, sheet = ("xlsx", "Sheet") if in_book else ("csv", "")
    errors = [Error(value.refused, row, "C (Value)", sheet) for row, (_, value, _) in enumerate(together, 2)]
    stored = {f"{KEYS[value.code]} {month}": value.stored for month, value, _ in together}
    return Case(
        "40",
        what,
        (lambda: workbook([HEADINGS, *rows])) if in_book else (lambda: lines(*rows)),
        f"figures.{kind}",
        errors=tuple(errors) if is_refused else (),
        stored={} if is_refused else stored,
        control=kind,
    )


def numbers_that_no_program_here_writes() -> bytes:
    content = workbook([HEADINGS, *(("1.10", month, number) for number, month in enumerate(MONTHS[:3], 7_771))])
    for number, digits in enumerate((b"1e400", b"0.30000000000000004", b"1E+22"), 7_771):
        content = repacked(content, in_sheet(b"<v>%d</v>" % number, b"<v>" + digits + b"</v>"))
    return content


CASES = (
    *(_case("every value that is refused", is_refused=True, in_book=in_book) for in_book in (False, True)),
    *(_case("every value that is taken", is_refused=False, in_book=in_book) for in_book in (False, True)),
    Case(
        "41",
        "numbers too large or too exact",
        numbers_that_no_program_here_writes,
        "figures.xlsx",
        errors=(
            Error(NO_FIGURE, 2, "C (Value)", "Sheet"),
            Error("more than 6 decimals", 3, "C (Value)", "Sheet"),
            Error("too large", 4, "C (Value)", "Sheet"),
        ),
        control="xlsx",
    ),
)
