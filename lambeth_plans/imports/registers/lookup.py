"""What a register's rows may name: the records of a council and a plan, by reference, title, name, post or key."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from itertools import chain, count
from typing import Any

from django.db import models
from django.utils.text import slugify

from kpis.finding import Indicators
from kpis.models import Indicator, PlanIndicator
from lambeth_plans.accounts.cell_widgets import natural
from lambeth_plans.accounts.models import Officer
from lambeth_plans.accounts.record_sheets import RecordSheet, Values
from lambeth_plans.accounts.register_widgets import folded, tidy
from lambeth_plans.imports.workbook.holdings import Holdings
from lambeth_plans.imports.workbook.sheets import scope_of
from lambeth_plans.spreadsheets import Cell
from risks.models import RiskMatrix

#: For how many unknown names of a file we look for what they may mean: a wrong file holds thousands.
MOST_GUESSES = 100
#: How many records are told apart that a name may mean.
MOST_MEANT = 5
#: A record by its key and nothing else: “key: 1”. Where even that is the title of another, “key” stands there again.
_BY_KEY = re.compile(r"(?:key: ?)+(.+)", re.I)


class RegisterLookup:
    """Holds what a register is compared with, and the records that its own rows bring."""

    def __init__(self, holdings: Holdings, indicators: Indicators) -> None:
        self.holdings, self.indicators = holdings, indicators
        self.guesses = 0
        #: The records that are new, by sheet: their keys by folded reference or title, and the names links use.
        self._new_keys: dict[type[RecordSheet], dict[tuple[str, str], str]] = defaultdict(dict)
        self._new_words: dict[tuple[type[RecordSheet], str], str] = {}
        self._new_numbers: dict[tuple[type[RecordSheet], str], dict[Any, int]] = defaultdict(dict)
        self._free_numbers: dict[tuple[type[RecordSheet], str], Iterator[int]] = {}
        self._taken: dict[type[RecordSheet], set[str]] = {}
        self._called: dict[type[RecordSheet], dict[tuple[str, str], list[Values]]] = {}
        self._all: dict[type[RecordSheet], list[Values]] = {}
        self._named: dict[type[RecordSheet], dict[str, set[str]]] = {}
        self._words: dict[type[RecordSheet], dict[str, str]] = {}
        self._keys: dict[type[RecordSheet], set[str]] = {}

    def values(self, sheet: type[RecordSheet], identity: tuple[Any, ...]) -> Values | None:
        """The values of a record that is held; None where there is none."""
        pk = self.holdings.found_in(sheet.model).get(identity)
        return self.holdings.values_of(self.holdings.by_model[sheet.model], pk) if pk else None

    def all(self, sheet: type[RecordSheet]) -> list[Values]:
        """The values of every record that is held, in the order of their sheet."""
        if sheet not in self._all:
            held = self.holdings.by_model[sheet.model]
            ordered = sorted(held.records, key=lambda pk: self.holdings.position_of(held, pk))
            self._all[sheet] = [self.holdings.values_of(held, pk) for pk in ordered]
        return self._all[sheet]

    @property
    def own_plan(self) -> str:
        """How links call the plan that the register is of; "" where it is a whole council's."""
        return self.holdings.plan.slug if self.holdings.plan else ""

    # Which record a row is about

    def key_for(self, sheet: type[RecordSheet], *, key: str, reference: str, title: str) -> tuple[str, Values | None]:
        """The key of the record that a row is about, and what we hold of it (None: it is new). A key decides, else
        the reference, else the title where the row or the record has no reference. Raises ValueError where none of
        them is given or several records are meant."""
        if key:
            clean = sheet.fields["key"].widget.clean(Cell(key))
            return clean, self.values(sheet, (clean,))
        if not reference and not title:
            raise ValueError("The row has neither a reference nor a title, so it is about nothing.")
        found = self._matching(sheet, folded(reference), folded(title))
        if len(found) > 1:
            keys = ", ".join(values["key"] for values in found[:5])
            raise ValueError(f"Several records are called this ({keys}). Add a column “Key” that says which is meant.")
        if found:
            return found[0]["key"], found[0]
        return self.new_name(sheet, reference or title, kind="ref" if reference else "title"), None

    def _matching(self, sheet: type[RecordSheet], reference: str, title: str) -> list[Values]:
        if sheet not in self._called:
            called: dict[tuple[str, str], list[Values]] = defaultdict(list)
            for values in self.all(sheet):
                called["ref", folded(values.get("ref", ""))].append(values)
                called["title", folded(values["title"])].append(values)
            self._called[sheet] = called
        called = self._called[sheet]
        if reference and (exact := called.get(("ref", reference))):
            return exact
        titled = called.get(("title", title), []) if title else []
        return [values for values in titled if not reference or not values.get("ref", "")]

    def new_name(self, sheet: type[RecordSheet], text: str, *, kind: str = "title") -> str:
        """A key that nothing else of the sheet has ("camhs", "camhs-2"), the same for every row that says this."""
        new = self._new_keys[sheet]
        if sheet not in self._taken:
            held = self.holdings.by_model[sheet.model]
            self._taken[sheet] = {record.key for record in held.records.values()}
        if (kind, folded(text)) not in new:
            taken = self._taken[sheet]
            stem = slugify(text.replace("/", "-"))[:70].strip("-") or sheet.model._meta.model_name
            numbers = (f"{stem}-{number}" if number > 1 else stem for number in range(1, len(taken) + 2))
            key = next(key for key in numbers if key not in taken)
            new[kind, folded(text)] = key
            self._new_words[sheet, key] = text
            taken.add(key)
        return new[kind, folded(text)]

    def new_number(self, sheet: type[RecordSheet], parent: str, called: Any, *, taken: Iterable[int]) -> int:
        """A place after those `taken` among the rows of a new record's parent, the same for every row that says this.
        Raises ValueError where there is none left."""
        if (sheet, parent) not in self._free_numbers:
            self._free_numbers[sheet, parent] = _free_numbers(set(taken), sheet.fields["order"].widget.largest)
        numbers = self._new_numbers[sheet, parent]
        if called not in numbers:
            free = next(self._free_numbers[sheet, parent], None)
            if free is None:
                raise ValueError(f"There is no room for more {sheet.model._meta.verbose_name_plural}.")
            numbers[called] = free
        return numbers[called]

    # What a name means

    def sheet_of(self, model: type[models.Model]) -> type[RecordSheet]:
        """The sheet that links to a model lead to."""
        return self.holdings.by_model[model].sheet

    def name_of(self, sheet: type[RecordSheet], text: str) -> str:
        """How links call the record that is meant. Raises ValueError, with suggestions, where it is none or several."""
        if sheet.model is Indicator:
            found = self.indicators.find(text)
            if found is None:
                raise ValueError(self.indicators.unknown(text))
            return found.key
        meant = sorted(self._called_so(sheet, text), key=natural)
        if len(meant) > 1:
            told = " or ".join(self.words_of(sheet, called) for called in meant[:MOST_MEANT])
            raise ValueError(f"“{text[:80]}” may be {told}. Write which of these is meant.")
        if meant:
            return meant[0]
        what = (Indicator if sheet.model is PlanIndicator else sheet.model)._meta.verbose_name
        holder = "plan" if scope_of(sheet.model).endswith("plan") else "council"
        raise ValueError(f"The {holder} has no {what} “{text[:80]}”. {self._hint(sheet, text, what)}")

    def is_called(self, sheet: type[RecordSheet], text: str) -> bool:
        """Whether any record is called this."""
        return bool(self._called_so(sheet, text))

    def _called_so(self, sheet: type[RecordSheet], text: str) -> set[str]:
        """What links call the records that are called this; an indicator's place in the plan by any of its codes."""
        found = set(self._names(sheet).get(folded(text), ()))
        if by_key := _BY_KEY.fullmatch(text):
            found |= self._with_key(sheet, by_key[1])
        if sheet.model is PlanIndicator and (indicator := self.indicators.find(text)):
            places = self.holdings.by_model[sheet.model].records.items()
            found |= {
                self.holdings.names[sheet.model][pk] for pk, place in places if place.indicator_id == indicator.pk
            }
        return found

    def _with_key(self, sheet: type[RecordSheet], key: str) -> set[str]:
        if sheet not in self._keys:
            names = self.holdings.names[sheet.model]
            self._keys[sheet] = {names[pk] for pk in self.holdings.by_model[sheet.model].records}
        keys = self._keys[sheet]
        return {key} if key in keys else {each for each in keys if folded(each) == folded(key)}

    def _names(self, sheet: type[RecordSheet]) -> dict[str, set[str]]:
        """Folded references, codes, names, titles, posts and keys, each with what links call the records that have it.
        People who have left are found by their key alone."""
        if sheet not in self._named:
            named: dict[str, set[str]] = defaultdict(set)
            for pk, record in self.holdings.by_model[sheet.model].records.items():
                called = self.holdings.names[sheet.model][pk]
                has_left = sheet.model is Officer and record.left_date
                for text in (called, getattr(record, "key", ""), *(() if has_left else _words(record, "post"))):
                    if text:
                        named[folded(text)].add(called)
            self._named[sheet] = named
        return self._named[sheet]

    def _hint(self, sheet: type[RecordSheet], text: str, what: str) -> str:
        likely: list[str] = []
        if self.guesses < MOST_GUESSES:
            self.guesses += 1
            names = self._names(sheet)
            close = get_close_matches(folded(text)[:100], names, n=3, cutoff=0.5)
            likely = list(
                dict.fromkeys(self.words_of(sheet, called) for name in close for called in sorted(names[name]))
            )
        return f"Did you mean {' or '.join(likely)}?" if likely else f"Add the {what} first, or leave the cell empty."

    def unit_of(self, indicator: str) -> str:
        """The unit of an indicator, by its key."""
        return self.indicators.by_key[indicator].unit

    def words_of(self, sheet: type[RecordSheet], name: str) -> str:
        """What people call a record: its reference, code, name or title, the first that only this record has, else its
        key, so that `name_of` reads it back."""
        if sheet.model is Indicator:
            return self.indicators.spellings.get(name, name)
        if (sheet, name) in self._new_words:  # as the first row spells it
            return self._new_words[sheet, name]
        if sheet not in self._words:
            names = self.holdings.names[sheet.model]
            self._words[sheet] = {
                names[pk]: self._unmistakable(sheet, names[pk], _words(record))
                for pk, record in self.holdings.by_model[sheet.model].records.items()
            }
        return self._words[sheet].get(name, name)

    def key_words_of(self, sheet: type[RecordSheet], name: str) -> str:
        """A record by its key, for where its words cannot stand; `name_of` reads it back."""
        return self._unmistakable(sheet, name) if name in self._with_key(sheet, name) else name

    def _unmistakable(self, sheet: type[RecordSheet], called: str, words: Iterable[str] = ()) -> str:
        """The first of some words that nothing else may be meant by, else the key."""
        keys = (f"{'key: ' * number}{called}" for number in count())
        return next(text for text in chain(words, keys) if self._called_so(sheet, text) == {called})


def _free_numbers(taken: set[int], largest: int) -> Iterator[int]:
    """Those after the last that is taken, then what is free before it."""
    last = max(taken, default=0)
    yield from range(last + 1, largest + 1)
    yield from (number for number in range(1, last) if number not in taken)


def _words(record: models.Model, *further: str) -> list[str]:
    """What a record may be called. Editions of a matrix share their name."""
    texts = [tidy(getattr(record, name, "")) for name in ("ref", "code", "name", "title", *further)]
    edition = [f"{tidy(record.name)}, edition {record.edition}"] if isinstance(record, RiskMatrix) else []
    return [text for text in (*texts, *edition) if text]
