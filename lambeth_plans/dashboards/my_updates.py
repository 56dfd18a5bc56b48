""" "My updates": one sheet of everything a person answers for, each with its last report and a form.

All forms stand in one `<form>`, so that saving one loses nothing that was typed in another. Only what was touched is
saved: one when its own button is pressed, otherwise all of them or none. As a draft it is kept and not handed in.
Below the activities of each plan stand the records of the registers (dashboards/monthly.py), saved with them.
"""

import re
from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.db import OperationalError, transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone

from activities.actions import StaleReports, Unexplained
from activities.forms import ProgressForm
from activities.models import Activity
from lambeth_plans.accounts.access import Permission
from lambeth_plans.accounts.guards import changes
from lambeth_plans.accounts.models import User
from lambeth_plans.cycles.actions import Unexcused, submit_reports
from lambeth_plans.cycles.drafts import StaleDraft, save_draft
from lambeth_plans.dashboards.monthly import MonthlyRow, Refused, chosen_of, save_all
from lambeth_plans.dashboards.progress_report import BUSY, DRAFT_KEPT
from lambeth_plans.dashboards.update_sheet import (
    Row,
    SheetFilter,
    counted,
    monthly_rows,
    plan_groups,
    prefix_of,
    sheet_rows,
)
from lambeth_plans.forms import FormError
from lambeth_plans.history import StaleRecord

__all__ = ["my_updates", "prefix_of"]

_TEXT = re.compile(
    r"([-\w]+-p\d+)-(?:what_happened|path_to_green|new_due_date|due_date_reason|rosier_reason|late_because)"
    r"|([a-z]+:[-\w]+-p\d+)-(?!version)\w+"
)
NOT_IN_A_DRAFT = "A draft holds reports on activities only. What else you typed is still here, and not saved: save it."


