"""The pack of a publication, on the page and as files, and of the plan as it stands now before it is published."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from lambeth_plans.accounts.access import Permission, may
from lambeth_plans.accounts.guards import reads
from lambeth_plans.cycles.models import Publication
from lambeth_plans.dashboards.as_at import plan_then
from lambeth_plans.dashboards.pages import plan_context, visible_state
from lambeth_plans.dashboards.published import publications_visible_to, published_state
from lambeth_plans.dashboards.state import PlanState, plan_state
from lambeth_plans.reports.pack import Pack, PackTerms, in_words, pack_of
from lambeth_plans.reports.word import DOCX, word_of
from lambeth_plans.reports.workbook import workbook_of
from lambeth_plans.spreadsheets import XLSX

#: `?version=members`: what an officer hands out to members, the public and the press.
MEMBERS = "members"


@reads()
def pack_page(request: HttpRequest, plan: str, number: int) -> HttpResponse:
    state, pack = _published(request, plan, number)
    correction = state.publication.corrected_by.order_by("-number").first()
    return _page(request, state, pack, number=number, correction=correction)


@reads()
def pack_word(request: HttpRequest, plan: str, number: int) -> HttpResponse:
    _, pack = _published(request, plan, number)
    return _file(f"{plan}-{pack.file_name}.docx", word_of(pack), DOCX)


@reads()
def pack_workbook(request: HttpRequest, plan: str, number: int) -> HttpResponse:
    _, pack = _published(request, plan, number)
    return _file(f"{plan}-{pack.file_name}.xlsx", workbook_of(pack), XLSX)


@reads(Permission.SEE_DRAFTS)
def pack_preview(request: HttpRequest, plan: str) -> HttpResponse:
    """The plan as it stands now, compared with its last publication."""
    is_for_members, sees_small_counts = _version(request)
    state = visible_state(request, plan)
    if state.sees_small_counts and not sees_small_counts:
        state = plan_state(state.plan, state.at, sees_small_counts=False)
    found = [each for each in _publications(request, plan) if state.at is None or each.published_at <= state.at]
    last = found[-1] if found else None
    since = _state(request, found, sees_small_counts=sees_small_counts) if found else None
    terms = PackTerms(since=in_words(last) if last else "")
    return _page(request, state, pack_of(state, since, terms=terms, is_for_members=is_for_members))


def _publications(request: HttpRequest, plan: str) -> list[Publication]:
    """Those of a plan that this person may see, in their order. One query."""
    return list(publications_visible_to(request.user, plan__slug=plan))


def _up_to(request: HttpRequest, plan: str, number: int) -> list[Publication]:
    """A publication with those before it."""
    found = [each for each in _publications(request, plan) if each.number <= number]
    if not found or found[-1].number != number:
        raise Http404("There is no such publication among those you can see.")
    return found


def _version(request: HttpRequest) -> tuple[bool, bool]:
    """Whether the members' version is wanted, and whether small counts are shown in it."""
    is_officer = may(request.user, Permission.SEE_DRAFTS)
    is_for_members = not is_officer or request.GET.get("version") == MEMBERS
    return is_for_members, may(request.user, Permission.SEE_SMALL_COUNTS) and not is_for_members


def _state(request: HttpRequest, publications: list[Publication], *, sees_small_counts: bool) -> PlanState:
    """The plan as the last of them has it; to members nothing that came between two of them. One query."""
    if not may(request.user, Permission.SEE_DRAFTS):
        return published_state(publications, shows_latest=False, sees_small_counts=sees_small_counts)
    last = publications[-1]
    then = plan_then(last.plan, last.moment)
    return plan_state(then, last.moment, sees_small_counts=sees_small_counts, publications=(last,))


def _published(request: HttpRequest, plan: str, number: int) -> tuple[PlanState, Pack]:
    """The state and the pack of a publication, compared with the one before it."""
    is_for_members, sees = _version(request)
    *earlier, publication = _up_to(request, plan, number)
    state = _state(request, [*earlier, publication], sees_small_counts=sees)
    since = _state(request, earlier, sees_small_counts=sees) if earlier else None
    terms = PackTerms.of(publication, earlier[-1] if earlier else None)
    return state, pack_of(state, since, terms=terms, is_for_members=is_for_members)


def _page(request: HttpRequest, state: PlanState, pack: Pack, **context: object) -> HttpResponse:
    is_officer = may(request.user, Permission.SEE_DRAFTS)
    trail = (pack.name if pack.terms.number else "Preview of the pack", "")
    page = plan_context(state, "publication_list", trail, pack=pack, is_officer=is_officer, **context)
    return render(request, "reports/pack.html", page)


def _file(name: str, content: bytes, kind: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
