"""The way in: a file is taken, its columns are asked for where nobody knows them, and the choice is kept."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from lambeth_plans import history
from lambeth_plans.accounts.access import may
from lambeth_plans.accounts.models import Council, User
from lambeth_plans.imports.actions import keep_batch, new_batch, refuse_file
from lambeth_plans.imports.columns import UnknownColumns, row_of_headings
from lambeth_plans.imports.doors import Door, door_of
from lambeth_plans.imports.models import ColumnMapping, ImportBatch
from lambeth_plans.imports.remembered import headings_of, read_as_remembered, read_sheet, shape_of
from lambeth_plans.imports.wide import BY_HEADING
from lambeth_plans.spreadsheets import Cell, Sheet, Unreadable, WhichSheet
from lambeth_plans.staging import without_collecting
from objectives.models import Plan


class NoLongerAsked(Exception):
    """The columns of a batch cannot be chosen any more: it was applied or undone, its file is gone, or somebody was
    quicker."""


@without_collecting()
def take_file(
    *,
    door: Door,
    council: Council,
    file_name: str,
    content: bytes,
    reason: str,
    by: User,
    plan: Plan | None = None,
    at: datetime | None = None,
) -> ImportBatch:
    """Reads a file and keeps it as a batch: to be confirmed, refused with every error, or asked for its columns, where
    a heading is missing or unknown or several sheets are filled, and nothing was chosen for such a sheet before.

    Files that waited too long are forgotten by the way. Raises PermissionDenied for somebody who may not bring in
    such a file for this council, and ValueError where the content is a plan's and there is none, or it is another
    council's.
    """
    _may(door, council.pk, by)
    if door.needs_plan and (plan is None or plan.council_id != council.pk):
        raise ValueError(f"Say which plan of {council.name} the file belongs to.")
    now = at or timezone.now()
    own = {"kind": door.kind, **door.own, **({"plan": plan} if door.needs_plan else {})}
    batch = new_batch(council=council, file_name=file_name, content=content, reason=reason, by=by, at=now, **own)
    try:
        reading = read_as_remembered(
            council=council,
            kind=door.slug,
            resource=door.resource,
            columns_of=door.columns_of,
            file_name=file_name,
            content=content,
        )
        batch.notes, batch.content = reading.notes, content
        door.compare(batch, reading.sheet, reading.columns, now)
    except (WhichSheet, UnknownColumns):
        batch.state, batch.content = ImportBatch.State.ASKED, content
    except Unreadable as refusal:
        refuse_file(batch, refusal, file_name, content)
    ImportBatch.objects.forget_files(council, now)
    return keep_batch(batch, by=by, at=now)


@without_collecting()
def choose_columns(
    *, batch: ImportBatch, sheet: str, header: int, chosen: Sequence[str], by: User, at: datetime | None = None
) -> ImportBatch:
    """Reads the file of a batch with columns chosen by hand, compares it anew, and keeps the choice for the next file
    of the same shape. Changes no record.

    `sheet` names one of the workbook's, `header` is the row of the headings (0 for none; such a choice fits every
    sheet and is therefore not kept), `chosen` says what each column is: a field, BY_HEADING, or "" to leave it out.
    Raises NoLongerAsked, PermissionDenied for somebody else's batch, and Unreadable where the sheet has no such
    columns, or the choice has a field twice or lacks one; then the batch stays as it is.
    """
    now = at or timezone.now()
    door = door_of(batch)
    if batch.made_by_id != by.pk:
        raise PermissionDenied("Only the one who uploaded a file chooses its columns.")
    if door is None or not batch.may_be_read_anew(now) or batch.content is None:
        raise NoLongerAsked(f"The columns of {batch.number} cannot be chosen any more.")
    _may(door, batch.council_id, by)
    content = bytes(batch.content)
    read = read_sheet(batch.file_name, content, sheet)
    columns = door.columns_of(read, door.resource, chosen, header)
    _forget_comparison(batch)
    batch.notes = [*read.notes, *columns.notes]
    try:
        door.compare(batch, read, columns, now)
    except Unreadable as refusal:
        refuse_file(batch, refusal, batch.file_name, content)
    return _keep_choice(door, batch, read, header, chosen, by, now)


def _forget_comparison(batch: ImportBatch) -> None:
    batch.rows, batch.errors, batch.marked = [], [], None
    batch.new_count = batch.changed_count = batch.unchanged_count = batch.error_count = 0


@transaction.atomic
def _keep_choice(
    door: Door, batch: ImportBatch, read: Sheet, header: int, chosen: Sequence[str], by: User, now: datetime
) -> ImportBatch:
    """Council, then batch: in the order in which a confirmation locks them."""
    Council.objects.select_for_update().get(pk=batch.council_id)
    why = f"Chose how the columns of {batch.file_name} are read."
    try:
        batch = history.save(batch, by=by, reason=why, at=now, batch=batch.number)
    except history.StaleRecord as error:
        raise NoLongerAsked(f"{batch.number} was changed meanwhile.") from error
    if header:
        headings = headings_of(read, row_of_headings(read, header))
        remember(door=door, batch=batch, sheet=read.name, headings=headings, chosen=chosen, by=by, at=now)
    return batch


def remember(
    *,
    door: Door,
    batch: ImportBatch,
    sheet: str,
    headings: Sequence[Cell],
    chosen: Sequence[str],
    by: User,
    at: datetime,
) -> ColumnMapping:
    """Keeps what was chosen for a shape of sheet, in place of what was chosen before; the same choice again leaves the
    first one's name and day. The caller holds the council's lock, so that two who choose at once write one after the
    other."""
    shape = shape_of(headings, is_wide=BY_HEADING in chosen)
    key: dict[str, Any] = {"council": batch.council, "kind": door.slug, "shape": shape}
    mapping = ColumnMapping.objects.filter(**key).first() or ColumnMapping(**key)
    choice = {
        "sheet": sheet[:100],
        "headings": [" ".join(cell.text.split()) for cell in headings],
        "columns": [*chosen, *[""] * len(headings)][: len(headings)],
    }
    if mapping.pk and all(getattr(mapping, name) == value for name, value in choice.items()):
        return mapping
    for name, value in choice.items():
        setattr(mapping, name, value)
    mapping.chosen_by_name, mapping.chosen_at = by.get_full_name() or by.get_username(), at
    why = f"Chose how the columns of {batch.file_name} are read, import {batch.number}."
    # Not in the batch's name: undoing the import leaves the choice as it is.
    return history.save(mapping, by=by, reason=why, at=at)


def _may(door: Door, council_pk: int | None, by: User) -> None:
    is_theirs = Council.objects.visible_to(by).filter(pk=council_pk).exists()
    if not may(by, door.permission) or not is_theirs:
        raise PermissionDenied("Only an analyst of this council brings in its files.")