@changes(Permission.REPORT_PROGRESS)
def my_updates(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    data = request.POST if request.method == "POST" else None
    sheet = Sheet(sheet_rows(request.user, today, data), monthly_rows(request.user, today, data))
    if data is None:
        return _sheet_page(request, sheet)
    if strays := _stray_texts(sheet, data):
        return _sheet_page(request, sheet, status=409, strays=strays)
    if data.get("save") == "draft":
        return _keep_drafts(request, sheet)
    chosen, records = _choose(sheet, data)
    if not chosen and not records:
        messages.info(request, "Nothing was filled in, so nothing was saved.")
        if sheet.holds_text:  # the button of a row was pressed in which nothing is typed
            return _sheet_page(request, sheet.read_again(request.user, today))
        return redirect(request.get_full_path())
    if any(row.form.clashes for row in records):
        return _clash_page(request, sheet)
    return _submit(request, sheet, chosen, records)


def _submit(request: HttpRequest, sheet: "Sheet", chosen: list[Row], records: list[MonthlyRow]) -> HttpResponse:
    today = timezone.localdate()
    if not all(row.form.is_valid() for row in (*chosen, *records)):
        return _sheet_page(request, sheet)
    try:
        sentences = _save(chosen, records, today, request.user)
    except StaleReports as error:
        _reopen(sheet.rows, error.currents)
        return _sheet_page(request, sheet, status=409)
    except StaleRecord:  # between the reading and the writing: now the sheet sees who was first
        sheet.records = monthly_rows(request.user, today, request.POST)
        chosen_of(sheet.records, request.POST.get("save", ""))
        return _clash_page(request, sheet)
    except Unexplained as error:  # something became known since the page was asked for
        next(row.form for row in chosen if row.activity == error.activity).ask_why(error.floor)
        return _sheet_page(request, sheet)
    except Refused:
        return _sheet_page(request, sheet)
    except (OperationalError, Unexcused):  # somebody else held a row for too long, or has just closed the round
        return _sheet_page(request, sheet, status=503)
    messages.success(request, _consequences(sentences))
    if sheet.holds_text:
        return _sheet_page(request, sheet.read_again(request.user, today))
    return redirect(request.get_full_path())


@dataclass
class Sheet:
    """Everything on the page: the activities, and the records of the registers."""

    rows: list[Row]
    records: list[MonthlyRow]

    @property
    def holds_text(self) -> bool:
        """Whether something typed in it is not saved and not asked to be."""
        return any(row.is_draft for row in self.rows) or any(row.is_kept for row in self.records)

    def read_again(self, user: User, today: date) -> "Sheet":
        """The sheet as it is now, with what was typed and not saved."""
        drafts = {row.form.prefix: row for row in self.rows if row.is_draft}
        kept = {row.prefix: row for row in self.records if row.is_kept}
        return Sheet(
            [drafts.get(row.form.prefix, row) for row in sheet_rows(user, today)],
            [kept.get(row.prefix, row) for row in monthly_rows(user, today)],
        )


@transaction.atomic
def _save(chosen: list[Row], records: list[MonthlyRow], today: date, user: User) -> list[str]:
    """Writes all or nothing, and tells each in a sentence."""
    reports = [(row.activity, row.form.answers) for row in chosen]
    drafts = {row.activity.pk: row.draft_number for row in chosen}
    reported = submit_reports(reports=reports, today=today, by=user, drafts=drafts) if chosen else []
    return [*(report.sentence for report in reported), *save_all(records, by=user, today=today)]


def _clash_page(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    """The newer version of a record beside what was typed; saving again goes over it knowingly."""
    for row in sheet.records:
        if row.is_chosen and row.form.clashes:
            row.form.open_on_newest()
    return _sheet_page(request, sheet, status=409)


@transaction.atomic
def _save_drafts(rows: list[Row], user: User) -> int:
    """Keeps what is typed in each row, and clears the draft of each that was emptied; all of them or none. Marks the
    rows of which somebody else saved the draft, and tells how many are kept, or −1 where there are such."""
    kept = 0
    for row in rows:
        typed = row.form.typed if row.form.is_bound else {}
        if not typed and not row.draft_number:
            continue
        try:
            kept += bool(save_draft(activity=row.activity, typed=typed, number=row.draft_number, by=user))
        except StaleDraft as error:
            row.other_draft, row.draft_number = error.current, error.current.number
    if any(row.other_draft for row in rows):
        transaction.set_rollback(True)
        return -1
    return kept


def _keep_drafts(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    for record in sheet.records:
        record.put_aside()
    try:
        kept = _save_drafts(sheet.rows, request.user)
    except OperationalError:  # somebody else held a row for too long
        return _sheet_page(request, Sheet([_as_draft(row) for row in sheet.rows], sheet.records), status=503)
    if kept < 0:
        return _sheet_page(request, Sheet([_as_draft(row) for row in sheet.rows], sheet.records), status=409)
    messages.success(request, DRAFT_KEPT if kept else "Nothing was filled in, so no draft is kept.")
    if any(record.is_kept for record in sheet.records):
        messages.info(request, NOT_IN_A_DRAFT)
        today = timezone.localdate()
        return _sheet_page(request, Sheet(sheet_rows(request.user, today), sheet.records))
    return redirect(request.get_full_path())


def _as_draft(row: Row) -> Row:
    """What is typed in it is kept on the page, and not judged yet."""
    if row.form.is_bound:
        row.form, row.is_draft, row.is_kept = row.form.as_draft(), True, False
    return row


def _stray_texts(sheet: Sheet, data: QueryDict) -> list[str]:
    """What was typed for records that this person no longer answers for: it is shown again, never dropped."""
    known = {row.form.prefix for row in (*sheet.rows, *sheet.records)}
    return [
        text
        for name, text in data.items()
        if (found := _TEXT.fullmatch(name)) and (found[1] or found[2]) not in known and text.strip()
    ]


def _choose(sheet: Sheet, data: QueryDict) -> tuple[list[Row], list[MonthlyRow]]:
    """The activities and the records to save: the one whose button was pressed, filled in or not, otherwise every
    touched one.

    What was typed in the others becomes a draft, or is put aside: kept, and not judged yet.
    """
    pressed = [row for row in sheet.rows if row.form.prefix == data.get("save")]
    is_record = any(row.prefix == data.get("save") for row in sheet.records)
    chosen = pressed or [row for row in sheet.rows if row.form.is_bound and not is_record]
    for row in sheet.rows:
        if row in pressed and not row.form.is_bound:
            row.form = ProgressForm(
                data,
                activity=row.activity,
                last=row.last,
                known=row.form.known,
                prefix=row.form.prefix,
                asks_late="late_because" in row.form.fields,
            )
        elif row not in chosen:
            _as_draft(row)
    return chosen, chosen_of(sheet.records, data.get("save", ""), only=bool(pressed or is_record))


def _consequences(sentences: list[str]) -> str:
    return sentences[0] if len(sentences) == 1 else f"{len(sentences)} updates saved. {' '.join(sentences)}"


def _reopen(rows: list[Row], currents: list[Activity]) -> None:
    """Puts the newer version beside each row that somebody else changed; saving again goes over it knowingly."""
    changed = {current.pk: current for current in currents}
    for row in rows:
        if current := changed.get(row.activity.pk):
            row.current, row.last, row.change = current, current.last_report(), current.history.first()
            row.form.reopen(current)


def _sheet_page(
    request: HttpRequest, sheet: Sheet, *, status: int = 200, strays: list[str] | None = None
) -> HttpResponse:
    plans = list({row.plan.pk: row.plan for row in (*(row.activity for row in sheet.rows), *sheet.records)}.values())
    returned = {row.activity.plan_id for row in sheet.rows if row.is_returned}
    sheet_filter = SheetFilter(request.GET, plans=plans, returned=returned)
    errors = [line for row in (*sheet.rows, *sheet.records) for line in row.error_lines]
    if status == 503:
        errors.insert(0, FormError(BUSY))
    done, total = counted([row for row in sheet.rows if not sheet_filter.puts_aside(row.activity.plan)])
    groups = plan_groups(sheet.rows, sheet_filter, timezone.localdate(), sheet.records)
    context = {
        "filters": sheet_filter,
        "groups": [group for group in groups if group.rows or group.sections],
        "ended": [group for group in groups if sheet_filter.puts_aside(group.plan)],
        "done": done,
        "total": total,
        "answers_for_any": bool(sheet.rows or sheet.records),
        "errors": errors,
        "strays": strays or [],
        "is_stale": status == 409 and not strays,
    }
    return render(request, "dashboards/my_updates.html", context, status=status)
