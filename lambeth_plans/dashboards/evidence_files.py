"""A file of evidence, to be saved and never shown: whatever is in it, nothing of it runs in this site's name."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import content_disposition_header

from activities.file_kinds import KINDS
from activities.models import EvidenceContent
from lambeth_plans.accounts.guards import reads
from lambeth_plans.dashboards.pages import found, visible_state

#: A browser that opens it none the less gives it no scripts, no forms and no origin, and guesses at no other kind.
LOCKED = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@reads()
def evidence_file(request: HttpRequest, plan: str, key: str, number: int) -> HttpResponse:
    """404 for who may not open it, as for what is not there. What was withdrawn from members, or taken away, since the
    day or the publication that is shown is not served any more."""
    state = visible_state(request, plan)
    file = next((file for file in found(state.evidence, key).files if file.number == number), None)
    if file is None:
        raise Http404("This entry has no such file among those you can open.")
    contents = EvidenceContent.objects.filter(file=file.id)
    kept = contents.first() if state.sees_files else contents.filter(file__may_be_published=True).first()
    if kept is None:
        raise Http404("This file has been taken away since.")
    response = HttpResponse(bytes(kept.content), content_type=KINDS[file.kind].content_type, headers=LOCKED)
    response["Content-Disposition"] = content_disposition_header(True, file.file_name)
    return response
