"""The analyst's journey: upload, choose columns, preview, confirm; and the list of what was brought in."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from kpis.actions import LaterChange
from kpis.packing import Rows, Unpacked, changes_rating, corrects_final, is_unusual, was_there
from kpis.proposals import rows_to_fill
from kpis.resources import FigureSheet
from kpis.withholding import withheld_from
from lambeth_plans.accounts.access import Permission
from lambeth_plans.accounts.guards import changes, reads
from lambeth_plans.accounts.models import Council
from lambeth_plans.imports.actions import (
    ChangedSince,
    Conflicts,
    NotApplied,
    NotWaiting,
    confirm_batch,
    undo_batch,
    what_stands_in_the_way,
)
from lambeth_plans.imports.doors import Door, door_of
from lambeth_plans.imports.figures_export import long_lines, of_indicator, wide_lines
from lambeth_plans.imports.forms import ColumnsForm, CorrectionForm, FileUploadForm, HeaderForm, SheetForm, UndoForm
from lambeth_plans.imports.mappings import NoLongerAsked, choose_columns, take_file
from lambeth_plans.imports.models import ImportBatch
from lambeth_plans.imports.proposed import Question, question_of
from lambeth_plans.imports.registers.register_list import REGISTERS
from lambeth_plans.imports.remembered import PASTED
from lambeth_plans.spreadsheets import XLSX, Unreadable
from lambeth_plans.spreadsheets.csv_files import write_csv
from objectives.models import Plan

PER_PAGE = 100
ERRORS_SHOWN = 500
#: What the address of the upload page may choose, and the field of the form that it chooses in.
PRESETS = {"what": "door", "council": "council", "plan": "plan"}


def _visible_batch(request: HttpRequest, number: str) -> ImportBatch:
    """A batch of one of my councils; 404 for any other."""
    batches = ImportBatch.objects.visible_to(request.user).of_kind(ImportBatch.Kind.FIGURES).without_file()
    return get_object_or_404(batches.select_related("council"), number=number)


def _trail(*items: tuple[str, str]) -> list[dict[str, str]]:
    return [{"label": label, "url": url} for label, url in (("Imports", reverse("import_list")), *items)]


def _csv(name: str, rows: list) -> HttpResponse:
    disposition = f'attachment; filename="{name}"'
    return HttpResponse(write_csv(rows), "text/csv; charset=utf-8", headers={"Content-Disposition": disposition})


@reads(Permission.IMPORT_FIGURES)
def import_list(request: HttpRequest) -> HttpResponse:
    batches = ImportBatch.objects.visible_to(request.user).exclude(kind=ImportBatch.Kind.PLAN)
    batches = batches.briefly().select_related("council")
    page = Paginator(batches, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "imports/list.html", {"page": page})


@changes(Permission.IMPORT_FIGURES, Permission.EDIT_REGISTERS)
def import_new(request: HttpRequest) -> HttpResponse:
    """The way in for figures and registers. `?what=contracts&council=…&plan=…` chooses already."""
    known = {name: request.GET[asked] for asked, name in PRESETS.items() if asked in request.GET}
    form = FileUploadForm(request.POST or None, request.FILES or None, user=request.user, initial=known)
    if request.method == "POST" and form.is_valid():
        answers = form.cleaned_data
        file = answers["file"]
        batch = take_file(
            door=answers["door"],
            council=answers["council"],
            plan=answers["plan"],
            file_name=file.name if file else PASTED,
            content=file.read() if file else answers["pasted"].encode(),
            reason=answers["reason"],
            by=request.user,
        )
        return redirect("import_columns" if batch.is_asked else answers["door"].page, batch.number)
    context = {
        "form": form,
        "doors": form.doors.values(),
        "councils": form.councils,
        "breadcrumbs": _trail(("Upload a file", "")),
    }
    return render(request, "imports/new.html", context, status=413 if form.is_too_large else 200)


def upload_address(batch: ImportBatch) -> str:
    """Where another file of the same kind is uploaded; what it holds, and for which council and plan, is chosen."""
    door = door_of(batch)
    if door is None:
        return reverse("plan_import_new")
    known = {"what": door.slug, "council": batch.council.slug} | ({"plan": batch.plan.slug} if batch.plan else {})
    return f"{reverse('import_new')}?{urlencode(known)}"


def _own_file(request: HttpRequest, number: str) -> tuple[ImportBatch, Door]:
    """An import of mine that came in through a door: 404 for what I may not see, 403 for a colleague's."""
    batches = ImportBatch.objects.visible_to(request.user).without_file().select_related("council", "plan")
    batch = get_object_or_404(batches, number=number)
    door = door_of(batch)
    if door is None:
        raise Http404("The columns of a plan’s workbook are not chosen.")
    if batch.made_by_id != request.user.pk:
        raise PermissionDenied("Only the one who uploaded a file chooses its columns.")
    return batch, door


