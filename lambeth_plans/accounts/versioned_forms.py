"""Forms over records that somebody else may be changing too.

Each form carries the version it was opened on. When the record has moved on meanwhile, the form tells what its user
changed since then (from the record's history) and what differs now: a *clash*, answered with 409 and both texts. What
the user did not touch never clashes.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.forms.utils import pretty_name

from lambeth_plans import history
from lambeth_plans.fields import PartialDate
from lambeth_plans.forms import Form, ModelForm

#: Neither a tab nor a line end; the null character is refused.
_CONTROL = re.compile(r"[\x01-\x08\x0e-\x1f\x7f\ufffe\uffff]")
#: Fields of a form that belong to the saving, not to the record.
_ABOUT_SAVING = frozenset({"version", "reason"})


class LongTextField(forms.CharField):
    """Text of several lines. Browsers post line ends as CR LF; that alone is no change. What a word processor puts
    between lines becomes a line end, and other control characters, which no file takes, are left out."""

    def __init__(self, *, rows: int = 5, **kwargs: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": rows}), **kwargs)

    def to_python(self, value: Any) -> str:
        lines = re.sub(r"\r\n|[\x0b\x0c]", "\n", super().to_python(value))
        return _CONTROL.sub("", lines)


class DayField(forms.DateField):
    """One day, written like 31 March 2021, 31/03/2021 or 2021-03-31."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("error_messages", {"invalid": "Write the day like 31/03/2021."})
        super().__init__(
            input_formats=["%d/%m/%Y", "%d %B %Y", "%d %b %Y", "%Y-%m-%d"],
            widget=forms.DateInput(format="%d/%m/%Y", attrs={"class": "govuk-input--width-10"}),
            **kwargs,
        )


class PartialDateInput(forms.CharField):
    """A day, a month or a year: "31 March 2021", "March 2021", "2021"."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=40, widget=forms.TextInput(attrs={"class": "govuk-input--width-10"}), **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return str(value) if isinstance(value, PartialDate) else value

    def to_python(self, value: Any) -> PartialDate | None:
        if isinstance(value, PartialDate):
            return value
        text = super().to_python(value)
        if not text:
            return None
        try:
            return PartialDate.parse(text)
        except ValueError as error:
            raise ValidationError(str(error)) from error

    def run_validators(self, value: Any) -> None:
        """The longest text is checked by the parser; a PartialDate has no length."""

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return (initial or None) != self.to_python(data)
        except ValidationError:
            return True


class _RecordChoices:
    """Offers records by their key: the list is read once for a whole table, and no primary key is on the page."""

    nothing: str | None = None

    def offer(self, records: dict[str, Model], label: Callable[[Any], str] = str) -> None:
        self.records = records
        self.keys = {record.pk: key for key, record in records.items()}
        empty = [] if self.nothing is None else [("", self.nothing)]
        self.choices = [*empty, *((key, label(record)) for key, record in records.items())]

    def key_of(self, value: Any) -> str:
        """The key of a typed key, a record or its primary key; empty for none and for what is not offered."""
        if isinstance(value, str):
            return value
        return self.keys.get(value.pk if isinstance(value, Model) else value, "")


class RecordChoiceField(_RecordChoices, forms.ChoiceField):
    """One of a few records, or None. Say what may be chosen with `offer`."""

    def __init__(self, *, nothing: str | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.nothing = nothing

    def prepare_value(self, value: Any) -> str:
        return self.key_of(value)

    def clean(self, value: Any) -> Model | None:
        return self.records.get(super().clean(value))

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.key_of(initial) != (data or "")


class RecordsChoiceField(_RecordChoices, forms.MultipleChoiceField):
    """Any of a few records, as small checkboxes."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.CheckboxSelectMultiple(attrs={"class": "govuk-checkboxes--small"}), **kwargs)

    def prepare_value(self, value: Any) -> list[str]:
        return [key for key in map(self.key_of, value or []) if key]

    def clean(self, value: Any) -> list[Model]:
        return [self.records[key] for key in super().clean(value)]

    def has_changed(self, initial: Any, data: Any) -> bool:
        offered = {self.key_of(each) for each in initial or []} - {""}
        return offered != set(data or [])


@dataclass(frozen=True)
class Difference:
    """A field of which the typed text is not what is saved now."""

    label: str
    typed: str
    current: str


@dataclass(frozen=True)
class Cell:
    """A field in its column; `chosen` says in words what a closed list of checkboxes holds."""

    field: forms.BoundField
    column: str
    chosen: str


