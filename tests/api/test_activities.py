"""Activities, outputs, reports, findings, sources and evidence."""

import pytest

from lambeth_plans.fields import PartialDate
from lambeth_plans.rag import Rag
from tests import factories

pytestmark = pytest.mark.django_db


def test_an_activity_says_what_is_stated_of_it(program, plan, objective, post, borough):
    goal = factories.BoroughGoalFactory(council=borough, key="2-4", number="2.4")
    member = factories.OfficerFactory(council=borough, key="member", name="Cllr Example", kind="member")
    activity = factories.ActivityFactory(
        plan=plan,
        key="ka1",
        ref="KA1",
        title="Refresh the offer",
        objective=objective,
        owner=post,
        owner_as_stated="Director",
        lead_members=[member],
        goal=goal,
        original_due_date=PartialDate("2024-03"),
        due_date=PartialDate("2024-05-31"),
    )
    factories.ProgressUpdateFactory(activity=activity, period="Apr 2024", rag=Rag.RED, path_to_green="More staff.")
    item = program.only("activities")
    assert (item["ref"], item["key"], item["plan"]) == ("KA1", "ka1", "borough-plan")
    assert item["url"] == "/plans/borough-plan/activities/ka1/"
    assert (item["objective"], item["objective_key"]) == ("OB1", "ob1")
    assert (item["owner"], item["owner_key"]) == ("Director of Care", "director-of-care")
    assert item["owner_as_stated"] == "Director"
    assert item["lead_members"] == ["Cllr Example"]
    assert (item["goal"], item["goal_key"]) == ("Goal 2.4", "2-4")
    assert (item["original_due_date"], item["due_date"]) == ("2024-03", "2024-05-31")
    assert (item["rag"], item["reported_period"], item["path_to_green"]) == ("Red", "Apr 2024", "More staff.")


def test_an_activity_says_what_is_known_against_its_rating_and_why_it_stands(program, plan):
    factories.ProgressUpdateFactory(
        activity=factories.ActivityFactory(plan=plan, due_date="2020"),
        floor="amber",
        floor_because="It was late then.",
        rosier_reason="It opens on Monday.",
    )
    item, report = program.only("activities"), program.only("reports")
    assert (item["rag"], item["floor"], item["rosier_reason"]) == ("Green", "Amber", "It opens on Monday.")
    (reason,) = item["floor_reasons"]
    assert reason.endswith("past its due date, 2020.")
    assert (report["floor"], report["floor_because"]) == ("Amber", "It was late then.")


def test_an_activity_of_which_nothing_is_stated_says_so(program, plan):
    factories.ActivityFactory(
        plan=plan, key="bare", ref="", objective=None, objective_as_stated="Priority 9", owner_as_stated="TBC"
    )
    item = program.only("activities")
    names = ("ref", "objective", "objective_key", "owner", "owner_key", "goal", "due_date", "original_due_date")
    assert {item[name] for name in names} == {None}
    assert (item["objective_as_stated"], item["owner_as_stated"]) == ("Priority 9", "TBC")
    assert item["rag"] == "Not reported"
    assert (item["floor"], item["floor_reasons"], item["rosier_reason"]) == (None, [], None)


def test_an_objective_without_reference_is_pointed_at_by_its_key(program, plan):
    objective = factories.ObjectiveFactory(plan=plan, key="early-help", ref="")
    factories.ActivityFactory(plan=plan, objective=objective)
    assert program.only("activities")["objective"] == "early-help"


def test_an_output_names_its_activity_and_stands_on_its_page(program, activity, plan):
    factories.OutputFactory(
        plan=plan, activity=activity, key="offer", title="A new offer", due_date=PartialDate("2024")
    )
    item = program.only("outputs")
    assert (item["ref"], item["key"], item["activity"]) == (None, "offer", "KA1")
    assert item["url"] == "/plans/borough-plan/activities/ka1/#output-offer"
    assert (item["title"], item["due_date"], item["done_date"]) == ("A new offer", "2024", None)


def test_an_output_of_an_activity_without_reference_names_its_key(program, plan):
    activity = factories.ActivityFactory(plan=plan, key="bare", ref="")
    factories.OutputFactory(plan=plan, activity=activity)
    assert program.only("outputs")["activity"] == "bare"


def test_a_finding_names_its_source_and_what_answers_it(program, plan, activity):
    source = factories.SourceFactory(plan=plan, key="ofsted", title="Ofsted ILACS")
    whole = factories.FindingFactory(plan=plan, source=source, ref="AOI1", key="aoi1")
    part = factories.FindingFactory(plan=plan, source=source, ref="AOI1.5", key="aoi1-5", parent=whole, title="")
    factories.ActivityFactory(plan=plan, ref="KA9", findings=[part], sources=[source])
    findings = {item["ref"]: item for item in program.items("findings")}
    assert findings["AOI1.5"]["source"] == "Ofsted ILACS"
    assert findings["AOI1.5"]["source_key"] == "ofsted"
    assert findings["AOI1.5"]["parent"] == "AOI1"
    assert findings["AOI1.5"]["title"] is None
    assert findings["AOI1.5"]["activities"] == ["KA9"]
    assert findings["AOI1"]["activities"] == []
    answer = next(item for item in program.items("activities") if item["ref"] == "KA9")
    assert (answer["findings"], answer["sources"]) == (["AOI1.5"], ["Ofsted ILACS"])
    assert program.only("sources")["kind"] == "Inspection"


def test_evidence_names_what_it_stands_beside(program, plan, activity, objective):
    finding = factories.FindingFactory(plan=plan, ref="AOI2")
    factories.EvidenceFactory(
        plan=plan,
        title="Audit of plans",
        kind="audit",
        evidence_date=PartialDate("2024-06"),
        grade="Good",
        findings=[finding],
        objectives=[objective],
        activities=[activity],
    )
    item = program.only("evidence")
    assert (item["kind"], item["evidence_date"], item["grade"], item["sample"]) == ("Audit", "2024-06", "Good", None)
    assert (item["findings"], item["objectives"], item["activities"]) == (["AOI2"], ["OB1"], ["KA1"])


def test_every_report_is_listed_oldest_first(program, activity):
    factories.ProgressUpdateFactory(activity=activity, period="May 2024", rag=Rag.GREEN)
    factories.ProgressUpdateFactory(activity=activity, period="Apr 2024", rag=Rag.AMBER, path_to_green="Soon.")
    items = program.items("reports")
    assert [(item["period"], item["rag"]) for item in items] == [("Apr 2024", "Amber"), ("May 2024", "Green")]
    assert {item["activity"] for item in items} == {"KA1"}
    assert len({item["key"] for item in items}) == 2