@changes(Permission.IMPORT_FIGURES, Permission.EDIT_REGISTERS)
def import_columns(request: HttpRequest, number: str) -> HttpResponse:
    """Which sheet is read, and what each column is. Where that cannot be chosen any more: back to the import."""
    batch, door = _own_file(request, number)
    if not batch.may_be_read_anew(timezone.now()) or not batch.has_file:
        return _no_longer_asked(request, batch, door)
    try:
        question = _question(request, batch, door)
    except Unreadable as refusal:
        return _ask(request, batch, door, Question(), problems=refusal.problems[:ERRORS_SHOWN])
    if question.sheet is None:
        form = SheetForm(request.GET if "continue" in request.GET else None, names=question.sheets)
        return _ask(request, batch, door, question, form=form)
    form = ColumnsForm(request.POST or None, question=question, resource=door.resource)
    if request.method == "POST" and form.is_valid():
        said = {"sheet": question.asked_for, "header": question.header, "chosen": form.chosen}
        try:
            batch = choose_columns(batch=batch, **said, by=request.user)
        except NoLongerAsked:
            return _no_longer_asked(request, batch, door)
        except Unreadable as refusal:
            for problem in refusal.problems:
                form.add_error(None, problem.message)
        else:
            return redirect(door.page, batch.number)
    header_form = HeaderForm(question=question)
    return _ask(request, batch, door, question, form=form, header_form=header_form)


def _question(request: HttpRequest, batch: ImportBatch, door: Door) -> Question:
    """What is asked, with what was said so far in the address or in the form."""
    said = request.POST or request.GET
    header = said.get("header", "")
    return question_of(
        batch,
        door,
        sheet=said.get("sheet", "").replace("\0", "")[:100],
        header=int(header) if header.isdecimal() and len(header) < 8 else None,
        another="another" in said,
    )


def _ask(request: HttpRequest, batch: ImportBatch, door: Door, question: Question, **more: Any) -> HttpResponse:
    context = {
        "batch": batch,
        "council": batch.council,
        "door": door,
        "question": question,
        "upload_url": upload_address(batch),
        "breadcrumbs": _trail((batch.number, reverse(door.page, args=[batch.number])), ("Columns", "")),
        **more,
    }
    return render(request, f"imports/{'columns' if question.sheet else 'sheet'}.html", context)


def _no_longer_asked(request: HttpRequest, batch: ImportBatch, door: Door) -> HttpResponse:
    messages.info(request, f"The columns of {batch.number} cannot be chosen any more.")
    return redirect(door.page, batch.number)


@reads(Permission.IMPORT_FIGURES)
def import_detail(request: HttpRequest, number: str) -> HttpResponse:
    return _preview(request, _visible_batch(request, number))


@dataclass(frozen=True)
class Filter:
    """Some rows of a preview: `name` asks for them in the address."""

    name: str
    label: str
    rows: Callable[[Unpacked], Rows]


FILTERS = (
    Filter("", "New and changed", lambda all_rows: all_rows.moving),
    Filter("rating", "With another rating", lambda all_rows: all_rows.moving.having(changes_rating)),
    Filter("unusual", "Unusual", lambda all_rows: all_rows.moving.having(is_unusual)),
    Filter("final", "Final figures corrected", lambda all_rows: all_rows.moving.having(corrects_final)),
    Filter("new", "New", lambda all_rows: all_rows.moving.having(lambda row: not was_there(row))),
    Filter("changed", "Changed", lambda all_rows: all_rows.moving.having(was_there)),
    Filter("unchanged", "Unchanged", lambda all_rows: all_rows.unchanged),
)


