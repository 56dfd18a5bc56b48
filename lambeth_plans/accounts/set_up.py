"""The frame of every set-up page: show a form or a table, save it, or answer 409 with both texts and nothing lost."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse

from lambeth_plans.accounts.tables import EditableTable
from lambeth_plans.accounts.versioned_forms import ReasonedForm
from lambeth_plans.history import StaleRecord


def breadcrumbs(*items: tuple[str, str]) -> list[dict[str, str]]:
    """Where a set-up page stands, from (label, url) pairs; the page itself comes last, without a url."""
    trail = [("Set up", reverse("set_up_home")), *items]
    return [{"label": label, "url": url} for label, url in trail]


def table_answer(
    request: HttpRequest,
    make: Callable[[QueryDict | None], EditableTable],
    save: Callable[[list, str], list[Model]],
    context: dict[str, Any],
) -> HttpResponse:
    """Answers a page with an editable table. `make` reads it afresh; `save` is the action (changed rows, reason)."""
    table = make(request.POST if request.method == "POST" else None)
    if table.is_valid():
        try:
            saved = save(table.changed, table.why)
        except StaleRecord:
            table = make(request.POST)  # now it sees who was first
        else:
            messages.success(request, table.saved_sentence(saved))
            return redirect(request.get_full_path())
    clashing = table.clashing
    table.open_on_newest()
    context = {**context, "table": table, "form": table, "clashing": clashing}
    return render(request, "set_up/table.html", context, status=409 if clashing else 200)


def mending(table: type[EditableTable], missing: str, request: HttpRequest) -> dict[str, str]:
    """For the page of a table: whether it shows only what lacks something, and where the whole table is."""
    return {"missing": missing if missing in table.lacks else "", "whole": request.path}


def form_answer(
    request: HttpRequest,
    make: Callable[[QueryDict | None], ReasonedForm],
    save: Callable[[ReasonedForm], str],
    *,
    sentence: Callable[[Any], str],
    done: Callable[[Any], str],
    context: dict[str, Any],
) -> HttpResponse:
    """Answers a page with one record's form. `save` is the action; `done` and `sentence` say where to go and what to
    tell once it is saved. What the action refuses with a ValidationError stands above the form."""
    form = make(request.POST if request.method == "POST" else None)
    if form.is_bound and not form.touched:
        messages.info(request, "Nothing was changed, so nothing was saved.")
        return redirect(request.path)
    if form.is_bound and not form.clashes and form.is_valid():
        try:
            saved = save(form)
        except StaleRecord:
            form = make(request.POST)
        except ValidationError as error:
            form.add_error(None, error)
        except IntegrityError:  # two people added the same at the same moment
            form.add_error(None, "Somebody has just added the same. Look at theirs first, then save what is missing.")
        else:
            messages.success(request, sentence(saved))
            return redirect(done(saved))
    clashing = [form] if form.clashes else []
    for each in clashing:
        each.open_on_newest()
    context = {**context, "form": form, "clashing": clashing}
    return render(request, "set_up/form.html", context, status=409 if clashing else 200)
