"""A plan as a workbook: one sheet for each register, with the council's records that it refers to."""

import io
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import cache
from typing import IO

from django.db import models
from django.db.models import Max

from kpis.withholding import NOTHING, Withholding
from lambeth_plans import history
from lambeth_plans.accounts.record_sheets import Column, RecordSheet
from lambeth_plans.imports.workbook.holdings import Holdings
from lambeth_plans.imports.workbook.sheets import BY_MODEL, SHEETS
from lambeth_plans.spreadsheets.books import BookColumn, BookSheet, write_book
from objectives.models import Plan

GUIDE = """How to fill this in

One sheet for each register of the plan, one row for each record. Plan and Council come first: the first row of Plan is
the plan itself.

Key is a record’s short name (letters, digits, hyphens). It stays the same for good, and other sheets name the record
by it: an activity says in Objective the key of a row of the sheet Objectives.

Several keys in one cell are parted by semicolons. A goal is named with its edition, like goal-1 (Borough Plan).

An empty cell means that the document does not state it. Only keys, titles and the like are needed; a note on each
heading says what may stand below it, and many cells have a list to choose from.

Columns that end in “as stated” hold what the document really prints, where that says more than what was understood.

Dates are text: 2021-03-31, 2021-03 or 2021, as precise as the document. Periods: 2019/20, Q1 2020/21, Apr 2019,
2019/20 (school year), 31 Dec 2019.

Numbers are plain: 1234.5, -3. Amounts are pounds. Nothing is rounded and nothing is guessed.

Keep all columns and their headings; leave sheets that you do not need empty. No merged cells, no hidden rows or
columns, no totals.

Bringing the workbook in shows first what it would change. A record that is not in the workbook stays: nothing is ever
removed by leaving a row out.

Progress reports are only ever added: who corrects one adds a row with the next revision.
"""


def export_plan(plan: Plan, out: IO[bytes], withheld: Withholding = NOTHING) -> None:
    """Writes a plan's workbook; the same plan always gives the same file. Raises ValueError for a text too long."""
    holdings = Holdings(plan.council, plan, withheld=withheld)
    included = holdings.included()
    sheets = (_book_sheet(sheet, _rows(holdings, sheet, included[sheet.model])) for sheet in SHEETS)
    write_book(out, sheets, changed_at=_changed_at(holdings, included), spare_rows=200)


def write_template(out: IO[bytes]) -> None:
    """Writes an empty workbook with a note on every heading and lists to choose from."""
    out.write(_template())


@cache
def _template() -> bytes:
    """Always the same, for as long as the product is."""
    out = io.BytesIO()
    guide = [" ".join(line.split()) for line in GUIDE.split("\n\n")]
    write_book(out, map(_book_sheet, SHEETS), guide=guide, with_notes=True, spare_rows=2_000)
    return out.getvalue()


def _rows(holdings: Holdings, sheet: type[RecordSheet], pks: set[int]) -> Iterator[list]:
    held = holdings.by_model[sheet.model]
    ordered = sorted(sorted(pks), key=lambda pk: holdings.position_of(held, pk))
    if sheet.model is Plan:  # the plan itself first, then those it follows
        ordered.sort(key=lambda pk: pk != holdings.plan.pk)
    for pk in ordered:
        yield sheet.cells(holdings.values_of(held, pk))


def _changed_at(holdings: Holdings, included: dict[type[models.Model], set[int]]) -> datetime | None:
    """When the plan was last changed: of its own row, so that it takes one query however large it is."""
    entries = history.entry_model(Plan)._default_manager.filter(id=holdings.plan.pk)
    return entries.aggregate(last=Max("history_date"))["last"]


def _book_sheet(sheet: type[RecordSheet], rows: Iterable[list] = ()) -> BookSheet:
    return BookSheet(sheet.title, [_book_column(column) for column in sheet.fields.values()], rows)


def _book_column(column: Column) -> BookColumn:
    widget = column.widget
    note = f"{widget.hint} {'Needed.' if widget.is_needed else 'May stay empty.'}"
    target = BY_MODEL.get(column.links_to)
    listed = None
    if target and not column.is_many and len(target.identity) == 1:
        listed = (target.title, list(target.fields).index(target.identity[0]))
    return BookColumn(column.column_name, note, widget.width, widget.words, listed)
