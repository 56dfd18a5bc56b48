"""Bringing in a register: looked at and kept as a batch, then confirmed, all of it or nothing."""

import hashlib
from datetime import datetime

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from lambeth_plans import spreadsheets
from lambeth_plans.accounts.access import Permission, may
from lambeth_plans.accounts.models import Council, User
from lambeth_plans.accounts.register_sheets import Register
from lambeth_plans.imports.actions import clean_file_name, keep_batch, refuse_batch
from lambeth_plans.imports.columns import Columns
from lambeth_plans.imports.models import ImportBatch
from lambeth_plans.imports.registers.compare import compare_register
from lambeth_plans.imports.workbook.actions import confirm_records
from lambeth_plans.spreadsheets import Unreadable
from lambeth_plans.spreadsheets.marked import marked
from objectives.models import Plan


def new_batch(
    *,
    register: type[Register],
    council: Council,
    plan: Plan | None,
    file_name: str,
    content: bytes,
    reason: str,
    by: User,
    at: datetime,
) -> ImportBatch:
    """A batch for a register that was not looked at yet; it is not kept.

    Raises PermissionDenied for somebody who may not edit the council's registers, and ValueError where the register
    is a plan's and there is none, or the plan is another council's.
    """
    _may_edit(council.pk, by)
    if register.is_of_plan and (plan is None or plan.council_id != council.pk):
        raise ValueError(f"Say which plan of {council.name} the register belongs to.")
    return ImportBatch(
        kind=ImportBatch.Kind.REGISTER,
        register=register.slug,
        council=council,
        plan=plan if register.is_of_plan else None,
        made_by=by,
        made_by_name=by.get_full_name() or by.get_username(),
        made_at=at,
        file_name=clean_file_name(file_name),
        sha256=hashlib.sha256(content).hexdigest(),
        reason=reason,
    )


def upload_register(
    *,
    register: type[Register],
    council: Council,
    plan: Plan | None,
    file_name: str,
    content: bytes,
    sheet: str = "",
    reason: str = "",
    by: User,
    at: datetime | None = None,
) -> ImportBatch:
    """Reads a register and keeps it as a batch: to be confirmed, or refused with every error. Changes no record.

    `register` is one of `REGISTERS`; `plan` is not looked at where the register is the whole council's. Raises as
    `new_batch` does.
    """
    now = at or timezone.now()
    batch = new_batch(
        register=register,
        council=council,
        plan=plan,
        file_name=file_name,
        content=content,
        reason=reason,
        by=by,
        at=now,
    )
    try:
        read = spreadsheets.read(file_name, content, limit_rows=settings.UPLOAD_LIMIT_ROWS, sheet=sheet)
        columns = Columns(read, register)
        batch.notes = [*read.notes, *columns.notes]
        compare_register(batch, columns)
    except Unreadable as refusal:
        refuse_batch(batch, refusal.problems)
        batch.marked = marked(file_name, content, refusal.problems, limit_rows=settings.UPLOAD_LIMIT_ROWS)
    return keep_batch(batch, by=by, at=now)


def confirm_register(*, batch: ImportBatch, by: User, at: datetime | None = None) -> ImportBatch:
    """Applies a batch, all of it or nothing, and returns it; one that is applied already is returned as it is.

    Raises PlanMoved where a record is no longer the one of the preview, NotWaiting where there is nothing to confirm,
    and PermissionDenied for somebody else's batch or who may not edit the council's registers (any more).
    """
    if batch.made_by_id != by.pk:
        raise PermissionDenied("Only the one who uploaded a file can confirm it.")
    _may_edit(batch.council_id, by)
    return confirm_records(batch=batch, by=by, at=at)


def _may_edit(council_pk: int | None, by: User) -> None:
    is_theirs = Council.objects.visible_to(by).filter(pk=council_pk).exists()
    if not may(by, Permission.EDIT_REGISTERS) or not is_theirs:
        raise PermissionDenied("Only an analyst of this council edits its registers.")
