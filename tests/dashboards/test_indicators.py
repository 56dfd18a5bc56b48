"""The page of one indicator."""

from decimal import Decimal

import pytest
from django.urls import reverse

from lambeth_plans import periods
from tests import factories
from tests.dashboards.indicator_facts import CALM, month
from tests.html import Page

pytestmark = pytest.mark.django_db


@pytest.fixture
def place(plan):
    """Twelve calm months and an unusual one, with a target."""
    place = factories.PlanIndicatorFactory(
        plan=plan,
        key="visits",
        indicator__why_it_matters="A child who is seen is safer.",
        indicator__numerator_is="visits in time",
        indicator__denominator_is="visits due",
    )
    for number, value in enumerate([*CALM, 60]):
        counted = {"numerator": Decimal(19), "denominator": Decimal(40)}
        factories.OutturnFactory(indicator=place.indicator, period=month(number), value=Decimal(value), **counted)
    factories.TargetFactory(indicator=place.indicator, period=month(12), value=Decimal(95), amber=Decimal(5))
    return place


@pytest.fixture
def told(reader, place):
    """The response of the page: `told(frequency="year")`."""

    def read_page(**query):
        return reader.get(reverse("indicator_detail", args=[place.plan.slug, place.key]), query)

    return read_page


def words(response):
    return " ".join(" ".join(Page.of(response).text).split())


def test_the_page_leads_from_the_figure_to_its_reason_its_verdict_and_its_course(told):
    text = words(told())
    in_order = (
        "60.0% April 2025",
        "Red: 60% is 35 points below the 95% target",
        "A child who is seen is safer.",
        "19 of 40 Visits in time, out of visits due",
        "Concern April 2025 is below the lower limit.",
        "Consistently fails",
        "Down 22 points on March 2025: worse.",
        "Two figures alone say less",
        "by month",
        "Outlying moves are left out of the limits (screened)",
        "Figures, the latest first",
        "Definition and data quality",
        "What aims at it",
        "History",
    )
    places = [text.find(part) for part in in_order]
    assert -1 not in places, in_order[places.index(-1)]
    assert places == sorted(places)


def test_who_has_months_and_years_chooses_between_them(told, place):
    years = [periods.financial_year(year) for year in (2022, 2023)]
    for year, value in zip(years, (70, 75), strict=True):
        factories.OutturnFactory(indicator=place.indicator, period=year, value=Decimal(value))
    plain, yearly, wrong = told(), told(frequency="year"), told(frequency="fortnight")
    assert [link.label for link in plain.context["frequencies"]] == ["By month", "By year"]
    assert [response.context["latest"].value for response in (plain, yearly, wrong)] == [60, 75, 60]
    assert yearly.context["figures_chart"].title.endswith("by year")
    assert yearly.context["analysis"].no_chart == "2 figures: limits need at least 7."


def test_who_has_one_kind_of_period_is_offered_no_choice(told):
    assert told().context["frequencies"] == []


def test_older_figures_stand_behind_a_click_and_notes_by_their_period(told, place):
    for number in range(13, 28):
        note = {"note": "A team was short."} if number == 20 else {}
        factories.OutturnFactory(indicator=place.indicator, period=month(number), value=Decimal(82), **note)
    response = told()
    assert (len(response.context["figures"]), len(response.context["earlier_figures"])) == (24, 4)
    assert "Show the earlier 4" in words(response)
    assert f"{month(20).label} A team was short." in words(response)


def test_other_areas_stand_on_a_strip_with_their_table(told, place):
    group = factories.ComparatorGroupFactory(council=place.plan.council, name="Inner London", members=["A", "B", "C"])
    for area, value in (("A", 70), ("B", 90)):
        values = {"period": month(12), "value": Decimal(value)}
        factories.BenchmarkFactory(indicator=place.indicator, area=area, group=group, **values)
    text = words(told())
    assert "60.0% in April 2025 is 3rd of 3 (best first): the middle of Inner London is 80%." in text
    assert "No figure: C (no figure given)." in text
    assert "Lowest to highest, Inner London" in text


def test_the_figures_of_one_indicator_alone_are_a_file(reader, told, place):
    factories.OutturnFactory(indicator=factories.PlanIndicatorFactory(plan=place.plan).indicator)
    [link] = [link for link in Page.of(told()).links if "figures.csv" in link]
    lines = reader.get(link).content.decode().splitlines()
    assert len(lines) == 1 + len(CALM) + 1
    assert len(reader.get(link.replace("visits", "elsewhere")).content.decode().splitlines()) == 1


def test_an_easy_target_is_pointed_out(told, place):
    factories.OutturnFactory(indicator=place.indicator, period=month(13), value=Decimal(70))
    factories.TargetFactory(indicator=place.indicator, period=month(13), value=Decimal(55), amber=Decimal(5))
    assert "An easy target: the figure before it, 60%, had met 55% already." in words(told())
