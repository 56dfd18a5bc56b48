"""How one cell of a plan's workbook is read and written, by the kind of its model field (import-export's widgets).

`render` gives what the cell holds, `clean` reads it back; each undoes the other exactly. A widget refuses what may
mean two things, with a sentence that says what to write instead.
"""

import re
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from import_export.widgets import Widget

from lambeth_plans import periods
from lambeth_plans.fields import FigureField, PartialDate, RagField
from lambeth_plans.periods import Period
from lambeth_plans.rag import Rag
from lambeth_plans.spreadsheets import Cell

Content = str | int | Decimal

_NUMBER = re.compile(r"-?£?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?", re.ASCII)
_LARGEST = {models.PositiveSmallIntegerField: 32_767, models.PositiveIntegerField: 2_147_483_647}


def natural(name: str) -> list[Any]:
    """A key for sorting in which "ka10" comes after "ka9"."""
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in re.split(r"(\d+)", name) if part]


class CellWidget(Widget):
    """`hint` says what may stand in a cell, `words` lists it where it is a list, `width` is the column's."""

    width = 14
    hint = ""
    words: tuple[str, ...] = ()

    def __init__(self, field: models.Field) -> None:
        super().__init__()
        self.field = field
        self.has_default = field.has_default()
        self.is_needed = not (field.blank or field.null or self.has_default)

    def clean(self, value: Cell, row: Any = None, **kwargs: Any) -> Any:
        text = self.tidy(value)
        if text:
            return self.read(text, value)
        if self.is_needed:
            raise ValueError("This cell cannot be empty. Fill it in.")
        return self.empty()

    def empty(self) -> Any:
        """What an empty cell says: not stated, or what a record has when nothing is said (an order of 0)."""
        if self.has_default and not (self.field.blank or self.field.null):
            return self.field.get_default()
        return None if self.field.null else ""

    def tidy(self, value: Cell) -> str:
        return value.text.replace("\u00a0", " ").strip()

    def read(self, text: str, cell: Cell) -> Any:
        raise NotImplementedError

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Content:
        return "" if value is None else str(value)


class TextWidget(CellWidget):
    """Text as typed, blanks and line breaks too. A number in a column of texts may have lost a zero: it is refused."""

    def __init__(self, field: models.Field, *, is_name: bool = False) -> None:
        super().__init__(field)
        self.is_name = is_name
        self.width = 14 if is_name else 40 if (field.max_length or 1000) > 100 else 20
        self.hint = "Text." if field.max_length is None else f"Text of up to {field.max_length} characters."
        if isinstance(field, models.SlugField):
            self.hint = (
                "A short name that stays the same for good and stands in addresses: letters, digits and hyphens, no "
                "blanks, like ka1. No two rows of this sheet share one."
            )

    def tidy(self, value: Cell) -> str:
        return value.text

    def read(self, text: str, cell: Cell) -> str:
        if not text.strip() and self.is_needed:
            raise ValueError("This cell cannot be empty. Fill it in.")
        if cell.is_number and ("." in text or "%" in text or (self.is_name and not text.isascii())):
            raise ValueError(
                f"The sheet holds a number here, {text}; a zero may be lost. Format the column as text and retype it."
            )
        if any(ord(letter) < 32 and letter not in "\t\n\r" for letter in text) or "\x7f" in text:
            raise ValueError("The text holds control characters. Type it again.")
        if any("\ud800" <= letter <= "\udfff" or letter in "\ufffe\uffff" for letter in text):
            raise ValueError("The text holds half a character. Type it again.")
        if self.field.max_length and len(text) > self.field.max_length:
            raise ValueError(
                f"The text has {len(text):,} characters, and there is room for {self.field.max_length}. Shorten it."
            )
        try:
            self.field.run_validators(text)
        except ValidationError as error:
            raise ValueError(" ".join(error.messages)) from error
        return text


class ChoiceWidget(CellWidget):
    """One of a list, by its words (upper or lower case) or by the word the database keeps."""

    def __init__(self, field: models.Field) -> None:
        super().__init__(field)
        choices = [(value, str(words)) for value, words in field.flatchoices if value not in (None, "")]
        self.words_of = dict(choices)
        self.value_of = {str(value).casefold(): value for value, _ in choices}
        self.value_of |= {words.casefold(): value for value, words in choices}
        self.words = tuple(words for _, words in choices)
        self.hint = f"One of: {', '.join(self.words)}."
        self.width = min(30, max(12, *map(len, self.words)) + 2)

    def read(self, text: str, cell: Cell) -> str:
        try:
            return self.value_of[text.casefold()]
        except KeyError:
            raise ValueError(f"“{text[:60]}” is not one of the list. Write {' or '.join(self.words)}.") from None

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return self.words_of.get(value, "") if value else ""