def _filters(batch: ImportBatch, asked: str) -> tuple[str, Rows, list[dict[str, Any]]]:
    """The rows that are asked for, or else those of the first filter that holds any, with its label; and links to all
    filters that do."""
    unpacked = Unpacked(batch.rows if batch.kind == ImportBatch.Kind.FIGURES else [])
    held = {each: each.rows(unpacked) for each in FILTERS}
    filled = [each for each in FILTERS if held[each]]
    shown = next((each for each in filled if each.name == asked), filled[0] if filled else FILTERS[0])
    address = reverse("import_detail", args=[batch.number])
    links = [
        {
            "label": f"{each.label} ({len(held[each]):,})",
            "url": f"{address}?show={each.name}" if each.name else address,
            "is_current": each is shown,
        }
        for each in filled
    ]
    return shown.label, held[shown], links


def _asks_why(request: HttpRequest, batch: ImportBatch) -> bool:
    """Whether confirming takes a reason: final figures are corrected, and neither their rows nor the upload say why."""
    if batch.reason or not batch.is_waiting or batch.made_by_id != request.user.pk:
        return False
    return not batch.has_expired(timezone.now()) and bool(Unpacked(batch.rows).moving.having(corrects_final))


def may_choose_columns(request: HttpRequest, batch: ImportBatch) -> bool:
    """Whether the one who looks can (still) say what the columns are. The batch came from `without_file`."""
    return batch.made_by_id == request.user.pk and batch.has_file and batch.may_be_read_anew(timezone.now())


def _preview(
    request: HttpRequest, batch: ImportBatch, status: int = 200, form: CorrectionForm | None = None
) -> HttpResponse:
    label, rows, filters = _filters(batch, request.GET.get("show", ""))
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    if form is None and _asks_why(request, batch):
        form = CorrectionForm()
    context = {
        "batch": batch,
        "council": batch.council,
        "page": page,
        "proposals": page.object_list,
        "filters": filters,
        "shown_label": label,
        "errors": batch.errors[:ERRORS_SHOWN],
        "has_marked": bool(batch.marked),
        "has_expired": batch.has_expired(timezone.now()),
        "is_mine": batch.made_by_id == request.user.pk,
        "form": form,
        "may_choose_columns": may_choose_columns(request, batch),
        "upload_url": upload_address(batch),
        "earlier": ImportBatch.objects.applied_with(batch.council, batch.sha256).exclude(pk=batch.pk).first(),
        "breadcrumbs": _trail((batch.number, "")),
    }
    return render(request, "imports/detail.html", context, status=status)


@changes(Permission.IMPORT_FIGURES, methods=("POST",))
def import_confirm(request: HttpRequest, number: str) -> HttpResponse:
    """Somebody else's batch: 403. Final figures corrected without a reason: 400. A figure changed since the preview,
    or nothing to confirm (any more): 409."""
    batch = _visible_batch(request, number)
    was_applied = batch.is_applied
    form = CorrectionForm(request.POST) if _asks_why(request, batch) else None
    if form and not form.is_valid():
        return _preview(request, batch, status=400, form=form)
    try:
        batch = confirm_batch(batch=batch, by=request.user, reason=form.cleaned_data["reason"] if form else "")
    except Conflicts as refusal:
        return _conflict(request, batch, refusal)
    except NotWaiting:
        return _preview(request, batch, status=409)
    if not was_applied:
        new, changed = batch.new_count, batch.changed_count
        messages.success(request, f"{batch.number} is applied: {new:,} new and {changed:,} changed figures.")
    return redirect("import_detail", batch.number)


