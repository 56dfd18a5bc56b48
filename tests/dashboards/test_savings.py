"""The savings tracker: what became of what is planned."""

from decimal import Decimal

import pytest

from finance.models import SavingYear
from lambeth_plans import history
from lambeth_plans.dashboards.savings import Tracker
from lambeth_plans.dashboards.state import plan_state
from tests import factories

pytestmark = pytest.mark.django_db


def thousands(**amounts):
    return {name: value if isinstance(value, str) else Decimal(value) * 1000 for name, value in amounts.items()}


@pytest.fixture
def tracked(plan, division, other_division):
    """Three savings of cash over three years, and one that only avoids costs."""
    first = factories.SavingFactory(plan=plan, key="s1", ref="S1", division=division)
    second = factories.SavingFactory(plan=plan, key="s2", ref="S2", division=other_division)
    third = factories.SavingFactory(plan=plan, key="s3", ref="S3", division=None)
    avoided = factories.SavingFactory(plan=plan, key="s4", ref="S4", kind="cost_avoidance")
    for saving, period, amounts in (
        (first, "2020/21", {"planned": 100, "delivered": 130, "over_delivered": 30, "status": "secured"}),
        (
            first,
            "2021/22",
            {"planned": 200, "forecast": 150, "slipped": 50, "slipped_to": "2022/23", "status": "at_risk"},
        ),
        (second, "2020/21", {"planned": 80, "delivered": 0, "undeliverable": 80, "status": "not_deliverable"}),
        (second, "2021/22", {"planned": 40, "forecast": 40, "status": "on_track"}),
        (third, "2022/23", {"planned": 60}),
        (avoided, "2020/21", {"planned": 500, "delivered": 100, "undeliverable": 400}),
    ):
        factories.SavingYearFactory(saving=saving, period=period, **thousands(**amounts))
    return Tracker(plan_state(plan))


def sums(groups, *names):
    return {group.label: tuple(group.sum_of(name) for name in names) for group in groups}


def test_years_divisions_and_states_are_added_up_without_cost_avoidance(tracked):
    assert sums(tracked.by_year, "planned", "delivered", "forecast", "slipped") == {
        "2020/21": (180_000, 130_000, None, None),
        "2021/22": (240_000, None, 190_000, 50_000),
        "2022/23": (60_000, None, None, None),
    }
    assert sums(tracked.by_division, "planned") == {
        "Care": (300_000,), "Learning": (120_000,), "Division not stated": (60_000,),
    }  # fmt: skip
    assert [group.label for group in tracked.by_status] == [
        "Secured", "On track", "At risk", "Not deliverable", "Status not stated",
    ]  # fmt: skip
    assert tracked.state.savings_planned == 480_000
    assert tracked.avoided_planned == 500_000


def test_the_bars_are_what_the_years_are_made_of(tracked):
    chart = tracked.years_chart
    assert chart.columns == (
        "Year", "Delivered", "Forecast", "Slipped", "Not deliverable", "Planned, not monitored", "Total",
    )  # fmt: skip
    assert chart.rows[0] == ("2020/21", "130", "not stated", "not stated", "80", "not stated", "210")
    assert chart.rows[2][5:] == ("60", "60")


def test_the_line_ends_where_nobody_monitored(tracked):
    chart = tracked.running_chart
    assert chart.columns == ("Period", "Delivered and forecast", "Plan")
    assert chart.rows == (
        ("2020/21", "130", "180"), ("2021/22", "320 (provisional)", "420"), ("2022/23", "not monitored", "480"),
    )  # fmt: skip


def test_the_biggest_gaps_stand_first(tracked):
    assert [(told.saving.ref, str(told.year.period), told.gap) for told in tracked.gaps] == [
        ("S2", "2020/21", 80_000),
        ("S1", "2021/22", 50_000),
    ]


def test_the_page_shows_it_all_and_leads_to_each(read, tracked):
    html = read("saving_list").content.decode()
    for told in (
        "The biggest gaps", "By division", "By status", "added up over the years", "Cost avoidance, not cash",
        "1 of 4 savings, £500,000 planned", "£50,000 slipped to 2022/23.", "Total, computed, without cost avoidance",
        "1 of 1 not monitored",
    ):  # fmt: skip
        assert told in html
    assert html.count('href="/plans/borough-plan/savings/s2/"') == 2


