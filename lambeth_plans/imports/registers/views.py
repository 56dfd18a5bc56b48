"""Registers on the web: to download; for analysts with preview, confirmation and undo."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from kpis.withholding import withheld_from
from lambeth_plans.accounts.access import Permission
from lambeth_plans.accounts.guards import changes, reads
from lambeth_plans.imports import record_pages
from lambeth_plans.imports.models import ImportBatch
from lambeth_plans.imports.record_pages import RecordPages
from lambeth_plans.imports.registers.actions import confirm_register
from lambeth_plans.imports.registers.export import register_lines
from lambeth_plans.imports.registers.register_list import REGISTERS
from lambeth_plans.spreadsheets.csv_files import write_csv
from objectives.models import Plan

PAGES = RecordPages("register_import", "register", "register", (("Imports", "import_list"),))


def _batch(request: HttpRequest, number: str) -> ImportBatch:
    """A register of one of my councils; 404 for any other."""
    batches = ImportBatch.objects.visible_to(request.user).of_kind(ImportBatch.Kind.REGISTER).without_file()
    return get_object_or_404(batches.select_related("council", "plan"), number=number)


def _what(batch: ImportBatch) -> str:
    return REGISTERS[batch.register].label


@reads(Permission.SEE_DRAFTS)
def plan_register(request: HttpRequest, plan: str, register: str) -> HttpResponse:
    """A register of a plan in its own columns, for whoever may read it; it can come in again."""
    if register not in REGISTERS:
        raise Http404("There is no such register.")
    found = get_object_or_404(Plan.objects.visible_to(request.user).select_related("council"), slug=plan)
    disposition = f'attachment; filename="{found.slug}-{register}.csv"'
    content = write_csv(register_lines(REGISTERS[register], found, withheld_from(request.user, found)))
    return HttpResponse(content, "text/csv; charset=utf-8", headers={"Content-Disposition": disposition})


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
