""" "My updates": one sheet of everything a person answers for, each with its last report and a form.

All forms stand in one `<form>`, so that saving one loses nothing that was typed in another. Only what was touched is
saved: one when its own button is pressed, otherwise all of them or none.
"""

import re
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Any

from django import forms
from django.contrib import messages
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone

from activities.actions import Reported, StaleReports, Unexplained, report_all
from activities.forms import ProgressForm
from activities.known import what_is_known
from activities.models import Activity, ProgressUpdate
from lambeth_plans.accounts.access import Permission
from lambeth_plans.accounts.guards import changes
from lambeth_plans.accounts.models import User
from lambeth_plans.dashboards.linked_reds import linked_reds
from lambeth_plans.dashboards.progress_report import BUSY
from lambeth_plans.forms import FilterForm, FormError
from lambeth_plans.periods import Period
from objectives.models import Plan

_TEXT = re.compile(r"([-\w]+-p\d+)-(?:what_happened|path_to_green|new_due_date|due_date_reason|rosier_reason)")


@dataclass(eq=False)
class Row:
    """One activity on the sheet. `current` and `change` are set where somebody else changed it meanwhile."""

    activity: Activity
    month: Period
    last: ProgressUpdate | None
    form: ProgressForm
    is_draft: bool = False
    current: Activity | None = None
    change: Any = None

    @property
    def is_done(self) -> bool:
        return bool(self.last and self.last.period == self.month)

    @property
    def holds_text(self) -> bool:
        """Whether something is typed in it that is not saved: then it is always shown."""
        return self.is_draft or self.form.is_bound

    @property
    def is_open(self) -> bool:
        return self.holds_text or not self.is_done

    @property
    def error_lines(self) -> list[FormError]:
        lines = list(self.form.error_lines()) if self.form.is_bound else []
        if self.change:
            who = f"{self.change.actor} changed it while you were writing"
            lines.append(FormError(f"{self.form.error_prefix}: {who}.", f"#{self.form.prefix}"))
        return lines


@dataclass
class PlanGroup:
    """The rows of one plan that the filter lets through; `done` of `total` count all of them."""

    plan: Plan
    month: Period
    done: int
    total: int
    rows: list[Row] = field(default_factory=list)


class SheetFilter(FilterForm):
    plan = forms.ChoiceField(required=False)
    not_reported = forms.BooleanField(label="Not yet reported only", required=False)

    def __init__(self, data: QueryDict, *, plans: list[Plan]) -> None:
        super().__init__(data)
        self.fields["plan"].choices = [("", "All plans"), *((plan.slug, plan.title) for plan in plans)]

    def lets_through(self, row: Row) -> bool:
        """An unknown plan in the address narrows nothing, and nothing hides a row that holds unsaved text."""
        if row.holds_text:
            return True
        chosen = self.cleaned_data if self.is_valid() else {}
        if chosen.get("plan") and chosen["plan"] != row.activity.plan.slug:
            return False
        return not (row.is_done and chosen.get("not_reported"))


