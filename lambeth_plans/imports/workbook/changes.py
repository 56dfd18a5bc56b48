"""What a workbook would change, row by row, in a form that a batch can keep until it is confirmed."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import models

from lambeth_plans.accounts.record_sheets import RecordSheet, Values
from lambeth_plans.imports.workbook.holdings import Holdings
from lambeth_plans.imports.workbook.sheets import BY_TITLE
from lambeth_plans.spreadsheets import Cell

NEW, CHANGED = "new", "changed"


def as_text(sheet: type[RecordSheet], name: str, value: Any) -> str:
    """What a cell says, as text: numbers in full, without an exponent."""
    content = sheet.fields[name].widget.render(value)
    return f"{content:f}" if isinstance(content, Decimal) else str(content)


@dataclass(frozen=True)
class RowChange:
    """A new or a changed record: what its row says, and the record it was compared with (`pk` None: there is none)."""

    sheet: type[RecordSheet]
    number: int
    values: Values
    old: Values | None = None
    pk: int | None = None
    version: int = 0

    @property
    def action(self) -> str:
        return NEW if self.pk is None else CHANGED

    @property
    def changed(self) -> Values:
        """The values that differ; of a new record those that say anything."""
        if self.old is None:
            return {name: value for name, value in self.values.items() if as_text(self.sheet, name, value)}
        return {name: value for name, value in self.values.items() if value != self.old[name]}

    def as_json(self) -> dict[str, Any]:
        cells = {
            name: [as_text(self.sheet, name, self.old[name]) if self.old else "", as_text(self.sheet, name, value)]
            for name, value in self.changed.items()
        }
        return {
            "sheet": self.sheet.title,
            "row": self.number,
            "label": self.sheet.label_of(self.values),
            "action": self.action,
            "pk": self.pk,
            "version": self.version,
            "cells": cells,
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any], holdings: Holdings) -> "RowChange":
        """Raises Moved where the record is no longer the one of the preview, or is there now although it was new."""
        sheet = BY_TITLE[stored["sheet"].casefold()]
        held = holdings.by_model[sheet.model]
        said = {name: sheet.fields[name].widget.clean(Cell(new)) for name, (_, new) in stored["cells"].items()}
        pk = stored["pk"]
        if pk is None:
            values = {
                name: said[name] if name in said else column.widget.empty() for name, column in sheet.fields.items()
            }
            if found := holdings.found_in(sheet.model).get(sheet.identity_of(values)):
                raise Moved(stored, _texts(sheet, holdings.values_of(held, found), said))
            return cls(sheet, stored["row"], values)
        if pk not in held.records:
            raise Moved(stored)
        old = holdings.values_of(held, pk)
        if held.records[pk].version != stored["version"]:
            raise Moved(stored, _texts(sheet, old, said))
        return cls(sheet, stored["row"], {**old, **said}, old, pk, stored["version"])


def shown_cells(stored: Mapping[str, Any]) -> Iterator[tuple[str, str, str, str]]:
    """The cells of a row of a batch as people read them: field, heading, what it said and what it says; in words where
    the batch has such, and without what the file did not say."""
    fields = BY_TITLE[stored["sheet"].casefold()].fields
    words, unsaid = stored.get("words", {}), stored.get("unsaid", ())
    for name, cell in stored["cells"].items():
        if name not in unsaid:
            old, new = words.get(name, cell)
            yield name, fields[name].column_name, old, new


class Moved(Exception):
    """Somebody changed a record after the preview. `stored` is the row as it was previewed, with what its cells would
    say `now`: nothing where the record is gone."""

    def __init__(self, stored: Mapping[str, Any], now: Mapping[str, str] | None = None) -> None:
        super().__init__(f"{stored['sheet']}, {stored['label']}")
        self.stored = {**stored, "now": dict(now or {})}


def moved_row(
    stored: Mapping[str, Any], change: RowChange, *why: str, names: Iterable[str] | None = None
) -> dict[str, Any]:
    """A row as it was previewed, with what its cells say now and, in sentences, what stands in its way. `names` are the
    cells that are concerned (None: all)."""
    cells = {name: cell for name, cell in stored["cells"].items() if names is None or name in names}
    now = _texts(change.sheet, change.old, cells) if change.old else {}
    return {**stored, "cells": cells, "now": now, "why": list(why)}


def leading_nowhere(
    together: Iterable[tuple[Mapping[str, Any], RowChange]], holdings: Holdings
) -> Iterator[dict[str, Any]]:
    """The rows, each with its change, that lead to what somebody removed since the preview, with those cells alone."""
    together = list(together)
    known = {model: set(names.values()) for model, names in holdings.names.items()}
    for _, change in together:
        known[change.sheet.model].add(change.sheet.name_of(change.sheet.identity_of(change.values)))
    for stored, change in together:
        gone: dict[str, list[str]] = {}
        for name, value in change.changed.items():
            column = change.sheet.fields[name]
            targets = (value if column.is_many else [value] if value else []) if column.links_to else []
            if lost := [target for target in targets if target not in known[column.links_to]]:
                words = stored.get("called", {}).get(name, {})
                noun = column.links_to._meta.verbose_name
                gone[name] = [f"There is no {noun} “{words.get(target, target)}” any more." for target in lost]
        if gone:
            names = gone if change.old else ()  # of a record that is not there yet nothing stands now
            yield moved_row(stored, change, *(each for told in gone.values() for each in told), names=names)


def _texts(sheet: type[RecordSheet], values: Values, names: Iterable[str]) -> dict[str, str]:
    return {name: as_text(sheet, name, values[name]) for name in names}


@dataclass(frozen=True)
class SheetCount:
    """How many rows of a sheet are new, changed and unchanged, and how many records are not in the file and stay."""

    title: str
    new: int
    changed: int
    unchanged: int
    staying: int


@dataclass(frozen=True)
class Comparison:
    """A workbook held against what we hold. `council_is_new`: the workbook brings its council with it."""

    council: str
    plan: str
    council_is_new: bool
    counts: list[SheetCount]
    changes: list[RowChange]
    notes: list[str]

    def as_json(self) -> dict[str, Any]:
        return {
            "council": self.council,
            "plan": self.plan,
            "sheets": [vars(count) for count in self.counts],
            "rows": [change.as_json() for change in self.changes],
        }


def targets(model: type[models.Model], holdings: Holdings) -> dict[str, models.Model]:
    """The records that links of other sheets may lead to, by the name those use."""
    held = holdings.by_model[model]
    records = {**holdings.strangers.get(model, {}), **held.records}
    return {holdings.names[model][pk]: record for pk, record in records.items()}
