"""Files for Excel and Power BI."""

import csv
import io

import pytest
from django.contrib.auth.models import Group
from django.db import transaction
from django.test import Client

from lambeth_plans.accounts.guards import WriteRefused
from lambeth_plans.api import csv_files
from lambeth_plans.api.csv_files import columns, lines
from lambeth_plans.api.registers import REGISTERS
from tests import factories

pytestmark = pytest.mark.django_db

FORMULAS = ("=1+1", "+44 20 7946 0000", "-cmd", "@SUM(A1)", "\t=1", "\r=1")


def test_a_file_has_excels_mark_one_heading_and_a_line_for_each_item(program, activity, other_activity):
    response = program.get("activities.csv")
    content = response.getvalue()
    assert response.streaming
    assert content.startswith(b"\xef\xbb\xbfref,key,plan,url,title,objective,")
    assert content.count(b"\xef\xbb\xbf") == 1
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert [row["ref"] for row in program.rows("activities")] == ["KA1", "KA2"]


def test_a_file_is_named_after_its_list_its_plan_and_its_day(program, plan):
    assert program.get("risks.csv")["Content-Disposition"] == 'attachment; filename="risks.csv"'
    named = program.get("risks.csv", plan="borough-plan", at="2024-03-31")["Content-Disposition"]
    assert named == 'attachment; filename="risks-borough-plan-2024-03-31.csv"'


def test_a_file_has_everything_unless_it_is_limited(program, plan, monkeypatch):
    monkeypatch.setattr(csv_files, "LINES_AT_ONCE", 50)
    for number in range(120):
        factories.RiskFactory(plan=plan, key=f"r{number}")
    assert len(program.rows("risks")) == 120
    assert [row["key"] for row in program.rows("risks", limit=2, offset=5)] == ["r5", "r6"]
    assert program.rows("risks", offset=1_000) == []


@pytest.mark.parametrize("text", FORMULAS)
def test_a_text_that_would_be_a_formula_is_made_harmless(program, plan, text):
    factories.RiskFactory(plan=plan, title=text)
    assert program.only("risks")["title"] == text
    assert program.rows("risks")[0]["title"] == f"'{text}"


def test_a_number_stays_a_number(program, plan):
    place = factories.PlanIndicatorFactory(plan=plan, code="-6.6")
    factories.OutturnFactory(indicator=place.indicator, value="-6.6", note="-6.6 it is")
    (row,) = program.rows("outturns")
    assert (row["value"], row["indicator"], row["note"]) == ("-6.6", "-6.6", "'-6.6 it is")


def test_several_names_stand_in_one_cell(program, plan):
    goals = [factories.BoroughGoalFactory(council=plan.council, number=f"2.{number}") for number in (1, 2)]
    factories.ObjectiveFactory(plan=plan, goals=goals)
    assert program.rows("objectives")[0]["goals"] == "Goal 2.1; Goal 2.2"


def test_a_saving_has_a_line_for_each_year_and_one_without_any(program, plan):
    saving = factories.SavingFactory(plan=plan, key="a", ref="A", title="First")
    for year in ("2019/20", "2020/21"):
        factories.SavingYearFactory(saving=saving, period=year, planned=1000)
    factories.SavingFactory(plan=plan, key="b", ref="B")
    rows = program.rows("savings")
    assert [(row["ref"], row["years_year"], row["years_planned"]) for row in rows] == [
        ("A", "2019/20", "1000.00"),
        ("A", "2020/21", "1000.00"),
        ("B", "", ""),
    ]
    assert [row["title"] for row in rows[:2]] == ["First", "First"]


def test_a_judgement_is_two_columns(program, plan):
    place = factories.PlanIndicatorFactory(plan=plan)
    factories.OutturnFactory(indicator=place.indicator)
    row = program.rows("outturns")[0]
    assert (row["judgement_rag"], row["judgement_reason"]) == ("", "No target is stated, so no colour.")


def test_line_breaks_quotes_and_other_alphabets_come_back_as_they_were(program, plan):
    title = 'Zoë said: "one,\r\ntwo" – 木'
    factories.RiskFactory(plan=plan, title=title)
    assert program.rows("risks")[0]["title"] == title


def test_a_yes_or_no_is_written_as_excel_writes_it(program, activity):
    assert program.rows("activities")[0]["is_overdue"] == "FALSE"


@pytest.mark.parametrize("register", REGISTERS, ids=lambda register: register.name)
def test_an_empty_list_is_a_heading(program, plan, register):
    content = program.get(f"{register.name}.csv", plan="borough-plan").getvalue().decode("utf-8-sig")
    heading = next(csv.reader(io.StringIO(content)))
    assert heading == columns(register.item)
    assert len(heading) == len(set(heading))


def test_a_file_cannot_write_while_it_is_made(onlooker, activity, monkeypatch):
    def write(item):
        Group.objects.create(name="made while streaming")
        return lines(item)

    monkeypatch.setattr(csv_files, "lines", write)
    client = Client()
    client.force_login(onlooker)
    response = client.get("/api/v1/activities.csv")
    with pytest.raises(WriteRefused), transaction.atomic():
        response.getvalue()
    assert not Group.objects.filter(name="made while streaming").exists()
