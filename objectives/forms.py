"""Plans and their objectives, as an administrator sets them up."""

from typing import Any

from django import forms
from django.db.models import Q

from lambeth_plans.accounts.models import User
from lambeth_plans.accounts.tables import EditableTable
from lambeth_plans.accounts.versioned_forms import (
    DayField,
    LongTextField,
    PartialDateInput,
    ReasonedForm,
    RecordChoiceField,
    RecordsChoiceField,
    VersionedForm,
)
from objectives.models import BoroughGoal, Objective, Plan


class PlanForm(ReasonedForm):
    """A plan: what it is called, for when, and its own words for its levels."""

    start_date = DayField(label="First day", help_text="For example, 1/4/2020.")
    end_date = DayField(label="Last day", help_text="For example, 31/3/2021.")
    published_date = PartialDateInput(
        label="Published", required=False, help_text="A day, a month or a year, as the document states it."
    )
    vision = LongTextField(required=False)

    class Meta:
        model = Plan
        fields = [
            "title",
            "status",
            "start_date",
            "end_date",
            "published_date",
            "edition",
            "source_document",
            "vision",
            "objective_word",
            "objectives_word",
            "activity_word",
            "activities_word",
            "outer_objective_word",
            "outer_objectives_word",
        ]
        labels = {
            "edition": "Version of the document",
            "objective_word": "Its word for an objective",
            "objectives_word": "Its word for objectives",
            "activity_word": "Its word for an activity",
            "activities_word": "Its word for activities",
            "outer_objective_word": "Its word for the outer level, if it has two",
            "outer_objectives_word": "The same for several",
        }
        help_texts = {
            "status": "A closed or superseded plan is read as at its last day. A superseded plan takes no reports.",
            "objective_word": "As the document says it, for example “priority”.",
        }
        widgets = {"status": forms.RadioSelect}


class NewPlanForm(PlanForm):
    council = RecordChoiceField(nothing="Choose a council", error_messages={"required": "Choose a council."})

    class Meta(PlanForm.Meta):
        fields = ["council", *PlanForm.Meta.fields]

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["council"].offer({council.slug: council for council in by.councils.all()})
        self.order_fields(["council"])


def goals_of(plan: Plan) -> dict[str, BoroughGoal]:
    """The goals of every edition of the council's borough plan, by edition and key."""
    return {f"{goal.edition}/{goal.key}": goal for goal in BoroughGoal.objects.filter(council=plan.council_id)}


class ObjectiveRow(VersionedForm):
    """An objective as a row of a table."""

    title = LongTextField(max_length=500, rows=3)
    goals = RecordsChoiceField(required=False)

    class Meta:
        model = Objective
        fields = ["ref", "title", "goals"]
        labels = {"ref": "Reference"}
        widgets = {"ref": forms.TextInput(attrs={"class": "govuk-input--width-5"})}

    def __init__(self, *args: Any, goals: dict[str, BoroughGoal], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["goals"].offer(goals)


class ObjectiveTable(EditableTable):
    """The objectives of a plan."""

    form_class = ObjectiveRow
    widths = {"title": "one-half", "goals": "one-third"}

    lacks = {"goals": (Q(goals=None), ("ref", "title", "goals"))}

    def __init__(self, plan: Plan, data: Any = None, missing: str = "") -> None:
        self.noun, self.nouns = plan.objective_word, plan.objectives_word
        super().__init__(
            self.lacking(Objective.objects.filter(plan=plan), missing, data).prefetch_related("goals"),
            new=None if missing in self.lacks else lambda: Objective(plan=plan),
            data=data,
            goals=goals_of(plan),
        )
