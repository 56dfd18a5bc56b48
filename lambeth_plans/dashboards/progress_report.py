"""The page on which a director reports on one activity."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from activities.actions import StaleReports, Unexplained
from activities.forms import ProgressForm
from activities.known import what_is_known
from activities.models import Activity
from lambeth_plans.accounts.access import Permission
from lambeth_plans.accounts.guards import changes
from lambeth_plans.cycles.actions import Unexcused, submit_reports
from lambeth_plans.cycles.drafts import StaleDraft, drafts_of, save_draft
from lambeth_plans.cycles.rounds import is_closed, month_asked, rounds_in_hand
from lambeth_plans.dashboards.linked_reds import linked_reds
from lambeth_plans.dashboards.update_sheet import draft_number
from lambeth_plans.periods import Period

BUSY = "The service is busy: nothing was saved. What you wrote is still here. Save it again."
DRAFT_KEPT = "Your draft is kept. It is no report yet: only you and who deputises for you can see it."


@changes(Permission.REPORT_PROGRESS)
def progress_report(request: HttpRequest, plan: str, key: str) -> HttpResponse:
    """404 for what this person does not answer for, as for what does not exist, and in a superseded plan."""
    mine = Activity.objects.answerable_to(request.user).reportable().select_related("plan__council", "owner")
    activity = get_object_or_404(mine, plan__slug=plan, key=key)
    today = timezone.localdate()
    of_activity, month = _asked(activity, today)
    if request.method != "POST":
        return _first_page(request, of_activity, month)
    form = ProgressForm(request.POST, **of_activity)
    page = {"month": month, "draft_number": draft_number(request.POST, "draft")}
    if request.POST.get("save") == "draft":
        return _keep_draft(request, form, page)
    return _submit(request, form, page, today) if form.is_valid() else _report_page(request, form, **page)


def _asked(activity: Activity, today: date) -> tuple[dict[str, Any], Period]:
    """What its form is made of, and the month that is reported on."""
    reporting_round = rounds_in_hand([activity.plan_id], today).get(activity.plan_id)
    known = what_is_known([activity], linked_reds=linked_reds([activity]), today=today)[activity.pk]
    asks_late = is_closed(reporting_round, today)
    of_activity = {"activity": activity, "last": activity.last_report(), "known": known, "asks_late": asks_late}
    return of_activity, month_asked(activity.plan, reporting_round, today)


def _first_page(request: HttpRequest, of_activity: dict[str, Any], month: Period) -> HttpResponse:
    """It starts with the draft that there is, or with the report that there is for the month, to put that right."""
    activity, last = of_activity["activity"], of_activity["last"]
    draft = drafts_of(request.user, [activity.pk]).get(activity.pk)
    if draft:
        form = ProgressForm(**of_activity, initial=draft.typed)
        return _report_page(request, form, month=month, draft=draft, draft_number=draft.number)
    start = ProgressForm.correcting if last and last.period == month else ProgressForm
    return _report_page(request, start(**of_activity), month=month, draft_number=0)


def _submit(request: HttpRequest, form: ProgressForm, page: dict[str, Any], today: date) -> HttpResponse:
    reports, drafts = [(form.activity, form.answers)], {form.activity.pk: page["draft_number"]}
    try:
        (reported,) = submit_reports(reports=reports, today=today, by=request.user, drafts=drafts)
    except StaleReports as error:
        return _stale_page(request, form, error.currents[0], page)
    except Unexplained as error:  # something became known since the page was asked for
        form.ask_why(error.floor)
        return _report_page(request, form, **page)
    except (OperationalError, Unexcused):  # somebody else held the row for too long, or has just closed the round
        form.add_error(None, BUSY)
        return _report_page(request, form, status=503, **page)
    messages.success(request, reported.sentence)
    return _back(request, form.activity)


def _back(request: HttpRequest, activity: Activity) -> HttpResponse:
    if request.POST.get("next") == "my_updates":
        return redirect("my_updates")
    return redirect("activity_detail", activity.plan.slug, activity.key)


def _keep_draft(request: HttpRequest, form: ProgressForm, page: dict[str, Any]) -> HttpResponse:
    typed = form.typed if form.is_touched else {}
    try:
        kept = save_draft(activity=form.activity, typed=typed, number=page["draft_number"], by=request.user)
    except StaleDraft as error:
        now = {"other_draft": error.current, "draft_number": error.current.number}
        return _report_page(request, form.as_draft(), status=409, **page | now)
    except OperationalError:  # somebody else held the row for too long
        form.add_error(None, BUSY)
        return _report_page(request, form, status=503, **page)
    messages.success(request, DRAFT_KEPT if kept else "Nothing was filled in, so no draft is kept.")
    return _back(request, form.activity)


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
            "breadcrumbs": [
                {"label": "My updates", "url": reverse("my_updates")},
                {"label": form.error_prefix, "url": detail},
            ],
            "draft": None,
            "other_draft": None,
            "next": "my_updates" if back == "my_updates" else "",
            **context,
        },
        status=status,
    )


def _stale_page(request: HttpRequest, form: ProgressForm, current: Activity, page: dict[str, Any]) -> HttpResponse:
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
        **page,
    )
