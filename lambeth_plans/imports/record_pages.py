"""What the pages of a plan's workbook and of a register share: the preview, confirming, undoing, and their files."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from lambeth_plans.imports.actions import NotApplied, NotWaiting
from lambeth_plans.imports.forms import UndoForm
from lambeth_plans.imports.models import ImportBatch
from lambeth_plans.imports.undo import InTheWay, Obstacle, undo_records, what_stands_in_the_way
from lambeth_plans.imports.views import ERRORS_SHOWN, PER_PAGE, csv_of_errors, may_choose_columns, upload_address
from lambeth_plans.imports.workbook.actions import PlanMoved
from lambeth_plans.imports.workbook.changes import NEW, shown_cells
from lambeth_plans.spreadsheets import XLSX


@dataclass(frozen=True)
class RecordPages:
    """The pages of one kind of batch: the beginning of their names, what the file and its content are called, and the
    way that leads to them."""

    prefix: str
    noun: str
    what_is_in: str
    steps: tuple[tuple[str, str], ...]

    def address(self, page: str, batch: ImportBatch) -> str:
        return reverse(f"{self.prefix}_{page}", args=[batch.number])

    def trail(self, *items: tuple[str, str]) -> list[dict[str, str]]:
        steps = ((label, reverse(name)) for label, name in self.steps)
        return [{"label": label, "url": url} for label, url in (*steps, *items)]

    def of(self, batch: ImportBatch, what: str) -> dict[str, Any]:
        addresses = {
            f"{page}_url": self.address(page, batch) for page in ("confirm", "undo", "errors", "marked", "detail")
        }
        return {
            "batch": batch,
            "council": batch.council,
            "what": what,
            "pages": self,
            "upload_url": upload_address(batch),
        } | addresses


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    """A row of the preview with the headings of its cells, and what they say now where somebody changed that."""
    now = row.get("now", {})
    cells = [(heading, old, new, now.get(name, "")) for name, heading, old, new in shown_cells(row)]
    return {**row, "is_new": row["action"] == NEW, "shown": cells}


def _earlier(batch: ImportBatch) -> ImportBatch | None:
    """The import that brought in the very same file before."""
    if batch.council is None:
        return None
    return (
        ImportBatch.objects.applied_with(batch.council, batch.sha256).of_kind(batch.kind).exclude(pk=batch.pk).first()
    )


def preview(
    request: HttpRequest,
    batch: ImportBatch,
    pages: RecordPages,
    what: str,
    *,
    moved: list[dict[str, Any]] | None = None,
    status: int = 200,
) -> HttpResponse:
    """What a batch would change, did change, or why it was refused. `what` is what people call it."""
    said = batch.rows or {"rows": [], "sheets": []}
    page = Paginator(said["rows"], PER_PAGE).get_page(request.GET.get("page"))
    context = pages.of(batch, what) | {
        "page": page,
        "rows": [_shown(row) for row in page],
        "sheets": [sheet for sheet in said["sheets"] if sheet["new"] or sheet["changed"] or sheet["unchanged"]],
        "moved": [_shown(row) for row in moved or ()],
        "errors": batch.errors[:ERRORS_SHOWN],
        "has_marked": bool(batch.marked),
        "has_expired": batch.has_expired(timezone.now()),
        "earlier": _earlier(batch),
        "is_mine": batch.made_by_id == request.user.pk,
        "may_choose_columns": may_choose_columns(request, batch),
        "breadcrumbs": pages.trail((batch.number, "")),
    }
    return render(request, "imports/records.html", context, status=status)


def confirm(
    request: HttpRequest, batch: ImportBatch, pages: RecordPages, what: str, action: Callable[..., ImportBatch]
) -> HttpResponse:
    """Somebody else's batch: 403. A record changed since the preview, or nothing to confirm (any more): 409."""
    was_applied = batch.is_applied
    try:
        batch = action(batch=batch, by=request.user)
    except PlanMoved as refusal:
        return preview(request, batch, pages, what, moved=list(refusal.rows), status=409)
    except NotWaiting:
        return preview(request, batch, pages, what, status=409)
    if not was_applied:
        new, changed = batch.new_count, batch.changed_count
        messages.success(request, f"{batch.number} is applied: {new:,} new and {changed:,} changed records.")
    return redirect(pages.address("detail", batch))


def undo(request: HttpRequest, batch: ImportBatch, pages: RecordPages, what: str) -> HttpResponse:
    """What undoing means, and the reason for it. Something that stands in the way, or nothing to undo: 409."""
    if batch.is_undone:
        return redirect(pages.address("detail", batch))
    if not batch.is_applied:
        return preview(request, batch, pages, what, status=409)
    form = UndoForm(request.POST or None)
    obstacles: list[Obstacle] = []
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            batch = undo_records(batch=batch, by=request.user, reason=form.cleaned_data["reason"])
        except InTheWay as refusal:
            obstacles, status = refusal.obstacles, 409
        except NotApplied:
            return preview(request, batch, pages, what, status=409)
        else:
            messages.success(request, f"{batch.number} is undone: every record is what it was before.")
            return redirect(pages.address("detail", batch))
    obstacles = obstacles or what_stands_in_the_way(batch)
    context = pages.of(batch, what) | {
        "form": form,
        "obstacles": obstacles[:ERRORS_SHOWN],
        "obstacle_count": len(obstacles),
        "breadcrumbs": pages.trail((batch.number, pages.address("detail", batch)), ("Undo", "")),
    }
    return render(request, "imports/records_undo.html", context, status=status)


def errors(batch: ImportBatch) -> HttpResponse:
    if not batch.is_refused:
        raise Http404("This import has no errors.")
    return csv_of_errors(batch)


def marked(batch: ImportBatch) -> HttpResponse:
    """The refused file with its errors marked in the cells."""
    if not batch.marked:
        raise Http404("There is no file with errors marked: this one could not be opened, or nothing was wrong.")
    disposition = f'attachment; filename="{batch.number}-errors.xlsx"'
    return HttpResponse(bytes(batch.marked), XLSX, headers={"Content-Disposition": disposition})
