"""Holds a register against what we hold: each row becomes rows of a workbook's sheets, every error is found at once."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, Protocol

from finance.models import Supplier
from kpis.finding import Indicators
from lambeth_plans.accounts.record_sheets import CellError, RecordSheet, Values
from lambeth_plans.accounts.register_sheets import Register, RegisterRow, Said
from lambeth_plans.imports.models import ImportBatch
from lambeth_plans.imports.registers.lookup import RegisterLookup
from lambeth_plans.imports.registers.register_list import REGISTERS
from lambeth_plans.imports.workbook.changes import NEW, Comparison, RowChange, SheetCount, as_text
from lambeth_plans.imports.workbook.checks import errors_together, judged, shared_values
from lambeth_plans.imports.workbook.holdings import Holdings
from lambeth_plans.imports.workbook.scores import impossible_scores
from lambeth_plans.imports.workbook.sheets import SHEETS, scope_of
from lambeth_plans.spreadsheets import Cell, Problem, Unreadable

#: How many of the rows are named that say the same.
MOST_PLACES = 20


class RegisterColumns(Protocol):
    """The columns of a file, however they were found: `lambeth_plans.imports.columns.Columns` is one."""

    notes: Sequence[str]

    def rows(self) -> tuple[Sequence[tuple[int, dict[str, Cell]]], list[Problem]]: ...

    def locate(self, error: CellError) -> Problem: ...


def compare_register(batch: ImportBatch, columns: RegisterColumns) -> None:
    """Fills in what a register would change in the batch's plan or council. Raises Unreadable with everything that is
    wrong in it."""
    rows, problems = columns.rows()
    register = REGISTERS[batch.register]
    indicators = Indicators(batch.council)
    measures = _measures(register, rows, indicators)
    holdings = Holdings(batch.council, batch.plan, measures=measures)
    comparing = _Comparing(register, RegisterLookup(holdings, indicators), rows)
    found = comparing.comparison(batch)
    problems = list(dict.fromkeys([*problems, *map(columns.locate, comparing.errors)]))
    if problems:
        raise Unreadable(*sorted(problems, key=lambda problem: (problem.row, len(problem.column), problem.column)))
    if not comparing.said:
        raise Unreadable(f"No {register.noun} found: no row says anything.")
    batch.rows = {**found.as_json(), "measures": measures}
    for stored, change in zip(batch.rows["rows"], found.changes, strict=True):
        stored["label"] = _label(change)
    batch.notes = [*batch.notes, *found.notes]
    batch.new_count = sum(count.new for count in found.counts)
    batch.changed_count = sum(count.changed for count in found.counts)
    batch.unchanged_count = sum(count.unchanged for count in found.counts)
    batch.state = ImportBatch.State.PREVIEWED if found.changes else ImportBatch.State.UNCHANGED


def _measures(
    register: type[Register], rows: Sequence[tuple[int, Mapping[str, Cell]]], indicators: Indicators
) -> list[str]:
    """The keys of the indicators that a register names."""
    if "indicator" not in register.fields:
        return []
    found = (indicators.find(cells["indicator"].text.strip()) for _, cells in rows if "indicator" in cells)
    return sorted({indicator.key for indicator in found if indicator})


def _label(change: RowChange) -> str:
    """How people call a record: its reference or title, else what tells it apart."""
    told = change.values.get("ref") or change.values.get("title") or change.values.get("name")
    return str(told or change.sheet.label_of(change.values))


class _Comparing:
    """The comparison of a register's rows with what is held."""

    def __init__(
        self, register: type[Register], lookup: RegisterLookup, rows: Sequence[tuple[int, Mapping[str, Cell]]]
    ) -> None:
        self.register, self.lookup, self.holdings = register, lookup, lookup.holdings
        self.errors: list[CellError] = []
        #: What the rows say, by the record they say it of.
        self.said: dict[tuple[type[RecordSheet], tuple[Any, ...]], list[Said]] = defaultdict(list)
        for number, cells in rows:
            row = RegisterRow(register, number, cells, lookup)
            for said in register.says(row):
                self.said[said.sheet, said.identity].append(said)
            self.errors += row.errors
        self.changes: list[RowChange] = []
        self.orders: dict[type[RecordSheet], int] = {}

    def comparison(self, batch: ImportBatch) -> Comparison:
        """What all rows would change; what is wrong with them is in `errors`."""
        counts = [count for sheet in SHEETS if (count := self._compare_sheet(sheet))]
        for change, error in impossible_scores(self.changes, self.holdings):
            group = self.said[change.sheet, change.sheet.identity_of(change.values)]
            self.errors.append(_placed(error, group[0].places))
        for change, error in [] if self.errors else errors_together(self.changes, self.holdings):
            group = self.said[change.sheet, change.sheet.identity_of(change.values)]
            self.errors.append(_placed(error, {name: at for said in group for name, at in said.places.items()}))
        plan = batch.plan.slug if batch.plan else ""
        return Comparison(batch.council.slug, plan, False, counts, self.changes, list(self._notes(counts)))

    def _compare_sheet(self, sheet: type[RecordSheet]) -> SheetCount | None:
        groups = {identity: group for (of, identity), group in self.said.items() if of is sheet}
        if not groups:
            return None
        held = self.holdings.by_model[sheet.model]
        by_identity = self.holdings.found_in(sheet.model)
        wrong = {(error.row, error.column) for error in self.errors}  # what could not be read is told once
        new = changed = unchanged = 0
        rows = []
        for identity, group in groups.items():
            said, places = self._merged(group)
            pk = by_identity.get(identity)
            old = self.holdings.values_of(held, pk) if pk else None
            values = {**(old or self._empty(sheet, said)), **said}
            rows.append((group[0].number, values))
            if old == values:
                unchanged += 1
                continue
            change = RowChange(sheet, group[0].number, values, old, pk, held.records[pk].version if pk else 0)
            if not any((each.number, column) in wrong for each in group for column in each.places.values()):
                change, errors = self._judged(change)
                self.errors += [_placed(error, places) for error in errors]
            if change.values == old:  # another way of writing what we hold
                unchanged += 1
                continue
            self.changes.append(change)
            new, changed = new + (pk is None), changed + (pk is not None)
        for error in shared_values(sheet, rows, self.holdings):
            self.errors.append(_placed(error, next(group[0].places for group in groups.values())))
        is_whole = scope_of(sheet.model) == "plan"
        staying = len(held.records.keys() - {by_identity.get(identity) for identity in groups}) if is_whole else 0
        return SheetCount(sheet.title, new, changed, unchanged, staying)

    def _empty(self, sheet: type[RecordSheet], said: Values) -> Values:
        """A new record before anything is said of it; it comes after those that are there."""
        values = {name: column.widget.empty() for name, column in sheet.fields.items()}
        if "order" in values and "order" not in said and scope_of(sheet.model) == "plan":
            if sheet not in self.orders:
                held = self.holdings.by_model[sheet.model].records.values()
                self.orders[sheet] = max((record.order for record in held), default=0)
            self.orders[sheet] += 1
            values["order"] = self.orders[sheet]
        return values

    def _merged(self, group: list[Said]) -> tuple[Values, dict[str, str]]:
        """What several rows say of one record. Rows that may not repeat it, or do not agree, are refused, all named."""
        values: Values = {}
        places: dict[str, str] = {}
        told_by: dict[str, int] = {}
        if len(group) > 1 and not all(said.may_repeat for said in group):
            self.errors += self._repeated(group)
        for said in group:
            for name, value in said.values.items():
                if name in values and values[name] != value and said.may_repeat:
                    words = as_text(said.sheet, name, values[name])[:60] or "nothing"
                    message = (
                        f"Row {told_by[name]} says “{words}” here, of the same {self._noun(said)}. They must agree."
                    )
                    mine = as_text(said.sheet, name, value)
                    self.errors.append(CellError(said.number, said.places.get(name, ""), mine, message))
                elif name not in values:
                    values[name], told_by[name] = value, said.number
            places = {**said.places, **places}
        return values, places

    def _noun(self, said: Said) -> str:
        return str(said.sheet.model._meta.verbose_name)

    def _repeated(self, group: list[Said]) -> Iterator[CellError]:
        numbers = [str(said.number) for said in group[:MOST_PLACES]]
        where = f"{', '.join(numbers[:-1])} and {numbers[-1]}"
        more = f" and {len(group) - MOST_PLACES:,} more" if len(group) > MOST_PLACES else ""
        for said in group:
            column = said.places.get(said.sheet.identity[-1], "")
            told = said.values.get("ref") or said.values.get("title") or said.sheet.label_of(said.values)
            name = next((name for name in ("ref", "title") if name in said.places and said.values.get(name)), "")
            message = f"“{told}” stands in rows {where}{more}. Keep one, or give each its own reference."
            yield CellError(said.number, said.places.get(name, column), str(told), message)

    def _judged(self, change: RowChange) -> tuple[RowChange, list[CellError]]:
        """A change with what follows from it, and what is wrong with it."""
        fields = change.sheet.fields.items()
        missing = [name for name, column in fields if column.widget.is_needed and not _says(change, name)]
        if not missing:
            return judged(change, self.holdings)
        noun = change.sheet.model._meta.verbose_name
        messages = [(name, f"A new {noun} needs this ({change.sheet.fields[name].column_name})") for name in missing]
        return change, [CellError(change.number, name, "", f"{message}. Fill it in.") for name, message in messages]

    def _notes(self, counts: list[SheetCount]) -> Iterator[str]:
        for count in counts:
            if count.staying:
                records = "1 record is" if count.staying == 1 else f"{count.staying} records are"
                yield f"{count.title}: {records} not in the file and {'stays' if count.staying == 1 else 'stay'}."
        known = {record.name: record for record in self.holdings.by_model[Supplier].records.values()}
        for change in self.changes:
            if change.sheet.model is Supplier and change.action == NEW:
                name = change.values["name"]
                like = get_close_matches(name, known, n=1, cutoff=0.8)
                hint = f" There is already a supplier “{like[0]}”: is it the same?" if like else ""
                yield f"“{name}” is a new supplier.{hint}"


def _says(change: RowChange, name: str) -> bool:
    value = change.values[name]
    return value is not None and value != ""


def _placed(error: CellError, places: Mapping[str, str]) -> CellError:
    """An error of a sheet's field, told of the register's column that fills it."""
    return CellError(error.row, places.get(error.column, ""), error.value, error.message)
