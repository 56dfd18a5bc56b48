"""Uploading a file of figures, and confirming it: all of it or nothing."""

import hashlib
import re
import unicodedata
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.text import slugify

from kpis.actions import LaterChange, apply_figures, later_changes, take_back_figures
from kpis.held import NOTHING, HeldFigure, Place, held_figures, held_versions
from kpis.packing import CHANGED, NEW, UNCHANGED, Proposal, Rows, Unpacked
from kpis.proposals import propose
from kpis.resources import FigureSheet
from lambeth_plans import history
from lambeth_plans.accounts.access import Permission, may
from lambeth_plans.accounts.models import Council, User
from lambeth_plans.imports.models import ImportBatch
from lambeth_plans.imports.remembered import read_as_remembered, readable
from lambeth_plans.imports.wide import columns_of
from lambeth_plans.spreadsheets import Problem, Sheet, Unreadable
from lambeth_plans.spreadsheets.marked import marked
from lambeth_plans.staging import without_collecting


@dataclass(frozen=True)
class Conflict:
    """A figure that somebody changed after the preview: what it was then, and what it is now."""

    proposal: Proposal
    now: Proposal


class Conflicts(Exception):
    """Somebody changed figures of the batch after its preview. Nothing was applied."""

    def __init__(self, conflicts: list[Conflict]) -> None:
        super().__init__(f"{len(conflicts)} figures were changed after the preview.")
        self.conflicts = conflicts


class NotWaiting(Exception):
    """The batch cannot be confirmed: it was refused, has nothing to change, or waited too long."""


def clean_file_name(name: str) -> str:
    """A file name that is safe to show: no folders, no control or direction characters, 100 characters at most."""
    last = re.split(r"[/\\]", name)[-1]
    kept = "".join(letter for letter in last if unicodedata.category(letter)[0] != "C").strip() or "file without a name"
    return kept if len(kept) <= 100 else f"{kept[:88]}…{kept[-11:]}"


@without_collecting()
def upload_figures(
    *, council: Council, file_name: str, content: bytes, sheet: str, reason: str, by: User, at: datetime | None = None
) -> ImportBatch:
    """Reads a file and keeps it as a batch: to be confirmed, or refused with every error. Changes no figure. Columns
    are read as they were chosen for this shape of sheet; where they would have to be asked for, the file is refused.

    Nobody waits while the file is read, which may take seconds: what moves meanwhile is seen when it is confirmed.
    Raises PermissionDenied for somebody who may not import figures for this council.
    """
    _may_import(council.pk, by)
    now = at or timezone.now()
    batch = new_batch(council=council, file_name=file_name, content=content, reason=reason, by=by, at=now)
    try:
        reading = read_as_remembered(
            council=council,
            kind=ImportBatch.Kind.FIGURES,
            resource=FigureSheet,
            columns_of=columns_of,
            file_name=file_name,
            content=content,
            sheet=sheet,
        )
        batch.notes = reading.notes
        compare_figures(batch, reading.sheet, reading.columns, now)
    except Unreadable as refusal:
        refuse_file(batch, refusal, file_name, content)
    return keep_batch(batch, by=by, at=now)


def new_batch(
    *, council: Council, file_name: str, content: bytes, reason: str, by: User, at: datetime, **fields: Any
) -> ImportBatch:
    """A batch of an uploaded file that is not kept yet and has no state. `fields` are further ones of the model."""
    return ImportBatch(
        council=council,
        made_by=by,
        made_by_name=by.get_full_name() or by.get_username(),
        made_at=at,
        file_name=clean_file_name(file_name),
        sha256=hashlib.sha256(content).hexdigest(),
        reason=reason,
        **fields,
    )


@transaction.atomic
def keep_batch(batch: ImportBatch, *, by: User, at: datetime) -> ImportBatch:
    """Gives a batch its number and keeps it. Numbers follow each other within a council, or within a person's plans
    that have no council yet."""
    if batch.council_id:
        Council.objects.select_for_update().get(pk=batch.council_id)
        stem = batch.council.slug[:30]
    else:
        User.objects.select_for_update().get(pk=by.pk)
        stem = f"new-{slugify(by.get_username())[:24]}-{by.pk}"
    batch.number = _next_number(stem)
    why = f"Uploaded {batch.file_name}.{f' {batch.reason}' if batch.reason else ''}"
    return history.save(batch, by=by, reason=why, at=at, batch=batch.number, savepoint=False)


