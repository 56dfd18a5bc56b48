"""Uploading a file of figures, and confirming it: all of it or nothing."""

import hashlib
import re
import unicodedata
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.text import slugify

from kpis.actions import LaterChange, apply_figures, later_changes, take_back_figures
from kpis.models import Outturn
from kpis.proposals import FigureFacts, Proposal, held_figures, propose
from kpis.resources import FigureSheet
from lambeth_plans import history, spreadsheets
from lambeth_plans.accounts.access import Permission, may
from lambeth_plans.accounts.models import Council, User
from lambeth_plans.imports.models import ImportBatch
from lambeth_plans.imports.wide import columns_of
from lambeth_plans.spreadsheets import Problem, Unreadable
from lambeth_plans.spreadsheets.marked import marked


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


def upload_figures(
    *, council: Council, file_name: str, content: bytes, sheet: str, reason: str, by: User, at: datetime | None = None
) -> ImportBatch:
    """Reads a file and keeps it as a batch: to be confirmed, or refused with every error. Changes no figure.

    Nobody waits while the file is read, which may take seconds: what moves meanwhile is seen when it is confirmed.
    Raises PermissionDenied for somebody who may not import figures for this council.
    """
    _may_import(council.pk, by)
    now = at or timezone.now()
    batch = ImportBatch(
        council=council,
        made_by=by,
        made_by_name=by.get_full_name() or by.get_username(),
        made_at=now,
        file_name=clean_file_name(file_name),
        sha256=hashlib.sha256(content).hexdigest(),
        reason=reason,
    )
    try:
        _compare(batch, file_name, content, sheet, now)
    except Unreadable as refusal:
        refuse_batch(batch, refusal.problems)
        batch.marked = marked(file_name, content, refusal.problems, limit_rows=settings.UPLOAD_LIMIT_ROWS)
    return keep_batch(batch, by=by, at=now)


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
    return history.save(batch, by=by, reason=why, at=at, batch=batch.number)


def _next_number(stem: str) -> str:
    last = ImportBatch.objects.filter(number__startswith=f"{stem}-").order_by("-pk").values_list("number", flat=True)
    numbers = [int(number.rpartition("-")[2]) for number in last if re.fullmatch(rf"{re.escape(stem)}-\d+", number)]
    return f"{stem}-{max(numbers, default=0) + 1:04d}"


def _compare(batch: ImportBatch, file_name: str, content: bytes, sheet: str, now: datetime) -> None:
    """Fills in what the file would change. Raises Unreadable with everything that is wrong in it."""
    read = spreadsheets.read(file_name, content, limit_rows=settings.UPLOAD_LIMIT_ROWS, sheet=sheet)
    columns = columns_of(read, FigureSheet)
    batch.notes = [*read.notes, *columns.notes]
    rows, problems = columns.rows()
    proposals, errors = propose(batch.council, rows, today=timezone.localdate(now), place=columns.place)
    proposals = [replace(proposal, row=columns.row(proposal.row)) for proposal in proposals]
    problems = sorted(
        dict.fromkeys([*problems, *map(columns.locate, errors)]),
        key=lambda problem: (problem.row, len(problem.column), problem.column),
    )
    if problems:
        raise Unreadable(*problems)
    if not proposals:
        raise Unreadable("No figures found: no row says more than which indicator it is for.")
    counts = dict.fromkeys(("new", "changed", "unchanged"), 0)
    for proposal in proposals:
        counts[proposal.action] += 1
    batch.rows = [proposal.as_json() for proposal in proposals]
    batch.new_count, batch.changed_count, batch.unchanged_count = counts.values()
    waiting = batch.new_count or batch.changed_count
    batch.state = ImportBatch.State.PREVIEWED if waiting else ImportBatch.State.UNCHANGED


def refuse_batch(batch: ImportBatch, problems: list[Problem]) -> None:
    """Marks a batch as refused, with everything that is wrong in its file."""
    batch.state = ImportBatch.State.REFUSED
    batch.errors = [asdict(problem) for problem in problems]
    batch.error_count = len(problems)


