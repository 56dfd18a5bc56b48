"""The pack of a publication as a page, and of the plan as it stands now before it is published."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from lambeth_plans.accounts.access import Permission
from lambeth_plans.accounts.guards import reads
from lambeth_plans.dashboards.pages import plan_context, visible_state
from lambeth_plans.dashboards.published import publications_visible_to
from lambeth_plans.dashboards.state import PlanState, plan_state
from lambeth_plans.reports.kept import kinds_kept
from lambeth_plans.reports.pack import Pack, PackTerms, in_words, pack_of
from lambeth_plans.reports.pack_files import publications_up_to, version_asked_for
from lambeth_plans.reports.publication_pack import FILE_KINDS, Version, publication_pack, state_then


@reads()
def pack_page(request: HttpRequest, plan: str, number: int) -> HttpResponse:
    publications, version = publications_up_to(request, plan, number), version_asked_for(request)
    state, pack = publication_pack(publications, version)
    there = kinds_kept(publications[-1], version)
    context = {
        "number": number,
        "correction": state.publication.corrected_by.order_by("-number").first(),
        "files": [(kind, kind.key in there) for kind in FILE_KINDS.values()],
    }
    return _page(request, state, pack, version, **context)


@reads(Permission.SEE_DRAFTS)
def pack_preview(request: HttpRequest, plan: str) -> HttpResponse:
    """The plan as it stands now, compared with its last publication."""
    version = version_asked_for(request)
    state = visible_state(request, plan)
    if state.sees_small_counts and not version.sees_small_counts:
        state = plan_state(state.plan, state.at, sees_small_counts=False)
    published = publications_visible_to(request.user, plan__slug=plan)
    found = [each for each in published if state.at is None or each.published_at <= state.at]
    since = state_then(found, version) if found else None
    terms = PackTerms(since=in_words(found[-1]) if found else "")
    pack = pack_of(state, since, terms=terms, is_for_members=version.is_for_members)
    return _page(request, state, pack, version)


def _page(request: HttpRequest, state: PlanState, pack: Pack, version: Version, **context: object) -> HttpResponse:
    trail = (pack.name if pack.terms.number else "Preview of the pack", "")
    page = plan_context(state, "publication_list", trail, pack=pack, is_officer=version.sees_drafts, **context)
    return render(request, "reports/pack.html", page)
