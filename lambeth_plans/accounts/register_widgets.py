"""How one cell of a register is read and written: what councils write, made into values of a workbook sheet's fields.

A widget may fill several fields: an amount, and what is printed where that says more. An empty cell says nothing and
“clear” takes away; whatever could mean two things is refused with a sentence that says what to write instead.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, Protocol

from import_export.widgets import Widget

from lambeth_plans import periods
from lambeth_plans.accounts.cell_widgets import DateWidget, in_order
from lambeth_plans.accounts.record_sheets import RecordSheet, Values
from lambeth_plans.fields import PartialDate
from lambeth_plans.periods import month_number
from lambeth_plans.spreadsheets import Cell
from lambeth_plans.spreadsheets.csv_files import restored

#: Takes away what stands there; an empty cell leaves it as it is.
CLEAR = "clear"
_AMOUNT = re.compile(
    r"(?P<minus>-)?£?(?P<digits>(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)(?P<times> ?(?:k|m|million))?", re.I
)
#: How many of a cell's names are told that are not there.
MOST_REFUSED = 10
#: What a record may be called, by the field that says it.
_CALLED_BY = {"ref": "reference", "code": "code", "name": "name", "title": "title", "post": "post"}
#: Written for machines (1e5, NaN), or in the digits of another script.
_NO_AMOUNT = re.compile(r"^-?(?:nan|inf|infinity)$|[0-9]e[+-]?[0-9]|_|(?![0-9])\d", re.I)
_TIMES = {"k": 3, "m": 6, "million": 6}


class Lookup(Protocol):
    """What is known of a council and a plan, and of the rows of the file that were read before."""

    def values(self, sheet: type[RecordSheet], identity: tuple[Any, ...]) -> Values | None: ...

    def all(self, sheet: type[RecordSheet]) -> list[Values]: ...

    def key_for(
        self, sheet: type[RecordSheet], *, key: str, reference: str, title: str
    ) -> tuple[str, Values | None]: ...

    def new_name(self, sheet: type[RecordSheet], text: str) -> str: ...

    def new_number(self, sheet: type[RecordSheet], parent: str, called: Any, *, taken: Iterable[int]) -> int: ...

    def sheet_of(self, model: type[Any]) -> type[RecordSheet]: ...

    def unit_of(self, indicator: str) -> str: ...

    def is_called(self, sheet: type[RecordSheet], text: str) -> bool: ...

    def name_of(self, sheet: type[RecordSheet], text: str) -> str: ...

    def words_of(self, sheet: type[RecordSheet], name: str) -> str: ...

    def key_words_of(self, sheet: type[RecordSheet], name: str) -> str: ...


def tidy(text: str) -> str:
    """The text without no-break, doubled and outer blanks, with a plain minus."""
    return " ".join(text.replace("\u00a0", " ").replace("\u202f", " ").replace("\u2212", "-").split())


def folded(text: str) -> str:
    """What is compared of a reference, a title or a name: case, blanks and the kind of minus aside."""
    return re.sub(r"\s", "", text.replace("\u2212", "-")).casefold()


def text_of(cell: Cell) -> str:
    """What a cell says, its lines kept."""
    return restored(cell.text.replace("\u00a0", " ").replace("\r\n", "\n").strip())


class RegisterWidget(Widget):
    """Fills one field as the workbook's own sheet reads it. `fills` are the fields, the one it is about first."""

    def __init__(self, sheet: type[RecordSheet], name: str, *further: str) -> None:
        super().__init__()
        self.sheet, self.name = sheet, name
        self.fills = (name, *further)
        self.inner = sheet.fields[name].widget

    @property
    def hint(self) -> str:
        """What may stand in a cell."""
        return self.inner.hint

    def says_nothing(self, value: Cell) -> bool:
        """Whether a cell is as good as empty."""
        return not text_of(value)

    def clean(self, value: Cell, row: Any = None, *, lookup: Lookup | None = None, **kwargs: Any) -> Values:
        """What a cell says, by field; nothing for an empty one. Raises ValueError for what it cannot mean."""
        text = text_of(value)
        if not text:
            return {}
        if text.casefold() == CLEAR:
            if self.inner.is_needed:
                raise ValueError("This cannot be taken away. Write what it is.")
            return {name: self.sheet.fields[name].widget.empty() for name in self.fills}
        return self.read(text, Cell(text, value.is_number), lookup)

    def read(self, text: str, cell: Cell, lookup: Lookup | None) -> Values:
        return {self.name: self.inner.clean(cell)}

    def render(self, value: Mapping[str, Any], obj: Any = None, *, lookup: Lookup | None = None, **kwargs: Any) -> str:
        """What a cell says of a record whose values these are."""
        content = self.inner.render(value[self.name])
        return (
            content if isinstance(content, str) else f"{content:f}" if hasattr(content, "is_finite") else str(content)
        )

    def says_the_same(self, said: Values, old: Values) -> bool:
        """Whether nothing is new in it: the amount, or how it is printed, is the one we hold."""
        return any(said.get(name) not in (None, "") and said[name] == old[name] for name in self.fills)


