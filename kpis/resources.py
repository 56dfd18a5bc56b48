"""Which columns a sheet of figures has, and how one row of it is read (django-import-export's fields and widgets);
and which sheets of a plan's workbook hold indicators and their figures.

Only import-export's Resource, Field and Widget classes are used: upload, preview and confirmation are
`lambeth_plans/imports`.
"""

from datetime import date
from typing import Any

from import_export.fields import Field
from import_export.resources import Resource
from import_export.widgets import Widget

from kpis import figures
from kpis.models import (
    Benchmark,
    ComparatorGroup,
    Indicator,
    IndicatorCode,
    Outturn,
    PlanIndicator,
    RelatedIndicator,
    Target,
    normalised_code,
)
from lambeth_plans.accounts.record_sheets import RecordSheet, Values, sheet_of
from lambeth_plans.spreadsheets import Cell
from lambeth_plans.spreadsheets.csv_files import restored

LONGEST_NOTE = 2_000
LONGEST_WHY = 200


class CodeWidget(Widget):
    """An indicator's code or key. A code that a workbook holds as a number may have lost a zero: 1.10 became 1.1."""

    def clean(self, value: Cell, row: Any = None, **kwargs: Any) -> str:
        code = figures.tidy(value.text)
        if not code:
            raise ValueError("The row has no indicator. Write its code, like LC06.")
        if value.is_number and not code.isdigit():
            raise ValueError(f"The sheet holds this code as a number, {code}. Format the column as text and retype it.")
        return code


class PeriodWidget(Widget):
    def clean(self, value: Cell, row: Any = None, *, today: date, month_first: bool = False, **kwargs: Any) -> Any:
        if not value.text.strip():
            raise ValueError("The row has no period. Write it like 2019/20, Q1 2020/21 or Apr 2019.")
        return figures.parse_period(value.text, today=today, month_first=month_first)


class FigureWidget(Widget):
    def clean(self, value: Cell, row: Any = None, **kwargs: Any) -> figures.Figure | None:
        return figures.parse(value.text)


class CountWidget(Widget):
    def clean(self, value: Cell, row: Any = None, **kwargs: Any) -> Any:
        return figures.parse_count(value.text)


class NoteWidget(Widget):
    """A note as typed; None for a blank, "" where it is to be taken away."""

    def clean(self, value: Cell, row: Any = None, **kwargs: Any) -> str | None:
        note = restored(value.text.replace("\r\n", "\n").strip())
        if not note:
            return None
        if note.lower() == figures.CLEAR:
            return ""
        if len(note) > LONGEST_NOTE:
            raise ValueError(f"The note has {len(note):,} characters, and there is room for {LONGEST_NOTE:,}.")
        if any(ord(letter) < 32 and letter not in "\n\t" for letter in note):
            raise ValueError("The note holds control characters. Type it again.")
        return note


class StatusWidget(Widget):
    """Whether a figure is provisional or final; None for a blank, "" where that is to be taken away."""

    def clean(self, value: Cell, row: Any = None, **kwargs: Any) -> str | None:
        word = figures.tidy(value.text).lower()
        if not word:
            return None
        if word == figures.CLEAR:
            return ""
        if word not in Outturn.Status.values:
            raise ValueError(f"“{value.text[:60]}” is no status of a figure. Write Provisional or Final.")
        return word


class WhyWidget(Widget):
    """Why one figure is what it is: it goes into the history of that figure."""

    def clean(self, value: Cell, row: Any = None, **kwargs: Any) -> str:
        why = figures.tidy(restored(value.text))
        if len(why) > LONGEST_WHY:
            raise ValueError(f"The reason has {len(why):,} characters, and there is room for {LONGEST_WHY}.")
        if any(ord(letter) < 32 for letter in why):
            raise ValueError("The reason holds control characters. Type it again.")
        return why


class FigureSheet(Resource):
    """One figure of one indicator for one period in each row. A blank value, count, note or status changes nothing."""

    code = Field(column_name="Indicator", widget=CodeWidget())
    title = Field(column_name="Title", widget=Widget())  # for people to read; the code says which indicator it is
    period = Field(column_name="Period", widget=PeriodWidget())
    value = Field(column_name="Value", widget=FigureWidget())
    numerator = Field(column_name="Numerator", widget=CountWidget())
    denominator = Field(column_name="Denominator", widget=CountWidget())
    note = Field(column_name="Note", widget=NoteWidget())
    status = Field(column_name="Status", widget=StatusWidget())
    why = Field(column_name="Why", widget=WhyWidget())  # of a correction: for the history, not for the figure

    #: What else a heading may read, lower case.
    headings = {
        "code": ("code", "indicator code", "ref", "reference", "kpi", "kpi code"),
        "title": ("indicator title", "name", "indicator name", "description"),
        "period": ("date",),
        "value": ("outturn", "figure", "actual"),
        "note": ("notes", "comment", "comments"),
        "why": ("why corrected", "reason for change", "reason for correction"),
    }
    #: What a heading means where another column is the field it stands for: beside “Ref”, “Indicator” is the title.
    otherwise = {"indicator": ("code", "title")}
    required = ("code", "period", "value")
    #: What only says which indicator a row is about.
    names = ("code", "title")

    @classmethod
    def columns(cls) -> list[str]:
        """The headings of the template, in order."""
        return [field.column_name for field in cls.fields.values()]


class CodeSheet(RecordSheet):
    """Codes: equal ones ("LC.06", "LC06") are one; those of an indicator stay in the order they came in."""

    @classmethod
    def identity_of(cls, values: Values) -> tuple[Any, ...]:
        return (normalised_code(values["code"]),)

    @classmethod
    def place(cls, values: Values) -> tuple[Any, ...]:
        return ()


INDICATORS = sheet_of(Indicator, "Measures")
CODES = sheet_of(IndicatorCode, "Codes", identity=("indicator", "code"), base=CodeSheet)
PLACES = sheet_of(PlanIndicator, "Indicators")
RELATED = sheet_of(RelatedIndicator, "Related indicators", is_series=True)
TARGETS = sheet_of(Target, "Targets", is_series=True)
OUTTURNS = sheet_of(Outturn, "Outturns", is_series=True)
COMPARATORS = sheet_of(ComparatorGroup, "Comparators")
BENCHMARKS = sheet_of(Benchmark, "Benchmarks", is_series=True)
