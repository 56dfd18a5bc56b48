"""What was published of a plan, and publishing it."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from lambeth_plans.accounts.access import Permission, may
from lambeth_plans.accounts.guards import changes, reads
from lambeth_plans.cycles.models import Publication
from lambeth_plans.cycles.publication_forms import PublishForm
from lambeth_plans.dashboards.actions import NotTheLatest, has_moved, publish
from lambeth_plans.dashboards.between import compare
from lambeth_plans.dashboards.pages import plan_context, visible_state
from lambeth_plans.dashboards.published import publications_visible_to
from lambeth_plans.dashboards.state import PlanState, plan_state
from lambeth_plans.sealing import NeverQuiet
from objectives.models import Plan


@reads()
def publication_list(request: HttpRequest, plan: str) -> HttpResponse:
    state = visible_state(request, plan)
    context = plan_context(
        state,
        "publication_list",
        ("Publications", ""),
        publications=_shown(request, state)[::-1],
        may_publish=may(request.user, Permission.PUBLISH),
    )
    return render(request, "dashboards/publication_list.html", context)


@reads()
def publication_detail(request: HttpRequest, plan: str, number: int) -> HttpResponse:
    """`?check=yes` compares its digest with what the history says today."""
    state = visible_state(request, plan)
    publication = next((each for each in _shown(request, state) if each.number == number), None)
    if publication is None:
        raise Http404("There is no such publication of this plan.")
    context = plan_context(
        state,
        "publication_list",
        ("Publications", reverse("publication_list", args=[plan])),
        (str(publication), ""),
        publication=publication,
        corrected_by=[each for each in _shown(request, state) if each.corrects_number == number],
        has_moved=has_moved(publication) if request.GET.get("check") == "yes" else None,
    )
    return render(request, "dashboards/publication_detail.html", context)


def _shown(request: HttpRequest, state: PlanState) -> list[Publication]:
    """The plan's publications in their order, up to the one that is shown. No query for who sees no drafts."""
    if not state.sees_drafts:
        return list(state.publications)
    found = publications_visible_to(request.user, plan=state.plan.pk)
    return [each for each in found if state.at is None or each.published_at <= state.at]


@changes(Permission.PUBLISH)
def publication_create(request: HttpRequest, plan: str) -> HttpResponse:
    """Shows what members would see that they do not see yet, and publishes it."""
    found = get_object_or_404(Plan.objects.visible_to(request.user).select_related("council"), slug=plan)
    publications = list(publications_visible_to(request.user, plan=found))[::-1]
    form = PublishForm(found, publications, request.POST if request.method == "POST" else None)
    trouble, status = None, 409 if form.is_outrun else 200
    if not form.is_outrun and form.is_bound and form.is_valid():
        try:
            made = publish(plan=found, **form.cleaned_data, by=request.user)
        except NotTheLatest:
            status = 409
            form = PublishForm(found, list(publications_visible_to(request.user, plan=found))[::-1], request.POST)
        except NeverQuiet as error:
            trouble, status = str(error), 503
        else:
            messages.success(request, f"{made} of {found} is published. Members see the plan as it is now.")
            return redirect("publication_detail", plan, made.number)
    if status == 409:
        form.look_again()
    return render(request, "dashboards/publication_create.html", _context(found, form, trouble), status=status)


def _context(plan: Plan, form: PublishForm, trouble: str | None) -> dict[str, object]:
    now, latest = plan_state(plan), form.latest
    then = plan_state(plan, latest.moment) if latest else None
    publications = reverse("publication_list", args=[plan.slug])
    return plan_context(
        now,
        "publication_list",
        ("Publications", publications),
        ("Publish", ""),
        form=form,
        latest=latest,
        comparison=compare(then, now) if then else None,
        trouble=trouble,
        is_outrun=form.is_bound and form.is_outrun,
    )
