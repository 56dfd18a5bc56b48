"""Plans and their objectives, as an administrator sets them up."""

from typing import Any

from django import forms
from django.db.models import Q

from lambeth_plans.accounts.models import Board, Division, User
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
from objectives.actions import MOVES
from objectives.models import BoroughGoal, Objective, Plan

#: The fields of a plan's form under their headings, in order. What is under none comes last.
PLAN_GROUPS = (
    ("The plan", ("council", "title", "start_date", "end_date", "follows", "vision")),
    (
        "Its own words",
        (
            "objective_word",
            "objectives_word",
            "outer_objective_word",
            "outer_objectives_word",
            "activity_word",
            "activities_word",
        ),
    ),
    ("What it belongs to", ("goals_edition", "divisions", "boards")),
    (
        "The document",
        (
            "source_document",
            "edition",
            "published_date",
            "review_date",
            "purpose",
            "status_as_stated",
            "updated_by_as_stated",
            "approved_by_as_stated",
            "implementation_as_stated",
        ),
    ),
)


class PlanForm(ReasonedForm):
    """A plan: what it is called, for when, its own words for its levels, what it belongs to, and its document."""

    start_date = DayField(label="First day", help_text="For example, 1/4/2020.")
    end_date = DayField(label="Last day", help_text="For example, 31/3/2021.")
    published_date = PartialDateInput(
        label="Published", required=False, help_text="A day, a month or a year, as the document states it."
    )
    review_date = PartialDateInput(label="To be reviewed", required=False)
    vision = LongTextField(required=False)
    purpose = LongTextField(required=False)
    follows = RecordChoiceField(label="Follows the plan", required=False, nothing="None")
    divisions = RecordsChoiceField(required=False)
    boards = RecordsChoiceField(label="Boards that oversee it", required=False)

    class Meta:
        model = Plan
        fields = [
            "title",
            "start_date",
            "end_date",
            "follows",
            "vision",
            "objective_word",
            "objectives_word",
            "outer_objective_word",
            "outer_objectives_word",
            "activity_word",
            "activities_word",
            "goals_edition",
            "divisions",
            "boards",
            "source_document",
            "edition",
            "published_date",
            "review_date",
            "purpose",
            "status_as_stated",
            "updated_by_as_stated",
            "approved_by_as_stated",
            "implementation_as_stated",
        ]
        labels = {
            "edition": "Version of the document",
            "objective_word": "Its word for an objective",
            "objectives_word": "Its word for objectives",
            "outer_objective_word": "Its word for what objectives are grouped under",
            "outer_objectives_word": "The same for several",
            "activity_word": "Its word for an activity",
            "activities_word": "Its word for activities",
            "goals_edition": "Edition of the borough plan it serves",
            "status_as_stated": "Status, as printed",
            "updated_by_as_stated": "Updated by, as printed",
            "approved_by_as_stated": "Approved by, as printed",
            "implementation_as_stated": "Implementation, as printed",
        }
        help_texts = {
            "objective_word": "As the document says it, for example “priority”.",
            "outer_objective_word": "For a plan of two levels, for example “outcome area”. Empty: it has one level.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plan = self.instance
        if not self.is_new:
            self.fields["follows"].offer(
                {other.slug: other for other in Plan.objects.filter(council=plan.council_id).exclude(pk=plan.pk)}
            )
            self.fields["divisions"].offer({d.key: d for d in Division.objects.filter(council=plan.council_id)})
            self.fields["boards"].offer({board.key: board for board in Board.objects.filter(council=plan.council_id)})

    @property
    def groups(self) -> list[tuple[str, list[Any]]]:
        """The fields under their headings."""
        grouped = [(title, [self[name] for name in names if name in self.fields]) for title, names in PLAN_GROUPS]
        return [*grouped, ("", [self["reason"]])]


class NewPlanForm(PlanForm):
    """A new plan begins as a draft; what it belongs to is chosen once its council is known."""

    council = RecordChoiceField(nothing="Choose a council", error_messages={"required": "Choose a council."})
    follows = None
    divisions = None
    boards = None

    class Meta(PlanForm.Meta):
        fields = [
            "council",
            *(name for name in PlanForm.Meta.fields if name not in ("follows", "divisions", "boards")),
        ]

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["council"].offer({council.slug: council for council in by.councils.all()})
        self.order_fields(["council"])


#: What each state of a plan's life means, as it is said where it is chosen.
STATUS_MEANINGS: dict[str, str] = {
    Plan.Status.DRAFT: "it is being prepared. Everybody of the council sees it, marked as a draft.",
    Plan.Status.CURRENT: "it is in force. Its owners report on it, and what is late is shown as overdue.",
    Plan.Status.CLOSED: "it is over and read as at its last day. Nothing is overdue; a closing report may follow.",
    Plan.Status.SUPERSEDED: "another plan has taken its place. It is read as at its last day and takes no reports.",
}


class PlanStatusForm(ReasonedForm):
    """The states a plan may go to from the one it is in, each with what it means."""

    class Meta:
        model = Plan
        fields = ["status"]
        widgets = {"status": forms.RadioSelect}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        now = self.instance.status
        labels = dict(Plan.Status.choices)
        self.fields["status"].choices = [
            (status, f"{labels[status]}: {STATUS_MEANINGS[status]}{' It is so now.' if status == now else ''}")
            for status in (now, *MOVES[now])
        ]


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
