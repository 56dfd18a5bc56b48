""" "My updates": one sheet of everything a person answers for, each with its last report and a form.

All forms stand in one `<form>`, so that saving one loses nothing that was typed in another. Only what was touched is
saved: one when its own button is pressed, otherwise all of them or none. As a draft it is kept and not handed in.
"""

import re

from django.contrib import messages
from django.db import OperationalError, transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone

from activities.actions import Reported, StaleReports, Unexplained
from activities.forms import ProgressForm
from activities.models import Activity
from lambeth_plans.accounts.access import Permission
from lambeth_plans.accounts.guards import changes
from lambeth_plans.accounts.models import User
from lambeth_plans.cycles.actions import Unexcused, submit_reports
from lambeth_plans.cycles.drafts import StaleDraft, save_draft
from lambeth_plans.dashboards.progress_report import BUSY, DRAFT_KEPT
from lambeth_plans.dashboards.update_sheet import Row, SheetFilter, counted, plan_groups, prefix_of, sheet_rows
from lambeth_plans.forms import FormError

__all__ = ["my_updates", "prefix_of"]

_TEXT = re.compile(
    r"([-\w]+-p\d+)-(?:what_happened|path_to_green|new_due_date|due_date_reason|rosier_reason|late_because)"
)


@changes(Permission.REPORT_PROGRESS)
def my_updates(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    if request.method != "POST":
        return _sheet_page(request, sheet_rows(request.user, today))
    rows = sheet_rows(request.user, today, request.POST)
    if strays := _stray_texts(rows, request.POST):
        return _sheet_page(request, rows, status=409, strays=strays)
    if request.POST.get("save") == "draft":
        return _keep_drafts(request, rows)
    chosen = _choose(rows, request.POST)
    if not chosen:
        messages.info(request, "Nothing was filled in, so nothing was saved.")
        return redirect(request.get_full_path())
    if not all(row.form.is_valid() for row in chosen):
        return _sheet_page(request, rows)
    try:
        reports = [(row.activity, row.form.answers) for row in chosen]
        drafts = {row.activity.pk: row.draft_number for row in chosen}
        reported = submit_reports(reports=reports, today=today, by=request.user, drafts=drafts)
    except StaleReports as error:
        return _sheet_page(request, _reopen(rows, error.currents), status=409)
    except Unexplained as error:  # something became known since the page was asked for
        next(row.form for row in chosen if row.activity == error.activity).ask_why(error.floor)
        return _sheet_page(request, rows)
    except (OperationalError, Unexcused):  # somebody else held a row for too long, or has just closed the round
        return _sheet_page(request, rows, status=503)
    messages.success(request, _consequences(reported))
    if drafts := {row.form.prefix: row for row in rows if row.is_draft}:
        return _sheet_page(request, [drafts.get(row.form.prefix, row) for row in sheet_rows(request.user, today)])
    return redirect(request.get_full_path())


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


def _keep_drafts(request: HttpRequest, rows: list[Row]) -> HttpResponse:
    try:
        kept = _save_drafts(rows, request.user)
    except OperationalError:  # somebody else held a row for too long
        return _sheet_page(request, [_as_draft(row) for row in rows], status=503)
    if kept < 0:
        return _sheet_page(request, [_as_draft(row) for row in rows], status=409)
    messages.success(request, DRAFT_KEPT if kept else "Nothing was filled in, so no draft is kept.")
    return redirect(request.get_full_path())


def _as_draft(row: Row) -> Row:
    """What is typed in it is kept on the page, and not judged yet."""
    if row.form.is_bound:
        row.form, row.is_draft, row.is_kept = row.form.as_draft(), True, False
    return row


def _stray_texts(rows: list[Row], data: QueryDict) -> list[str]:
    """What was typed for activities that this person no longer answers for: it is shown again, never dropped."""
    known = {row.form.prefix for row in rows}
    return [
        text
        for name, text in data.items()
        if (found := _TEXT.fullmatch(name)) and found[1] not in known and text.strip()
    ]


def _choose(rows: list[Row], data: QueryDict) -> list[Row]:
    """The rows to save: the one whose button was pressed, filled in or not, otherwise every touched one.

    What was typed in the others becomes a draft: kept, and not judged yet.
    """
    pressed = [row for row in rows if row.form.prefix == data.get("save")]
    chosen = pressed or [row for row in rows if row.form.is_bound]
    for row in rows:
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
    return chosen


def _consequences(reported: list[Reported]) -> str:
    sentences = " ".join(report.sentence for report in reported)
    return sentences if len(reported) == 1 else f"{len(reported)} updates saved. {sentences}"


def _reopen(rows: list[Row], currents: list[Activity]) -> list[Row]:
    """Puts the newer version beside each row that somebody else changed; saving again goes over it knowingly."""
    changed = {current.pk: current for current in currents}
    for row in rows:
        if current := changed.get(row.activity.pk):
            row.current, row.last, row.change = current, current.last_report(), current.history.first()
            row.form.reopen(current)
    return rows


def _sheet_page(
    request: HttpRequest, rows: list[Row], *, status: int = 200, strays: list[str] | None = None
) -> HttpResponse:
    plans = list({row.activity.plan.pk: row.activity.plan for row in rows}.values())
    sheet_filter = SheetFilter(request.GET, plans=plans)
    errors = [line for row in rows for line in row.error_lines]
    if status == 503:
        errors.insert(0, FormError(BUSY))
    done, total = counted(rows)
    context = {
        "filters": sheet_filter,
        "groups": [group for group in plan_groups(rows, sheet_filter, timezone.localdate()) if group.rows],
        "done": done,
        "total": total,
        "answers_for_any": bool(rows),
        "errors": errors,
        "strays": strays or [],
        "is_stale": any(row.change for row in rows),
    }
    return render(request, "dashboards/my_updates.html", context, status=status)
