"""A plan's workbook on the web: to download, to fill in, to bring in; for administrators with preview and confirm."""

import io
from collections.abc import Callable
from typing import IO, Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from lambeth_plans.accounts.access import Permission
from lambeth_plans.accounts.guards import changes, reads
from lambeth_plans.imports.forms import PlanUploadForm
from lambeth_plans.imports.models import ImportBatch
from lambeth_plans.imports.views import ERRORS_SHOWN, PER_PAGE, csv_of_errors
from lambeth_plans.imports.workbook.actions import NotWaiting, PlanMoved, confirm_plan, upload_plan
from lambeth_plans.imports.workbook.changes import NEW
from lambeth_plans.imports.workbook.export import export_plan, write_template
from lambeth_plans.imports.workbook.sheets import BY_TITLE
from lambeth_plans.spreadsheets import XLSX
from objectives.models import Plan

LATEST = 20


def _workbook(name: str, write: Callable[[IO[bytes]], None]) -> HttpResponse:
    out = io.BytesIO()
    write(out)
    return HttpResponse(out.getvalue(), XLSX, headers={"Content-Disposition": f'attachment; filename="{name}"'})


@reads(Permission.READ_PLANS)
def plan_workbook(request: HttpRequest, plan: str) -> HttpResponse:
    """A plan as a workbook, for whoever may read it; back to the plan, with the reason, where it fits into none."""
    found = get_object_or_404(Plan.objects.visible_to(request.user).select_related("council"), slug=plan)
    try:
        return _workbook(f"{found.slug}.xlsx", lambda out: export_plan(found, out))
    except ValueError as error:
        messages.error(request, f"The plan does not fit into a workbook. {error}")
        return redirect("plan_dashboard", found.slug)


@reads(Permission.SET_UP_PLANS)
def plan_template(request: HttpRequest) -> HttpResponse:
    return _workbook("plan-template.xlsx", write_template)


def _batches(request: HttpRequest) -> Any:
    """The plan batches of a person's councils, and their own that have no council yet."""
    return ImportBatch.objects.visible_to(request.user).of_kind(ImportBatch.Kind.PLAN).select_related("council")


def _trail(*items: tuple[str, str]) -> list[dict[str, str]]:
    steps = (("Set-up", reverse("set_up_home")), ("Plan workbooks", reverse("plan_import_new")), *items)
    return [{"label": label, "url": url} for label, url in steps]


@changes(Permission.SET_UP_PLANS)
def plan_import_new(request: HttpRequest) -> HttpResponse:
    form = PlanUploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        reason = form.cleaned_data["reason"]
        batch = upload_plan(file_name=file.name, content=file.read(), reason=reason, by=request.user)
        return redirect("plan_import_detail", batch.number)
    context = {"form": form, "batches": _batches(request).briefly()[:LATEST], "breadcrumbs": _trail()}
    return render(request, "imports/plan_new.html", context, status=413 if form.is_too_large else 200)


@reads(Permission.SET_UP_PLANS)
def plan_import_detail(request: HttpRequest, number: str) -> HttpResponse:
    return _preview(request, get_object_or_404(_batches(request), number=number))


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    """A row of the preview with the headings of its cells."""
    fields = BY_TITLE[row["sheet"].casefold()].fields
    cells = [(fields[name].column_name, old, new) for name, (old, new) in row["cells"].items()]
    return {**row, "is_new": row["action"] == NEW, "shown": cells}


def _preview(request: HttpRequest, batch: ImportBatch, *, moved: list | None = None, status: int = 200) -> HttpResponse:
    said = batch.rows or {"rows": [], "sheets": []}
    page = Paginator(said["rows"], PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "batch": batch,
        "council": batch.council,
        "page": page,
        "rows": [_shown(row) for row in page],
        "sheets": [sheet for sheet in said["sheets"] if sheet["new"] or sheet["changed"] or sheet["unchanged"]],
        "moved": [_shown(row) for row in moved or ()],
        "errors": batch.errors[:ERRORS_SHOWN],
        "has_expired": batch.has_expired(timezone.now()),
        "is_mine": batch.made_by_id == request.user.pk,
        "breadcrumbs": _trail((batch.number, "")),
    }
    return render(request, "imports/plan_detail.html", context, status=status)


@changes(Permission.SET_UP_PLANS, methods=("POST",))
def plan_import_confirm(request: HttpRequest, number: str) -> HttpResponse:
    """Somebody else's batch: 403. A record changed since the preview, or nothing to confirm (any more): 409."""
    batch = get_object_or_404(_batches(request), number=number)
    was_applied = batch.is_applied
    try:
        batch = confirm_plan(batch=batch, by=request.user)
    except PlanMoved as refusal:
        return _preview(request, batch, moved=refusal.rows, status=409)
    except NotWaiting:
        return _preview(request, batch, status=409)
    if not was_applied:
        new, changed = batch.new_count, batch.changed_count
        messages.success(request, f"{batch.number} is applied: {new:,} new and {changed:,} changed records.")
    return redirect("plan_import_detail", batch.number)


@reads(Permission.SET_UP_PLANS)
def plan_import_errors(request: HttpRequest, number: str) -> HttpResponse:
    batch = get_object_or_404(_batches(request), number=number)
    if not batch.is_refused:
        raise Http404("This import has no errors.")
    return csv_of_errors(batch)
