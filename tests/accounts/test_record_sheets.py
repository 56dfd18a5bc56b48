"""The columns of a plan's workbook, derived from the models."""

import pytest

from lambeth_plans import history
from lambeth_plans.accounts.cell_widgets import natural
from lambeth_plans.accounts.record_sheets import IMPLIED, PERIOD_PARTS
from lambeth_plans.fields import InPeriod
from lambeth_plans.imports.workbook.sheets import BY_MODEL, SHEETS

#: What no sheet holds: log-ins, and what the product keeps for itself.
LEFT_OUT = {("Officer", "user"), ("ProgressUpdate", "reported_by")}


#: Log-ins, uploads, and files: what is in one cannot stand in a cell, and without it its name is nothing.
NO_SHEET = {"User", "ApiToken", "ImportBatch", "ColumnMapping", "EvidenceFile"}


def test_every_model_with_a_trail_has_a_sheet():
    of_plans = [model for model in history.recorded_models() if model._meta.app_label != "cycles"]
    names = {model.__name__ for model in of_plans}
    assert {model.__name__ for model in BY_MODEL} == names - NO_SHEET


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.title)
def test_every_field_that_can_be_edited_has_one_column(sheet):
    fields = [field for field in sheet.model._meta.concrete_fields if field.editable]
    names = {field.name for field in [*fields, *sheet.model._meta.local_many_to_many]}
    if issubclass(sheet.model, InPeriod):
        names = names - set(PERIOD_PARTS) | {"period"}
    left_out = {name for model, name in LEFT_OUT if model == sheet.model.__name__}
    assert set(sheet.fields) == names - IMPLIED - left_out
    headings = sheet.columns()
    assert len(set(map(str.casefold, headings))) == len(headings)


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.title)
def test_every_column_says_what_may_stand_in_it(sheet):
    assert all(column.widget.hint for column in sheet.fields.values())


def test_names_are_sorted_as_people_do():
    assert sorted(["ka10", "ka9", "ka1"], key=natural) == ["ka1", "ka9", "ka10"]
