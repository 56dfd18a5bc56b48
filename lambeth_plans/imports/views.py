"""The analyst's journey: upload, preview, confirm; and the list of what was brought in."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from kpis.actions import LaterChange
from kpis.proposals import Proposal, rows_to_fill
from kpis.resources import FigureSheet
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
    upload_figures,
    what_stands_in_the_way,
)
from lambeth_plans.imports.figures_export import long_lines, wide_lines
from lambeth_plans.imports.forms import FigureUploadForm, UndoForm
from lambeth_plans.imports.models import ImportBatch
from lambeth_plans.spreadsheets import XLSX
from lambeth_plans.spreadsheets.csv_files import write_csv
from objectives.models import Plan

PER_PAGE = 100
ERRORS_SHOWN = 500


def _visible_batch(request: HttpRequest, number: str) -> ImportBatch:
    """A batch of one of my councils; 404 for any other."""
    batches = ImportBatch.objects.visible_to(request.user).of_kind(ImportBatch.Kind.FIGURES)
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


@changes(Permission.IMPORT_FIGURES)
def import_new(request: HttpRequest) -> HttpResponse:
    form = FigureUploadForm(request.POST or None, request.FILES or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        answers = form.cleaned_data
        batch = upload_figures(
            council=answers["council"],
            file_name=answers["file"].name,
            content=answers["file"].read(),
            sheet=answers["sheet"],
            reason=answers["reason"],
            by=request.user,
        )
        return redirect("import_detail", batch.number)
    context = {
        "form": form,
        "columns": FigureSheet.columns(),
        "councils": form.councils,
        "breadcrumbs": _trail(("Upload figures", "")),
    }
    return render(request, "imports/new.html", context, status=413 if form.is_too_large else 200)


@reads(Permission.IMPORT_FIGURES)
def import_detail(request: HttpRequest, number: str) -> HttpResponse:
    return _preview(request, _visible_batch(request, number))


@dataclass(frozen=True)
class Filter:
    """Some rows of a preview: `name` asks for them in the address."""

    name: str
    label: str
    holds: Callable[[dict[str, Any]], bool]


FILTERS = (
    Filter("", "New and changed", lambda row: row["action"] != "unchanged"),
    Filter("rating", "With another rating", lambda row: bool(row.get("changes_rating"))),
    Filter("unusual", "Unusual", lambda row: bool(row.get("unusual"))),
    Filter("new", "New", lambda row: row["action"] == "new"),
    Filter("changed", "Changed", lambda row: row["action"] == "changed"),
    Filter("unchanged", "Unchanged", lambda row: row["action"] == "unchanged"),
)


def _filters(batch: ImportBatch, asked: str) -> tuple[Filter, list[dict[str, Any]]]:
    """The filter that is asked for, or else the first that holds anything; and links to all that do."""
    counts = {each: sum(map(each.holds, batch.rows)) for each in FILTERS}
    filled = [each for each in FILTERS if counts[each]]
    shown = next((each for each in filled if each.name == asked), filled[0] if filled else FILTERS[0])
    address = reverse("import_detail", args=[batch.number])
    links = [
        {
            "label": f"{each.label} ({counts[each]:,})",
            "url": f"{address}?show={each.name}" if each.name else address,
            "is_current": each is shown,
        }
        for each in filled
    ]
    return shown, links


def _preview(request: HttpRequest, batch: ImportBatch, status: int = 200) -> HttpResponse:
    shown, filters = _filters(batch, request.GET.get("show", ""))
    rows = [row for row in batch.rows if shown.holds(row)]
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "batch": batch,
        "council": batch.council,
        "page": page,
        "proposals": [Proposal.from_json(row) for row in page],
        "filters": filters,
        "shown_label": shown.label,
        "errors": batch.errors[:ERRORS_SHOWN],
        "has_marked": bool(batch.marked),
        "has_expired": batch.has_expired(timezone.now()),
        "is_mine": batch.made_by_id == request.user.pk,
        "earlier": ImportBatch.objects.applied_with(batch.council, batch.sha256).exclude(pk=batch.pk).first(),
        "breadcrumbs": _trail((batch.number, "")),
    }
    return render(request, "imports/detail.html", context, status=status)


@changes(Permission.IMPORT_FIGURES, methods=("POST",))
def import_confirm(request: HttpRequest, number: str) -> HttpResponse:
    """Somebody else's batch: 403. A figure changed since the preview, or nothing to confirm (any more): 409."""
    batch = _visible_batch(request, number)
    was_applied = batch.is_applied
    try:
        batch = confirm_batch(batch=batch, by=request.user)
    except Conflicts as refusal:
        trail = _trail((batch.number, reverse("import_detail", args=[batch.number])), ("Changed meanwhile", ""))
        context = {"batch": batch, "council": batch.council, "conflicts": refusal.conflicts, "breadcrumbs": trail}
        return render(request, "imports/conflict.html", context, status=409)
    except NotWaiting:
        return _preview(request, batch, status=409)
    if not was_applied:
        new, changed = batch.new_count, batch.changed_count
        messages.success(request, f"{batch.number} is applied: {new:,} new and {changed:,} changed figures.")
    return redirect("import_detail", batch.number)


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
    """The columns; with `?council=` also a row for each of its indicators, to be filled in."""
    slug = request.GET.get("council")
    if slug is None:
        return _csv("figures.csv", [FigureSheet.columns()])
    council = {council.slug: council for council in Council.objects.visible_to(request.user)}.get(slug)
    if council is None:
        raise Http404("There is no such council among yours.")
    return _csv(f"figures-{council.slug}.csv", [FigureSheet.columns(), *rows_to_fill(council)])


@reads()
def plan_figures(request: HttpRequest, plan: str) -> HttpResponse:
    """The figures of a plan's indicators, as they are imported; `?shape=wide` gives each period a column."""
    found = get_object_or_404(Plan.objects.visible_to(request.user).select_related("council"), slug=plan)
    shape, lines = ("wide", wide_lines) if request.GET.get("shape") == "wide" else ("long", long_lines)
    return _csv(f"{found.slug}-figures-{shape}.csv", list(lines(found)))


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
