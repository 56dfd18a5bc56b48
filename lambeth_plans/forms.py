"""GOV.UK forms by Django's own form rendering: `Form`, `ModelForm`, `FilterForm`, and a field for ratings.

A page writes `{{ form }}` or `{{ form.title.as_field_group }}` and gets label, hint, error and input in GOV.UK's
markup from `templates/forms/`; the layouts put the error summary above. The renderer is set on these classes and
not in FORM_RENDERER, which would restyle the admin too.

What a field looks like is said in its widget's attrs: `class` for GOV.UK's variants ("govuk-input--width-5",
"govuk-radios--inline govuk-radios--small"), `rows` for a textarea, and two names that never reach the page:

    label   "s", "m", "l" or "xl" for a bigger label; "hidden" where a table's heading already says it
    count   True shows how many of `max_length` characters are left
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from django import forms
from django.conf import settings
from django.forms.boundfield import BoundField
from django.forms.formsets import BaseFormSet
from django.forms.renderers import BaseRenderer, EngineMixin
from django.template.backends.django import DjangoTemplates

from lambeth_plans.rag import REPORTABLE, Rag

#: The first match says how a widget is drawn; a CheckboxSelectMultiple is a RadioSelect to Django, so it comes first.
KINDS = (
    (forms.CheckboxSelectMultiple, "checkboxes"),
    (forms.RadioSelect, "radios"),
    (forms.CheckboxInput, "checkbox"),
    (forms.Select, "select"),
    (forms.Textarea, "textarea"),
    (forms.FileInput, "file"),
    (forms.PasswordInput, "password"),
)
INPUT_CLASSES = {
    "checkboxes": "govuk-checkboxes__input",
    "checkbox": "govuk-checkboxes__input",
    "radios": "govuk-radios__input",
    "select": "govuk-select",
    "textarea": "govuk-textarea",
    "file": "govuk-file-upload",
    "password": "govuk-input govuk-password-input__input govuk-js-password-input-input",
    "text": "govuk-input",
}
GROUPS = ("radios", "checkboxes")


@dataclass(frozen=True)
class FormError:
    """One line of an error summary; `href` leads to the field, and is empty for what belongs to no field."""

    text: str
    href: str = ""


class GovukBoundField(BoundField):
    """A field that knows what GOV.UK's markup needs."""

    @cached_property
    def kind(self) -> str:
        return next((kind for widget, kind in KINDS if isinstance(self.field.widget, widget)), "text")

    @property
    def label_size(self) -> str:
        return self.field.widget.attrs.get("label", "")

    @property
    def variant(self) -> str:
        """The widget's own classes; radios and checkboxes carry them on their group."""
        return self.field.widget.attrs.get("class", "")

    @property
    def has_count(self) -> bool:
        return bool(self.field.widget.attrs.get("count"))

    @property
    def is_marked_optional(self) -> bool:
        """The optional fields say so, the required ones say nothing; a lone checkbox needs no word."""
        return self.form.mark_optional and not self.field.required and self.kind != "checkbox"

    @property
    def use_fieldset(self) -> bool:
        """Django wraps a file input in a fieldset too; GOV.UK gives it a label."""
        return self.kind in GROUPS

    @property
    def error_href(self) -> str:
        """Where the error summary leads: the first option of a group, otherwise the input."""
        identifier = self.field.widget.attrs.get("id") or self.auto_id
        return f"#{identifier}_0" if self.kind in GROUPS else f"#{identifier}"

    @property
    def aria_describedby(self) -> str | None:
        described_by = super().aria_describedby
        if self.has_count and self.auto_id:
            return f"{described_by or ''} {self.auto_id}-info".strip()
        return described_by

    def build_widget_attrs(self, attrs: dict[str, Any], widget: forms.Widget | None = None) -> dict[str, Any]:
        attrs = super().build_widget_attrs(attrs, widget)
        if (widget or self.field.widget).is_hidden:
            return attrs
        # Django leaves out an attribute that is False, so that is how the names only we read stay off the page.
        attrs |= {"class": self._input_class, "label": False, "count": False}
        if self.kind == "textarea":
            # A browser would cut pasted text at maxlength without a word; the form says it instead.
            attrs |= {"maxlength": False, "cols": False}
        return attrs

    @property
    def _input_class(self) -> str:
        name = INPUT_CLASSES[self.kind]
        if self.kind in (*GROUPS, "checkbox"):
            return name
        error = f"{name.split()[0]}--error" if self.errors else ""
        count = "govuk-js-character-count" if self.has_count else ""
        return " ".join(part for part in (name, error, self.variant, count) if part)


class GovukRenderer(EngineMixin, BaseRenderer):
    """Our templates for forms and fields, Django's own for the bare inputs."""

    bound_field_class = GovukBoundField
    form_template_name = "forms/form.html"
    formset_template_name = "forms/formset.html"
    field_template_name = "forms/field.html"

    @cached_property
    def engine(self) -> DjangoTemplates:
        return DjangoTemplates(
            {
                "NAME": "govuk_forms",
                "DIRS": [settings.BASE_DIR / "templates", Path(forms.__file__).parent / "templates"],
                "APP_DIRS": False,
                "OPTIONS": {"builtins": ["lambeth_plans.templatetags.plans"]},
            }
        )


class GovukFormMixin:
    """What makes a Django form a GOV.UK one; mix it into forms that come from elsewhere (log-in, password)."""

    # One renderer for all forms, so that its templates are compiled once.
    default_renderer = GovukRenderer()
    # The browser's own bubbles would come before our error summary.
    use_required_attribute = False
    mark_optional = True
    #: Put before each line of the error summary where one page holds many forms, e.g. "CSKA08".
    error_prefix = ""

    def error_lines(self) -> Iterator[FormError]:
        """Every error of this form, in the order of its fields, those of the whole form first."""
        prefix = f"{self.error_prefix}: " if self.error_prefix else ""
        for text in self.non_field_errors():
            yield FormError(f"{prefix}{text}")
        for bound_field in self:
            href = "" if bound_field.is_hidden else bound_field.error_href
            for text in bound_field.errors:
                yield FormError(f"{prefix}{text}", href)


class Form(GovukFormMixin, forms.Form):
    """A form of ours."""


class ModelForm(GovukFormMixin, forms.ModelForm):
    """A form of ours over a model; the view saves through an action or the history, never `form.save()` alone."""


class FilterForm(Form):
    """A GET form that narrows a list: nothing in it is required, so nothing says "(optional)"."""

    mark_optional = False


class RagChoiceField(forms.TypedChoiceField):
    """A rating as a row of small radios, each drawn with its shape and letter; cleans to a Rag, or None if empty."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("choices", [(rating.value, rating) for rating in REPORTABLE])
        kwargs.setdefault("widget", forms.RadioSelect(attrs={"class": "govuk-radios--inline govuk-radios--small"}))
        super().__init__(coerce=Rag, empty_value=None, **kwargs)


def error_lines(subject: "GovukFormMixin | BaseFormSet") -> list[FormError]:
    """Every error of a form or of a formset and its forms, ready for components/error_summary.html."""
    if not isinstance(subject, BaseFormSet):
        return list(subject.error_lines())
    lines = [FormError(text) for text in subject.non_form_errors()]
    return lines + [line for form in subject.forms for line in form.error_lines()]
