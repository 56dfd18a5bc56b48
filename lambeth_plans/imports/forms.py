"""The upload."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.template.defaultfilters import filesizeformat

from lambeth_plans.accounts.models import Council, User
from lambeth_plans.forms import Form


class CouncilChoiceField(forms.ModelChoiceField):
    """One of somebody's own councils, by its slug: no primary key is on the page."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Council.objects.none(), to_field_name="slug", empty_label=None, **kwargs)


class UploadForm(Form):
    """A form with a `file` of a limited size."""

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > settings.UPLOAD_LIMIT_BYTES:
            size, limit = filesizeformat(file.size), filesizeformat(settings.UPLOAD_LIMIT_BYTES)
            raise ValidationError(f"The file has {size}, and we take up to {limit}. Split it.", code="too_large")
        return file

    @property
    def is_too_large(self) -> bool:
        return self.has_error("file", "too_large")


class FigureUploadForm(UploadForm):
    council = CouncilChoiceField(
        label="Which council are the figures for?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose the council.", "invalid_choice": "Choose one of your councils."},
    )
    file = forms.FileField(
        label="File with the figures",
        help_text="An Excel workbook (.xlsx) or a CSV file, with a row or a column for each period.",
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
        label="Why these figures", help_text="Kept in the history of each figure.", required=False, max_length=200
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.councils = Council.objects.visible_to(user)
        self.fields["council"].queryset = self.councils
        if len(self.councils) == 1:
            self.fields["council"].initial = self.councils[0].slug


class UndoForm(Form):
    reason = forms.CharField(
        label="Why the import is undone",
        help_text="Kept in the history of each figure.",
        max_length=200,
        error_messages={"required": "Say why the import is undone."},
    )


class PlanUploadForm(UploadForm):
    file = forms.FileField(
        label="The plan’s workbook",
        help_text="An Excel workbook (.xlsx) with the sheets and columns of the empty one.",
        error_messages={"required": "Choose a file.", "empty": "The file is empty. Choose another one."},
    )
    reason = forms.CharField(
        label="Why", help_text="Kept in the history of each record.", required=False, max_length=200
    )
