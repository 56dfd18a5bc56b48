"""Which columns a sheet of figures has, and how one row of it is read (django-import-export's fields and widgets);
which sheets of a plan's workbook hold indicators and their figures, and which columns registers of targets and of
other areas' figures have.

Only import-export's Resource, Field and Widget classes are used: upload, preview and confirmation are
`lambeth_plans/imports`.
"""

from collections.abc import Iterator, Mapping
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
    Reason,
    Rebase,
    RelatedIndicator,
    Target,
    normalised_code,
)
from lambeth_plans.accounts.record_sheets import RecordSheet, Values, sheet_of
from lambeth_plans.accounts.register_sheets import Register, RegisterColumn, RegisterRow, Said
from lambeth_plans.accounts.register_widgets import Lookup, NameWidget, RegisterWidget
from lambeth_plans.accounts.register_widgets import PeriodWidget as RegisterPeriodWidget
from lambeth_plans.rag import Rag
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
REBASES = sheet_of(Rebase, "Rebases", is_series=True)
COMPARATORS = sheet_of(ComparatorGroup, "Comparators")
BENCHMARKS = sheet_of(Benchmark, "Benchmarks", is_series=True)


class RegisterFigureWidget(RegisterWidget):
    """A figure by the grammar of figures, and as it was written; without a field for the reason, words for no figure
    are only kept as they were written."""

    @property
    def hint(self) -> str:
        return "A figure, like 47.5, 1,234 or 47.5%; where there is none, why: TBC, Not collected, c for suppressed."

    def read(self, text: str, cell: Cell, lookup: Lookup | None) -> Values:
        figure = figures.parse(text)
        value = None if figure.value is None else self.inner.clean(Cell(f"{figure.value:f}"))
        said = {"value": value, "value_as_stated": figure.text, "reason": figure.reason}
        return {name: said[name] for name in self.fills}

    def render(self, value: Mapping[str, Any], obj: Any = None, *, lookup: Lookup | None = None, **kwargs: Any) -> str:
        if value["value"] is None:
            return Reason(value["reason"]).label if value.get("reason") else ""
        return super().render(value)


class IndicatorRegister(Register):
    """What is told of an indicator and a period in each row."""

    is_of_plan = False
    #: Its sheet; which columns tell its rows apart, and what is missing where one is empty.
    sheet: type[RecordSheet]
    told_apart: Mapping[str, str]

    @classmethod
    def says(cls, row: RegisterRow) -> Iterator[Said]:
        identity, places = row.read(*cls.told_apart)
        for name, missing in cls.told_apart.items():
            if not row.text(name):
                row.refuse(name, missing)
        if len(identity) < len(cls.told_apart):
            return
        old = row.lookup.values(cls.sheet, cls.sheet.identity_of(identity))
        values, more = row.read(*(name for name in cls.of(cls.sheet) if name not in cls.told_apart), old=old)
        if "value" in values and row.text("value").lower() != figures.CLEAR:
            try:
                figures.check(figures.parse(row.text("value")), unit=row.lookup.unit_of(identity["indicator"]))
            except ValueError as error:
                row.refuse("value", str(error))
        yield Said(cls.sheet, row.number, {**values, **identity}, {**places, **more})

    @classmethod
    def rows(cls, lookup: Lookup) -> Iterator[list[str]]:
        for values in lookup.all(cls.sheet):
            yield cls.cells(lookup, (cls.sheet, values))


NO_INDICATOR = "The row has no indicator. Write its code, like LC06."
NO_PERIOD = "The row has no period. Write it like 2019/20, Q1 2020/21 or Apr 2019."
_ALSO_INDICATOR = "code; indicator code; ref; reference; kpi; kpi code"


class TargetsRegister(IndicatorRegister):
    """A target of an indicator for a period in each row, and the rule that judges it."""

    slug, label, noun, sheet = "targets", "Targets", "target", TARGETS

    indicator = RegisterColumn("Indicator", NameWidget(TARGETS, "indicator", INDICATORS), _ALSO_INDICATOR)
    period = RegisterColumn("Period", RegisterPeriodWidget(TARGETS, "period"), "year; financial year")
    value = RegisterColumn("Target", RegisterFigureWidget(TARGETS, "value", "value_as_stated"), "value; goal")
    value_as_stated = RegisterColumn("Target as printed", RegisterWidget(TARGETS, "value_as_stated"))
    rule_kind = RegisterColumn("Rule", RegisterWidget(TARGETS, "rule_kind"), "rule kind; tolerance kind")
    amber = RegisterColumn(
        Rag.AMBER.word, RegisterWidget(TARGETS, Target.amber.field.name), "tolerance; amber tolerance"
    )
    lower = RegisterColumn("Lower", RegisterWidget(TARGETS, "lower"), "lower value; from")
    upper = RegisterColumn("Upper", RegisterWidget(TARGETS, "upper"), "upper value; to")
    standing = RegisterColumn("Standing", RegisterWidget(TARGETS, "standing"))
    agreed_by = RegisterColumn("Agreed by", RegisterWidget(TARGETS, "agreed_by"))
    tolerance_standing = RegisterColumn("Standing of the tolerance", RegisterWidget(TARGETS, "tolerance_standing"))

    required = ("indicator", "period")
    told_apart = {"indicator": NO_INDICATOR, "period": NO_PERIOD}


class BenchmarksRegister(IndicatorRegister):
    """Another area's figure for an indicator and a period in each row, or the reason why there is none."""

    slug, label, noun, sheet = "benchmarks", "Benchmarks", "benchmark", BENCHMARKS

    indicator = RegisterColumn("Indicator", NameWidget(BENCHMARKS, "indicator", INDICATORS), _ALSO_INDICATOR)
    area = RegisterColumn("Area", RegisterWidget(BENCHMARKS, "area"), "authority; local authority; council")
    group = RegisterColumn("Group", NameWidget(BENCHMARKS, "group", COMPARATORS), "comparator group; comparators")
    period = RegisterColumn("Period", RegisterPeriodWidget(BENCHMARKS, "period"), "year; financial year; date")
    value = RegisterColumn("Value", RegisterFigureWidget(BENCHMARKS, "value", "value_as_stated", "reason"), "figure")
    value_as_stated = RegisterColumn("Value as printed", RegisterWidget(BENCHMARKS, "value_as_stated"))
    source = RegisterColumn("Source", RegisterWidget(BENCHMARKS, "source"))

    required = ("indicator", "area", "period")
    told_apart = {
        "indicator": NO_INDICATOR,
        "area": "The row has no area. Write whose figure it is, like England.",
        "period": NO_PERIOD,
    }
