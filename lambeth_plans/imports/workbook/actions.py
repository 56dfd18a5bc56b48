"""Bringing in a plan's workbook: looked at and kept as a batch, then confirmed, all of it or nothing."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from kpis.models import Indicator
from lambeth_plans import history
from lambeth_plans.accounts.access import Permission, may
from lambeth_plans.accounts.models import Council, User
from lambeth_plans.imports.actions import NotWaiting, clean_file_name, keep_batch, refuse_batch
from lambeth_plans.imports.models import ImportBatch
from lambeth_plans.imports.workbook.apply import GoneTarget, Trace, apply_changes
from lambeth_plans.imports.workbook.changes import Moved, RowChange, leading_nowhere, moved_row
from lambeth_plans.imports.workbook.checks import errors_together
from lambeth_plans.imports.workbook.compare import compare
from lambeth_plans.imports.workbook.holdings import Holdings
from lambeth_plans.imports.workbook.matrices import PARTS, agreed_since
from lambeth_plans.imports.workbook.sheets import BY_MODEL
from lambeth_plans.spreadsheets import Unreadable
from lambeth_plans.spreadsheets.books import read_book
from lambeth_plans.spreadsheets.marked import marked
from objectives.models import Plan
from risks.actions import hold_matrices
from risks.models import RiskMatrix


class PlanMoved(Exception):
    """Records of the plan were changed after the preview. `rows` are those of the preview; nothing was applied."""

    def __init__(self, rows: list[Mapping[str, Any]]) -> None:
        super().__init__(f"{len(rows)} records were changed after the preview.")
        self.rows = rows


def upload_plan(
    *, file_name: str, content: bytes, reason: str = "", by: User, at: datetime | None = None
) -> ImportBatch:
    """Reads a workbook and keeps it as a batch: to be confirmed, or refused with every error. Changes no record.

    Raises PermissionDenied for somebody who may not set up plans.
    """
    if not may(by, Permission.SET_UP_PLANS):
        raise PermissionDenied("Only who sets up plans may bring one in.")
    now = at or timezone.now()
    batch = ImportBatch(
        kind=ImportBatch.Kind.PLAN,
        made_by=by,
        made_by_name=by.get_full_name() or by.get_username(),
        made_at=now,
        file_name=clean_file_name(file_name),
        sha256=hashlib.sha256(content).hexdigest(),
        reason=reason,
    )
    try:
        _compare(batch, file_name, content)
    except Unreadable as refusal:
        refuse_batch(batch, refusal.problems)
        batch.marked = marked(file_name, content, refusal.problems, limit_rows=settings.WORKBOOK_LIMIT_ROWS)
    return keep_batch(batch, by=by, at=now)


def _compare(batch: ImportBatch, file_name: str, content: bytes) -> None:
    sheets = read_book(file_name, content, limit_rows=settings.WORKBOOK_LIMIT_ROWS)
    found = compare(sheets, by=batch.made_by)
    batch.rows = found.as_json()
    batch.notes = found.notes
    batch.council = Council.objects.filter(slug=found.council).first()
    batch.new_count = sum(count.new for count in found.counts)
    batch.changed_count = sum(count.changed for count in found.counts)
    batch.unchanged_count = sum(count.unchanged for count in found.counts)
    batch.state = ImportBatch.State.PREVIEWED if found.changes else ImportBatch.State.UNCHANGED


@transaction.atomic
def confirm_plan(*, batch: ImportBatch, by: User, at: datetime | None = None) -> ImportBatch:
    """Applies a batch, all of it or nothing, and returns it; one that is applied already is returned as it is.

    Raises PlanMoved where a record is no longer the one of the preview, NotWaiting where there is nothing to
    confirm, and PermissionDenied for somebody else's batch or a council that `by` no longer belongs to.
    """
    if batch.made_by_id != by.pk or not may(by, Permission.SET_UP_PLANS):
        raise PermissionDenied("Only the one who uploaded a workbook can confirm it.")
    return confirm_records(batch=batch, by=by, at=at)


@transaction.atomic
def confirm_records(*, batch: ImportBatch, by: User, at: datetime | None = None) -> ImportBatch:
    """Applies the rows of a workbook or a register as `confirm_plan` says; the caller has asked whether `by` may."""
    now = at or timezone.now()
    lock_for(batch, by)
    batch = ImportBatch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    if batch.is_applied:
        return batch
    if not batch.is_waiting:
        raise NotWaiting(f"{batch.number} cannot be confirmed: {batch.get_state_display().lower()}.")
    if batch.has_expired(now):
        raise NotWaiting(f"{batch.number} waited longer than a day. Upload the file again.")
    held, changes = _changes(batch, by)
    given = f" {batch.reason}" if batch.reason else ""
    trace = Trace(by, f"Imported from {batch.file_name}, batch {batch.number}.{given}", now, batch.number)
    plan, council = batch.rows["plan"], batch.rows["council"]
    try:
        with transaction.atomic():
            apply_changes(changes, held, plan=plan, council=council, trace=trace)
    except (history.StaleRecord, IntegrityError, ValidationError, GoneTarget) as error:
        _, changes = _changes(batch, by)  # as it is now: mostly it says itself which rows are concerned
        rows = zip(batch.rows["rows"], changes, strict=True)
        raise PlanMoved([moved_row(row, change) for row, change in rows]) from error
    batch.council = Council.objects.get(slug=council)
    batch.state, batch.applied_at = ImportBatch.State.APPLIED, now
    return history.save(batch, by=by, reason=f"Confirmed {batch.file_name}.", at=now, batch=batch.number)


def lock_for(batch: ImportBatch, by: User) -> None:
    """One import at a time: for a council, or for a person where there is none yet."""
    if batch.council_id:
        Council.objects.select_for_update().get(pk=batch.council_id)
    else:
        User.objects.select_for_update().get(pk=by.pk)


def _changes(batch: ImportBatch, by: User) -> tuple[Holdings, list[RowChange]]:
    """The rows of a batch, each held against the record as it is now."""
    council = Council.objects.filter(slug=batch.rows["council"]).first()
    if council and not Council.objects.visible_to(by).filter(pk=council.pk).exists():
        raise PermissionDenied("The plan is of a council that is not yours.")
    rows = batch.rows["rows"]
    plan = Plan.objects.filter(slug=batch.rows["plan"], council=council).first()
    if any(row["sheet"] in {BY_MODEL[model].title for model in PARTS} for row in rows):
        hold_matrices(*RiskMatrix.objects.filter(council=council).values_list("pk", flat=True))
    if "measures" in batch.rows:  # a register says which
        held = Holdings(council, plan, measures=batch.rows["measures"])
        return held, _held_against(rows, held)
    measures = {row["cells"].get("key", ["", ""])[1] for row in rows if row["sheet"] == "Measures"}
    linked = {row["cells"]["indicator"][1] for row in rows if "indicator" in row["cells"]}
    present = Indicator.objects.filter(council=council).values_list("key", flat=True) if council else ()
    pks = [row["pk"] for row in rows if row["pk"]]
    held = Holdings(council, plan, measures=sorted((measures | linked | (set(present) if pks else set())) - {""}))
    return held, _held_against(rows, held)


def _held_against(rows: list[Mapping[str, Any]], held: Holdings) -> list[RowChange]:
    """The rows as changes. Raises PlanMoved with those whose record is no longer the one of the preview."""
    changes, moved = [], []
    for row in rows:
        try:
            changes.append(RowChange.from_json(row, held))
        except Moved as refusal:
            moved.append(refusal.stored)
    if moved:
        raise PlanMoved(moved)
    together = list(zip(rows, changes, strict=True))
    if gone := list(leading_nowhere(together, held)):
        raise PlanMoved(gone)
    # with what somebody changed beside them since the preview
    wrong = {id(change): error.message for change, error in errors_together(changes, held)}
    if agreed_since(changes, held):
        because = "Since then the matrix was agreed, or risks were scored on it."
        wrong |= {id(change): because for change in changes if change.sheet.model in PARTS}
    if wrong:
        raise PlanMoved([moved_row(row, each, wrong[id(each)]) for row, each in together if id(each) in wrong])
    return changes