def test_savings_that_nobody_monitored_say_so_and_ask_for_nothing(read, plan):
    factories.SavingYearFactory(saving=factories.SavingFactory(plan=plan), period="2020/21")
    html = read("saving_list").content.decode()
    assert "What is planned has not been monitored" in html
    assert "The biggest gaps" not in html
    assert Tracker(plan_state(plan)).running_chart is None


def year_of(plan, period="2021/22", **amounts):
    of_saving = {name: amounts.pop(name) for name in ("kind", "base_budget", "ref") if name in amounts}
    saving = factories.SavingFactory(plan=plan, **of_saving)
    return factories.SavingYearFactory(saving=saving, period=period, **thousands(**amounts))


def test_a_surplus_hides_no_gap(plan):
    year_of(plan, planned=100, delivered=130, over_delivered=50, slipped=20)
    (told,) = Tracker(plan_state(plan)).gaps
    assert told.gap == 20_000


@pytest.fixture
def broken(plan, analyst):
    """A year from before the rule, and one that adds up."""
    year = year_of(plan, ref="S1", planned=100, status="at_risk")
    amounts = thousands(delivered=60, forecast=30, slipped=5, undeliverable=1, over_delivered=2)
    for name, amount in (amounts | {"is_from_before": True}).items():
        setattr(year, name, amount)
    history.save(year, by=analyst, reason="As it was.")
    year_of(plan, ref="S2", planned=10, delivered=10)
    return year.saving


def test_a_year_that_does_not_add_up_counts_as_planned_only(broken):
    tracker = Tracker(plan_state(broken.plan))
    (year,) = tracker.by_year
    assert dict(year.cells) == {
        "Planned": 110_000, "Delivered": 10_000, "Forecast": None, "Slipped": None, "Not deliverable": None,
        "Over-delivered": None,
    }  # fmt: skip
    assert year.not_monitored == 1
    assert [group.label for group in tracker.by_status] == ["At risk", "Status not stated"]
    assert [told.saving.ref for told in tracker.unreconciled] == ["S1"]
    assert tracker.gaps == []


def test_its_delivery_is_in_no_total_of_the_saving_and_stands_in_its_year(client, analyst, broken):
    (saving, _) = plan_state(broken.plan).savings
    assert (saving.planned_total, saving.delivered_total) == (100_000, None)
    assert saving.delivered_in(saving.years[0].period) is None
    client.force_login(analyst)
    html = client.get(f"/plans/borough-plan/savings/{broken.key}/").content.decode()
    assert "£60,000" in html
    assert "counts as planned only until it does" in html


def test_savings_of_which_no_year_adds_up_are_not_called_silent(read, broken, analyst):
    for year in SavingYear.objects.exclude(saving=broken):
        history.remove(year, by=analyst, reason="Nothing else.")
    html = read("saving_list").content.decode()
    assert "Until somebody mends them they count as planned only." in html
    assert "What is planned has not been monitored" not in html


def test_the_base_of_savings_is_without_cost_avoidance_as_their_total_is(read, plan):
    year_of(plan, base_budget=Decimal(7_000), planned=100)
    year_of(plan, base_budget=Decimal(500), planned=100, kind="cost_avoidance")
    state = plan_state(plan)
    assert (state.savings_base, Tracker(state).avoided_base) == (7_000, 500)
    last = read("saving_list").content.decode().partition("<tfoot>")[2]
    total, avoided = last.split("</tr>")[:2]
    assert "£7,000" in total
    assert "£500" in avoided


def test_a_year_of_which_nothing_is_stated_is_not_nothing(read, plan):
    year_of(plan, "2020/21", planned=100)
    factories.SavingYearFactory(saving=factories.SavingFactory(plan=plan), period="2021/22", planned=None)
    response = read("saving_list")
    assert response.context["totals"] == [100_000, None]
    assert response.context["figure"].rows == (("2020/21", "100"), ("2021/22", "not stated"))
