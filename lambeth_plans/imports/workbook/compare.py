"""Holds a workbook against what we hold: every row read, every error found at once, nothing changed."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Any

from django.db import models

from activities.models import ProgressUpdate
from kpis.models import Indicator
from lambeth_plans.accounts.access import Permission, may
from lambeth_plans.accounts.models import Council, User
from lambeth_plans.accounts.record_sheets import CellError, RecordSheet, Values
from lambeth_plans.imports.columns import Columns
from lambeth_plans.imports.workbook.changes import Comparison, RowChange, SheetCount
from lambeth_plans.imports.workbook.checks import errors_together, judged, shared_values
from lambeth_plans.imports.workbook.holdings import Holdings
from lambeth_plans.imports.workbook.matrices import PARTS, agreements
from lambeth_plans.imports.workbook.scores import impossible_scores
from lambeth_plans.imports.workbook.sheets import BY_TITLE, SHEETS
from lambeth_plans.spreadsheets import Problem, Sheet, Unreadable
from objectives.models import Plan
from risks.models import RiskMatrix

#: For how many unknown keys of a file we look for what they may mean: a wrong file holds thousands.
MOST_GUESSES = 100


@dataclass
class Read:
    """One sheet of the file: where its columns are, and what its rows say."""

    sheet: type[RecordSheet]
    columns: Columns
    rows: list[tuple[int, Values]]
    numbers: dict[tuple[Any, ...], int]


def compare(sheets: Iterable[Sheet], *, by: User) -> Comparison:
    """What a workbook would change. Raises Unreadable with everything that is wrong in it."""
    problems: list[Problem] = []
    read = _read(sheets, problems)
    council, plan, is_new = _find(read, problems, by)
    if plan is None or not all(read[model].rows for model in (Council, Plan) if model in read):
        raise Unreadable(*problems)
    return _Comparing(read, council, plan, problems, council_is_new=is_new).comparison()


# What the file says


def _read(sheets: Iterable[Sheet], problems: list[Problem]) -> dict[type[models.Model], Read]:
    found: dict[type[models.Model], Read] = {}
    for sheet in sheets:
        resource = BY_TITLE.get(" ".join(sheet.name.split()).casefold())
        if resource is None:
            problems.append(Problem(_unknown_sheet(sheet.name), sheet.name))
            continue
        try:
            columns = Columns(sheet, resource)
        except Unreadable as refusal:
            problems += refusal.problems
            continue
        found[resource.model] = _read_rows(columns, resource, problems)
    for needed in (Plan, Council):
        title = next(sheet.title for sheet in SHEETS if sheet.model is needed)
        if needed not in found and not any(problem.sheet == title for problem in problems):
            problems.append(Problem(f"There is no sheet “{title}”. It says what the workbook is about.", title))
    return found


def _unknown_sheet(name: str) -> str:
    likely = get_close_matches(name.casefold(), BY_TITLE, n=1)
    hint = f"Did you mean “{BY_TITLE[likely[0]].title}”?" if likely else "Take it out of the file."
    return f"We know no sheet “{name[:60]}”. {hint}"


def _read_rows(columns: Columns, resource: type[RecordSheet], problems: list[Problem]) -> Read:
    """The rows of a sheet, and what tells them apart; two rows for one record are both named."""
    good, shape = columns.rows()
    problems += shape
    rows, numbers, repeated = [], {}, defaultdict(list)
    for number, cells in good:
        values, errors = resource.read_row(number, cells)
        problems += map(columns.locate, errors)
        if any(name not in values for name in resource.identity):
            continue
        identity = resource.identity_of(values)
        if identity in numbers:
            repeated[identity].append((number, values))
        else:
            numbers[identity] = number
        if not errors:
            rows.append((number, values))
    for identity, others in repeated.items():
        places = [numbers[identity], *(number for number, _ in others)]
        label = resource.label_of(others[0][1])
        for number in places:
            message = f"{label} stands in rows {' and '.join(map(str, places))}. Keep one."
            problems.append(columns.locate(CellError(number, resource.identity[-1], label, message)))
    return Read(resource, columns, rows, numbers)


# Whose plan it is


def _find(
    read: dict[type[models.Model], Read], problems: list[Problem], by: User
) -> tuple[Council | None, Plan | None, bool]:
    """The council and the plan that the file is about; a plan that is not there yet comes without a primary key."""
    if Council not in read or Plan not in read or not read[Council].rows or not read[Plan].rows:
        for model in (Council, Plan):
            if model in read and not read[model].rows:
                title = read[model].sheet.title
                if not any(problem.sheet == title for problem in problems):
                    problems.append(Problem(f"The sheet “{title}” has no row. It says whose plan this is.", title))
        return None, None, False
    councils = read[Council].rows
    for number, _ in councils[1:]:
        problems.append(Problem("A workbook is about one council. Delete this row.", "Council", number))
    slug = councils[0][1]["slug"]
    council = Council.objects.filter(slug=slug).first()
    if council and not Council.objects.visible_to(by).filter(pk=council.pk).exists():
        message = f"“{slug}” is not a council of yours. Ask an administrator of it."
        problems.append(Problem(message, "Council", councils[0][0]))
        return None, None, False
    if council is None and not may(by, Permission.SET_UP_PLANS):
        problems.append(Problem(f"There is no council “{slug}”.", "Council", councils[0][0]))
        return None, None, False
    for number, values in read[Plan].rows:
        if Plan.objects.filter(slug=values["slug"]).exclude(council=council).exists():
            message = f"The short name “{values['slug']}” is taken. Choose another one for this plan."
            problems.append(Problem(message, "Plan", number))
            return None, None, False
    number, values = read[Plan].rows[0]
    plan = Plan.objects.filter(slug=values["slug"]).first() or Plan(slug=values["slug"])
    return council, plan, council is None


# What it changes


class _Comparing:
    """The comparison of a workbook that can be read with one council and plan."""

    def __init__(
        self,
        read: dict[type[models.Model], Read],
        council: Council | None,
        plan: Plan,
        problems: list[Problem],
        *,
        council_is_new: bool,
    ) -> None:
        self.read, self.plan, self.problems, self.council_is_new = read, plan, problems, council_is_new
        measures = [values["key"] for _, values in read[Indicator].rows] if Indicator in read else []
        self.holdings = Holdings(council, plan if plan.pk else None, measures=measures)
        self.changes: list[RowChange] = []
        self.notes: list[str] = []
        self.guesses = 0
        self.known = {model: self._known(model) for model in self.holdings.by_model}

    def _known(self, model: type[models.Model]) -> set[str]:
        """What links may lead to: the records there are, and those of the file."""
        names = set(self.holdings.names[model].values())
        if model in self.read:
            names |= {self.read[model].sheet.name_of(identity) for identity in self.read[model].numbers}
        return names

    def comparison(self) -> Comparison:
        included = self.holdings.included()
        implied = self._agree_on_matrices()
        counts = [self._compare_sheet(sheet, included[sheet.model]) for sheet in SHEETS]
        self.changes += implied
        counts = [
            replace(count, changed=count.changed + sum(change.sheet.title == count.title for change in implied))
            for count in counts
        ]
        for change, error in impossible_scores(self.changes, self.holdings):
            self.problems.append(self.read[change.sheet.model].columns.locate(error))
        if not self.problems:
            for change, error in errors_together(self.changes, self.holdings):
                self.problems.append(self.read[change.sheet.model].columns.locate(error))
        if self.problems:
            order = {sheet.title: number for number, sheet in enumerate(SHEETS)}
            raise Unreadable(
                *sorted(self.problems, key=lambda problem: (order.get(problem.sheet, -1), problem.row, problem.column))
            )
        self._note_what_stays(counts)
        council = self.read[Council].rows[0][1]["slug"]
        return Comparison(council, self.plan.slug, self.council_is_new, counts, self.changes, self.notes)

    def _agree_on_matrices(self) -> list[RowChange]:
        """Corrects what the file says of the agreement of matrices; those of which it has no row are returned."""
        told = {model: [values for _, values in self.read[model].rows] for model in PARTS if model in self.read}
        found, notes = agreements(told, self.holdings)
        self.notes += notes
        held = self.holdings.by_model[RiskMatrix]
        for values in told.get(RiskMatrix, ()):
            values.update(found.pop(values["key"], {}))
        implied = []
        for key, values in found.items():
            pk = self.holdings.pk_of(RiskMatrix, key)
            old = self.holdings.values_of(held, pk)
            implied.append(RowChange(held.sheet, 0, values, old, pk, held.records[pk].version))
        return implied

    def _compare_sheet(self, sheet: type[RecordSheet], included: set[int]) -> SheetCount:
        held = self.holdings.by_model[sheet.model]
        if sheet.model not in self.read:
            return SheetCount(sheet.title, 0, 0, 0, len(included))
        read = self.read[sheet.model]
        by_identity = self.holdings.found_in(sheet.model)
        before = len(self.changes)
        changed = 0
        found: list[tuple[RowChange, bool]] = []
        for number, values in read.rows:
            pk = by_identity.get(sheet.identity_of(values))
            old = self.holdings.values_of(held, pk) if pk else None
            if old == values:
                continue
            version = held.records[pk].version if pk else 0
            change = RowChange(sheet, number, values, old, pk, version)
            errors = list(self._errors_of(change))
            self.problems += map(read.columns.locate, errors)
            found.append((change, not errors))
        verdicts = judged([change for change, is_whole in found if is_whole], self.holdings)
        for each, is_whole in found:
            change, errors = next(verdicts) if is_whole else (each, [])
            self.problems += map(read.columns.locate, errors)
            if change.values == change.old:  # another way of writing what we hold
                continue
            self.changes.append(change)
            changed += change.pk is not None
        self.problems += map(read.columns.locate, shared_values(sheet, read.rows, self.holdings))
        new = len(self.changes) - before - changed
        staying = sum(held.identities[pk] not in read.numbers for pk in included)
        return SheetCount(sheet.title, new, changed, len(read.rows) - new - changed, staying)

    def _errors_of(self, change: RowChange) -> Iterator[CellError]:
        """What is wrong with a change, whatever the record says of it."""
        yield from self._broken_links(change)
        if change.sheet.model is ProgressUpdate and change.pk:
            message = "A report is never changed. Add a row with the next revision instead."
            yield CellError(change.number, "revision", str(change.values["revision"]), message)

    def _broken_links(self, change: RowChange) -> Iterator[CellError]:
        for name, value in change.changed.items():
            column = change.sheet.fields[name]
            if not column.links_to:
                continue
            for target in value if column.is_many else [value] if value else []:
                if target not in self.known[column.links_to]:
                    yield CellError(change.number, name, target, self._unknown(column.links_to, target))

    def _unknown(self, model: type[models.Model], target: str) -> str:
        title = next(sheet.title for sheet in SHEETS if sheet.model is model)
        likely: list[str] = []
        if self.guesses < MOST_GUESSES:
            self.guesses += 1
            likely = get_close_matches(target[:100], sorted(self.known[model]), n=3, cutoff=0.5)
        hint = f"Did you mean {' or '.join(likely)}?" if likely else f"Add a row for it to the sheet {title}."
        return f"There is no “{target[:80]}” in {title}. {hint}"

    def _note_what_stays(self, counts: list[SheetCount]) -> None:
        missing = [sheet.title for sheet in SHEETS if sheet.model not in self.read]
        missing = [title for title in missing if not any(count.changed for count in counts if count.title == title)]
        if missing:
            self.notes.append(f"The file has no sheet {', '.join(missing)}: nothing of that is changed.")
        for count in counts:
            if count.staying and count.title not in missing:
                records = "1 record is" if count.staying == 1 else f"{count.staying} records are"
                verb = "stays" if count.staying == 1 else "stay"
                self.notes.append(f"{count.title}: {records} not in the file and {verb}.")
        reports = sum(change.sheet.model is ProgressUpdate for change in self.changes)
        if reports:
            self.notes.append(
                f"{reports} progress reports come in under the names in the file. The log-in that is kept with them "
                "is yours, and the history names you."
            )
        if self.council_is_new:
            self.notes.append("The council is not here yet. It is added, and you become a member of it.")
        followed = [change for change in self.changes if change.sheet.model is Plan and change.pk is None]
        if others := [change.values["slug"] for change in followed if change.values["slug"] != self.plan.slug]:
            self.notes.append(f"Of {', '.join(others)}, which this plan follows, the workbook has only its own row.")
