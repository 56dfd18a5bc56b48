from decimal import Decimal

import pytest

from lambeth_plans.dashboards.lists import PAGE_SIZE
from lambeth_plans.rag import Rag
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def indicator(plan):
    place = factories.PlanIndicatorFactory(plan=plan, code="LC.06", group="Care")
    factories.OutturnFactory(indicator=place.indicator, period="Apr 2020", value=Decimal("92.5"))
    return place.indicator


def test_an_indicator_without_a_target_says_in_words_why_it_has_no_colour(read, indicator):
    response = read("indicator_list")
    assert response.context["coverage"].judged == 0
    html = response.content.decode()
    assert "No target is stated, so no colour." in html
    assert "92.5%" in html
    assert "Apr 2020" in html


def test_an_indicator_with_a_target_has_its_colour_and_its_word(read, indicator):
    factories.TargetFactory(indicator=indicator, period="Apr 2020")
    response = read("indicator_list")
    assert response.context["coverage"].judged == 1
    assert response.context["page"][0].indicator.rag is Rag.GREEN
    assert "90.0%" in response.content.decode()


def test_a_provisional_figure_says_so_and_has_no_colour(read, indicator):
    factories.TargetFactory(indicator=indicator, period="May 2020")
    factories.OutturnFactory(indicator=indicator, period="May 2020", status="provisional")
    html = read("indicator_list").content.decode()
    assert ", provisional" in html
    assert "The figure is provisional, so no colour yet." in html


def test_a_reason_stands_where_there_is_no_figure(read, plan):
    place = factories.PlanIndicatorFactory(plan=plan)
    factories.OutturnFactory(indicator=place.indicator, reason="new_indicator")
    factories.PlanIndicatorFactory(plan=plan)
    html = read("indicator_list").content.decode()
    assert "New indicator" in html
    assert "not reported" in html
    assert html.count("No figure to judge.") == 2


def test_the_course_joins_figures_of_one_kind_of_period_only(read, indicator):
    factories.OutturnFactory(indicator=indicator, period="2018/19")
    (line,) = read("indicator_list").context["groups"][0][1]
    assert line.course is None
    factories.OutturnFactory(indicator=indicator, period="Mar 2020")
    (line,) = read("indicator_list").context["groups"][0][1]
    assert line.course.description.startswith("From 92.5% in Mar 2020 to 92.5% in Apr 2020")


def test_indicators_of_one_group_stand_together(read, plan):
    for order, group in enumerate(["Care", "School", "Care"]):
        factories.PlanIndicatorFactory(plan=plan, group=group, order=order)
    groups = read("indicator_list", sort="plan").context["groups"]
    assert [(group, len(lines)) for group, lines in groups] == [("Care", 2), ("School", 1)]


def test_a_colour_stands_with_its_sentence_and_the_counts_with_their_coverage(read, plan, indicator):
    factories.TargetFactory(indicator=indicator, period="Apr 2020")
    factories.PlanIndicatorFactory(plan=plan)
    html = read("indicator_list").content.decode()
    assert "Green: 92.5% is 2.5 points above the 90% target" in html
    assert "1 of 2 indicators has a judgement." in " ".join(html.split())


def test_what_needs_attention_stands_first_unless_another_order_is_chosen(read, plan, indicator):
    factories.TargetFactory(indicator=indicator, period="Apr 2020")
    for code, value in (("K2", 70), ("K1", 87)):
        place = factories.PlanIndicatorFactory(plan=plan, code=code)
        factories.TargetFactory(indicator=place.indicator, period="Apr 2020")
        factories.OutturnFactory(indicator=place.indicator, period="Apr 2020", value=Decimal(value))

    def codes(**query):
        return [line.indicator.code for line in read("indicator_list", **query).context["page"]]

    assert codes() == codes(sort="nonsense") == ["K2", "K1", "LC.06"]
    assert codes(sort="name") == ["K1", "K2", "LC.06"]
    assert codes(sort="plan", rag="red") == ["K2"]


def test_all_stand_on_one_page_for_printing(read, plan):
    for number in range(PAGE_SIZE + 1):
        factories.PlanIndicatorFactory(plan=plan, code=f"K{number}")
    response = read("indicator_list", text="k")
    assert len(response.context["page"]) == PAGE_SIZE
    assert "?text=k&amp;show=all" in response.content.decode()
    response = read("indicator_list", text="k", show="all")
    assert len(response.context["page"]) == PAGE_SIZE + 1
    assert "Performance digest" in response.content.decode()


def test_a_late_figure_says_so_with_a_shape_and_a_word(read, plan):
    place = factories.PlanIndicatorFactory(
        plan=plan, indicator=factories.IndicatorFactory(council=plan.council, frequency="year", data_due_lag_days=1)
    )
    factories.OutturnFactory(indicator=place.indicator, period="2019/20")
    response = read("indicator_list")
    (line,) = response.context["page"]
    assert [each.state for each in line.due.late] == ["late"]
    assert "app-due--late" in response.content.decode()