def _conflict(request: HttpRequest, batch: ImportBatch, refusal: Conflicts) -> HttpResponse:
    context = {
        "batch": batch,
        "council": batch.council,
        "conflicts": refusal.conflicts,
        "upload_url": upload_address(batch),
        "breadcrumbs": _trail((batch.number, reverse("import_detail", args=[batch.number])), ("Changed meanwhile", "")),
    }
    return render(request, "imports/conflict.html", context, status=409)


@changes(Permission.IMPORT_FIGURES)
def import_undo(request: HttpRequest, number: str) -> HttpResponse:
    """What undoing means, and the reason for it. A figure changed since, or nothing to undo: 409."""
    batch = _visible_batch(request, number)
    if batch.is_undone:
        return redirect("import_detail", batch.number)
    if not batch.is_applied:
        return _preview(request, batch, status=409)
    form = UndoForm(request.POST or None)
    later: list[LaterChange] = []
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            batch = undo_batch(batch=batch, by=request.user, reason=form.cleaned_data["reason"])
        except ChangedSince as refusal:
            later, status = refusal.later, 409
        except NotApplied:
            return _preview(request, batch, status=409)
        else:
            messages.success(request, f"{batch.number} is undone: every figure is what it was before.")
            return redirect("import_detail", batch.number)
    later = later or what_stands_in_the_way(batch)
    context = {
        "batch": batch,
        "form": form,
        "later": later[:ERRORS_SHOWN],
        "later_count": len(later),
        "breadcrumbs": _trail((batch.number, reverse("import_detail", args=[batch.number])), ("Undo", "")),
    }
    return render(request, "imports/undo.html", context, status=status)


@reads(Permission.IMPORT_FIGURES)
def import_template(request: HttpRequest) -> HttpResponse:
    """The columns; with `?council=` also a row for each of its indicators, to be filled in. `?what=` asks for those of
    a register."""
    if what := request.GET.get("what"):
        if what not in REGISTERS:
            raise Http404("There is no such register.")
        return _csv(f"{what}.csv", [REGISTERS[what].columns()])
    slug = request.GET.get("council")
    if slug is None:
        return _csv("figures.csv", [FigureSheet.columns()])
    council = {council.slug: council for council in Council.objects.visible_to(request.user)}.get(slug)
    if council is None:
        raise Http404("There is no such council among yours.")
    return _csv(f"figures-{council.slug}.csv", [FigureSheet.columns(), *rows_to_fill(council)])


@reads(Permission.SEE_DRAFTS)
def plan_figures(request: HttpRequest, plan: str) -> HttpResponse:
    """The figures of a plan's indicators, as they are imported; `?shape=wide` gives each period a column,
    `?indicator=` those of one alone, by its key in the plan."""
    found = get_object_or_404(Plan.objects.visible_to(request.user).select_related("council"), slug=plan)
    shape, lines = ("wide", wide_lines) if request.GET.get("shape") == "wide" else ("long", long_lines)
    key = request.GET.get("indicator", "")
    return _csv(
        f"{found.slug}-figures-{shape}.csv", of_indicator(found, key, lines(found, withheld_from(request.user, found)))
    )


@reads(Permission.IMPORT_FIGURES)
def import_errors(request: HttpRequest, number: str) -> HttpResponse:
    batch = _visible_batch(request, number)
    if not batch.is_refused:
        raise Http404("This import has no errors.")
    return csv_of_errors(batch)


@reads(Permission.IMPORT_FIGURES)
def import_marked(request: HttpRequest, number: str) -> HttpResponse:
    """The refused file with its errors marked in the cells."""
    batch = _visible_batch(request, number)
    if not batch.marked:
        raise Http404("There is no file with errors marked: this one could not be opened, or nothing was wrong.")
    disposition = f'attachment; filename="{batch.number}-errors.xlsx"'
    return HttpResponse(bytes(batch.marked), XLSX, headers={"Content-Disposition": disposition})


def csv_of_errors(batch: ImportBatch) -> HttpResponse:
    """Everything that is wrong in a refused file, as a CSV file."""
    names = ("sheet", "row", "column", "value", "message")
    lines = [[error[name] for name in names] for error in batch.errors]
    return _csv(f"{batch.number}-errors.csv", [[name.capitalize() for name in names], *lines])
