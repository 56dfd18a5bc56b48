"""The upload, and the choice of sheet and columns."""

from collections import defaultdict
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.template.defaultfilters import filesizeformat

from lambeth_plans.accounts.access import may
from lambeth_plans.accounts.models import Council, User
from lambeth_plans.forms import FilterForm, Form
from lambeth_plans.imports.doors import DOORS
from lambeth_plans.imports.proposed import Column, Question
from lambeth_plans.imports.wide import BY_HEADING
from lambeth_plans.spreadsheets import LIMIT_COLUMNS
from objectives.models import Plan

#: More columns of periods than these are folded up.
MOST_PERIODS_SHOWN = 6


class CouncilChoiceField(forms.ModelChoiceField):
    """One of somebody's own councils, by its slug: no primary key is on the page."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Council.objects.none(), to_field_name="slug", empty_label=None, **kwargs)


class PlanChoiceField(forms.ModelChoiceField):
    """One of the plans of somebody's own councils, by its slug; the council stands beside its title."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Plan.objects.none(), to_field_name="slug", empty_label="Choose a plan", **kwargs)

    def label_from_instance(self, plan: Plan) -> str:
        return f"{plan.title}, {plan.council.name}"


class UploadForm(Form):
    """A form with a `file` of a limited size."""

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file and file.size > settings.UPLOAD_LIMIT_BYTES:
            size, limit = filesizeformat(file.size), filesizeformat(settings.UPLOAD_LIMIT_BYTES)
            raise ValidationError(f"The file has {size}, and we take up to {limit}. Split it.", code="too_large")
        return file

    @property
    def is_too_large(self) -> bool:
        return self.has_error("file", "too_large")


