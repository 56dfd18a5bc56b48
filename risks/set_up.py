"""Set-up pages of a council's risk matrices, and the re-scoring that a new edition proposes."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from lambeth_plans.accounts.access import Permission
from lambeth_plans.accounts.guards import changes, reads
from lambeth_plans.accounts.models import Council
from lambeth_plans.accounts.set_up import breadcrumbs, form_answer
from lambeth_plans.accounts.versioned_forms import ReasonedForm, ReasonForm
from lambeth_plans.history import StaleRecord
from risks import matrix_actions
from risks.matrix_forms import AgreeMatrixForm, MatrixForm, NewMatrixForm, ReplaceMatrixForm
from risks.models import RiskMatrix
from risks.models.matrix import SETTLED

STILL_ASSUMED = " It is assumed, and colours nothing, until it is agreed."


@dataclass(frozen=True)
class MatrixLine:
    """An edition with what may be done with it."""

    matrix: RiskMatrix
    risks: int
    scores: int
    is_replaced: bool


def _council(request: HttpRequest, slug: str) -> Council:
    return get_object_or_404(Council.objects.visible_to(request.user), slug=slug)


def _matrix(request: HttpRequest, slug: str, key: str) -> RiskMatrix:
    matrices = RiskMatrix.objects.visible_to(request.user).select_related("council", "replaces")
    return get_object_or_404(matrices, council__slug=slug, key=key)


def _list_page(slug: str) -> str:
    return reverse("matrix_list", args=[slug])


def _context(council: Council, heading: str, **context: Any) -> dict[str, Any]:
    trail = ((f"Risk matrices of {council}", _list_page(council.slug)), (heading, ""))
    return {"council": council, "heading": heading, "breadcrumbs": breadcrumbs(*trail), **context}


@reads(Permission.SET_UP_PLANS)
def matrix_list(request: HttpRequest, slug: str) -> HttpResponse:
    council = _council(request, slug)
    matrices = list(
        RiskMatrix.objects.filter(council=council)
        .annotate(risk_count=Count("risks", distinct=True), score_count=Count("scores", distinct=True))
        .order_by("name", "edition", "key")
    )
    replaced = {matrix.replaces_id for matrix in matrices}
    heading = f"Risk matrices of {council}"
    context = {
        "council": council,
        "heading": heading,
        "breadcrumbs": breadcrumbs((heading, "")),
        "lines": [MatrixLine(each, each.risk_count, each.score_count, each.pk in replaced) for each in matrices],
    }
    return render(request, "risks/matrix_list.html", context)


@changes(Permission.SET_UP_PLANS)
def matrix_create(request: HttpRequest, slug: str) -> HttpResponse:
    council = _council(request, slug)
    return form_answer(
        request,
        make=lambda data: NewMatrixForm(data, instance=RiskMatrix(council=council)),
        save=lambda form: matrix_actions.create_matrix(
            matrix=form.instance,
            start=form.cleaned_data["start"],
            by=request.user,
            reason=form.cleaned_data["reason"],
        ),
        sentence=lambda matrix: f"{matrix} is added.{STILL_ASSUMED}",
        done=lambda matrix: reverse("matrix_edit", args=[slug, matrix.key]),
        context=_context(council, "Add a risk matrix"),
    )


def _answer(
    request: HttpRequest,
    matrix: RiskMatrix,
    form: type[ReasonedForm],
    save: Callable[[Any], RiskMatrix],
    sentence: Callable[[RiskMatrix], str],
    heading: str,
    **context: Any,
) -> HttpResponse:
    """The page of a form over one matrix, which leads back to all of them."""
    slug, key = matrix.council.slug, matrix.key
    return form_answer(
        request,
        make=lambda data: form(data, instance=_matrix(request, slug, key)),
        save=save,
        sentence=sentence,
        done=lambda saved: _list_page(slug),
        context=_context(matrix.council, heading, **context),
    )


@changes(Permission.SET_UP_PLANS)
def matrix_edit(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    matrix = _matrix(request, slug, key)
    return _answer(
        request,
        matrix,
        MatrixForm,
        lambda form: matrix_actions.save_matrix(
            matrix=form.instance,
            layout=form.wanted,
            opened=form.layout,
            by=request.user,
            reason=form.cleaned_data["reason"],
        ),
        lambda saved: f"{saved.label} is saved.{'' if saved.is_agreed else STILL_ASSUMED}",
        f"Change {matrix.label}",
        introduction=SETTLED.format(matrix.label) if matrix.is_settled else "",
    )


@changes(Permission.SET_UP_PLANS)
def matrix_agree(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    matrix = _matrix(request, slug, key)
    return _answer(
        request,
        matrix,
        AgreeMatrixForm,
        lambda form: matrix_actions.agree_matrix(
            matrix=form.instance, opened=form.layout, by=request.user, reason=form.cleaned_data["reason"]
        ),
        lambda saved: f"{saved.label} is agreed: it colours the scores on it from now on.",
        f"Agree {matrix.label}",
        beside="risks/_layout.html",
    )


@changes(Permission.SET_UP_PLANS)
def matrix_replace(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    matrix = _matrix(request, slug, key)
    return _answer(
        request,
        matrix,
        ReplaceMatrixForm,
        lambda form: matrix_actions.replace_matrix(
            matrix=form.instance, by=request.user, reason=form.cleaned_data["reason"]
        ),
        lambda saved: f"{saved.label} is made. Change it, then agree it; scores on the old one keep it.",
        f"Replace {matrix.label}",
    )


@changes(Permission.EDIT_REGISTERS)
def matrix_rescore(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Each risk that is not on an agreed matrix yet, with what its steps come to there. Nothing is done unasked."""
    matrix = get_object_or_404(
        RiskMatrix.objects.visible_to(request.user).agreed().select_related("council", "replaces"),
        council__slug=slug,
        key=key,
    )
    lines = matrix_actions.rescorings(matrix)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    status = 200
    if form.is_bound:
        posted = set(request.POST.getlist("chosen"))
        chosen = [each for each in lines if f"{each.risk.plan.slug}/{each.risk.key}/{each.mark}" in posted]
        if len(chosen) < len(posted):
            form.add_error(None, "A risk was changed since the page was opened. Look at the list again.")
            status = 409
        elif not chosen:
            form.add_error(None, "Tick the risks that are scored on this matrix from now on.")
        elif form.is_valid():
            try:
                done = matrix_actions.rescore(
                    matrix=matrix, chosen=chosen, by=request.user, reason=form.cleaned_data["reason"]
                )
            except (StaleRecord, ValidationError) as error:
                form.add_error(None, getattr(error, "messages", None) or "Somebody was first. Look at the list again.")
                status = 409
            else:
                messages.success(request, f"{len(done)} risk{'s are' if len(done) > 1 else ' is'} on {matrix.label}.")
                return redirect(request.path)
    context = {
        "council": matrix.council,
        "heading": f"Score risks on {matrix.label}",
        "breadcrumbs": [{"label": "Plans", "url": reverse("plan_list")}, {"label": matrix.label, "url": ""}],
        "matrix": matrix,
        "lines": lines,
        "form": form,
    }
    return render(request, "risks/rescore.html", context, status=status)