class RagWidget(ChoiceWidget):
    """A rating by its word."""

    def read(self, text: str, cell: Cell) -> Rag:
        return Rag(super().read(text, cell))

    def empty(self) -> None:
        return None


class YesNoWidget(CellWidget):
    hint = "Yes or No."
    words = ("Yes", "No")

    def read(self, text: str, cell: Cell) -> bool:
        known = {
            "yes": True,
            "y": True,
            "true": True,
            "on": True,
            "no": False,
            "n": False,
            "false": False,
            "off": False,
        }
        if text.casefold() not in known:
            raise ValueError(f"“{text[:60]}” is neither Yes nor No. Write one of them.")
        return known[text.casefold()]

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return "" if value is None else "Yes" if value else "No"


class WholeNumberWidget(CellWidget):
    def __init__(self, field: models.Field) -> None:
        super().__init__(field)
        self.largest = _LARGEST[type(field)]
        self.hint = f"A whole number from 0 to {self.largest:,}."

    def read(self, text: str, cell: Cell) -> int:
        if not re.fullmatch(r"\d{1,3}(,\d{3})+|\d+", text, re.ASCII):
            raise ValueError(f"“{text[:60]}” is not a whole number. Write digits, like 12.")
        number = int(text.replace(",", "")[:20])
        if number > self.largest:
            raise ValueError(f"{text[:60]} is too large: at most {self.largest:,}.")
        return number

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Content:
        return "" if value is None else int(value)


class DecimalWidget(CellWidget):
    """An exact number: refused, never rounded, where it has more digits than we keep."""

    def __init__(self, field: models.DecimalField) -> None:
        super().__init__(field)
        self.places, self.whole = field.decimal_places, field.max_digits - field.decimal_places
        self.hint = f"A number with up to {self.places} decimals, like 1234.5 or -3."

    def read(self, text: str, cell: Cell) -> Decimal:
        plain = text.replace("−", "-")
        if isinstance(self.field, FigureField):
            plain = plain.removesuffix("%")
        if not _NUMBER.fullmatch(plain):
            raise ValueError(f"“{text[:60]}” is not a plain number. Write it like 1234.5 or -3.")
        plain = plain.replace("£", "").replace(",", "")
        whole, _, decimals = plain.lstrip("-").partition(".")
        if len(decimals.rstrip("0")) > self.places:
            raise ValueError(f"{text[:60]} has more than {self.places} decimals. Write it with fewer.")
        if len(whole.lstrip("0")) > self.whole:
            raise ValueError(f"{text[:60]} is too large: at most {self.whole} digits before the point.")
        number = Decimal(plain)
        try:
            self.field.run_validators(number.normalize())
        except ValidationError as error:
            raise ValueError(" ".join(error.messages)) from error
        return number

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Content:
        if value is None:
            return ""
        whole = value == value.to_integral_value()
        return value.quantize(Decimal(1)) + 0 if whole else value.normalize()


class PartialDateWidget(CellWidget):
    """A day, a month or a year. It is text in the sheet, so that no program shifts it or fills it up."""

    hint = "A day, a month or a year: 2021-03-31, 2021-03 or 2021; 31 March 2021 and 31/03/2021 are read too."

    def read(self, text: str, cell: Cell) -> PartialDate:
        if not text.isascii() or (cell.is_number and len(text) != 4):
            raise ValueError(f"“{text[:60]}” is not a date. Write it like 2021-03-31, 2021-03 or 2021, as text.")
        return PartialDate.parse(text)

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return value.iso if value else ""


class DateWidget(PartialDateWidget):
    hint = "A day: 2021-03-31; 31 March 2021 and 31/03/2021 are read too."

    def read(self, text: str, cell: Cell) -> date:
        found = super().read(text, cell)
        if found.precision != "day":
            raise ValueError(f"“{text[:60]}” is not a day. Write it like 2021-03-31.")
        return found.earliest

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return value.isoformat() if value else ""