class FileUploadForm(UploadForm):
    """A file or a pasted table, of whatever kind there is a door for."""

    mark_optional = False  # a file and a pasted table are each optional, one of them is not

    door = forms.ChoiceField(
        label="What is in the file?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what is in the file."},
    )
    council = CouncilChoiceField(
        label="Which council is it for?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose the council.", "invalid_choice": "Choose one of your councils."},
    )
    plan = PlanChoiceField(
        label="Which plan is it for?",
        help_text="Only for contracts, risks, savings, the budget and the workforce.",
        required=False,
        error_messages={"invalid_choice": "Choose one of your plans."},
    )
    file = forms.FileField(
        label="File",
        required=False,
        error_messages={"empty": "The file is empty. Choose another one."},
    )
    pasted = forms.CharField(
        label="Or paste a table",
        help_text="Copy it in Word or Excel, with its headings, and paste it here.",
        required=False,
        strip=False,  # a row may begin or end with an empty cell
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    reason = forms.CharField(
        label="Why (optional)",
        help_text="Kept in the history of everything that changes.",
        required=False,
        max_length=200,
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.doors = {door.slug: door for door in DOORS if may(user, door.permission)}
        self.councils = Council.objects.visible_to(user)
        self.fields["council"].queryset = self.councils
        if len(self.councils) == 1:
            self.fields["council"].initial = self.councils[0].slug
        self.fields["door"].choices = [(door.slug, door.label) for door in self.doors.values()]
        limit = filesizeformat(settings.UPLOAD_LIMIT_BYTES)
        size = f"{limit}, {settings.UPLOAD_LIMIT_ROWS:,} rows and {LIMIT_COLUMNS} columns"
        self.fields["file"].help_text = f"An Excel workbook (.xlsx) or a CSV file, of up to {size}."
        plans = Plan.objects.visible_to(user).select_related("council").order_by("council__name", "-start_date")
        self.fields["plan"].queryset = plans

    def clean_pasted(self) -> str:
        text = self.cleaned_data["pasted"].replace("\r\n", "\n")
        if len(text.encode()) > settings.UPLOAD_LIMIT_BYTES:
            raise ValidationError("The table is too large to be pasted. Upload it as a file.")
        return text if text.strip() else ""

    def clean(self) -> dict[str, Any]:
        answers = super().clean()
        door = answers["door"] = self.doors.get(answers.get("door"))
        if not self.has_error("file") and not self.has_error("pasted"):
            if answers.get("file") and answers.get("pasted"):
                self.add_error("file", "Choose a file or paste a table, not both.")
            elif not answers.get("file") and not answers.get("pasted"):
                self.add_error("file", "Choose a file, or paste a table.")
        if door and door.needs_plan and not self.has_error("plan"):
            plan, council = answers.get("plan"), answers.get("council")
            if plan is None:
                self.add_error("plan", "Choose the plan.")
            elif council and plan.council_id != council.pk:
                self.add_error("plan", "Choose a plan of this council.")
        return answers


class SheetForm(FilterForm):
    """Which sheet of a workbook."""

    sheet = forms.ChoiceField(
        label="Which sheet shall be read?",
        widget=forms.RadioSelect(attrs={"label": "m"}),
        error_messages={"required": "Choose a sheet.", "invalid_choice": "Choose one of these sheets."},
    )

    def __init__(self, *args: Any, names: tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sheet"].choices = [(name, name) for name in names]


class HeaderForm(FilterForm):
    """Which row holds the headings."""

    sheet = forms.CharField(required=False, widget=forms.HiddenInput)
    header = forms.ChoiceField(label="Row with the headings")

    def __init__(self, *args: Any, question: Question, **kwargs: Any) -> None:
        super().__init__(*args, initial={"sheet": question.asked_for, "header": question.header}, **kwargs)
        self.fields["header"].choices = [*question.headers, (0, "None: the table has no headings")]


class ColumnsForm(Form):
    """What each column of a sheet is. `chosen` are the answers, in the order of the columns."""

    mark_optional = False

    sheet = forms.CharField(required=False, widget=forms.HiddenInput)
    header = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, question: Question, resource: Any, **kwargs: Any) -> None:
        super().__init__(*args, initial={"sheet": question.asked_for, "header": question.header}, **kwargs)
        self.columns, self.resource = question.columns, resource
        names = {name: field.column_name for name, field in resource.fields.items()}
        self.labels = names
        for column in self.columns:
            choices = [("", "Leave this column out")]
            if column.period:
                choices.append((BY_HEADING, f"A period: {column.period}"))
            choices += names.items()
            self.fields[self._field(column)] = forms.ChoiceField(
                label=f"What column {column.letters}, {column.name}, is",
                choices=choices,
                initial=column.proposed,
                required=False,
                widget=forms.Select(attrs={"label": "hidden"}),
                error_messages={"invalid_choice": f"Choose what column {column.letters} is."},
            )

    @staticmethod
    def _field(column: Column) -> str:
        return f"column_{column.letters}"

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Each column with its field, for the table; without those of `period_rows`."""
        return [{"column": column, "field": self[self._field(column)]} for column in self._columns(of_periods=False)]

    @property
    def period_rows(self) -> list[dict[str, Any]]:
        """Those that are proposed as periods, where they are many: they stand apart, folded up."""
        return [{"column": column, "field": self[self._field(column)]} for column in self._columns(of_periods=True)]

    @property
    def first_period(self) -> str:
        return self.period_rows[0]["column"].period

    @property
    def last_period(self) -> str:
        return self.period_rows[-1]["column"].period

    def _columns(self, *, of_periods: bool) -> list[Column]:
        apart = [column for column in self.columns if column.proposed == BY_HEADING]
        if len(apart) <= MOST_PERIODS_SHOWN:
            apart = []
        return apart if of_periods else [column for column in self.columns if column not in apart]

    @property
    def needed(self) -> list[str]:
        """The fields without which no row says anything, by their labels."""
        return [self.labels[name] for name in self.resource.required]

    @property
    def chosen(self) -> tuple[str, ...]:
        return tuple(self.cleaned_data[self._field(column)] for column in self.columns)

    def clean(self) -> dict[str, Any]:
        answers = super().clean()
        places = defaultdict(list)
        for column in self.columns:
            name = answers.get(self._field(column), "")
            places[name, column.period if name == BY_HEADING else ""].append(column)
        for (name, period), columns in places.items():
            if name and len(columns) > 1:
                letters = " and ".join(column.letters for column in columns)
                both = "both" if len(columns) == 2 else "all"
                what = period or self.labels[name]
                self.add_error(self._field(columns[1]), f"Columns {letters} are {both} {what}. Keep one.")
        self._check_what_is_needed({name for name, _ in places})
        return answers

    def _check_what_is_needed(self, names: set[str]) -> None:
        has_periods = BY_HEADING in names
        for name in self.resource.required:
            if name not in names and not (has_periods and name not in self.resource.names):
                self.add_error(None, f"Choose the column that holds the {self.labels[name]}.")
        allowed = {*getattr(self.resource, "names", ()), BY_HEADING, ""}
        if has_periods:
            for column in self.columns:
                if (name := self.cleaned_data.get(self._field(column), "")) not in allowed:
                    message = f"Column {column.letters}: beside columns of periods there can be no {self.labels[name]}."
                    self.add_error(self._field(column), message)


class CorrectionForm(Form):
    """What is asked before final figures are corrected by a file that does not say why."""

    reason = forms.CharField(
        label="Why the final figures are corrected",
        help_text="Kept in the history of each figure.",
        max_length=200,
        error_messages={"required": "Say why the final figures are corrected."},
    )


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
