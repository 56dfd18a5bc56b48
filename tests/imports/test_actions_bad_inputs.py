"""Bad inputs, one table: each file with its verdict, what must be said where, and what is stored afterwards.

The rows are in `tests/imports/bad_inputs/`. Each names a good file beside it, which takes the same way and succeeds.
"""

import os
import time
from dataclasses import replace

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from kpis.models import Outturn
from lambeth_plans.imports.actions import NotWaiting, confirm_batch, upload_figures
from tests.imports.bad_inputs import (
    HELD,
    REFUSED,
    TAKEN,
    UNCHANGED,
    Case,
    Error,
    Story,
    cells,
    containers,
    rows,
    texts,
    values,
    workflow,
)
from tests.imports.bad_inputs.files import HEADINGS, Shown, lines, workbook
from tests.imports.bad_inputs.stage import NOW, Stage, comments, differences, figures, set_up

CASES = (*containers.CASES, *texts.CASES, *rows.CASES, *cells.CASES, *values.CASES)
STORIES = workflow.STORIES
GOOD = {"assessments 2019/20": "47.5", "assessments 2018/19": "41"}
CONTROLS = {
    "csv": Case(
        "", "good", lambda: lines(("LC06", "2019/20", "47.5%"), ("lc 06", "2018-19", "41")), stored=GOOD, control=""
    ),
    "xlsx": Case(
        "",
        "good",
        lambda: workbook([HEADINGS, ("LC06", "2019/20", Shown(0.475, "0.0%")), ("lc 06", "2018-19", 41)]),
        "figures.xlsx",
        stored=GOOD,
        control="",
    ),
    "pages": Story("", "good", workflow.good_way, "applied", control=""),
}
WARM = []
NUMBERS = {str(number) for number in range(1, 58)} | {"15a"}


@pytest.fixture
def stage(borough, analyst, administrator, settings):
    set_up(borough)
    page = Client()
    page.force_login(analyst)
    return Stage(page, borough, analyst, administrator, settings)


def check(stage, case):
    content = case.content()
    began = sum(os.times()[:4])  # processor time, with that of child processes
    batch = upload_figures(
        council=stage.borough,
        file_name=case.file_name,
        content=content,
        sheet=case.sheet,
        reason="Year end",
        by=stage.analyst,
        at=NOW,
    )
    assert sum(os.times()[:4]) - began < 10
    told = [(error["sheet"], error["row"], error["column"]) for error in batch.errors]
    assert told == [(error.sheet, error.row, error.column) for error in case.errors], batch.errors
    for error, expected in zip(batch.errors, case.errors, strict=True):
        assert expected.words in error["message"]
    for note in case.notes:
        assert any(note in each for each in batch.notes), batch.notes
    assert batch.state == ("previewed" if case.expected == TAKEN else case.expected)
    assert figures() == HELD  # so far nothing is stored, whatever the verdict
    if case.expected == TAKEN:
        confirm_batch(batch=batch, by=stage.analyst, at=NOW)
    else:
        with pytest.raises(NotWaiting):
            confirm_batch(batch=batch, by=stage.analyst, at=NOW)
    assert figures() == {**HELD, **case.stored}
    assert comments() == case.comments
    assert Outturn.history.filter(batch=batch.number).count() == len(case.stored)
    assert differences() == []
    page_lives(stage, batch, case)


def page_lives(stage, batch, case):
    """The next page comes at once and says what was wrong."""
    address = reverse("import_detail", args=[batch.number])
    if not WARM:  # the first page of a process compiles its templates
        WARM.append(stage.page.get(address))
    began = time.process_time()
    page = stage.page.get(address)
    assert (page.status_code, time.process_time() - began < 1) == (200, True)
    if case.expected == REFUSED:
        assert escape(batch.errors[0]["message"]) in page.content.decode()


@pytest.mark.parametrize("case", CASES, ids=[case.title for case in CASES])
def test_a_bad_file_gets_its_verdict_and_changes_nothing_else(stage, case):
    check(stage, case)


@pytest.mark.parametrize("story", STORIES, ids=[story.title for story in STORIES])
def test_a_bad_turn_on_the_way_gets_its_answer(stage, story):
    story.tell(stage)
    assert differences() == []


@pytest.mark.parametrize("name", CONTROLS)
def test_the_good_file_beside_them_is_taken(stage, name):
    control = CONTROLS[name]
    if isinstance(control, Story):
        control.tell(stage)
    else:
        check(stage, control)


def test_the_table_is_complete():
    assert {each.number for each in (*CASES, *STORIES, *values.VALUES)} == NUMBERS
    assert {each.control for each in (*CASES, *STORIES)} == set(CONTROLS)
    titles = [each.title for each in (*CASES, *STORIES)]
    assert len(titles) == len(set(titles))
    for case in CASES:
        assert bool(case.errors) == (case.expected == REFUSED), case.title
        assert bool(case.stored) == (case.expected == TAKEN), case.title
    for value in values.VALUES:
        assert bool(value.stored) != bool(value.refused), value
        assert value.in_book, value


BAD = Case("", "", lambda: lines(("LC06", "2019/20", "c. 40")), errors=(Error("is not a figure", 2, "C (Value)"),))


@pytest.mark.parametrize(
    ("case", "wrong"),
    [
        (CONTROLS["csv"], {"stored": {**GOOD, "assessments 2019/20": "0.475"}}),
        (CONTROLS["csv"], {"stored": {"assessments 2019/20": "47.5"}}),
        (CONTROLS["csv"], {"stored": {}, "errors": BAD.errors}),
        (CONTROLS["csv"], {"verdict": UNCHANGED}),
        (CONTROLS["csv"], {"notes": ("UTF-16",)}),
        (CONTROLS["csv"], {"comments": {"assessments 2019/20": "fine"}}),
        (BAD, {"errors": (Error("is not a figure", 3, "C (Value)"),)}),
        (BAD, {"errors": (Error("is not a figure", 2, "B (Period)"),)}),
        (BAD, {"errors": (Error("is not a period", 2, "C (Value)"),)}),
        (BAD, {"errors": (*BAD.errors, *BAD.errors)}),
        (BAD, {"errors": (), "stored": GOOD}),
    ],
)
def test_a_row_that_is_wrong_would_be_noticed(stage, case, wrong):
    with pytest.raises(AssertionError):
        check(stage, replace(case, **wrong))