class AmountWidget(RegisterWidget):
    """Pounds as people write them: £1,234.50, 1234.5, (3,000) for minus 3,000, £1.5m.

    With a second field for what is printed, what is no exact amount (c.£10,000,000, TBC) is kept there, and there is
    then no amount; without one it is refused.
    """

    @property
    def hint(self) -> str:
        more = " What is no exact amount (c.£2m, TBC) is kept as it is printed." if len(self.fills) > 1 else ""
        return f"Pounds, like £1,234.50 or 1234.5.{more}"

    def read(self, text: str, cell: Cell, lookup: Lookup | None) -> Values:
        cleaned = tidy(text)
        bracketed = re.fullmatch(r"\(([^()-]+)\)", cleaned)
        found = (
            _AMOUNT.fullmatch(bracketed[1] if bracketed else cleaned) if cleaned.isascii() or "£" in cleaned else None
        )
        if found is None or not found["digits"].isascii():
            return self._only_printed(cleaned)
        digits, times = found["digits"].replace(",", ""), (found["times"] or "").strip().lower()
        if times:
            if len(self.fills) == 1:
                raise ValueError(f"“{text[:60]}” is rounded. Write the amount in full, like 1500000.")
            whole, _, decimals = digits.partition(".")
            digits = whole + decimals.ljust(_TIMES[times], "0")[: _TIMES[times]]
            if len(decimals) > _TIMES[times]:
                return self._only_printed(cleaned)
        sign = "-" if found["minus"] or bracketed else ""
        printed = dict.fromkeys(self.fills[1:], cleaned if times else "")
        return {self.name: self.inner.clean(Cell(f"{sign}{digits}")), **printed}

    def _only_printed(self, text: str) -> Values:
        if re.fullmatch(r"[-£0-9.,() ]+", text) and re.search(r"[0-9]", text):
            raise ValueError(f"“{text[:60]}” can mean two things. Write thousands with a comma, decimals with a point.")
        if _NO_AMOUNT.search(text):
            raise ValueError(f"“{text[:60]}” is not an amount. Write it like 1,234.50 or £1,234.50.")
        if len(self.fills) == 1:
            raise ValueError(f"“{text[:60]}” is not an exact amount. Write it like 1,234.50 or £1,234.50.")
        printed = self.sheet.fields[self.fills[1]].widget.clean(Cell(text))
        return {self.name: None, self.fills[1]: printed}


