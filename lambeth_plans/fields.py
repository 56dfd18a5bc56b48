"""Partial dates, amounts as stated, periods and RAG in the database."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from lambeth_plans import periods
from lambeth_plans.periods import MONTHS, Period, PeriodKind, month_number
from lambeth_plans.rag import Rag


@dataclass(frozen=True)
class PartialDate:
    """A date as precise as it was stated: a day, a month ("October 2022") or a year ("2020").

    `iso` is "2022", "2022-10" or "2022-10-31": the database's form, which sorts by its earliest day.
    """

    iso: str

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?", self.iso):
            raise ValueError(f"“{self.iso}” is not a date.")
        _ = self.earliest, self.latest

    def __str__(self) -> str:
        year, number, day = self._parts
        if day:
            return f"{day} {MONTHS[number - 1]} {year}"
        return f"{MONTHS[number - 1]} {year}" if number else str(year)

    @property
    def _parts(self) -> tuple[int, int, int]:
        year, number, day = ([int(part) for part in self.iso.split("-")] + [0, 0])[:3]
        return year, number, day

    @property
    def precision(self) -> str:
        return {4: "year", 7: "month", 10: "day"}[len(self.iso)]

    @property
    def earliest(self) -> date:
        year, number, day = self._parts
        return date(year, number or 1, day or 1)

    @property
    def latest(self) -> date:
        """The last day it may mean: what is due "in 2020" is overdue only after 31 December 2020."""
        year, number, day = self._parts
        return date(year, number or 12, day or monthrange(year, number or 12)[1])

    @classmethod
    def of(cls, value: "date | PartialDate | str") -> "PartialDate":
        if isinstance(value, PartialDate):
            return value
        return cls(value.isoformat()) if isinstance(value, date) else cls.parse(value)

    @classmethod
    def parse(cls, text: str) -> "PartialDate":
        """Reads "31/03/2021", "31st March 2021", "March 2021", "2021", "2021-03" and "2021-03-31".

        Raises ValueError with an example for anything else.
        """
        cleaned = re.sub(r"(\d)(st|nd|rd|th)\b", r"\1", " ".join(text.split()), flags=re.IGNORECASE)
        try:
            if re.fullmatch(r"\d{4}(-\d{2}){0,2}", cleaned):
                return cls(cleaned)
            if found := re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", cleaned):
                return cls(date(int(found[3]), int(found[2]), int(found[1])).isoformat())
            if found := re.fullmatch(r"(\d{1,2}) ([A-Za-z]{3,9}) (\d{4})", cleaned):
                return cls(date(int(found[3]), month_number(found[2], text), int(found[1])).isoformat())
            if found := re.fullmatch(r"([A-Za-z]{3,9}) (\d{4})", cleaned):
                return cls(f"{found[2]}-{month_number(found[1], text):02d}")
        except ValueError:
            raise ValueError(f"“{text}” is not a date that exists.") from None
        raise ValueError(f"“{text}” is not a date. Write it like 31 March 2021, March 2021 or 2021.")


class PartialDateField(models.CharField):
    """Stores a PartialDate as ISO text of 4, 7 or 10 characters; NULL where none is stated."""

    description = "A day, month or year"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 10)
        kwargs.setdefault("null", True)
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple:
        """Says null and blank in any case: a migration that left them out would take our defaults, not Django's."""
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "null": self.null, "blank": self.blank}

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> PartialDate | None:
        return PartialDate(value) if value else None

    def to_python(self, value: Any) -> PartialDate | None:
        if value in (None, ""):
            return None
        try:
            return PartialDate.of(value)
        except ValueError as error:
            raise ValidationError(str(error)) from error

    def get_prep_value(self, value: Any) -> str | None:
        found = self.to_python(value)
        return found.iso if found else None

    def run_validators(self, value: Any) -> None:
        """CharField's length check does not apply: the value is a PartialDate."""

    def value_to_string(self, obj: models.Model) -> str | None:
        return self.get_prep_value(self.value_from_object(obj))

    def formfield(self, **kwargs: Any) -> Any:
        kwargs.setdefault("max_length", 40)
        return super().formfield(**kwargs)


class RagField(models.CharField):
    """Stores a rating and gives the Rag member back (a TextChoices value would come back as plain text)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 12)
        kwargs.setdefault("choices", [(rating.value, rating.word) for rating in Rag if rating is not Rag.NOT_REPORTED])
        super().__init__(*args, **kwargs)

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> Rag | None:
        return Rag(value) if value else None

    def to_python(self, value: Any) -> Rag | None:
        if value in (None, ""):
            return None
        try:
            return Rag(value)
        except ValueError as error:
            raise ValidationError("Choose a rating.") from error

    def get_prep_value(self, value: Any) -> str | None:
        return str(value) if value else (None if self.null else "")


class MoneyField(models.DecimalField):
    """Pounds and pence, never a float."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_digits", 14)
        kwargs.setdefault("decimal_places", 2)
        super().__init__(*args, **kwargs)


def at_most_15_digits(value: Decimal) -> None:
    """SQLite keeps 15 digits of a number: a longer one would be rounded there, or could not be read again."""
    if len("".join(map(str, value.as_tuple().digits)).strip("0")) > 15:
        raise ValidationError("A figure has at most 15 digits.")


class FigureField(models.DecimalField):
    """An indicator's figure: 12 digits before the point, 6 decimals, 15 altogether; the same on both databases."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_digits", 18)
        kwargs.setdefault("decimal_places", 6)
        kwargs.setdefault("null", True)
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)

    @cached_property
    def validators(self) -> list[Any]:
        return [*super().validators, at_most_15_digits]


class AsStatedField(models.CharField):
    """What the document really prints, beside what was understood. Empty where nothing is printed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 200)
        kwargs.setdefault("blank", True)
        kwargs.setdefault("default", "")
        super().__init__(*args, **kwargs)


class InPeriod(models.Model):
    """A row that belongs to one period: kind, first and last day."""

    period_kind = models.CharField(
        max_length=15, choices=[(kind.value, kind.value.replace("_", " ")) for kind in PeriodKind]
    )
    period_start = models.DateField()
    period_end = models.DateField()

    class Meta:
        abstract = True

    def clean(self) -> None:
        """Whoever fills in the three by hand can give days that are no such period."""
        super().clean()
        if not (self.period_kind and self.period_start and self.period_end):
            return
        first, last = periods.EARLIEST_YEAR, periods.LATEST_YEAR
        if not first <= self.period_start.year <= last:
            raise ValidationError(f"A period begins in a year from {first} to {last}.")
        whole = periods.holding(PeriodKind(self.period_kind), self.period_start)
        if self.period != whole:
            days = " to ".join(str(PartialDate.of(day)) for day in (whole.start, whole.end))
            raise ValidationError(f"These days are no whole {self.get_period_kind_display()}. {whole} is {days}.")

    @property
    def period(self) -> Period:
        return Period(self.period_start, self.period_end, PeriodKind(self.period_kind))

    @period.setter
    def period(self, period: Period | str) -> None:
        period = periods.parse(period) if isinstance(period, str) else period
        self.period_kind, self.period_start, self.period_end = period.kind.value, period.start, period.end
