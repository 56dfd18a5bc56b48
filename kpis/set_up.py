"""The set-up table of a plan's indicators: which objective each belongs to, who owns it, and what aims at it."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.db import transaction
from django.db.models import Model, Q
from django.http import HttpRequest, HttpResponse

from kpis.models import PlanIndicator
from lambeth_plans import history
from lambeth_plans.accounts.access import Permission
from lambeth_plans.accounts.actions import in_one_order
from lambeth_plans.accounts.guards import changes
from lambeth_plans.accounts.models import Officer, User
from lambeth_plans.accounts.set_up import mending, table_answer
from lambeth_plans.accounts.tables import EditableTable
from lambeth_plans.accounts.versioned_forms import LongTextField, RecordChoiceField, RecordsChoiceField, VersionedForm
from objectives.models import Objective, Plan
from objectives.views import plan_context, plan_to_set_up


class IndicatorRow(VersionedForm):
    """An indicator's place in a plan as a row of a table."""

    title = LongTextField(max_length=300, rows=3)
    objective = RecordChoiceField(required=False, nothing="Not stated")
    owner = RecordChoiceField(required=False, nothing="Not stated")
    activities = RecordsChoiceField(required=False)

    class Meta:
        model = PlanIndicator
        fields = ["code", "title", "objective", "owner", "activities"]
        widgets = {"code": forms.TextInput(attrs={"class": "govuk-input--width-5"})}

    def __init__(
        self, *args: Any, objectives: dict, owners: dict, activities: dict, columns: Iterable[str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["objective"].offer(objectives, label=lambda objective: objective.ref or objective.title)
        self.fields["owner"].offer(owners, label=lambda owner: f"{owner} (left)" if owner.left_date else str(owner))
        self.fields["activities"].offer(activities, label=lambda each: f"{each.ref} {each.title}".strip())
        self.keep_only(columns)


class IndicatorTable(EditableTable):
    """The indicators of a plan. None is added here: a figure needs a measure first."""

    form_class = IndicatorRow
    noun, nouns = "indicator", "indicators"
    widths = {"title": "one-third", "activities": "one-quarter"}
    lacks = {
        "activities": (Q(activities=None), ("code", "title", "activities")),
        "objective": (Q(objective=None), ("code", "title", "objective")),
        "owner": (Q(owner=None), ("code", "title", "owner")),
    }

    def __init__(self, plan: Plan, data: Any = None, missing: str = "") -> None:
        _, columns = self.lacks.get(missing, (None, IndicatorRow.Meta.fields))
        # Neighbours never import each other; what an indicator points at is known to its own field.
        of_plan = PlanIndicator._meta.get_field("activities").related_model._default_manager.filter(plan=plan)
        super().__init__(
            self.lacking(PlanIndicator.objects.filter(plan=plan), missing, data).prefetch_related("activities"),
            new=None,
            data=data,
            objectives={objective.key: objective for objective in Objective.objects.filter(plan=plan)},
            owners={officer.key: officer for officer in Officer.objects.filter(council=plan.council_id)},
            activities={activity.key: activity for activity in of_plan},
            columns=columns,
        )


@transaction.atomic
def save_places(
    *, places: Sequence[tuple[PlanIndicator, dict[str, Iterable[Model]]]], by: User, reason: str
) -> list[PlanIndicator]:
    """Saves changed indicators of a plan together, or none of them."""
    return [history.save(place, by=by, reason=reason, links=links) for place, links in in_one_order(places)]


@changes(Permission.SET_UP_PLANS)
def indicator_table(request: HttpRequest, slug: str) -> HttpResponse:
    """`?without=activities` shows those that nothing aims at (IndicatorTable.lacks has the words)."""
    plan, missing = plan_to_set_up(request, slug), request.GET.get("without", "")
    return table_answer(
        request,
        make=lambda data: IndicatorTable(plan, data, missing),
        save=lambda rows, reason: save_places(places=rows, by=request.user, reason=reason),
        context=plan_context(plan, "indicator_table", f"Indicators of {plan}")
        | mending(IndicatorTable, missing, request)
        | {"introduction": f"Tick the {plan.activities_word} that aim at an indicator."},
    )