@transaction.atomic
def confirm_batch(*, batch: ImportBatch, by: User, at: datetime | None = None) -> ImportBatch:
    """Applies a batch, all of it or nothing, and returns it; one that is applied already is returned as it is.

    Raises Conflicts where a figure is no longer the one of the preview, NotWaiting where there is nothing to
    confirm, and PermissionDenied for somebody else's batch.
    """
    now = at or timezone.now()
    if batch.made_by_id != by.pk:
        raise PermissionDenied("Only the one who uploaded a file can confirm it.")
    _may_import(batch.council_id, by)
    Council.objects.select_for_update().get(pk=batch.council_id)
    batch = ImportBatch.objects.select_related("council").select_for_update(of=("self",)).get(pk=batch.pk)
    if batch.is_applied:
        return batch
    if not batch.is_waiting:
        raise NotWaiting(f"{batch.number} cannot be confirmed: {batch.get_state_display().lower()}.")
    if batch.has_expired(now):
        raise NotWaiting(f"{batch.number} waited longer than a day. Upload the file again.")
    proposals, held = _proposals_and_held(batch)
    if conflicts := _conflicts(proposals, held):
        raise Conflicts(conflicts)
    try:
        apply_figures(batch.council, proposals, held=held, by=by, reason=_reason(batch), at=now, batch=batch.number)
    except (history.StaleRecord, IntegrityError) as error:  # written past the council's lock this very moment
        proposals, held = _proposals_and_held(batch)
        if conflicts := _conflicts(proposals, held):
            raise Conflicts(conflicts) from error
        raise
    batch.state, batch.applied_at = ImportBatch.State.APPLIED, now
    return history.save(batch, by=by, reason=f"Confirmed {batch.file_name}.", at=now, batch=batch.number)


class ChangedSince(Exception):
    """Figures of an applied batch were changed after it, so it cannot be undone. Nothing was changed."""

    def __init__(self, later: list[LaterChange]) -> None:
        super().__init__(f"{len(later)} figures were changed after the import.")
        self.later = later


class NotApplied(Exception):
    """The batch cannot be undone: it never changed anything."""


def _proposals_and_held(batch: ImportBatch) -> tuple[list[Proposal], dict[Any, Outturn]]:
    """What a batch was to change, and the figures concerned as they are now."""
    proposals = [Proposal.from_json(row) for row in batch.rows]
    return proposals, held_figures(batch.council, (proposal.indicator for proposal in proposals))


def what_stands_in_the_way(batch: ImportBatch) -> list[LaterChange]:
    """The figures of an applied batch that somebody changed since: while there are any, it cannot be undone."""
    proposals, held = _proposals_and_held(batch)
    return later_changes(batch.council, proposals, held=held, batch=batch.number)


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
    batch = ImportBatch.objects.select_related("council").select_for_update(of=("self",)).get(pk=batch.pk)
    if batch.is_undone:
        return batch
    if not batch.is_applied:
        raise NotApplied(f"{batch.number} cannot be undone: {batch.get_state_display().lower()}.")
    proposals, held = _proposals_and_held(batch)
    if later := later_changes(batch.council, proposals, held=held, batch=batch.number):
        raise ChangedSince(later)
    why = f"Undid batch {batch.number}, {batch.file_name}. {reason.strip()}"
    try:
        take_back_figures(proposals, held=held, by=by, reason=why, at=now, batch=batch.number)
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


def _conflicts(proposals: list[Proposal], held: dict[Any, Any]) -> list[Conflict]:
    found = []
    for proposal in proposals:
        outturn = held.get((proposal.indicator, proposal.period.kind.value, proposal.period.start))
        now = FigureFacts.of(outturn)
        # A figure that was removed and entered anew counts its versions from the beginning: what it says decides too.
        if (outturn.version if outturn else 0) != proposal.version or now != proposal.old:
            found.append(Conflict(proposal, Proposal(**{**vars(proposal), "old": now})))
    return found
