"""What a plan tells beside its tables."""

import pytest

from lambeth_plans.fields import PartialDate
from tests import factories

pytestmark = pytest.mark.django_db


def test_a_milestone_names_the_event_and_the_objective_it_belongs_to(program, plan, objective):
    event = factories.EventFactory(plan=plan, key="visit", title="Monitoring visit", event_date=PartialDate("2016-06"))
    factories.MilestoneFactory(
        plan=plan,
        ref="2.30",
        title="All plans checked",
        due_date=PartialDate("2016-06"),
        event=event,
        objective=objective,
    )
    item = program.only("milestones")
    assert (item["ref"], item["due_date"], item["is_past"]) == ("2.30", "2016-06", True)
    assert (item["event"], item["event_key"], item["objective"]) == ("Monitoring visit", "visit", "OB1")
    assert program.only("events")["event_date"] == "2016-06"


def test_sections_achievements_and_consultations_are_listed(program, plan, post):
    factories.SectionFactory(plan=plan, ref="2.1", title="Why", author=post)
    factories.AchievementFactory(plan=plan, claim="More places", figure="12%")
    factories.ConsultationFactory(plan=plan, name="A. Person", sent_date=PartialDate("2016-02-01"))
    section = program.only("sections")
    assert (section["ref"], section["author"]) == ("2.1", "Director of Care")
    assert program.only("achievements")["figure"] == "12%"
    assert program.only("consultations")["sent_date"] == "2016-02-01"
