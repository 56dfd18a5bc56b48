"""A plan's workbook on the web: to download, to fill in, to bring in; for administrators with preview and confirm."""

import io
from collections.abc import Callable
from typing import IO, Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from kpis.withholding import withheld_from
from lambeth_plans.accounts.access import Permission
from lambeth_plans.accounts.guards import changes, reads
from lambeth_plans.imports import record_pages
from lambeth_plans.imports.forms import PlanUploadForm
from lambeth_plans.imports.models import ImportBatch
from lambeth_plans.imports.record_pages import RecordPages
from lambeth_plans.imports.workbook.actions import confirm_plan, upload_plan
from lambeth_plans.imports.workbook.export import export_plan, write_template
from lambeth_plans.spreadsheets import XLSX
from objectives.models import Plan

LATEST = 20


def _workbook(name: str, write: Callable[[IO[bytes]], None]) -> HttpResponse:
    out = io.BytesIO()
    write(out)
    return HttpResponse(out.getvalue(), XLSX, headers={"Content-Disposition": f'attachment; filename="{name}"'})


@reads(Permission.SEE_DRAFTS)
def plan_workbook(request: HttpRequest, plan: str) -> HttpResponse:
    """A plan as a workbook, for whoever may read it; back to the plan, with the reason, where it fits into none."""
    found = get_object_or_404(Plan.objects.visible_to(request.user).select_related("council"), slug=plan)
    try:
        return _workbook(f"{found.slug}.xlsx", lambda out: export_plan(found, out, withheld_from(request.user, found)))
    except ValueError as error:
        messages.error(request, f"The plan does not fit into a workbook. {error}")
        return redirect("plan_dashboard", found.slug)


@reads(Permission.SET_UP_PLANS)
def plan_template(request: HttpRequest) -> HttpResponse:
    return _workbook("plan-template.xlsx", write_template)


def _batches(request: HttpRequest) -> Any:
    """The plan batches of a person's councils, and their own that have no council yet."""
    return (
        ImportBatch.objects.visible_to(request.user)
        .of_kind(ImportBatch.Kind.PLAN)
        .without_file()
        .select_related("council")
    )


WORKBOOKS = RecordPages(
    "plan_import", "workbook", "plan", (("Set-up", "set_up_home"), ("Plan workbooks", "plan_import_new"))
)


def _batch(request: HttpRequest, number: str) -> ImportBatch:
    return get_object_or_404(_batches(request), number=number)


@changes(Permission.SET_UP_PLANS)
def plan_import_new(request: HttpRequest) -> HttpResponse:
    form = PlanUploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        reason = form.cleaned_data["reason"]
        batch = upload_plan(file_name=file.name, content=file.read(), reason=reason, by=request.user)
        return redirect("plan_import_detail", batch.number)
    context = {"form": form, "batches": _batches(request).briefly()[:LATEST], "breadcrumbs": WORKBOOKS.trail()}
    return render(request, "imports/plan_new.html", context, status=413 if form.is_too_large else 200)


@reads(Permission.SET_UP_PLANS)
def plan_import_detail(request: HttpRequest, number: str) -> HttpResponse:
    return record_pages.preview(request, _batch(request, number), WORKBOOKS, "Workbook")


@changes(Permission.SET_UP_PLANS, methods=("POST",))
def plan_import_confirm(request: HttpRequest, number: str) -> HttpResponse:
    return record_pages.confirm(request, _batch(request, number), WORKBOOKS, "Workbook", confirm_plan)


@changes(Permission.SET_UP_PLANS)
def plan_import_undo(request: HttpRequest, number: str) -> HttpResponse:
    return record_pages.undo(request, _batch(request, number), WORKBOOKS, "Workbook")


@reads(Permission.SET_UP_PLANS)
def plan_import_errors(request: HttpRequest, number: str) -> HttpResponse:
    return record_pages.errors(_batch(request, number))


@reads(Permission.SET_UP_PLANS)
def plan_import_marked(request: HttpRequest, number: str) -> HttpResponse:
    return record_pages.marked(_batch(request, number))