class DayWidget(RegisterWidget):
    """A date as people write it, the day before the month; as precise as it is written where the field allows.

    With a second field for what is printed, words without a digit (TBC, ongoing) are kept there.
    """

    @property
    def hint(self) -> str:
        more = " Words without a digit (TBC, ongoing) are kept as they are printed." if len(self.fills) > 1 else ""
        days = "A day" if type(self.inner) is DateWidget else "A day, a month or a year"
        return f"{days}: 31 March 2021, 31/03/2021 or 2021-03-31.{more}"

    def read(self, text: str, cell: Cell, lookup: Lookup | None) -> Values:
        cleaned = tidy(text)
        if len(self.fills) > 1 and not re.search(r"\d", cleaned):
            printed = self.sheet.fields[self.fills[1]].widget.clean(Cell(cleaned))
            return {self.name: None, self.fills[1]: printed}
        found = self._day(cleaned, is_number=cell.is_number)
        if not periods.EARLIEST_YEAR <= found.earliest.year <= periods.LATEST_YEAR:
            first, last = periods.EARLIEST_YEAR, periods.LATEST_YEAR
            raise ValueError(f"“{text[:60]}” is in no year from {first} to {last}. Check the year.")
        return {self.name: self.inner.clean(Cell(found.iso)), **dict.fromkeys(self.fills[1:], "")}

    def _day(self, text: str, *, is_number: bool) -> PartialDate:
        if not text.isascii() or (is_number and len(text) != 4):
            raise ValueError(
                f"“{text[:60]}” is a number, not a date. Format the column as a date, or write 31 March 2021."
                if is_number
                else f"“{text[:60]}” is not a date. Write it like 31 March 2021, March 2021 or 2021."
            )
        if short := re.fullmatch(r"([A-Za-z]{3,9})[ '/-]+(\d\d)", text):
            return PartialDate(f"20{short[2]}-{month_number(short[1], text):02d}")
        if numbers := re.fullmatch(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{2}|\d{4})", text):
            first, second, year = numbers.groups()
            if len(year) == 2:
                raise ValueError(f"“{text}” may mean several days. Write the year with four digits, like 31/03/2021.")
            if int(second) > 12 >= int(first):
                raise ValueError(f"“{text}” has its month first. Write the day first, like 31/03/2021.")
            return PartialDate.parse(f"{first}/{second}/{year}")
        if re.fullmatch(r"\d{1,2}[ -][A-Za-z]{3,9}[ -]\d\d", text):
            raise ValueError(f"“{text}” may mean several days. Write the year with four digits, like 31 March 2021.")
        return PartialDate.parse(re.sub(r"(?<=[A-Za-z0-9])-(?=[A-Za-z])|(?<=[A-Za-z])-(?=\d)", " ", text))


class WordsWidget(RegisterWidget):
    """One of a list, by any of the words that people use for it; `also` are further ones, lower case."""

    def __init__(self, sheet: type[RecordSheet], name: str, also: Mapping[str, Any]) -> None:
        super().__init__(sheet, name)
        self.also = also

    def read(self, text: str, cell: Cell, lookup: Lookup | None) -> Values:
        cleaned = tidy(text)
        if cleaned.casefold() in self.also:
            return {self.name: self.also[cleaned.casefold()]}
        return {self.name: self.inner.clean(Cell(cleaned))}


def _called_by(model: type[Any]) -> str:
    """By what its records are found, in words: "name, post or key"."""
    names = {field.name for field in model._meta.concrete_fields}
    return f"{', '.join(words for name, words in _CALLED_BY.items() if name in names)} or key"


class NameWidget(RegisterWidget):
    """Another record by its name, its post, its reference or its key: one that is there, else it is refused."""

    def __init__(self, sheet: type[RecordSheet], name: str, of: type[RecordSheet], *further: str) -> None:
        super().__init__(sheet, name, *further)
        self.of = of

    @property
    def hint(self) -> str:
        noun = str(self.of.model._meta.verbose_name)
        return f"{'An' if noun[0] in 'aeiou' else 'A'} {noun} that is there, by {_called_by(self.of.model)}."

    def read(self, text: str, cell: Cell, lookup: Lookup) -> Values:
        return {self.name: lookup.name_of(self.of, tidy(text)), **dict.fromkeys(self.fills[1:], "")}

    def render(self, value: Mapping[str, Any], obj: Any = None, *, lookup: Lookup, **kwargs: Any) -> str:
        if name := value[self.name]:
            return lookup.words_of(self.of, name)
        return str(value[self.fills[1]]) if len(self.fills) > 1 else ""


class SharedNameWidget(NameWidget):
    """A record by its name, or several parted by a stroke, as councils write them: the first of them, and the others in
    the field `shared`; how it was written stays beside them."""

    def __init__(self, sheet: type[RecordSheet], name: str, of: type[RecordSheet], stated: str, shared: str) -> None:
        super().__init__(sheet, name, of, stated)
        self.shared = shared

    @property
    def hint(self) -> str:
        return f"{super().hint} Several are parted by a stroke."

    def read(self, text: str, cell: Cell, lookup: Lookup) -> Values:
        parts = [part for part in map(tidy, text.split("/")) if part]
        if len(parts) < 2:
            return super().read(text, cell, lookup)
        try:
            return super().read(text, cell, lookup)  # a post may have a stroke in its name
        except ValueError:
            first, *others = (lookup.name_of(self.of, part) for part in parts)
        return {self.name: first, self.fills[1]: tidy(text), self.shared: in_order(others)}


