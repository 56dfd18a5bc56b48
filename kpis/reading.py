"""Reading the rows of a sheet of figures: each different text once, by the widgets of `resources.FigureSheet`, so that
a hundred thousand rows are read as quickly as they are few kinds of text."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from kpis.figures import Figure
from kpis.finding import Indicators
from kpis.models import Indicator
from kpis.resources import FigureSheet
from lambeth_plans.accounts.record_sheets import CellError
from lambeth_plans.periods import Period, has_month_first
from lambeth_plans.spreadsheets import Cell

#: The columns that are blank in most rows.
FURTHER = ("numerator", "denominator", "note", "status", "why")


@dataclass(frozen=True)
class FigureTable:
    """The texts of a sheet, column by column, so that each different one is looked up once.

    `further` holds those of the columns FURTHER in which anything stands; `numeric_codes` are the places of rows whose
    code a workbook holds as a number: 1.10 has then already become 1.1.
    """

    numbers: Sequence[int]
    codes: Sequence[str]
    periods: Sequence[str]
    values: Sequence[str]
    further: Mapping[str, Sequence[str]] = field(default_factory=dict)
    numeric_codes: Collection[int] = ()

    def __len__(self) -> int:
        return len(self.numbers)


class ReadRow(NamedTuple):
    """What one row says; a `figure` of None stands for a blank, and so does what is not in `further`.

    `which` and `when` are the numbers of the indicator and of the period among those that the reader has met.
    """

    number: int
    code: str
    which: int
    when: int
    figure: Figure | None
    further: Mapping[str, Any] | None


class _Texts(dict):
    """What the texts of one column mean: (value, None), or (None, why it is refused)."""

    def __init__(self, name: str, **known: Any) -> None:
        super().__init__()
        self.clean: Callable[..., Any] = FigureSheet.fields[name].widget.clean
        self.known = known

    def __missing__(self, text: str) -> tuple[Any, str | None]:
        try:
            meaning = self.clean(Cell(text), **self.known), None
        except ValueError as error:
            meaning = None, str(error)
        self[text] = meaning
        return meaning


class _Code(NamedTuple):
    """A code as typed, the number of the indicator that it means, and else why it means none."""

    text: str
    which: int
    wrong: str


class Numbers(dict):
    """A number for each different thing, in the order in which they are met."""

    def __missing__(self, thing: Any) -> int:
        number = self[thing] = len(self)
        return number


class Reader:
    """Reads the rows of a table; what is wrong with them is kept as `errors`, in the order of the rows."""

    def __init__(self, known: Indicators, *, today: date) -> None:
        self.known = known
        self.errors: list[CellError] = []
        self._texts = {name: _Texts(name) for name in ("value", *FURTHER)}
        self._today = today
        self._whiches: dict[Indicator, int] = Numbers()
        self._whens: dict[Period, int] = Numbers()

    @property
    def indicators(self) -> list[Indicator]:
        return list(self._whiches)

    @property
    def periods(self) -> list[Period]:
        return list(self._whens)

    def read(self, table: FigureTable) -> list[ReadRow]:
        """The rows that can be read, without those that say no more than which indicator they are for."""
        month_first = has_month_first(table.periods)
        self._texts["period"] = _Texts("period", today=self._today, month_first=month_first)
        codes = {text: self._code(Cell(text)) for text in dict.fromkeys(table.codes)}
        whens = {text: self._when(text) for text in dict.fromkeys(table.periods)}
        meanings = self._texts["value"]
        special = self._special(table)
        found: list[ReadRow] = []
        keep = found.append
        columns = (
            map(codes.__getitem__, table.codes),
            map(whens.__getitem__, table.periods),
            map(meanings.__getitem__, table.values),
        )
        for place, (number, (code, which, unknown), when, (figure, wrong)) in enumerate(
            zip(table.numbers, *columns, strict=True)
        ):
            if when is None or wrong or unknown or place in special:
                if read := self._carefully(table, place):
                    keep(read)
            else:
                keep((number, code, which, when, figure, None))  # type: ignore[arg-type] - a hundred thousand of them
        return found

    def _special(self, table: FigureTable) -> set[int]:
        """The places of rows that say more than a figure, or whose code is held as a number."""
        special = set(table.numeric_codes)
        for texts in table.further.values():
            special.update(place for place, text in enumerate(texts) if text and not text.isspace())
        return special

    def _when(self, text: str) -> int | None:
        """The number of a period, the same for equal ones; None where the text is no period."""
        period, wrong = self._texts["period"][text]
        return None if wrong else self._whens[period]

    def _code(self, cell: Cell) -> _Code:
        try:
            code = FigureSheet.fields["code"].widget.clean(cell)
        except ValueError as error:
            return _Code(cell.text, -1, str(error))
        indicator = self.known.find(code)
        if indicator is None:
            return _Code(code, -1, self.known.unknown(code))
        return _Code(code, self._whiches[indicator], "")

    def _carefully(self, table: FigureTable, place: int) -> ReadRow | None:
        """A row that says more than a figure or that has something wrong: then every error in it is kept."""
        number, period_text = table.numbers[place], table.periods[place]
        texts = {"period": period_text, "value": table.values[place]}
        for name, column in table.further.items():
            if column[place].strip():
                texts[name] = column[place]
        if not any(text.strip() for text in texts.values()):
            return None
        code = self._code(Cell(table.codes[place], is_number=place in table.numeric_codes))
        meant, errors = {}, []
        for name, text in texts.items():
            meant[name], wrong = self._texts[name][text]
            if wrong:
                errors.append(CellError(number, name, text, wrong))
        if code.wrong:
            errors.append(CellError(number, "code", code.text, code.wrong))
        self.errors += errors
        if errors:
            return None
        when, figure = self._whens[meant.pop("period")], meant.pop("value")
        return ReadRow(number, code.text, code.which, when, figure, meant or None)