class MomentWidget(CellWidget):
    """A day and time, with its distance from Greenwich."""

    width = 28
    hint = "A day and time, like 2021-03-31T14:30+01:00."

    def read(self, text: str, cell: Cell) -> datetime:
        try:
            found = datetime.fromisoformat(text) if text.isascii() else None
        except ValueError:
            found = None
        if found is None or not periods.EARLIEST_YEAR <= found.year <= periods.LATEST_YEAR:
            raise ValueError(f"“{text[:60]}” is not a time. Write it like 2021-03-31T14:30+01:00.")
        return found if timezone.is_aware(found) else timezone.make_aware(found)

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return timezone.localtime(value).isoformat() if value else ""


class PeriodWidget(CellWidget):
    hint = f"A period: {periods.ACCEPTED}."
    is_needed = True

    def __init__(self) -> None:
        Widget.__init__(self)

    def empty(self) -> None:
        return None

    def read(self, text: str, cell: Cell) -> Period:
        if not text.isascii() or cell.is_number:
            raise ValueError(f"“{text[:60]}” is not a period. Write it as text, like {periods.ACCEPTED}.")
        return periods.parse(text)

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return value.label if value else ""


class LinesWidget(CellWidget):
    """A list of texts, one a line."""

    width = 40
    hint = "One a line."

    def tidy(self, value: Cell) -> str:
        return value.text.replace("\r\n", "\n")

    def read(self, text: str, cell: Cell) -> list[str]:
        if cell.is_number:
            raise ValueError("The sheet holds a number here. Format the column as text and retype it.")
        return text.split("\n")

    def empty(self) -> list[str]:
        return []

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return "\n".join(map(str, value or ()))


class LinkWidget(CellWidget):
    """The key of another record. Which one it is, and whether it is there, is looked up by whoever knows the rows."""

    def __init__(self, field: models.Field) -> None:
        super().__init__(field)
        self.hint = f"The key of a row of another sheet ({field.related_model._meta.verbose_name})."

    def tidy(self, value: Cell) -> str:
        return value.text.strip()

    def read(self, text: str, cell: Cell) -> str:
        if cell.is_number and not text.isdigit():
            raise ValueError(f"The sheet holds a number here, {text}. Format the column as text and retype it.")
        return text

    def empty(self) -> str:
        return ""


class LinksWidget(LinkWidget):
    """The keys of several records, parted by semicolons or lines; their order says nothing."""

    width = 24

    def __init__(self, field: models.Field) -> None:
        super().__init__(field)
        self.hint = f"Keys of another sheet ({field.related_model._meta.verbose_name}), parted by semicolons."

    def tidy(self, value: Cell) -> str:
        return value.text.strip(" ")  # one name with a semicolon in it ends its line

    def read(self, text: str, cell: Cell) -> tuple[str, ...]:
        super().read(text, cell)
        return in_order(name.strip() for name in re.split(r"\n" if "\n" in text else ";", text) if name.strip())

    def empty(self) -> tuple[str, ...]:
        return ()

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        names = tuple(value or ())
        if any(";" in name for name in names):
            return "".join(f"{name}\n" for name in names)
        return "; ".join(names)


def in_order(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(names), key=natural))


def widget_for(field: models.Field, *, is_name: bool = False) -> CellWidget:
    """The widget of a model field. Raises TypeError for a kind of field no sheet has had yet."""
    kinds: tuple[tuple[type, Any], ...] = (
        (models.ManyToManyField, LinksWidget),
        (models.ForeignKey, LinkWidget),
        (RagField, RagWidget),
        (models.BooleanField, YesNoWidget),
        (models.DecimalField, DecimalWidget),
        (models.DateTimeField, MomentWidget),
        (models.DateField, DateWidget),
        (models.JSONField, LinesWidget),
        (models.PositiveIntegerField, WholeNumberWidget),
        (models.PositiveSmallIntegerField, WholeNumberWidget),
    )
    if type(field).__name__ == "PartialDateField":
        return PartialDateWidget(field)
    for kind, widget in kinds:
        if isinstance(field, kind):
            return widget(field)
    if getattr(field, "choices", None):
        return ChoiceWidget(field)
    if isinstance(field, models.CharField | models.TextField):
        return TextWidget(field, is_name=is_name)
    raise TypeError(f"No sheet holds a {type(field).__name__} yet.")