def _next_number(stem: str) -> str:
    last = ImportBatch.objects.filter(number__startswith=f"{stem}-").order_by("-pk").values_list("number", flat=True)
    numbers = [int(number.rpartition("-")[2]) for number in last if re.fullmatch(rf"{re.escape(stem)}-\d+", number)]
    return f"{stem}-{max(numbers, default=0) + 1:04d}"


def compare_figures(batch: ImportBatch, sheet: Sheet, columns: Any, now: datetime) -> None:
    """Fills in what a sheet of figures would change. Raises Unreadable with everything that is wrong in it."""
    table, problems = columns.figure_table()
    packed, errors = propose(
        batch.council, table, today=timezone.localdate(now), place=columns.place, row_of=columns.row
    )
    problems = sorted(
        dict.fromkeys([*problems, *map(columns.locate, errors)]),
        key=lambda problem: (problem.row, len(problem.column), problem.column),
    )
    if problems:
        raise Unreadable(*problems)
    counts = Unpacked(packed).counts
    if not any(counts.values()):
        raise Unreadable("No figures found: no row says more than which indicator it is for.")
    batch.rows = packed
    batch.new_count, batch.changed_count, batch.unchanged_count = counts[NEW], counts[CHANGED], counts[UNCHANGED]
    waiting = batch.new_count or batch.changed_count
    batch.state = ImportBatch.State.PREVIEWED if waiting else ImportBatch.State.UNCHANGED


def refuse_batch(batch: ImportBatch, problems: list[Problem]) -> None:
    """Marks a batch as refused, with everything that is wrong in its file."""
    batch.state = ImportBatch.State.REFUSED
    batch.errors = [asdict(problem) for problem in problems]
    batch.error_count = len(problems)


def refuse_file(batch: ImportBatch, refusal: Unreadable, file_name: str, content: bytes) -> None:
    """Marks a batch as refused, and keeps its file with the errors marked in the cells."""
    refuse_batch(batch, refusal.problems)
    batch.notes = batch.notes or [*refusal.notes]
    name, plain = readable(file_name, content)
    batch.marked = marked(name, plain, refusal.problems, limit_rows=settings.UPLOAD_LIMIT_ROWS)


@without_collecting()
@transaction.atomic
def confirm_batch(*, batch: ImportBatch, by: User, reason: str = "", at: datetime | None = None) -> ImportBatch:
    """Applies a batch, all of it or nothing, and returns it; one that is applied already is returned as it is. A
    `reason` takes the place of the one that was given with the file.

    Raises Conflicts where a figure is no longer the one of the preview, NotWaiting where there is nothing to
    confirm, and PermissionDenied for somebody else's batch.
    """
    now = at or timezone.now()
    if batch.made_by_id != by.pk:
        raise PermissionDenied("Only the one who uploaded a file can confirm it.")
    _may_import(batch.council_id, by)
    Council.objects.select_for_update().get(pk=batch.council_id)
    batch = ImportBatch.objects.briefly().select_related("council").select_for_update(of=("self",)).get(pk=batch.pk)
    if batch.is_applied:
        return batch
    if not batch.is_waiting:
        raise NotWaiting(f"{batch.number} cannot be confirmed: {batch.get_state_display().lower()}.")
    if batch.has_expired(now):
        raise NotWaiting(f"{batch.number} waited longer than a day. Upload the file again.")
    batch.reason = reason.strip() or batch.reason
    proposals = _proposals(batch)
    if conflicts := _conflicts(batch, proposals):
        raise Conflicts(conflicts)
    try:
        apply_figures(proposals.moving, by=by, reason=_reason(batch), at=now, batch=batch.number)
    except (history.StaleRecord, IntegrityError) as error:  # written past the council's lock this very moment
        if conflicts := _conflicts(batch, proposals):
            raise Conflicts(conflicts) from error
        raise
    batch.state, batch.applied_at = ImportBatch.State.APPLIED, now
    why = f"Confirmed {batch.file_name}."
    return history.save(batch, by=by, reason=why, at=now, batch=batch.number, savepoint=False)


