"""The upload of a register."""

from typing import Any

from django import forms

from lambeth_plans.accounts.models import User
from lambeth_plans.imports.forms import UploadForm
from lambeth_plans.imports.registers.register_list import REGISTERS
from objectives.models import Plan


class PlanChoiceField(forms.ModelChoiceField):
    """One of the plans of somebody's own councils, by its slug; the council stands beside its title."""

    def label_from_instance(self, plan: Plan) -> str:
        return f"{plan.title}, {plan.council.name}"


class RegisterUploadForm(UploadForm):
    register = forms.ChoiceField(
        label="Which register is it?",
        choices=[(slug, register.label) for slug, register in REGISTERS.items()],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose the register."},
    )
    plan = PlanChoiceField(
        Plan.objects.none(),
        label="Which plan does it belong to?",
        help_text="Targets and benchmarks belong to the indicators of the plan’s council.",
        to_field_name="slug",
        empty_label="Choose a plan",
        error_messages={"required": "Choose the plan.", "invalid_choice": "Choose one of your councils’ plans."},
    )
    file = forms.FileField(
        label="File with the register",
        help_text="An Excel workbook (.xlsx) or a CSV file.",
        error_messages={"required": "Choose a file.", "empty": "The file is empty. Choose another one."},
    )
    sheet = forms.CharField(
        label="Name of the sheet",
        help_text="Only where the workbook has several.",
        required=False,
        max_length=31,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-20"}),
    )
    reason = forms.CharField(
        label="Why", help_text="Kept in the history of each record.", required=False, max_length=200
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plans = Plan.objects.visible_to(user).select_related("council").order_by("council__name", "-start_date")
        self.fields["plan"].queryset = plans
        if len(plans) == 1:
            self.fields["plan"].initial = plans[0].slug

    def clean_register(self) -> Any:
        return REGISTERS[self.cleaned_data["register"]]
