"""Councils, plans, objectives, goals, people and notes."""

from datetime import date

import pytest

from lambeth_plans.fields import PartialDate
from tests import factories

pytestmark = pytest.mark.django_db


def test_a_plan_says_its_words_and_its_document_control(program, borough):
    before = factories.PlanFactory(council=borough, slug="before", around=date(2019, 5, 5))
    factories.PlanFactory(
        council=borough,
        slug="roadmap",
        title="Roadmap",
        around=date(2024, 5, 5),
        follows=before,
        objective_word="priority",
        published_date=PartialDate("2023-06"),
        approved_by_as_stated="Cabinet",
    )
    item = program.items("plans")[0]
    assert (item["key"], item["plan"], item["url"]) == ("roadmap", "roadmap", "/plans/roadmap/")
    assert (item["council"], item["council_name"], item["status"]) == ("borough", "The Borough", "Current")
    assert (item["start_date"], item["end_date"], item["published_date"]) == ("2024-04-01", "2025-03-31", "2023-06")
    assert (item["follows"], item["objective_word"], item["vision"]) == ("before", "priority", None)
    assert item["approved_by_as_stated"] == "Cabinet"


def test_councils_are_those_one_belongs_to(program, elsewhere):
    assert [item["key"] for item in program.items("councils")] == ["borough"]


def test_an_objective_says_its_place_and_its_goals(program, plan, borough):
    goal = factories.BoroughGoalFactory(council=borough, number="2.4")
    outer = factories.ObjectiveFactory(plan=plan, ref="A", key="a")
    factories.ObjectiveFactory(plan=plan, ref="", key="a-1", parent=outer, goals=[goal], order=1)
    outer_item, inner_item = program.items("objectives")
    assert (outer_item["ref"], outer_item["parent"], outer_item["goals"]) == ("A", None, [])
    assert (inner_item["ref"], inner_item["parent"], inner_item["goals"]) == (None, "A", ["Goal 2.4"])


def test_what_belongs_to_a_council_is_listed_once_and_names_no_plan(program, plan, borough, division, post):
    factories.PlanFactory(council=borough, around=date(2015, 5, 5))
    factories.BoroughGoalFactory(council=borough)
    factories.BoardFactory(council=borough, name="Improvement board", chair=post, members=[post])
    for name in ("goals", "officers", "divisions", "boards"):
        item = program.only(name)
        assert (item["plan"], item["council"], item["ref"]) == (None, "borough", None)
    assert program.only("boards")["chair"] == "Director of Care"
    assert program.only("boards")["members"] == ["Director of Care"]
    officer = program.only("officers")
    assert (officer["key"], officer["division"]) == ("director-of-care", "Care")
    assert officer["url"] == "/councils/borough/officers/director-of-care/"


def test_a_note_says_what_is_printed_and_leads_to_its_record(program, activity):
    factories.DataQualityNoteFactory(plan=activity.plan, record_kind="activity", record_key="ka1", printed="Se")
    item = program.only("notes")
    assert (item["record_kind"], item["record_key"], item["printed"]) == ("activity", "ka1", "Se")
    assert item["url"] == "/plans/borough-plan/activities/ka1/"