class ChangedSince(Exception):
    """Figures of an applied batch were changed after it, so it cannot be undone. Nothing was changed."""

    def __init__(self, later: list[LaterChange]) -> None:
        super().__init__(f"{len(later)} figures were changed after the import.")
        self.later = later


class NotApplied(Exception):
    """The batch cannot be undone: it never changed anything."""


def _proposals(batch: ImportBatch) -> Unpacked:
    """What a batch was to change. Its rows are fetched here and nowhere else: they may be megabytes."""
    return Unpacked(ImportBatch.objects.values_list("rows", flat=True).get(pk=batch.pk))


def _moving_and_held(batch: ImportBatch) -> tuple[Rows, dict[Place, HeldFigure]]:
    """What a batch changed, and the figures concerned as they are now."""
    moving = _proposals(batch).moving
    return moving, held_figures(batch.council, moving.indicators)


def what_stands_in_the_way(batch: ImportBatch) -> list[LaterChange]:
    """The figures of an applied batch that somebody changed since: while there are any, it cannot be undone."""
    moving, held = _moving_and_held(batch)
    return later_changes(batch.council, moving, held=held, batch=batch.number)


@without_collecting()
@transaction.atomic
def undo_batch(*, batch: ImportBatch, by: User, reason: str, at: datetime | None = None) -> ImportBatch:
    """Takes an applied batch back, all of it or nothing, and returns it; one that is undone already is returned as it
    is. Every figure gets one more history row, in the batch's own name.

    Raises ChangedSince where a figure was changed after the import, NotApplied where there is nothing to undo,
    ValueError without a reason, and PermissionDenied for somebody who may not import figures for this council.
    """
    now = at or timezone.now()
    if not reason.strip():
        raise ValueError("Say why the import is undone.")
    _may_undo(batch, by)
    Council.objects.select_for_update().get(pk=batch.council_id)
    batch = ImportBatch.objects.briefly().select_related("council").select_for_update(of=("self",)).get(pk=batch.pk)
    if batch.is_undone:
        return batch
    if not batch.is_applied:
        raise NotApplied(f"{batch.number} cannot be undone: {batch.get_state_display().lower()}.")
    moving, held = _moving_and_held(batch)
    if later := later_changes(batch.council, moving, held=held, batch=batch.number):
        raise ChangedSince(later)
    why = f"Undid batch {batch.number}, {batch.file_name}. {reason.strip()}"
    try:
        take_back_figures(moving, held=held, by=by, reason=why, at=now, batch=batch.number)
    except history.StaleRecord as error:  # changed by hand this very moment
        raise ChangedSince(what_stands_in_the_way(batch)) from error
    batch.state, batch.undone_at = ImportBatch.State.UNDONE, now
    batch.undone_by_name, batch.undone_because = by.get_full_name() or by.get_username(), reason.strip()
    return history.save(batch, by=by, reason=why, at=now, batch=batch.number)


def _may_import(council_pk: int | None, by: User) -> None:
    is_theirs = Council.objects.visible_to(by).filter(pk=council_pk).exists()
    if not may(by, Permission.IMPORT_FIGURES) or not is_theirs:
        raise PermissionDenied("Only an analyst of this council imports its figures.")


def _may_undo(batch: ImportBatch, by: User) -> None:
    _may_import(batch.council_id, by)
    if batch.kind != ImportBatch.Kind.FIGURES:
        raise NotApplied("What is no import of figures is taken back by undo.undo_records.")


def _reason(batch: ImportBatch) -> str:
    given = f" {batch.reason}" if batch.reason else ""
    return f"Imported from {batch.file_name}, batch {batch.number}.{given}"


def _conflicts(batch: ImportBatch, proposals: Unpacked) -> list[Conflict]:
    """Every figure that is no longer the one of the preview, also where its row changes nothing."""
    moved = proposals.moved(held_versions(batch.council, proposals.indicators))
    held = held_figures(batch.council, {proposal.indicator_pk for proposal in moved})
    found = []
    for proposal in moved:
        figure = held.get(proposal.place)
        found.append(Conflict(proposal, proposal._replace(old=figure.facts if figure else NOTHING)))
    return found
