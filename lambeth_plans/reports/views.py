"""The pack of a publication, on the page and as files, and of the plan as it stands now before it is published."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from lambeth_plans.accounts.access import Permission, may
from lambeth_plans.accounts.guards import reads
from lambeth_plans.cycles.models import Publication
from lambeth_plans.dashboards.as_at import plan_then
from lambeth_plans.dashboards.pages import plan_context, visible_state
from lambeth_plans.dashboards.state import PlanState, plan_state
from lambeth_plans.reports.pack import Pack, PackTerms, in_words, pack_of
from lambeth_plans.reports.word import DOCX, word_of
from lambeth_plans.reports.workbook import workbook_of
from lambeth_plans.spreadsheets import XLSX
from objectives.models import Plan

#: Whoever may do one of these is an officer: the others are members of the council, and have the members' version.
OFFICERS = (Permission.EDIT_REGISTERS, Permission.SET_UP_PLANS, Permission.REPORT_PROGRESS)
#: `?version=members`: what an officer hands out to members, the public and the press.
MEMBERS = "members"


@reads()
def pack_page(request: HttpRequest, plan: str, number: int) -> HttpResponse:
    publication = _publication(request, plan, number)
    state, pack = _published(request, publication)
    correction = publication.corrected_by.order_by("-number").first()
    return _page(request, state, pack, number=number, correction=correction)


@reads()
def pack_word(request: HttpRequest, plan: str, number: int) -> HttpResponse:
    _, pack = _published(request, _publication(request, plan, number))
    return _file(f"{plan}-{pack.file_name}.docx", word_of(pack), DOCX)


@reads()
def pack_workbook(request: HttpRequest, plan: str, number: int) -> HttpResponse:
    _, pack = _published(request, _publication(request, plan, number))
    return _file(f"{plan}-{pack.file_name}.xlsx", workbook_of(pack), XLSX)


@reads(*OFFICERS)
def pack_preview(request: HttpRequest, plan: str) -> HttpResponse:
    """The plan as it stands now, compared with its last publication."""
    is_for_members, sees_small_counts = _version(request)
    state = visible_state(request, plan)
    if state.sees_small_counts and not sees_small_counts:
        state = plan_state(state.plan, state.at, sees_small_counts=False)
    found = _publications(request, plan)
    found = found.filter(published_at__lte=state.at) if state.at else found
    last = found.order_by("-number").first()
    since = _state(last, sees_small_counts=sees_small_counts) if last else None
    terms = PackTerms(since=in_words(last) if last else "")
    return _page(request, state, pack_of(state, since, terms=terms, is_for_members=is_for_members))


def _publications(request: HttpRequest, plan: str):
    """Those of a plan that this person may see, with the plan, its council and the meeting."""
    plans = Plan.objects.visible_to(request.user).filter(slug=plan)
    found = Publication.objects.visible_to(request.user).filter(plan__in=plans)
    return found.select_related("plan__council", "meeting__board", "corrects")


def _publication(request: HttpRequest, plan: str, number: int) -> Publication:
    publication = _publications(request, plan).filter(number=number).first()
    if publication is None:
        raise Http404("There is no such publication among those you can see.")
    return publication


def _version(request: HttpRequest) -> tuple[bool, bool]:
    """Whether the members' version is wanted, and whether small counts are shown in it."""
    is_officer = any(may(request.user, permission) for permission in OFFICERS)
    is_for_members = not is_officer or request.GET.get("version") == MEMBERS
    return is_for_members, may(request.user, Permission.SEE_SMALL_COUNTS) and not is_for_members


def _state(publication: Publication, *, sees_small_counts: bool) -> PlanState:
    """The plan as it was published. One query."""
    at = publication.moment
    return plan_state(plan_then(publication.plan, at), at, sees_small_counts=sees_small_counts)


def _published(request: HttpRequest, publication: Publication) -> tuple[PlanState, Pack]:
    """The state and the pack of a publication, compared with the one before it."""
    is_for_members, sees = _version(request)
    earlier = _publications(request, publication.plan.slug).filter(number__lt=publication.number)
    previous = earlier.order_by("-number").first()
    state = _state(publication, sees_small_counts=sees)
    since = _state(previous, sees_small_counts=sees) if previous else None
    terms = PackTerms.of(publication, previous)
    return state, pack_of(state, since, terms=terms, is_for_members=is_for_members)


def _page(request: HttpRequest, state: PlanState, pack: Pack, **context: object) -> HttpResponse:
    is_officer = any(may(request.user, permission) for permission in OFFICERS)
    trail = (pack.name if pack.terms.number else "Preview of the pack", "")
    page = plan_context(state, "pack", trail, pack=pack, is_officer=is_officer, **context)
    return render(request, "reports/pack.html", page)


def _file(name: str, content: bytes, kind: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
