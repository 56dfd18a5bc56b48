"""The set-up table of a plan's activities: titles, objectives, owners, goals and due dates."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.db import transaction
from django.db.models import Model, Q
from django.http import HttpRequest, HttpResponse

from activities.models import Activity
from lambeth_plans import history
from lambeth_plans.accounts.access import Permission
from lambeth_plans.accounts.actions import in_one_order
from lambeth_plans.accounts.guards import changes
from lambeth_plans.accounts.models import Officer, User
from lambeth_plans.accounts.set_up import mending, table_answer
from lambeth_plans.accounts.tables import EditableTable
from lambeth_plans.accounts.versioned_forms import (
    LongTextField,
    PartialDateInput,
    RecordChoiceField,
    RecordsChoiceField,
    VersionedForm,
)
from objectives.actions import number_new
from objectives.forms import goals_of
from objectives.models import Finding, Objective, Plan
from objectives.views import plan_context, plan_to_set_up


class ActivityRow(VersionedForm):
    """An activity as a row of a table."""

    title = LongTextField(max_length=700, rows=4)
    objective = RecordChoiceField(required=False, nothing="Not stated")
    owner = RecordChoiceField(required=False, nothing="Not stated")
    goal = RecordChoiceField(label="Lead goal", required=False, nothing="Not stated")
    due_date = PartialDateInput(label="Due", required=False)
    intended_outcome = LongTextField(required=False, rows=3)
    findings = RecordsChoiceField(label="Findings it answers", required=False)

    class Meta:
        model = Activity
        fields = ["ref", "title", "objective", "owner", "goal", "due_date", "intended_outcome", "findings"]
        labels = {"ref": "Reference"}
        widgets = {"ref": forms.TextInput(attrs={"class": "govuk-input--width-5"})}

    def __init__(
        self,
        *args: Any,
        objectives: dict,
        owners: dict,
        goals: dict,
        findings: dict,
        columns: Iterable[str],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["objective"].offer(objectives, label=lambda objective: objective.ref or objective.title)
        self.fields["owner"].offer(owners, label=lambda owner: f"{owner} (left)" if owner.left_date else str(owner))
        self.fields["goal"].offer(goals)
        self.fields["findings"].offer(findings, label=lambda finding: f"{finding.ref} {finding.title}".strip())
        self.keep_only(columns)


class ActivityTable(EditableTable):
    """The activities of a plan, with what may be chosen read once for all rows."""

    form_class = ActivityRow
    widths = {"title": "one-third"}
    columns_shown = ("ref", "title", "objective", "owner", "goal", "due_date")
    lacks = {
        "objective": (Q(objective=None), ("ref", "title", "objective")),
        "owner": (Q(owner=None), ("ref", "title", "owner")),
        "left": (Q(owner__left_date__isnull=False), ("ref", "title", "owner")),
        "goal": (Q(goal=None), ("ref", "title", "goal")),
        "date": (Q(due_date=None), ("ref", "title", "due_date")),
        "outcome": (Q(intended_outcome=""), ("ref", "title", "intended_outcome")),
        "source": (Q(findings=None, sources=None), ("ref", "title", "findings")),
    }

    def __init__(self, plan: Plan, data: Any = None, missing: str = "") -> None:
        self.noun, self.nouns = plan.activity_word, plan.activities_word
        _, columns = self.lacks.get(missing, (None, self.columns_shown))
        records = self.lacking(Activity.objects.filter(plan=plan), missing, data)
        findings = Finding.objects.filter(plan=plan) if "findings" in columns else ()
        super().__init__(
            records.prefetch_related("findings"),  # a form reads its links whether they are shown or not
            new=None if missing in self.lacks else lambda: Activity(plan=plan),
            data=data,
            objectives={objective.key: objective for objective in Objective.objects.filter(plan=plan)},
            owners={officer.key: officer for officer in Officer.objects.filter(council=plan.council_id)},
            goals=goals_of(plan),
            findings={finding.key: finding for finding in findings},
            columns=columns,
        )


@transaction.atomic
def save_activities(
    *, plan: Plan, activities: Sequence[tuple[Activity, dict[str, Iterable[Model]]]], by: User, reason: str
) -> list[Activity]:
    """Saves changed and new activities of a plan together, or none of them; new ones come last."""
    number_new(plan, Activity, [activity for activity, _ in activities])
    for activity, _ in activities:
        activity.keep_first_due_date()
    return [history.save(activity, by=by, reason=reason, links=links) for activity, links in in_one_order(activities)]


@changes(Permission.SET_UP_PLANS)
def activity_table(request: HttpRequest, slug: str) -> HttpResponse:
    """`?without=owner` shows those that lack one, and that column alone (ActivityTable.lacks has the words)."""
    plan, missing = plan_to_set_up(request, slug), request.GET.get("without", "")
    return table_answer(
        request,
        make=lambda data: ActivityTable(plan, data, missing),
        save=lambda rows, reason: save_activities(plan=plan, activities=rows, by=request.user, reason=reason),
        context=plan_context(plan, "activity_table", f"{plan.activities_word.capitalize()} of {plan}")
        | mending(ActivityTable, missing, request)
        | {"introduction": "Write a due date as a day, a month or a year, as stated. The first one stays visible."},
    )