@changes(Permission.REPORT_PROGRESS)
def my_updates(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    if request.method != "POST":
        return _sheet_page(request, _rows(request.user, today))
    rows = _rows(request.user, today, request.POST)
    if strays := _stray_texts(rows, request.POST):
        return _sheet_page(request, rows, status=409, strays=strays)
    chosen = _choose(rows, request.POST)
    if not chosen:
        messages.info(request, "Nothing was filled in, so nothing was saved.")
        return redirect(request.get_full_path())
    if not all(row.form.is_valid() for row in chosen):
        return _sheet_page(request, rows)
    try:
        reports = [(row.activity, row.form.answers) for row in chosen]
        reported = report_all(reports=reports, today=today, by=request.user)
    except StaleReports as error:
        return _sheet_page(request, _reopen(rows, error.currents), status=409)
    except Unexplained as error:  # something became known since the page was asked for
        next(row.form for row in chosen if row.activity == error.activity).ask_why(error.floor)
        return _sheet_page(request, rows)
    except OperationalError:  # somebody else held a row for too long
        return _sheet_page(request, rows, status=503)
    messages.success(request, _consequences(reported))
    if drafts := {row.form.prefix: row for row in rows if row.is_draft}:
        return _sheet_page(request, [drafts.get(row.form.prefix, row) for row in _rows(request.user, today)])
    return redirect(request.get_full_path())


def _rows(user: User, today: date, data: QueryDict | None = None) -> list[Row]:
    """Everything a person answers for, by plan, with what they have typed. A fixed number of queries."""
    activities = list(
        Activity.objects.answerable_to(user)
        .reportable()
        .select_related("plan__council", "owner")
        .order_by("plan__council__is_invented", "plan__council__name", "-plan__start_date", "plan_id", "order", "key")
    )
    reports = ProgressUpdate.objects.filter(activity__in=[activity.pk for activity in activities]).latest_of_each()
    last = {report.activity_id: report for report in reports}
    known = what_is_known(activities, linked_reds=linked_reds(activities), today=today)
    rows = []
    for activity in activities:
        of_activity = {
            "activity": activity,
            "last": last.get(activity.pk),
            "known": known[activity.pk],
            "prefix": prefix_of(activity),
        }
        form = ProgressForm(data, **of_activity)
        if not form.is_touched:
            form = ProgressForm(**of_activity)
        rows.append(Row(activity, activity.plan.reporting_month(today), form.last, form))
    return rows


def prefix_of(activity: Activity) -> str:
    """What the names of its fields begin with ("cska08-p3"), so that no form is ever taken for another's.

    The plan tells apart what two plans call by the same key.
    """
    return f"{activity.key}-p{activity.plan_id}"


def _stray_texts(rows: list[Row], data: QueryDict) -> list[str]:
    """What was typed for activities that this person no longer answers for: it is shown again, never dropped."""
    known = {row.form.prefix for row in rows}
    return [
        text
        for name, text in data.items()
        if (found := _TEXT.fullmatch(name)) and found[1] not in known and text.strip()
    ]


def _choose(rows: list[Row], data: QueryDict) -> list[Row]:
    """The rows to save: the one whose button was pressed, filled in or not, otherwise every touched one.

    What was typed in the others becomes a draft: kept, and not judged yet.
    """
    pressed = [row for row in rows if row.form.prefix == data.get("save")]
    chosen = pressed or [row for row in rows if row.form.is_bound]
    for row in rows:
        if row in pressed and not row.form.is_bound:
            row.form = ProgressForm(
                data, activity=row.activity, last=row.last, known=row.form.known, prefix=row.form.prefix
            )
        elif row not in chosen and row.form.is_bound:
            row.form, row.is_draft = row.form.as_draft(), True
    return chosen


def _consequences(reported: list[Reported]) -> str:
    sentences = " ".join(report.sentence for report in reported)
    return sentences if len(reported) == 1 else f"{len(reported)} updates saved. {sentences}"


def _reopen(rows: list[Row], currents: list[Activity]) -> list[Row]:
    """Puts the newer version beside each row that somebody else changed; saving again goes over it knowingly."""
    changed = {current.pk: current for current in currents}
    for row in rows:
        if current := changed.get(row.activity.pk):
            row.current, row.last, row.change = current, current.last_report(), current.history.first()
            row.form.reopen(current)
    return rows


def _groups(rows: list[Row], sheet_filter: SheetFilter) -> list[PlanGroup]:
    groups = []
    for plan, of_plan in groupby(rows, key=lambda row: row.activity.plan):
        all_rows = list(of_plan)
        done = sum(row.is_done for row in all_rows)
        shown = [row for row in all_rows if sheet_filter.lets_through(row)]
        groups.append(PlanGroup(plan, all_rows[0].month, done, len(all_rows), shown))
    return groups


def _sheet_page(
    request: HttpRequest, rows: list[Row], *, status: int = 200, strays: list[str] | None = None
) -> HttpResponse:
    plans = list({row.activity.plan.pk: row.activity.plan for row in rows}.values())
    sheet_filter = SheetFilter(request.GET, plans=plans)
    errors = [line for row in rows for line in row.error_lines]
    if status == 503:
        errors.insert(0, FormError(BUSY))
    context = {
        "filters": sheet_filter,
        "groups": [group for group in _groups(rows, sheet_filter) if group.rows],
        "done": sum(row.is_done for row in rows),
        "total": len(rows),
        "errors": errors,
        "strays": strays or [],
        "is_stale": any(row.change for row in rows),
    }
    return render(request, "dashboards/my_updates.html", context, status=status)
