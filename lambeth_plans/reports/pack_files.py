"""The files of a pack: made once, with word of how far it is, and served from then on as they are kept.

Where a worker runs, it makes them; where none takes one up within a moment, it is made while its asker waits.
"""

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from lambeth_plans.accounts.access import Permission
from lambeth_plans.accounts.guards import changes, reads
from lambeth_plans.cycles.models import Publication
from lambeth_plans.dashboards.pages import plan_context, visible_state
from lambeth_plans.dashboards.published import publications_visible_to
from lambeth_plans.reports import kept, tasks
from lambeth_plans.reports.publication_pack import (
    FILE_KINDS,
    FileKind,
    Version,
    publication_pack,
    version_for,
)

#: `?version=members`: what an officer hands out to members, the public and the press.
MEMBERS = "members"


def publications_up_to(request: HttpRequest, plan: str, number: int) -> list[Publication]:
    """A publication with those before it, in their order, that this person may see. One query."""
    found = [each for each in publications_visible_to(request.user, plan__slug=plan) if each.number <= number]
    if not found or found[-1].number != number:
        raise Http404("There is no such publication among those you can see.")
    return found


def version_asked_for(request: HttpRequest) -> Version:
    asked = request.POST.get("version") or request.GET.get("version")
    return version_for(request.user, wants_members=asked == MEMBERS)


@reads()
def pack_word(request: HttpRequest, plan: str, number: int) -> HttpResponse:
    return _file(request, plan, number, FILE_KINDS["word"])


@reads()
def pack_workbook(request: HttpRequest, plan: str, number: int) -> HttpResponse:
    return _file(request, plan, number, FILE_KINDS["workbook"])


def _file(request: HttpRequest, plan: str, number: int, kind: FileKind) -> HttpResponse:
    """As it is kept; where it is not, it is made for this answer alone: reading writes nothing."""
    publications, version = publications_up_to(request, plan, number), version_asked_for(request)
    there = kept.kept_file(publications[-1], kind, version)
    content = bytes(there.content) if there else kind.write(publication_pack(publications, version)[1])
    response = HttpResponse(content, content_type=kind.content_type)
    response["Content-Disposition"] = f'attachment; filename="{kind.name(publications[-1], version)}"'
    return response


@changes(Permission.READ_PLANS, methods=("POST",))
def pack_make(request: HttpRequest, plan: str, number: int, kind: str) -> HttpResponse:
    """Has a file made and kept. It writes no record of anybody's plan, so whoever reads the pack may ask for it."""
    publication, version, its_kind = _asked(request, plan, number, kind)
    if not version.key:
        return redirect(_address(its_kind.page, version, plan, number))
    file = kept.ask_for(publication, its_kind, version)
    if file.made_at is None:
        tasks.make_pack_file.enqueue(file.pk)
        kept.wait_for_a_worker(file)
        kept.make(file.pk)  # unless a worker has, or is at it
    return redirect(_address("pack_wait", version, plan, number, kind))


@reads()
def pack_wait(request: HttpRequest, plan: str, number: int, kind: str) -> HttpResponse:
    """Whether a file is there, how far it is, or that nobody is at it."""
    publication, version, its_kind = _asked(request, plan, number, kind)
    state = visible_state(request, plan)
    file = kept.standing(publication, its_kind, version)
    trail = (
        (f"Pack of publication {number}", _address("pack_page", version, plan, number)),
        (its_kind.words.capitalize(), ""),
    )
    context = plan_context(
        state,
        "publication_list",
        *trail,
        number=number,
        kind=its_kind,
        wants_members=version.sees_drafts and version.is_for_members,
        file_url=_address(its_kind.page, version, plan, number) if file and file.made_at else "",
        begun_at=file.begun_at if file and kept.is_being_made(file) else None,
    )
    return render(request, "reports/pack_wait.html", context)


def _asked(request: HttpRequest, plan: str, number: int, kind: str) -> tuple[Publication, Version, FileKind]:
    if kind not in FILE_KINDS:
        raise Http404("A pack is written as a Word file and as a workbook.")
    return publications_up_to(request, plan, number)[-1], version_asked_for(request), FILE_KINDS[kind]


def _address(page: str, version: Version, *parts: object) -> str:
    query = f"?{urlencode({'version': MEMBERS})}" if version.sees_drafts and version.is_for_members else ""
    return f"{reverse(page, args=parts)}{query}"
