"""Holds a register against what we hold: each row becomes rows of a workbook's sheets, every error is found at once."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, Protocol

from finance.models import Supplier
from kpis.finding import Indicators
from lambeth_plans.accounts.cell_widgets import in_order
from lambeth_plans.accounts.record_sheets import CellError, RecordSheet, Values
from lambeth_plans.accounts.register_sheets import Register, RegisterRow, Said, leading_to
from lambeth_plans.accounts.register_widgets import LeadingWidget
from lambeth_plans.imports.models import ImportBatch
from lambeth_plans.imports.registers.lookup import RegisterLookup
from lambeth_plans.imports.registers.register_list import REGISTERS
from lambeth_plans.imports.registers.words import add_words, label_of, notes_of_empty, notes_of_staying, words_of_value
from lambeth_plans.imports.workbook.changes import NEW, Comparison, RowChange, SheetCount
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
        add_words(stored, change, comparing.lookup, says_key=comparing.says_key(change))
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


class _Comparing:
    """The comparison of a register's rows with what is held."""

    def __init__(
        self, register: type[Register], lookup: RegisterLookup, rows: Sequence[tuple[int, Mapping[str, Cell]]]
    ) -> None:
        self.register, self.lookup, self.holdings = register, lookup, lookup.holdings
        self.errors: list[CellError] = []
        #: What the rows say, by the record they say it of.
        self.said: dict[tuple[type[RecordSheet], tuple[Any, ...]], list[Said]] = defaultdict(list)
        self.cells = dict(rows)
        #: How many cells are empty where something stands, by column; and what a list in a cell does not name.
        self.left: Counter[str] = Counter()
        self.staying: list[tuple[int, str, list[str]]] = []
        for number, cells in rows:
            row = RegisterRow(register, number, cells, lookup)
            for said in register.says(row):
                self.said[said.sheet, said.identity].append(said)
            self.errors += row.errors
            self.staying += [(number, name, texts) for name, texts in row.staying]
        self.changes: list[RowChange] = []

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
        found: list[tuple[RowChange, dict[str, str], bool]] = []
        for identity, group in groups.items():
            said, places = self._merged(group)
            pk = by_identity.get(identity)
            old = self.holdings.values_of(held, pk) if pk else None
            values = {**(old or self._empty(sheet, said)), **said}
            for each in group:
                for link, (target, leads) in each.moves.items():
                    values[link] = in_order({*values[link], target} if leads else {*values[link]} - {target})
            rows.append((group[0].number, values))
            if old:
                self._leave(group, places, old)
            if old == values:
                unchanged += 1
                continue
            change = RowChange(sheet, group[0].number, values, old, pk, held.records[pk].version if pk else 0)
            is_read = not any((each.number, column) in wrong for each in group for column in each.places.values())
            lacks = [_placed(error, places) for error in _missing(change)] if is_read else []
            self.errors += lacks
            found.append((change, places, is_read and not lacks))
        verdicts = judged([change for change, _, is_whole in found if is_whole], self.holdings)
        for read, places, is_whole in found:
            change, errors = next(verdicts) if is_whole else (read, [])
            self.errors += [_placed(error, places) for error in errors]
            if change.values == change.old:  # another way of writing what we hold
                unchanged += 1
                continue
            self.changes.append(change)
            new, changed = new + (change.pk is None), changed + (change.pk is not None)
        for error in shared_values(sheet, rows, self.holdings):
            self.errors.append(_placed(error, next(group[0].places for group in groups.values())))
        is_whole = scope_of(sheet.model) == "plan" and not all(
            each.moves for group in groups.values() for each in group
        )
        staying = len(held.records.keys() - {by_identity.get(identity) for identity in groups}) if is_whole else 0
        return SheetCount(sheet.title, new, changed, unchanged, staying)

    def _leave(self, group: list[Said], places: Mapping[str, str], old: Values) -> None:
        """Counts the columns that are empty in every row about a record, where something stands that they could take
        away: not what is needed, nor a reference that alone may tell which record is meant."""
        sheet = group[0].sheet
        told = (self.cells[said.number].get("key") for said in group)
        says_key = all(cell and cell.text.strip() for cell in told)
        for name in self._filled_by(sheet, places):
            if name == "ref" and not says_key:
                continue
            widget = self.register.fields[name].widget
            cells = [self.cells[said.number].get(name) for said in group]
            if not all(cell and widget.says_nothing(cell) for cell in cells):
                continue
            if isinstance(widget, LeadingWidget):
                stands = leading_to(self.lookup, widget, old["key"])
            else:
                stands = not widget.inner.is_needed and widget.render(old, lookup=self.lookup)
            self.left[name] += bool(stands)

    def _filled_by(self, sheet: type[RecordSheet], places: Mapping[str, str]) -> Iterator[str]:
        """The columns that say something of the records of a sheet, and links to them that others keep."""
        for name, column in self.register.fields.items():
            widget = column.widget
            if isinstance(widget, LeadingWidget):
                if widget.relation.model is sheet.model:
                    yield name
            elif widget.sheet is sheet and name in places.values() and name != "key":
                yield name

    def says_key(self, change: RowChange) -> bool:
        """Whether the file itself says how the record's address reads."""
        return any(
            bool(cell.text.strip())
            for said in self.said[change.sheet, change.sheet.identity_of(change.values)]
            if said.places.get("key") == "key" and (cell := self.cells[said.number].get("key"))
        )

    def _empty(self, sheet: type[RecordSheet], said: Values) -> Values:
        """A new record before anything is said of it; it comes after those that are there."""
        values = {name: column.widget.empty() for name, column in sheet.fields.items()}
        if "order" in values and "order" not in said and scope_of(sheet.model) == "plan":
            held = self.holdings.by_model[sheet.model].records.values()
            called, taken = sheet.identity_of(said), (record.order for record in held)
            values["order"] = self.lookup.new_number(sheet, "", called, taken=taken)
        return values

    def _merged(self, group: list[Said]) -> tuple[Values, dict[str, str]]:
        """What several rows say of one record. Rows that may not repeat it, or do not agree, are refused, all named."""
        values: Values = {}
        places: dict[str, str] = {}
        told_by: dict[str, int] = {}
        if len(group) > 1 and not all(said.may_repeat for said in group):
            self.errors += self._repeated(group)
        for said in group:
            for name, value in {**said.values, **said.beside}.items():
                if name in values and values[name] != value and said.may_repeat:
                    words = self._words(said, name, values[name])[:60] or "nothing"
                    message = (
                        f"Row {told_by[name]} says “{words}” here, of the same {self._noun(said)}. They must agree."
                    )
                    mine = self._words(said, name, value)
                    self.errors.append(CellError(said.number, said.places.get(name, ""), mine, message))
                elif name not in values:
                    values[name], told_by[name] = value, said.number
            places = {**said.places, **places}
        return {name: value for name, value in values.items() if name in group[0].sheet.fields}, places

    def _words(self, said: Said, name: str, value: Any) -> str:
        if name in said.beside:
            return self.register.fields[name].widget.render({name: value}, lookup=self.lookup)
        return words_of_value(said.sheet, name, value, self.lookup)

    def _noun(self, said: Said) -> str:
        return str(said.sheet.model._meta.verbose_name)

    def _repeated(self, group: list[Said]) -> Iterator[CellError]:
        numbers = [str(said.number) for said in group[:MOST_PLACES]]
        where = f"{', '.join(numbers[:-1])} and {numbers[-1]}"
        more = f" and {len(group) - MOST_PLACES:,} more" if len(group) > MOST_PLACES else ""
        for said in group:
            told = label_of(said.sheet, said.values, self.lookup)
            column = said.places.get(said.sheet.identity[-1], "")
            if column == "key":  # what the file itself calls it by
                cells = self.cells[said.number]
                names = (name for name in ("key", "ref", "title") if name in cells and cells[name].text.strip())
                column = next(names, column)
            message = f"“{told}” stands in rows {where}{more}. Keep one, or give each its own reference."
            yield CellError(said.number, column, told, message)

    def _notes(self, counts: list[SheetCount]) -> Iterator[str]:
        for count in counts:
            if count.staying:
                records = "1 record is" if count.staying == 1 else f"{count.staying} records are"
                yield f"{count.title}: {records} not in the file and {'stays' if count.staying == 1 else 'stay'}."
        yield from self._notes_of_cells()
        known = {record.name: record for record in self.holdings.by_model[Supplier].records.values()}
        for change in self.changes:
            if change.sheet.model is Supplier and change.action == NEW:
                name = change.values["name"]
                like = get_close_matches(name, known, n=1, cutoff=0.8)
                hint = f" There is already a supplier “{like[0]}”: is it the same?" if like else ""
                yield f"“{name}” is a new supplier.{hint}"

    def _notes_of_cells(self) -> Iterator[str]:
        headings = {name: column.column_name for name, column in self.register.fields.items()}
        lists = Counter(name for number, name, _ in self.staying if not self.cells[number][name].text.strip())
        empty = ({headings[name]: found[name] for name in headings if found[name]} for found in (self.left, lists))
        yield from notes_of_empty(*empty)
        named = [
            (number, headings[name], texts)
            for number, name, texts in self.staying
            if self.cells[number][name].text.strip()
        ]
        yield from notes_of_staying(named)


def _missing(change: RowChange) -> Iterator[CellError]:
    """What a new record needs and no cell says."""
    noun = change.sheet.model._meta.verbose_name
    for name, column in change.sheet.fields.items():
        if column.widget.is_needed and not _says(change, name):
            message = f"A new {noun} needs this ({column.column_name}). Fill it in."
            yield CellError(change.number, name, "", message)


def _says(change: RowChange, name: str) -> bool:
    value = change.values[name]
    return value is not None and value != ""


def _placed(error: CellError, places: Mapping[str, str]) -> CellError:
    """An error of a sheet's field, told of the register's column that fills it."""
    return CellError(error.row, places.get(error.column, ""), error.value, error.message)
