import pytest
from django.urls import reverse

from lambeth_plans import history
from lambeth_plans.dashboards.findings import Traceability
from lambeth_plans.dashboards.state import plan_state
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def source(plan):
    return factories.SourceFactory(plan=plan, key="ofsted", title="Ofsted inspection")


@pytest.fixture
def tree(plan, source):
    """AOI3 with AOI3.1 and AOI3.2, and AOI4 by itself."""
    whole = factories.FindingFactory(plan=plan, source=source, key="aoi3", ref="AOI3", title="Care planning")
    found = {"AOI3": whole}
    for ref in ("AOI3.1", "AOI3.2"):
        key = ref.lower().replace(".", "-")
        found[ref] = factories.FindingFactory(plan=plan, source=source, key=key, ref=ref, parent=whole)
    found["AOI4"] = factories.FindingFactory(plan=plan, source=source, key="aoi4", ref="AOI4", title="Case loads")
    return found


def answer(activity, *findings, **links):
    return history.save(
        activity, by=factories.UserFactory(), reason="Read again.", links={"findings": findings, **links}
    )


def lines(plan):
    return {line.finding.ref: line for line in Traceability(plan_state(plan)).lines}


def test_a_finding_is_answered_by_itself_through_its_parts_or_through_its_whole(plan, tree, activity, other_activity):
    answer(activity, tree["AOI3.1"])
    found = lines(plan)
    assert [activity.ref for activity in found["AOI3.1"].activities] == ["KA1"]
    assert (found["AOI3"].through, found["AOI3"].is_answered) == ("its parts", True)
    assert (found["AOI3.2"].through, found["AOI3.2"].is_answered) == ("", False)
    answer(other_activity, tree["AOI3"])
    assert lines(plan)["AOI3.2"].through == "AOI3"


def test_the_matrix_leads_from_a_finding_to_outputs_indicators_and_evidence(plan, tree, activity):
    answer(activity, tree["AOI4"])
    factories.OutputFactory(plan=plan, activity=activity, title="A new panel")
    factories.PlanIndicatorFactory(plan=plan, code="LC.06", activities=[activity])
    factories.EvidenceFactory(plan=plan, title="Audit of plans", findings=[tree["AOI4"]])
    line = lines(plan)["AOI4"]
    assert [output.title for output in line.outputs] == ["A new panel"]
    assert [str(name) for name in line.indicators] == ["LC.06"]
    assert [each.title for each in line.evidence] == ["Audit of plans"]


def test_parts_stand_under_their_whole(plan, tree):
    assert [(line.finding.ref, line.depth) for line in Traceability(plan_state(plan)).lines] == [
        ("AOI3", 0),
        ("AOI3.1", 1),
        ("AOI3.2", 1),
        ("AOI4", 0),
    ]


def test_what_nothing_answers_is_listed_first(read, plan, tree, activity):
    answer(activity, tree["AOI3"])
    html = read("finding_list").content.decode()
    assert "1 of 4 findings is answered by no activity." in html
    assert html.index("Nothing answers these yet") < html.index("Ofsted inspection</h2>")
    assert html.index("AOI4") < html.index("AOI3")


def test_a_source_named_as_a_whole_is_listed_with_what_it_led_to(read, plan, source, activity):
    factories.SourceFactory(plan=plan, key="sef", title="Self-evaluation", kind="self_evaluation")
    answer(activity, sources=[source])
    html = read("finding_list").content.decode()
    assert "Named as a whole" in html
    assert activity.title in html
    assert "No activity names it" in html


def test_findings_are_narrowed_by_source_words_and_whether_anything_answers_them(read, plan, tree, activity):
    answer(activity, tree["AOI3"])
    shown = {query: read("finding_list", **dict([query])).context["summary"] for query in QUERIES}
    assert shown == QUERIES


QUERIES = {
    ("answered", "no"): "1 of 4 findings",
    ("answered", "yes"): "3 of 4 findings",
    ("source", "ofsted"): "4 findings",
    ("text", "case loads"): "1 of 4 findings",
}


def test_a_finding_page_shows_what_was_done_about_it_and_its_parts(reader, plan, tree, activity, other_activity):
    answer(activity, tree["AOI3.1"])
    answer(other_activity, tree["AOI3"])
    factories.ProgressUpdateFactory(activity=activity, rag="amber", what_happened="Two plans were rewritten.")
    output = factories.OutputFactory(plan=plan, activity=activity, title="A new panel", done_date="May 2026")
    html = reader.get(reverse("finding_detail", args=[plan.slug, "aoi3"])).content.decode()
    for words in (activity.title, other_activity.title, "Two plans were rewritten.", "A new panel", "done May 2026"):
        assert words in html
    assert f"{reverse('activity_detail', args=[plan.slug, activity.key])}#output-{output.key}" in html
    assert "AOI3.2" in html


def test_a_finding_without_a_title_is_called_by_its_reference(reader, plan, source):
    factories.FindingFactory(plan=plan, source=source, key="aoi9", ref="AOI9", title="")
    html = reader.get(reverse("finding_detail", args=[plan.slug, "aoi9"])).content.decode()
    assert '<h1 class="govuk-heading-l">AOI9</h1>' in html
    assert "No: no activity names it" in html


def test_the_words_of_the_plan_stand_over_the_matrix(read, plan, tree, administrator):
    plan.activity_word, plan.activities_word = "action", "actions"
    history.save(plan, by=administrator, reason="As printed.")
    html = read("finding_list").content.decode()
    assert "answered by no action." in html
    assert "activit" not in html.partition("<main")[2].replace("/activities/", "")
