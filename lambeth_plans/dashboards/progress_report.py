"""The page on which a director reports on one activity."""

from django.contrib import messages
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from activities.actions import Unexplained, report_progress
from activities.forms import ProgressForm
from activities.known import what_is_known
from activities.models import Activity
from lambeth_plans.accounts.access import Permission
from lambeth_plans.accounts.guards import changes
from lambeth_plans.dashboards.linked_reds import linked_reds
from lambeth_plans.history import StaleRecord

BUSY = "The service is busy: nothing was saved. What you wrote is still here. Save it again."


@changes(Permission.REPORT_PROGRESS)
def progress_report(request: HttpRequest, plan: str, key: str) -> HttpResponse:
    """404 for what this person does not answer for, as for what does not exist, and in a superseded plan."""
    mine = Activity.objects.answerable_to(request.user).reportable().select_related("plan__council", "owner")
    activity = get_object_or_404(mine, plan__slug=plan, key=key)
    last = activity.last_report()
    today = timezone.localdate()
    known = what_is_known([activity], linked_reds=linked_reds([activity]), today=today)[activity.pk]
    if request.method != "POST":
        has_reported = last and last.period == activity.plan.reporting_month(today)
        start = ProgressForm.correcting if has_reported else ProgressForm
        return _report_page(request, start(activity=activity, last=last, known=known))
    form = ProgressForm(request.POST, activity=activity, last=last, known=known)
    if not form.is_valid():
        return _report_page(request, form)
    try:
        reported = report_progress(activity=activity, **form.answers, today=today, by=request.user)
    except StaleRecord as error:
        return _stale_page(request, form, error.current)
    except Unexplained as error:  # something became known since the page was asked for
        form.ask_why(error.floor)
        return _report_page(request, form)
    except OperationalError:  # somebody else held the row for too long
        form.add_error(None, BUSY)
        return _report_page(request, form, status=503)
    messages.success(request, reported.sentence)
    if request.POST.get("next") == "my_updates":
        return redirect("my_updates")
    return redirect("activity_detail", plan, key)


def _report_page(
    request: HttpRequest, form: ProgressForm, *, template: str = "activities/report.html", status: int = 200, **context
) -> HttpResponse:
    activity = form.activity
    back = request.POST.get("next") or request.GET.get("next")
    detail = reverse("activity_detail", args=[activity.plan.slug, activity.key])
    return render(
        request,
        template,
        {
            "form": form,
            "activity": activity,
            "council": activity.plan.council,
            "month": activity.plan.reporting_month(timezone.localdate()),
            "breadcrumbs": [
                {"label": "My updates", "url": reverse("my_updates")},
                {"label": form.error_prefix, "url": detail},
            ],
            "next": "my_updates" if back == "my_updates" else "",
            **context,
        },
        status=status,
    )


def _stale_page(request: HttpRequest, form: ProgressForm, current: Activity) -> HttpResponse:
    """What was written beside what somebody else saved meanwhile; saving again goes over the newer version."""
    form.reopen(current)
    return _report_page(
        request,
        form,
        template="activities/stale.html",
        status=409,
        current=current,
        newer=current.last_report(),
        change=current.history.first(),
    )
