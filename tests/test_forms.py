import re

import pytest
from django import forms
from django.forms import formset_factory
from django.template import Context, Template

from lambeth_plans.forms import FilterForm, Form, FormError, RagChoiceField, error_lines
from lambeth_plans.rag import REPORTABLE, Rag


class UpdateForm(Form):
    rag = RagChoiceField(label="Rating", error_messages={"required": "Choose a rating."})
    narrative = forms.CharField(
        label="What happened",
        max_length=200,
        help_text="Two or three sentences.",
        widget=forms.Textarea(attrs={"rows": 3, "count": True}),
        error_messages={"required": "Enter what happened."},
    )
    due = forms.CharField(
        required=False, widget=forms.TextInput(attrs={"class": "govuk-input--width-10", "label": "m"})
    )
    councils = forms.MultipleChoiceField(choices=[("a", "A"), ("b", "B")], widget=forms.CheckboxSelectMultiple)
    is_unchanged = forms.BooleanField(required=False, label="No change")
    spreadsheet = forms.FileField(required=False)
    secret = forms.CharField(required=False, widget=forms.PasswordInput)
    version = forms.IntegerField(widget=forms.HiddenInput, initial=3)

    def clean(self):
        if self.cleaned_data.get("due") == "never":
            raise forms.ValidationError("Say when.")


def field(form, name):
    return form[name].as_field_group()


def tag(html, pattern):
    found = re.search(rf"<{pattern}[^>]*>", html)
    assert found, html
    return found[0]


def test_an_input_has_its_label_and_its_classes():
    html = field(UpdateForm(), "due")
    assert 'for="id_due"' in tag(html, "label")
    assert "govuk-label--m" in tag(html, "label")
    assert 'class="govuk-input govuk-input--width-10"' in tag(html, "input")


def test_what_only_our_templates_read_never_reaches_the_page():
    html = str(UpdateForm())
    assert not re.search(r"<(input|textarea)[^>]* (label|count|cols|maxlength)=", html)


def test_optional_fields_say_so_and_required_ones_have_no_mark():
    assert "Due (optional)" in field(UpdateForm(), "due")
    html = field(UpdateForm(), "narrative")
    assert "optional" not in html
    assert " required" not in html


def test_a_filter_marks_nothing_as_optional():
    class Words(FilterForm):
        words = forms.CharField(required=False)

    assert "optional" not in str(Words())


def test_hint_error_and_count_describe_the_input_in_this_order():
    form = UpdateForm({"narrative": ""})
    html = field(form, "narrative")
    textarea = tag(html, "textarea")
    assert 'aria-describedby="id_narrative_helptext id_narrative_error id_narrative-info"' in textarea
    for identifier in ("id_narrative_helptext", "id_narrative_error", "id_narrative-info"):
        assert f'id="{identifier}"' in html
    assert "govuk-textarea--error" in textarea
    assert 'aria-invalid="true"' in textarea
    assert 'data-maxlength="200"' in html


def test_radios_stand_in_a_fieldset_that_carries_hint_and_error():
    html = field(UpdateForm({}), "rag")
    assert 'aria-describedby="id_rag_error"' in tag(html, "fieldset")
    assert "aria-describedby" not in tag(html, "input")
    assert "govuk-radios--inline govuk-radios--small" in html
    assert 'for="id_rag_0"' in html


def test_ratings_are_drawn_with_word_letter_shape_and_colour():
    html = field(UpdateForm(), "rag")
    for rag in REPORTABLE:
        assert f"app-rag--{rag.colour}" in html
        assert rag.word in html
    assert Rag.NOT_REPORTED.word not in html


@pytest.mark.parametrize("value", list(REPORTABLE))
def test_a_chosen_rating_comes_back_as_a_rating(value):
    form = UpdateForm({"rag": value.value})
    form.is_valid()
    assert form.cleaned_data["rag"] is value
    assert f'value="{value.value}"' in re.search(r"<input[^>]*checked[^>]*>", field(form, "rag"))[0]


def test_no_rating_is_none_where_it_may_be_left_out():
    class Forecast(Form):
        rag = RagChoiceField(required=False)

    form = Forecast({})
    assert form.is_valid()
    assert form.cleaned_data["rag"] is None


def test_a_rating_nobody_may_give_is_refused():
    form = UpdateForm({"rag": Rag.NOT_REPORTED.value})
    assert "rag" in form.errors


def test_a_lone_checkbox_has_its_label_beside_it():
    html = field(UpdateForm(), "is_unchanged")
    assert 'class="govuk-checkboxes__input"' in tag(html, "input")
    assert html.index("<input") < html.index("<label")
    assert "optional" not in html


def test_a_file_has_a_label_and_no_fieldset():
    html = field(UpdateForm(), "spreadsheet")
    assert 'for="id_spreadsheet"' in tag(html, "label")
    assert "fieldset" not in html
    assert 'class="govuk-file-upload"' in tag(html, "input")


def test_a_password_never_comes_back():
    html = field(UpdateForm({"secret": "hunter22"}), "secret")
    assert "hunter22" not in html
    assert 'data-module="govuk-password-input"' in html


def test_the_error_summary_leads_to_each_field_in_order():
    form = UpdateForm({"due": "never", "version": "x"})
    assert error_lines(form) == [
        FormError("Say when."),
        FormError("Choose a rating.", "#id_rag_0"),
        FormError("Enter what happened.", "#id_narrative"),
        FormError("This field is required.", "#id_councils_0"),
        FormError("Enter a whole number."),
    ]


def test_every_link_of_the_error_summary_leads_to_something():
    form = UpdateForm({})
    summary = Template("{% error_summary form %}").render(Context({"form": form}))
    page = str(form)
    links = re.findall(r'href="#([^"]+)"', summary)
    assert links
    assert all(f'id="{identifier}"' in page for identifier in links)


def test_a_form_without_errors_has_no_summary():
    assert "govuk-error-summary" not in Template("{% error_summary form %}").render(Context({"form": UpdateForm()}))


def test_the_forms_of_a_formset_keep_the_looks_and_name_their_errors():
    formset = formset_factory(UpdateForm, extra=2)(
        {"form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "2", "form-1-rag": "green"}
    )
    formset.forms[1].error_prefix = "CSKA08"
    lines = error_lines(formset)
    assert FormError("Choose a rating.", "#id_form-0-rag_0") in lines
    assert FormError("CSKA08: Enter what happened.", "#id_form-1-narrative") in lines
    page = Template("{{ formset.management_form }}{% for form in formset %}{{ form }}{% endfor %}").render(
        Context({"formset": formset})
    )
    assert all(f'id="{line.href[1:]}"' in page for line in lines if line.href)
    assert 'id="id_form-1-narrative-info"' in page


def test_a_broken_formset_says_so_in_the_summary():
    lines = error_lines(formset_factory(UpdateForm)({}))
    assert "ManagementForm" in lines[0].text


def test_what_people_typed_is_escaped():
    html = field(UpdateForm({"narrative": "</textarea><script>", "due": '"><b>'}), "narrative")
    assert "<script>" not in html
    assert "<b>" not in field(UpdateForm({"due": '"><b>'}), "due")


def test_forms_of_the_admin_keep_django_s_own_looks():
    class Plain(forms.Form):
        name = forms.CharField()

    assert "govuk" not in str(Plain())
