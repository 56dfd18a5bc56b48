import pytest

from lambeth_plans.dashboards import finder
from lambeth_plans.dashboards.finder import KINDS, Question
from tests import factories

pytestmark = pytest.mark.django_db


def found(user, text, **where):
    return [(row.kind, row.key) for row in finder.find(user, Question(text, **where), limit=50)]


@pytest.fixture
def everything(plan, objective, activity, post, borough):
    """One record of every kind with “quokka” in it."""
    quokka = {"title": "About the quokka"}
    plan_indicator = factories.PlanIndicatorFactory(plan=plan, code="LC.06", key="lc06", **quokka)
    risk = factories.RiskFactory(plan=plan, key="r1", **quokka)
    supplier = factories.SupplierFactory(council=borough, key="s1", name="Quokka Ltd")
    source = factories.SourceFactory(plan=plan, key="so1", **quokka)
    event = factories.EventFactory(plan=plan, key="e1", **quokka)
    factories.PlanFactory(council=borough, slug="quokka-plan", title="The quokka plan")
    factories.BoroughGoalFactory(council=borough, key="g1", **quokka)
    factories.ObjectiveFactory(plan=plan, key="o1", **quokka)
    factories.ActivityFactory(plan=plan, key="a1", objective=objective, **quokka)
    factories.OutputFactory(plan=plan, activity=activity, **quokka)
    factories.ProgressUpdateFactory(activity=activity, what_happened="The quokka came.")
    factories.MitigationFactory(risk=risk, text="Feed the quokka")
    factories.SavingFactory(plan=plan, key="sa1", **quokka)
    factories.ContractFactory(plan=plan, key="c1", supplier=supplier, title="Care")
    factories.BudgetFigureFactory(plan=plan, key="b1", **quokka)
    factories.FindingFactory(plan=plan, key="f1", source=source, **quokka)
    factories.EvidenceFactory(plan=plan, key="ev1", **quokka)
    factories.MilestoneFactory(plan=plan, key="m1", event=event, **quokka)
    factories.AchievementFactory(plan=plan, key="ac1", claim="A quokka")
    factories.SectionFactory(plan=plan, key="sec1", title="Words", body="Of the quokka")
    factories.ConsultationFactory(plan=plan, key="con1", name="Head of quokkas")
    factories.DataQualityNoteFactory(plan=plan, why="A quokka")
    factories.OfficerFactory(council=borough, key="off1", name="Ann Quokka")
    factories.BoardFactory(council=borough, key="bo1", name="Quokka Board")
    return plan_indicator


def test_every_kind_of_record_is_found(scrutiny_member, everything):
    assert {kind for kind, _ in found(scrutiny_member, "QUOKKA")} == {kind.name for kind in KINDS}
    assert set(finder.count(scrutiny_member, Question("quokka"))) == {kind.name for kind in KINDS}


def test_nothing_of_another_council_is_found(stranger, nobody, everything):
    assert found(stranger, "quokka") == found(nobody, "quokka") == []
    assert finder.count(stranger, Question("quokka")) == {}


@pytest.mark.parametrize("text", ["LC.06", "LC06", "lc 06", "lc.06"])
def test_an_indicator_is_found_by_its_code_however_it_is_written(scrutiny_member, everything, text):
    factories.IndicatorCodeFactory(indicator=everything.indicator, code="LC.06")
    (row,) = finder.find(scrutiny_member, Question(text), limit=5)
    assert (row.kind, row.key, row.is_exact) == ("indicator", "lc06", True)


def test_an_indicator_is_found_by_another_of_its_codes(scrutiny_member, everything):
    factories.IndicatorCodeFactory(indicator=everything.indicator, code="RI.57")
    assert found(scrutiny_member, "ri57") == [("indicator", "lc06")]


def test_the_very_reference_comes_first(scrutiny_member, plan, objective):
    factories.ActivityFactory(plan=plan, key="a10", ref="1.10", title="Ten", order=1, objective=objective)
    factories.ActivityFactory(plan=plan, key="a1", ref="1.1", title="One", order=2, objective=objective)
    factories.ActivityFactory(plan=plan, key="a2", ref="1.2", title="After 1.1", order=0, objective=objective)
    rows = finder.find(scrutiny_member, Question("1.1"), limit=5)
    assert [(row.key, row.is_exact) for row in rows] == [("a1", True), ("a2", False), ("a10", False)]


def test_a_reference_is_found_with_a_blank_in_it(scrutiny_member, plan):
    factories.FindingFactory(plan=plan, key="f1", ref="AOI1.5")
    assert found(scrutiny_member, "aoi 1.5") == [("finding", "f1")]


def test_all_words_must_be_found_wherever_they_stand(scrutiny_member, plan, activity, post):
    assert found(scrutiny_member, "refresh Director") == [("activity", "ka1")]
    assert found(scrutiny_member, "refresh nonsense") == []


@pytest.mark.parametrize(
    "text",
    ["%", "_", "'", '"', "\\", "(", "[", "*", "' OR 1=1 --", "***", "(?i)x", "{{7*7}}", "<script>", "\U0001f9ff"],
)
def test_signs_are_looked_for_as_they_stand(scrutiny_member, activity, text):
    factories.SectionFactory(plan=activity.plan, key="even", title="Even", body="Nothing odd")
    assert found(scrutiny_member, text, kind="section") == []
    factories.SectionFactory(plan=activity.plan, key="odd", title="Odd", body=f"An odd {text} sign")
    assert found(scrutiny_member, text, kind="section") == [("section", "odd")]


def test_capitals_and_accents_make_no_difference(scrutiny_member, plan):
    factories.SectionFactory(plan=plan, key="cafe", title="ÉTÉ au Café", body="children’s")
    for text in ("cafe", "CAFÉ", "été", "ete", "children's"):
        assert found(scrutiny_member, text) == [("section", "cafe")]


def test_a_question_may_be_of_one_kind_one_plan_or_one_council(scrutiny_member, everything, plan, borough):
    assert {kind for kind, _ in found(scrutiny_member, "quokka", kind="risk")} == {"risk"}
    assert ("plan", "quokka-plan") not in found(scrutiny_member, "quokka", plan=plan.slug)
    assert found(scrutiny_member, "quokka", plan="quokka-plan") == [("plan", "quokka-plan")]
    assert found(scrutiny_member, "quokka", council="elsewhere") == []
    assert found(scrutiny_member, "quokka", council="borough") == found(scrutiny_member, "quokka")
    assert found(scrutiny_member, "quokka", kind="officer", plan=plan.slug) == []


def test_no_words_find_nothing(scrutiny_member, activity):
    assert found(scrutiny_member, "  ") == []
    assert finder.count(scrutiny_member, Question("")) == {}


def test_only_so_many_of_each_kind_are_read_and_the_next_ones_after_them(scrutiny_member, plan, objective):
    for number in range(7):
        factories.ActivityFactory(plan=plan, key=f"a{number}", title="Quokka", order=number, objective=objective)
    assert finder.count(scrutiny_member, Question("quokka")) == {"activity": 7}
    rows = finder.find(scrutiny_member, Question("quokka"), limit=3, offset=3)
    assert [row.key for row in rows] == ["a3", "a4", "a5"]


def test_two_queries_whatever_is_found(scrutiny_member, everything, django_assert_num_queries):
    with django_assert_num_queries(2):
        finder.count(scrutiny_member, Question("quokka"))
        finder.find(scrutiny_member, Question("quokka"), limit=5)
