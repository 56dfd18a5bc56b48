"""Registers on the web: to download, to bring in; for analysts with preview, confirmation and undo."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from lambeth_plans.accounts.access import Permission
from lambeth_plans.accounts.guards import changes, reads
from lambeth_plans.imports import record_pages
from lambeth_plans.imports.models import ImportBatch
from lambeth_plans.imports.record_pages import RecordPages
from lambeth_plans.imports.registers.actions import confirm_register, upload_register
from lambeth_plans.imports.registers.export import register_lines
from lambeth_plans.imports.registers.forms import RegisterUploadForm
from lambeth_plans.imports.registers.register_list import REGISTERS
from lambeth_plans.spreadsheets.csv_files import write_csv
from objectives.models import Plan

PAGES = RecordPages("register_import", "register", "register", (("Imports", "import_list"),))


def _batch(request: HttpRequest, number: str) -> ImportBatch:
    """A register of one of my councils; 404 for any other."""
    batches = ImportBatch.objects.visible_to(request.user).of_kind(ImportBatch.Kind.REGISTER)
    return get_object_or_404(batches.select_related("council", "plan"), number=number)


def _what(batch: ImportBatch) -> str:
    return REGISTERS[batch.register].label


@reads(Permission.READ_PLANS)
def plan_register(request: HttpRequest, plan: str, register: str) -> HttpResponse:
    """A register of a plan in its own columns, for whoever may read it; it can come in again."""
    if register not in REGISTERS:
        raise Http404("There is no such register.")
    found = get_object_or_404(Plan.objects.visible_to(request.user).select_related("council"), slug=plan)
    disposition = f'attachment; filename="{found.slug}-{register}.csv"'
    content = write_csv(register_lines(REGISTERS[register], found))
    return HttpResponse(content, "text/csv; charset=utf-8", headers={"Content-Disposition": disposition})


@changes(Permission.EDIT_REGISTERS)
def register_import_new(request: HttpRequest) -> HttpResponse:
    form = RegisterUploadForm(request.POST or None, request.FILES or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        answers = form.cleaned_data
        batch = upload_register(
            register=answers["register"],
            council=answers["plan"].council,
            plan=answers["plan"],
            file_name=answers["file"].name,
            content=answers["file"].read(),
            sheet=answers["sheet"],
            reason=answers["reason"],
            by=request.user,
        )
        return redirect("register_import_detail", batch.number)
    trail = PAGES.trail(("Upload a register", ""))
    context = {"form": form, "registers": REGISTERS.values(), "breadcrumbs": trail}
    return render(request, "imports/register_new.html", context, status=413 if form.is_too_large else 200)


@reads(Permission.EDIT_REGISTERS)
def register_import_detail(request: HttpRequest, number: str) -> HttpResponse:
    batch = _batch(request, number)
    return record_pages.preview(request, batch, PAGES, _what(batch))


@changes(Permission.EDIT_REGISTERS, methods=("POST",))
def register_import_confirm(request: HttpRequest, number: str) -> HttpResponse:
    batch = _batch(request, number)
    return record_pages.confirm(request, batch, PAGES, _what(batch), confirm_register)


@changes(Permission.EDIT_REGISTERS)
def register_import_undo(request: HttpRequest, number: str) -> HttpResponse:
    batch = _batch(request, number)
    return record_pages.undo(request, batch, PAGES, _what(batch))


@reads(Permission.EDIT_REGISTERS)
def register_import_errors(request: HttpRequest, number: str) -> HttpResponse:
    return record_pages.errors(_batch(request, number))


@reads(Permission.EDIT_REGISTERS)
def register_import_marked(request: HttpRequest, number: str) -> HttpResponse:
    return record_pages.marked(_batch(request, number))
