"""Bringing in a register: looked at and kept as a batch, then confirmed, all of it or nothing."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.utils import timezone

from kpis.finding import Indicators
from lambeth_plans.accounts.access import Permission, may
from lambeth_plans.accounts.models import Council, User
from lambeth_plans.accounts.register_sheets import Register
from lambeth_plans.imports.actions import keep_batch, new_batch, refuse_file
from lambeth_plans.imports.columns import Columns
from lambeth_plans.imports.models import ImportBatch
from lambeth_plans.imports.registers.compare import compare_register
from lambeth_plans.imports.registers.lookup import RegisterLookup
from lambeth_plans.imports.registers.words import now_in_words
from lambeth_plans.imports.remembered import read_as_remembered
from lambeth_plans.imports.workbook.actions import PlanMoved, confirm_records
from lambeth_plans.imports.workbook.holdings import Holdings
from lambeth_plans.spreadsheets import Unreadable
from objectives.models import Plan


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

    `register` is one of `REGISTERS`; `plan` is not looked at where the register is the whole council's. Columns are
    read as they were chosen for this shape of sheet; where they would have to be asked for, the file is refused.
    Raises PermissionDenied for somebody who may not edit the council's registers, and ValueError where the register
    is a plan's and there is none, or the plan is another council's.
    """
    _may_edit(council.pk, by)
    if register.is_of_plan and (plan is None or plan.council_id != council.pk):
        raise ValueError(f"Say which plan of {council.name} the register belongs to.")
    now = at or timezone.now()
    batch = new_batch(
        council=council,
        file_name=file_name,
        content=content,
        reason=reason,
        by=by,
        at=now,
        kind=ImportBatch.Kind.REGISTER,
        register=register.slug,
        plan=plan if register.is_of_plan else None,
    )
    try:
        reading = read_as_remembered(
            council=council,
            kind=register.slug,
            resource=register,
            columns_of=Columns,
            file_name=file_name,
            content=content,
            sheet=sheet,
        )
        batch.notes = reading.notes
        compare_register(batch, reading.columns)
    except Unreadable as refusal:
        refuse_file(batch, refusal, file_name, content)
    return keep_batch(batch, by=by, at=now)


def confirm_register(*, batch: ImportBatch, by: User, at: datetime | None = None) -> ImportBatch:
    """Applies a batch, all of it or nothing, and returns it; one that is applied already is returned as it is.

    Raises PlanMoved where a record is no longer the one of the preview, NotWaiting where there is nothing to confirm,
    and PermissionDenied for somebody else's batch or who may not edit the council's registers (any more).
    """
    if batch.made_by_id != by.pk:
        raise PermissionDenied("Only the one who uploaded a file can confirm it.")
    _may_edit(batch.council_id, by)
    try:
        return confirm_records(batch=batch, by=by, at=at)
    except PlanMoved as refusal:
        holdings = Holdings(batch.council, batch.plan, measures=batch.rows["measures"])
        rows = now_in_words(refusal.rows, RegisterLookup(holdings, Indicators(batch.council)))
        raise PlanMoved(rows) from refusal


def _may_edit(council_pk: int | None, by: User) -> None:
    is_theirs = Council.objects.visible_to(by).filter(pk=council_pk).exists()
    if not may(by, Permission.EDIT_REGISTERS) or not is_theirs:
        raise PermissionDenied("Only an analyst of this council edits its registers.")