class RecordsWidget(RegisterWidget):
    """Several other records, each by its reference, code, title or key, parted by semicolons or lines. What has a
    semicolon in it is read whole where a record is called so."""

    @property
    def hint(self) -> str:
        noun = str(self.linked._meta.verbose_name_plural).removeprefix("plan ")
        called_by = _called_by(self.linked)
        return f"{noun.capitalize()} that are there, by {called_by}; several parted by semicolons."

    def says_nothing(self, value: Cell) -> bool:
        """A separator alone names nothing."""
        return not tidy(text_of(value).replace(";", " "))

    def clean(
        self, value: Cell, row: Any = None, *, lookup: Lookup | None = None, old: Values | None = None, **kwargs: Any
    ) -> Values:
        """`old` is the record that is there: what of another plan it leads to may stay, as “other-plan/key”."""
        text = text_of(value)
        if not text or text.casefold() == CLEAR:
            return super().clean(value, row, lookup=lookup)
        strangers = {folded(name): name for name in (old or {}).get(self.name, ()) if "/" in name}
        names = in_order(self._names(text, lookup, strangers))
        return {self.name: names} if names else {}

    @property
    def linked(self) -> type[Any]:
        """The model of the records that are named."""
        return self.sheet.fields[self.name].links_to

    def _names(self, text: str, lookup: Lookup, strangers: Mapping[str, str]) -> Iterator[str]:
        of = lookup.sheet_of(self.linked)
        refused = []
        for line in filter(None, map(tidy, text.split("\n"))):
            is_one = ";" not in line or lookup.is_called(of, line)
            for part in [line] if is_one else filter(None, map(tidy, line.split(";"))):
                try:
                    yield strangers.get(folded(part)) or lookup.name_of(of, part)
                except ValueError as error:
                    refused.append(f"{error}{' Part several with semicolons.' if ',' in part else ''}")
        if refused:
            told = list(dict.fromkeys(refused))
            more = len(told) - MOST_REFUSED
            further = [f"And {more:,} more {'name' if more == 1 else 'names'}."] if more > 0 else []
            raise ValueError(" ".join([*told[:MOST_REFUSED], *further]))

    def render(self, value: Mapping[str, Any], obj: Any = None, *, lookup: Lookup, **kwargs: Any) -> str:
        of = lookup.sheet_of(self.linked)
        words = [lookup.words_of(of, name) for name in value[self.name]]
        if len(words) == 1:
            return f"{words[0]};" if words[0].casefold() == CLEAR else words[0]
        together = "; ".join(words)
        is_clear = not any(";" in each for each in words) and not lookup.is_called(of, together)
        return together if is_clear else "\n".join(words)


class LeadingWidget(RecordsWidget):
    """The records that lead to the one that a row is about, and keep the link: of a saving, the risks that may hurt it.
    `name` is how the model of the row's record calls them."""

    inner = None
    sheet = None

    def __init__(self, model: type[Any], name: str) -> None:
        Widget.__init__(self)
        self.relation = model._meta.get_field(name)
        self.name, self.fills = name, (name,)

    @property
    def linked(self) -> type[Any]:
        return self.relation.related_model

    @property
    def link(self) -> str:
        """The field of theirs that leads to the row's record."""
        return self.relation.field.name

    def clean(self, value: Cell, row: Any = None, **kwargs: Any) -> Values:
        return {self.name: ()} if text_of(value).casefold() == CLEAR else super().clean(value, row, **kwargs)


class PeriodWidget(RegisterWidget):
    """A period as councils write it: 2019/20, Q1 2020/21, Apr-19."""

    def read(self, text: str, cell: Cell, lookup: Lookup | None) -> Values:
        return {self.name: self.inner.clean(Cell(tidy(text).replace("–", "-"), cell.is_number))}


def last_day(value: PartialDate | date | None) -> date:
    """For sorting by date: what is not dated comes first."""
    return date.min if value is None else value if isinstance(value, date) else value.latest
