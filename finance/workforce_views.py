"""Adding and changing snapshots of the workforce."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import slugify

from finance.models import WorkforceSnapshot
from finance.workforce_actions import revise_workforce
from finance.workforce_forms import WorkforceSheet
from lambeth_plans.accounts.access import Permission
from lambeth_plans.accounts.guards import changes
from lambeth_plans.history import StaleRecord
from objectives.models import Plan
from objectives.registers import part_context


@changes(Permission.EDIT_REGISTERS)
def workforce_create(request: HttpRequest, plan: str) -> HttpResponse:
    found = get_object_or_404(Plan.objects.visible_to(request.user).select_related("council"), slug=plan)
    return _answer(request, lambda: WorkforceSnapshot(plan=found), "Add a snapshot of the workforce")


@changes(Permission.EDIT_REGISTERS)
def workforce_edit(request: HttpRequest, plan: str, key: str) -> HttpResponse:
    snapshots = WorkforceSnapshot.objects.visible_to(request.user).select_related("plan__council")
    snapshot = get_object_or_404(snapshots, plan__slug=plan, key=key)
    return _answer(request, lambda: snapshots.get(pk=snapshot.pk), f"Change {snapshot}")


def _answer(request: HttpRequest, read, heading: str) -> HttpResponse:
    """`read` gives the snapshot afresh, or a new one."""
    snapshot = read()
    sheet = WorkforceSheet(snapshot, request.POST if request.method == "POST" else None)
    if sheet.is_valid():
        try:
            if not sheet.touched:
                messages.info(request, "Nothing was changed, so nothing was saved.")
                return redirect(request.path)
            saved = _save(request, sheet)
        except StaleRecord:
            sheet = WorkforceSheet(read(), request.POST)  # now it sees who was first
        except IntegrityError:  # two people added the same at the same moment
            sheet = WorkforceSheet(read(), request.POST)
            if sheet.is_valid():
                messages.error(request, "Somebody has just added the same. Look at theirs, then save what is missing.")
        except ValidationError as error:  # somebody changed another band meanwhile
            sheet.head.add_error("headcount", error)
        else:
            messages.success(request, f"{saved} is saved.")
            return redirect(_page(saved))
    clashing = sheet.clashing
    sheet.open_on_newest()
    where = reverse("workforce", args=[snapshot.plan.slug])
    context = part_context(snapshot.plan, where, "Workforce", heading)
    context |= {"sheet": sheet, "form": sheet, "clashing": clashing}
    return render(request, "finance/workforce_edit.html", context, status=409 if clashing else 200)


def _save(request: HttpRequest, sheet: WorkforceSheet) -> WorkforceSnapshot:
    snapshot = sheet.head.instance
    if not snapshot.pk:
        others = WorkforceSnapshot.objects.filter(plan=snapshot.plan)
        snapshot.key = _new_key(snapshot, set(others.values_list("key", flat=True)))
        snapshot.order = others.count() + 1
    return revise_workforce(
        snapshot=snapshot,
        bands=sheet.changed_bands,
        caseloads=sheet.changed_caseloads,
        by=request.user,
        reason=sheet.reason.cleaned_data["reason"],
    )


def _new_key(snapshot: WorkforceSnapshot, taken: set[str]) -> str:
    stem = slugify(f"workforce-{snapshot.snapshot_date.iso}")
    numbers = (f"{stem}-{number}" if number > 1 else stem for number in range(1, len(taken) + 2))
    return next(key for key in numbers if key not in taken)


def _page(snapshot: WorkforceSnapshot) -> str:
    return f"{reverse('workforce', args=[snapshot.plan.slug])}#{snapshot.key}"