class VersionedForm(ModelForm):
    """A record as a form, or as a row of a table (then its labels are hidden and name the record)."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    #: Further hidden fields that say what the form was opened on.
    kept_hidden: tuple[str, ...] = ()

    def __init__(self, *args: Any, row_name: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_new = self.instance.pk is None
        self.name = row_name or str(self.instance)  # read now: validation writes the typed values into the instance
        if not self.is_new:
            self.initial["version"] = self.instance.version
        self.columns = {
            name: field.label or pretty_name(name) for name, field in self.fields.items() if name != "version"
        }
        for name, column in self.columns.items():
            messages = self.fields[name].error_messages
            if messages.get("required") == forms.Field.default_error_messages["required"]:
                messages["required"] = f"Enter the {column.lower()}."  # in a table, a field is far from its message
        if row_name:
            self.error_prefix = row_name
            for name, column in self.columns.items():
                self.fields[name].label = f"{column}, {row_name}"
                self.fields[name].widget.attrs["label"] = "hidden"
            self.mark_optional = False

    def keep_only(self, names: Iterable[str]) -> None:
        """Leaves the other fields out: they are neither shown nor saved."""
        for name in self.columns.keys() - set(names) - _ABOUT_SAVING:
            del self.fields[name], self.columns[name]

    @cached_property
    def opened_on(self) -> int | None:
        """The version this form was opened on, as posted; None when it says none."""
        text = self.data.get(self.add_prefix("version"), "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None

    @property
    def is_stale(self) -> bool:
        return self.is_bound and not self.is_new and self.opened_on != self.initial["version"]

    @cached_property
    def touched(self) -> list[str]:
        """The fields its user changed since the form was opened; all of them when that cannot be told."""
        names = [name for name in self.fields if name not in _ABOUT_SAVING]
        if not self.is_bound:
            return []
        if not self.is_stale:
            return [name for name in names if name in self.changed_data]
        opened = self._values_when_opened()
        return [name for name in names if opened is None or self._differs(name, opened.get(name))]

    def _differs(self, name: str, value: Any) -> bool:
        return self.fields[name].has_changed(value, self[name].data)

    def _values_when_opened(self) -> dict[str, Any] | None:
        model = type(self.instance)
        entries = model.history.filter(**{model._meta.pk.attname: self.instance.pk}, version=self.opened_on)
        entry = entries.order_by("-history_id").first()
        if entry is None:
            return None
        fields = {field.name: field.attname for field in model.history.model.tracked_fields}
        return {**{name: getattr(entry, attname) for name, attname in fields.items()}, **entry.links}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for name, field in self.fields.items():
            if isinstance(field, RecordChoiceField) and name in cleaned and name not in self.changed_data:
                cleaned[name] = getattr(self.instance, name)  # what is not offered stays, unless something is chosen
        return cleaned

    @property
    def clashes(self) -> bool:
        """Whether somebody else changed the record while its user was changing it too."""
        return self.is_stale and bool(self.touched)

    @cached_property
    def differences(self) -> list[Difference]:
        """Typed and current words, field by field, where they differ."""
        found = []
        for name, column in self.columns.items():
            if name not in _ABOUT_SAVING and self._differs(name, self.initial.get(name)):
                typed, current = self[name].data, self.fields[name].prepare_value(self.initial.get(name))
                found.append(Difference(column, self._words(name, typed), self._words(name, current)))
        return found

    def _words(self, name: str, value: Any) -> str:
        field = self.fields[name]
        if isinstance(field, forms.BooleanField):
            return "Yes" if value and value != "False" else "No"
        if isinstance(field, forms.ChoiceField):
            labels = {str(key): str(label) for key, label in field.choices}
            values = value if isinstance(value, list) else [value]
            return ", ".join(labels.get(str(each or ""), str(each or "")) for each in values)
        return str(field.widget.format_value(value) or "")

    @cached_property
    def changed_by(self) -> Model | None:
        """The history entry of whoever changed the record last: `actor`, `history_date`, `history_change_reason`."""
        model = type(self.instance)
        entries = model.history.filter(**{model._meta.pk.attname: self.instance.pk})
        return entries.order_by("-history_id").first()

    def open_on_newest(self) -> None:
        """After a clash was shown: saving again replaces the newer version knowingly."""
        self.data = self.data.copy()
        self.data[self.add_prefix("version")] = str(self.initial["version"])

    def links(self) -> dict[str, Iterable[Model]]:
        """The chosen records of each many-to-many field that was touched, for `history.save`."""
        names = {field.name for field in history.link_fields(type(self.instance))}
        return {name: self.cleaned_data[name] for name in names & set(self.touched)}

    @property
    def cells(self) -> list[Cell]:
        return [
            Cell(self[name], column, self._words(name, self[name].value()) if self[name].kind == "checkboxes" else "")
            for name, column in self.columns.items()
        ]


def _reason() -> forms.CharField:
    return forms.CharField(
        label="Why",
        help_text="Kept in the history beside your name.",
        max_length=200,
        error_messages={"required": "Say why, for the history."},
    )


class ReasonForm(Form):
    """Why something changes, for the history."""

    reason = _reason()


class ReasonedForm(VersionedForm):
    """A record on its own page: one form, saved with a reason."""

    reason = _reason()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields([name for name in self.fields if name != "reason"])  # the reason comes last
